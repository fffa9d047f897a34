"""What the database itself refuses in the register."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from conftest import NOON
from enrollment.models import (
    Account,
    AccountEntry,
    Contribution,
    ContributionRate,
    Coverage,
    Division,
    FundYear,
    GoLiveProtocol,
    Member,
    MemberMerge,
    PayeeAccount,
)
from enrollment.rules import categories
from enrollment.tests import factories
from office.models import StateMove
from office.tests.factories import tess

pytestmark = pytest.mark.django_db

MERGE = {"reason": "one person", "proposed_at": NOON}


def refused(words: str | None = None):
    return pytest.raises(IntegrityError, match=words)


def entry(account: Account, amount: int, after: int, reference: str = "a", kind: str = "credit") -> AccountEntry:
    return AccountEntry.objects.create(
        account=account,
        on=date(2010, 1, 1),
        kind=kind,
        amount=Decimal(amount),
        balance_after=Decimal(after),
        reference=reference,
        by=tess(),
        at=NOON,
    )


class TestDivisions:
    def test_each_lies_in_the_next(self):
        village = factories.division()
        assert [village.level, village.parent.level, village.parent.parent.level] == ["village", "township", "county"]
        assert [village.prefix, village.parent.prefix, village.parent.parent.prefix] == [
            "640522100201",
            "640522100",
            "640522",
        ]

    @pytest.mark.parametrize(
        ("code", "level", "above"),
        [
            ("640522101201", "village", factories.TOWNSHIP),  # of another township
            ("640522100201", "village", factories.COUNTY),  # straight in the county
            ("640523100000", "township", factories.COUNTY),  # of another county
            ("6405221002", "village", factories.TOWNSHIP),  # a code too short
        ],
    )
    def test_not_in_another_one(self, code, level, above):
        parent = factories.division(above)
        with refused():
            Division.objects.create(code=code, name="x", level=level, parent=parent)

    def test_code_and_level_stay(self):
        village = factories.division()
        village.code = "640522100202"
        with refused("keeps its code"):
            village.save()


class TestFundYears:
    def test_the_database_knows_the_same_moves(self):
        for model in (FundYear, PayeeAccount, MemberMerge, GoLiveProtocol):
            found = StateMove.objects.filter(table=model._meta.db_table)
            assert {(one.before, one.after): one.outcome for one in found} == model.MOVES

    def test_nobody_confirms_alone(self):
        drafted = factories.draft_year()
        drafted.state = "proposed"
        drafted.save()
        drafted.state = "confirmed"
        with refused("no round has decided"):
            drafted.save()

    def test_what_was_proposed_does_not_change(self):
        year = factories.fund_year()
        with refused("no draft any more"), transaction.atomic():
            year.contributionrates.update(own=1)
        with refused("no draft any more"):
            ContributionRate.objects.create(fund_year=year, category="student", own=1)

    def test_years_of_a_scheme_never_overlap(self):
        factories.draft_year(year=2010)
        later = factories.draft_year(year=2011)
        later.pk = None
        later.year, later.period = 2012, DateRange(date(2011, 12, 1), date(2013, 1, 1))
        with refused("fund_years_never_overlap"):
            later.save()


class TestMembers:
    def test_categories_are_those_of_the_rules(self):
        from enrollment.models import Category, Relation

        assert set(Category.values) == {one.value for one in categories.Category}
        assert set(Relation.values) == {one.value for one in categories.Relation}

    def test_one_head_and_one_number(self):
        first = factories.member()
        with refused("one_head"), transaction.atomic():
            factories.member(first.household, is_head=True)
        with refused("one_persons"):
            factories.member(first.household, id_number=first.id_number)

    def test_comes_in_living(self):
        with refused("comes into the register living"):
            factories.member(state="dead", state_on=date(2010, 1, 1))

    def test_a_double_is_said_by_two(self):
        kept, double = factories.member(), factories.member(factories.household("2"))
        with refused("two people say"):
            Member.objects.filter(pk=double.pk).update(state="merged", state_on=date(2010, 1, 1), merged_into=kept)

    def test_a_double_is_named_and_stays_one(self):
        kept, double = factories.member(), factories.member(factories.household("2"))
        asked = MemberMerge.objects.create(double=double, kept=kept, proposed_by=tess(), **MERGE)
        factories.decide("enrollment.membermerge", asked.pk, voter=factories.head())
        MemberMerge.objects.update(state="merged")
        Member.objects.filter(pk=double.pk).update(state="merged", state_on=date(2010, 1, 1), merged_into=kept)
        with refused("stays a double"):
            Member.objects.filter(pk=double.pk).update(name="x")

    def test_history_of_bulk_changes(self):
        one, other = factories.member(), factories.member(factories.household("2"))
        Member.objects.update(name="改名")
        events = Member.pgh_event_model.objects
        assert set(events.filter(name="改名").values_list("pgh_obj_id", flat=True)) == {one.pk, other.pk}


class TestCoverage:
    def test_two_basic_schemes_never_overlap(self):
        person = factories.member()
        factories.pay(person, factories.fund_year())
        other = factories.fund_year(factories.scheme("residents", insures="person"))
        with refused("never_overlap"):
            factories.pay(person, other)

    def test_it_lies_in_its_confirmed_year(self):
        year = factories.fund_year()
        found = factories.pay(factories.member(), year)
        found.pk, found.reason, found.contribution = None, "transfer", None
        found.period = DateRange(date(2011, 1, 1), date(2011, 2, 1))
        with refused("confirmed year"):
            found.save()

    def test_a_draft_year_covers_nobody(self):
        with refused("not confirmed"):
            factories.pay(factories.member(), factories.draft_year())

    def test_it_only_ends(self):
        found = factories.pay(factories.member(), factories.fund_year())
        changes: list[dict[str, object]] = [
            {"period": DateRange(date(2010, 1, 1), date(2010, 6, 1))},
            {"period": DateRange(date(2010, 2, 1), date(2010, 6, 1)), "ended_because": "left"},
            {"reason": "newborn"},
        ]
        for change in changes:
            with refused(), transaction.atomic():
                Coverage.objects.filter(pk=found.pk).update(**change)
        Coverage.objects.update(period=DateRange(date(2010, 1, 1), date(2010, 6, 1)), ended_because="left")

    def test_paid_for_somebody_else(self):
        year = factories.fund_year()
        found = factories.pay(factories.member(), year)
        found.pk, found.member = None, factories.member(found.member.household)
        with refused("somebody else"):
            found.save()

    def test_what_was_paid_stays(self):
        factories.pay(factories.member(), factories.fund_year())
        with refused("stays"), transaction.atomic():
            Contribution.objects.update(own=1)
        Contribution.objects.update(void_reason="typed twice")
        with refused("stays"):
            Contribution.objects.update(void_reason="")


class TestAccounts:
    @pytest.fixture
    def account(self) -> Account:
        return Account.objects.create(scheme=factories.scheme(), household=factories.household())

    def test_an_entry_moves_it(self, account):
        entry(account, 30, 30)
        entry(account, -10, 20, "b", "debit")
        account.refresh_from_db()
        assert account.balance == 20

    @pytest.mark.parametrize(("amount", "after", "kind"), [(10, 11, "credit"), (-1, -1, "debit"), (-5, -5, "credit")])
    def test_entries_that_are_refused(self, account, amount, after, kind):
        with refused():
            entry(account, amount, after, kind=kind)

    def test_only_an_entry_moves_it(self, account):
        entry(account, 30, 30)
        with refused("only an entry"), transaction.atomic():
            Account.objects.update(balance=31)
        with refused("begins empty"):
            Account.objects.create(scheme=factories.scheme("x"), household=account.household, balance=1)

    def test_entries_are_only_added(self, account):
        entry(account, 30, 30)
        for statement in ("UPDATE enrollment_accountentry SET amount = 1", "DELETE FROM enrollment_accountentry"):
            with pytest.raises(Exception, match="permission denied"), transaction.atomic():
                connection.cursor().execute(statement)
