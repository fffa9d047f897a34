"""Separation of duties: the rule, and the database that refuses what breaks it."""

from __future__ import annotations

import contextlib
import threading
from datetime import date
from itertools import combinations

import psycopg
import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from office.models import Appointment, Duty, DutyExclusion
from office.rules import duties
from office.tests import factories
from tests import servers

ALL = sorted(Duty.values)


def give(person, body, duty, start=date(2009, 1, 1), end=None) -> Appointment:
    return factories.give(person, duty, body, start, end)


@pytest.mark.rules
class TestRule:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            pytest.param("cashier", "fund_accountant", True, id="the cashier keeps no books"),
            pytest.param("fund_accountant", "accounting_head", True, id="maker and checker of a voucher"),
            pytest.param("first_checker", "second_checker", True, id="both checks"),
            pytest.param("intake_clerk", "second_checker", True, id="intake and second check"),
            pytest.param("intake_clerk", "first_checker", False, id="intake and first check: by setting, on a claim"),
            pytest.param("hospital_desk", "office_head", True, id="who sends decides nothing"),
            pytest.param("committee_secretary", "committee_member", True, id="the secretary has no vote"),
            pytest.param("office_head", "committee_chair", False, id="the head may chair"),
            pytest.param("internal_auditor", "township_clerk", True, id="auditors do no business"),
            pytest.param("internal_auditor", "state_auditor", False, id="auditors among themselves"),
            pytest.param("system_administrator", "security_administrator", True, id="the three apart"),
            pytest.param("security_auditor", "internal_auditor", True, id="the three from all others"),
        ],
    )
    def test_pairs(self, one, other, expected):
        assert duties.excludes(one, other) is expected
        assert duties.excludes(other, one) is expected

    def test_every_name_is_a_duty(self):
        assert {duty for pair in duties.EXCLUDED for duty in pair} <= set(Duty.values)


@pytest.mark.django_db
class TestDatabase:
    def test_it_holds_the_same_pairs(self):
        assert set(DutyExclusion.objects.values_list("first", "second")) == set(duties.EXCLUDED)

    def test_it_refuses_every_pair_of_the_rule_and_no_other(self, appoint, county):
        person = appoint("eve")
        refused = set()
        for one, other in combinations(ALL, 2):
            with transaction.atomic():
                give(person, county, one)
                try:
                    with transaction.atomic():
                        give(person, county, other)
                except IntegrityError:
                    refused.add((one, other))
                transaction.set_rollback(True)
        assert refused == set(duties.EXCLUDED)

    def test_one_after_the_other_is_well(self, appoint, county):
        person = appoint("eve")
        give(person, county, Duty.CASHIER, date(2009, 1, 1), date(2010, 1, 1))
        later = give(person, county, Duty.FUND_ACCOUNTANT, date(2010, 1, 1))
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.filter(pk=later.pk).update(period=DateRange(date(2009, 12, 31), None))

    def test_the_run_time_role_cannot_soften_the_rule(self):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE office_dutyexclusion SET second = 'x'")


LOCK = " FOR NO KEY UPDATE"


@pytest.mark.django_db(transaction=True)
class TestRace:
    def give_both(self, person, body) -> set[str]:
        """Two excluding duties at the same moment: the second is inserted while the first is not yet committed."""
        inserted, tried = threading.Event(), threading.Event()

        def first() -> None:
            with transaction.atomic():
                give(person, body, Duty.TOWNSHIP_CLERK)
                inserted.set()
                tried.wait(0.5)  # with the lock the second cannot get on before our commit
            connections.close_all()

        def second() -> None:
            inserted.wait()
            with contextlib.suppress(IntegrityError), transaction.atomic():
                give(person, body, Duty.INTERNAL_AUDITOR)
                tried.set()
            connections.close_all()

        threads = [threading.Thread(target=one) for one in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return set(Appointment.objects.filter(person=person).values_list("duty", flat=True))

    def test_two_at_the_same_moment_are_never_both_given(self, appoint, county):
        assert self.give_both(appoint("eve"), county) == {Duty.TOWNSHIP_CLERK}

    def test_without_the_lock_both_are_given(self, appoint, county, settings):
        """The negative control."""
        owner = psycopg.connect(servers.owner_dsn(settings.DATABASES["default"]["NAME"]), autocommit=True)
        guards = []
        with owner:
            for function in ("office_duties_stay_apart", "office_guard_duty_of_leaver"):  # both lock the person
                [guard] = owner.execute(f"SELECT pg_get_functiondef('{function}'::regproc)").fetchone()
                assert LOCK in guard
                guards.append(guard)
                owner.execute(guard.replace(LOCK, ""))
            try:
                assert self.give_both(appoint("eve"), county) == {Duty.TOWNSHIP_CLERK, Duty.INTERNAL_AUDITOR}
            finally:
                for guard in guards:
                    owner.execute(guard)
