"""Reconciliation sheets, counts of cash, and what a closing of the month asks of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from conftest import NOON
from funds.models import CashCount, Match, Period
from funds.rules import reconciling as rules
from funds.selectors import bank_accounts, cash
from funds.selectors import bank_statements as selectors
from funds.services import cash_counts, closing_checks, matches, reconciled_months, reconciliations
from funds.services.reconciling import CannotReconcile
from funds.tests.banking import FEBRUARY, LAST, Bank, cashier, line, vote, written
from funds.tests.factories import JANUARY, pair, past_triggers
from office import deciding
from office.deciding import CannotWithdraw
from office.models import Duty
from office.services.rounds import CannotVote

pytestmark = [pytest.mark.usefixtures("in_english")]


@pytest.fixture
def bank(appoint) -> Bank:
    """A thousand in the special account, in the books and at the bank since the first of January."""
    found = Bank.of(appoint)
    found.counter.opened("1000.00")
    return found


@pytest.mark.django_db
class TestSheet:
    def test_names_what_hangs_between_books_and_bank(self, bank):
        bank.paid_out("ZF1", "100.00", 30)
        bank.paid_out("ZF2", "40.00", 31)
        bank.keep(line(21, "3.21", words="利息"), line(30, "-100.00", "ZF1"), opening="1000.00")
        bank.certain()
        made = bank.sheet(confirmed=False)
        assert (made.book_balance, made.statement_balance) == (860, Decimal("903.21"))
        assert (made.bank_in, made.bank_out, made.book_in, made.book_out) == (Decimal("3.21"), 0, 0, 40)
        assert (made.adjusted, made.outstanding) == (Decimal("863.21"), Decimal("43.21"))
        assert [one.words for one in rules.opened(made.content["lines"])] == ["利息"]
        assert [one.words for one in rules.opened(made.content["entries"])] == ["ZF2"]
        assert deciding.rounds_of(made).get().amount == Decimal("903.21")
        vote(made, bank.counter.head, at=FEBRUARY)
        assert (made.state, str(made)) == ("confirmed", "1002 财政专户存款 2010-01-31")
        assert reconciliations.is_true(made)

    def test_of_a_past_day_stays_what_it_was(self, bank):
        bank.paid_out("ZF1", "100.00", 31)
        bank.keep(opening="1000.00")
        bank.certain()
        made = bank.sheet()
        bank.keep(line(date(2010, 2, 1), "-100.00", "ZF1"), opening="1000.00", first=date(2010, 2, 1),
                  last=date(2010, 2, 1))  # fmt: skip
        assert [one.how for one in bank.certain()] == ["number"]
        assert reconciliations.is_true(made)
        assert made.book_out == 100

    def test_stands_on_its_matches_until_it_is_taken_back(self, bank):
        bank.paid_out("ZF1", "100.00", 30)
        bank.keep(line(30, "-100.00", "ZF1"), opening="1000.00")
        paid, opening = bank.certain()
        matches.undo(match=opening, reason="试", by=bank.counter.acc, at=FEBRUARY)
        made = bank.sheet()
        given = {"by": bank.counter.acc, "at": FEBRUARY}
        with pytest.raises(CannotReconcile, match="take the sheet back first"):
            matches.undo(match=paid, reason="错", **given)
        with pytest.raises(CannotReconcile, match="take the sheet back first"):
            bank.match(selectors.open_lines(bank.account), selectors.open_entries(bank.account))
        assert bank.certain() == []
        with pytest.raises(DatabaseError, match="stands on these"), transaction.atomic():
            Match.objects.filter(pk=paid.pk).update(
                state="undone", undone_by=bank.counter.acc, undone_at=NOON, undone_because="x"
            )
        with pytest.raises(CannotReconcile, match="in words"):
            reconciliations.withdraw(kept=made, reason="", by=bank.counter.head, at=FEBRUARY)
        back = reconciliations.withdraw(kept=made, reason="勾错", by=bank.counter.head, at=FEBRUARY)
        assert back.state == "withdrawn"
        with pytest.raises(CannotReconcile, match="Only a confirmed"):
            reconciliations.withdraw(kept=made, reason="勾错", by=bank.counter.head, at=FEBRUARY)
        assert matches.undo(match=paid, reason="错", **given).state == "undone"
        assert len(bank.certain()) == 2

    def test_is_not_confirmed_when_the_books_moved_on(self, bank):
        bank.keep(opening="1000.00")
        made = bank.sheet(confirmed=False)
        bank.paid_out("ZF1", "100.00", 31)
        with pytest.raises(CannotVote, match="changed since"):
            vote(made, bank.counter.head, at=FEBRUARY)
        vote(made, bank.counter.head, "refuse", at=FEBRUARY)
        assert made.state == "refused"
        assert bank.sheet().state == "confirmed"

    def test_is_confirmed_by_another_who_handles_no_money(self, bank, appoint, monkeypatch):
        bank.keep(opening="1000.00")
        made = bank.sheet(confirmed=False)
        with pytest.raises(CannotVote):
            vote(made, bank.counter.acc, at=FEBRUARY)
        with pytest.raises(CannotVote):
            vote(made, cashier(appoint), at=FEBRUARY)

        def handles_money(by, at):
            raise CannotReconcile("The cashier does not reconcile what he handles.")

        monkeypatch.setattr(reconciliations.reconciling, "refuse_cashier", handles_money)
        with pytest.raises(CannotVote, match="cashier does not"):
            vote(made, bank.counter.head, at=FEBRUARY)
        monkeypatch.undo()
        vote(made, appoint("fin", Duty.FINANCE_REVIEWER), at=FEBRUARY)
        assert made.state == "confirmed"

    def test_is_taken_back_by_whoever_made_it_before_it_is_decided(self, bank):
        bank.keep(opening="1000.00")
        made = bank.sheet(confirmed=False)
        take_back = deciding.matter_of("funds.reconciliation").withdraw
        with pytest.raises(CannotWithdraw, match="made the sheet"):
            take_back(made, bank.counter.head, FEBRUARY)
        take_back(made, bank.counter.acc, FEBRUARY)
        made.refresh_from_db()
        assert made.state == "withdrawn"
        with pytest.raises(CannotWithdraw, match="decided already"):
            take_back(made, bank.counter.acc, FEBRUARY)

    def test_refuses_what_cannot_be_said(self, bank, appoint):
        book, acc = bank.counter.book, bank.counter.acc
        given = {"account": bank.account, "by": acc, "at": FEBRUARY}
        with pytest.raises(CannotReconcile, match="No statement says"):
            reconciliations.propose(on=LAST, **given)
        with pytest.raises(CannotReconcile, match="not come yet"):
            reconciliations.propose(on=date(2010, 3, 1), **given)
        with pytest.raises(CannotReconcile, match="at no bank"):
            reconciliations.propose(on=LAST, **given | {"account": book.accounts.get(purpose="cash")})
        with pytest.raises(CannotReconcile, match="cashier"):
            reconciliations.propose(on=LAST, **given | {"by": cashier(appoint)})
        bank.keep(opening="1000.00")
        bank.sheet(confirmed=False)
        with pytest.raises(CannotReconcile, match="a sheet of this day already: to be confirmed"):
            reconciliations.propose(on=LAST, **given)

    @pytest.mark.django_db(transaction=True)
    def test_says_when_matches_are_not_the_same_money(self, bank):
        bank.keep(line(5, "1.00"), opening="1000.00")
        bank.certain()
        past_triggers("UPDATE funds_matchedline SET is_live = false")
        with pytest.raises(CannotReconcile, match=r"-?1,000\.00 apart"):
            bank.sheet()

    def test_is_not_taken_back_in_a_closed_month(self, bank):
        bank.keep(opening="1000.00")
        made = bank.sheet()
        Period.objects.update(state="closing")
        with pytest.raises(CannotReconcile, match="2010-01 is to be closed"):
            reconciliations.withdraw(kept=made, reason="错", by=bank.counter.head, at=FEBRUARY)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE funds_reconciliation SET state = 'confirmed'",
            "UPDATE funds_reconciliation SET bank_in = 1",
            """INSERT INTO funds_reconciliation (account_id, "on", book_balance, statement_balance, bank_in, bank_out,
            book_in, book_out, content, sha256, state, made_by_id, made_at) SELECT account_id, '2010-01-30', 5, 6, 0,
            0, 0, 0, '{}', sha256, 'proposed', made_by_id, made_at FROM funds_reconciliation""",
        ],
    )  # fmt: skip
    def test_the_database_lets_nobody_past_the_round(self, bank, statement):
        bank.keep(opening="1000.00")
        made = bank.sheet(confirmed=False)
        with pytest.raises(DatabaseError), transaction.atomic():
            written(statement)
        made.refresh_from_db()
        assert made.state == "proposed"


@pytest.mark.django_db
class TestCash:
    @pytest.fixture
    def account(self, bank):
        bank.counter.enter("c", "collected", *pair("cash", "own_income_pool", "123.50"), on=date(2010, 1, 20))
        return bank.counter.book.accounts.get(purpose="cash")

    def note(self, account, by, *, on=LAST, explanation="", **pieces):
        given = {Decimal(name[1:].replace("_", ".")): count for name, count in pieces.items()}
        return cash_counts.note(account=account, on=on, pieces=given, explanation=explanation, by=by, at=FEBRUARY)

    def test_is_counted_by_the_cashier_and_by_another(self, bank, account, appoint):
        teller = cashier(appoint)
        made = self.note(account, teller, n100=1, n20=1, n1=3, n0_5=1, n5=0)
        assert (made.counted, made.book_balance, made.difference) == (Decimal("123.50"), Decimal("123.50"), 0)
        assert made.pieces == {"100.00": 1, "20.00": 1, "1.00": 3, "0.50": 1}
        with pytest.raises(CannotReconcile, match="cashier"):
            cash_counts.confirm(count=made, by=teller, at=FEBRUARY)
        done = cash_counts.confirm(count=made, by=bank.counter.acc, at=FEBRUARY)
        assert (done.state, done.confirmed_by, str(done)) == ("confirmed", bank.counter.acc, "1001 现金 2010-01-31")
        with pytest.raises(CannotReconcile, match="confirmed already"):
            cash_counts.void(count=made, reason="x", by=teller, at=FEBRUARY)

    def test_a_difference_is_explained(self, bank, account, appoint):
        teller = cashier(appoint)
        with pytest.raises(CannotReconcile, match=r"books say 123\.50, counted is 100\.00"):
            self.note(account, teller, n100=1)
        made = self.note(account, teller, n100=1, explanation="借支未报")
        assert made.difference == Decimal("-23.50")
        with pytest.raises(CannotReconcile, match="counted already"):
            self.note(account, teller, n100=1)
        assert cash_counts.void(count=made, reason="重盘", by=teller, at=FEBRUARY).state == "void"
        again = self.note(account, teller, n100=1, n20=1, n1=3, n0_5=1)
        with pytest.raises(CannotReconcile, match="in words"):
            cash_counts.void(count=again, reason=" ", by=teller, at=FEBRUARY)

    def test_refuses_what_cannot_be(self, bank, account, appoint):
        teller = cashier(appoint)
        for given, sentence in (
            ({"n7": 1}, "as they are"),
            ({"n100": -1}, "as they are"),
            ({"on": date(2910, 1, 1)}, "not come yet"),
        ):
            with pytest.raises(CannotReconcile, match=sentence):
                self.note(account, teller, **given)
        with pytest.raises(CannotReconcile, match="No cash"):
            self.note(bank.account, teller)
        made = self.note(account, bank.counter.acc, n100=1, n20=1, n1=3, n0_5=1)
        with pytest.raises(CannotReconcile, match="Somebody else"):
            cash_counts.confirm(count=made, by=bank.counter.acc, at=FEBRUARY)
        bank.counter.enter("d", "collected", *pair("cash", "own_income_pool", "1.00"), on=date(2010, 1, 21))
        with pytest.raises(CannotReconcile, match="changed since it was counted"):
            cash_counts.confirm(count=made, by=bank.counter.head, at=FEBRUARY)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE funds_cashcount SET counted = 1",
            "UPDATE funds_cashcount SET state = 'confirmed', confirmed_by_id = counted_by_id, confirmed_at = now()",
            "UPDATE funds_cashcount SET state = 'noted', explanation = 'x'",
        ],
    )
    def test_the_database_keeps_it(self, account, bank, statement):
        made = self.note(account, bank.counter.acc, n100=1, n20=1, n1=3, n0_5=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            written(statement)
        given = {"on": date(2010, 1, 30), "book_balance": 5, "counted_by": bank.counter.acc, "counted_at": NOON}
        for more in ({"account": bank.account, "pieces": {}, "counted": 5},
                     {"account": account, "pieces": {"1.00": 4}, "counted": 5}):  # fmt: skip
            with pytest.raises(DatabaseError, match=r"cash lies|sum of its pieces"), transaction.atomic():
                CashCount.objects.create(**given | more)
        made.refresh_from_db()
        assert made.state == "noted"

    def test_the_daily_sheet_says_what_moved(self, bank, account):
        back = bank.counter.enter("d", "collected", *pair("cash", "own_income_pool", "9.00"), on=date(2010, 1, 20))
        bank.counter.reverse(back, on=LAST)
        bank.paid_out("ZF1", "100.00", 31)
        made = self.note(account, bank.counter.acc, n100=1, n20=1, n1=3, n0_5=1)
        sheet = cash.daily_sheet(bank.counter.book, LAST)
        rows = {one.account.purpose: (one.before, one.came_in, one.went_out, one.after, one.vouchers)
                for one in sheet.rows}  # fmt: skip
        assert rows == {
            "cash": (Decimal("132.50"), -9, 0, Decimal("123.50"), 1),
            "special_account": (1000, 0, 100, 900, 1),
            "income_account": (0, 0, 0, 0, 0),
            "spending_account": (0, 100, 0, 100, 1),
        }
        assert sheet.totals == (Decimal("1132.50"), 91, 100, Decimal("1123.50"))
        assert sheet.count == made


@pytest.mark.django_db
class TestClosingAMonth:
    def found(self, bank, code):
        period = Period.objects.get(book=bank.counter.book, month=JANUARY)
        return next(one for one in closing_checks.looked_at(period) if one.check.code == code)

    def test_asks_for_a_sheet_of_every_account_that_still_says_what_is_so(self, bank):
        assert [one.split(" has")[0] for one in self.found(bank, "unreconciled").faults] == ["1002 财政专户存款"]
        bank.keep(opening="1000.00")
        bank.certain()
        made = bank.sheet(confirmed=False)
        assert "waits to be confirmed" in self.found(bank, "unreconciled").faults[0]
        vote(made, bank.counter.head, at=FEBRUARY)
        assert self.found(bank, "unreconciled").is_right
        bank.paid_out("ZF1", "100.00", 31)
        told = self.found(bank, "unreconciled").faults
        assert "changed" in told[0]
        assert "1004" in told[1]

    def test_asks_for_a_count_of_cash_that_moved(self, bank, appoint):
        assert self.found(bank, "uncounted").is_right
        bank.counter.enter("c", "collected", *pair("cash", "own_income_pool", "5.00"), on=date(2010, 1, 20))
        account = bank.counter.book.accounts.get(purpose="cash")
        given = {"account": account, "explanation": "", "by": cashier(appoint), "at": FEBRUARY}
        early = cash_counts.note(on=date(2010, 1, 19), pieces={}, **given)
        cash_counts.confirm(count=early, by=bank.counter.acc, at=FEBRUARY)
        assert "not counted by two" in self.found(bank, "uncounted").faults[0]
        made = cash_counts.note(on=LAST, pieces={Decimal(5): 1}, **given)
        cash_counts.confirm(count=made, by=bank.counter.acc, at=FEBRUARY)
        assert self.found(bank, "uncounted").is_right
        bank.counter.enter("e", "collected", *pair("cash", "own_income_pool", "2.00"), on=date(2010, 1, 21))
        assert "5.00 was counted; the books say 7.00" in self.found(bank, "uncounted").faults[0]


@pytest.mark.django_db
def test_an_account_knows_its_bank(bank):
    assert bank_accounts.in_force(bank.account) == bank.at
    assert bank_accounts.of_purpose(bank.counter.book.pk, "special_account") == bank.at
    assert bank_accounts.of_purpose(bank.counter.book.pk, "income_account") is None
    assert reconciled_months.last_day(Period(month=date(2010, 2, 1))) == date(2010, 2, 28)
