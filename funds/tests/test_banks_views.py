"""The pages of banks and cash in a browser's place: taken in, matched, made a sheet of, counted; the three books; what
a statement says of payments and slips."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import sign_in
from enrollment.models import SubsidyRate
from enrollment.tests import factories as register
from funds import worklists_banks
from funds.models import BankAccount, CashCount, Match, Payment, Reconciliation, Statement
from funds.selectors import bank_statements as selectors
from funds.selectors import three_books
from funds.services import bank_statements, books, cash_counts, matches, reconciliations, told_by_banks
from funds.services import slips as of_slips
from funds.services.reconciling import CannotReconcile
from funds.tests import paying, slips
from funds.tests.banking import FEBRUARY, LAST, Bank, bank_account, cashier, line, vote
from funds.tests.factories import JANUARY, Counter, pair
from funds.views import bank_statements as of_statements
from funds.views import matching
from office import attachments, desk
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


class TestWaiting:
    def test_lines_to_match_and_counts_to_confirm(self, bank, appoint):
        teller = cashier(appoint)
        look = desk.Look(NOW)
        assert worklists_banks.to_match(bank.counter.acc, look).count == 0
        bank.keep(line(5, "1.00"), line(6, "2.00"), opening="1000.00")
        (item,) = worklists_banks.to_match(bank.counter.acc, look).items
        assert "3 lines, the oldest of 2010-01-01" in item.note
        cash = bank.counter.book.accounts.get(purpose="cash")
        cash_counts.note(account=cash, on=LAST, pieces={Decimal(1): 0}, explanation="", by=teller, at=NOW)
        assert worklists_banks.to_count_along(teller, look).count == 0
        (item,) = worklists_banks.to_count_along(bank.counter.acc, look).items
        assert "2010-01-31" in item.label

    def test_accounts_to_reconcile_until_somebody_looks_at_their_sheet(self, bank):
        look = desk.Look(FEBRUARY)
        (item,) = worklists_banks.to_reconcile(bank.counter.acc, look).items
        assert "has no reconciliation sheet of 2010-01-31" in item.note
        bank.keep(opening="1000.00")
        bank.certain()
        asked = bank.sheet(confirmed=False)
        assert worklists_banks.to_reconcile(bank.counter.acc, look).count == 0
        vote(asked, bank.counter.head, at=FEBRUARY)
        assert worklists_banks.to_reconcile(bank.counter.acc, look).count == 0

    def test_many_accounts_to_reconcile_cost_no_more_statements_than_one(self, bank, appoint):
        """Whether they have no sheet, one that is true, or one that is true no longer."""
        look, by = desk.Look(FEBRUARY), bank.counter.acc
        bank.counter.enter("s", "requested", *pair("spending_account", "special_account", "20.00"))
        bank.keep(opening="1000.00")
        bank.certain()
        bank.sheet()
        with CaptureQueriesContext(connection) as one:
            assert worklists_banks.to_reconcile(by, look).count == 1
        bank.counter.enter("t", "requested", *pair("spending_account", "special_account", "1.00"))
        for code in ("residents", "employees"):
            chart = books.shipped(code)
            book = books.open_book(scheme=register.scheme(code), chart=chart, begins_on=JANUARY, by=by, at=NOW)
            Counter(book, by, bank.counter.head).enter(
                code, "opening", *pair("special_account", "general_pool", "10.00")
            )
        with CaptureQueriesContext(connection) as many:
            told = [item.note for item in worklists_banks.to_reconcile(by, look).items]
        assert (len(told), sum("books or statements changed" in one for one in told)) == (4, 1)
        assert len(many) == len(one) == 13

    def test_camt_053_is_taken_in(self, bank):
        day = "<BookgDt><Dt>2010-01-05</Dt></BookgDt>"
        told = (
            '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
            "<BkToCstmrStmt><Stmt>"
            f"<Id>DZ1</Id><Acct><Id><Othr><Id>{bank.at.number}</Id></Othr></Id></Acct>"
            "<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy='CNY'>1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
            "<Dt><Dt>2010-01-01</Dt></Dt></Bal>"
            "<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy='CNY'>900.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
            "<Dt><Dt>2010-01-31</Dt></Dt></Bal>"
            f"<Ntry><Amt Ccy='CNY'>100.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>{day}<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls>"
            "<TxDtls><Refs><EndToEndId>ZF1</EndToEndId></Refs></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"
        )
        upload = SimpleUploadedFile("dz.xml", told.encode())
        made = bank_statements.take_in(upload=upload, by=bank.counter.acc, at=NOW)
        assert (made.form, made.number, made.closing) == ("camt", "DZ1", 900)
        assert attachments.of(made).get().media_type == "application/xml"
        assert attachments.may_read(attachments.of(made).get(), bank.counter.acc)
        bank.certain()
        assert dict(reconciliations.rows(bank.sheet(confirmed=False)))["both sides come to"] == "900.00"

    def test_a_file_beyond_all_measure_is_refused(self, bank, settings):
        settings.ATTACHMENT_LARGEST = 10
        with pytest.raises(CannotReconcile, match="larger than"):
            bank_statements.read(b"<" + b"x" * 20, "a.xml")


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

    def test_money_passed_on_is_seen_where_it_arrives_and_what_is_to_be_taken_back_is_not(self, appoint):
        till = slips.Till.of(appoint)
        counter = till.counter
        deposit = till.check(till.deposit(till.sheet()))
        passed = till.check(till.note("transfer", "40.00", "T1"))
        of_slips.ask_back(slip=deposit, on=passed.on, reason="错", by=counter.acc, at=NOW)
        for purpose in ("income_account", "special_account"):
            at = bank_account(counter.book, purpose, by=counter.acc, confirmed_by=counter.head)
            bank = Bank(counter, at)
            lines = [line(passed.on, "40.00" if purpose == "special_account" else "-40.00", "T1")]
            if purpose == "income_account":
                lines.insert(0, line(deposit.on, "40.00", deposit.number))
            keep(bank, *lines, first=date(2010, 1, 1), last=passed.on)
            told_by_banks.compare(account=bank.account, by=counter.acc, at=NOW)
            passed.refresh_from_db()
            assert (passed.seen_on is not None) == (purpose == "special_account")
        deposit.refresh_from_db()
        assert deposit.seen_on is None
        match = Match.objects.get(account__purpose="income_account", amount=40)
        matches.undo(match=match, reason="错", by=counter.acc, at=NOW)
        deposit.refresh_from_db()
        assert (deposit.state, deposit.seen_on) == ("back_asked", None)

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
    digest = hashlib.sha256(repr(said).encode()).hexdigest()
    return bank_statements.keep(stated=said, sha256=digest, by=bank.counter.acc, at=NOW)


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
        bank.counter.book.accounts.filter(purpose="household_fund").update(purpose="something_else")
        assert "accounts" not in {one.code for one in three_books.page(bank.counter.book)}
        assert three_books._stands(bank.counter.book, "nothing_like_it") == 0
        assert three_books.Three("x", "x", None, Decimal(1), Decimal(1)).agrees
