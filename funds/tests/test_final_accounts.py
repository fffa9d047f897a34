"""The end of a year: its voucher, its months, and the final account that office and finance approve."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from conftest import NOON
from funds.models import FinalAccount, Period, Voucher
from funds.selectors import balances
from funds.services import budgets, closing_checks, final_accounts, months, vouchers, years
from funds.services.final_accounts import CannotAccount
from funds.services.months import CannotMoveMonth
from funds.services.vouchers import CannotKeepVoucher, VoucherOf
from funds.tests import closing
from funds.tests.factories import JANUARY, Counter, pair
from office.deciding import CannotWithdraw
from office.models import Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

LATER = datetime(2011, 1, 5, 4, tzinfo=UTC)


@pytest.fixture
def office(appoint) -> SimpleNamespace:
    counter = Counter.of(appoint)
    return SimpleNamespace(
        counter=counter,
        book=counter.book,
        acc=counter.acc,
        head=counter.head,
        hal=appoint("hal", Duty.OFFICE_HEAD),
        fin=appoint("fin", Duty.FINANCE_REVIEWER),
    )


def stated(kind: str = "interest", *lines, on: date = JANUARY, summary: str = "结息") -> VoucherOf:
    return VoucherOf(kind, on, summary, lines or pair("special_account", "interest_income", "12.50"))


def noted(office, *args, **more) -> Voucher:
    return vouchers.note(book=office.book, stated=stated(*args, **more), by=office.acc, at=NOON)


def opened(office, amount: str = "1000.00") -> Voucher:
    made = noted(office, "opening", *pair("special_account", "general_pool", amount), summary="上年结转")
    return vouchers.enter(voucher=made, by=office.head, at=NOON)


def interest(office, amount: str, on: date) -> None:
    made = vouchers.note(
        book=office.book,
        stated=stated("interest", *pair("special_account", "interest_income", amount), on=on),
        by=office.acc,
        at=LATER,
    )
    vouchers.enter(voucher=made, by=office.head, at=LATER)


def closed_until(office, until: date) -> None:
    closing.close_months(office.book, until, by=office.acc, head=office.head, at=LATER)


def planned(office, amount: str) -> None:
    made = budgets.draft(book=office.book, year=2010, reason="", by=office.acc, at=LATER)
    interest = office.book.accounts.get(purpose="interest_income")
    budgets.enter(budget=made, amounts={interest.pk: Decimal(amount)}, by=office.acc, at=LATER)
    budgets.propose(budget=made, by=office.acc, at=LATER)
    for one in (office.hal, office.fin):
        closing.decide(made, one, LATER)


@pytest.fixture
def unreconciled(monkeypatch) -> None:
    """What other parts look at before a month is closed is their tests' matter."""
    own = {"trial-balance", "vouchers", "rounds", "income-account", "year-end"}
    known = {code: one for code, one in closing_checks._checks.items() if code in own}
    monkeypatch.setattr(closing_checks, "_checks", known)


@pytest.mark.usefixtures("unreconciled")
class TestTheYear:
    def test_is_closed_by_a_voucher_and_accounted_for(self, office):
        opened(office)
        interest(office, "12.50", date(2010, 6, 21))
        with pytest.raises(CannotKeepVoucher, match="until November"):
            years.close_year(book=office.book, year=2010, by=office.acc, at=LATER)
        with pytest.raises(CannotKeepVoucher, match="kept since"):
            years.close_year(book=office.book, year=2009, by=office.acc, at=LATER)
        closed_until(office, date(2010, 11, 1))
        with pytest.raises(CannotMoveMonth, match=r"12\.50 yuan of the year"):
            months.ask_to_close(book=office.book, month=date(2010, 12, 1), by=office.acc, at=LATER)
        made = years.close_year(book=office.book, year=2010, by=office.acc, at=LATER)
        with pytest.raises(CannotKeepVoucher, match="waits already"):
            years.close_year(book=office.book, year=2010, by=office.acc, at=LATER)
        interest(office, "1.00", date(2010, 12, 31))
        with pytest.raises(CannotKeepVoucher, match="entered in the year since"):
            vouchers.enter(voucher=made, by=office.head, at=LATER)
        vouchers.withdraw(voucher=made, reason="又有利息", by=office.acc, at=LATER)
        again = years.close_year(book=office.book, year=2010, by=office.acc, at=LATER)
        vouchers.enter(voucher=again, by=office.head, at=LATER)
        assert balances.stands(office.book, "general_pool") == Decimal("1013.50")
        with pytest.raises(CannotKeepVoucher, match="Nothing stands"):
            years.close_year(book=office.book, year=2010, by=office.acc, at=LATER)
        with pytest.raises(CannotAccount, match="not closed"):
            final_accounts.make(book=office.book, year=2010, by=office.acc, at=LATER)
        closed_until(office, date(2010, 12, 1))
        self.account(office)

    def account(self, office) -> None:
        made = final_accounts.make(book=office.book, year=2010, by=office.acc, at=LATER)
        rows = {one.code: one for one in final_accounts.rows_of(made)}
        assert (rows["4005"].actual, rows["4005"].budget, rows["4005"].apart) == (Decimal("13.50"), None, None)
        assert dict(final_accounts.rows(made))["surplus"] == "13.50"
        december = Period.objects.get(month=date(2010, 12, 1))
        with pytest.raises(CannotMoveMonth, match="final account of 2010 is there"):
            months.ask_to_reopen(period=december, reason="x", by=office.acc, at=LATER)
        with pytest.raises(DatabaseError, match="final account"), transaction.atomic():
            Period.objects.filter(pk=december.pk).update(state="reopening")
        with pytest.raises(CannotAccount, match="is there"):
            final_accounts.make(book=office.book, year=2010, by=office.acc, at=LATER)
        with pytest.raises(CannotWithdraw, match="Whoever entered"):
            final_accounts.withdraw(account=made, by=office.head, at=LATER)
        final_accounts.withdraw(account=made, by=office.acc, at=LATER)
        with pytest.raises(CannotWithdraw, match="decided already"):
            final_accounts.withdraw(account=made, by=office.acc, at=LATER)
        self.refused_then_approved(office)

    def refused_then_approved(self, office) -> None:
        second = final_accounts.make(book=office.book, year=2010, by=office.acc, at=LATER)
        closing.decide(second, office.hal, LATER)
        closing.decide(second, office.fin, LATER, "refuse", "附注不全")
        second.refresh_from_db()
        assert second.state == "refused"
        planned(office, "10.00")
        third = final_accounts.make(book=office.book, year=2010, by=office.acc, at=LATER)
        closing.decide(third, office.hal, LATER)
        closing.decide(third, office.fin, LATER)
        third.refresh_from_db()
        assert (third.state, final_accounts.is_whole(third)) == ("approved", True)
        assert FinalAccount.objects.count() == 3
        assert dict(final_accounts.rows(third))["4005 利息收入"] == "13.50 (budget 10.00)"
