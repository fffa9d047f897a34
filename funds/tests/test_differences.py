"""What a count of cash found too much or too little, and a fee that a bank took: entered with a voucher that another
one checks, and then books, cash and bank say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from conftest import sign_in
from funds.models import Account, CashCount, Flow, MatchedLine, Voucher
from funds.rules import charts
from funds.rules.postings import Line
from funds.selectors import balances
from funds.selectors import bank_statements as selectors
from funds.selectors import vouchers as voucher_selectors
from funds.services import cash_counts, vouchers
from funds.services.postings import CannotPost
from funds.services.vouchers import CannotKeepVoucher, VoucherOf
from funds.tests.banking import FEBRUARY, LAST, Bank, cashier, line
from funds.tests.factories import JANUARY, Counter, pair
from office.models import Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def bank(appoint) -> Bank:
    bank = Bank.of(appoint)
    bank.counter.opened("1000.00")
    return bank


def entered(counter: Counter, kind: str, *lines: Line, on: date = LAST) -> Decimal:
    """A voucher made by the accountant, checked by the head; what stands on 暂付款 then."""
    stated = VoucherOf(kind, on, "测试", lines, attachments=1)
    made = vouchers.note(book=counter.book, stated=stated, by=counter.acc, at=FEBRUARY)
    vouchers.enter(voucher=made, by=counter.head, at=FEBRUARY)
    return balances.stands(counter.book, "prepaid")


class TestCash:
    @pytest.fixture
    def counter(self, bank) -> Counter:
        """Fifty yuan lie in the cash box."""
        bank.counter.enter("1", "requested", *pair("spending_account", "special_account", "50.00"))
        bank.counter.enter("2", "paid", *pair("cash", "spending_account", "50.00"))
        return bank.counter

    def counted(self, counter: Counter, by, **pieces: int) -> CashCount:
        account = Account.objects.get(book=counter.book, purpose="cash")
        given = {Decimal(name[1:]): count for name, count in pieces.items()}
        made = cash_counts.note(account=account, on=LAST, pieces=given, explanation="找零差错", by=by, at=FEBRUARY)
        return cash_counts.confirm(count=made, by=counter.head, at=FEBRUARY)

    def test_what_is_short_is_owed_and_made_good(self, counter, appoint):
        count = self.counted(counter, cashier(appoint), _20=2, _5=1)
        assert count.difference == -5
        assert entered(counter, "cash_difference", *pair("prepaid", "cash", "5.00")) == 5
        assert selectors.balance_of_books(count.account, LAST) == count.counted
        assert entered(counter, "cash_difference", *pair("cash", "prepaid", "5.00"), on=date(2010, 2, 1)) == 0

    def test_what_is_over_is_other_income(self, counter, appoint):
        count = self.counted(counter, cashier(appoint), _50=1, _2=1)
        entered(counter, "cash_difference", *pair("cash", "other_income", "2.00"))
        assert balances.stands(counter.book, "other_income") == 2
        assert selectors.balance_of_books(count.account, LAST) == count.counted

    def of_count(self, counter: Counter, count: CashCount, *lines: Line, kind="cash_difference", **more) -> Voucher:
        stated = VoucherOf(kind, more.pop("on", LAST), "测试", lines, 1, count)
        return vouchers.note(book=counter.book, stated=stated, by=counter.acc, at=FEBRUARY)

    def test_a_voucher_of_a_count_is_of_its_difference_and_the_only_one(self, counter, appoint):
        count = self.counted(counter, cashier(appoint), _20=2, _5=1)
        right, over = pair("prepaid", "cash", "5.00"), pair("cash", "other_income", "5.00")
        for lines, words in ((over, "differs by -5.00"), (pair("prepaid", "cash", "4.99"), "differs by -5.00")):
            with pytest.raises(CannotKeepVoucher, match=words):
                self.of_count(counter, count, *lines)
        with pytest.raises(CannotKeepVoucher, match="was counted on 2010-01-31"):
            self.of_count(counter, count, *right, on=date(2010, 1, 30))
        made = self.of_count(counter, count, *right)
        assert (made.count, voucher_selectors.of_count(count)) == (count, made)
        with pytest.raises(CannotKeepVoucher, match="is of this count already"):
            self.of_count(counter, count, *right)
        vouchers.send_back(voucher=made, reason="x", by=counter.head, at=FEBRUARY)
        stated = VoucherOf("cash_difference", LAST, "测试", over, 1)
        with pytest.raises(CannotKeepVoucher, match="differs by"):
            vouchers.mend(voucher=made, stated=stated, by=counter.acc, at=FEBRUARY)
        mended = replace(stated, lines=right, summary="改正")
        vouchers.mend(voucher=made, stated=mended, by=counter.acc, at=FEBRUARY)
        vouchers.enter(voucher=made, by=counter.head, at=FEBRUARY)
        assert selectors.balance_of_books(count.account, LAST) == count.counted

    def test_withdrawn_another_may_be_of_the_count(self, counter, appoint):
        count = self.counted(counter, cashier(appoint), _50=1, _2=1)
        lines = pair("cash", "other_income", "2.00")
        vouchers.withdraw(voucher=self.of_count(counter, count, *lines), reason="x", by=counter.acc, at=FEBRUARY)
        assert voucher_selectors.of_count(count) is None
        assert self.of_count(counter, count, *lines).number == 2

    def test_no_voucher_is_of_a_count_that_found_what_the_books_say(self, counter, appoint):
        """Nor of one that nobody confirmed; the database says so too."""
        count = self.counted(counter, cashier(appoint), _50=1)
        lines = pair("cash", "other_income", "2.00")
        with pytest.raises(CannotKeepVoucher, match="no confirmed count"):
            self.of_count(counter, count, *lines)
        given = {"book": counter.book, "number": 9, "kind": "cash_difference", "on": LAST, "summary": "x"}
        by = {"made_by": counter.acc, "made_at": FEBRUARY}
        with pytest.raises(IntegrityError, match="that of a confirmed count"), transaction.atomic():
            Voucher.objects.create(**given, **by, count=count)
        with pytest.raises(IntegrityError, match="voucher_of_a_count_is_of_its_difference"), transaction.atomic():
            Voucher.objects.create(**{**given, "kind": "interest"}, **by, count=self.other(counter, appoint))

    def other(self, counter: Counter, appoint) -> CashCount:
        """A count of the next day that found too much."""
        account = Account.objects.get(book=counter.book, purpose="cash")
        by = appoint("lan", Duty.CASHIER)
        on = date(2010, 1, 30)
        pieces = {Decimal(50): 1, Decimal(2): 1}
        made = cash_counts.note(account=account, on=on, pieces=pieces, explanation="x", by=by, at=FEBRUARY)
        return cash_counts.confirm(count=made, by=counter.head, at=FEBRUARY)

    def test_the_page_of_a_count_leads_to_its_voucher_and_back(self, counter, appoint, client):
        count = self.counted(counter, cashier(appoint), _20=2, _5=1)
        client = sign_in(client, counter.acc)
        page = client.get(reverse("funds:cash_count", args=[count.pk])).content.decode()
        form = f"{reverse('funds:voucher_new', args=[counter.book.code])}?count={count.pk}"
        assert form in page
        shown = client.get(form)
        assert b"5.00" in shown.content
        typed = {
            "kind": "cash_difference", "on": "2010-01-31", "summary": "短款", "attachments": "1",
            "r0-account": "prepaid", "r0-debit": "5", "r1-account": "cash", "r1-credit": "5",
        }  # fmt: skip
        sent = client.post(form, typed)
        made = Voucher.objects.get()
        assert (sent.status_code, made.count) == (302, count)
        there = client.get(reverse("funds:cash_count", args=[count.pk])).content.decode()
        assert reverse("funds:voucher", args=[made.pk]) in there
        assert form not in there
        back = client.get(reverse("funds:voucher", args=[made.pk])).content.decode()
        assert reverse("funds:cash_count", args=[count.pk]) in back
        assert client.get(f"{form}0").status_code == 404

    def test_the_fund_bears_no_loss_of_cash(self, counter):
        with pytest.raises(CannotPost, match="No such event"):
            entered(counter, "cash_difference", *pair("pool_spending", "cash", "5.00"))


class TestFee:
    def test_it_is_laid_out_and_made_good_and_the_bank_says_the_same(self, bank):
        bank.keep(line(8, "-15.00", "手续费"), line(20, "15.00"), opening="1000.00")
        laid_out = pair("prepaid", "special_account", "15.00")
        made_good = pair("special_account", "prepaid", "15.00")
        assert entered(bank.counter, "bank_fee", *laid_out, on=date(2010, 1, 8)) == 15
        assert entered(bank.counter, "bank_fee", *made_good, on=date(2010, 1, 20)) == 0
        bank.certain()
        assert sorted(MatchedLine.objects.values_list("line__amount", flat=True))[:2] == [-15, 15]
        assert not selectors.open_lines(bank.account).filter(on__gt=JANUARY).exists()

    def test_the_fund_bears_none(self, bank):
        for account in ("pool_spending", "interest_income"):
            with pytest.raises(CannotPost, match="No such event"):
                entered(bank.counter, "bank_fee", *pair(account, "special_account", "15.00"))


class TestBooksThatWereOpenBefore:
    NEW = ("cash_difference", "bank_fee")

    def flows(self) -> set[tuple[str, str, str]]:
        return set(Flow.objects.filter(kind__in=self.NEW).values_list("kind", "debit__purpose", "credit__purpose"))

    def test_move_what_books_move_that_are_opened_now(self, appoint, monkeypatch):
        with monkeypatch.context() as patched:
            before = {name: pairs for name, pairs in charts.EVENTS.items() if name not in self.NEW}
            patched.setattr(charts, "EVENTS", before)
            counter = Counter.of(appoint)
        assert self.flows() == set()
        import_module("funds.migrations.0022_allow_differences").allow(apps, SimpleNamespace(connection=connection))
        now = charts.flows(charts.Chart("", {}, [charts.AccountOf("", "", one, "") for one in self.purposes(counter)]))
        assert self.flows() == {one for one in now if one[0] in self.NEW}

    def purposes(self, counter: Counter) -> list[str]:
        return list(Account.objects.filter(book=counter.book, is_entered_on=True).values_list("purpose", flat=True))
