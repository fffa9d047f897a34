"""The pages of banks and cash in a browser's place: taken in, matched, made a sheet of, counted; the three books; what
a statement says of payments and slips."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conftest import sign_in
from enrollment.models import SubsidyRate
from funds.models import Account, BankAccount, CashCount, Match, Payment, Reconciliation, Statement
from funds.selectors import bank_statements as selectors
from funds.selectors import three_books
from funds.services import bank_statements, matches, told_by_banks
from funds.services.reconciling import CannotReconcile
from funds.tests import paying, slips
from funds.tests.banking import LAST, Bank, bank_account, cashier, line, vote
from funds.tests.factories import JANUARY, Counter, pair
from funds.views import bank_statements as of_statements
from funds.views import matching
from office.models import Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NOW = datetime.fromisoformat("2010-03-02T09:00:00+08:00")
FILE = (
    "账号,{number}\n起止日期,2010-01-01,2010-01-31\n期初余额,1000.00\n日期,收入,支出,业务编号,摘要\n"
    "2010-01-05,,100.00,ZF1,付\n2010-01-21,3.21,,,利息\n期末余额,903.21\n"
)


@pytest.fixture
def client(client, settings):
    """A browser whose pages are in English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def bank(appoint) -> Bank:
    found = Bank.of(appoint)
    found.counter.opened("1000.00")
    return found


