"""Months: what is looked at before one is closed, who decides, what comes into it meanwhile, how it is opened again;
the end of a year; what waits for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from conftest import NOON
from enrollment.tests import factories as register
from funds import worklists_books
from funds.models import Book, Period, PeriodRequest, Posting
from funds.rules.ledgers import Moved, Side
from funds.selectors import identities, ledgers
from funds.selectors import months as selectors
from funds.selectors import vouchers as voucher_selectors
from funds.services import book_checks, books, closing_checks, months, risk_fund, vouchers, years
from funds.services.months import CannotMoveMonth
from funds.services.postings import CannotPost
from funds.services.vouchers import CannotKeepVoucher, VoucherOf
from funds.tests.factories import JANUARY, Counter, pair
from funds.tests.paying import bound
from office import deciding, desk
from office.deciding import CannotWithdraw
from office.models import Act, Duty, Person
from office.services import rounds
from office.services.rounds import CannotVote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FEBRUARY, MARCH = date(2010, 2, 1), date(2010, 3, 1)


@pytest.fixture(autouse=True)
def own_checks(monkeypatch):
    """The checks of the books alone: banks and slips have theirs, with tests of their own."""
    monkeypatch.setattr(closing_checks, "_checks", {})
    book_checks.register()


@pytest.fixture
def counter(appoint) -> Counter:
    return Counter.of(appoint)


@pytest.fixture
def hal(appoint) -> Person:
    return appoint("hal", Duty.OFFICE_HEAD)


def period_of(counter: Counter, month: date = JANUARY) -> Period:
    return Period.objects.get(book=counter.book, month=month)


def ask(counter: Counter, month: date = JANUARY, **more) -> Period:
    return months.ask_to_close(book=counter.book, month=month, by=counter.acc, at=NOON, **more)


def vote(period: Period, by: Person, choice: str = "approve") -> Period:
    opened = deciding.rounds_of(period).get(state="open")
    assert opened.own_code
    rounds.vote(
        round=opened, choice=choice, hash_seen=opened.subject_hash, by=by, at=NOON, reason="why",
        proof=bound(by, opened.bound_to),
    )  # fmt: skip
    return Period.objects.get(pk=period.pk)


def closed(counter: Counter, month: date = JANUARY, **more) -> Period:
    return vote(ask(counter, month, **more), counter.head)


class TestClosing:
    def test_is_asked_by_one_and_decided_by_the_head_of_accounting_and_lets_nothing_in(self, counter):
        counter.opened()
        asked = ask(counter)
        assert asked.state == "closing"
        for state in ("closing", "closed"):
            with pytest.raises(CannotPost, match="2010-01 is"):
                counter.enter("x", "requested", *pair("spending_account", "special_account", "5.00"))
            assert vote(asked, counter.head).state == "closed" if state == "closing" else True
        period = period_of(counter)
        assert (period.state, selectors.request_of(period).asked_by) == ("closed", counter.acc)
        facts = dict(months.rows(period))
        assert (facts["postings"], facts["debit, yuan"]) == ("1", "1,000.00")
        assert set(Act.objects.filter(name__startswith="month.").values_list("name", flat=True)) == {
            "month.closing-asked", "month.closing-decided",
        }  # fmt: skip
        with pytest.raises(CannotMoveMonth, match="2010-01 is closed"):
            ask(counter)

    def test_refused_it_is_open_again(self, counter):
        counter.opened()
        assert vote(ask(counter), counter.head, "refuse").state == "open"
        counter.enter("x", "requested", *pair("spending_account", "special_account", "5.00"))
        assert closed(counter).state == "closed"

    def test_a_month_in_which_nothing_was_entered_is_begun_to_be_closed_after_those_before_it(self, counter):
        with pytest.raises(CannotMoveMonth, match=r"first 2010-01"):
            ask(counter, FEBRUARY)
        assert not Period.objects.exists()
        assert closed(counter).state == "closed"
        assert closed(counter, FEBRUARY).state == "closed"
        with pytest.raises(CannotMoveMonth, match="not over"):
            ask(counter, MARCH)
        with pytest.raises(CannotMoveMonth, match="kept since"):
            ask(counter, date(2009, 12, 1))

    def test_money_left_in_the_income_account_is_signed_for(self, counter):
        counter.enter("fee", "collected", *pair("income_account", "own_income_pool", "20.00"))
        with pytest.raises(CannotMoveMonth, match=r"20\.00 yuan lie on 1003") as refusal:
            ask(counter)
        assert refusal.value.field == "income-account"
        period = ask(counter, exceptions={"income-account": "三十一日下午到账"})
        assert PeriodRequest.objects.get().exceptions == {"income-account": "三十一日下午到账"}
        assert ("The income account is empty", "三十一日下午到账") in [(str(a), b) for a, b in months.rows(period)]
        assert vote(period, counter.head).state == "closed"

    def test_what_waits_is_settled_first(self, counter):
        counter.opened()
        stated = VoucherOf("interest", JANUARY, "利息", pair("special_account", "interest_income", "1.00"))
        vouchers.note(book=counter.book, stated=stated, by=counter.acc, at=NOON)
        with pytest.raises(CannotMoveMonth, match="制-0001 of 2010-01-01 is to be checked"):
            ask(counter)

    def test_what_is_wrong_since_takes_the_vote_back(self, counter):
        counter.opened()
        period = ask(counter)
        closing_checks.register("later", "x", lambda one: ["A slip came."])
        with pytest.raises(CannotVote, match="A slip came"):
            vote(period, counter.head)
        assert period_of(counter).state == "closing"

    def test_is_taken_back_by_whoever_asked(self, counter):
        counter.opened()
        period = ask(counter)
        with pytest.raises(CannotWithdraw, match="Whoever asked"):
            months.withdraw(period=period, by=counter.head, at=NOON)
        deciding.matter_of("funds.period").withdraw(period, counter.acc, NOON)
        assert period_of(counter).state == "open"
        with pytest.raises(CannotWithdraw, match="decided already"):
            months.withdraw(period=period, by=counter.acc, at=NOON)

    def test_put_off_it_is_asked_once_more(self, counter):
        counter.opened()
        period = ask(counter)
        opened = deciding.rounds_of(period).get()
        rounds.void(subject=period, by=counter.acc, at=NOON, reason="x")
        assert months._decided(period, "deferred", counter.head, NOON) == ""
        assert deciding.rounds_of(period).filter(state="open").exclude(pk=opened.pk).count() == 1


class TestOpeningAgain:
    def test_is_decided_by_the_head_of_the_office_from_the_last_month_back(self, counter, hal):
        counter.opened()
        january = closed(counter)
        closed(counter, FEBRUARY)
        asked = {"period": january, "by": counter.acc, "at": NOON}
        with pytest.raises(CannotMoveMonth, match="from the last: first 2010-02"):
            months.ask_to_reopen(reason="漏记", **asked)
        with pytest.raises(CannotMoveMonth, match="Say why"):
            months.ask_to_reopen(reason=" ", **asked | {"period": period_of(counter, FEBRUARY)})
        february = months.ask_to_reopen(reason="漏记", **asked | {"period": period_of(counter, FEBRUARY)})
        assert february.state == "reopening"
        assert dict(months.rows(february))["reason"] == "漏记"
        with pytest.raises(CannotVote):
            vote(february, counter.head)
        assert vote(february, hal, "refuse").state == "closed"
        months.ask_to_reopen(reason="漏记", **asked | {"period": february})
        assert vote(february, hal).state == "open"
        with pytest.raises(CannotMoveMonth, match="is open"):
            months.ask_to_reopen(reason="x", **asked | {"period": february})
        counter.enter("x", "requested", *pair("spending_account", "special_account", "5.00"), on=FEBRUARY)
        assert closed(counter, FEBRUARY).state == "closed"

    def test_is_barred_where_a_part_says_so(self, counter, hal, monkeypatch):
        monkeypatch.setattr(months, "_bars", {})
        counter.opened()
        period = closed(counter)
        months.ask_to_reopen(period=period, reason="x", by=counter.acc, at=NOON)
        months.register_bar("final", lambda one: "The final account is approved.")
        with pytest.raises(CannotVote, match="final account"):
            vote(period, hal)
        months.withdraw(period=period, by=counter.acc, at=NOON)
        with pytest.raises(CannotMoveMonth, match="final account"):
            months.ask_to_reopen(period=period, reason="x", by=counter.acc, at=NOON)


class TestChecks:
    def test_what_is_half_decided_keeps_the_month_open(self, counter):
        counter.opened()
        period = period_of(counter)
        assert book_checks.half_decided(period) == []
        asked = risk_fund.propose(
            book=counter.book, kind="extracted", year=2010, amount=Decimal(5), raised=Decimal(1000), on=FEBRUARY,
            paper="海财〔2010〕1号", by=counter.acc, at=NOON,
        )  # fmt: skip
        [sentence] = book_checks.half_decided(period)
        assert str(asked) in sentence
        other = Period(book=Book(pk=0))
        assert book_checks.half_decided(other) == []

    def test_books_that_do_not_balance_are_said(self, counter, monkeypatch):
        counter.opened()
        period = period_of(counter)
        assert book_checks.uneven(period) == []
        rows = book_checks.balances.standings(counter.book, JANUARY, JANUARY)
        wrong = [replace(rows[0], debit=rows[0].debit + 1), *rows[1:]]
        monkeypatch.setattr(book_checks.balances, "standings", lambda *given: wrong)
        assert book_checks.uneven(period) == ["Debit and credit are 1.00 apart."]


@pytest.fixture
def old(appoint) -> Counter:
    """Books kept since November of last year, with a year's income and spending."""
    acc, head = appoint("acc", Duty.FUND_ACCOUNTANT), appoint("head", Duty.ACCOUNTING_HEAD)
    given = {"chart": books.shipped("ncms"), "begins_on": date(2009, 11, 1), "by": acc, "at": NOON}
    counter = Counter(books.open_book(scheme=register.scheme(), **given), acc, head)
    counter.enter("o", "opening", *pair("special_account", "general_pool", "100.00"), on=date(2009, 11, 1))
    counter.enter("i", "interest", *pair("special_account", "interest_income", "7.00"), on=date(2009, 12, 21))
    counter.enter("h", "collected", *pair("special_account", "own_income_household", "5.00"), on=date(2009, 12, 22))
    counter.enter("p", "paid", *pair("pool_spending", "special_account", "3.00"), on=date(2009, 12, 23))
    return counter


