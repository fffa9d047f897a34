"""Noting that money came in (收款单登记): what a paper says is held against what the office knows, then checked.

Order of locks: the fund year of a turn, the sheets or refunds by number; unique keys stop whoever comes second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.services.locks import refusing
from enrollment.models import AssistanceList, CollectionSheet, FundYear, Refund, Scheme, SubsidyRate
from funds.models import Account, Book, Slip, SlipLine
from funds.rules import money_in as rules
from funds.selectors import balances
from funds.selectors import money_in as selectors
from funds.services.slips import NOTE, CannotNote
from office import trail
from office.models import Person
from office.rules import days, money

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Kind = Slip.Kind
NOTHING: Final = Decimal(0)
#: What is noted with this service; deposits, refunds and turns come with what stands behind them.
PLAIN: Final = (Kind.FEE, Kind.COLLECTIVE, Kind.ASSISTANCE, Kind.SUBSIDY, Kind.INTEREST, Kind.OTHER, Kind.TRANSFER)


@dataclass(frozen=True)
class SlipOf:
    """What a paper says: of which books, which number and day, how much on which account, and for what."""

    book: Book
    kind: str
    number: str
    on: date
    account: str
    amount: Decimal
    fund_year: FundYear | None = None
    payer: str = ""
    rate: SubsidyRate | None = None
    assistance_list: AssistanceList | None = None
    words: str = ""
    to_accounts: Decimal = NOTHING
    attachments: int = 1


@refusing("slip.noted", CannotNote, about="book")
def note(*, book: Book, told: SlipOf, by: Person, at: datetime) -> Slip:
    """Money came in or was passed on, as a paper says. Raises CannotNote."""
    if told.kind not in PLAIN:
        raise CannotNote(_("This is noted together with what stands behind it."))
    _refuse_payer(told)
    if told.kind == Kind.FEE and book.scheme.contribution != Scheme.Contribution.WAGES:
        raise CannotNote(_("In this scheme contributions come by collection sheets."), "kind")
    if told.kind == Kind.TRANSFER:
        _refuse_transfer(book, told)
    return _noted(told, {}, by, at)


@refusing("slip.noted", CannotNote, about="book")
def deposit(*, book: Book, told: SlipOf, sheets: Sequence[CollectionSheet], by: Person, at: datetime) -> Slip:
    """The money of these sheets was paid in at the bank with one slip, to the fen. Raises CannotNote."""
    wanted = {one.pk for one in sheets}
    waiting = selectors.sheets_to_deposit(book, told.fund_year).filter(pk__in=wanted).order_by("pk")
    found = list(waiting.select_for_update(of=["self"], no_key=True))
    if not wanted:
        raise CannotNote(_("Say which sheets."), "sheets")
    if len(found) < len(wanted):
        raise CannotNote(_("One of these sheets is on a slip by now, or not handed in."), "sheets")
    if late := next((one for one in found if one.handed_in_on is not None and one.handed_in_on > told.on), None):
        raise CannotNote(_("Sheet %(sheet)s was handed in later.") % {"sheet": late}, "on")
    behind = {one: one.cash or NOTHING for one in found}
    _refuse_apart(told.amount, sum(behind.values(), NOTHING), _("the sheets"))
    return _noted(told, {"sheet": behind}, by, at)


@refusing("slip.noted", CannotNote, about="book")
def give_back(*, book: Book, told: SlipOf, asked: Sequence[Refund], by: Person, at: datetime) -> Slip:
    """Contributions were given back to households with one paper: a list of cash or a transfer. Raises CannotNote."""
    wanted = {one.pk for one in asked}
    waiting = selectors.refunds_to_pay(book, told.fund_year).filter(pk__in=wanted)
    found = list(waiting.select_for_update(of=["self"], no_key=True))
    if not wanted:
        raise CannotNote(_("Say which refunds."), "refunds")
    if len(found) < len(wanted):
        raise CannotNote(_("One of these refunds is on a slip by now, or not approved."), "refunds")
    behind = {one: one.amount for one in found}
    _refuse_apart(told.amount, sum(behind.values(), NOTHING), _("the refunds"))
    return _noted(told, {"refund": behind}, by, at)


@refusing("slip.noted", CannotNote, about="book")
def turn(
    *,
    book: Book,
    fund_year: FundYear,
    by: Person,
    at: datetime,
    on: date | None = None,
    to_accounts: Decimal = NOTHING,
) -> Slip | None:
    """A year has begun: what was received ahead for it becomes its income (1 January). None where nothing stands ahead,
    or its turn waits to be checked: done again it does nothing. Raises CannotNote."""
    FundYear.objects.select_for_update(of=["self"], no_key=True).get(pk=fund_year.pk)
    day = on or fund_year.period.lower
    if day < fund_year.period.lower:
        raise CannotNote(_("This year has not begun on that day."), "on")
    found = next((one for one in selectors.to_turn(book, days.business_day(at)) if one.fund_year == fund_year), None)
    if found is None:
        return None
    shares = rules.shares_of_turn(found.known, found.stands, to_accounts)
    if any(amount < 0 for amount in shares.values()):
        raise CannotNote(_("Less is received ahead than would go to household accounts and others."), "to_accounts")
    number = f"{book.code.upper()}-{fund_year.year}-{_turns(book, fund_year) + 1}"
    told = SlipOf(
        book, Kind.TURN, number, day, rules.AHEAD, found.stands, fund_year, to_accounts=to_accounts, attachments=0
    )
    return _noted(told, {"income": shares}, by, at)


@dataclass(frozen=True)
class Turned:
    """What came of turning all that was received ahead: the slips that were noted, and the years that were refused,
    each with the sentence that says why."""

    slips: Sequence[Slip]
    refused: Sequence[tuple[FundYear, str]]


def turn_all(*, day: date, by: Person, at: datetime) -> Turned:
    """Turn all that was received ahead of years that have begun by a day, in all books. A year that is refused stops
    none of the others."""
    noted: list[Slip] = []
    refused: list[tuple[FundYear, str]] = []
    for book in Book.objects.order_by("pk"):
        for one in selectors.to_turn(book, day):
            try:
                slip: Slip | None = turn(book=book, fund_year=one.fund_year, by=by, at=at)
            except CannotNote as refusal:
                refused.append((one.fund_year, str(refusal)))
            else:
                noted += [slip] if slip is not None else []
    return Turned(noted, refused)


def _turns(book: Book, fund_year: FundYear) -> int:
    return Slip.objects.filter(book=book, fund_year=fund_year, kind=Kind.TURN).count()


#: What a unique key refuses, in words, and what of the form it is about.
TAKEN: Final[Mapping[str, tuple[StrPromise, str]]] = {
    "slip_number_once": (gettext_lazy("A paper of this kind with this number is noted already."), "number"),
    "slip_line_sheet_once": (gettext_lazy("One of these sheets is on a slip by now, or not handed in."), "sheets"),
    "slip_line_refund_once": (gettext_lazy("One of these refunds is on a slip by now, or not approved."), "refunds"),
    "slip_one_turn_waits": (gettext_lazy("A turn of this year waits to be checked."), "fund_year"),
}


def _noted(told: SlipOf, behind: Mapping[str, Mapping[Any, Decimal]], by: Person, at: datetime) -> Slip:
    _refuse(told, at)
    begins = told.fund_year.period.lower if told.fund_year else None
    try:
        with transaction.atomic():
            slip = Slip.objects.create(
                book=told.book,
                kind=told.kind,
                number=told.number.strip(),
                on=told.on,
                account=told.account,
                amount=told.amount,
                to_accounts=told.to_accounts,
                is_ahead=rules.is_ahead(told.kind, told.on, begins),
                fund_year=told.fund_year,
                payer=told.payer,
                rate=told.rate,
                assistance_list=told.assistance_list,
                words=told.words.strip(),
                attachments=told.attachments,
                noted_by=by,
                noted_at=at,
            )
            SlipLine.objects.bulk_create(
                SlipLine(slip=slip, **{name: one}, amount=amount)
                for name, of in behind.items()
                for one, amount in of.items()
            )
    except IntegrityError as refusal:
        name = getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", None) or ""
        if name not in TAKEN:
            raise
        sentence, field = TAKEN[name]
        raise CannotNote(str(sentence), field) from refusal
    trail.record(
        "slip.noted",
        slip,
        by=by,
        at=at,
        right=NOTE,
        kind=slip.kind,
        number=slip.number,
        amount=slip.amount,
        day=slip.on,
        account=slip.account,
    )
    return slip


def _refuse(told: SlipOf, at: datetime) -> None:
    """What every slip has to be: of a day that has come, of whole fen, on an account that its kind moves here."""
    book = told.book
    if not told.number.strip():
        raise CannotNote(_("Say which number the paper has."), "number")
    if not book.begins_on <= told.on:
        raise CannotNote(_("These books are kept since %(day)s.") % {"day": book.begins_on}, "on")
    if told.on > days.business_day(at):
        raise CannotNote(_("This day has not come yet."), "on")
    if told.amount <= 0 or told.amount != round(told.amount, 2):
        raise CannotNote(_("A sum is above nothing, in whole fen."), "amount")
    if told.account not in accounts_of(book, told.kind):
        raise CannotNote(_("In these books this does not lie on such an account."), "account")
    if (told.kind in rules.OF_A_YEAR) != (told.fund_year is not None):
        raise CannotNote(_("Say for which fund year."), "fund_year")
    if told.fund_year is not None and (
        told.fund_year.scheme_id != book.scheme_id or told.fund_year.state != FundYear.State.CONFIRMED
    ):
        raise CannotNote(_("This fund year is not one of these books, or not confirmed."), "fund_year")
    _refuse_words(told)


def _refuse_words(told: SlipOf) -> None:
    if told.kind == Kind.OTHER and not told.words.strip():
        raise CannotNote(_("Say what income this is."), "words")
    if not NOTHING <= told.to_accounts <= told.amount:
        raise CannotNote(_("Not more goes to household accounts than came in."), "to_accounts")
    ahead = rules.is_ahead(told.kind, told.on, told.fund_year.period.lower if told.fund_year else None)
    if told.to_accounts and (ahead or told.kind not in (Kind.DEPOSIT, Kind.FEE, Kind.TURN)):
        raise CannotNote(
            _("What is received ahead is shared with household accounts when its year begins."), "to_accounts"
        )
    wanted = rules.OWN_ACCOUNTS if told.to_accounts else rules.income_of(told.kind, told.payer)
    if not Account.objects.filter(book=told.book, purpose=wanted, is_entered_on=True).exists():
        raise CannotNote(_("These books have no account for this."))


def accounts_of(book: Book, kind: str) -> Sequence[str]:
    """On which accounts a kind of slip lies in these books: where finance collects, contributions come straight into
    the special account."""
    if kind in (Kind.DEPOSIT, Kind.COLLECTIVE, Kind.FEE):
        return (rules.SPECIAL,) if book.collects == Book.Collects.FINANCE else (rules.INCOME,)
    return rules.ACCOUNTS[kind]


def _refuse_payer(told: SlipOf) -> None:
    """A subsidy is a level of government's, of an instalment of its year; assistance is that of a list of its year."""
    if (told.kind == Kind.ASSISTANCE) != (told.payer == "assistance"):
        raise CannotNote(_("Say who pays."), "payer")
    if told.kind == Kind.SUBSIDY and not told.payer:
        raise CannotNote(_("Say who pays."), "payer")
    rate = told.rate
    if rate is not None and (rate.fund_year_id != getattr(told.fund_year, "pk", None) or rate.level != told.payer):
        raise CannotNote(_("This instalment is of another payer or another year."), "rate")
    paid_for = told.assistance_list
    if paid_for is not None and (paid_for.fund_year != told.fund_year or told.kind != Kind.ASSISTANCE):
        raise CannotNote(_("This list of those helped is of another year."), "assistance_list")


def _refuse_transfer(book: Book, told: SlipOf) -> None:
    """No more is passed on than there is; from the spending account its interest alone."""
    there = balances.stands(book, told.account)
    if told.account != rules.INCOME:
        there = min(there, selectors.interest_to_pass_up(book))
    if told.amount > there:
        raise CannotNote(_("There is no more to pass on than %(sum)s.") % {"sum": money.shown(there)}, "amount")


def _refuse_apart(amount: Decimal, behind: Decimal, what: str) -> None:
    if amount != behind:
        raise CannotNote(
            _("The paper and %(what)s are %(apart)s apart: %(what)s come to %(sum)s.")
            % {"what": what, "apart": money.shown(amount - behind), "sum": money.shown(behind)},
            "amount",
        )
