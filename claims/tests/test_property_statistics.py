"""Over random claims, appeals and reversals a sheet says what one counts by hand, decision after decision."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date

import pytest

from claims.models import AppealGrant, Reversal
from claims.rules import statistics as rules
from claims.selectors import statistics
from claims.tests import figures
from claims.tests.figures import House

pytestmark = pytest.mark.django_db

SPANS = (
    ("year", date(2009, 1, 1)),
    ("year", date(2010, 1, 1)),
    ("quarter", date(2009, 10, 1)),
    ("quarter", date(2010, 1, 1)),
    ("month", date(2010, 3, 1)),
    ("month", date(2010, 2, 1)),
)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_sheet_says_what_one_counts_by_hand(appoint, seed):
    house = House.of(appoint)
    house.play(seed)
    assert AppealGrant.objects.exists()
    assert Reversal.objects.exists()
    for span, first in SPANS:
        days = first, rules.last_of(span, first)
        rows = statistics.rows(house.desk.scheme, span, first)
        told = {row.place: list(astuple(row.this)) for row in rows if row.this != rules.Sums()}
        before = {row.place: list(astuple(row.before)) for row in rows if row.before != rules.Sums()}
        assert told == figures.by_hand(*days), (span, first)
        assert before == figures.by_hand(*rules.year_before(span, first)), (span, first)


def test_the_parts_of_a_table_are_its_whole(appoint):
    """Whatever claims are told apart by, the groups of a table come to the whole of stays, or of visits."""
    house = House.of(appoint)
    house.play(3, claims=12)
    rows = statistics.rows(house.desk.scheme, "year", date(2010, 1, 1))
    for part in (rules.STAY, rules.VISIT):
        [whole] = [row for row in rows if (row.part, row.table) == (part, rules.WHOLE)]
        for table in rules.TABLES:
            groups = [row for row in rows if (row.part, row.table) == (part, table)]
            assert sum((row.this for row in groups), rules.Sums()) == whole.this
            assert sum((row.before for row in groups), rules.Sums()) == whole.before
