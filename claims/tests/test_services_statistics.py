"""Statistics sheets: made once of a span that is over, frozen, corrected only by a further sheet with its reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import Error, transaction

from claims.models import StatisticsSheet
from claims.rules import statistics as rules
from claims.services import statistics
from claims.tests.figures import TOWNSHIPS, House
from conftest import NOON
from enrollment.models import Household
from enrollment.services import households
from enrollment.services.keeping import CannotKeep
from enrollment.tests import factories as register
from office.models import Act, Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FEBRUARY = date(2010, 2, 1)
THEN = NOON - timedelta(days=10)  # in February


@pytest.fixture
def house(appoint) -> House:
    return House.of(appoint)


@pytest.fixture
def ann(appoint):
    """Keeps the books and makes the sheets."""
    return appoint("ann", Duty.FUND_ACCOUNTANT)


@pytest.fixture
def make(house, ann):
    given = {"scheme": house.desk.scheme, "span": "month", "first": FEBRUARY, "by": ann, "at": NOON}
    return lambda **more: statistics.make(**{**given, **more})


def move(house: House, appoint, claim, village: str) -> None:
    """The patient's household lives elsewhere."""
    home: Household = claim.member.household
    households.move_household(
        household=home, seen_version=home.version, village=register.division(village), address="", on=date(2010, 2, 1),
        by=appoint("reg", Duty.TOWNSHIP_CLERK), at=NOON,
    )  # fmt: skip


def figure(sheet: StatisticsSheet, *place: str) -> rules.Row:
    return next(row for row in rules.rows_of(sheet.figures) if row.place == place)


class TestMake:
    def test_it_is_numbered_frozen_and_told_in_the_trail(self, house, make, ann):
        house.approved(THEN)
        sheet = make()
        assert (sheet.number, sheet.last, sheet.made_by, sheet.as_of) == ("TJ2010-00001", date(2010, 2, 28), ann, NOON)
        assert figure(sheet, "stay", "level", "county").this.times == 1
        assert statistics.is_whole(StatisticsSheet.objects.get())
        act = Act.objects.get(name="statistics.made")
        assert (act.subject_hash, act.duty, act.facts["number"]) == (sheet.sha256, "fund_accountant", sheet.number)

    def test_what_was_given_out_stays_when_claims_move_on(self, house, make):
        claim = house.approved(THEN)
        sheet = make()
        house.take_back(claim, NOON)
        assert figure(StatisticsSheet.objects.get(), "stay", "whole", "").this.times == 1
        march = make(span="month", first=date(2010, 3, 1), at=NOON + timedelta(days=40))
        assert figure(march, "stay", "whole", "").this.times == -1  # taken back in March
        quarter = make(span="quarter", first=date(2010, 1, 1), at=NOON + timedelta(days=40))
        assert rules.rows_of(quarter.figures) == []
        assert StatisticsSheet.objects.get(pk=sheet.pk).sha256 == sheet.sha256

    def test_a_band_begins_at_its_amount(self, house, make):
        for total in ("999.99", "1000", "2999.99", "100000"):
            house.approved(THEN, amounts=(total,))
        for total in ("49.99", "50", "10000"):
            house.approved(THEN, amounts=(total,), kind="outpatient")
        rows = rules.rows_of(make().figures)
        bands = [(row.part, row.key, row.this.times) for row in rows if row.table == "band"]
        assert bands == [
            ("stay", "0", 1), ("stay", "1000", 2), ("stay", "100000", 1),
            ("visit", "0", 1), ("visit", "50", 1), ("visit", "10000", 1),
        ]  # fmt: skip

    def test_an_empty_span_has_its_sheet(self, make):
        assert make().figures == {"rows": [], "differences": []}

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"first": date(2010, 3, 1)}, "ends on 2010-03-31"),
            ({"span": "year", "first": date(2010, 1, 1)}, "ends on 2010-12-31"),
            ({"first": date(2010, 1, 2)}, "whole month"),
            ({"span": "quarter"}, "whole month"),
            ({"span": "week"}, "whole month"),
        ],
    )
    def test_only_of_a_whole_span_that_is_over(self, make, given, words):
        with pytest.raises(CannotKeep, match=words):
            make(**given)

    def test_once(self, make):
        sheet = make()
        with pytest.raises(CannotKeep, match=f"{sheet.number} is of this span already"):
            make()

    def test_the_database_refuses_what_is_no_sheet(self, make):
        sheet = make()
        with pytest.raises(Error, match="permission denied"), transaction.atomic():
            StatisticsSheet.objects.filter(pk=sheet.pk).update(reason="x")
        for more in ({"last": date(2010, 2, 27)}, {"first": date(2010, 2, 2), "last": date(2010, 3, 1)}):
            with pytest.raises(Error, match="whole span"), transaction.atomic():
                again(sheet, **more)
        with pytest.raises(Error, match="same scheme and span"), transaction.atomic():
            again(sheet, first=date(2010, 1, 1), last=date(2010, 1, 31), corrects=sheet, reason="x")
        with pytest.raises(Error, match="corrected_with_a_reason"), transaction.atomic():
            again(sheet, corrects=sheet)


def again(sheet: StatisticsSheet, **more) -> StatisticsSheet:
    names = ("scheme", "span", "first", "last", "as_of", "figures", "sha256", "made_on", "made_by", "made_at")
    return StatisticsSheet.objects.create(number="X", **{name: getattr(sheet, name) for name in names} | more)


class TestCorrect:
    def test_it_names_what_it_corrects_with_reason_and_differences(self, house, appoint, make, ann):
        claim = house.approved(THEN)
        sheet = make()
        move(house, appoint, claim, TOWNSHIPS[1])
        made = statistics.correct(sheet=sheet, reason="户籍乡镇登记有误", by=ann, at=NOON)
        assert (made.number, made.corrects, made.reason) == ("TJ2010-00002", sheet, "户籍乡镇登记有误")
        found = {(one.key, one.figure, one.was, one.now) for one in rules.differences_of(made.figures)}
        assert {("640522101000", "times", "0", "1"), ("640522100000", "times", "1", "0")} <= found
        assert {key for key, _figure, _was, _now in found} == {"640522100000", "640522101000"}
        assert statistics.sheet_of(sheet.scheme, "month", FEBRUARY) == made
        assert all(map(statistics.is_whole, StatisticsSheet.objects.select_related("corrects")))
        assert Act.objects.get(name="statistics.corrected").facts["corrects"] == sheet.number
        with pytest.raises(CannotKeep, match="TJ2010-00002 corrects this one already"):
            statistics.correct(sheet=sheet, reason="x", by=ann, at=NOON)

    @pytest.mark.parametrize(("reason", "words"), [("why", "Nothing has changed"), (" ", "Say it in words")])
    def test_not_without_a_reason_or_a_difference(self, house, make, ann, reason, words):
        house.approved(THEN)
        with pytest.raises(CannotKeep, match=words):
            statistics.correct(sheet=make(), reason=reason, by=ann, at=NOON)
        assert StatisticsSheet.objects.count() == 1
