"""What a month's wage comes to; the cases stand in docs/rules/enrollment.md too."""

from __future__ import annotations

from decimal import Decimal

import pytest

from enrollment.rules.wages import Terms, monthly

pytestmark = pytest.mark.rules

SIX_AND_TWO = Terms(Decimal(6), Decimal(2), floor=Decimal("1692.50"), ceiling=Decimal("8462.50"))


@pytest.mark.parametrize(
    ("wage", "base", "employer", "person"),
    [
        pytest.param("2820.83", "2820.83", "169.25", "56.42", id="between the bounds"),
        pytest.param("1692.49", "1692.50", "101.55", "33.85", id="a fen below the floor"),
        pytest.param("1692.50", "1692.50", "101.55", "33.85", id="the floor itself"),
        pytest.param("8462.50", "8462.50", "507.75", "169.25", id="the ceiling itself"),
        pytest.param("8462.51", "8462.50", "507.75", "169.25", id="a fen above the ceiling"),
        pytest.param("0", "1692.50", "101.55", "33.85", id="no wage at all"),
        pytest.param("2000.25", "2000.25", "120.02", "40.01", id="half a fen goes up"),
    ],
)
def test_a_month(wage, base, employer, person):
    month = monthly(Decimal(wage), SIX_AND_TWO)
    assert (month.base, month.employer, month.person) == (Decimal(base), Decimal(employer), Decimal(person))
    assert month.together == Decimal(employer) + Decimal(person)


def test_the_retired_pay_nothing():
    month = monthly(Decimal(3000), Terms(Decimal(0), Decimal(0), Decimal(0), Decimal(0)))
    assert (month.base, month.together) == (0, 0)