class TestYear:
    DECEMBER = date(2009, 12, 1)

    def close_year(self, old: Counter):
        return years.close_year(book=old.book, year=2009, by=old.acc, at=NOON)

    def test_is_closed_to_the_funds_that_its_accounts_name(self, old):
        with pytest.raises(CannotKeepVoucher, match="first 2009-11"):
            self.close_year(old)
        closed(old, date(2009, 11, 1))
        with pytest.raises(CannotMoveMonth, match="of the year stand on 4001"):
            ask(old, self.DECEMBER)
        made = self.close_year(old)
        with pytest.raises(CannotKeepVoucher, match="waits already"):
            self.close_year(old)
        old.enter("i2", "interest", *pair("special_account", "interest_income", "1.00"), on=date(2009, 12, 31))
        with pytest.raises(CannotKeepVoucher, match="since"):
            vouchers.enter(voucher=made, by=old.head, at=NOON)
        vouchers.withdraw(voucher=made, reason="x", by=old.acc, at=NOON)
        done = vouchers.enter(voucher=self.close_year(old), by=old.head, at=NOON)
        assert done.posting.key == "year:ncms:2009:2"
        sides = identities.identities(old.book)[0].identity
        assert (sides.funds, sides.income, sides.spending, sides.holds) == (110, 0, 0, True)
        found = {one.account.purpose: one.closing for one in ledgers.trial(old.book, self.DECEMBER).lines}
        assert found["general_pool"] == Side("credit", Decimal(105))
        assert found["household_fund"] == Side("credit", Decimal(5))
        with pytest.raises(CannotKeepVoucher, match="Nothing stands"):
            self.close_year(old)
        assert closed(old, self.DECEMBER).state == "closed"

    def test_is_one_of_these_books(self, old):
        with pytest.raises(CannotKeepVoucher, match="kept since"):
            years.close_year(book=old.book, year=2008, by=old.acc, at=NOON)
        assert Act.objects.filter(name="voucher.noted", kind="refused").exists()
        assert voucher_selectors.closing_lines(old.book, 2010) != []  # what nobody closed is carried on

    def test_the_ledgers_of_it_agree(self, old):
        account = ledgers.accounts_of(old.book).get(purpose="special_account")
        page = ledgers.detail(account, self.DECEMBER)
        assert page.opening == Side("debit", Decimal(100))
        assert [one.stands.amount for one in page.lines] == [107, 112, 109]
        assert (page.of_month, page.of_year) == (Moved(Decimal(12), Decimal(3)), Moved(Decimal(112), Decimal(3)))
        assert page.closing == Side("debit", Decimal(109))
        empty = ledgers.detail(account, JANUARY)
        assert (empty.opening, empty.lines, empty.closing) == (page.closing, [], page.closing)
        general = {one.account.purpose: one for one in ledgers.general(old.book, 2009)}
        assert [(one.month.month, one.stands.amount) for one in general["special_account"].months] == [
            (11, 100),
            (12, 109),
        ]
        assert general["special_account"].months[1].of_year == page.of_year
        assert ledgers.general(old.book, 2010)[1].opening == page.closing
        trial = ledgers.trial(old.book, self.DECEMBER)
        assert trial.is_even
        assert trial.of_month == Moved(Decimal(15), Decimal(15))
        assert trial.closing == Moved(Decimal(112), Decimal(112))
        assert [one.number for one in ledgers.journal(old.book, self.DECEMBER)] == [1, 2, 3]
        assert ledgers.last_day(self.DECEMBER) == date(2009, 12, 31)