def page(client, name: str, *args: object, **query: object) -> str:
    answer = client.get(reverse(f"funds:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, name: str, *args: object, **typed: object):
    return client.post(reverse(f"funds:{name}", args=args), typed, follow=True)


class TestPages:
    def test_from_a_statement_to_a_confirmed_sheet(self, bank, client):
        bank.paid_out("ZF1", "60.00")
        bank.paid_out("ZF2", "40.00", 6)
        sign_in(client, bank.counter.acc)
        refused = post(client, "statement_new", upload=SimpleUploadedFile("x.csv", "账号,12345678\n".encode()))
        assert refused.status_code == 422
        assert "names the columns" in refused.content.decode()
        upload = SimpleUploadedFile("一月.csv", FILE.format(number=bank.at.number).encode())
        told = post(client, "statement_new", upload=upload).content.decode()
        assert "kept with 2 lines" in told
        assert "stood before the first statement" in told
        assert "903.21" in page(client, "statements", year=2010)
        match = self.match_on_pages(bank, client)
        self.make_a_sheet(bank, client, match)

    def match_on_pages(self, bank, client) -> Match:
        done = post(client, "compare", bank.account.pk).content.decode()
        assert "1 matched; 0 payments settled" in done
        assert "one line for several entries" in done
        chosen = {
            "line": [one.pk for one in selectors.open_lines(bank.account) if one.reference],
            "entry": [one.pk for one in selectors.open_entries(bank.account)],
        }
        wrong = post(client, "match_chosen", bank.account.pk, line=chosen["line"], entry=chosen["entry"][:1])
        assert "apart" in wrong.content.decode()
        assert (
            "Matched: -100.00" in post(client, "match_chosen", bank.account.pk, **chosen, proposed="1").content.decode()
        )
        match = Match.objects.get(how="proposed")
        assert "ZF1" in page(client, "match", match.pk)
        assert "-100.00" in page(client, "matches", year=2010)
        return match

    def make_a_sheet(self, bank, client, match) -> None:
        made = post(client, "reconciliation_new", account=bank.account.pk, on="2010-01-31").content.decode()
        assert "利息" in made
        sheet = Reconciliation.objects.get()
        again = post(client, "reconciliation_new", account=bank.account.pk, on="2010-01-31")
        assert (again.status_code, "a sheet of this day already" in again.content.decode()) == (422, True)
        vote(sheet, bank.counter.head)
        assert "903.21" in page(client, "reconciliations", year=2010)
        paper = client.get(reverse("funds:reconciliation_print", args=[sheet.pk]))
        assert paper.content.startswith(b"%PDF")
        frozen = post(client, "match_undo", match.pk, reason="错").content.decode()
        assert "take the sheet back first" in frozen
        sign_in(client, bank.counter.head)
        assert "It is undone." in post(client, "reconciliation_withdraw", sheet.pk, reason="勾错").content.decode()
        assert "Print" in page(client, "reconciliation", sheet.pk)
        sign_in(client, bank.counter.acc)
        assert "勾错了" in post(client, "match_undo", match.pk, reason="勾错了").content.decode()
        assert (
            "undo their matches"
            in post(client, "statement_void", Statement.objects.get().pk, reason="错").content.decode()
        )

    def test_a_sheet_that_no_longer_holds_says_so(self, bank, client):
        bank.keep(opening="1000.00")
        made = bank.sheet()
        sign_in(client, bank.counter.head)
        assert "no longer says" not in page(client, "reconciliation", made.pk)
        bank.paid_out("ZF1", "5.00")
        assert "no longer says" in page(client, "reconciliation", made.pk)

    def test_a_bank_account_is_entered_and_seen(self, bank, client):
        sign_in(client, bank.counter.acc)
        spending = bank.counter.book.accounts.get(purpose="spending_account")
        typed = {"account": spending.pk, "holder": "合管办", "bank": "信用社", "number": "1", "document": "证",
                 "since": "2010-01-01"}  # fmt: skip
        assert "8 to 32 digits" in post(client, "bank_account_new", **typed).content.decode()
        post(client, "bank_account_new", **typed | {"number": "62284599990001"})
        asked = BankAccount.objects.get(account=spending)
        assert "6228 4599 9900 01" in page(client, "bank_account", asked.pk)
        assert "信用社" in page(client, "bank_accounts")
        assert "void" in page(client, "statement_void", bank.keep(opening="1.00").pk)

    def test_cash_is_counted_on_pages(self, bank, client, appoint):
        bank.counter.enter("c", "collected", *pair("cash", "own_income_pool", "120.00"), on=date(2010, 1, 20))
        cash = bank.counter.book.accounts.get(purpose="cash")
        teller = cashier(appoint)
        sign_in(client, teller)
        typed = {"account": cash.pk, "on": "2010-01-31", "piece-10000": 1}
        assert "explain the difference" in post(client, "cash_count_new", **typed).content.decode()
        told = post(client, "cash_count_new", **typed, **{"piece-2000": 1}).content.decode()
        assert "counted along confirms it" in told
        made = CashCount.objects.get()
        assert "120.00" in page(client, "cash_counts", year=2010)
        sign_in(client, bank.counter.acc)
        assert "The count is confirmed" in post(client, "cash_count_confirm", made.pk).content.decode()
        assert "already" in post(client, "cash_count_confirm", made.pk).content.decode()
        assert client.get(reverse("funds:cash_count_print", args=[made.pk])).content.startswith(b"%PDF")
        shown = page(client, "daily_cash", book=bank.counter.book.code, on="2010-01-31")
        assert "1,120.00" in shown
        query = {"book": bank.counter.book.code, "on": "2010-01-31"}
        assert client.get(reverse("funds:daily_cash_print"), query).content.startswith(b"%PDF")
        sign_in(client, teller)
        post(client, "cash_count_new", account=cash.pk, on="2010-01-30", **{"piece-10000": 1, "piece-2000": 1})
        other = CashCount.objects.latest("pk")
        assert "It is undone." in post(client, "cash_count_void", other.pk, reason="重盘").content.decode()

    def test_without_books_there_is_nothing_to_show(self, client, appoint):
        sign_in(client, appoint("acc", Duty.FUND_ACCOUNTANT))
        assert "No books are open yet" in page(client, "daily_cash", on="x")
        assert client.get(reverse("funds:daily_cash_print")).status_code == 302
        assert "agree here" in page(client, "three_books")

    def test_more_than_a_page_of_lines_is_said(self, bank, client, monkeypatch):
        monkeypatch.setattr(of_statements, "SHOWN", 1)
        monkeypatch.setattr(matching, "SHOWN", 1)
        kept = bank.keep(line(5, "1.00"), line(6, "-2.00"), opening="1000.00")
        sign_in(client, bank.counter.acc)
        assert "The first 1 lines" in page(client, "statement", kept.pk)
        assert "More is open" in page(client, "matching", bank.account.pk)


class TestToldByBanks:
    def test_a_statement_settles_payments_and_their_return(self, appoint):
        till = paying.Till.of(appoint)
        till.fill()
        batch = till.sent(till.claim(), till.claim(amounts=("500", "400")))
        first, second = till.payments(batch)
        assert first.state in Payment.UNSETTLED
        counter = paying_counter(till)
        at = bank_account(till.book, "spending_account", by=counter.acc, confirmed_by=counter.head)
        bank = Bank(counter, at)
        filled = selectors.balance_of_books(bank.account, paying.TODAY)
        on = paying.TODAY
        given = {"opening": f"{filled:.2f}", "first": date(2010, 1, 1), "last": on}
        kept = keep(
            bank,
            line(on, f"-{first.amount}", first.number),
            line(on, f"-{second.amount}", second.number),
            line(on, f"{second.amount}", second.number, words="户名不符"),
            line(on, "-0.01", first.number + "X"),
            line(on, "0.01", first.number),
            **given,
        )
        came = told_by_banks.compare(account=bank.account, by=counter.acc, at=NOW)
        assert came.settled == 3
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state) == ("paid", "returned")
        assert sorted(Match.objects.filter(how="number").values_list("amount", flat=True)) == sorted(
            [-first.amount, -second.amount, second.amount]
        )
        assert told_by_banks.settle(statement=kept, by=counter.acc, at=NOW) is None
        assert told_by_banks.compare(account=bank.account, by=counter.acc, at=NOW).matched == 0
        page_rows = {one.code: one for one in three_books.page(till.book)}
        paid = page_rows["benefits"]
        assert (paid.register, paid.books, paid.agrees) == (first.amount, first.amount, True)
        assert three_books.details(till.book, "benefits", 10) == []

    def test_what_cannot_be_taken_is_said(self, appoint, monkeypatch):
        till = paying.Till.of(appoint)
        till.fill()
        (payment,) = till.payments(till.sent(till.claim()))
        counter = paying_counter(till)
        at = bank_account(till.book, "spending_account", by=counter.acc, confirmed_by=counter.head)
        bank = Bank(counter, at)
        keep(bank, line(paying.TODAY, f"-{payment.amount}", payment.number), opening="100000.00",
             first=date(2010, 1, 1), last=paying.TODAY)  # fmt: skip

        def refuse(**given):
            raise told_by_banks.answers.CannotTake("no")

        monkeypatch.setattr(told_by_banks.answers, "take", refuse)
        with pytest.raises(CannotReconcile, match="no"):
            told_by_banks.compare(account=bank.account, by=counter.acc, at=NOW)
        found = three_books.benefits(till.book, 10)
        assert found == []

    def test_slips_are_seen_and_unseen_with_their_matches(self, appoint):
        till = slips.Till.of(appoint)
        counter = till.counter
        sheet = till.sheet()
        slip = till.check(till.deposit(sheet))
        at = bank_account(counter.book, "income_account", by=counter.acc, confirmed_by=counter.head)
        bank = Bank(counter, at)
        before = {one.code: one for one in three_books.page(counter.book)}["sheets"]
        assert (before.register, before.books, before.bank, before.apart) == (slip.amount, slip.amount, 0, slip.amount)
        assert [one.pk for one in three_books.details(counter.book, "sheets", 5)] == [sheet.pk]
        keep(bank, line(slip.on, f"{slip.amount}", slip.number), first=date(2010, 1, 1), last=slip.on)
        assert told_by_banks.compare(account=bank.account, by=counter.acc, at=NOW).matched == 1
        slip.refresh_from_db()
        sheet.refresh_from_db()
        assert (slip.seen_on, sheet.state) == (slip.on, "confirmed")
        assert three_books.details(counter.book, "sheets", 5) == []
        matches.undo(match=Match.objects.get(), reason="认错", by=counter.acc, at=NOW)
        slip.refresh_from_db()
        sheet.refresh_from_db()
        assert (slip.seen_on, sheet.state) == (None, "deposited")


def keep(bank: Bank, *lines, **more) -> Statement:
    """A statement kept on a day in March."""
    said = bank.says(*lines, **more)
    return bank_statements.keep(stated=said, sha256="c" * 64, by=bank.counter.acc, at=NOW)


def paying_counter(till):
    """The accountant and his head of a desk that pays."""
    return Counter(till.book, till.acc, till.counter.head)


class TestThreeBooks:
    def test_opens_down_to_what_differs(self, bank, client):
        sign_in(client, bank.counter.acc)
        shown = page(client, "three_books", book=bank.counter.book.code)
        assert "household accounts" in shown
        assert "1002" in shown
        bank.keep(line(5, "1.00"), opening="1000.00")
        rows = {one.name: one for one in three_books.page(bank.counter.book)}
        at_bank = rows["1002 财政专户存款 on 2010-01-31"]
        assert (at_bank.register, at_bank.books, at_bank.bank, at_bank.apart) == (None, 1000, 1001, 1)
        for code in ("sheets", "subsidies", "benefits", "banks"):
            assert "agree here" in page(client, "three_books_behind", bank.counter.book.code, code)

    def test_subsidies_by_payer(self, appoint):
        till = slips.Till.of(appoint, ("central", 1, 40, date(2010, 6, 30)))
        till.claim("central", "40.00", SubsidyRate.objects.get())
        found = three_books.subsidies(till.counter.book)
        assert [(one.register > 0, one.books, one.bank) for one in found] == [(True, 0, 0)]
        assert three_books.details(till.counter.book, "subsidies", 5) == found

    def test_of_a_fund_without_household_accounts(self, bank):
        assert three_books._stands(bank.counter.book, "nothing_like_it") == 0
        assert Account.objects.filter(purpose="household_fund").exists()
        assert JANUARY < LAST
        assert three_books.Three("x", "x", None, Decimal(1), Decimal(1)).agrees
