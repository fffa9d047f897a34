"""The proof that a person showed his second factor: what services ask for before they decide, pay or administer.

Made by `office.services.factors.prove` alone, so that neither an import nor the demo goes around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime

from office.models import Factor, Person

SESSION_KEY = "second_factor"
MAKER = object()


@dataclass(frozen=True)
class Proof:
    """One code of one time step, shown by one person; `bound_to` names what it confirms (hash and amount)."""

    person: Person
    factor: Factor
    at: datetime
    step: int
    bound_to: str = ""
    maker: InitVar[object] = None

    def __post_init__(self, maker: object) -> None:
        if maker is not MAKER:
            raise TypeError("A proof is made by office.services.factors.prove.")

    def is_of(self, person: Person, *, at: datetime, bound_to: str = "") -> bool:
        """Whether it is this person's, fresh, and bound to exactly this."""
        return self.person.pk == person.pk and self.bound_to == bound_to and _is_fresh(self.at, at)


def mark(proof: Proof) -> dict[str, Any]:
    """What a session remembers of a proof that confirms nothing in particular."""
    return {
        SESSION_KEY: {
            "factor": proof.factor.pk,
            "at": proof.at.isoformat(),
            "step": proof.step,
        }
    }


def fresh(session: Mapping[str, Any], at: datetime) -> Proof | None:
    """The second factor that was shown in this session within SECOND_FACTOR_FRESH (15 minutes), if it still lives."""
    said = session.get(SESSION_KEY)
    shown_at = parse_datetime(said["at"]) if said else None
    if said is None or shown_at is None or not _is_fresh(shown_at, at):
        return None
    factor = Factor.objects.select_related("person").filter(pk=said["factor"], ended_at__isnull=True).first()
    return Proof(factor.person, factor, shown_at, said["step"], maker=MAKER) if factor else None


def _is_fresh(shown_at: datetime, at: datetime) -> bool:
    return bool(shown_at <= at <= shown_at + settings.SECOND_FACTOR_FRESH)
