"""The pages of books: opening, accounts, vouchers from the first word to the ledger, months, all on paper too."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import sign_in
from enrollment.tests import factories as register
from funds.models import Account, Book, Period, Posting, Voucher
from funds.services import closing_checks
from funds.tests import closing
from funds.tests.factories import Counter, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(appoint) -> SimpleNamespace:
    counter = Counter.of(appoint)
    counter.opened("1000.00")
    return SimpleNamespace(
        counter=counter,
        book=counter.book,
        acc=sign_in(Client(), counter.acc),
        head=sign_in(Client(), counter.head),
        appoint=appoint,
    )


def at(name: str, *args: object) -> str:
    return reverse(f"funds:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def typed(**more: str) -> dict[str, str]:
    return {
        "kind": "interest", "on": "2010-02-03", "summary": "结息", "attachments": "1",
        "r0-account": "special_account", "r0-debit": "12.50", "r1-account": "interest_income", "r1-credit": "12.50",
    } | more  # fmt: skip


class TestOpening:
    def test_books_are_opened_with_a_chart_and_begin_with_what_stands(self, office):
        scheme = register.scheme("employees")
        assert "职工" in text(office.acc.get(at("book_open")))
        sent = {
            "scheme": scheme.pk, "chart": "employees", "begins_on": "2010-01-01", "pays": "finance",
            "collects": "office",
        }  # fmt: skip
        again = office.acc.post(at("book_open"), sent | {"begins_on": "2010-01-02"})
        assert again.status_code == 422
        done = office.acc.post(at("book_open"), sent)
        made = Book.objects.get(scheme=scheme)
        assert done.url == at("voucher_new", made.code)
        assert "上年结转" in text(office.acc.get(done.url)) or "期初" in text(office.acc.get(done.url))

    def test_an_account_has_the_code_of_the_county(self, office):
        account = Account.objects.get(book=office.book, purpose="prepaid")
        assert office.acc.get(at("account_rename", account.pk)).status_code == 200
        assert office.acc.post(at("account_rename", account.pk), {"code": "1002", "name": "暂付款"}).status_code == 422
        office.acc.post(at("account_rename", account.pk), {"code": "1131", "name": "暂付款项"})
        account.refresh_from_db()
        assert str(account) == "1131 暂付款项"


class TestVouchers:
    def test_from_the_first_word_to_the_journal(self, office):
        assert office.acc.get(at("voucher_new", office.book.code)).status_code == 200
        for wrong in ({"r1-credit": "1.00"}, {"r0-credit": "1.00"}, {"r0-account": ""}, {"on": "2999-01-01"}):
            assert office.acc.post(at("voucher_new", office.book.code), typed(**wrong)).status_code == 422
        assert not Voucher.objects.exists()
        sent = office.acc.post(at("voucher_new", office.book.code), typed())
        made = Voucher.objects.get()
        assert sent.url == at("voucher", made.pk)
        assert "Alt+B" not in text(office.acc.get(sent.url))
        assert "Alt+B" in text(office.head.get(sent.url))
        office.head.post(at("voucher_send_back", made.pk), {"reason": "金额不符"})
        assert "金额不符" in text(office.acc.get(at("voucher_mend", made.pk)))
        changed = typed(**{"r0-debit": "11.50", "r1-credit": "11.50"})
        assert office.acc.post(at("voucher_mend", made.pk), changed).status_code == 302
        assert "11.50" in text(office.acc.get(at("vouchers")))
        office.acc.post(at("voucher_enter", made.pk))  # not the maker
        office.head.post(at("voucher_enter", made.pk))
        made.refresh_from_db()
        assert made.state == "entered"
        assert "12.50" not in text(office.acc.get(at("journal", office.book.code, "2010-02")))
        shown = text(office.acc.get(at("posting", made.posting_id)))
        assert "11.50" in shown
        assert office.acc.get(at("posting_print", made.posting_id)).content[:5] == b"%PDF-"
        assert office.acc.get(at("voucher", made.pk)).status_code == 200

    def test_is_withdrawn_or_taken_back(self, office):
        office.acc.post(at("voucher_new", office.book.code), typed())
        made = Voucher.objects.get()
        assert office.acc.post(at("voucher_withdraw", made.pk), {"reason": ""}).status_code == 422
        office.acc.post(at("voucher_withdraw", made.pk), {"reason": "重复"})
        made.refresh_from_db()
        assert made.state == "withdrawn"
        office.acc.post(at("voucher_new", office.book.code), typed())
        other = Voucher.objects.latest("pk")
        office.head.post(at("voucher_enter", other.pk))
        other.refresh_from_db()
        assert "Alt+R" in text(office.acc.get(at("posting", other.posting_id)))
        assert office.acc.get(at("posting_reverse", other.posting_id)).status_code == 200
        back = {"on": "2010-02-10", "reason": "错户"}
        office.acc.post(at("posting_reverse", other.posting_id), back)
        red = Voucher.objects.latest("pk")
        assert str(other.posting) in text(office.acc.get(at("voucher", red.pk)))
        office.head.post(at("voucher_enter", red.pk))
        assert Posting.objects.get(reverses=other.posting)
        assert "is-red" in text(office.acc.get(at("journal", office.book.code, "2010-02")))
        assert office.acc.get(at("posting", Posting.objects.get(reverses=other.posting).pk)).status_code == 200
        assert office.acc.get(at("posting", other.posting_id)).status_code == 200


class TestLedgers:
    @pytest.mark.parametrize(
        ("name", "args"),
        [
            ("journal", ("2010-01",)), ("trial", ("2010-01",)), ("detail", ("1002", "2010-02")),
            ("detail", ("300101", "2010-01")), ("general", (2010,)),
        ],
    )  # fmt: skip
    def test_are_shown_and_printed(self, office, name, args):
        office.counter.enter(
            "r", "requested", *pair("spending_account", "special_account", "30.00"), on=date(2010, 2, 1)
        )
        page = text(office.acc.get(at(name, office.book.code, *args)))
        assert "1,000.00" in page
        printed = office.acc.get(at(f"{name}_print", office.book.code, *args))
        assert printed.content[:5] == b"%PDF-"

    def test_a_month_without_anything_says_so(self, office):
        assert "没有记账" in text(office.acc.get(at("journal", office.book.code, "2010-03")))
        assert office.acc.get(at("vouchers_print", office.book.code, "2010-01")).content[:5] == b"%PDF-"

    @pytest.mark.parametrize("month", ["2010-13", "2010", "x", "0000-01"])
    def test_what_is_no_month_is_nowhere(self, office, month):
        assert office.acc.get(at("journal", office.book.code, month)).status_code == 404
        assert office.acc.get(at("month_of", office.book.code, month)).status_code == 404
        assert office.acc.post(at("month_close", office.book.code, month)).status_code == 404


class TestMonths:
    @pytest.fixture(autouse=True)
    def _own_checks(self, monkeypatch):
        known = {code: one for code, one in closing_checks._checks.items() if code in {"vouchers", "income-account"}}
        monkeypatch.setattr(closing_checks, "_checks", known)

    def test_a_month_is_asked_for_signed_closed_and_opened(self, office):
        office.counter.enter("c", "collected", *pair("income_account", "own_income_pool", "20.00"))
        page = text(office.acc.get(at("month_of", office.book.code, "2010-01")))
        assert "why-income-account" in page
        office.acc.post(at("month_close", office.book.code, "2010-01"), {"why-income-account": ""})
        assert Period.objects.get().state == "open"
        office.acc.post(at("month_close", office.book.code, "2010-01"), {"why-income-account": "停机"})
        period = Period.objects.get()
        assert period.state == "closing"
        assert "Alt+D" in text(office.head.get(at("month_of", office.book.code, "2010-01")))
        closing.decide(period, office.counter.head, timezone.now())
        assert office.acc.get(at("month", period.pk)).url == at("month_of", office.book.code, "2010-01")
        assert office.acc.get(at("month_reopen", period.pk)).status_code == 200
        assert office.acc.post(at("month_reopen", period.pk), {"reason": ""}).status_code == 422
        office.acc.post(at("month_reopen", period.pk), {"reason": "错账"})
        period.refresh_from_db()
        assert period.state == "reopening"
        assert office.acc.post(at("month_reopen", period.pk), {"reason": "错账"}).status_code == 422

    def test_the_list_says_how_each_stands_and_when_a_year_can_be_closed(self, office):
        page = text(office.acc.get(at("months", office.book.code)))
        assert "2010-01" in page
        office.acc.post(at("year_close", office.book.code, 2010))
        assert not Voucher.objects.exists()
        office.counter.enter("i", "interest", *pair("special_account", "interest_income", "5.00"))
        closing.close_months(
            office.book, date(2010, 11, 1), by=office.counter.acc, head=office.counter.head, at=timezone.now()
        )
        assert at("year_close", office.book.code, 2010) in text(office.acc.get(at("months", office.book.code)))
        made = office.acc.post(at("year_close", office.book.code, 2010))
        assert made.url == at("voucher", Voucher.objects.get().pk)

    def test_a_month_that_is_not_over_cannot_be_asked_for(self, office):
        now = timezone.localdate(timezone.now())
        page = text(office.acc.get(at("month_of", office.book.code, f"{now:%Y-%m}")))
        assert "F2" not in page
        assert office.acc.get(at("month_of", office.book.code, "2009-12")).status_code == 404
