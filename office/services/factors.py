"""Second factors: set up, proved, replaced (docs/security.md)."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from office import trail
from office.models import Factor, Person, SignIn, SignInTry
from office.proof import MAKER, Proof
from office.rules import totp
from office.sealing import box
from office.services import sessions, tries

BOX = "office.factor"


class CannotProve(Exception):
    """The code proves nothing; the message is written for the person."""


class CannotSetUp(Exception):
    """The second factor stays as it was; the message is written for the person."""


def live(person: Person) -> Factor | None:
    """The person's second factor, if there is one."""
    return Factor.objects.filter(person=person, ended_at__isnull=True).first()


def new_secret() -> bytes:
    """A secret that nobody has."""
    return secrets.token_bytes(totp.SECRET_BYTES)


def prove(person: Person, code: str, at: datetime, bound_to: str = "", *, address: str | None = None) -> Proof:
    """The person shows a code of his second factor; it is good once. Raises CannotProve, TooManyTries.

    `bound_to` names what the code confirms. Call it before the transaction of what is confirmed: a wrong code must
    stay counted when that is refused.
    """
    name = person.username
    tries.begin(kind=SignInTry.Kind.CODE, name=name, address=address, at=at)
    try:
        with transaction.atomic():
            factor, step = _use(person, code, at)
    except (CannotProve, IntegrityError) as refusal:
        tries.note_wrong(kind=SignInTry.Kind.CODE, name=name, at=at)
        raise CannotProve(_used() if isinstance(refusal, IntegrityError) else str(refusal)) from refusal
    tries.succeeded(kind=SignInTry.Kind.CODE, name=name, address=address, at=at)
    trail.record("second-factor.shown", factor, by=person, at=at, step=step, bound_to=bound_to)
    return Proof(person, factor, at, step, bound_to, maker=MAKER)


@transaction.atomic
def set_up(
    *,
    person: Person,
    secret: bytes,
    code: str,
    at: datetime,
    proof: Proof | None = None,
    session_key: str = "",
) -> Factor:
    """Take this secret as the person's second factor, once its code shows that the authenticator has it.

    Whoever has one already replaces it with a proof of the old one. All sessions but `session_key` end. Raises
    CannotSetUp.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    old = live(person)
    if old is not None and not _replaces(old, proof, person, at):
        raise CannotSetUp(_("Show a code of your present second factor first."))
    step = totp.matching_step(secret, code, at)
    if step is None:
        raise CannotSetUp(_("This code does not fit. Check the clock of the phone and type the code it shows now."))
    if old is not None:
        end(factor=old, at=at)
    sealed = box(BOX).encrypt(secret).decode()
    factor = Factor.objects.create(person=person, secret=sealed, confirmed_at=at, last_step=step)
    sessions.end_all(person=person, because=SignIn.End.CHANGED, at=at, but=session_key)
    trail.record("second-factor.set-up", factor, by=person, at=at, replaces=old and old.pk)
    return factor


def end(*, factor: Factor, at: datetime) -> None:
    """The factor proves nothing from now on."""
    factor.ended_at = at
    factor.save(update_fields=["ended_at"])


def first_proof(factor: Factor, at: datetime) -> Proof:
    """The proof that lies in setting a factor up: its first code was shown."""
    return Proof(factor.person, factor, at, factor.last_step, maker=MAKER)


def _replaces(old: Factor, proof: Proof | None, person: Person, at: datetime) -> bool:
    return proof is not None and proof.factor.pk == old.pk and proof.is_of(person, at=at, bound_to="second-factor")


def _use(person: Person, code: str, at: datetime) -> tuple[Factor, int]:
    """Take the code's time step, which nobody can take again."""
    factor = _locked(person)
    if factor is None:
        raise CannotProve(_("You have no second factor yet."))
    step = totp.matching_step(box(BOX).decrypt(factor.secret), code, at)
    if step is None:
        raise CannotProve(_("This code is wrong."))
    if step <= factor.last_step:
        raise CannotProve(_used())
    factor.last_step = step
    factor.save(update_fields=["last_step"])
    return factor, step


def _locked(person: Person) -> Factor | None:
    return Factor.objects.select_for_update().filter(person=person, ended_at__isnull=True).first()


def _used() -> str:
    return _("This code was used already. Wait for the next one.")
