"""Second factors: a code is good once, whoever asks, however fast, whatever program writes the SQL."""

from __future__ import annotations

import threading
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings as office_settings
from django.db import IntegrityError, connection, connections, transaction

from conftest import NOON, SECRET, code, with_factor
from office import proof
from office.models import Factor, SignInTry
from office.rules import totp
from office.services import factors, tries
from tests import servers

pytestmark = pytest.mark.django_db

SOON = NOON + timedelta(seconds=30)


@pytest.fixture
def factor(sam):
    return with_factor(sam, at=NOON)


class TestProve:
    def test_the_right_code_is_a_proof(self, sam, factor):
        shown = factors.prove(sam, code(NOON), NOON, "hash 1,234.50")
        assert (shown.person, shown.factor, shown.step) == (sam, factor, totp.step_of(NOON))
        assert shown.is_of(sam, at=NOON + timedelta(minutes=15), bound_to="hash 1,234.50")

    def test_a_proof_proves_nothing_else(self, sam, ada, factor):
        shown = factors.prove(sam, code(NOON), NOON, "hash 1,234.50")
        assert not shown.is_of(sam, at=NOON, bound_to="hash 9,234.50")
        assert not shown.is_of(sam, at=NOON)
        assert not shown.is_of(ada, at=NOON, bound_to="hash 1,234.50")
        assert not shown.is_of(sam, at=NOON + timedelta(minutes=15, seconds=1), bound_to="hash 1,234.50")

    def test_a_proof_cannot_be_made_by_anybody_else(self, sam, factor):
        with pytest.raises(TypeError, match=r"factors\.prove"):
            proof.Proof(sam, factor, NOON, 1)

    def test_the_same_step_twice_is_refused(self, sam, factor):
        factors.prove(sam, code(NOON), NOON)
        with pytest.raises(factors.CannotProve, match="已使用"):
            factors.prove(sam, code(NOON), NOON + timedelta(seconds=1))

    def test_an_earlier_neighbour_is_refused_after_a_later_one(self, sam, factor):
        factors.prove(sam, code(SOON), NOON)
        with pytest.raises(factors.CannotProve, match="已使用"):
            factors.prove(sam, code(NOON), NOON)

    def test_a_wrong_code_is_refused(self, sam, factor):
        with pytest.raises(factors.CannotProve, match="不正确"):
            factors.prove(sam, code(NOON + timedelta(minutes=5)), NOON)

    def test_who_has_no_factor_proves_nothing(self, ada):
        with pytest.raises(factors.CannotProve, match="尚未启用"):
            factors.prove(ada, "123456", NOON)

    def test_an_ended_factor_proves_nothing(self, sam, factor):
        factors.end(factor=factor, at=NOON)
        with pytest.raises(factors.CannotProve, match="尚未启用"):
            factors.prove(sam, code(NOON), NOON)

    def test_after_five_wrong_codes_the_right_one_is_not_looked_at(self, sam, factor):
        for _try in range(5):
            with pytest.raises(factors.CannotProve):
                factors.prove(sam, "000000", NOON)
        with pytest.raises(tries.TooManyTries):
            factors.prove(sam, code(NOON), NOON)
        later = NOON + timedelta(minutes=15)
        assert factors.prove(sam, code(later), later)

    def test_the_secret_cannot_be_read_from_the_database(self, factor):
        assert SECRET.decode() not in factor.secret
        assert totp.written(SECRET) not in factor.secret


class TestSetUp:
    def test_a_code_of_the_secret_sets_it_up(self, ada):
        made = factors.set_up(person=ada, secret=SECRET, code=code(NOON), at=NOON)
        assert factors.live(ada) == made

    def test_the_code_that_set_it_up_is_used(self, ada):
        factors.set_up(person=ada, secret=SECRET, code=code(NOON), at=NOON)
        with pytest.raises(factors.CannotProve, match="已使用"):
            factors.prove(ada, code(NOON), NOON)

    def test_a_code_that_does_not_fit_sets_up_nothing(self, ada):
        with pytest.raises(factors.CannotSetUp, match="不符"):
            factors.set_up(person=ada, secret=SECRET, code="000000", at=NOON)
        assert factors.live(ada) is None

    @pytest.mark.parametrize("bound_to", [None, "", "something else"])
    def test_it_is_replaced_only_with_a_code_of_the_old_one_for_this(self, sam, factor, bound_to):
        new = b"another secret"
        shown = None if bound_to is None else factors.prove(sam, code(NOON), NOON, bound_to)
        with pytest.raises(factors.CannotSetUp, match="现有的"):
            factors.set_up(person=sam, secret=new, code=code(NOON, new), at=NOON, proof=shown)
        assert factors.live(sam) == factor

    def test_the_old_one_ends_when_it_is_replaced(self, sam, factor):
        new = b"another secret"
        shown = factors.prove(sam, code(NOON), NOON, "second-factor")
        made = factors.set_up(person=sam, secret=new, code=code(NOON, new), at=NOON, proof=shown)
        factor.refresh_from_db()
        assert (factors.live(sam), factor.ended_at) == (made, NOON)