class TestWaiting:
    def test_vouchers_wait_for_another_and_come_back_to_their_maker_and_months_wait_when_they_are_over(self, counter):
        today = desk.Look(NOON)
        counter.opened()
        stated = VoucherOf("interest", JANUARY, "利息", pair("special_account", "interest_income", "1.00"))
        made = vouchers.note(book=counter.book, stated=stated, by=counter.acc, at=NOON)
        for person, count in ((counter.head, 1), (counter.acc, 0)):
            assert worklists_books.to_check(person, today).count == count
        assert [one.label for one in worklists_books.still_to_check([str(made.pk)])]
        vouchers.send_back(voucher=made, reason="x", by=counter.head, at=NOON)
        assert worklists_books.came_back(counter.acc, today).count == 1
        assert worklists_books.came_back(counter.head, today).count == 0
        assert worklists_books.months_to_close(counter.acc, today).count == 1
        assert [one.month for one in selectors.to_close(counter.book, date(2010, 3, 1))] == [JANUARY, FEBRUARY]
        told = selectors.months_of(counter.book, date(2010, 3, 1))
        assert [(one.month, one.postings, one.debit, one.is_open) for one in told] == [
            (FEBRUARY, 0, 0, True), (JANUARY, 1, 1000, True),
        ]  # fmt: skip


def test_both_sides_of_all_books_come_in_one_statement(counter, django_assert_num_queries):
    counter.opened()
    with django_assert_num_queries(1):
        sides = identities.identities()
    assert [(one.book, one.identity.held, one.identity.owned) for one in sides] == [(counter.book, 1000, 1000)]
    assert identities.identities(until=date(2009, 12, 1))[0].identity.held == 0
    assert identities.last_month(counter.book) == JANUARY
    assert [one.amount for one in identities.held_terms(sides[0].identity)] == [1000, 0, 0, 0, 0]
    assert [one.amount for one in identities.owned_terms(sides[0].identity)] == [1000, 0, 0]
    assert identities.last_month(Book.objects.get()) <= timezone.localdate(NOON)
    assert Posting.objects.count() == 1
