"""What is noted of a day at the desks: every request with its time, and every act that must be found afterwards."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from django.db import models

from office.models import Act

#: Answers in which the office says in a sentence why it does not do something now.
TOLD: Final = {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
NO_ANSWER: Final = 0


@dataclass(frozen=True)
class Asked:
    """One request: what kind, how long it took in seconds, what came back; 0 where nothing did."""

    kind: str
    seconds: float
    status: int
    words: str = ""

    @property
    def is_told(self) -> bool:
        return self.status in TOLD

    @property
    def is_error(self) -> bool:
        return self.status == NO_ANSWER or (self.status >= HTTPStatus.BAD_REQUEST and not self.is_told)


@dataclass(frozen=True)
class Promise:
    """A clerk saw that something was done: the act that tells it, and the row in which it stands."""

    act: str
    by: str
    subject: str = ""
    facts: tuple[tuple[str, Any], ...] = ()
    model: type[models.Model] = Act
    row: tuple[tuple[str, Any], ...] = ()

    def found(self) -> int:
        """How often it is there: as an act and as a row."""
        acts = Act.objects.filter(name=self.act, kind=Act.Kind.DONE, by__username=self.by)
        if self.subject:
            acts = acts.filter(subject_id=self.subject)
        if self.facts:
            acts = acts.filter(facts__contains=dict(self.facts))
        return min(acts.count(), self.model._default_manager.filter(**dict(self.row)).count())


@dataclass
class Noted:
    """Of all clerks together; adding to a list is safe among threads."""

    asked: list[Asked] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    early: int = 0  # requests before times were looked at
    told: list[str] = field(default_factory=list)  # in a sentence, why something is not done
    broken: list[str] = field(default_factory=list)  # pages without what a clerk looks for on them

    @property
    def errors(self) -> list[str]:
        return [f"{one.status} {one.kind} {one.words}" for one in self.asked if one.is_error] + self.broken

    @property
    def seconds(self) -> list[float]:
        """How long each request took, once the web workers were warm."""
        return [one.seconds for one in self.asked[self.early :]]

    def lost(self) -> dict[Promise, int]:
        """What clerks saw done and is not there as an act and as a row, and how often."""
        apart = {one: times - one.found() for one, times in Counter(self.promises).items()}
        return {one: times for one, times in apart.items() if times > 0}

    def by_kind(self) -> dict[str, list[float]]:
        """Seconds of the requests by their kind, the kind with the longest first."""
        found: dict[str, list[float]] = defaultdict(list)
        for one in self.asked[self.early :]:
            found[one.kind].append(one.seconds)
        return dict(sorted(found.items(), key=lambda kind: -quantile(kind[1], 0.95)))


def quantile(seconds: list[float], part: float) -> float:
    """Which of some times so large a part of them does not exceed; the nearest one that was measured."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0
