"""One answer to "covered on that day, and why"."""

from __future__ import annotations

from datetime import date

import pytest

from enrollment.rules.coverage import Span, Why, answer

pytestmark = pytest.mark.rules

BORN = date(1970, 3, 1)
YEAR = Span(date(2010, 1, 1), date(2011, 1, 1), "paid", is_basic=True)
LEFT = Span(date(2010, 1, 1), date(2010, 6, 1), "paid", is_basic=True, ended_because="transfer")
NEXT = Span(date(2010, 6, 1), date(2011, 1, 1), "transfer", is_basic=True)
MATERNITY = Span(date(2010, 1, 1), date(2011, 1, 1), "paid", is_basic=False)


@pytest.mark.parametrize(
    ("day", "died", "spans", "covered", "why"),
    [
        (date(2010, 1, 1), None, [YEAR], True, "paid"),
        (date(2010, 12, 31), None, [YEAR], True, "paid"),
        (date(2011, 1, 1), None, [YEAR], False, Why.NOT_RENEWED),
        (date(2009, 12, 31), None, [YEAR], False, Why.NOT_BEGUN),
        (date(2010, 5, 31), None, [LEFT], True, "paid"),
        (date(2010, 6, 1), None, [LEFT], False, Why.ENDED),
        (date(2010, 6, 1), None, [NEXT, LEFT], True, "transfer"),
        (date(2010, 5, 1), None, [MATERNITY, YEAR], True, "paid"),
        (date(2010, 5, 1), date(2010, 5, 1), [YEAR], True, "paid"),
        (date(2010, 5, 2), date(2010, 5, 1), [YEAR], False, Why.DEAD),
        (date(2010, 5, 1), date(2010, 5, 1), [], False, Why.DEAD),
        (date(1970, 2, 28), None, [YEAR], False, Why.NOT_BORN),
        (date(2010, 5, 2), None, [], False, Why.NEVER),
    ],
)
def test_the_answer(day, died, spans, covered, why):
    said = answer(day, born=BORN, died=died, spans=spans)
    assert (said.covered, said.why) == (covered, why)


def test_who_moved_away_and_never_enrolled():
    said = answer(date(2010, 5, 2), born=BORN, moved=date(2010, 5, 1), spans=[])
    assert (said.covered, said.why) == (False, Why.MOVED_AWAY)


def test_a_basic_scheme_speaks_first():
    assert answer(date(2010, 5, 1), born=BORN, died=None, spans=[MATERNITY, YEAR]).spans == (YEAR, MATERNITY)
