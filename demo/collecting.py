"""Next year's collection in the demo county, in the middle of it: what is handed in, what is open, what waits.

The people are those of this year (demo/enrolled.py); the figures are made up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count

from demo import register
from demo.factors import show_factor
from enrollment.models import (
    CollectionSheet,
    Contribution,
    Division,
    FundYear,
    Household,
    Population,
    ReceiptBook,
    Refund,
)
from enrollment.rules.collection import Payer
from enrollment.selectors import sheets as selectors
from enrollment.services import campaign, collection_costs, deposits, fund_years, receipts, refunds, reminders, sheets
from enrollment.services.sheets import Paid
from office import trail
from office.models import Person
from office.rules import days
from office.services import rounds

STATIONED: Final = "海城镇"  # the township whose clerk signs in to the demo
BEGUN: Final = timedelta(days=40)
MOST: Final = 12  # households on a sheet
ENOUGH: Final = 3  # households
ONE_DAY: Final = timedelta(days=1)


def settle(this_year: FundYear, people: dict[str, Person], at: datetime) -> None:
    """What this year's roster says was paid lies at the bank: its sheets are handed in, deposited and confirmed."""
    today = days.business_day(at)
    of_roster = CollectionSheet.objects.filter(fund_year=this_year, roster__isnull=False).order_by("pk")
    with trail.together():
        for sheet in of_roster:
            cash = selectors.sums_of(sheet).cash
            sheets.hand_in(sheet=sheet, cash=cash, on=today, by=people["registrar"], at=at)
    slip = f"{today:%Y%m%d}-名册（演示）"
    deposits.mark_deposited(sheets=of_roster, on=today, slip=slip, by=people["accountant"], at=at)
    deposits.mark_confirmed(sheets=of_roster, on=today, by=people["accountant"], at=at)


def collect(this_year: FundYear, people: dict[str, Person], at: datetime) -> FundYear:
    """Open next year's collection and go some way with it."""
    today = days.business_day(at)
    year = _next_year(this_year, people, at)
    book = _receipts(people, at)
    villages = _villages()
    done, half, blank = villages[0], villages[1], villages[2]
    handed_in = _fill(year, done, book, people, at, on=today - 3 * ONE_DAY)
    sums = selectors.sums_of(handed_in)
    sheets.hand_in(sheet=handed_in, cash=sums.cash, on=today - 2 * ONE_DAY, by=people["township"], at=at)
    for village in villages[3:]:
        _whole_way(_fill(year, village, book, people, at, on=today - 9 * ONE_DAY), people, at)
    _fill(year, half, book, people, at, on=today, most=ENOUGH)
    _open(year, blank, people, at, origin=CollectionSheet.Origin.BLANK)
    receipts.spoil(book=book, reason="打印走纸，作废（演示）", by=people["township"], at=at)
    _refunds(year, people, at)
    _lead(year, people, at)
    return year


def _lead(year: FundYear, people: dict[str, Person], at: datetime) -> None:
    """The county leads: days by which so much has enrolled, a bulletin, a reminder to who is behind, what it cost."""
    head, today = people["head"], days.business_day(at)
    township = Division.objects.get(level=Division.Level.TOWNSHIP, name=STATIONED)
    passed = campaign.set_deadline(fund_year=year, on=today - 5 * ONE_DAY, rate=Decimal(90), by=head, at=at)
    campaign.set_deadline(fund_year=year, on=today + 20 * ONE_DAY, rate=Decimal(95), by=head, at=at)
    remark = "各乡镇按通报进度倒排工期（演示）。"
    campaign.make_bulletin(fund_year=year, as_of=today - ONE_DAY, remark=remark, by=head, at=at)
    reminders.send(
        deadline=passed,
        townships=[township],
        text="进度落后，请三日内逐村核实未缴户并书面报告原因（演示）。",
        answer_by=today + 3 * ONE_DAY,
        by=head,
        at=at,
    )
    spent: dict[str, Any] = {"fund_year": year, "on": today - 4 * ONE_DAY, "at": at}
    by_township: dict[str, Any] = {"township": township, "by": people["township"], **spent}
    collection_costs.note(
        kind="labour", amount=Decimal(960), person_days=Decimal(12), note="村组收缴误工补助（演示）", **by_township
    )
    collection_costs.note(kind="transport", amount=Decimal("183.50"), note="下乡车费（演示）", **by_township)
    collection_costs.note(
        township=None,
        kind="printing",
        amount=Decimal(2_400),
        note="宣传单、登记表印制（演示）",
        by=people["accountant"],
        **spent,
    )


