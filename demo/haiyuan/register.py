"""The office as it was when 2009 began: year, plan, limit, providers, the roster of all who should enroll, receipts.

The people are those of the made-up roster (demo/roster) without faults: 386,772 should enroll at full scale, 370,296
are paid for, 41,296 of them by medical assistance.
"""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from claims.models import Provider, ProviderAccount
from claims.services import adoption, agreements, diseases, limits, provider_accounts
from claims.services import providers as known
from claims.services.limits import LimitOf
from demo import basics, benefits, example, register
from demo.basics import Hospital
from demo.county import REGISTRAR
from demo.haiyuan import desk
from demo.haiyuan.desk import Day
from demo.haiyuan.year import MOST, Patient, providers
from demo.roster.made import Roster
from enrollment.models import CollectionSheet, Coverage, Division, FundYear, RosterImport, Scheme
from enrollment.selectors import sheets as sheet_selectors
from enrollment.services import fund_years, receipts, rosters, sheets
from office import deciding, history
from office.models import Person
from office.services import calendar, rounds

FOUNDED: Final = date(2008, 8, 21)
SINCE: Final = date(2008, 1, 1)
PREPARED: Final = date(2008, 12, 20)
ROSTERED: Final = date(2008, 12, 31)
CALENDAR_YEARS: Final = range(2008, 2011)
PLAN: Final = "haiyuan-ncms-2009"
PAPER: Final = "海合管函〔2008〕5号（演示）"
#: Above this a claim is the committee's; no claim of the rural scheme reaches it under its ceiling.
COMMITTEE: Final = Decimal(30_000)


class AnotherCounty(Exception):
    """The database holds something else; the message says what."""


def name_of(scale: float, seed: int) -> str:
    """The name of the roster, by which the county is known again."""
    return f"海原县2009年度参合名册（演示，种子{seed}，比例{scale:g}）.csv"


def begin(scale: float, seed: int) -> bool:
    """The office before its year; False where it is there already. Raises AnotherCounty."""
    if RosterImport.objects.filter(name=name_of(scale, seed)).exists():
        return False
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "roster.csv"
        roster = _founded(scale, seed, path)
        _enroll(roster, path, name_of(scale, seed))
    return True


def found(scale: float, seed: int) -> Person:
    """The office alone, without its people's roster; its administrator. Raises AnotherCounty."""
    with tempfile.TemporaryDirectory() as place:
        _founded(scale, seed, Path(place) / "roster.csv")
    return Person.objects.get(username="system")


def _founded(scale: float, seed: int, path: Path) -> Roster:
    if Person.objects.exists() and not _is_founded_only():
        raise AnotherCounty("Somebody works in this database, and not with this county, scale and seed.")
    roster = Roster(seed, scale=scale, faulty=0)
    heads = _written(roster, path)
    if not Person.objects.exists():
        _office(heads, scale)
    return roster


def patients() -> list[Patient]:
    """Everybody who is insured in 2009, village by village in the order of the roster."""
    insured = Coverage.objects.standing().filter(fund_year=fund_year()).order_by("member__household__number", "member")
    told = insured.values_list("member__id_number", "member__name", "member__birth_date")
    return [Patient(number or "", name, born) for number, name, born in told.iterator(chunk_size=20_000)]


def fund_year() -> FundYear:
    return FundYear.objects.confirmed().get(scheme__code="ncms", year=2009)


def provider_of(level: str, place: int) -> Provider:
    """One of the providers that hand something in, by its place."""
    return Provider.objects.filter(level__in=LEVELS[level], agreements__is_instant=True).order_by("code")[place]


LEVELS: Final = {
    "village": ("village",),
    "township": ("township",),
    "county": ("county",),
    "outside": ("city", "province"),
}


def _is_founded_only() -> bool:
    """Whether the office was founded for this county and stopped before its roster."""
    return example.is_there() and not RosterImport.objects.exists() and Provider.objects.exists()


def _written(roster: Roster, path: Path) -> dict[str, int]:
    """The roster as a file; how many people each village has."""
    heads: Counter[str] = Counter()
    at = None
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for line in roster.rows():
            writer.writerow(line)
            if at is None:
                at = line.index("村代码")
            else:
                heads[line[at]] += 1
    return dict(heads)


@transaction.atomic
def _office(heads: dict[str, int], scale: float) -> None:
    """Founded, with the rural scheme's year, plan, limit and providers."""
    founded = Day({}, FOUNDED)
    people = example.found(founded.at, since=SINCE, years=())
    people["registrar"] = example.bring_in(REGISTRAR, founded.at, SINCE)
    day = Day(people, PREPARED)
    with history.acting(by=people["system"]):
        for year in CALENDAR_YEARS:
            calendar.fill_year(year=year, by=people["system"], at=day.at)
    with history.acting(by=people["accountant"]):
        _year(heads, day)
        _plan(day)
        _limit(day)
    with history.acting(by=people["accounting"]):
        by = people["accounting"]
        diseases.import_diseases(file=basics.kept("diseases.csv", by, day.at), by=by, at=day.at)
        for one in _hospitals(heads, scale):
            _provider(one, day)


