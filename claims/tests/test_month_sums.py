"""Months of claims follow every decision, single or in bulk, to the fen; nothing else moves them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction

from claims.models import AppealGrant, Approval, MonthMove, MonthSum, Reversal
from claims.selectors import month_sums
from claims.selectors.month_sums import FIGURES, Granted
from claims.tests.figures import House, won_by
from conftest import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FIRST, LAST = date(2009, 1, 1), date(2010, 12, 31)
Key = tuple[date, str, str, str]


def settle() -> None:
    """What the end of the transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS month_follows IMMEDIATE; SET CONSTRAINTS month_follows DEFERRED")


def by_hand() -> dict[Key, list[Decimal]]:
    """Every decision on its own month, one after the other."""
    found: dict[Key, list[Decimal]] = {}

    def add(on: date, claim, more: list[Decimal]) -> None:
        key = (on.replace(day=1), claim.kind, claim.level, claim.region)
        known = found.setdefault(key, [Decimal(0)] * 7)
        found[key] = [one + other for one, other in zip(known, more, strict=True)]

    for one in Approval.objects.select_related("claim"):
        given = [Decimal(1), one.total, one.cut, one.eligible, one.own_items, one.fund_pays, one.patient_pays]
        won = [Decimal(0)] * 7
        add(one.approved_on, one.claim, given)
        if grant := AppealGrant.objects.filter(approval=one).first():
            _times, _total, eligible, own, adds, saves = won_by(grant)
            won = [Decimal(0), Decimal(0), -grant.restored, eligible, own, adds, saves]
            add(grant.granted_on, one.claim, won)
        if back := Reversal.objects.filter(approval=one).first():
            add(back.on, one.claim, [-was - more for was, more in zip(given, won, strict=True)])
    return found


def kept(scheme) -> dict[Key, list[Decimal]]:
    return {
        (one.month, one.kind, one.level, one.region): [
            Decimal(one.granted.times), one.granted.total, one.granted.cut, one.granted.eligible,
            one.granted.own_items, one.granted.fund_pays, one.granted.patient_pays,
        ]
        for one in month_sums.of_months(scheme, FIRST, LAST)
    }  # fmt: skip


@pytest.mark.parametrize("seed", [4, 5])
def test_a_month_says_what_one_counts_by_hand(appoint, seed):
    house = House.of(appoint)
    house.play(seed)
    assert AppealGrant.objects.exists()
    assert Reversal.objects.exists()
    assert not MonthSum.objects.exists()  # they follow when the transaction ends
    settle()
    assert kept(house.desk.scheme) == by_hand()
    by_month: Counter[date] = Counter()
    for key, sums in by_hand().items():
        by_month[key[0]] += sums[5]
    assert month_sums.fund_pays_by_month(house.desk.scheme, FIRST, LAST) == dict(by_month)
    moved = Granted()
    for one in MonthMove.objects.all():
        moved += Granted(*(getattr(one, name) for name in FIGURES))
    groups = month_sums.of_months(house.desk.scheme, FIRST, LAST)
    assert month_sums.together(groups) == moved
    assert {one.is_outside for one in groups} == {one.is_stay for one in groups} == {True, False}
    assert moved.asked == moved.total
    assert moved.deducted == moved.cut


def test_nobody_moves_a_month_by_himself(appoint):
    house = House.of(appoint)
    house.approved(NOON)
    settle()
    before = list(MonthSum.objects.values_list(*FIGURES))
    for sql in (
        "UPDATE claims_monthsum SET times = 0",
        "DELETE FROM claims_monthsum",
        "UPDATE claims_monthmove SET times = 0",
        "INSERT INTO claims_monthmove SELECT * FROM claims_monthmove",
    ):
        with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert list(MonthSum.objects.values_list(*FIGURES)) == before
