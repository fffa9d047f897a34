"""What is known of a subject that is being decided, asked once and under the lock: its rounds, the seats, the votes.

Order of locks, everywhere: the rounds of the subject by number, then the subject.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from office import deciding
from office.deciding import Matter
from office.models.rounds import Round


@dataclass(frozen=True)
class Docket:
    """A subject as it is now, and all its rounds, the oldest first; nobody else moves any of them."""

    matter: Matter
    subject: Any
    rounds: list[Any]

    def now(self, round_: Round) -> Any:
        """One of its rounds as it is now."""
        return next(one for one in self.rounds if one == round_)


def lock(subject_type: str, subject_id: str) -> Docket:
    """Whoever looks at one round of a subject, or at the subject, looks alone."""
    matter = deciding.matter_of(subject_type)
    rounds = lock_rounds(matter.family.round, subject_type, subject_id)
    found = matter.model._default_manager.select_for_update(of=["self"])
    if matter.known:
        found = found.select_related(*matter.known)
    return Docket(matter, found.get(pk=subject_id), rounds)


def lock_rounds(model: type[Round], subject_type: str, subject_id: str) -> list[Any]:
    """All rounds of a subject, locked by number."""
    found = model._default_manager.filter(subject_type=subject_type, subject_id=subject_id)
    return list(found.select_for_update(no_key=True, of=["self"]).order_by("pk"))


def seats_of(rounds: Iterable[Any], family: deciding.Family) -> list[Any]:
    """The seats of some rounds, in their order; each with what was `said` from it: voter, for whom, choice, or None."""
    votes: models.QuerySet[Any] = family.vote._default_manager.filter(seat=OuterRef("pk")).order_by()
    said = JSONObject(voter="voter_id", for_whom="for_whom_id", choice="choice")
    found = family.seat._default_manager.filter(round__in=[one.pk for one in rounds])
    return list(found.annotate(said=Subquery(votes.values(of_it=said))).order_by("pk"))
