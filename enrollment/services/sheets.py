"""Collection sheets (缴费登记表): opened for a village, filled household by household, handed in with the money.

Locks: the sheet, the household, its members, then the receipt book. What was entered is undone only while the sheet is
open, and then as a whole; what was handed in is given back by a refund (services/refunds.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from enrollment.models import (
    CollectionSheet,
    Division,
    FundYear,
    Household,
    Member,
    Receipt,
    ReceiptBook,
    SheetEntry,
)
from enrollment.rules.collection import Payer
from enrollment.selectors import sheets as selectors
from enrollment.services import contributions, keeping, receipts
from enrollment.services.coverage import CannotCover
from enrollment.services.receipts import CannotKeepReceipts
from office import trail
from office.models import Person
from office.rules import days
from office.rules.money import shown

OPEN = "enrollment.add_collectionsheet"
FILL = "enrollment.change_collectionsheet"


class CannotCollect(Exception):
    """Nothing was noted; the message is written for the clerk, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Paid:
    """One member for whom is paid, and who pays his own part."""

    member: int
    payer: Payer = Payer.OWN


@keeping.in_sight("sheet.opened", "village", CannotCollect)
def open_sheet(
    *,
    fund_year: FundYear,
    village: Division,
    collector: str,
    origin: str = CollectionSheet.Origin.COUNTER,
    on: date,
    by: Person,
    at: datetime,
) -> CollectionSheet:
    """A sheet on which a collector's households of one village are entered. Raises CannotCollect."""
    seen = Division.objects.visible_to(by, OPEN).filter(level=Division.Level.VILLAGE, pk=village.pk)
    locked = seen.select_for_update(of=["self"], no_key=True).first()
    if locked is None:
        raise keeping.OutOfSight(_("This village is not among those that your office serves."), "village")
    if fund_year.state != FundYear.State.CONFIRMED:
        raise CannotCollect(_("This fund year is not confirmed yet."), "fund_year")
    if on > days.business_day(at):
        raise CannotCollect(_("This day has not come yet."), "on")
    if not collector.strip():
        raise CannotCollect(_("Say who collects."), "collector")
    sheet = CollectionSheet.objects.create(
        fund_year=fund_year,
        village=locked,
        number=selectors.next_number(fund_year, locked),
        collector=collector.strip(),
        origin=origin,
        opened_on=on,
        opened_by=by,
        opened_at=at,
    )
    trail.record("sheet.opened", sheet, by=by, at=at, right=OPEN, village=locked, fund_year=fund_year, origin=origin)
    return sheet


@keeping.in_sight("sheet.entered", "sheet", CannotCollect)
def enter(
    *,
    sheet: CollectionSheet,
    household: Household,
    paid: Sequence[Paid],
    on: date,
    book: ReceiptBook | None = None,
    number: str = "",
    by: Person,
    at: datetime,
) -> SheetEntry:
    """What one household paid on a day for some or all of its members, with the receipt for its own part.

    The receipt is the book's next one, or the one with the number on the paper. Raises CannotCollect.
    """
    current = _open(sheet, by=by)
    home, members = _home(household, current, {one.member for one in paid})
    _refuse_day(current, on, at=at)
    entry = SheetEntry.objects.create(sheet=current, household=home, paid_on=on, noted_by=by, noted_at=at)
    by_number = {one.pk: one for one in members}
    try:
        people = contributions.priced([(by_number[one.member], one.payer) for one in paid], current.fund_year)
        own = contributions.own_part(people)
        said = ""
        if own:
            said = _receipt(current, entry, own, book, number, by=by, at=at)
        noted = contributions.cover_together(
            paid=people, entry=entry, fund_year=current.fund_year, receipt=said, by=by, at=at
        )
    except CannotCover as refusal:
        raise CannotCollect(str(refusal), "members") from refusal
    except CannotKeepReceipts as refusal:
        raise CannotCollect(str(refusal), refusal.field or "receipt") from refusal
    trail.record(
        "sheet.entered",
        entry,
        by=by,
        at=at,
        right=FILL,
        sheet=current.number,
        household=home,
        members=[one.member_id for one in noted],
        own=own.amount if own else Decimal(0),
        amount=sum((one.amount for one in noted), Decimal(0)),
        receipt=said,
    )
    return entry


