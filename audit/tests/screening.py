"""What tests of screens share: what a screen finds among the claims that are there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from audit.screens.registry import SCREENS
from audit.selectors import screens as selectors
from audit.services import screening
from audit.services.screening_tables import Span, laid_out

SPAN = Span(date(2010, 1, 1), date(2010, 12, 31))


@dataclass(frozen=True)
class Hit:
    """A hit as the statement gives it."""

    claims: list[int]
    figures: dict[str, Any]
    money: Decimal
    score: int
    member: int | None
    provider: int | None
    village: int | None
    clerk: int | None
    doctor: str | None

    @property
    def story(self) -> str:
        return str(self.figures.get("story", ""))

    @property
    def told(self) -> str:
        """Its evidence in words."""
        return str(SCREENS[str(self.figures["screen"])].stories[self.story]) % self.figures


def hits(code: str, span: Span = SPAN, **values: int) -> list[Hit]:
    """What one screen finds, by default as it is set for the span's first day."""
    screen = SCREENS[code]
    set_so = selectors.values_of(screen, selectors.in_force(span.first))
    with laid_out(span, votes=screen.reads_votes), connection.cursor() as cursor:
        screening.find(cursor, screen, span, set_so | {name: Decimal(value) for name, value in values.items()})
        cursor.execute(
            "SELECT claims, figures::text, money, score, member_id, provider_id, village_id, clerk_id, doctor FROM"
            " audit_hit ORDER BY score DESC, money DESC, key"
        )
        rows = cursor.fetchall()
    return [Hit(row[0], json.loads(row[1]) | {"screen": code}, *row[2:]) for row in rows]


def found(code: str, span: Span = SPAN, **values: int) -> list[set[int]]:
    """Of each hit its claims."""
    return [set(one.claims) for one in hits(code, span, **values)]
