"""Signing in with a password, changing it, getting back in with a one-time code, and leaving."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from office import trail
from office.models import OneTimeCode, Person, SignIn, SignInTry
from office.proof import Proof
from office.rules import codes, days
from office.services import factors, leaving, people, sessions, tries
from office.services.sessions import CannotSignIn


class CannotChangePassword(Exception):
    """The password stays; the messages are written for the person, each with its field."""

    def __init__(self, field: str, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.field = field
        self.reasons = reasons


class CannotUseCode(Exception):
    """The one-time code opened nothing; the message is written for the person."""


class CannotLeave(Exception):
    """The person stays; the message is written for the administrator."""


def check(*, username: str, password: str, address: str | None, at: datetime) -> Person:
    """The person whose name and password these are. Raises TooManyTries, CannotSignIn."""
    kind = SignInTry.Kind.PASSWORD
    tries.begin(kind=kind, name=username, address=address, at=at)
    person = authenticate(username=username, password=password)
    if not isinstance(person, Person):
        tries.note_wrong(kind=kind, name=username, at=at)
        raise CannotSignIn(_("Name or password is wrong."))
    tries.succeeded(kind=kind, name=username, address=address, at=at)
    return person


def change_password(
    *, person: Person, old: str, new: str, at: datetime, address: str | None = None, session_key: str = ""
) -> None:
    """The person changes his own password; all his other sessions end. Raises TooManyTries, CannotChangePassword."""
    kind = SignInTry.Kind.PASSWORD
    tries.begin(kind=kind, name=person.username, address=address, at=at)
    if not person.check_password(old):
        tries.note_wrong(kind=kind, name=person.username, at=at)
        raise CannotChangePassword("old_password", [_("The present password is wrong.")])
    tries.succeeded(kind=kind, name=person.username, address=address, at=at)
    if old == new:
        raise CannotChangePassword("new_password", [_("The new password is the old one.")])
    _check_new_password(person, new)
    with transaction.atomic():
        _set_password(person, new)
        sessions.end_all(person=person, because=SignIn.End.CHANGED, at=at, but=session_key)
        trail.record("password.changed", person, by=person, at=at)


@transaction.atomic
def issue_founding_code(*, person: Person, at: datetime) -> str:
    """The whole one-time code of an administrator, at the founding of the office alone: the database refuses it once
    anybody has signed in."""
    code = "".join(codes.half(secrets.choice) for _part in range(2))
    issued = OneTimeCode.objects.create(
        person=person, kind=OneTimeCode.Kind.PASSWORD, hash=make_password(code), issued_at=at
    )
    trail.record("one-time-code.issued", issued, by=None, at=at, kind=issued.kind, person=person.pk)
    return f"{code[: codes.HALF]}-{code[codes.HALF :]}"


def reset_password(*, username: str, code: str, new: str, address: str | None, at: datetime) -> None:
    """A new password with a one-time code; all sessions end. Raises TooManyTries, CannotUseCode,
    CannotChangePassword."""
    found = _right_code(OneTimeCode.Kind.PASSWORD, username, code, address, at)
    _check_new_password(found.person, new)
    with transaction.atomic():
        _use(found, at)
        _set_password(found.person, new)
        sessions.end_all(person=found.person, because=SignIn.End.CHANGED, at=at)
        trail.record("password.reset", found.person, by=found.person, at=at)


def reset_factor(*, username: str, password: str, code: str, address: str | None, at: datetime) -> None:
    """The lost second factor ends, with the password and a one-time code; all sessions end. Raises TooManyTries,
    CannotSignIn, CannotUseCode."""
    check(username=username, password=password, address=address, at=at)
    found = _right_code(OneTimeCode.Kind.FACTOR, username, code, address, at)
    with transaction.atomic():
        _use(found, at)
        lost = factors.live(found.person)
        if lost is not None:
            factors.end(factor=lost, at=at)
        sessions.end_all(person=found.person, because=SignIn.End.CHANGED, at=at)
        trail.record("second-factor.reset", found.person, by=found.person, at=at, factor=lost and lost.pk)


@transaction.atomic
def leave(*, person: Person, on: date, by: Person, at: datetime, proof: Proof | None) -> None:
    """The person works here no more: signed out everywhere, never in again, without duties after this last day;
    nobody acts for him, nor he for anybody, and what he had taken waits for others. Raises CannotLeave."""
    if proof is None or not proof.is_of(by, at=at):
        raise CannotLeave(_("Show your second factor first."))
    if person == by:
        raise CannotLeave(_("Somebody else notes that you leave."))
    if on > days.business_day(at):
        raise CannotLeave(_("The last day lies ahead: note it when it has come, the sessions end at once."))
    current = Person.objects.select_for_update().get(pk=person.pk)
    if current.left_on is not None:
        raise CannotLeave(_("This person has left already."))
    if people.is_last_administrator(person=current, on=on + people.ONE_DAY):
        raise CannotLeave(people.LAST_ADMINISTRATOR)
    person.left_on = on
    person.save(update_fields=["left_on"])
    sessions.end_all(person=person, because=SignIn.End.LEFT, at=at)
    people.end_duties_of(person=person, after=on, by=by, at=at, proof=proof)
    leaving.end_all_of(person=person, by=by, at=at)
    trail.record("person.left", person, by=by, at=at, right="office.change_person", proof=proof, left_on=on)


def _right_code(kind: str, username: str, code: str, address: str | None, at: datetime) -> OneTimeCode:
    tries.begin(kind=SignInTry.Kind.RESET, name=username, address=address, at=at)
    person = Person.objects.filter(username=username, left_on__isnull=True).first()
    newest = OneTimeCode.objects.open_for(person, kind) if person else OneTimeCode.objects.none()
    found = newest.filter(issued_at__gt=at - OneTimeCode.GOOD_FOR).select_related("person", "request").first()
    if not _fits(found, code) or found is None:
        tries.note_wrong(kind=SignInTry.Kind.RESET, name=username, at=at)
        raise CannotUseCode(_("Name or one-time code is wrong, or the code is too old."))
    tries.succeeded(kind=SignInTry.Kind.RESET, name=username, address=address, at=at)
    return found


def _use(code: OneTimeCode, at: datetime) -> None:
    """Take the code; of two at the same moment one gets it."""
    if not OneTimeCode.objects.filter(pk=code.pk, used_at__isnull=True, ended_at__isnull=True).update(used_at=at):
        raise CannotUseCode(_("This one-time code was used already."))


def _fits(found: OneTimeCode | None, typed: str) -> bool:
    """Whether both halves are right; always after the same work, so that nobody learns which names have a code."""
    first, second = codes.halves(typed)
    if found is None or found.request is None:
        both = found is not None and check_password(first + second, found.hash)
        make_password(typed)
        return both
    return all([check_password(first, found.request.first_hash), check_password(second, found.hash)])


def _check_new_password(person: Person, new: str) -> None:
    try:
        validate_password(new, person)
    except ValidationError as refusal:
        raise CannotChangePassword("new_password", refusal.messages) from refusal


def _set_password(person: Person, new: str) -> None:
    person.set_password(new)
    person.save(update_fields=["password"])
