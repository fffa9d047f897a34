"""Who works through the year, and when: days of 2009, and codes that each person shows once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from demo.factors import show_factor
from office import deciding, history
from office.models import Person
from office.proof import Proof
from office.rules import totp
from office.rules.days import SHANGHAI
from office.services import factors, rounds

MORNING: Final = time(9, 0, tzinfo=SHANGHAI)
#: A code is shown at a moment that lies safely inside its step.
INSIDE: Final = 5


@dataclass
class Day:
    """A working day: the moment of its acts, and the codes that were shown just before it."""

    people: Mapping[str, Person]
    on: date
    at: datetime = field(init=False)
    proofs: dict[str, Proof] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.at = datetime.combine(self.on, MORNING)

    def proof_of(self, name: str) -> Proof:
        """Somebody's code of the day: shown once, at a step that he has not used yet."""
        if name not in self.proofs:
            self.proofs[name] = self._shown(name)
            self.at = max(self.at, self.proofs[name].at)
        return self.proofs[name]

    def agree(self, subject: Any, name: str) -> None:
        """Somebody agrees to what was asked for; with a code of its own where the round asks for that."""
        opened = deciding.rounds_of(subject).get(state="open")
        proof = self.bound(name, opened.bound_to) if opened.own_code else self.proof_of(name)
        with history.acting(by=proof.person):
            rounds.vote(
                round=opened, choice="approve", hash_seen=opened.subject_hash, by=proof.person, at=self.at, proof=proof
            )

    def bound(self, name: str, bound_to: str) -> Proof:
        """A code of its own, bound to exactly this."""
        shown = self._shown(name, bound_to)
        self.at = max(self.at, shown.at)
        return shown

    def _shown(self, name: str, bound_to: str = "") -> Proof:
        factor = factors.live(self.people[name])
        free = 0 if factor is None else (factor.last_step + 1) * totp.STEP_SECONDS + INSIDE
        at = max(self.at, datetime.fromtimestamp(free, SHANGHAI))
        return show_factor(self.people[name], at, bound_to)


def people() -> dict[str, Person]:
    """Everybody of the office by his sign-in name."""
    return {one.username: one for one in Person.objects.all()}
