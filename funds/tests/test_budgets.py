"""Budgets and final accounts: who drafts, who approves, what an adjustment says, what never changes any more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from conftest import NOON
from funds.models import Account, Budget
from funds.services import budgets
from funds.services.budgets import CannotBudget
from funds.tests.factories import Counter
from office import deciding
from office.deciding import CannotWithdraw
from office.models import Act, Duty
from office.services import rounds
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def office(appoint) -> SimpleNamespace:
    counter = Counter.of(appoint)
    return SimpleNamespace(
        counter=counter,
        book=counter.book,
        acc=counter.acc,
        hal=appoint("hal", Duty.OFFICE_HEAD),
        fin=appoint("fin", Duty.FINANCE_REVIEWER),
    )


def number(office: SimpleNamespace, purpose: str) -> int:
    return Account.objects.get(book=office.book, purpose=purpose).pk


def drafted(office: SimpleNamespace, reason: str = "", **amounts: str) -> Budget:
    made = budgets.draft(book=office.book, year=2010, reason=reason, by=office.acc, at=NOON)
    told = {number(office, purpose): Decimal(amount) for purpose, amount in amounts.items()}
    budgets.enter(budget=made, amounts=told, by=office.acc, at=NOON)
    return made


def vote(subject, by, choice="approve", reason=""):
    opened = deciding.rounds_of(subject).get(state="open")
    return rounds.vote(
        round=opened, choice=choice, hash_seen=opened.subject_hash, by=by, at=NOON, proof=shown_by(by), reason=reason
    )


def now(subject):
    subject.refresh_from_db()
    return subject.state


def approved(office: SimpleNamespace, reason: str = "", **amounts: str) -> Budget:
    made = drafted(office, reason, **amounts)
    budgets.propose(budget=made, by=office.acc, at=NOON)
    vote(made, office.hal)
    assert now(made) == "reviewed"
    vote(made, office.fin)
    return made


class TestABudget:
    def test_goes_from_the_accountant_over_the_head_to_finance(self, office):
        made = approved(office, subsidy_central="100000.00", pool_spending="90000.00")
        assert now(made) == "approved"
        assert budgets.in_force(office.book, 2010) == made
        assert budgets.amounts_of(made)[number(office, "pool_spending")] == 90000
        half = budgets.planned_until(made, date(2010, 6, 1))
        assert half[number(office, "pool_spending")] == 45000
        names = Act.objects.filter(name__startswith="budget.").order_by("pk").values_list("name", flat=True)
        assert list(names) == [
            "budget.drafted", "budget.entered", "budget.proposed", "budget.decided", "budget.decided",
        ]  # fmt: skip

    def test_an_adjustment_begins_with_what_holds_and_says_why(self, office):
        first = approved(office, subsidy_central="100000.00", pool_spending="90000.00")
        with pytest.raises(CannotBudget, match="Say why"):
            budgets.draft(book=office.book, year=2010, reason=" ", by=office.acc, at=NOON)
        second = drafted(office, "rates were raised", pool_spending="95000.00")
        assert str(second).endswith("2010 (1)")
        assert str(first).endswith("2010")
        assert budgets.amounts_of(second)[number(office, "subsidy_central")] == 100000
        rows = dict(budgets.rows(second))
        assert rows["5001 统筹基金支出"] == "90,000.00 → 95,000.00"
        assert rows["adjusted because"] == "rates were raised"
        assert rows["surplus"] == "5,000.00"
        assert budgets.in_force(office.book, 2010) == first

    def test_returned_it_is_a_draft_again_refused_it_is_over(self, office):
        made = drafted(office, pool_spending="1.00")
        budgets.propose(budget=made, by=office.acc, at=NOON)
        vote(made, office.hal)
        vote(made, office.fin, "return", "by month, please")
        assert now(made) == "draft"
        budgets.enter(budget=made, amounts={number(office, "pool_spending"): Decimal(2)}, by=office.acc, at=NOON)
        budgets.propose(budget=made, by=office.acc, at=NOON)
        vote(made, office.hal, "refuse", "no")
        assert now(made) == "refused"
        assert budgets.in_force(office.book, 2010) is None
        assert budgets.amounts_of(None) == {}
        again = budgets.draft(book=office.book, year=2010, reason="once more", by=office.acc, at=NOON)
        assert again.version == 2

    def test_whoever_drafted_it_takes_it_back_and_nobody_else(self, office):
        made = drafted(office, pool_spending="1.00")
        budgets.propose(budget=made, by=office.acc, at=NOON)
        with pytest.raises(CannotWithdraw, match="Whoever entered it"):
            budgets.withdraw(budget=made, by=office.hal, at=NOON)
        matter = deciding.matter_of("funds.budget")
        matter.withdraw(made, office.acc, NOON)
        assert now(made) == "withdrawn"
        with pytest.raises(CannotWithdraw, match="decided already"):
            budgets.withdraw(budget=made, by=office.acc, at=NOON)

    def test_what_is_refused(self, office):
        with pytest.raises(CannotBudget, match="kept since"):
            budgets.draft(book=office.book, year=2009, reason="", by=office.acc, at=NOON)
        with pytest.raises(CannotBudget, match="needs no reason"):
            budgets.draft(book=office.book, year=2010, reason="why", by=office.acc, at=NOON)
        made = budgets.draft(book=office.book, year=2010, reason="", by=office.acc, at=NOON)
        with pytest.raises(CannotBudget, match="finish that one first"):
            budgets.draft(book=office.book, year=2010, reason="more", by=office.acc, at=NOON)
        with pytest.raises(CannotBudget, match="Nothing is entered"):
            budgets.propose(budget=made, by=office.acc, at=NOON)
        spending = number(office, "pool_spending")
        with pytest.raises(CannotBudget, match="no debts"):
            budgets.enter(budget=made, amounts={spending: Decimal(-1)}, by=office.acc, at=NOON)
        budgets.enter(budget=made, amounts={spending: Decimal(0)}, by=office.acc, at=NOON)  # changes nothing
        budgets.enter(budget=made, amounts={spending: Decimal(5), 0: Decimal(1)}, by=office.acc, at=NOON)
        assert Act.objects.filter(name__startswith="budget.", kind="refused").count() == 5

    def test_what_is_refused_once_it_is_proposed(self, office, appoint):
        spending = number(office, "pool_spending")
        made = drafted(office, pool_spending="5.00")
        budgets.propose(budget=made, by=office.acc, at=NOON)
        with pytest.raises(CannotBudget, match="only a draft is changed"):
            budgets.enter(budget=made, amounts={spending: Decimal(6)}, by=office.acc, at=NOON)
        with pytest.raises(CannotBudget, match="being decided"):
            budgets.propose(budget=made, by=office.acc, at=NOON)
        with pytest.raises(CannotVote):
            vote(made, appoint("fin2", Duty.FINANCE_REVIEWER))  # the head comes first
        vote(made, office.hal)
        rounds.void(subject=made, by=office.acc, at=NOON, reason="moved")
        with pytest.raises(CannotBudget, match="only a draft is proposed"):
            budgets.propose(budget=made, by=office.acc, at=NOON)
        assert Act.objects.filter(name__startswith="budget.", kind="refused").count() == 3

    @pytest.mark.parametrize(
        ("statement", "reason"),
        [
            ("UPDATE funds_budgetline SET amount = 7", "no draft any more"),
            ("UPDATE funds_budget SET reason = 'x'", "does not change|violates"),
            ("UPDATE funds_budget SET state = 'approved'", "does not go|finance has not|no round"),
            ("DELETE FROM funds_budgetevent", "permission denied|only added"),
        ],
    )
    def test_what_the_database_refuses_once_it_is_proposed(self, office, statement, reason):
        made = drafted(office, pool_spending="1.00")
        budgets.propose(budget=made, by=office.acc, at=NOON)
        with pytest.raises(DatabaseError, match=reason), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_the_head_alone_approves_nothing(self, office):
        made = drafted(office, pool_spending="1.00")
        budgets.propose(budget=made, by=office.acc, at=NOON)
        vote(made, office.hal)
        with pytest.raises(DatabaseError, match="finance has not"), transaction.atomic():
            Budget.objects.filter(pk=made.pk).update(state="approved")

    def test_a_line_is_of_income_or_spending_of_its_own_books(self, office):
        made = drafted(office, pool_spending="1.00")
        with pytest.raises(DatabaseError, match="income and spending"), transaction.atomic():
            made.lines.create(account_id=number(office, "cash"), amount=1)
        with pytest.raises(DatabaseError, match="stays in its budget"), transaction.atomic():
            made.lines.filter(account__purpose="pool_spending").update(account_id=number(office, "cash"))
