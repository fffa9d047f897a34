"""Accounts: never below zero, booked once for a reference, also by many at the same moment."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from conftest import NOON
from enrollment.models import Account, AccountEntry
from enrollment.services import accounts
from enrollment.tests import factories
from office.models import Person
from office.tests.factories import tess
from tests import servers

DAY = date(2010, 5, 1)


@pytest.fixture
def account(db) -> Account:
    return make()


def make() -> Account:
    scheme = factories.scheme(account="household")
    return accounts.account_of(scheme=scheme, owner=factories.household())


def entry(do, account, amount, reference, person=None) -> AccountEntry:
    return do(account=account, amount=Decimal(amount), on=DAY, reference=reference, by=person or tess(), at=NOON)


@pytest.mark.django_db
class TestOne:
    def test_credited_and_used(self, account):
        entry(accounts.credit, account, 30, "2010")
        assert entry(accounts.debit, account, 12, "claim 7").balance_after == 18
        account.refresh_from_db()
        assert account.balance == 18

    def test_once_for_a_reference(self, account):
        first = entry(accounts.credit, account, 30, "2010")
        assert entry(accounts.credit, account, 30, "2010") == first
        used = entry(accounts.debit, account, 5, "claim 7")
        assert entry(accounts.debit, account, 5, "claim 7") == used
        with pytest.raises(accounts.CannotCredit):
            entry(accounts.credit, account, 31, "2010")
        with pytest.raises(accounts.CannotDebit):
            entry(accounts.debit, account, 6, "claim 7")

    def test_never_below_zero_nor_for_nothing(self, account):
        entry(accounts.credit, account, 3, "2010")
        for amount in (Decimal("3.01"), 0, -1):
            with pytest.raises(accounts.CannotDebit):
                entry(accounts.debit, account, amount, "claim 7")
        with pytest.raises(accounts.CannotCredit):
            entry(accounts.credit, account, 0, "x")

    def test_given_back_whole_and_once(self, account):
        credited = entry(accounts.credit, account, 30, "2010")
        used = entry(accounts.debit, account, 12, "claim 7")
        back = accounts.give_back(entry=used, on=DAY, by=tess(), at=NOON)
        assert (back.balance_after, back.kind) == (30, AccountEntry.Kind.REVERSAL)
        assert accounts.give_back(entry=used, on=DAY, by=tess(), at=NOON) == back
        with pytest.raises(accounts.CannotCredit):
            accounts.give_back(entry=credited, on=DAY, by=tess(), at=NOON)

    def test_only_accounts_that_the_scheme_keeps(self, account):
        person = factories.member(account.household)
        with pytest.raises(accounts.CannotCredit):
            accounts.account_of(scheme=account.scheme, owner=person)
        personal = factories.scheme("employees", account="personal", insures="person")
        assert accounts.account_of(scheme=personal, owner=person) == accounts.account_of(scheme=personal, owner=person)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def all_at_once(self, account: Account, person: Person, many: int, debit=accounts.debit) -> list[str]:
        """So many people use 10 yuan of the same account at the same moment; what was refused."""
        ready, refused = threading.Barrier(many), []

        def use(number: int) -> None:
            ready.wait()
            try:
                entry(debit, account, 10, f"claim {number}", person)
            except (accounts.CannotDebit, DatabaseError) as refusal:
                refused.append(type(refusal).__name__)
            finally:
                connection.close()

        threads = [threading.Thread(target=use, args=[number]) for number in range(many)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return refused

    @pytest.mark.parametrize("many", [2, 4, 16])
    def test_what_is_there_is_used_once(self, many):
        account, person = make(), tess()
        entry(accounts.credit, account, 10, "2010", person)
        assert self.all_at_once(account, person, many) == ["CannotDebit"] * (many - 1)
        account.refresh_from_db()
        assert account.balance == 0

    def without_lock(self, monkeypatch, account: Account, person: Person) -> list[str]:
        """The same where four people look before anybody writes."""
        monkeypatch.setattr(
            accounts, "lock_all", lambda some: {one.pk: one for one in Account.objects.filter(pk__in=[some[0].pk])}
        )
        meet, plain = threading.Barrier(4), accounts._book

        def late(*given):
            meet.wait(timeout=30)
            return plain(*given)

        monkeypatch.setattr(accounts, "_book", late)
        refused = self.all_at_once(account, person, 4)
        account.refresh_from_db()
        return refused

    def test_without_the_lock_the_database_still_refuses(self, monkeypatch):
        account, person = make(), tess()
        entry(accounts.credit, account, 10, "2010", person)
        assert self.without_lock(monkeypatch, account, person) == ["IntegrityError"] * 3
        assert account.balance == booked(account) == 0

    def test_without_the_guard_as_well_it_goes_wrong(self, monkeypatch):
        """The negative control: neither lock nor guard, and ten yuan are used four times."""
        account, person = make(), tess()
        entry(accounts.credit, account, 10, "2010", person)
        guarded("DISABLE")
        try:
            assert self.without_lock(monkeypatch, account, person) == []
        finally:
            guarded("ENABLE")
        assert (account.balance, booked(account)) == (0, -30)

    def test_many_accounts_are_locked_by_number_whoever_names_them_how(self):
        """Two people take the same accounts in opposite order, again and again, and never wait for each other."""
        scheme = factories.scheme(account="household")
        some = [accounts.account_of(scheme=scheme, owner=factories.household(f"{number}")) for number in range(8)]
        ready, wrong = threading.Barrier(2), []

        def take(named: list[Account]) -> None:
            try:
                for _each in range(20):
                    ready.wait(timeout=30)
                    with transaction.atomic():
                        assert list(accounts.lock_all(named)) == sorted(one.pk for one in some)
            except DatabaseError as refusal:
                wrong.append(refusal)
            finally:
                connection.close()

        threads = [threading.Thread(target=take, args=[named]) for named in (some, some[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert wrong == []


def booked(account: Account) -> Decimal:
    """All entries of an account together."""
    return account.entries.aggregate(whole=Sum("amount"))["whole"]


def guarded(how: str) -> None:
    """The owner alone takes the guard of the entries away, or puts it back."""
    place = {"conninfo": servers.superuser_dsn(), "dbname": connection.settings_dict["NAME"], "autocommit": True}
    with psycopg.connect(**place) as owner:
        owner.execute(f"ALTER TABLE enrollment_accountentry {how} TRIGGER entry_adds_up")
