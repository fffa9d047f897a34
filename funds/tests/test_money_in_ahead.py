"""Money received ahead, given back, owed; what the database refuses of slips."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from conftest import NOON, proof_of
from enrollment.models import Contribution, RefundPayment
from enrollment.services import refunds
from enrollment.tests import factories as register
from funds.models import Posting, Slip, SlipLine, SubsidyLetter
from funds.rules import money_in as rules
from funds.selectors import balances
from funds.selectors import money_in as selectors
from funds.services import noting, slips, subsidy_letters
from funds.services.noting import Turned
from funds.services.slips import CannotNote
from funds.services.subsidy_letters import CannotWrite
from funds.tests.factories import pair
from funds.tests.slips import TODAY, Till, lines, year_of
from office import deciding
from office.models import Duty
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


class TestAhead:
    @pytest.fixture
    def next_year(self, till) -> Any:
        return year_of(2011)

    def test_on_the_first_of_january_it_becomes_income_once(self, till, next_year, second):
        book = till.counter.book
        slip = till.check(till.deposit(till.sheet(3, next_year), fund_year=next_year))
        till.check(till.note("subsidy", "40", payer="central", fund_year=next_year))
        assert (slip.is_ahead, stands(till, "received_ahead")) == (True, 100)
        (ahead,) = selectors.ahead_by_year(book)
        assert (ahead.fund_year, ahead.stands) == (next_year, 100)
        assert noting.turn_all(day=TODAY, by=till.counter.acc, at=NOON) == Turned([], [])
        given = {"book": book, "fund_year": next_year, "by": till.counter.acc, "at": NEXT_YEAR}
        refused(lambda: noting.turn(**given, on=date(2010, 12, 31)), "not begun", "on")
        refused(lambda: noting.turn(**given, to_accounts=Decimal(61)), "Less is received ahead", "to_accounts")
        (turned,) = noting.turn_all(day=date(2011, 1, 3), by=till.counter.acc, at=NEXT_YEAR).slips
        assert noting.turn_all(day=date(2011, 1, 3), by=till.counter.acc, at=NEXT_YEAR) == Turned([], [])
        entered = till.check(turned, at=NEXT_YEAR)
        assert (turned.on, turned.number) == (date(2011, 1, 1), "NCMS-2011-1")
        assert lines(entered.posting) == [
            ("received_ahead", "debit", 100), ("own_income_pool", "credit", 60), ("subsidy_central", "credit", 40),
        ]  # fmt: skip
        assert noting.turn(**given) is None
        assert (stands(till, "received_ahead"), selectors.ahead_by_year(book)) == (0, [])
        ask = {"on": date(2011, 1, 3), "reason": "x", "by": till.counter.acc, "at": NEXT_YEAR}
        refused(lambda: slips.ask_back(slip=slip, **ask), "become income of its year")
        slips.ask_back(slip=entered, **ask)
        slips.take_back(slip=entered, by=second, at=NEXT_YEAR)
        assert noting.turn(**given, to_accounts=Decimal(20)).number == "NCMS-2011-2"
        assert set(SlipLine.objects.filter(slip__number="NCMS-2011-2").values_list("income", "amount")) == {
            ("own_income_pool", 40), ("own_income_household", 20), ("subsidy_central", 40),
        }  # fmt: skip

    def test_the_opening_balance_is_the_first_years(self, till, next_year):
        book = till.counter.book
        till.counter.enter("opening", "opening", *pair("special_account", "received_ahead", "6580"))
        till.check(till.note("collective", "50", fund_year=next_year))
        turned = till.check(noting.turn(book=book, fund_year=till.year, by=till.counter.acc, at=NOON))
        assert lines(turned.posting) == [("received_ahead", "debit", 6580), ("own_income_pool", "credit", 6580)]
        (ahead,) = selectors.ahead_by_year(book)
        assert (ahead.fund_year, ahead.stands, ahead.known) == (next_year, 50, {"collective_income": 50})

    def test_two_who_turn_at_once_are_one(self, till, next_year):
        till.counter.enter("opening", "opening", *pair("special_account", "received_ahead", "10"))
        noting.turn(book=till.counter.book, fund_year=till.year, by=till.counter.acc, at=NOON)
        told = till.told("turn", "10", number="other")
        with pytest.raises(CannotNote, match="waits to be checked"):
            noting._noted(told, {"income": {"own_income_pool": Decimal(10)}}, till.counter.acc, NOON)
        told = till.told("turn", "10", number="next", fund_year=next_year, on=TODAY)
        with pytest.raises(IntegrityError, match="is_of_money"), transaction.atomic():
            noting._noted(told, {"income": {"own_income_pool": Decimal(-10)}}, till.counter.acc, NOON)

    def test_a_turn_that_came_between_asking_and_taking_back(self, till, next_year, second):
        slip = till.check(till.deposit(till.sheet(1, next_year), fund_year=next_year))
        slips.ask_back(slip=slip, on=date(2011, 1, 2), reason="x", by=till.counter.acc, at=NEXT_YEAR)
        noting.turn_all(day=date(2011, 1, 3), by=till.counter.acc, at=NEXT_YEAR)
        refused(lambda: slips.take_back(slip=slip, by=second, at=NEXT_YEAR), "become income")

    def test_no_more_turns_than_stands_where_money_left_without_a_slip(self, till, next_year):
        book, given = till.counter.book, {"by": till.counter.acc, "at": NEXT_YEAR}
        till.check(till.deposit(till.sheet(3, next_year), fund_year=next_year))
        till.counter.enter("x", "refunded", *pair("received_ahead", "income_account", "25"), on=TODAY)
        assert [one.stands for one in selectors.to_turn(book, date(2011, 1, 3))] == [35]
        turned = till.check(noting.turn(book=book, fund_year=next_year, **given), at=NEXT_YEAR)
        assert lines(turned.posting) == [("received_ahead", "debit", 35), ("own_income_pool", "credit", 35)]
        assert noting.turn(book=book, fund_year=next_year, **given) is None

    def test_a_year_that_is_refused_stops_no_other(self, till, next_year):
        """A subsidy of this year came ahead, but most of the money left without a slip: its shares do not come out."""
        till.check(till.note("subsidy", "40", payer="central", fund_year=next_year))
        till.counter.enter("x", "refunded", *pair("received_ahead", "special_account", "35"), on=TODAY)
        later = year_of(2012)
        till.check(till.deposit(till.sheet(1, later), fund_year=later))
        came = noting.turn_all(day=date(2012, 1, 3), by=till.counter.acc, at=NEXT_YEAR.replace(year=2012))
        assert [(one.fund_year, one.amount) for one in came.slips] == [(later, 20)]
        [(year, sentence)] = came.refused
        assert year == next_year
        assert sentence.startswith("Less is received ahead")

    def test_two_years_do_not_turn_the_same_money(self, till, next_year):
        book, given = till.counter.book, {"by": till.counter.acc, "at": NEXT_YEAR}
        till.counter.enter("opening", "opening", *pair("special_account", "received_ahead", "10"))
        first = noting.turn(book=book, fund_year=till.year, **given)
        till.check(till.deposit(till.sheet(3, next_year), fund_year=next_year))
        till.counter.enter("x", "refunded", *pair("received_ahead", "income_account", "25"), on=TODAY)
        second = noting.turn(book=book, fund_year=next_year, **given)
        assert (first.amount, second.amount) == (10, 35)
        till.check(second, at=NEXT_YEAR)
        refused(lambda: till.check(first, at=NEXT_YEAR), "Only 0.00 is received ahead by now")
        slips.withdraw(slip=first, reason="x", **given)
        till.check(noting.turn(book=book, fund_year=next_year, **given), at=NEXT_YEAR)
        assert (stands(till, "received_ahead"), selectors.to_turn(book, date(2011, 1, 3))) == (0, [])

    def test_given_back_since_it_was_noted_it_is_noted_anew(self, till, next_year, appoint):
        book, given = till.counter.book, {"by": till.counter.acc, "at": NEXT_YEAR}
        asked = approved_refund(till, next_year, appoint("chief", Duty.OFFICE_HEAD))
        sheet = Contribution.objects.get(pk=asked.contribution_id).entry.sheet
        till.check(till.deposit(sheet, till.sheet(1, next_year), fund_year=next_year))
        back = till.give_back(asked, fund_year=next_year, number="退1")
        turn = noting.turn(book=book, fund_year=next_year, **given)
        till.check(back)
        refused(lambda: till.check(turn, at=NEXT_YEAR), "Only 20.00 is received ahead by now")
        slips.withdraw(slip=turn, reason="退费", **given)
        again = till.check(noting.turn(book=book, fund_year=next_year, **given), at=NEXT_YEAR)
        assert (again.amount, stands(till, "received_ahead")) == (20, 0)


class TestGivenBack:
    def test_refunds_are_paid_with_one_paper(self, till, appoint):
        next_year, boss = year_of(2011), appoint("chief", Duty.OFFICE_HEAD)
        asked = approved_refund(till, next_year, boss)
        sheet = Contribution.objects.get(pk=asked.contribution_id).entry.sheet
        till.check(till.deposit(sheet, fund_year=next_year))
        assert list(selectors.refunds_to_pay(till.counter.book, next_year)) == [asked]
        assert list(selectors.refunds_to_pay(till.counter.book)) == [asked]
        giving = {"fund_year": next_year, "number": "退1"}
        refused(lambda: till.give_back(**giving), "which refunds", "refunds")
        refused(lambda: till.give_back(asked, amount="19", **giving), "the refunds come to 20.00", "amount")
        slip = till.give_back(asked, **giving)
        refused(lambda: till.give_back(asked, **giving), "on a slip by now", "refunds")
        paid = till.check(slip)
        assert (paid.goes_out, RefundPayment.objects.get().reference) == (True, "退1")
        assert lines(paid.posting) == [("received_ahead", "debit", 20), ("income_account", "credit", 20)]
        assert selectors.ahead_of(till.counter.book, next_year).stands == 0
        ask = {"on": TODAY, "reason": "x", "by": till.counter.acc, "at": NOON}
        refused(lambda: slips.ask_back(slip=paid, **ask), "paid out to households")

    def test_paid_otherwise_meanwhile_it_is_not_paid_again(self, till, appoint):
        next_year, boss = year_of(2011), appoint("chief", Duty.OFFICE_HEAD)
        asked = approved_refund(till, next_year, boss)
        till.check(till.deposit(Contribution.objects.get(pk=asked.contribution_id).entry.sheet, fund_year=next_year))
        slip = till.give_back(asked, fund_year=next_year)
        refunds.mark_paid(refund=asked, on=TODAY, reference="other", by=till.counter.acc, at=NOON)
        refused(lambda: till.check(slip), "Only an approved refund")
        assert Posting.objects.count() == 1


class TestOwed:
    def test_due_arrived_and_owed_by_instalment(self, till):
        first, later = till.year.subsidyrates.filter(level="central").order_by("instalment")
        province = till.year.subsidyrates.get(level="province")
        till.claim("central", "24", first)
        till.claim("central", "16", later)
        till.claim("province", "30", province)
        till.claim("assistance", "20")
        till.check(till.note("subsidy", "24", number="a", payer="central", rate=first))
        till.check(till.note("subsidy", "10", number="b", payer="central"))  # a settlement that names no instalment
        till.check(till.note("subsidy", "7", number="c", payer="city"))  # nobody asked for it
        till.note("subsidy", "30", number="d", payer="province")  # noted, not entered
        found = [(one.payer, one.rate, one.due, one.arrived, one.owed) for one in selectors.owed(till.year)]
        assert found == [
            ("central", first, 24, 24, 0), ("central", later, 16, 10, 6), ("province", province, 30, 0, 30),
            ("city", None, 0, 7, -7), ("assistance", None, 20, 0, 20),
        ]  # fmt: skip
        assert selectors.together(selectors.owed(till.year)) == (90, 41, 49)
        late = [(year, one.payer, one.label) for year, one in selectors.overdue(till.counter.book, TODAY)]
        assert late == [(till.year, "province", "province or region"), (till.year, "assistance", "medical assistance")]

    def test_a_letter_asks_for_it(self, till):
        rate = till.year.subsidyrates.get(level="province")
        till.claim("province", "30", rate)
        by = {"by": till.counter.acc, "at": NOON}
        asked = {"book": till.counter.book, "fund_year": till.year, "payer": "province", "number": "海医保函1号", **by}
        asked["pay_by"] = date(2010, 3, 20)
        letter = subsidy_letters.write(**asked, words="请尽快拨付")
        assert (letter.due, letter.arrived, letter.owed, str(letter)) == (30, 0, 30, "海医保函1号")
        assert letter.instalments == [("1", "2010-02-01", 30, 0, 30)]
        for more, words, field in [
            ({"number": ""}, "which number", "number"),
            ({"pay_by": TODAY}, "still to come", "pay_by"),
            ({"payer": "county", "number": "2"}, "Nothing is owed", None),
            ({}, "number is taken", "number"),
        ]:
            refused(lambda more=more: subsidy_letters.write(**asked | more), words, field, CannotWrite)
        till.claim("assistance", "20")
        plain = subsidy_letters.write(**asked | {"payer": "assistance", "number": "2"})
        assert plain.instalments == [("", "", 20, 0, 20)]
        with pytest.raises(DatabaseError), transaction.atomic():
            SubsidyLetter.objects.update(words="x")


class TestTheDatabase:
    """Past every service."""

    @pytest.fixture
    def slip(self, till) -> Slip:
        return till.check(till.deposit(till.sheet(2)))

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"amount": 1}, "stays as it was"),
            ({"state": "noted"}, "does not move"),
            ({"state": "taken_back"}, "does not move"),
            ({"posting": None}, "stays entered|was_checked"),
            ({"checked_by": None}, "stays entered|was_checked"),
        ],
    )
    def test_refuses_what_changes_a_slip(self, slip, change, words):
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            Slip.objects.filter(pk=slip.pk).update(**change)

    def test_refuses_one_that_is_entered_by_nothing_of_its_own(self, till, slip):
        other = till.note("interest", "40")
        entered = {"state": "entered", "checked_by": till.counter.head, "checked_at": NOON}
        with pytest.raises(DatabaseError, match="was_checked"), transaction.atomic():
            Slip.objects.filter(pk=other.pk).update(**entered)
        posting = till.counter.enter("x", "interest", *pair("special_account", "interest_income", "40"), on=TODAY)
        with pytest.raises(DatabaseError, match="a posting of its own"), transaction.atomic():
            Slip.objects.filter(pk=other.pk).update(**entered, posting=posting)
        slips.ask_back(slip=slip, on=TODAY, reason="x", by=till.counter.acc, at=NOON)
        with pytest.raises(DatabaseError, match="in red"), transaction.atomic():
            Slip.objects.filter(pk=slip.pk).update(state="taken_back")

    def test_refuses_lines_that_do_not_add_up(self, till, slip):
        noted = till.deposit(till.sheet(1), number="2")
        more = till.sheet(3)
        for line in ({"sheet": more, "amount": 59}, {"income": "own_income_pool", "amount": 1}):
            with pytest.raises(DatabaseError, match="comes with its slip"), transaction.atomic():
                SlipLine.objects.create(slip=noted, **line)
        with pytest.raises(DatabaseError, match="what stands behind it"), transaction.atomic():
            add_a_sheet(noted, more)
        with pytest.raises(DatabaseError, match="as long as its slip stands"), transaction.atomic():
            SlipLine.objects.filter(slip=slip).update(stands=False)
        with pytest.raises(IntegrityError, match="sheet_once"), transaction.atomic():
            SlipLine.objects.create(slip=noted, sheet=slip.lines.get().sheet, amount=40)

    def test_refuses_a_slip_of_another_year_or_begun_in_the_middle(self, till):
        other = register.fund_year(register.scheme("residents", insures="person"))
        given = {
            "book": till.counter.book, "kind": "collective", "number": "1", "on": TODAY, "account": "income_account",
            "amount": 1, "noted_by": till.counter.acc, "noted_at": NOON,
        }  # fmt: skip
        for more, words in (
            ({"fund_year": other}, "of its books"),
            ({"fund_year": till.year, "state": "withdrawn", "reason": "x"}, "noted first"),
            ({"fund_year": till.year, "account": "cash"}, "where_its_kind_may"),
        ):
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                Slip.objects.create(**given | more)

    def test_moves_are_those_of_the_model(self, till):
        with connection.cursor() as cursor:
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'funds_guard_slip'")
            (source,) = cursor.fetchone()
        assert all(f"('{before}', '{after}')" in source for before, after in Slip.MOVES if before)
        assert set(Slip.STANDING) | {"withdrawn", "taken_back"} == set(Slip.State.values)
        assert set(rules.ACCOUNTS) == set(Slip.Kind.values)
