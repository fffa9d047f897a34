"""Tokens of the hospitals' door: given by the security administrator to a hospital, shown once, taken back
(docs/hospital-door.md).

A token acts for one person of the hospital's desk; whether he may still is asked at every request
(claims/selectors/door.py).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import DoorToken, Provider
from claims.rules import door as rules
from claims.selectors import door as selectors
from office import trail
from office.models import Person
from office.proof import Proof
from office.rules import days

GIVE: Final = "claims.add_doortoken"
REVOKE: Final = "claims.change_doortoken"
VIEW: Final = "claims.view_doortoken"
LONGEST: Final = timedelta(days=366)


class CannotGive(Exception):
    """No token was given or taken back; the message is written for the administrator."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True)
class Stated:
    """What is said of a token: whose it is, for whom it acts, what it is called, until when it opens the door."""

    provider: Provider
    acts_for: Person
    label: str
    last: date


@transaction.atomic
def give(*, stated: Stated, by: Person, at: datetime, proof: Proof | None, text: str = "") -> tuple[DoorToken, str]:
    """Give a hospital a token; gives its text, which nobody can be shown again. `text` is the demo's, which everybody
    may know. Raises CannotGive."""
    _refuse_without_proof(proof, by, at)
    provider = Provider.objects.select_for_update().get(pk=stated.provider.pk)
    person = Person.objects.select_for_update().get(pk=stated.acts_for.pk)
    if person.pk == by.pk:
        raise CannotGive(_("Nobody gives himself a token."), "acts_for")
    if bar := selectors.bar_of(provider, person, days.business_day(at)):
        raise CannotGive(str(bar.kind.title), "acts_for" if bar.code in selectors.OF_THE_PERSON else "provider")
    ends_at = timezone.make_aware(datetime.combine(stated.last, time.min)) + days.ONE_DAY
    if not at < ends_at <= at + LONGEST + days.ONE_DAY:
        raise CannotGive(_("A token opens the door until a day from today on, a year at most."), "last")
    text = text or rules.made(secrets.choice)
    token = DoorToken.objects.create(
        provider=provider,
        acts_for=person,
        label=stated.label,
        prefix=rules.prefix_of(text),
        sha256=rules.hash_of(text),
        ends_at=ends_at,
        given_by=by,
        given_at=at,
    )
    trail.record(
        "door-token.given", token, by=by, at=at, right=GIVE, proof=proof, provider=provider.pk, acts_for=person.pk,
        begins=token.prefix, ends_at=ends_at,
    )  # fmt: skip
    return token, text


@transaction.atomic
def revoke(*, token: DoorToken, reason: str, by: Person, at: datetime, proof: Proof | None) -> None:
    """Take a token back: the next request with it is refused. Raises CannotGive."""
    _refuse_without_proof(proof, by, at)
    current = DoorToken.objects.select_for_update().get(pk=token.pk)
    if current.revoked_at:
        raise CannotGive(_("This token was taken back already."))
    current.revoked_at, current.revoked_by = at, by
    current.save(update_fields=["revoked_at", "revoked_by"])
    trail.record("door-token.revoked", current, by=by, at=at, right=REVOKE, proof=proof, reason=reason)


def _refuse_without_proof(proof: Proof | None, by: Person, at: datetime) -> None:
    if proof is None or not proof.is_of(by, at=at):
        raise CannotGive(_("Show your second factor first."))
