"""Covered on that day, and why: one answer with its reason (docs/rules/enrollment.md, 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Why(StrEnum):
    """Why somebody is not covered on a day."""

    NOT_BORN = "not_born"
    DEAD = "dead"
    NOT_BEGUN = "not_begun"  # a coverage of his begins later
    ENDED = "ended"  # one was ended early
    NOT_RENEWED = "not_renewed"  # one ran out with its year
    NEVER = "never"


@dataclass(frozen=True)
class Span:
    """A standing coverage: its first day, the first day without it, why it began and why it was ended early."""

    first: date
    end: date
    reason: str
    is_basic: bool
    ended_because: str = ""
    coverage: int = 0


@dataclass(frozen=True)
class Answer:
    """Covered by which span; or not, and why, with the span that speaks of it."""

    covered: bool
    why: str
    span: Span | None = None


def answer(day: date, *, born: date, died: date | None, spans: Iterable[Span]) -> Answer:
    """Whether somebody is covered on a day. Death day and birthday are covered days; a basic scheme speaks first."""
    known = sorted(spans, key=lambda span: (not span.is_basic, span.first))
    if day < born:
        return Answer(covered=False, why=Why.NOT_BORN)
    if died is not None and day > died:
        return Answer(covered=False, why=Why.DEAD)
    holding = next((span for span in known if span.first <= day < span.end), None)
    if holding is not None:
        return Answer(covered=True, why=holding.reason, span=holding)
    past = max((span for span in known if span.end <= day), key=lambda span: span.end, default=None)
    if past is not None and past.ended_because:
        return Answer(covered=False, why=Why.ENDED, span=past)
    coming = next((span for span in known if span.first > day), None)
    if coming is not None:
        return Answer(covered=False, why=Why.NOT_BEGUN, span=coming)
    return Answer(covered=False, why=Why.NOT_RENEWED, span=past) if past else Answer(covered=False, why=Why.NEVER)
