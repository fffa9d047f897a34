"""What money can come in and what has: sheets and refunds that wait, what payers owe, what was received ahead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Case, Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from enrollment.models import CollectionSheet, Contribution, FundYear, Refund, Scheme, SubsidyClaim, SubsidyRate
from funds.models import Book, Slip, SlipLine
from funds.rules import money_in as rules
from funds.selectors import balances

NOTHING: Final = Decimal(0)
Payer = SubsidyClaim.Payer
Kind = Slip.Kind
#: Yuan by payer and instalment.
Sums = dict[tuple[str, int | None], Decimal]


@dataclass(frozen=True)
class Instalment:
    """What a payer owes with one instalment of a fund year, in yuan: claimed from him, arrived, still owed."""

    payer: str
    rate: SubsidyRate | None
    due: Decimal
    arrived: Decimal

    @property
    def owed(self) -> Decimal:
        return self.due - self.arrived

    @property
    def label(self) -> str:
        return str(Payer(self.payer).label)

    def is_overdue(self, day: date) -> bool:
        """Whether its day is over and something is owed."""
        return self.owed > 0 and (self.rate is None or self.rate.due_on < day)


@dataclass(frozen=True)
class Ahead:
    """What was received ahead of one fund year and is no income yet, in yuan: what turns, by the slips that tell what
    it becomes."""

    book: Book
    fund_year: FundYear
    stands: Decimal
    known: dict[str, Decimal]


def sheets_to_deposit(book: Book, fund_year: FundYear | None = None) -> QuerySet[CollectionSheet]:
    """Sheets that were handed in with money and are on no slip yet."""
    on_a_slip = SlipLine.objects.filter(sheet=OuterRef("pk"), stands=True)
    found = CollectionSheet.objects.filter(
        ~Exists(on_a_slip), fund_year__scheme=book.scheme_id, state=CollectionSheet.State.HANDED_IN, cash__gt=0
    )
    if fund_year is not None:
        found = found.filter(fund_year=fund_year)
    return found.select_related("village__parent", "fund_year__scheme").order_by("village__code", "number")


def refunds_to_pay(book: Book, fund_year: FundYear | None = None) -> QuerySet[Refund]:
    """Refunds that were approved and are on no slip yet."""
    on_a_slip = SlipLine.objects.filter(refund=OuterRef("pk"), stands=True)
    found = Refund.objects.filter(
        ~Exists(on_a_slip), contribution__fund_year__scheme=book.scheme_id, state=Refund.State.APPROVED
    )
    if fund_year is not None:
        found = found.filter(contribution__fund_year=fund_year)
    return found.select_related("contribution__member__household__village", "contribution__fund_year__scheme").order_by(
        "pk"
    )


def owed(fund_year: FundYear) -> list[Instalment]:
    """What each payer owes for a year by instalment, from the highest level down: claimed and arrived. What arrived
    for no named instalment settles the oldest first; what arrived where nothing was claimed is shown with nothing due.
    """
    return owed_of([fund_year])[fund_year.pk]


def owed_of(years: Collection[FundYear]) -> dict[int, list[Instalment]]:
    """The same of some years, by their numbers: three statements."""
    claimed = _by_instalment(SubsidyClaim.objects.filter(fund_year__in=years), "amount")
    came = _by_instalment(Slip.objects.entered().filter(fund_year__in=years, payer__gt=""), "amount")
    rates = SubsidyRate.objects.filter(fund_year__in=years).in_bulk()
    return {one.pk: _owed(claimed[one.pk], came[one.pk], rates) for one in years}


def _owed(claimed: Sums, came: Sums, rates: dict[int, SubsidyRate]) -> list[Instalment]:
    found: list[Instalment] = []
    for payer in Payer.values:
        asked = sorted(
            (rate for who, rate in {**claimed, **came} if who == payer and rate is not None), key=_order(rates)
        )
        places: Sequence[int | None] = asked or ([None] if {(payer, None)} & {*claimed, *came} else [])
        settled = rules.settle(
            [claimed.get((payer, rate), NOTHING) for rate in places],
            [came.get((payer, rate), NOTHING) if rate else NOTHING for rate in places],
            came.get((payer, None), NOTHING),
        )
        found += [
            Instalment(payer, rates[rate] if rate else None, one.due, one.arrived)
            for rate, one in zip(places, settled, strict=True)
        ]
    return found


def _order(rates: dict[int, SubsidyRate]) -> Any:
    return lambda rate: (rates[rate].due_on, rates[rate].instalment)


def _by_instalment(found: QuerySet[Any], figure: str) -> defaultdict[int, Sums]:
    """Sums by year, and of each year by payer and instalment."""
    sums: defaultdict[int, Sums] = defaultdict(dict)
    told = found.order_by().values_list("fund_year", "payer", "rate").annotate(sum=Sum(figure))
    for year, payer, rate, amount in told:
        sums[year][payer, rate] = amount
    return sums


def together(some: Iterable[Instalment]) -> tuple[Decimal, Decimal, Decimal]:
    """Due, arrived and owed of some instalments, in yuan."""
    lines = list(some)
    due = sum((one.due for one in lines), NOTHING)
    arrived = sum((one.arrived for one in lines), NOTHING)
    return due, arrived, due - arrived


def years_claimed(book: Book) -> list[FundYear]:
    """The years of a fund for which something was claimed, the oldest first."""
    claimed = SubsidyClaim.objects.filter(fund_year=OuterRef("pk"))
    return list(_years(book).filter(Exists(claimed)).order_by("year"))


def overdue(book: Book, day: date) -> list[tuple[FundYear, Instalment]]:
    """What is owed past its day, over all years of a fund."""
    years = years_claimed(book)
    found = owed_of(years)
    return [(year, one) for year in years for one in found[year.pk] if one.is_overdue(day)]


def payers_of(fund_year: FundYear) -> list[tuple[str, SubsidyRate | None]]:
    """The levels that subsidise a year, each by instalment and once without (a settlement)."""
    levels = list(SubsidyRate.Level.values)
    rates = sorted(fund_year.subsidyrates.all(), key=lambda one: (levels.index(one.level), one.instalment))
    return [(level, rate) for level in levels for rate in [*(one for one in rates if one.level == level), None]]


def interest_to_pass_up(book: Book) -> Decimal:
    """Interest of the spending account that is not in the special account yet."""
    there = Slip.objects.filter(book=book, account=Slip.Account.SPENDING)
    entered = there.entered().filter(kind=Kind.INTEREST).aggregate(sum=Sum("amount", default=NOTHING))["sum"]
    passed = there.standing().filter(kind=Kind.TRANSFER).aggregate(sum=Sum("amount", default=NOTHING))["sum"]
    return Decimal(entered - passed)


def ahead_of(book: Book, fund_year: FundYear) -> Ahead:
    """What was received ahead of a year. Of the first year of the books it is all that stands on the account and that
    no slip tells to be of another year: the opening balance too. Of no year more than the account holds, less the turns
    of other years that wait to be checked."""
    known = _known(book)
    mine = known.get(fund_year.pk, {})
    there = balances.stands(book, rules.AHEAD)
    stands = sum(mine.values(), NOTHING)
    if fund_year == _first(book):
        others = (sum(of.values(), NOTHING) for year, of in known.items() if year != fund_year.pk)
        stands = there - sum((max(one, NOTHING) for one in others), NOTHING)
    return Ahead(book, fund_year, min(stands, there - _turning(book, fund_year)), mine)


def _turning(book: Book, fund_year: FundYear) -> Decimal:
    """What the turns of other years take that are noted and not entered."""
    found = Slip.objects.filter(book=book, kind=Kind.TURN, state=Slip.State.NOTED).exclude(fund_year=fund_year)
    return Decimal(found.aggregate(sum=Sum("amount", default=NOTHING))["sum"])


def to_turn(book: Book, day: date) -> list[Ahead]:
    """Years of a fund that have begun and of which something is received ahead still, the oldest first; without those
    whose turn waits to be checked."""
    waits = Slip.objects.filter(book=book, fund_year=OuterRef("pk"), kind=Kind.TURN, state=Slip.State.NOTED)
    begun = _years(book).filter(~Exists(waits), period__startswith__lte=day, period__startswith__gte=book.begins_on)
    found = [ahead_of(book, one) for one in begun.order_by("year")]
    return [one for one in found if one.stands > 0]


def heads_of(slip: Slip) -> dict[int, int]:
    """Whose accounts share what a slip gives them, with how many people contributed: for a deposit those of its sheets,
    for a turn all who contributed before it, but for those whose sheets came in the year itself. By household, or by
    person where the scheme keeps personal accounts; the records of doubles count for whom they were merged into."""
    paid = Contribution.objects.filter(fund_year=slip.fund_year_id, void_reason="")
    if slip.kind == Kind.DEPOSIT:
        paid = paid.filter(entry__sheet__in=slip.lines.values("sheet"))
    else:
        in_year = SlipLine.objects.filter(
            slip__kind=Kind.DEPOSIT, slip__is_ahead=False, stands=True, sheet__isnull=False
        )
        paid = paid.filter(paid_on__lt=slip.on).exclude(
            entry__sheet__in=in_year.filter(slip__fund_year=slip.fund_year_id).values("sheet")
        )
    by_home = slip.book.scheme.account == Scheme.Account.HOUSEHOLD
    kept = ("member__merged_into__household", "member__household") if by_home else ("member__merged_into", "member")
    counted = paid.annotate(kept=Coalesce(*kept)).order_by().values("kept").annotate(heads=Count("pk"))
    return dict(counted.values_list("kept", "heads"))


def turns_of(slip: Slip) -> QuerySet[Slip]:
    """Turns of the year that a slip is for, noted or entered."""
    return Slip.objects.standing().filter(book=slip.book_id, fund_year=slip.fund_year_id, kind=Kind.TURN)


def ahead_by_year(book: Book) -> list[Ahead]:
    """What is received ahead by the year that it is for, the newest first: of years to come what slips tell."""
    years = _years(book).filter(period__startswith__gte=book.begins_on).order_by("-year")
    found = [ahead_of(book, one) for one in years]
    return [one for one in found if one.stands]


def _years(book: Book) -> QuerySet[FundYear]:
    return FundYear.objects.confirmed().filter(scheme=book.scheme_id).select_related("scheme")


def _first(book: Book) -> FundYear | None:
    """The year that begins first in these books: what they received ahead when they were opened is for it."""
    return _years(book).filter(period__startswith__gte=book.begins_on).order_by("period").first()


def _known(book: Book) -> dict[int, dict[str, Decimal]]:
    """What slips tell to stand ahead, by year and by what it becomes: received, less given back, less turned."""
    entered = Slip.objects.entered().filter(book=book)
    signed = Case(
        When(kind=Kind.REFUND, then=-F("amount")),
        default=F("amount"),
        output_field=DecimalField(max_digits=16, decimal_places=2),
    )
    sums = entered.filter(is_ahead=True).order_by().values_list("fund_year", "kind", "payer").annotate(sum=Sum(signed))
    known: dict[int, dict[str, Decimal]] = {}
    for year, kind, payer, amount in sums:
        of = known.setdefault(year, {})
        income = rules.income_of(kind, payer)
        of[income] = of.get(income, NOTHING) + amount
    turned = SlipLine.objects.filter(Q(slip__in=entered.filter(kind=Kind.TURN))).order_by()
    for year, income, amount in turned.values_list("slip__fund_year", "income").annotate(sum=Sum("amount")):
        of = known.setdefault(year, {})
        plain = rules.OWN if income == rules.OWN_ACCOUNTS else income
        of[plain] = of.get(plain, NOTHING) - amount
    return known