@keeping.in_sight("sheet.entered", "household", CannotCollect)
def pay_at_counter(
    *,
    household: Household,
    fund_year: FundYear,
    paid: Sequence[Paid],
    on: date,
    book: ReceiptBook | None = None,
    number: str = "",
    by: Person,
    at: datetime,
) -> SheetEntry:
    """What one household paid at the counter: it goes on the clerk's open counter sheet of its village.

    Where he has none yet one is opened, with himself as the collector. Raises CannotCollect.
    """
    keeping.refuse_unseen([household.village_id], by=by, right=OPEN)
    sheet = open_counter_sheet(fund_year, household.village, by)
    if sheet is None:
        Division.objects.select_for_update(of=["self"], no_key=True).get(pk=household.village_id)
        sheet = open_counter_sheet(fund_year, household.village, by) or open_sheet(
            fund_year=fund_year,
            village=household.village,
            collector=by.full_name,
            on=days.business_day(at),
            by=by,
            at=at,
        )
    return enter(sheet=sheet, household=household, paid=paid, on=on, book=book, number=number, by=by, at=at)


def open_counter_sheet(fund_year: FundYear, village: Division, by: Person) -> CollectionSheet | None:
    """The sheet on which a clerk notes what comes in at his counter from a village, if one is open."""
    mine = CollectionSheet.objects.filter(
        fund_year=fund_year,
        village=village,
        origin=CollectionSheet.Origin.COUNTER,
        state=CollectionSheet.State.OPEN,
        opened_by=by,
    )
    return mine.order_by("pk").last()


@keeping.in_sight("sheet.taken-back", "entry", CannotCollect)
def take_back(*, entry: SheetEntry, reason: str, by: Person, at: datetime) -> None:
    """An entry on an open sheet was a mistake: its receipt, contributions and coverages become void.

    Raises CannotCollect.
    """
    current = _open(entry.sheet, by=by)
    home, _members = _home(entry.household, current, set(), moved=True)
    standing = list(entry.contributions.select_for_update(of=["self"]).filter(void_reason="").order_by("pk"))
    if not standing:
        raise CannotCollect(_("This entry was taken back already."))
    if not reason.strip():
        raise CannotCollect(_("Say why."), "reason")
    for receipt in entry.receipts.used():
        receipts.void(receipt=receipt, reason=reason, by=by, at=at)
    contributions.take_back(contributions=standing, reason=reason)
    trail.record(
        "sheet.taken-back",
        entry,
        by=by,
        at=at,
        right=FILL,
        reason=reason,
        sheet=current.number,
        household=home,
        members=[one.member_id for one in standing],
    )


@keeping.in_sight("sheet.handed-in", "sheet", CannotCollect)
def hand_in(*, sheet: CollectionSheet, cash: Decimal, on: date, by: Person, at: datetime) -> CollectionSheet:
    """The collector's money was counted against the sheet: its sums are fixed. Yuan; raises CannotCollect.

    The cash is what households paid themselves, and where the township keeps receipts each of them has one.
    """
    current = _open(sheet, by=by)
    sums = selectors.sums_of(current)
    if not sums.people:
        raise CannotCollect(_("Nothing is entered on this sheet."))
    if on > days.business_day(at) or on < sums.last_paid_on:
        raise CannotCollect(_("The day lies between the last payment and today."), "on")
    if cash != sums.cash:
        raise CannotCollect(
            _("The sheet says %(said)s yuan, counted were %(counted)s: %(difference)s yuan apart.")
            % {"said": shown(sums.cash), "counted": shown(cash), "difference": shown(abs(cash - sums.cash))},
            "cash",
        )
    if without := selectors.without_receipt(current):
        raise CannotCollect(
            _("No receipt is noted for: %(households)s.")
            % {"households": "、".join(one.household.number for one in without[:5])}
        )
    current.state = CollectionSheet.State.HANDED_IN
    current.handed_in_on, current.handed_in_by = on, by
    current.households, current.people = sums.households, sums.people
    current.cash, current.assisted, current.collective = sums.cash, sums.assisted, sums.collective
    current.save()
    trail.record(
        "sheet.handed-in",
        current,
        by=by,
        at=at,
        right=FILL,
        households=sums.households,
        people=sums.people,
        cash=sums.cash,
        assisted=sums.assisted,
        collective=sums.collective,
    )
    return current


