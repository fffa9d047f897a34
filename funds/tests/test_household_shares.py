"""What of contributions goes to the accounts of households: each is credited, together what the books say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from conftest import NOON
from enrollment.models import Account, AccountEntry, Contribution, Scheme
from enrollment.services import accounts
from enrollment.services.accounts import CannotCredit
from enrollment.tests import factories as register
from funds.rules import money_in as rules
from funds.selectors import balances, verifying
from funds.services import household_shares, noting, slips
from funds.services.slips import CannotNote
from funds.tests.factories import pair
from funds.tests.slips import TODAY, Till, year_of
from office.models import Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NEXT_YEAR = datetime(2011, 1, 3, 4, tzinfo=UTC)


@pytest.fixture
def till(appoint) -> Till:
    """The desk of a scheme that keeps an account for every household."""
    register.scheme(account=Scheme.Account.HOUSEHOLD)
    return Till.of(appoint)


@pytest.fixture
def second(appoint):
    return appoint("zhao", Duty.ACCOUNTING_HEAD)


def turned(till, to_accounts: str, people: int = 3, more: int = 1):
    """Two households contributed for next year; the year has begun, so much goes to their accounts."""
    year = year_of(2011)
    till.check(till.deposit(till.sheet(people, year), till.sheet(more, year), fund_year=year))
    given = {"by": till.counter.acc, "at": NEXT_YEAR, "to_accounts": Decimal(to_accounts)}
    return noting.turn(book=till.counter.book, fund_year=year, **given)


def held() -> list[Decimal]:
    return list(Account.objects.order_by("household__number").values_list("balance", flat=True))


def in_books(till) -> Decimal:
    return balances.stands(till.counter.book, "own_income_household")


def broken() -> list[tuple[str, str]]:
    return [(one.table, one.reason[:8]) for one in verifying.broken()]


@pytest.mark.rules
@pytest.mark.parametrize(
    ("amount", "heads", "shares"),
    [
        pytest.param("32", {1: 3, 2: 1}, {1: "24", 2: "8"}, id="the same for each head"),
        pytest.param("10", {1: 2, 2: 1}, {1: "6.67", 2: "3.33"}, id="a fen over goes to the first"),
        pytest.param("0.05", {7: 1, 3: 2}, {3: "0.04", 7: "0.01"}, id="two fen over go to the two heads of the first"),
        pytest.param("0.01", {1: 1, 2: 1}, {1: "0.01"}, id="nobody is credited with nothing"),
        pytest.param("5", {}, {}, id="nobody there"),
    ],
)
def test_what_each_account_gets(amount, heads, shares):
    found = rules.shared(Decimal(amount), heads)
    assert found == {number: Decimal(share) for number, share in shares.items()}
    assert sum(found.values()) == (Decimal(amount) if heads else 0)


class TestTheTurn:
    def test_each_household_is_credited_and_together_it_is_what_the_books_say(self, till):
        slip = turned(till, "32")
        assert held() == []  # noted is not entered
        till.check(slip, at=NEXT_YEAR)
        assert held() == [24, 8]
        assert sum(held()) == in_books(till) == 32
        entry = AccountEntry.objects.order_by("pk")[0]
        assert (entry.kind, entry.on, entry.reference) == ("credit", date(2011, 1, 1), f"slip {slip.pk}")
        assert broken() == []

    def test_done_twice_it_is_done_once(self, till):
        slip = till.check(turned(till, "32"), at=NEXT_YEAR)
        assert till.check(slip, at=NEXT_YEAR) == slip
        given = {"slip": slip, "by": till.counter.head, "at": NEXT_YEAR}
        assert household_shares.credit(**given) == 0
        assert (held(), AccountEntry.objects.count()) == ([24, 8], 2)

    def test_told_otherwise_for_the_same_slip_it_is_refused(self, till):
        slip = till.check(turned(till, "32"), at=NEXT_YEAR)
        given = {"scheme": slip.book.scheme, "on": TODAY, "by": till.counter.head, "at": NOON}
        whose = Account.objects.values_list("household", flat=True)
        name = household_shares.reference_of(slip)
        with pytest.raises(CannotCredit, match="Another amount"):
            accounts.credit_all(shares=dict.fromkeys(whose, Decimal(1)), reference=name, **given)
        with pytest.raises(CannotCredit, match="more than nothing"):
            accounts.credit_all(shares=dict.fromkeys(whose, Decimal(0)), reference="x", **given)
        with pytest.raises(CannotCredit, match="keeps no such accounts"):
            accounts.credit_all(**{**given, "scheme": register.scheme("injury")}, shares={}, reference="x")

    def test_taken_back_the_accounts_give_it_back(self, till, second):
        slip = till.check(turned(till, "32"), at=NEXT_YEAR)
        slips.ask_back(slip=slip, on=date(2011, 1, 3), reason="x", by=till.counter.acc, at=NEXT_YEAR)
        slips.take_back(slip=slip, by=second, at=NEXT_YEAR)
        assert held() == [0, 0]
        assert in_books(till) == 0
        assert broken() == []

    def test_who_has_used_his_share_keeps_it(self, till, second):
        slip = till.check(turned(till, "32"), at=NEXT_YEAR)
        used = Account.objects.get(balance=24)
        spent = {"amount": Decimal(5), "on": date(2011, 1, 2), "reference": "claim 1", "by": second, "at": NEXT_YEAR}
        accounts.debit(account=used, **spent)
        slips.ask_back(slip=slip, on=date(2011, 1, 3), reason="x", by=till.counter.acc, at=NEXT_YEAR)
        with pytest.raises(CannotNote, match="has used its share"):
            slips.take_back(slip=slip, by=second, at=NEXT_YEAR)
        slip.refresh_from_db()
        assert (slip.state, held()) == ("back_asked", [19, 8])

    def test_without_anybodys_contribution_nothing_goes_to_accounts(self, till):
        till.counter.enter("opening", "opening", *pair("special_account", "received_ahead", "10"))
        given = {"by": till.counter.acc, "at": NOON, "to_accounts": Decimal(4)}
        slip = noting.turn(book=till.counter.book, fund_year=till.year, **given)
        with pytest.raises(CannotNote, match="Nobody's contribution"):
            till.check(slip)
        assert not AccountEntry.objects.exists()

    def test_whose_sheet_came_in_the_year_has_its_share_with_the_deposit(self, till):
        early, late = till.sheet(2, on=date(2009, 11, 1)), till.sheet(1)
        till.counter.enter("opening", "opening", *pair("special_account", "received_ahead", "40"))
        till.check(till.deposit(late, to_accounts=Decimal(8)))
        given = {"by": till.counter.acc, "at": NOON, "to_accounts": Decimal(16)}
        till.check(noting.turn(book=till.counter.book, fund_year=till.year, **given))
        assert sorted(held()) == [8, 16]
        assert Contribution.objects.filter(entry__sheet=early).count() == 2
        assert sum(held()) == in_books(till)
        assert broken() == []

    def test_a_person_is_credited_where_accounts_are_personal(self, appoint):
        register.scheme(account=Scheme.Account.PERSONAL)
        till = Till.of(appoint)
        till.check(turned(till, "10", people=2, more=1), at=NEXT_YEAR)
        shares = Account.objects.filter(member__isnull=False).order_by("member").values_list("balance", flat=True)
        assert list(shares) == [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")]
        assert broken() == []


def test_verify_books_finds_what_no_slip_gave_to_an_account(till):
    slip = till.check(turned(till, "32"), at=NEXT_YEAR)
    account = Account.objects.get(balance=24)
    more = {"account": account, "on": TODAY, "reference": "slip 999", "by": slip.checked_by, "at": NOON}
    accounts.credit(amount=Decimal(1), **more)
    assert [one.pk for one in verifying.broken() if one.table == "funds_slip"] == [999]


def test_where_a_scheme_keeps_no_accounts_nobody_is_credited(appoint):
    till = Till.of(appoint)
    till.check(turned(till, "32"), at=NEXT_YEAR)
    assert in_books(till) == 32
    assert not Account.objects.exists()
    assert broken() == []