def _next_year(this_year: FundYear, people: dict[str, Person], at: datetime) -> FundYear:
    """The year that is collected now: confirmed, with this year's people."""
    today = days.business_day(at)
    paper = replace(
        register.NEXT_YEAR,
        year=this_year.year + 1,
        paper_number=f"海政发〔{this_year.year}〕9号（演示，全部为假设）",
        paper_date=today - BEGUN - 10 * ONE_DAY,
        collect_from=today - BEGUN,
    )
    heads = {
        one.division: one.heads
        for one in Population.objects.filter(fund_year=this_year).select_related("division__parent")
    }
    drafted = register.draft(paper, by=people["accountant"], at=at, heads=heads)
    opened = fund_years.propose(fund_year=drafted, by=people["accountant"], at=at)
    proof = show_factor(people["accounting"], at)
    rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, by=proof.person, at=at, proof=proof)
    drafted.refresh_from_db()
    return drafted


def _receipts(people: dict[str, Person], at: datetime) -> ReceiptBook:
    """The station has one book in use and one that waits to be received; another township has none yet."""
    township = Division.objects.get(level=Division.Level.TOWNSHIP, name=STATIONED)
    issued = days.business_day(at) - BEGUN
    by: dict[str, Any] = {"township": township, "on": issued, "by": people["cashier"], "at": at}
    book = receipts.issue(first="宁A0032001", last="宁A0032300", **by)
    receipts.receive(book=book, by=people["township"], at=at)
    receipts.issue(first="宁A0032301", last="宁A0032500", **by)
    return book


def _villages() -> list[Division]:
    """Six of the station's villages, those with the fewest households, but enough of them where there are such."""
    found = Division.objects.filter(level=Division.Level.VILLAGE, parent__name=STATIONED)
    homes = Household.objects.order_by().values_list("village").annotate(Count("pk"))
    many = dict(homes)
    lived_in = [one for one in found if one.pk in many]
    return sorted(lived_in, key=lambda one: (many[one.pk] < ENOUGH, many[one.pk], one.code))[:6]


def _open(
    year: FundYear, village: Division, people: dict[str, Person], at: datetime, *, origin: str, on: date | None = None
) -> CollectionSheet:
    return sheets.open_sheet(
        fund_year=year,
        village=village,
        collector=f"{village.name.removesuffix('委会')}会计（演示）",
        origin=origin,
        on=on or days.business_day(at),
        by=people["township"],
        at=at,
    )


def _fill(
    year: FundYear,
    village: Division,
    book: ReceiptBook,
    people: dict[str, Person],
    at: datetime,
    *,
    on: date,
    most: int = MOST,
) -> CollectionSheet:
    """A sheet of a village on which its first households are entered; for one of them the collective pays."""
    sheet = _open(year, village, people, at, origin=CollectionSheet.Origin.COUNTER, on=on)
    homes = Household.objects.filter(village=village, ended_on=None).order_by("number")
    for place, home in enumerate(homes[:most]):
        payer = Payer.COLLECTIVE if place == ENOUGH else Payer.OWN
        living = home.members.living().filter(contributions__fund_year__year=year.year - 1).order_by("pk").distinct()
        paid = [Paid(one.pk, payer) for one in living]
        if paid:
            sheets.enter(sheet=sheet, household=home, paid=paid, on=on, book=book, by=people["township"], at=at)
    return sheet


def _whole_way(sheet: CollectionSheet, people: dict[str, Person], at: datetime) -> None:
    """A sheet whose money was handed in, deposited and has arrived."""
    today = days.business_day(at)
    sums = selectors.sums_of(sheet)
    if not sums.people:
        return
    sheets.hand_in(sheet=sheet, cash=sums.cash, on=today - 8 * ONE_DAY, by=people["township"], at=at)
    money: dict[str, Any] = {"sheets": [sheet], "by": people["cashier"], "at": at}
    deposits.mark_deposited(on=today - 7 * ONE_DAY, slip=f"农信缴款单{sheet.number}（演示）", **money)
    deposits.mark_confirmed(on=today - 6 * ONE_DAY, **money)


def _refunds(year: FundYear, people: dict[str, Person], at: datetime) -> list[Refund]:
    """Two people want their money back: they are insured elsewhere."""
    paid = Contribution.objects.filter(
        fund_year=year, entry__sheet__state=CollectionSheet.State.CONFIRMED, own__gt=0, void_reason=""
    ).order_by("pk")
    return [
        refunds.propose(contribution=one, reason="已参加职工医保，申请退费（演示）", by=people["township"], at=at)
        for one in paid[:2]
    ]
