"""What a year of a fund is measured by, from register, claims and books (docs/rules/indicators.md).

Heads come from the register, claims from the kept months of their decisions, money from balances, what is due from the
year's papers and claims for subsidies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Max, Min, Sum

from claims.selectors import month_sums
from claims.selectors.month_sums import Granted, Group
from enrollment.models import FundYear, Population, Scheme, SubsidyClaim, Target
from enrollment.selectors import participation, year_sums
from funds.models import Balance, Book, Budget, BudgetLine
from funds.rules.indicators import Claimed, Facts, Payer
from funds.selectors import figures, money_in
from funds.selectors.figures import Moved

NOTHING: Final = Decimal(0)
DECEMBER: Final = 12
ASSISTANCE: Final = SubsidyClaim.Payer.ASSISTANCE.value


@dataclass(frozen=True)
class OfYear:
    """A year of a scheme as far as it has come: its paper, its books where they are kept, its months."""

    scheme: Scheme
    year: int
    fund_year: FundYear | None
    book: Book | None
    last: date  # the last month that counts

    @property
    def first(self) -> date:
        """The year's first month."""
        return date(self.year, 1, 1)

    @property
    def months(self) -> int:
        """How many months of the year count."""
        return self.last.month


class UnknownYear(Exception):
    """Of this year nothing is known: neither a paper nor an entry."""


def of_scheme(scheme: Scheme, year: int, today: date) -> OfYear:
    """A year of a scheme until today. Raises UnknownYear."""
    paper = FundYear.objects.confirmed().filter(scheme=scheme, year=year).select_related("scheme").first()
    book = Book.objects.filter(scheme=scheme).select_related("scheme").first()
    return _of_year(scheme, year, today, paper, book)


def _of_year(scheme: Scheme, year: int, today: date, paper: FundYear | None, book: Book | None) -> OfYear:
    if paper is None and not (book and _is_kept(book, year)):
        raise UnknownYear(f"{scheme.code} {year}")
    last = date(year, DECEMBER, 1)
    return OfYear(scheme, year, paper, book, min(last, today.replace(day=1)) if today.year == year else last)


def of_all(year: int, today: date) -> list[OfYear]:
    """That year of every scheme of which something is known. Raises UnknownYear where it is none."""
    confirmed = FundYear.objects.confirmed().filter(year=year).select_related("scheme")
    papers = {one.scheme_id: one for one in confirmed}
    books = {one.scheme_id: one for one in Book.objects.select_related("scheme")}
    found = []
    for scheme in Scheme.objects.order_by("pk"):
        try:
            found.append(_of_year(scheme, year, today, papers.get(scheme.pk), books.get(scheme.pk)))
        except UnknownYear:
            continue
    if not found:
        raise UnknownYear(str(year))
    return found


def _is_kept(book: Book, year: int) -> bool:
    months = Balance.objects.filter(account__book=book).aggregate(first=Min("month"), last=Max("month"))
    return bool(months["first"]) and months["first"].year <= year <= months["last"].year


def years(today: date) -> list[int]:
    """The years that one may ask for, newest first."""
    papers = set(FundYear.objects.confirmed().filter(year__lte=today.year).values_list("year", flat=True))
    months = Balance.objects.aggregate(first=Min("month"), last=Max("month"))
    kept = range(months["first"].year, months["last"].year + 1) if months["first"] else ()
    return sorted(papers | set(kept), reverse=True)


def facts(asked: OfYear) -> Facts:
    """Everything the year is measured by."""
    moved = moved_in(asked)
    people = heads(asked.fund_year)
    groups = month_sums.of_months(asked.scheme, asked.first, asked.last)
    whole = month_sums.together(groups)
    stays = [one for one in groups if one.is_stay]
    spent = figures.total(moved, income=False)
    held = figures.held(asked.book, asked.last) if asked.book else figures.Held(NOTHING, NOTHING, NOTHING)
    due = due_of(asked, people.enrolled, moved)
    return Facts(
        should=people.should,
        enrolled=people.enrolled,
        target=people.target,
        due=due.pool,
        due_own=due.own,
        received=figures.total(moved, income=True),
        received_own=figures.total(moved, income=True, pool=False, own=True),
        payers=due.payers,
        spent=spent,
        cumulative=held.pool,
        own_funds=held.own_funds,
        in_hand=held.in_hand,
        monthly=(spent / asked.months).quantize(Decimal("0.01")),
        stays=_claimed(stays),
        visits=_claimed([one for one in groups if not one.is_stay]),
        outside=_claimed([one for one in stays if one.is_outside]),
        asked=whole.asked,
        deducted=whole.deducted,
        ceilings=whole.ceilings,
        floors=whole.floors,
    )


