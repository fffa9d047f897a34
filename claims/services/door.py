"""The hospitals' door (医院接口): who comes in, and a claim handed in once however often it is sent
(docs/hospital-door.md).

Claims are entered by the same services as at the counter. Order of locks: the token's key of repetition, then
intake's own (claims/services/intake.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from claims import claim_words
from claims.door_words import CannotAnswer
from claims.models import Claim, DoorRequest, DoorToken
from claims.selectors import door as selectors
from claims.selectors.intake_content import Content
from claims.services import door_limits, intake
from claims.services.intake import CannotEnter, CannotHandOn
from office import trail
from office.models import Person
from office.rules import days

LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
OPENED: Final = "door.opened"
HANDED_IN: Final = "door.claim-handed-in"
CREATED: Final = 201


@dataclass(frozen=True)
class Caller:
    """A program that came in: its token, and the person of the hospital's desk for whom it acts."""

    token: DoorToken
    person: Person


@dataclass(frozen=True)
class Sent:
    """A request that writes: the key with which it may be sent again, and the hash of what it says."""

    key: str
    sha256: str


@dataclass(frozen=True)
class Answered:
    """The answer, and whether it was given before."""

    status: int
    answer: dict[str, Any]
    again: bool = False


def admit(*, text: str, address: str | None, at: datetime) -> Caller:
    """Let a program in by its token. Requests are counted by token, wrong tokens by address; of too many one is
    written in the trail. Raises CannotAnswer."""
    token = selectors.token_of(text)
    if token is None:
        _refuse_stranger(address, at)
        raise CannotAnswer("token_unknown")
    counted = door_limits.count(door_limits.calls(), token.prefix, at)
    if counted.is_first_too_many:
        trail.refused(OPENED, token, by=token.acts_for, at=at, reason="too_many")
    if counted.is_too_many:
        raise CannotAnswer("too_many", wait=counted.wait)
    caller = Caller(token, token.acts_for)
    with answering(caller, OPENED, at):
        selectors.refuse_token(token, at, days.business_day(at))
    return caller


def _refuse_stranger(address: str | None, at: datetime) -> None:
    """A token that nobody has: what was sent is kept nowhere."""
    counted = door_limits.count(door_limits.wrong(), address or "", at)
    if counted.is_too_many:
        raise CannotAnswer("too_many", wait=counted.wait)
    trail.refused(OPENED, None, by=None, at=at, reason="token_unknown")


@contextmanager
def answering(caller: Caller, act: str, at: datetime) -> Iterator[None]:
    """Around what a request does: a refusal is written as an act, after the rollback of what was tried."""
    try:
        yield
    except CannotAnswer as refusal:
        trail.refused(act, caller.token, by=caller.person, at=at, reason=refusal.code, begins=caller.token.prefix)
        raise


def hand_in(*, caller: Caller, sent: Sent, content: Content, hand_on: bool, at: datetime) -> Answered:
    """Enter a claim, and where it is asked for hand it on; the same request again gets the same answer, also when
    both come at the same moment. Raises CannotAnswer."""
    try:
        with transaction.atomic():
            done = _once(caller, sent, content, hand_on=hand_on, at=at)
    except OperationalError as refusal:
        if isinstance(refusal.__cause__, LockNotAvailable):
            raise CannotAnswer("key_busy", wait=1) from refusal
        raise
    if isinstance(done, CannotAnswer):  # given out of the transaction: what intake wrote of its refusal stays
        raise done
    return done


def answered(*, caller: Caller, sent: Sent, at: datetime) -> Answered | None:
    """The answer that was given to this request before. Raises CannotAnswer where its key was another one's."""
    known = DoorRequest.objects.filter(token=caller.token, key=sent.key).select_related("claim").first()
    if known is None:
        return None
    if known.sha256 != sent.sha256:
        raise CannotAnswer("key_used")
    trail.read(HANDED_IN, known.claim, by=caller.person, at=at, begins=caller.token.prefix)
    return Answered(known.status, known.answer, again=True)


def _once(caller: Caller, sent: Sent, content: Content, *, hand_on: bool, at: datetime) -> Answered | CannotAnswer:
    """Under the key's lock: the answer that is kept, or the claim entered now and its answer kept."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"claims.door:{caller.token.pk}:{sent.key}"])
    if (known := answered(caller=caller, sent=sent, at=at)) is not None:
        return known
    try:
        claim = intake.enter_claim(content=content, by=caller.person, at=at)
    except CannotEnter as refusal:
        return CannotAnswer("claim_refused", errors=selectors.faults_of(refusal.faults, content, caller.person))
    answer = _answer(claim, content, caller, hand_on=hand_on, at=at)
    DoorRequest.objects.create(
        token=caller.token, key=sent.key, sha256=sent.sha256, status=CREATED, answer=answer, claim=claim, at=at
    )
    trail.record(
        HANDED_IN, claim, by=caller.person, at=at, right=intake.ADD, begins=caller.token.prefix, number=claim.number
    )
    return Answered(CREATED, answer)


def _answer(claim: Claim, content: Content, caller: Caller, *, hand_on: bool, at: datetime) -> dict[str, Any]:
    """What the hospital is told of the claim that was entered; it waits at the desk where it cannot be handed on."""
    notes = []
    handed_on = False
    if hand_on:
        try:
            intake.hand_on(claim=claim, seen=claim.content_version, by=caller.person, at=at)
            handed_on = True
        except CannotHandOn as refusal:
            notes.append(str(refusal))
    claim.refresh_from_db(fields=["state", "proposed"])
    return {
        "number": claim.number,
        "state": claim.state,
        "state_words": str(claim.get_state_display()),
        "total": _plain(claim.total),
        "proposed": _plain(claim.proposed),
        "handed_on": handed_on,
        "papers_missing": papers(intake.missing_of(claim)),
        "notes": notes,
    }


def papers(codes: list[str]) -> list[dict[str, str]]:
    """Papers by code and in words."""
    return [{"code": one, "name": claim_words.paper(one)} for one in codes]


def _plain(amount: Any) -> str | None:
    return None if amount is None else f"{amount:.2f}"
