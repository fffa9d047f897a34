"""Lines of statements are matched with entries of the books (勾对): what is certain at once, what a person confirms,
and what was matched wrongly undone, each match alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from funds.models import Account, Match, MatchedEntry, MatchedLine, Reconciliation
from funds.rules import matching
from funds.rules.matching import Item
from funds.selectors import bank_statements as selectors
from funds.services import reconciling
from funds.services.reconciling import CannotReconcile
from office import trail
from office.models import Person
from office.rules import money

VIEW: Final = "funds.view_match"
RIGHT: Final = "funds.add_match"

#: Told in the same transaction what was matched and what was undone: with the matches, by whom, when.
Told = Callable[[Sequence[Match], Person, datetime], None]
_matched: list[Told] = []
_undone: list[Told] = []


def tell(*, matched: Told, undone: Told) -> None:
    """Have a part of the funds learn what the bank says of its postings (slips, payments). Called when the app is
    ready."""
    _matched.append(matched)
    _undone.append(undone)


@reconciling.refusing("statement.matched", "account")
def match_certain(*, account: Account, by: Person, at: datetime) -> list[Match]:
    """Match what is certain of an account, by number, then by amount and day; run again it does what is left. Raises
    CannotReconcile."""
    reconciling.refuse_cashier(by, at)
    current = reconciling.lock_account(account)
    since = _frozen_until(current)
    found = matching.certain(
        selectors.line_items(selectors.open_lines(current)), selectors.entry_items(selectors.open_entries(current))
    )
    pairs = [one for one in found if since is None or max(one.line.on, one.entry.on) > since]
    made = _write(current, [(one.how, [one.line], [one.entry]) for one in pairs], by, at)
    if made:
        total = sum((one.amount for one in made), Decimal(0))
        trail.record("statement.matched", current, by=by, at=at, right=RIGHT, matches=len(made), amount=total)
    return made


@reconciling.refusing("statement.matched", "account")
def match(
    *, account: Account, lines: Sequence[int], entries: Sequence[int], by: Person, at: datetime, proposed: bool = False
) -> Match:
    """Say that these lines and entries are the same money, as it was proposed or by one's own look. Raises
    CannotReconcile."""
    reconciling.refuse_cashier(by, at)
    current = reconciling.lock_account(account)
    theirs = selectors.line_items(selectors.open_lines(current).filter(pk__in=set(lines)))
    ours = selectors.entry_items(selectors.open_entries(current).filter(pk__in=set(entries)))
    _refuse(current, theirs, ours, wanted=len(set(lines)) + len(set(entries)))
    how = Match.How.PROPOSED if proposed else Match.How.PERSON
    (made,) = _write(current, [(how, theirs, ours)], by, at)
    trail.record("statement.matched", current, by=by, at=at, right=RIGHT, matches=1, amount=made.amount, match=made.pk)
    return made


def _refuse(account: Account, lines: Sequence[Item], entries: Sequence[Item], *, wanted: int) -> None:
    if len(lines) + len(entries) < wanted:
        raise CannotReconcile(_("Something of this was matched meanwhile, or is of another account."))
    if wanted < 2:  # noqa: PLR2004  two at least are the same money
        raise CannotReconcile(_("Choose what belongs together: a line and an entry at least."))
    bank, books = _sum(lines), _sum(entries)
    if bank != books:
        raise CannotReconcile(
            _("At the bank it is %(bank)s, in the books %(books)s: %(apart)s apart.")
            % {"bank": money.shown(bank), "books": money.shown(books), "apart": money.shown(bank - books)}
        )
    since = _frozen_until(account)
    if since is not None and max(one.on for one in (*lines, *entries)) <= since:
        raise CannotReconcile(_frozen(since))


def _sum(items: Iterable[Item]) -> Decimal:
    return sum((one.amount for one in items), Decimal(0))


def _frozen_until(account: Account) -> date | None:
    """The last day of which a sheet is confirmed: what lies before it stays as it is matched."""
    found = Reconciliation.objects.filter(account=account, state=Reconciliation.State.CONFIRMED)
    return found.order_by("-on").values_list("on", flat=True).first()


def _frozen(since: date) -> str:
    return _("The sheet of %(day)s is confirmed and stands on this: take the sheet back first.") % {"day": since}


def _write(
    account: Account, found: Sequence[tuple[str, Sequence[Item], Sequence[Item]]], by: Person, at: datetime
) -> list[Match]:
    """The matches with what belongs to them, and whoever wants to know is told."""
    made = Match.objects.bulk_create(
        Match(
            account=account,
            how=how,
            amount=_sum(lines),
            last_on=max(one.on for one in (*lines, *entries)),
            made_by=by,
            made_at=at,
        )
        for how, lines, entries in found
    )
    parts = list(zip(made, found, strict=True))
    MatchedLine.objects.bulk_create(
        MatchedLine(match=one, line_id=item.pk) for one, (_how, lines, _entries) in parts for item in lines
    )
    MatchedEntry.objects.bulk_create(
        MatchedEntry(match=one, entry_id=item.pk) for one, (_how, _lines, entries) in parts for item in entries
    )
    if made:
        for tell_matched in _matched:
            tell_matched(made, by, at)
    return made


@reconciling.refusing("match.undone", "match")
def undo(*, match: Match, reason: str, by: Person, at: datetime) -> Match:
    """Undo a match, and no other: its lines and entries are open again. Raises CannotReconcile."""
    reconciling.refuse_cashier(by, at)
    reconciling.lock_account(match.account)
    current = Match.objects.select_related("account").get(pk=match.pk)
    if current.state != Match.State.HELD:
        raise CannotReconcile(_("This match was undone already."))
    since = _frozen_until(current.account)
    if since is not None and current.last_on <= since:
        raise CannotReconcile(_frozen(since))
    current.state, current.undone_by, current.undone_at = Match.State.UNDONE, by, at
    current.undone_because = reconciling.said(reason, "reason")[:200]
    current.save(update_fields=["state", "undone_by", "undone_at", "undone_because"])
    current.lines.update(is_live=False)
    current.entries.update(is_live=False)
    trail.record(
        "match.undone", current, by=by, at=at, right=RIGHT, reason=current.undone_because, amount=current.amount
    )
    for tell_undone in _undone:
        tell_undone([current], by, at)
    return current
