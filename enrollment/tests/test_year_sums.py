"""Sums of a fund year follow every coverage and contribution; nothing else moves them, nobody waits for a roster."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import Error, connection, connections, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from enrollment.models import Contribution, Coverage, YearMove, YearSum
from enrollment.selectors import participation, year_sums
from enrollment.selectors.year_sums import Sums
from enrollment.tests import factories

pytestmark = pytest.mark.django_db

AT_ONCE = 4


def by_hand(year) -> Sums:
    paid = Contribution.objects.filter(fund_year=year, void_reason="")
    of = paid.aggregate(own=Sum("own"), assisted=Sum("assisted"), collective=Sum("collective"))
    standing = Coverage.objects.standing().filter(fund_year=year, reason__in=["paid", "assisted"])
    return Sums(standing.count(), *(of[name] or Decimal(0) for name in ("own", "assisted", "collective")))


@pytest.fixture
def year():
    return factories.fund_year()


def void(coverage: Coverage) -> None:
    paid = coverage.contribution
    assert paid is not None
    Coverage.objects.filter(pk=coverage.pk).update(void_reason="x")
    Contribution.objects.filter(pk=paid.pk).update(void_reason="x")


def test_they_follow_in_the_same_transaction(year):
    assert year_sums.of_year(year) == Sums()
    first = factories.pay(factories.member(), year)
    factories.pay(factories.member(factories.household("2"), name="马大"), year, own=0)
    assert year_sums.of_year(year) == by_hand(year)
    assert year_sums.of_year(year).coverages == 2
    void(first)
    assert year_sums.of_year(year) == by_hand(year)
    assert year_sums.of_year(year).coverages == 1
    with transaction.atomic():
        factories.pay(factories.member(factories.household("3"), name="马二"), year)
        transaction.set_rollback(True)
    assert year_sums.of_year(year) == by_hand(year)


def test_a_year_knows_nothing_of_another(year):
    factories.pay(factories.member(), year)
    assert year_sums.of_year(factories.fund_year(year.scheme, 2011)) == Sums()


def test_who_has_two_records_counts_once(year):
    kept, double, alone = (factories.member(factories.household(number)) for number in "123")
    factories.pay(kept, year)
    factories.pay(double, year)
    assert participation.enrolled_of(year) == 2
    factories.merge(double, kept)
    assert year_sums.of_year(year).coverages == 2
    assert participation.enrolled_of(year) == 1
    void(Coverage.objects.get(member=kept))
    assert participation.enrolled_of(year) == 1
    other = factories.member(factories.household("4"))
    factories.pay(other, year)
    factories.merge(other, alone)
    assert participation.enrolled_of(year) == 2


def test_the_register_has_one_paid_coverage_of_a_record_and_year(year):
    """Otherwise coverages that are added up would not be people."""
    one = factories.pay(factories.member(), year)
    with pytest.raises(Error, match="coverage_paid_once_a_year"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enrollment_coverage SET period = '[2010-01-01,2010-02-01)', ended_because = 'left';"
            "INSERT INTO enrollment_coverage (member_id, scheme_id, is_basic, fund_year_id, period, reason,"
            " contribution_id, ended_because, noted_by_id, noted_at, void_reason)"
            " SELECT member_id, scheme_id, is_basic, fund_year_id, '[2010-03-01,2010-04-01)', reason, contribution_id,"
            " '', noted_by_id, noted_at, '' FROM enrollment_coverage WHERE id = %s",
            [one.pk],
        )


def test_however_many_there_are_it_takes_the_same_statements(year):
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            participation.enrolled_of(year)
        return len(seen)

    counts = []
    for pairs in (1, 3):
        for number in range(pairs):
            kept, double = (factories.member(factories.household(f"{pairs}-{number}-{place}")) for place in "12")
            factories.pay(kept, year)
            factories.merge(double, kept)
        counts.append(asked())
    assert counts == [3, 3]


def test_nobody_moves_a_year_by_himself(year):
    factories.pay(factories.member(), year)
    for sql in (
        "UPDATE enrollment_yearsum SET own = 0",
        "DELETE FROM enrollment_yearsum",
        "INSERT INTO enrollment_yearsum (fund_year_id, coverages, own, assisted, collective) VALUES (1, 0, 0, 0, 0)",
        "UPDATE enrollment_yearmove SET own = 0",
        "DELETE FROM enrollment_yearmove",
        "INSERT INTO enrollment_yearmove SELECT * FROM enrollment_yearmove",
    ):
        with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert year_sums.of_year(year) == by_hand(year)


@pytest.mark.django_db(transaction=True)
def test_the_year_follows_when_the_transaction_ends_and_the_move_is_gone(year):
    factories.pay(factories.member(), year)
    kept = YearSum.objects.get(fund_year=year)
    assert (kept.coverages, kept.own) == (1, Decimal(20))
    assert not YearMove.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_whoever_is_still_writing_and_nothing_is_lost(year):
    """Several write at once: each does all its work before any of them ends."""
    people = [factories.member(factories.household(f"{number}"), name=f"马{number}") for number in range(AT_ONCE)]
    written = threading.Barrier(AT_ONCE, timeout=30)

    def one(who) -> None:
        try:
            with transaction.atomic():
                factories.pay(who, year)
                written.wait()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[who]) for who in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert year_sums.of_year(year) == by_hand(year)
    assert year_sums.of_year(year).coverages == AT_ONCE