class TestFresh:
    def test_a_session_remembers_a_proof_for_fifteen_minutes(self, sam, factor):
        session = proof.mark(factors.prove(sam, code(NOON), NOON))
        assert proof.fresh(session, NOON + timedelta(minutes=15)).is_of(sam, at=NOON)
        assert proof.fresh(session, NOON + timedelta(minutes=15, seconds=1)) is None
        assert proof.fresh(session, NOON - timedelta(seconds=1)) is None
        assert proof.fresh({}, NOON) is None

    def test_not_when_the_factor_has_ended(self, sam, factor):
        session = proof.mark(factors.prove(sam, code(NOON), NOON))
        factors.end(factor=factor, at=NOON)
        assert proof.fresh(session, NOON) is None


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE office_factor SET last_step = last_step",
        "UPDATE office_factor SET last_step = last_step - 1",
        "UPDATE office_factor SET secret = 'x'",
        "UPDATE office_factor SET person_id = (SELECT id FROM office_person WHERE username = 'ada')",
        (
            "INSERT INTO office_factor (person_id, secret, confirmed_at, last_step) "
            "SELECT person_id, secret, confirmed_at, last_step FROM office_factor"
        ),
    ],
)
def test_the_database_refuses(factor, ada, forbidden):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(forbidden)


def test_an_ended_factor_does_not_come_back(factor):
    factors.end(factor=factor, at=NOON)
    with pytest.raises(IntegrityError):
        Factor.objects.filter(pk=factor.pk).update(ended_at=None)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """One code, shown twice at the same moment: exactly one is accepted."""

    ROUNDS = 20

    def accepted(self, sam, seen: threading.Barrier) -> int:
        done: list[bool] = []

        def show() -> None:
            try:
                seen.wait(20)
                factors.prove(sam, code(NOON), NOON)
                done.append(True)
            except factors.CannotProve:
                done.append(False)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=show) for _each in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(done) == 2
        return done.count(True)

    def test_exactly_one_is_accepted(self, sam):
        for number in range(self.ROUNDS):
            factor = with_factor(sam, at=NOON)
            assert self.accepted(sam, threading.Barrier(2)) == 1, number
            factors.end(factor=factor, at=NOON)

    @pytest.fixture
    def without_lock(self, monkeypatch):
        """Both read the factor before either writes."""
        both_read = threading.Barrier(2)

        def unlocked(person):
            found = Factor.objects.filter(person=person, ended_at__isnull=True).first()
            both_read.wait(20)
            return found

        monkeypatch.setattr(factors, "_locked", unlocked)

    def test_without_the_lock_the_database_still_refuses_one(self, sam, without_lock):
        with_factor(sam, at=NOON)
        assert self.accepted(sam, threading.Barrier(2)) == 1

    def test_without_the_lock_and_the_trigger_both_are_accepted(self, sam, without_lock):
        """The negative control."""
        with_factor(sam, at=NOON)
        trigger = "ALTER TABLE office_factor {} TRIGGER factor_step_only_rises"
        dsn = servers.owner_dsn(office_settings.DATABASES["default"]["NAME"])
        with psycopg.connect(dsn, autocommit=True) as owner:
            owner.execute(trigger.format("DISABLE"))
            try:
                assert self.accepted(sam, threading.Barrier(2)) == 2
            finally:
                owner.execute(trigger.format("ENABLE"))


@pytest.mark.django_db(transaction=True)
class TestTriesAtOnce:
    """Wrong tries at the same moment all count."""

    def looked_at(self, people: int) -> int:
        start = threading.Barrier(people)
        done: list[bool] = []

        def guess() -> None:
            start.wait(20)
            try:
                tries.begin(kind=SignInTry.Kind.PASSWORD, name="sam", address=None, at=NOON)
                done.append(True)
            except tries.TooManyTries:
                done.append(False)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=guess) for _each in range(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return done.count(True)

    def test_two_both_count(self, sam):
        assert self.looked_at(2) == 2
        assert SignInTry.objects.count() == 2

    def test_of_sixteen_five_are_looked_at(self, sam):
        assert self.looked_at(16) == 5

    def test_without_the_lock_more_are(self, sam, monkeypatch):
        """The negative control: all count before any writes."""
        all_counted = threading.Barrier(16)
        count = tries._address_is_closed
        monkeypatch.setattr(tries, "_lock", lambda kind, name: None)
        monkeypatch.setattr(tries, "_address_is_closed", lambda *asked: bool(all_counted.wait(20) < 0) or count(*asked))
        assert self.looked_at(16) == 16