@keeping.in_sight("sheet.cancelled", "sheet", CannotCollect)
def cancel(*, sheet: CollectionSheet, reason: str, by: Person, at: datetime) -> None:
    """A sheet on which nothing stands is not used. Raises CannotCollect."""
    current = _open(sheet, by=by)
    if selectors.sums_of(current).people:
        raise CannotCollect(_("Take back what is entered on it first."))
    if not reason.strip():
        raise CannotCollect(_("Say why."), "reason")
    current.state = CollectionSheet.State.CANCELLED
    current.save(update_fields=["state"])
    trail.record("sheet.cancelled", current, by=by, at=at, right=FILL, reason=reason)


@keeping.in_sight("receipt.written", "entry", CannotCollect)
def write_receipt(*, entry: SheetEntry, book: ReceiptBook, number: str = "", by: Person, at: datetime) -> Receipt:
    """The receipt of an entry that has none yet, such as one of a roster whose number was not in the stock.

    Raises CannotCollect.
    """
    current = _open(entry.sheet, by=by)
    _home(entry.household, current, set(), moved=True)
    own = contributions.own_of(entry)
    if not own or entry.receipts.used().exists():
        raise CannotCollect(_("This entry needs no receipt."))
    try:
        return receipts.write(
            book=book,
            entry=entry,
            amount=own.amount,
            people=own.people,
            dated=entry.paid_on,
            number=number,
            by=by,
            at=at,
        )
    except CannotKeepReceipts as refusal:
        raise CannotCollect(str(refusal), refusal.field or "receipt") from refusal


def _receipt(
    sheet: CollectionSheet,
    entry: SheetEntry,
    own: contributions.Own,
    book: ReceiptBook | None,
    number: str,
    *,
    by: Person,
    at: datetime,
) -> str:
    """The receipt's number: of the township's stock, or as it was given where the office keeps none there."""
    if book is None:
        if ReceiptBook.objects.in_use().filter(township=sheet.village.parent_id).exists():
            raise CannotCollect(_("Say from which receipt book."), "book")
        return number.strip()
    written = receipts.write(
        book=book,
        entry=entry,
        amount=own.amount,
        people=own.people,
        dated=entry.paid_on,
        number=number,
        by=by,
        at=at,
    )
    return written.number


def _open(sheet: CollectionSheet, *, by: Person) -> CollectionSheet:
    """The sheet as it is now, under its lock, if the person sees it and it is open."""
    found = CollectionSheet.objects.visible_to(by, FILL).select_related("fund_year__scheme", "village")
    current = found.select_for_update(of=["self"], no_key=True).filter(pk=sheet.pk).first()
    if current is None:
        raise keeping.OutOfSight(_("This village is not among those that your office serves."))
    if current.state != CollectionSheet.State.OPEN:
        raise CannotCollect(_("This sheet is closed: %(state)s.") % {"state": current.get_state_display()})
    return current


def _home(
    household: Household, sheet: CollectionSheet, wanted: set[int], *, moved: bool = False
) -> tuple[Household, list[Member]]:
    """The household and its members as they are now, under their locks; all that are wanted belong to it."""
    home = keeping.lock(household.pk)[household.pk]
    members = keeping.lock_members(home.pk)
    if moved:
        return home, members
    if home.village_id != sheet.village_id:
        raise CannotCollect(_("This household belongs to another village."), "household")
    if not wanted:
        raise CannotCollect(_("Say for whom is paid."), "members")
    if wanted - {one.pk for one in keeping.living(members, home.pk)}:
        raise CannotCollect(_("Somebody of them does not live in this household any more."), "members")
    return home, members


def _refuse_day(sheet: CollectionSheet, on: date, *, at: datetime) -> None:
    if on > days.business_day(at):
        raise CannotCollect(_("This day has not come yet."), "on")
    if on < sheet.fund_year.collection.lower:
        raise CannotCollect(
            _("Collecting for this year began on %(first)s.") % {"first": sheet.fund_year.collection.lower}, "on"
        )
