"""The people of the demo county in this year, a hundredth of the real county's, and what waits in the register.

They come in as an office's people do: by the roster of the year, written through the office's own service. Nobody of
them exists (demo/roster).
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count

from demo import register
from demo.factors import show_factor
from demo.roster.files import write_csv
from demo.roster.made import Roster
from enrollment.models import Division, FundYear, Household, Member
from enrollment.rules.faults import Level
from enrollment.services import coverage, fund_years, members, merges, payee_accounts, roster_jobs, rosters
from enrollment.services.identity import Entry
from enrollment.services.members import Joined
from office.models import Person
from office.rules import days
from office.services import rounds

SCALE: Final = 0.01
SEED: Final = 640522
ROSTER: Final = "海原县{year}年度参合名册（演示）.csv"
CHILDHOOD: Final = timedelta(days=10 * 365)
FAULTY: Final = "海原县{year}年度参合名册-待更正（演示）.csv"


def enroll(people: dict[str, Person], at: datetime) -> FundYear:
    """This year is opened, its roster written; its faulty rows come back, and a clerk's ordinary work waits."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.csv"
        write_csv(Roster(SEED, scale=SCALE, year=days.business_day(at).year), path)
        year = _this_year(_heads_of(path), people, at)
        name = ROSTER.format(year=year.year)
        report = rosters.import_roster(fund_year=year, path=path, name=name, by=people["registrar"], at=at)
        faulty = {fault.row for fault in report.faults if fault.level is Level.ERROR}
        upload = SimpleUploadedFile(FAULTY.format(year=year.year), _households_of(path, faulty))
    roster_jobs.ask_for_check(fund_year=year, upload=upload, by=people["registrar"], at=at)
    _ordinary_work(year, people, at)
    return year


def _heads_of(path: Path) -> dict[Division, int]:
    """How many people of each village stand on the roster: they should enroll."""
    with path.open(encoding="utf-8", newline="") as file:
        found = Counter(line["村代码"] for line in csv.DictReader(file))
    return {one: found[one.code] for one in Division.objects.select_related("parent").filter(code__in=found)}


def _this_year(heads: dict[Division, int], people: dict[str, Person], at: datetime) -> FundYear:
    """A year like those of the county's report, for today; its figures are assumed."""
    today = days.business_day(at)
    known = FundYear.objects.confirmed().filter(scheme__code="ncms", year=today.year).first()
    if known is not None:
        return known
    paper = replace(
        register.OPEN_YEARS[-1],
        year=today.year,
        paper_number=f"海政发〔{today.year - 1}〕1号（演示，全部为假设）",
        paper_date=date(today.year - 1, 8, 20),
    )
    drafted = register.draft(paper, by=people["accountant"], at=at, heads=heads)
    opened = fund_years.propose(fund_year=drafted, by=people["accountant"], at=at)
    proof = show_factor(people["accounting"], at)
    rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, by=proof.person, at=at, proof=proof)
    drafted.refresh_from_db()
    return drafted


def _households_of(path: Path, faulty: set[int]) -> bytes:
    """The rows of all households in which a row is faulty, as the village would send them once more."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = list(csv.reader(file))
    at = header.index("户编号")
    wanted = {line[at] for number, line in enumerate(lines, start=2) if number in faulty and line[at]}
    out = io.StringIO()
    csv.writer(out).writerows([header, *(line for line in lines if line[at] in wanted)])
    return out.getvalue().encode()


def _ordinary_work(year: FundYear, people: dict[str, Person], at: datetime) -> None:
    """A birth, a death, a child on two records, an account to be confirmed, somebody left out with his reason."""
    clerk, today = people["registrar"], days.business_day(at)
    enrolled = Household.objects.filter(members__coverages__fund_year=year).annotate(people=Count("members"))
    homes = list(enrolled.filter(people__gt=1).order_by("pk"))
    born, mourning, paid, visited = (homes[len(homes) * part // 5] for part in range(4))
    baby = Entry(name=f"{_head(born).name[0]}宝宝", sex="F", birth_date=today, relation="daughter", category="newborn")
    members.add_member(household=born, entry=baby, joined=Joined.BORN, on=today, by=clerk, at=at)
    members.note_death(member=_last(mourning), on=today, reason="村委会证明（演示）", by=clerk, at=at)
    payee_accounts.propose(
        household=paid,
        holder=_head(paid).name,
        bank="海原县农村信用社（演示）",
        number="6229470000000000018",
        reason="存折遗失，换新账户（演示）",
        by=clerk,
        at=at,
    )
    young = Member.objects.living().filter(birth_date__gt=today - CHILDHOOD).exclude(household=visited)
    kept = young.order_by("pk")[0]
    twice = Entry(name=kept.name, sex=kept.sex, birth_date=kept.birth_date, relation="grandchild")
    double = members.add_member(household=visited, entry=twice, joined=Joined.FORGOTTEN, on=today, by=clerk, at=at)
    merges.propose_merge(double=double, kept=kept, reason="随祖父母居住，重复登记（演示）", by=clerk, at=at)
    unpaid = Member.objects.living().filter(coverages__isnull=True).exclude(pk=double.pk).order_by("pk")[0]
    coverage.note_exception(member=unpaid, fund_year=year, reason="在外省参加职工医保（演示）", by=clerk, at=at)


def _head(home: Household) -> Member:
    return home.members.living().get(is_head=True)


def _last(home: Household) -> Member:
    return home.members.living().filter(is_head=False).order_by("-pk")[0]