def _year(heads: dict[str, int], day: Day) -> None:
    """The county's paper of the year, with the people of the roster as those who should enroll."""
    villages = {
        one: heads[one.code]
        for one in Division.objects.select_related("parent").filter(code__in=heads).order_by("code")
    }
    by = day.people["accountant"]
    drafted = register.draft(register.OPEN_YEARS[0], by=by, at=day.at, heads=villages)
    _agree(fund_years.propose(fund_year=drafted, by=by, at=day.at), day, "head")


def _plan(day: Day) -> None:
    by = day.people["accountant"]
    drafted = benefits.complete(PLAN, "ncms", 1, by, day.at)
    _agree(adoption.propose(plan=drafted, by=by, at=day.at), day, "head")


def _limit(day: Day) -> None:
    scheme = Scheme.objects.get(code="ncms")
    stated = LimitOf(scheme, "committee", "proposed_payment", COMMITTEE, SINCE, None, PAPER)
    limit = limits.propose(stated=stated, by=day.people["accountant"], at=day.at)
    _agree(deciding.rounds_of(limit).get(), day, "head")


def _agree(opened: Any, day: Day, name: str) -> None:
    proof = day.proof_of(name)
    rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, by=proof.person, at=day.at, proof=proof)


def _hospitals(heads: dict[str, int], scale: float) -> list[tuple[Hospital, Division | None]]:
    """Those that hand in registers and lists, the villages and townships with most people first."""
    villages = Division.objects.select_related("parent").in_bulk(list(heads), field_name="code")
    largest = sorted(heads, key=lambda code: (-heads[code], code))[: providers("village", scale)]
    clinics = [
        (Hospital(code, f"{villages[code]}卫生室（演示）", "village", 1, ""), villages[code])
        for code in sorted(largest)
    ]
    townships = {one.parent.code: one.parent for one in villages.values() if one.parent}
    of = Counter({code: sum(heads[one] for one in heads if one[:9] == code[:9]) for code in townships})
    chosen = sorted(code for code, _heads in of.most_common(providers("township", scale)))
    centres = [
        (Hospital(code[:9], f"{townships[code]}卫生院（演示）", "township", 1, ""), townships[code]) for code in chosen
    ]
    county = [(Hospital(one.code, one.name, "county", 2, ""), None) for one in basics.INSIDE[: MOST["county"]]]
    tertiary = [one for one in basics.OUTSIDE if one.tier == 3][: MOST["outside"]]  # noqa: PLR2004
    return [*clinics, *centres, *county, *((one, None) for one in tertiary)]


def _provider(given: tuple[Hospital, Division | None], day: Day) -> None:
    """A provider that pays in advance and is paid to an account that two people know."""
    one, division = given
    by, at = day.people["accounting"], day.at
    region = "outside" if one.tier == 3 else "county"  # noqa: PLR2004
    said = one._asdict() | {"region": region, "body": None, "division": division}
    made = known.add_provider(said=said, by=by, at=at)
    scheme = Scheme.objects.get(code="ncms")
    number = f"海合管协〔2008〕{made.pk}号（演示）"
    agreements.sign_agreement(provider=made, scheme=scheme, number=number, first=SINCE, is_instant=True, by=by, at=at)
    provider_accounts.propose(
        provider=made,
        holder=made.name,
        bank="海原县农村信用社（演示）",
        number=f"62294700{made.pk:011d}",
        document=PAPER,
        by=by,
        at=at,
    )
    _agree(deciding.rounds_of(ProviderAccount.objects.get(provider=made)).get(), day, "head")


def _enroll(roster: Roster, path: Path, name: str) -> None:
    """Receipts in every township, the roster with what was paid, the villages' sheets counted."""
    day = Day(desk.people(), ROSTERED)
    clerk, cashier = day.people["registrar"], day.people["cashier"]
    with history.acting(by=clerk):
        for code, block in sorted(roster.stock.items()):
            township = Division.objects.get(code=f"{code}000")
            first, last = block.numbers.start, block.numbers.stop - 1
            book = receipts.issue(
                township=township, first=f"{first:08d}", last=f"{last:08d}", on=day.on, by=cashier, at=day.at
            )
            receipts.receive(book=book, by=clerk, at=day.at)
        report = rosters.import_roster(fund_year=fund_year(), path=path, name=name, by=clerk, at=day.at)
        if len(report.faults):
            raise AssertionError(f"the roster has faults: {list(report.faults)[:3]}")
        for sheet in CollectionSheet.objects.filter(roster__name=name).order_by("pk"):
            cash = sheet_selectors.sums_of(sheet).cash
            sheets.hand_in(sheet=sheet, cash=cash, on=day.on, by=clerk, at=day.at)
