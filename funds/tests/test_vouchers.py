"""Vouchers made by hand: made by one, checked by another, sent back, withdrawn; opening balances; the end of a year;
months closed and opened by two."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from conftest import NOON
from funds.models import FinalAccount, Period, Posting, Voucher
from funds.rules.postings import credit, debit
from funds.selectors import balances
from funds.services import closing_checks, final_accounts, months, vouchers, years
from funds.services.final_accounts import CannotAccount
from funds.services.months import CannotMoveMonth
from funds.services.postings import CannotPost
from funds.services.vouchers import CannotKeepVoucher, VoucherOf
from funds.tests import closing
from funds.tests.factories import JANUARY, Counter, pair
from office.deciding import CannotWithdraw
from office.models import Act, Duty
from office.services.rounds import CannotVote

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


class TestAVoucher:
    def test_is_entered_when_another_has_checked_it(self, office):
        made = noted(office)
        assert (made.state, Posting.objects.count(), str(made)) == ("noted", 0, "制-0001")
        with pytest.raises(CannotKeepVoucher, match="does not check it"):
            vouchers.enter(voucher=made, by=office.acc, at=NOON)
        done = vouchers.enter(voucher=made, by=office.head, at=NOON)
        assert (done.state, done.posting.made_by, done.posting.checked_by) == ("entered", office.acc, office.head)
        assert balances.stands(office.book, "interest_income") == Decimal("12.50")
        with pytest.raises(CannotKeepVoucher, match="is entered"):
            vouchers.enter(voucher=made, by=office.head, at=NOON)

    def test_sent_back_it_is_changed_by_whoever_made_it_and_checked_again(self, office, appoint):
        made = noted(office)
        with pytest.raises(CannotKeepVoucher, match="Say why"):
            vouchers.send_back(voucher=made, reason=" ", by=office.head, at=NOON)
        vouchers.send_back(voucher=made, reason="11.50", by=office.head, at=NOON)
        right = stated("interest", *pair("special_account", "interest_income", "11.50"))
        with pytest.raises(CannotKeepVoucher, match="nobody else"):
            vouchers.mend(voucher=made, stated=right, by=appoint("acc2", Duty.FUND_ACCOUNTANT), at=NOON)
        with pytest.raises(CannotKeepVoucher, match="stays one of its event"):
            vouchers.mend(voucher=made, stated=stated("other_income"), by=office.acc, at=NOON)
        mended = vouchers.mend(voucher=made, stated=right, by=office.acc, at=NOON)
        assert (mended.state, mended.reason) == ("noted", "")
        with pytest.raises(CannotKeepVoucher, match="to be checked"):
            vouchers.mend(voucher=made, stated=right, by=office.acc, at=NOON)
        vouchers.enter(voucher=made, by=office.head, at=NOON)
        assert balances.stands(office.book, "interest_income") == Decimal("11.50")

    def test_is_withdrawn_before_it_is_entered(self, office):
        made = noted(office)
        with pytest.raises(CannotKeepVoucher, match="nobody else"):
            vouchers.withdraw(voucher=made, reason="x", by=office.head, at=NOON)
        assert vouchers.withdraw(voucher=made, reason="重复", by=office.acc, at=NOON).state == "withdrawn"
        with pytest.raises(CannotKeepVoucher, match="withdrawn"):
            vouchers.withdraw(voucher=made, reason="x", by=office.acc, at=NOON)

    def test_what_the_books_refuse_stays_to_be_checked(self, office):
        made = noted(office, "interest", *pair("spending_account", "interest_income", "12.50"))
        Voucher.objects.filter(pk=made.pk)
        wrong = noted(office, "interest", *pair("prepaid", "interest_income", "1.00"))
        with pytest.raises(CannotPost, match="No such event"):
            vouchers.enter(voucher=wrong, by=office.head, at=NOON)
        wrong.refresh_from_db()
        assert wrong.state == "noted"
        assert Act.objects.filter(name="voucher.entered", kind="refused").count() == 1

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"summary": " "}, "in words"),
            ({"on": date(2010, 3, 2)}, "has not come"),
            ({"on": date(2009, 12, 31)}, "kept since"),
        ],
    )
    def test_what_no_voucher_is(self, office, more, words):
        with pytest.raises(CannotKeepVoucher, match=words):
            noted(office, **more)

    @pytest.mark.parametrize(
        ("kind", "lines", "words"),
        [
            ("interest", [debit("cash", Decimal(1))], "two lines"),
            ("interest", [debit("cash", Decimal(0)), credit("other_income", Decimal(0))], "above nothing"),
            ("interest", [debit("cash", Decimal(2)), credit("other_income", Decimal(1))], "1.00 apart"),
            ("interest", [debit("cash", Decimal(1)), credit("no_such", Decimal(1))], "no account"),
            ("paid", [debit("pool_spending", Decimal(1)), credit("cash", Decimal(1))], "page of its own"),
        ],
    )
    def test_which_lines_no_voucher_has(self, office, kind, lines, words):
        with pytest.raises(CannotKeepVoucher, match=words):
            noted(office, kind, *lines)

    def test_is_taken_back_by_another_voucher_in_red(self, office):
        done = vouchers.enter(voucher=noted(office), by=office.head, at=NOON)
        given = {"posting": done.posting, "by": office.acc, "at": NOON}
        with pytest.raises(CannotKeepVoucher, match="not taken back before"):
            vouchers.note_reversal(on=date(2009, 12, 31), reason="x", **given)
        back = vouchers.note_reversal(on=date(2010, 2, 1), reason="错户", **given)
        with pytest.raises(CannotKeepVoucher, match="waits already"):
            vouchers.note_reversal(on=date(2010, 2, 1), reason="x", **given)
        red = vouchers.enter(voucher=back, by=office.head, at=NOON).posting
        assert red.reverses == done.posting
        assert balances.stands(office.book, "interest_income") == 0
        with pytest.raises(CannotKeepVoucher, match="taken back already"):
            vouchers.note_reversal(on=date(2010, 2, 1), reason="x", **given)
        with pytest.raises(CannotKeepVoucher, match="enter anew"):
            vouchers.note_reversal(on=date(2010, 2, 1), reason="x", **(given | {"posting": red}))
        slip = office.counter.enter("slip:1", "other_income", *pair("special_account", "other_income", "1.00"))
        with pytest.raises(CannotKeepVoucher, match="page of its own"):
            vouchers.note_reversal(on=date(2010, 2, 1), reason="x", **(given | {"posting": slip}))
        again = vouchers.enter(voucher=noted(office), by=office.head, at=NOON).posting
        with pytest.raises(CannotKeepVoucher, match="Say why"):
            vouchers.note_reversal(on=date(2010, 2, 1), reason=" ", **(given | {"posting": again}))

    def test_a_reversal_that_came_back_is_not_changed(self, office):
        done = vouchers.enter(voucher=noted(office), by=office.head, at=NOON)
        back = vouchers.note_reversal(posting=done.posting, on=JANUARY, reason="错", by=office.acc, at=NOON)
        vouchers.send_back(voucher=back, reason="对", by=office.head, at=NOON)
        with pytest.raises(CannotKeepVoucher, match="sent back"):
            vouchers.mend(voucher=back, stated=stated(), by=office.acc, at=NOON)

    @pytest.mark.parametrize("change", [{"state": "entered"}, {"summary": "other"}, {"made_by": None}, {"number": 9}])
    def test_the_database_keeps_it(self, office, change):
        made = noted(office)
        with pytest.raises(DatabaseError), transaction.atomic():
            Voucher.objects.filter(pk=made.pk).update(**change)


class TestOpening:
    def test_is_entered_once_on_the_first_day_by_two(self, office):
        with pytest.raises(CannotKeepVoucher, match="first day"):
            noted(office, "opening", *pair("special_account", "general_pool", "1.00"), on=date(2010, 1, 2))
        opened(office)
        assert balances.stands(office.book, "general_pool") == 1000
        with pytest.raises(CannotKeepVoucher, match="there already"):
            noted(office, "opening", *pair("special_account", "general_pool", "1.00"))


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


@pytest.fixture
def unreconciled(monkeypatch) -> None:
    """What other parts look at before a month is closed is their tests' matter."""
    own = {"trial-balance", "vouchers", "rounds", "income-account", "year-end"}
    known = {code: one for code, one in closing_checks._checks.items() if code in own}
    monkeypatch.setattr(closing_checks, "_checks", known)


