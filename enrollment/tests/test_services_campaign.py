"""The campaign's figures, deadlines and bulletins: what is counted where and when, and that a bulletin stays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum

from conftest import NOON, proof_of
from enrollment.models import Bulletin, CampaignDeadline, Contribution, Coverage, Receipt
from enrollment.rules import bulletins
from enrollment.rules.campaign import Figures
from enrollment.rules.collection import Payer
from enrollment.selectors import campaign as selectors
from enrollment.selectors import participation
from enrollment.services import campaign, deposits, receipts, refunds, sheets
from enrollment.services.keeping import CannotKeep
from enrollment.tests import factories
from enrollment.tests.campaign import BEFORE, TODAY, YESTERDAY, hand_in, pay, places, sheet_of
from enrollment.tests.campaign import year as year_of
from enrollment.tests.collecting import noted
from enrollment.tests.keeping import act, by, fresh
from enrollment.tests.test_views_coverage import merge
from office import deciding
from office.models import Body, Duty
from office.services import rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

D = Decimal


@pytest.fixture
def at(county):
    return places()


@pytest.fixture
def year(at):
    return year_of(at)


@pytest.fixture
def clerk(appoint, at):
    return appoint("li", Duty.TOWNSHIP_CLERK, body=at["haicheng"].station or Body.objects.get(code="640522-1"))


@pytest.fixture
def county_clerk(appoint):
    """Collects where the county has no station."""
    return appoint("zhou", Duty.TOWNSHIP_CLERK)


@pytest.fixture
def boss(appoint):
    return appoint("chief", Duty.OFFICE_HEAD)


@pytest.fixture
def near(year, at, clerk):
    return sheet_of(year, at["near"], clerk)


@pytest.fixture
def book(clerk):
    return factories.receipt_book()


@pytest.fixture
def collected(year, at, clerk, county_clerk, near, book):
    """Eight people of one township on three sheets and days, two of the other; of all kinds of payers."""
    far = sheet_of(year, at["far"], clerk)
    other = sheet_of(year, at["other"], county_clerk)
    pay(near, 3, BEFORE, clerk, book=book)
    pay(near, 2, YESTERDAY, clerk, book=book)
    pay(far, 1, YESTERDAY, clerk, payer=Payer.ASSISTANCE)
    pay(far, 2, TODAY, clerk, payer=Payer.COLLECTIVE)
    pay(other, 2, TODAY, county_clerk)
    return year


def refused(words: str, field: str | None = None):
    return pytest.raises(CannotKeep, match=words)


def told(found):
    return [(rank, line.name, line.should, line.so_far.enrolled, line.added.enrolled) for rank, line in found.ranked]


class TestFigures:
    def test_by_township_as_of_a_day(self, collected, boss):
        found = selectors.of_townships(collected, TODAY, boss)
        assert told(found) == [(1, "海城镇", 20, 8, 2), (1, "李旺镇", 5, 2, 2)]
        haicheng, liwang = (line for _rank, line in found.ranked)
        assert haicheng.so_far == figures(8, 100, 20, 40, 100)
        assert liwang.so_far == figures(2, 40, 0, 0, 0)
        assert (haicheng.due, haicheng.so_far.collected, haicheng.of_due) == (D(400), D(160), D("40.00"))
        assert (haicheng.target, found.whole.target, found.whole.should) == (16, 20, 25)
        assert [(day.on, day.added.enrolled, day.so_far.enrolled) for day in found.days] == [
            (BEFORE, 3, 3),
            (YESTERDAY, 3, 6),
            (TODAY, 4, 10),
        ]

    def test_of_an_earlier_day(self, collected, boss):
        found = selectors.of_townships(collected, YESTERDAY, boss)
        assert told(found) == [(1, "海城镇", 20, 6, 3), (2, "李旺镇", 5, 0, 0)]
        assert [day.on for day in found.days] == [BEFORE, YESTERDAY]

    def test_by_village(self, collected, at):
        found = selectors.of_villages(collected, TODAY, at["haicheng"])
        assert told(found) == [(1, "山门村", 10, 5, 0), (2, "水洼村", 10, 3, 2)]
        assert [line.so_far.receipted for _rank, line in found.ranked] == [D(100), D(0)]
        assert found.whole.target == 16

    def test_it_agrees_with_the_page_of_participation(self, collected, boss):
        by_participation = {line.name: line.enrolled for line in participation.by_township(collected, boss)}
        found = selectors.of_townships(collected, TODAY, boss)
        assert {line.name: line.so_far.enrolled for _rank, line in found.ranked} == by_participation

    def test_a_station_sees_its_township_alone(self, collected, clerk):
        found = selectors.of_townships(collected, TODAY, clerk)
        assert told(found) == [(1, "海城镇", 20, 8, 2)]
        assert (found.whole.so_far.enrolled, found.whole.target) == (8, 16)
        assert sum(day.added.enrolled for day in found.days) == 8

    def test_cash_is_the_sum_of_receipts_that_are_not_void(self, collected, clerk, near, book, boss):
        first, second = near.entries.order_by("pk")
        receipts.reissue(receipt=first.receipts.get(), book=book, reason="torn", **by(clerk))
        sheets.take_back(entry=second, reason="a mistake", **by(clerk))
        used = Receipt.objects.used().aggregate(Sum("amount"))["amount__sum"]
        haicheng = selectors.of_townships(collected, TODAY, clerk).whole.so_far
        assert haicheng.cash == haicheng.receipted == used == D(60)
        assert haicheng.without_receipt == 0
        assert selectors.of_townships(collected, TODAY, boss).whole.so_far.without_receipt == D(40)

    def test_an_entry_taken_back_is_gone_from_every_day(self, collected, clerk, near):
        sheets.take_back(entry=near.entries.earliest("pk"), reason="a mistake", **by(clerk))
        assert selectors.of_townships(collected, BEFORE).whole.so_far == figures()

    def test_the_way_of_the_cash(self, collected, clerk, near, boss):
        hand_in(near, 100, clerk)
        deposits.mark_deposited(sheets=[near], on=TODAY, slip="1", **by(boss))
        way = selectors.of_townships(collected, TODAY).whole.way
        assert (way.handed_in, way.deposited, way.confirmed) == (D(100), D(100), D(0))
        deposits.mark_confirmed(sheets=[near], on=TODAY, **by(boss))
        assert selectors.of_townships(collected, TODAY).whole.way.confirmed == D(100)
        assert selectors.of_townships(collected, YESTERDAY).whole.way.handed_in == 0

    def test_a_refund_leaves_its_receipt_and_is_told(self, collected, clerk, near, boss, at):
        hand_in(near, 100, clerk)
        paid = Contribution.objects.filter(entry__sheet=near).earliest("pk")
        asked = refunds.propose(contribution=paid, reason="参加职工医保", **by(clerk))
        assert selectors.of_townships(collected, TODAY, clerk).whole.so_far.refunded == 0
        opened = deciding.rounds_of(asked).get()
        rounds.vote(
            round=opened,
            choice="approve",
            reason="看过",
            hash_seen=opened.subject_hash,
            by=boss,
            at=NOON,
            proof=proof_of(boss),
        )
        for found in (
            selectors.of_townships(collected, TODAY, clerk),
            selectors.of_villages(collected, TODAY, at["haicheng"]),
        ):
            so_far = found.whole.so_far
            assert (so_far.cash, so_far.receipted, so_far.refunded) == (D(100), D(100), D(20))
            assert (so_far.collected, so_far.enrolled) == (D(140), 7)
        assert selectors.of_townships(collected, YESTERDAY, clerk).whole.so_far.refunded == 0

    def test_what_was_paid_without_a_sheet_is_where_the_person_lives(self, year, at, boss):
        home = factories.household("x", at["far"])
        person = factories.member(home)
        factories.pay(person, year, paid_on=BEFORE)
        assert selectors.of_villages(year, BEFORE, at["haicheng"]).whole.so_far == figures(1, 20)
        # noted without its day: by the day of the note
        factories.pay(factories.member(home), year)
        found = selectors.of_townships(year, TODAY)
        assert [(day.on, day.added.enrolled) for day in found.days] == [(BEFORE, 1), (TODAY, 1)]

    def test_whoever_left_and_came_back_is_one_person(self, collected, near):
        covered = Coverage.objects.filter(contribution__entry__sheet=near).earliest("pk")
        covered.period, covered.ended_because = type(covered.period)(date(2011, 1, 1), date(2011, 3, 1)), "moved_away"
        covered.save(update_fields=["period", "ended_because"])
        again = type(covered.period)(date(2011, 6, 1), date(2012, 1, 1))
        factories.brought_along(covered.member, collected, again.lower, again.upper, reason="transfer")
        assert selectors.of_townships(collected, TODAY).whole.so_far.enrolled == 10

    def test_a_double_is_one_person_where_the_kept_record_lives(self, year, at, boss):
        kept = factories.member(factories.household("k", at["other"]))
        double = factories.member(factories.household("d", at["near"]))
        for person, on in ((kept, TODAY), (double, BEFORE)):
            noted(person, year, on)
        merge(double, kept)
        found = selectors.of_townships(year, TODAY, boss)
        assert [(line.name, line.so_far.enrolled) for _rank, line in found.ranked] == [("李旺镇", 1), ("海城镇", 0)]
        assert [day.added.enrolled for day in found.days] == [1, 0]
        assert {line.name: line.enrolled for line in participation.by_township(year, boss)} == {
            "李旺镇": 1,
            "海城镇": 0,
        }

    def test_a_year_without_rates_asks_nothing(self, at):
        drafted = factories.draft_year(year=2012)
        assert selectors.fee_of(drafted) == D(20)
        assert selectors.fee_of(type(drafted)(pk=0)) == 0


def figures(enrolled=0, cash=0, assisted=0, collective=0, receipted=0, refunded=0):
    return Figures(enrolled, D(cash), D(assisted), D(collective), D(receipted), D(refunded))


def set_deadline(year, boss, on=date(2010, 3, 31), rate=80) -> CampaignDeadline:
    return campaign.set_deadline(fund_year=year, on=on, rate=D(rate), **by(boss))


class TestDeadlines:
    def test_it_is_set_for_the_county(self, year, boss):
        deadline = set_deadline(year, boss)
        assert str(deadline) == "2010-03-31 · 80 %"
        assert selectors.deadlines_of(year) == [deadline]
        assert act("deadline.set").facts["rate"] == "80"

    @pytest.mark.parametrize(
        ("on", "rate", "words", "field"),
        [
            pytest.param(date(2010, 1, 31), 50, "first day of collecting", "on", id="before collecting"),
            pytest.param(date(2012, 1, 1), 50, "first day of collecting", "on", id="after the year"),
            pytest.param(TODAY, 0, "above 0", "rate", id="nothing"),
            pytest.param(TODAY, 101, "above 0", "rate", id="more than all"),
            pytest.param(date(2010, 3, 31), 80, "on this day already", "on", id="twice on a day"),
            pytest.param(date(2010, 3, 30), 81, "later deadline", "rate", id="more before"),
            pytest.param(date(2010, 4, 1), 79, "later deadline", "rate", id="less after"),
        ],
    )
    def test_what_is_refused(self, year, boss, on, rate, words, field):
        set_deadline(year, boss)
        with pytest.raises(CannotKeep, match=words) as refusal, transaction.atomic():
            set_deadline(year, boss, on, rate)
        assert refusal.value.field == field

    def test_the_edges_are_taken(self, year, boss):
        set_deadline(year, boss, date(2010, 2, 1), 20)
        set_deadline(year, boss, date(2011, 12, 31), 100)
        set_deadline(year, boss, date(2010, 5, 1), 20)

    def test_a_station_does_not_lead(self, year, clerk, boss):
        with refused("led by the county"):
            set_deadline(year, clerk)
        with refused("led by the county"):
            campaign.void_deadline(deadline=set_deadline(year, boss), reason="x", **by(clerk))

    def test_of_a_draft(self, boss):
        with refused("not confirmed"):
            set_deadline(factories.draft_year(year=2012), boss)

    def test_another_one_is_set_after_it_was_made_void(self, year, boss):
        deadline = set_deadline(year, boss)
        with refused("Say why"):
            campaign.void_deadline(deadline=deadline, reason=" ", **by(boss))
        campaign.void_deadline(deadline=deadline, reason=" 县里改期 ", **by(boss))
        assert fresh(deadline).void_reason == "县里改期"
        assert act("deadline.voided").reason == " 县里改期 "
        with refused("void already"):
            campaign.void_deadline(deadline=deadline, reason="x", **by(boss))
        assert set_deadline(year, boss, rate=70) in selectors.deadlines_of(year)

    def test_the_database_keeps_it(self, year, boss):
        deadline = set_deadline(year, boss)
        with pytest.raises(IntegrityError, match="stays as it was set"), transaction.atomic():
            CampaignDeadline.objects.filter(pk=deadline.pk).update(rate=70)
        CampaignDeadline.objects.filter(pk=deadline.pk).update(void_reason="x")
        with pytest.raises(IntegrityError, match="stays as it was set"), transaction.atomic():
            CampaignDeadline.objects.filter(pk=deadline.pk).update(void_reason="")


def make(year, boss, as_of=TODAY, remark="", at=NOON) -> Bulletin:
    return campaign.make_bulletin(fund_year=year, as_of=as_of, remark=remark, by=boss, at=at)


class TestBulletins:
    def test_it_says_what_the_page_says(self, collected, boss):
        set_deadline(collected, boss, YESTERDAY, 41)
        bulletin = fresh(make(collected, boss, remark=" 望各乡镇抓紧 "))
        found = selectors.of_townships(collected, TODAY, boss)
        passed = bulletins.Wanted(YESTERDAY, D("41.00"))
        assert bulletin.figures == bulletins.figures(found.ranked, found.whole, passed=passed, before=None)
        assert (bulletin.number, bulletin.remark, str(bulletin)) == (1, "望各乡镇抓紧", "ncms 2011 1")
        assert [row["missing"] for row in bulletin.figures["behind"]] == [1, 1]
        assert act("bulletin.made").facts["enrolled"] == 10

    def test_it_never_changes_and_the_next_says_what_came_since(self, collected, boss, clerk, near, book):
        first = make(collected, boss, YESTERDAY)
        kept = fresh(first).figures
        sheets.take_back(entry=near.entries.latest("pk"), reason="a mistake", **by(clerk))
        second = make(collected, boss)
        assert fresh(first).figures == kept
        assert second.number == 2
        assert second.figures["before"] == {"number": 1, "as_of": "2010-02-28"}
        assert [row["more_enrolled"] for row in second.figures["rows"]] == [2, 0]
        assert second.figures["whole"]["more_collected"] == "40.00"
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE enrollment_bulletin SET remark = 'x'")

    def test_a_deadline_to_come_shames_nobody(self, collected, boss):
        set_deadline(collected, boss, date(2010, 3, 2), 90)
        assert make(collected, boss).figures["deadline"] is None

    def test_what_is_refused(self, collected, boss, clerk):
        with refused("led by the county"):
            make(collected, clerk)
        with refused("not come yet"):
            make(collected, boss, date(2010, 3, 2))
        with refused("lies before 2010-02-01"):
            make(collected, boss, date(2010, 1, 31))
        make(collected, boss, TODAY)
        with refused("lies before 2010-03-01"):
            make(collected, boss, YESTERDAY)
        with refused("not confirmed"):
            make(factories.draft_year(year=2012), boss)

    def test_numbers_of_a_year_are_its_own(self, collected, boss):
        make(collected, boss)
        other = factories.fund_year(factories.scheme("residents"), year=2011, window=(BEFORE, TODAY))
        assert make(other, boss, at=datetime(2010, 3, 2, tzinfo=UTC)).number == 1
