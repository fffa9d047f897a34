"""Which steps decide a claim: limits by kind, region and basis, claims added up, verifications without an answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from claims.rules import routes
from claims.rules.routes import Figures, LimitRow, Stage, Why

pytestmark = pytest.mark.rules

FIRST, VERIFY, SECOND, HEAD, COMMITTEE = Stage
HEAD_LIMIT = LimitRow(HEAD, "proposed_payment", Decimal(10_000))
COMMITTEE_LIMIT = LimitRow(COMMITTEE, "proposed_payment", Decimal(30_000))
VERIFY_STAY = LimitRow(VERIFY, "total_cost", Decimal(3_000), "inpatient", "outside")
VERIFY_VISIT = LimitRow(VERIFY, "total_cost", Decimal(500), "outpatient", "outside")
VERIFY_ANY = LimitRow(VERIFY, "total_cost", Decimal(10_000))
ALL = (HEAD_LIMIT, COMMITTEE_LIMIT, VERIFY_STAY, VERIFY_VISIT, VERIFY_ANY)


def figures(total: str, proposed: str, kind: str = "inpatient", region: str = "county") -> Figures:
    return Figures(kind, region, Decimal(total), Decimal(proposed))


def stages(claim: Figures, *others: Figures, limits=ALL, **more: bool) -> list[Stage]:
    return [step.stage for step in routes.route(limits, claim, others, **more)]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (figures("1900", "1200"), [FIRST, SECOND]),
        (figures("9999.99", "10000"), [FIRST, SECOND]),  # at a decision's limit: not above it
        (figures("9999.99", "10000.01"), [FIRST, SECOND, HEAD]),
        (figures("10000", "6000"), [FIRST, VERIFY, SECOND]),  # a verification is taken by what reaches its limit
        (figures("42000", "37170"), [FIRST, VERIFY, SECOND, HEAD, COMMITTEE]),
        (figures("2999.99", "900", region="outside"), [FIRST, SECOND]),
        (figures("3000", "900", region="outside"), [FIRST, VERIFY, SECOND]),
        (figures("500", "200", "outpatient", "outside"), [FIRST, VERIFY, SECOND]),
        (figures("499.99", "200", "outpatient", "outside"), [FIRST, SECOND]),
        (figures("3000", "900", "injury", "outside"), [FIRST, SECOND]),
        (figures("60000", "0"), [FIRST, VERIFY, SECOND]),  # no plan has said yet what it comes to
    ],
)
def test_each_step_has_its_limit(claim, expected):
    assert stages(claim) == expected


def test_without_limits_two_check():
    assert stages(figures("900000", "800000"), limits=()) == [FIRST, SECOND]


class TestTheClosestRowCounts:
    def test_kind_before_region_before_any(self):
        any_, of_region, of_kind, of_both = (
            LimitRow(HEAD, "total_cost", Decimal(amount), kind, region)
            for amount, kind, region in [
                (1, "", ""),
                (2, "", "outside"),
                (3, "inpatient", ""),
                (4, "inpatient", "outside"),
            ]
        )
        claim = figures("100", "0", region="outside")
        for known, binding in (
            ((any_,), any_),
            ((any_, of_region), of_region),
            ((of_kind, of_region, any_), of_kind),
            ((of_both, of_kind, of_region, any_), of_both),
        ):
            assert [step.limit for step in routes.route(known, claim) if step.limit] == [binding]

    def test_a_narrow_row_may_also_relax(self):
        narrow = LimitRow(HEAD, "proposed_payment", Decimal(50_000), "delivery")
        assert HEAD not in stages(figures("60000", "40000", "delivery"), limits=(HEAD_LIMIT, narrow))

    def test_bases_stand_beside_each_other(self):
        by_cost = LimitRow(HEAD, "total_cost", Decimal(5_000))
        assert HEAD in stages(figures("6000", "100"), limits=(HEAD_LIMIT, by_cost))
        assert HEAD in stages(figures("5000", "10000.01"), limits=(HEAD_LIMIT, by_cost))


class TestAddingUp:
    def test_what_is_split_is_added_up(self):
        claim, other = figures("9000", "6000"), figures("9000", "6000")
        assert HEAD not in stages(claim)
        assert HEAD in stages(claim, other)
        step = next(one for one in routes.route((HEAD_LIMIT,), claim, (other,)) if one.stage == HEAD)
        assert (step.why, step.amount, step.added) == (Why.LIMIT, Decimal(6_000), Decimal(6_000))

    def test_only_what_the_limit_is_for(self):
        visit = figures("100", "50", "outpatient", "outside")
        stay = figures("9000", "0", "inpatient", "outside")
        assert VERIFY not in stages(visit, stay, limits=(VERIFY_VISIT,))
        assert VERIFY in stages(visit, figures("400", "0", "outpatient", "outside"), limits=(VERIFY_VISIT,))

    def test_a_claim_of_nothing_is_not_caught_by_others(self):
        assert HEAD not in stages(figures("50", "0"), figures("90000", "60000"), limits=(HEAD_LIMIT,))

    def test_thirty_days_before_and_after(self):
        assert routes.window(date(2010, 3, 31)) == (date(2010, 3, 1), date(2010, 4, 30))


class TestIntakeAsFirstCheck:
    def test_under_every_limit(self):
        assert stages(figures("1900", "1200"), intake_checks=True) == [SECOND]

    def test_not_where_a_limit_catches(self):
        assert stages(figures("60000", "40000"), intake_checks=True)[0] == FIRST
        assert stages(figures("1900", "1200"), intake_checks=True, is_unanswered=True)[0] == FIRST


class TestUnanswered:
    def test_the_committee_decides(self):
        steps = routes.route(ALL, figures("3000", "900", region="outside"), is_unanswered=True)
        assert [step.stage for step in steps] == [FIRST, VERIFY, SECOND, COMMITTEE]
        assert steps[-1].why == Why.UNANSWERED

    def test_a_limit_says_more(self):
        assert routes.route(ALL, figures("60000", "40000"), is_unanswered=True)[-1].why == Why.LIMIT


@pytest.mark.parametrize(
    ("steps", "stage", "following"),
    [
        ((FIRST, VERIFY, SECOND), FIRST, VERIFY),
        ((FIRST, SECOND), FIRST, SECOND),
        ((FIRST, SECOND), VERIFY, SECOND),  # a cut took the verification out of the route
        ((FIRST, SECOND, COMMITTEE), SECOND, COMMITTEE),
        ((FIRST, SECOND), SECOND, ""),
        ((FIRST, SECOND, HEAD), COMMITTEE, ""),
    ],
)
def test_what_follows(steps, stage, following):
    assert routes.after(steps, stage) == following


def test_under_all_limits():
    assert routes.is_under_all((FIRST, SECOND))
    assert routes.is_under_all((SECOND,))
    assert not routes.is_under_all((FIRST, VERIFY, SECOND))
    assert not routes.is_under_all((FIRST, SECOND, HEAD))