@pytest.mark.usefixtures("unreconciled")
class TestMonths:
    def ask(self, office, month: date = JANUARY, **more) -> Period:
        return months.ask_to_close(book=office.book, month=month, by=office.acc, at=LATER, **more)

    def test_are_closed_one_after_the_other_by_two(self, office):
        opened(office)
        with pytest.raises(CannotMoveMonth, match="not over"):
            self.ask(office, date(2011, 1, 1))
        with pytest.raises(CannotMoveMonth, match="kept since"):
            self.ask(office, date(2009, 12, 1))
        with pytest.raises(CannotMoveMonth, match="first 2010-01"):
            self.ask(office, date(2010, 2, 1))
        period = self.ask(office)
        with pytest.raises(CannotMoveMonth, match="to be closed"):
            self.ask(office)
        with pytest.raises(CannotVote):
            closing.decide(period, office.hal, LATER)
        closing.decide(period, office.head, LATER)
        period.refresh_from_db()
        assert period.state == "closed"
        with pytest.raises(CannotPost, match="closed"):
            office.counter.enter("late", "other_income", *pair("special_account", "other_income", "1.00"))

    def test_wait_for_what_is_not_right(self, office):
        opened(office)
        made = noted(office)
        with pytest.raises(CannotMoveMonth, match="制-0002 of 2010-01-01 is to be checked"):
            self.ask(office)
        vouchers.withdraw(voucher=made, reason="x", by=office.acc, at=NOON)
        office.counter.enter("c", "collected", *pair("income_account", "own_income_pool", "20.00"))
        with pytest.raises(CannotMoveMonth, match=r"exception: 20\.00 yuan lie on"):
            self.ask(office)
        period = self.ask(office, exceptions={"income-account": "银行系统停机"})
        closing.decide(period, office.head, LATER)
        period.refresh_from_db()
        assert period.state == "closed"

    def test_what_is_not_right_any_more_takes_the_vote_back(self, office):
        opened(office)
        period = self.ask(office)
        budget_like = noted(office)  # somebody makes a voucher of the month meanwhile
        with pytest.raises(CannotVote, match="not right any more"):
            closing.decide(period, office.head, LATER)
        vouchers.withdraw(voucher=budget_like, reason="x", by=office.acc, at=NOON)
        closing.decide(period, office.head, LATER)

    def test_refused_or_taken_back_they_stay_open(self, office):
        opened(office)
        period = self.ask(office)
        closing.decide(period, office.head, LATER, "refuse", "还有单据")
        period.refresh_from_db()
        assert period.state == "open"
        self.ask(office)
        with pytest.raises(CannotWithdraw, match="Whoever asked"):
            months.withdraw(period=period, by=office.head, at=LATER)
        months.withdraw(period=period, by=office.acc, at=LATER)
        period.refresh_from_db()
        assert period.state == "open"
        with pytest.raises(CannotWithdraw, match="decided already"):
            months.withdraw(period=period, by=office.acc, at=LATER)

    def test_are_opened_again_by_the_head_from_the_last(self, office):
        opened(office)
        closed_until(office, date(2010, 2, 1))
        first, second = Period.objects.order_by("month")[:2]
        given = {"by": office.acc, "at": LATER}
        with pytest.raises(CannotMoveMonth, match="Say why"):
            months.ask_to_reopen(period=second, reason=" ", **given)
        with pytest.raises(CannotMoveMonth, match="from the last"):
            months.ask_to_reopen(period=first, reason="错账", **given)
        months.ask_to_reopen(period=second, reason="错账", **given)
        with pytest.raises(CannotMoveMonth, match="opened again"):
            months.ask_to_reopen(period=second, reason="错账", **given)
        closing.decide(second, office.hal, LATER, "refuse", "不必")
        second.refresh_from_db()
        assert second.state == "closed"
        months.ask_to_reopen(period=second, reason="错账", **given)
        closing.decide(second, office.hal, LATER)
        second.refresh_from_db()
        assert second.state == "open"


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
        third = final_accounts.make(book=office.book, year=2010, by=office.acc, at=LATER)
        closing.decide(third, office.hal, LATER)
        closing.decide(third, office.fin, LATER)
        third.refresh_from_db()
        assert (third.state, final_accounts.is_whole(third)) == ("approved", True)
        assert FinalAccount.objects.count() == 3
