"""What becomes of an approved claim's parts when they are paid, for the app that pays: claims follow their parts.

A claim is paid when all its parts are. Order of locks: claims by number, then their parts by number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims.models import Claim, ClaimPart, Flag, PublicityList
from claims.selectors import publicity
from claims.services import approving
from claims.services.locks import lock_claims
from office import trail
from office.models import Person
from office.rules import days

Part = ClaimPart.State
State = Claim.State

#: From which states a part comes into another.
COMES_FROM: Final = {
    Part.PAYING: (Part.PAYABLE,),
    Part.PAID: (Part.PAYING,),
    Part.PAYABLE: (Part.PAYING, Part.PAID),  # the bank refused the transfer, or gave it back after it was made
}


class CannotSettle(Exception):
    """Nothing moved; the message is written for whoever pays."""


@transaction.atomic
def let_pay(*, claims: Iterable[Claim], by: Person, at: datetime) -> None:
    """Claims whose publicity is over can be paid from now on. Raises CannotSettle."""
    for claim in lock_claims(one.pk for one in claims):
        if claim.state != State.APPROVED:
            raise CannotSettle(_("%(claim)s does not wait for its publicity.") % {"claim": claim})
        _refuse_held(claim)
        approving.let_pay(claim, claim.approval, at)
        trail.record("claim.payable", claim, by=by, at=at)


def go_on(claim: Claim, *, by: Person, at: datetime) -> None:
    """A locked claim that was posted before its payment, whose list is over and that nothing holds any more, can be
    paid."""
    posted = publicity.entry_of(claim)
    is_over = posted is not None and posted.list.state == PublicityList.State.OVER
    if claim.state == State.APPROVED and is_over and not Flag.objects.holding().filter(claim=claim).exists():
        approving.let_pay(claim, claim.approval, at)
        trail.record("claim.payable", claim, by=by, at=at)


def mark_paying(*, parts: Iterable[ClaimPart], by: Person, at: datetime) -> None:
    """Parts are in a payment now. Raises CannotSettle, also where one of their claims is held."""
    _move(parts, Part.PAYING, "claim.paying", by, at)


def mark_paid(*, parts: Iterable[ClaimPart], by: Person, at: datetime) -> None:
    """The bank has paid parts. Raises CannotSettle."""
    _move(parts, Part.PAID, "claim.paid", by, at)


def mark_returned(*, parts: Iterable[ClaimPart], by: Person, at: datetime) -> None:
    """The bank gave parts back, before or after they were paid: they can be paid again. Raises CannotSettle."""
    _move(parts, Part.PAYABLE, "claim.payment-returned", by, at)


@transaction.atomic
def _move(parts: Iterable[ClaimPart], to: Part, act: str, by: Person, at: datetime) -> None:
    numbers = numbers_of(parts)
    owners = ClaimPart.objects.filter(pk__in=numbers).values_list("approval__claim", flat=True)
    wanted = Claim.objects.select_for_update(of=["self"]).only("number", "state").filter(pk__in=set(owners))
    claims = {one.pk: one for one in wanted.order_by("pk")}
    held = _held(claims) if to == Part.PAYING else {}
    locked = ClaimPart.objects.select_for_update(of=["self"]).filter(pk__in=numbers).order_by("pk")
    moved: set[int] = set()
    for owner, layer, state in locked.values_list("approval__claim", "layer", "state"):
        claim = claims[owner]
        if state not in COMES_FROM[to]:
            raise CannotSettle(
                _("%(claim)s, %(part)s: this part is %(state)s.")
                % {"claim": claim, "part": layer, "state": Part(state).label}
            )
        if claim.pk in held:
            raise CannotSettle(_("%(claim)s is held: %(reason)s") % {"claim": claim, "reason": held[claim.pk]})
        moved.add(claim.pk)
    ClaimPart.objects.filter(pk__in=numbers).update(state=to)
    _follow([claims[number] for number in sorted(moved)], at)
    with trail.together():
        for number in sorted(moved):
            trail.record(act, claims[number], by=by, at=at)


def numbers_of(parts: Iterable[ClaimPart]) -> list[int]:
    """The numbers of parts; of those that nobody has read yet, nothing but the numbers is asked."""
    if isinstance(parts, QuerySet):
        return list(parts.values_list("pk", flat=True))
    return [one.pk for one in parts]


def _follow(claims: Sequence[Claim], at: datetime) -> None:
    """The state of each claim by those of its parts, all of them in a few statements."""
    states: dict[int, set[str]] = {}
    known = ClaimPart.objects.filter(approval__claim__in=[one.pk for one in claims])
    for number, part_state in known.values_list("approval__claim", "state"):
        states.setdefault(number, set()).add(part_state)
    following: dict[str, list[int]] = {}
    for claim in claims:
        state = _state_of(states[claim.pk])
        if claim.state != state:
            following.setdefault(state, []).append(claim.pk)
            claim.state = state
    for following_state, numbers in following.items():
        Claim.objects.filter(pk__in=numbers).update(state=following_state, state_since=days.business_day(at))


def _state_of(states: set[str]) -> State:
    if states == {Part.PAID}:
        return State.PAID
    return State.PAYABLE if states == {Part.PAYABLE} else State.PAYING


def _held(numbers: Iterable[int]) -> dict[int, str]:
    """Why some claims are held, by number."""
    return dict(Flag.objects.holding().filter(claim__in=list(numbers)).order_by("-pk").values_list("claim", "reason"))


def _refuse_held(claim: Claim) -> None:
    held = Flag.objects.holding().filter(claim=claim).first()
    if held is not None:
        raise CannotSettle(_("%(claim)s is held: %(reason)s") % {"claim": claim, "reason": held.reason})
