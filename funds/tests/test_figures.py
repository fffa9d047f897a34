"""A year of a fund out of register, claims and books: its facts, its indicators, the command, levels, the outlook."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from claims.tests.figures import House
from conftest import NOON
from enrollment.models import Population, SubsidyClaim, SubsidyRate, Target
from enrollment.tests import factories as register
from funds.models import Account, PostingKind, WarningLevel
from funds.rules import indicators as rules
from funds.selectors import figures, indicators, outlook
from funds.selectors.indicators import UnknownYear
from funds.services import budgets, warning_levels
from funds.services.warning_levels import CannotPropose, LevelOf
from funds.tests.factories import Counter, pair
from office import deciding
from office.deciding import CannotWithdraw
from office.models import Duty
from office.services import rounds
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = date(2010, 3, 1)
JANUARY, FEBRUARY = date(2010, 1, 1), date(2010, 2, 1)
OUTLOOK_COSTS = 12  # statements


def year_of(year: int = 2010, **heads: int):
    """A confirmed year: who should enroll, the target, 40 yuan a head of the central level."""
    drafted = register.draft_year(year=year)
    village = register.division()
    Population.objects.create(fund_year=drafted, division=village, heads=heads.get("should", 4))
    Target.objects.create(fund_year=drafted, division=village.parent, heads=heads.get("target", 3))
    SubsidyRate.objects.create(fund_year=drafted, level="central", instalment=1, per_head=40, due_on=date(2010, 1, 20))
    return register.confirm(drafted)


@pytest.fixture
def counter(appoint) -> Counter:
    return Counter.of(appoint)


def spend(counter: Counter, key: str, amount: str, on: date) -> None:
    counter.enter(key, PostingKind.PAID, *pair("pool_spending", "special_account", amount), on=on)


def lived_through(counter: Counter) -> None:
    """Two months: 1,000 brought along, 100 contributed (30 of it for accounts), 80 of the county, 60 spent."""
    counter.enter("opening", "opening", *pair("special_account", "general_pool", "1000"))
    counter.enter("own", "collected", *pair("income_account", "own_income_pool", "70"))
    counter.enter("own2", "collected", *pair("income_account", "own_income_household", "30"))
    counter.enter("county", "subsidised", *pair("special_account", "subsidy_county", "80"), on=FEBRUARY)
    spend(counter, "paid1", "20", JANUARY)
    spend(counter, "paid2", "40", FEBRUARY)
    counter.enter("acct", "paid", *pair("household_spending", "special_account", "5"), on=FEBRUARY)


class TestFacts:
    def test_a_year_is_measured_by_register_and_books(self, counter):
        lived_through(counter)
        year = year_of()
        home = register.household("H1")
        for place in range(3):
            register.pay(register.member(home, f"马{place}"), year)
        found = indicators.facts(indicators.of_scheme(counter.book.scheme, 2010, TODAY))
        assert (found.should, found.enrolled, found.target) == (4, 3, 3)
        assert (found.received, found.received_own, found.spent) == (150, 100, 60)
        assert (found.due_own, found.due) == (60, 60 + 120 - 30)  # what goes to accounts is not the pool's
        assert found.payers == {"central": rules.Payer(Decimal(120), Decimal(0))}
        assert (found.cumulative, found.own_funds) == (1090, 25)
        assert found.in_hand == 1000 + 100 + 80 - 65
        assert found.monthly == 20  # March runs
        told = {(one.code, one.basis): str(one.value) for one in rules.of(found)}
        assert told["participation_rate", "should_enroll"] == "75.00"
        assert told["use_rate", "received"] == "40.00"
        assert told["surplus_rate", "received"] == "60.00"

    def test_what_was_claimed_is_due_as_claimed(self, counter):
        year = year_of()
        rate = year.subsidyrates.get()
        SubsidyClaim.objects.create(
            fund_year=year, payer="central", rate=rate, number="1", counted_on=TODAY, heads=5, due=200, amount=200,
            by_township=[], made_by=counter.acc, made_at=NOON,
        )  # fmt: skip
        asked = indicators.of_scheme(counter.book.scheme, 2010, TODAY)
        assert indicators.due_of(asked, 3, []).payers["central"].due == 200

    def test_a_year_reads_the_same_before_and_after_it_is_closed(self, counter):
        lived_through(counter)
        before = figures.by_month(counter.book, JANUARY, FEBRUARY), figures.held(counter.book, FEBRUARY)
        closed = counter.enter(
            "closing", "year_closed", *pair("subsidy_county", "general_pool", "80"),
            *pair("general_pool", "pool_spending", "60"),
            on=FEBRUARY,
        )  # fmt: skip
        after = figures.by_month(counter.book, JANUARY, FEBRUARY), figures.held(counter.book, FEBRUARY)
        assert after == before
        counter.reverse(closed, on=FEBRUARY)
        assert (figures.by_month(counter.book, JANUARY, FEBRUARY), figures.held(counter.book, FEBRUARY)) == before

    def test_claims_come_from_their_kept_months(self, appoint):
        house = House.of(appoint)
        house.approved(NOON)
        house.approved(NOON, kind="outpatient", amounts=("50",))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS month_follows IMMEDIATE")
        year_of()
        found = indicators.facts(indicators.of_scheme(house.desk.scheme, 2010, TODAY))
        assert (found.stays.times, found.visits.times, found.outside.times) == (1, 1, 0)
        assert found.asked == found.stays.total + found.visits.total
        assert found.received == found.cumulative == 0  # nobody keeps books yet

    def test_out_of_wages_the_budget_says_what_is_due(self, appoint):
        scheme = register.scheme("employees", insures="person", contribution="wages")
        counter = Counter.of(appoint, scheme)
        year = register.fund_year(scheme)
        asked = indicators.OfYear(scheme, 2010, year, counter.book, TODAY)
        assert indicators.due_of(asked, 0, []).own == 0
        budget = budgets.draft(book=counter.book, year=2010, reason="", by=counter.acc, at=NOON)
        own = Account.objects.get(book=counter.book, purpose="own_income_pool")
        budgets.enter(budget=budget, amounts={own.pk: Decimal(1354)}, by=counter.acc, at=NOON)
        budgets.propose(budget=budget, by=counter.acc, at=NOON)
        for who in (appoint("hal", Duty.OFFICE_HEAD), appoint("fin", Duty.FINANCE_REVIEWER)):
            opened = deciding.rounds_of(budget).get(state="open")
            rounds.vote(
                round=opened, choice="approve", hash_seen=opened.subject_hash, by=who, at=NOON, proof=shown_by(who)
            )
        assert indicators.due_of(asked, 0, []).own == 1354
        assert indicators.due_of(indicators.OfYear(scheme, 2010, year, None, TODAY), 0, []).own == 0
        assert outlook.told(counter.book, TODAY).planned == 0
        assert indicators.due_of(indicators.OfYear(scheme, 2010, None, None, TODAY), 3, []).pool == 0
        assert indicators.heads(None) == indicators.Heads()

    def test_the_county_has_one_target_and_assistance_pays_for_some(self, counter):
        drafted = register.draft_year()
        county = register.division().parent.parent
        Target.objects.create(fund_year=drafted, division=county, heads=9)
        year = register.confirm(drafted)
        who = register.member(register.household("H9"), "马九")
        register.pay(who, year)
        SubsidyClaim.objects.create(
            fund_year=year, payer="assistance", number="2", counted_on=TODAY, heads=1, due=7, amount=7, by_township=[],
            made_by=counter.acc, made_at=NOON,
        )  # fmt: skip
        asked = indicators.of_scheme(counter.book.scheme, 2010, TODAY)
        assert indicators.heads(year).target == 9
        assert indicators.due_of(asked, 1, []).payers == {"assistance": rules.Payer(Decimal(7), Decimal(0))}

    def test_what_a_month_takes_back_whole_moved_nothing(self, counter):
        spend_nothing = counter.enter("opening", "opening", *pair("special_account", "general_pool", "1000"))
        assert spend_nothing.pk
        spend(counter, "paid1", "20", JANUARY)
        counter.reverse(counter.book.postings.get(key="paid1"), on=JANUARY)
        assert figures.by_month(counter.book, JANUARY, FEBRUARY) == []


class TestCommand:
    def told(self, *arguments: str) -> str:
        out = StringIO()
        call_command("indicators", *arguments, stdout=out, stderr=out)
        return out.getvalue()

    def test_it_tells_a_scheme_and_all_together(self, counter):
        lived_through(counter)
        year_of()
        answer = json.loads(self.told("--scheme", "ncms", "--year", "2010", "--json"))
        assert (answer["scheme"], answer["year"]) == ("ncms", 2010)
        assert tuple(dict.fromkeys(one["code"] for one in answer["indicators"])) == rules.CODES
        [used] = [one for one in answer["indicators"] if (one["code"], one["basis"]) == ("use_rate", "received")]
        assert used == {
            "code": "use_rate", "name": "fund used", "value": "40.00", "unit": "%", "numerator": "60.00",
            "denominator": "150.00", "basis": "received",
        }  # fmt: skip
        every = json.loads(self.told("--year", "2010", "--json"))
        assert every["scheme"] is None
        assert {one["value"] for one in answer["indicators"]} == {one["value"] for one in every["indicators"]}
        assert "participation (people who should enroll): 0.00 %" in self.told("--year", "2010")

    @pytest.mark.parametrize(
        "arguments",
        [("--scheme", "none", "--year", "2010"), ("--scheme", "ncms", "--year", "1999"), ("--year", "1999")],
    )
    def test_what_is_not_known_ends_with_two(self, counter, arguments):
        with pytest.raises(SystemExit) as ended:
            self.told(*arguments)
        assert ended.value.code == 2

    def test_years_that_one_may_ask_for(self, counter, django_assert_num_queries):
        assert indicators.years(TODAY) == []
        lived_through(counter)
        year_of()
        assert indicators.years(TODAY) == [2010]
        register.scheme("residents")
        with django_assert_num_queries(3):  # however many schemes have their paper
            assert [one.scheme for one in indicators.of_all(2010, TODAY)] == [counter.book.scheme]
        with pytest.raises(UnknownYear):
            indicators.of_scheme(counter.book.scheme, 2012, TODAY)


class TestLevels:
    def propose(
        self, counter, level: str = "20", first: date = TODAY, code: str = "year_surplus", document="海财〔2010〕1号"
    ):
        stated = LevelOf(code, Decimal(level), first, document)
        return warning_levels.propose(book=counter.book, stated=stated, by=counter.acc, at=NOON)

    def vote(self, level, by, choice="approve"):
        opened = deciding.rounds_of(level).get(state="open")
        return rounds.vote(
            round=opened, choice=choice, hash_seen=opened.subject_hash, by=by, at=NOON, proof=shown_by(by),
            reason="" if choice == "approve" else "no",
        )  # fmt: skip

    def test_confirmed_by_another_it_ends_the_one_before(self, counter):
        assert outlook.levels_on(counter.book, TODAY)["year_surplus"] == 15
        first = self.propose(counter)
        assert "20.00" in dict(warning_levels.rows(first)).values()
        self.vote(first, counter.head)
        assert outlook.levels_on(counter.book, TODAY)["year_surplus"] == 20
        self.vote(self.propose(counter, "12", date(2010, 4, 1)), counter.head)
        assert outlook.levels_on(counter.book, date(2010, 3, 31))["year_surplus"] == 20
        assert outlook.levels_on(counter.book, date(2010, 4, 1))["year_surplus"] == 12
        with pytest.raises(CannotPropose, match="begins on 2010-04-01"):
            self.propose(counter, "13", date(2010, 3, 20))

    def test_the_later_of_two_that_waited_is_refused(self, counter):
        early, late = self.propose(counter), self.propose(counter, "12", date(2010, 4, 1))
        self.vote(late, counter.head)
        with pytest.raises(CannotVote, match="begins on"):
            self.vote(early, counter.head)
        self.vote(early, counter.head, "refuse")
        early.refresh_from_db()
        assert early.state == "refused"

    def test_nobody_confirms_his_own_and_he_may_take_it_back(self, counter, appoint):
        level = self.propose(counter)
        with pytest.raises(CannotVote):
            self.vote(level, counter.acc)
        with pytest.raises(CannotWithdraw):
            warning_levels.withdraw(level=level, by=appoint("ann", Duty.FUND_ACCOUNTANT), at=NOON)
        deciding.matter_of("funds.warninglevel").withdraw(level, counter.acc, NOON)
        level.refresh_from_db()
        assert level.state == "withdrawn"
        with pytest.raises(CannotWithdraw):
            warning_levels.withdraw(level=level, by=counter.acc, at=NOON)

    @pytest.mark.parametrize(("given", "words"), [({"code": "x"}, "Choose"), ({"document": " "}, "paper")])
    def test_it_is_whole(self, counter, given, words):
        with pytest.raises(CannotPropose, match=words):
            self.propose(counter, **given)

    def test_the_database_keeps_it(self, counter):
        level = self.propose(counter)
        for change in ({"level": 1}, {"state": "confirmed"}, {"document": "x"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                WarningLevel.objects.filter(pk=level.pk).update(**change)


class TestOutlook:
    def test_nothing_before_a_month_is_over(self, counter):
        assert outlook.told(counter.book, date(2010, 1, 31)) is None

    def test_without_a_year_of_the_scheme(self, counter):
        lived_through(counter)
        found = outlook.told(counter.book, TODAY)
        assert (found.book, found.owed, found.planned) == (counter.book, [], 0)
        assert (found.income, found.spent, found.spent_at_end) == (150, 60, 60)  # two months are too few to foretell
        assert found.projection is None
        assert found.days_left(TODAY) is None
        assert found.measured["subsidy_overdue"] is None
        assert found.measured["months_in_hand"] == Decimal("37.17")
        assert found.measured["income_account"] == 100
        assert {one.code for one in found.raised} == {"year_surplus", "cumulative_surplus", "income_account"}

    @pytest.mark.parametrize("years", [(2010,), (2008, 2009, 2010)])
    def test_many_years_that_were_claimed_ask_as_much_as_one(self, counter, years, django_assert_num_queries):
        lived_through(counter)
        for number, year in enumerate(map(year_of, years)):
            SubsidyClaim.objects.create(
                fund_year=year, payer="central", rate=year.subsidyrates.get(), number=str(number), counted_on=TODAY,
                heads=5, due=200, amount=200, by_township=[], made_by=counter.acc, made_at=NOON,
            )  # fmt: skip
        with django_assert_num_queries(OUTLOOK_COSTS):
            assert outlook.told(counter.book, TODAY).measured["subsidy_overdue"] == 40

    def test_what_is_to_come(self, counter):
        lived_through(counter)
        counter.enter("sp", "other_income", *pair("special_account", "other_income", "1"), on=TODAY)
        year = year_of()
        SubsidyClaim.objects.create(
            fund_year=year, payer="central", rate=year.subsidyrates.get(), number="1", counted_on=TODAY, heads=5,
            due=200, amount=200, by_township=[], made_by=counter.acc, made_at=NOON,
        )  # fmt: skip
        spend(counter, "paid3", "30", TODAY)
        found = outlook.told(counter.book, date(2010, 4, 1))
        assert found.projection.total == 90 + 9 * 30
        assert (found.income_at_end, found.spent_at_end) == (151 + 200, 360)
        assert found.measured["year_deficit"] < 0
        assert found.measured["subsidy_overdue"] == 71
        assert found.runs_out_on > date(2012, 1, 1)
        assert found.days_left(date(2010, 4, 1)) > 700
