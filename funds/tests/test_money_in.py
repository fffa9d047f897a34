"""Money in: noted by one, checked and entered by another; what is refused, taken back, received ahead and turned."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from conftest import NOON, proof_of
from enrollment.models import Contribution
from enrollment.services import deposits, refunds
from enrollment.tests import factories as register
from funds.models import Book, Posting, Slip, SlipLine
from funds.selectors import balances
from funds.selectors import money_in as selectors
from funds.services import books, noting, slips
from funds.services.noting import SlipOf
from funds.services.postings import CannotPost
from funds.services.slips import CannotNote
from funds.tests.factories import JANUARY, pair
from funds.tests.slips import TODAY, Till, lines
from office import deciding
from office.models import Act, Duty
from office.services import rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NEXT_YEAR = datetime(2011, 1, 3, 4, tzinfo=UTC)
SPRING = date(2010, 2, 1)
AUTUMN = date(2010, 9, 30)
RATES = (("central", 1, 24, SPRING), ("central", 2, 16, AUTUMN), ("province", 1, 30, SPRING))


@pytest.fixture
def till(appoint) -> Till:
    return Till.of(appoint, *RATES)


@pytest.fixture
def second(appoint) -> Any:
    return appoint("second", Duty.ACCOUNTING_HEAD)


def stands(till: Till, purpose: str) -> Decimal:
    return balances.stands(till.counter.book, purpose)


def refused(call: Any, words: str, field: str | None = None, of: type[Exception] = CannotNote) -> None:
    with pytest.raises(of, match=words) as refusal:
        call()
    assert getattr(refusal.value, "field", None) == field


def add_a_sheet(slip: Slip, sheet: Any) -> None:
    """Past the service, before anybody checked."""
    SlipLine.objects.create(slip=slip, sheet=sheet, amount=sheet.cash)
    Slip.objects.filter(pk=slip.pk).update(state="withdrawn", reason="x")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def approved_refund(till: Till, year: Any, boss: Any) -> Any:
    """Somebody wants back what he paid for a year to come; another agreed."""
    sheet = till.sheet(1, year)
    paid = Contribution.objects.get(entry__sheet=sheet)
    asked = refunds.propose(contribution=paid, reason="外出务工", by=till.clerk, at=NOON)
    round_ = deciding.rounds_of(asked).get()
    rounds.vote(round=round_, choice="approve", hash_seen=round_.subject_hash, by=boss, at=NOON, proof=proof_of(boss))
    asked.refresh_from_db()
    return asked


class TestDeposits:
    def test_sheets_go_to_the_bank_then_to_finance(self, till):
        one, other = till.sheet(2), till.sheet(1)
        assert set(selectors.sheets_to_deposit(till.counter.book, till.year)) == {one, other}
        noted = till.deposit(one, other, number="存001")
        assert not selectors.sheets_to_deposit(till.counter.book).exists()
        assert Posting.objects.count() == 0
        slip = till.check(noted)
        assert lines(slip.posting) == [("income_account", "debit", 60), ("own_income_pool", "credit", 60)]
        assert slip.posting.summary == "缴存个人缴费2010年度 存001"
        assert (slip.posting.made_by, slip.posting.checked_by) == (till.counter.acc, till.counter.head)
        assert slip.posting.entries.get(account__purpose="income_account").words == "存001"
        one.refresh_from_db()
        assert (one.state, one.deposit_slip) == ("deposited", "存001")
        assert till.check(slip) == slip  # twice is once
        till.check(till.note("transfer", "60", number="缴拨1"))
        assert (stands(till, "income_account"), stands(till, "special_account")) == (0, 60)
        slips.mark_seen(slip=slip, on=TODAY, by=till.counter.acc, at=NOON)
        slips.mark_seen(slip=slip, on=TODAY, by=till.counter.acc, at=NOON)
        one.refresh_from_db()
        assert (one.state, one.confirmed_on) == ("confirmed", TODAY)
        slips.mark_unseen(slip=slip, reason="另一笔", by=till.counter.acc, at=NOON)
        one.refresh_from_db()
        assert one.state == "deposited"

    def test_where_finance_collects_it_lies_in_the_special_account(self, till):
        Book.objects.update(collects="finance")
        till.counter.book.refresh_from_db()
        slip = till.check(till.deposit(till.sheet(2), to_accounts=Decimal(16)))
        assert lines(slip.posting) == [
            ("special_account", "debit", 40),
            ("own_income_pool", "credit", 24),
            ("own_income_household", "credit", 16),
        ]

    def test_what_the_paper_says_is_held_against_the_sheets(self, till):
        sheet = till.sheet(2)
        refused(lambda: till.deposit(sheet, amount="39.99"), "-0.01 apart: the sheets come to 40.00", "amount")
        refused(till.deposit, "which sheets", "sheets")
        refused(lambda: till.deposit(sheet, on=date(2010, 2, 28)), "was handed in later", "on")
        refused(lambda: till.deposit(sheet, to_accounts=Decimal(41)), "Not more goes", "to_accounts")
        till.deposit(sheet)
        refused(lambda: till.deposit(sheet, amount="40", number="2"), "on a slip by now", "sheets")
        other = till.sheet(1)
        refused(lambda: till.deposit(other), "this number is noted already", "number")
        assert Act.objects.filter(name="slip.noted", kind="refused").count() == 6

    def test_a_sheet_that_moved_meanwhile_is_not_deposited_twice(self, till):
        sheet = till.sheet(2)
        slip = till.deposit(sheet)
        deposits.mark_deposited(sheets=[sheet], on=TODAY, slip="elsewhere", by=till.counter.acc, at=NOON)
        refused(lambda: till.check(slip), "deposited")
        assert (Posting.objects.count(), Slip.objects.get().state) == (0, "noted")


class TestPapers:
    @pytest.mark.parametrize(
        ("kind", "more", "event", "credited"),
        [
            ("collective", {}, "collected", "collective_income"),
            ("assistance", {}, "assisted", "assistance_income"),
            ("subsidy", {"payer": "central"}, "subsidised", "subsidy_central"),
            ("interest", {}, "interest", "interest_income"),
            ("other", {"words": "捐赠"}, "other_income", "other_income"),
        ],
    )
    def test_each_is_entered_where_it_belongs(self, till, kind, more, event, credited):
        slip = till.check(till.note(kind, "12.50", **more))
        assert slip.posting.kind == event
        assert lines(slip.posting)[1] == (credited, "credit", Decimal("12.50"))

    def test_an_instalment_and_a_list_are_named(self, till):
        rate, helped = till.year.subsidyrates.get(instalment=2), register.assistance_list(till.year)
        slip = till.check(till.note("subsidy", "16", payer="central", rate=rate))
        assert slip.posting.summary == "收财政补助（中央）2010年度 1"
        assert till.note("assistance", "20", assistance_list=helped).assistance_list == helped

    def test_contributions_of_wages_come_without_sheets(self, till, appoint):
        wages = register.scheme("employees", name="职工", insures="person", contribution="wages")
        year = register.fund_year(wages)
        chart = books.shipped("employees")
        acc = till.counter.acc
        book = books.open_book(scheme=wages, chart=chart, begins_on=JANUARY, by=acc, at=NOON)
        told = SlipOf(book, "fee", "税1", TODAY, "income_account", Decimal(800), year, to_accounts=Decimal(200))
        slip = till.check(noting.note(book=book, told=told, by=acc, at=NOON))
        assert lines(slip.posting)[1:] == [("own_income_pool", "credit", 600), ("own_income_household", "credit", 200)]
        refused(lambda: till.note("fee", "5"), "by collection sheets", "kind")

    def test_interest_of_the_spending_account_goes_up_and_no_more(self, till):
        till.counter.opened("100")
        till.counter.enter("r", "requested", *pair("spending_account", "special_account", "50"))
        till.check(till.note("interest", "3", account="spending_account"))
        up = {"account": "spending_account"}
        refused(lambda: till.note("transfer", "3.01", **up), "no more to pass on than 3.00", "amount")
        till.check(till.note("transfer", "2", **up))
        refused(lambda: till.note("transfer", "2", number="2", **up), "than 1.00", "amount")
        assert (stands(till, "spending_account"), stands(till, "special_account")) == (51, 52)
        refused(lambda: till.note("transfer", "1"), "than 0.00", "amount")

    @pytest.mark.parametrize(
        ("kind", "more", "words", "field"),
        [
            ("interest", {"number": " "}, "which number", "number"),
            ("interest", {"on": date(2009, 12, 31)}, "kept since", "on"),
            ("interest", {"on": date(2010, 3, 2)}, "not come yet", "on"),
            ("interest", {"amount": "0"}, "above nothing", "amount"),
            ("interest", {"amount": "0.001"}, "whole fen", "amount"),
            ("interest", {"account": "cash"}, "such an account", "account"),
            ("interest", {"year": True}, "which fund year", "fund_year"),
            ("collective", {"fund_year": None}, "which fund year", "fund_year"),
            ("other", {}, "what income", "words"),
            ("collective", {"to_accounts": Decimal(1)}, "when its year begins", "to_accounts"),
            ("subsidy", {}, "who pays", "payer"),
            ("assistance", {"payer": "central"}, "who pays", "payer"),
            ("subsidy", {"payer": "county", "rate": True}, "another payer", "rate"),
            ("collective", {"list": True}, "another year", "assistance_list"),
            ("deposit", {}, "together with what stands behind", None),
        ],
    )
    def test_what_is_refused(self, till, kind, more, words, field):
        given = {"amount": "1", **more}
        if given.pop("year", False):
            given["fund_year"] = till.year
        if given.get("rate"):
            given["rate"] = till.year.subsidyrates.get(level="province")
        if given.pop("list", False):
            given["assistance_list"] = register.assistance_list(till.year)
        refused(lambda: till.note(kind, **given), words, field)
        assert not Slip.objects.exists()

    def test_a_year_of_other_books_is_refused(self, till):
        other = register.fund_year(register.scheme("residents", insures="person"))
        refused(lambda: till.note("collective", "1", fund_year=other), "not one of these books", "fund_year")

    def test_books_without_the_account_say_so(self, till, monkeypatch):
        told = till.told("other", "1", words="x")
        bare = register.scheme("bare", insures="person")
        chart = books.shipped("ncms")
        fewer = type(chart)(chart.code, chart.name, [one for one in chart.accounts if one.purpose != "other_income"])
        book = books.open_book(scheme=bare, chart=fewer, begins_on=JANUARY, by=till.counter.acc, at=NOON)
        bare_told = SlipOf(book, told.kind, told.number, told.on, told.account, told.amount, words="x")
        refused(lambda: noting.note(book=book, told=bare_told, by=till.counter.acc, at=NOON), "no account for this")


class TestTwoPeople:
    def test_nobody_checks_his_own(self, till):
        slip = till.note("interest", "1")
        refused(lambda: slips.check(slip=slip, by=till.counter.acc, at=NOON), "does not check it")
        assert Act.objects.get(name="slip.entered", kind="refused").reason

    def test_withdrawn_it_lets_go_of_its_sheets(self, till):
        sheet = till.sheet(2)
        slip = till.deposit(sheet)
        refused(lambda: slips.withdraw(slip=slip, reason=" ", by=till.counter.acc, at=NOON), "Say why", "reason")
        slips.withdraw(slip=slip, reason="金额抄错", by=till.counter.acc, at=NOON)
        refused(lambda: slips.withdraw(slip=slip, reason="x", by=till.counter.acc, at=NOON), "withdrawn")
        refused(lambda: till.check(slip), "withdrawn")
        slip.refresh_from_db()
        assert (slip.is_standing, slip.goes_out) == (False, False)
        assert str(slip) == "contributions paid in 1"
        line = till.deposit(sheet).lines.get()
        assert (line.sheet, str(line)) == (sheet, f"{sheet}: 40.00")

    def test_taken_back_by_two_in_red(self, till, second):
        sheet = till.sheet(2)
        slip = till.check(till.deposit(sheet))
        asking = {"slip": slip, "on": TODAY, "reason": "重复", "by": till.counter.acc, "at": NOON}
        refused(lambda: slips.take_back(slip=slip, by=second, at=NOON), "Nobody asks")
        refused(lambda: slips.ask_back(**asking | {"reason": ""}), "Say why", "reason")
        refused(lambda: slips.ask_back(**asking | {"on": date(2010, 2, 28)}), "after its own day", "on")
        slips.mark_seen(slip=slip, on=TODAY, by=till.counter.acc, at=NOON)
        refused(lambda: slips.ask_back(**asking), "off the statement")
        slips.mark_unseen(slip=slip, reason="x", by=till.counter.acc, at=NOON)
        slips.ask_back(**asking)
        refused(lambda: slips.ask_back(**asking), "to be taken back")
        assert till.check(slip).state == "back_asked"
        refused(lambda: slips.take_back(slip=slip, by=till.counter.acc, at=NOON), "does not decide")
        slips.leave(slip=slip, by=second, at=NOON)
        slips.ask_back(**asking)
        done = slips.take_back(slip=slip, by=second, at=NOON)
        assert slips.take_back(slip=slip, by=second, at=NOON) == done
        sheet.refresh_from_db()
        assert (done.state, sheet.state, stands(till, "income_account")) == ("taken_back", "handed_in", 0)
        assert Posting.objects.filter(reverses=slip.posting, made_by=till.counter.acc, checked_by=second).exists()
        assert list(selectors.sheets_to_deposit(till.counter.book)) == [sheet]

    def test_what_was_passed_on_is_not_taken_back(self, till, second):
        slip = till.check(till.deposit(till.sheet(2)))
        till.check(till.note("transfer", "40"))
        slips.ask_back(slip=slip, on=TODAY, reason="x", by=till.counter.acc, at=NOON)
        refused(lambda: slips.take_back(slip=slip, by=second, at=NOON), "not so much on 1003", of=CannotPost)
        assert Slip.objects.get(pk=slip.pk).state == "back_asked"

    def test_a_statement_shows_what_is_entered(self, till):
        sheet = till.sheet(2)
        slip = till.deposit(sheet)
        seen = {"slip": slip, "on": TODAY, "by": till.counter.acc, "at": NOON}
        refused(lambda: slips.mark_seen(**seen), "Only what is entered")
        refused(lambda: slips.mark_unseen(slip=slip, reason="x", by=till.counter.acc, at=NOON), "on no statement")
        till.check(slip)
        refused(lambda: slips.mark_seen(**seen | {"on": date(2010, 3, 2)}), "not before that day", "on")
        slips.mark_seen(**seen)
        refused(lambda: slips.mark_unseen(slip=slip, reason="", by=till.counter.acc, at=NOON), "Say why", "reason")

    def test_sheets_that_moved_past_the_slip_stop_it(self, till, second):
        sheet = till.sheet(2)
        slip = till.check(till.deposit(sheet))
        by = {"by": till.counter.acc, "at": NOON}
        deposits.mark_confirmed(sheets=[sheet], on=TODAY, **by)
        refused(lambda: slips.mark_seen(slip=slip, on=TODAY, **by), "confirmed")
        slips.ask_back(slip=slip, on=TODAY, reason="x", **by)
        refused(lambda: slips.take_back(slip=slip, by=second, at=NOON), "confirmed")
        slips.leave(slip=slip, **by)
        deposits.take_confirmation_back(sheets=[sheet], reason="x", **by)
        slips.mark_seen(slip=slip, on=TODAY, **by)
        deposits.take_confirmation_back(sheets=[sheet], reason="x", **by)
        refused(lambda: slips.mark_unseen(slip=slip, reason="x", **by), "deposited")