def moved_in(asked: OfYear) -> list[Moved]:
    """What the year's months moved on accounts of income and spending."""
    return figures.by_month(asked.book, asked.first, asked.last) if asked.book else []


def _claimed(groups: Sequence[Group]) -> Claimed:
    sums: Granted = month_sums.together(groups)
    return Claimed(sums.times, sums.total, sums.eligible, sums.own_items, sums.fund_pays)


@dataclass(frozen=True)
class Heads:
    """How many people should enroll in a year, have, and are wanted by the level above."""

    should: int = 0
    enrolled: int = 0
    target: int = 0


def heads(fund_year: FundYear | None) -> Heads:
    """The people of a year."""
    if fund_year is None:
        return Heads()
    wanted = participation.county_target(fund_year)
    if wanted is None:
        townships = Target.objects.filter(fund_year=fund_year, division__isnull=False)
        wanted = townships.aggregate(sum=Sum("heads", default=0))["sum"]
    should = Population.objects.filter(fund_year=fund_year).aggregate(sum=Sum("heads", default=0))["sum"]
    return Heads(should, participation.enrolled_of(fund_year), wanted)


@dataclass(frozen=True)
class Due:
    """What should come in for a year, in yuan: for the pool; what people contribute themselves, with the collective;
    what each payer owes and what of it arrived."""

    pool: Decimal
    own: Decimal
    payers: Mapping[str, Payer]


def due_of(asked: OfYear, enrolled: int, moved: Sequence[Moved]) -> Due:
    """What is due: contributions of those enrolled (where wages are the base, what the budget says comes in), and of
    each level of government what was claimed or, before, heads times its rate. What goes to people's own accounts is
    not due for the pool."""
    if asked.fund_year is None:
        return Due(NOTHING, NOTHING, {})
    paid = year_sums.of_year(asked.fund_year)
    own = paid.own + paid.collective
    if asked.fund_year.scheme.contribution == Scheme.Contribution.WAGES:
        own = own or _budgeted(asked)
    payers = _payers(asked.fund_year, enrolled, paid.assisted)
    to_accounts = sum((one.amount for one in moved if figures.is_own(one.account) and not one.is_of_the_pool), NOTHING)
    whole = own + sum((one.due for one in payers.values()), NOTHING)
    return Due(whole - to_accounts, own, payers)


def budget_of(asked: OfYear) -> list[BudgetLine]:
    """The lines of the budget that holds for the year; none where there is none."""
    if asked.book is None:
        return []
    approved = Budget.objects.filter(book=asked.book, year=asked.year, state=Budget.State.APPROVED)
    lines = BudgetLine.objects.filter(budget=approved.order_by("-version").values("pk")[:1])
    return list(lines.select_related("account__closes_to").order_by("account__code"))


def _budgeted(asked: OfYear) -> Decimal:
    """What the year's budget says people and employers contribute."""
    return sum((one.amount for one in budget_of(asked) if figures.is_own(one.account)), NOTHING)


def _payers(fund_year: FundYear, enrolled: int, assisted: Decimal) -> dict[str, Payer]:
    """What each payer owes for a year, from the highest level down: instalments that were claimed as claimed, others
    by the year's rates."""
    owed = money_in.owed(fund_year)
    claimed = {(one.payer, one.rate.pk if one.rate else None) for one in owed if one.due}
    found = {payer: Payer() for payer in SubsidyClaim.Payer.values}
    for one in owed:
        found[one.payer] += Payer(one.due, one.arrived)
    for rate in fund_year.subsidyrates.all():
        if (rate.level, rate.pk) not in claimed:
            found[rate.level] += Payer(rate.per_head * enrolled)
    if (ASSISTANCE, None) not in claimed:
        found[ASSISTANCE] += Payer(assisted)
    return {payer: one for payer, one in found.items() if one != Payer()}
