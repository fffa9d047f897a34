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
    MOVED_AWAY = "moved_away"
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
    """Covered by which spans, a basic scheme first; or not, and why, with the span that speaks of it."""

    covered: bool
    why: str
    spans: tuple[Span, ...] = ()


def answer(
    day: date, *, born: date, died: date | None = None, moved: date | None = None, spans: Iterable[Span]
) -> Answer:
    """Whether somebody is covered on a day. Death day and birthday are covered days; a basic scheme speaks first."""
    known = sorted(spans, key=lambda span: (not span.is_basic, span.first))
    if day < born:
        return Answer(covered=False, why=Why.NOT_BORN)
    if died is not None and day > died:
        return Answer(covered=False, why=Why.DEAD)
    holding = tuple(span for span in known if span.first <= day < span.end)
    if holding:
        return Answer(covered=True, why=holding[0].reason, spans=holding)
    if died is not None and day >= died:
        return Answer(covered=False, why=Why.DEAD)
    if moved is not None and day >= moved:
        return Answer(covered=False, why=Why.MOVED_AWAY)
    return _uncovered(day, known)


def _uncovered(day: date, known: list[Span]) -> Answer:
    past = max((span for span in known if span.end <= day), key=lambda span: span.end, default=None)
    if past is not None and past.ended_because:
        return Answer(covered=False, why=Why.ENDED, spans=(past,))
    coming = next((span for span in known if span.first > day), None)
    if coming is not None:
        return Answer(covered=False, why=Why.NOT_BEGUN, spans=(coming,))
    if past is not None:
        return Answer(covered=False, why=Why.NOT_RENEWED, spans=(past,))
    return Answer(covered=False, why=Why.NEVER)
