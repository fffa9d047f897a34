"""Claims on the levels of government and on medical assistance: heads times rate, to the fen, less what was claimed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from conftest import NOON
from enrollment.models import Contribution, Coverage, FundYear, SubsidyClaim
from enrollment.selectors import subsidies as selectors
from enrollment.services import subsidies
from enrollment.services.subsidies import CannotClaim
from enrollment.tests import factories
from enrollment.tests.rosters import fund_year
from office.models import Act, Duty, Person
from office.tests.factories import tess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = date(2010, 3, 1)
#: As 海原 had them: 40 yuan of the state in two instalments, 30 of the region, 10 of the county.
RATES = (("county", 1, 10), ("central", 2, 16), ("central", 1, 24), ("province", 1, 30), ("city", 1, 0))


@pytest.fixture
def fay(appoint) -> Person:
    return appoint("fay", Duty.FUND_ACCOUNTANT)


@pytest.fixture
def year(fay) -> FundYear:
    return fund_year(subsidies=RATES)


def enroll(year: FundYear, number: str, people: int = 1, village: str = factories.VILLAGE) -> list[Coverage]:
    home = factories.household(number, factories.division(village))
    return [factories.pay(factories.member(home), year) for _each in range(people)]


def shown(year: FundYear, day: date = TODAY) -> list[tuple[object, ...]]:
    return [
        (one.payer, one.rate and one.rate.instalment, one.heads, one.due, one.claimed, one.open)
        for one in selectors.due_by_level(year, day)
    ]


def claim(year: FundYear, by: Person, payer: str = "central", number: str = "1号", on: date = TODAY) -> SubsidyClaim:
    rate = None if payer == "assistance" else year.subsidyrates.get(level=payer, instalment=1)
    return subsidies.make_claim(fund_year=year, payer=payer, rate=rate, counted_on=on, number=number, by=by, at=NOON)


class TestDue:
    def test_by_level_and_instalment_from_the_highest(self, year):
        enroll(year, "a", 3)
        enroll(year, "b", 2, "640522101201")
        assert shown(year) == [
            ("central", 1, 5, 120, 0, 120),
            ("central", 2, 5, 80, 0, 80),
            ("province", 1, 5, 150, 0, 150),
            ("county", 1, 5, 50, 0, 50),
            ("assistance", None, 0, 0, 0, 0),
        ]
        first = selectors.due_by_level(year, TODAY)[0]
        assert [(one.code, one.heads, one.due) for one in first.places] == [
            ("640522100000", 3, 72),
            ("640522101000", 2, 48),
        ]
        assert (first.label, selectors.together([first])) == ("central", (120, 0, 120))

    def test_who_counts_on_the_day(self, year):
        left, void, born, twice = enroll(year, "a", 4)
        Coverage.objects.filter(pk=left.pk).update(
            period=DateRange(date(2010, 1, 1), date(2010, 2, 1)), ended_because="left"
        )
        Coverage.objects.filter(pk=void.pk).update(void_reason="x")
        factories.merge(twice.member, born.member)
        assert [selectors.due_by_level(year, day)[0].heads for day in (TODAY, date(2010, 1, 31))] == [1, 2]

    def test_a_day_outside_the_year_counts_its_first_or_last(self, year):
        [one] = enroll(year, "a")
        Coverage.objects.filter(pk=one.pk).update(
            period=DateRange(date(2010, 1, 1), date(2010, 12, 31)), ended_because="left"
        )
        found = {day: selectors.due_by_level(year, day)[0] for day in (date(2009, 11, 1), TODAY, date(2011, 6, 1))}
        assert [one.heads for one in found.values()] == [1, 1, 0]
        assert [one.counted_on for one in found.values()] == [date(2010, 1, 1), TODAY, date(2010, 12, 31)]

    def test_assistance_owes_what_it_pays_for_people_by_the_day(self, year):
        paid = {"fund_year": year, "own": 0, "noted_by": tess(), "noted_at": NOON}
        home = factories.household("a")
        for assisted, more in (
            ("20", {}),
            ("12.34", {"paid_on": TODAY}),
            ("5", {"paid_on": date(2010, 3, 2)}),
            ("7", {"void_reason": "x"}),
            ("0", {}),
        ):
            Contribution.objects.create(member=factories.member(home), assisted=Decimal(assisted), **paid, **more)
        assert shown(year)[-1] == ("assistance", None, 2, Decimal("32.34"), 0, Decimal("32.34"))

    def test_what_haiyuan_reported_for_2009(self, year):
        """370,296 people at 40, 30 and 10 yuan, 41,296 of them paid for at 20: the sums that its report states."""
        counted = {"central": 370_296, "province": 370_296, "county": 370_296}
        rates = {level: sum(per_head for one, _at, per_head in RATES if one == level) for level in counted}
        place = [selectors.Place("640522", "海原县", heads := 370_296, Decimal(heads * rates["central"]))]
        assert selectors.Due("central", None, TODAY, place, Decimal(0)).due == 14_811_840
        due = {level: heads * rates[level] for level, heads in counted.items()}
        assert due == {"central": 14_811_840, "province": 11_108_880, "county": 3_702_960}
        assert sum(due.values()) + 41_296 * 20 + 329_000 * 20 == 37_029_600


class TestClaims:
    def test_what_is_open_is_claimed_and_later_the_difference(self, year, fay):
        enroll(year, "a", 3)
        first = claim(year, fay)
        assert (first.heads, first.due, first.claimed_before, first.amount) == (3, 72, 0, 72)
        assert first.by_township == [["640522100000", "township-100000", 3, "72.00"]]
        assert shown(year)[0][3:] == (72, 72, 0)
        enroll(year, "b", 2)
        second = claim(year, fay, number="2号")
        assert (second.heads, second.due, second.claimed_before, second.amount) == (5, 120, 72, 48)
        act = Act.objects.filter(name="subsidy-claim.made").latest("pk")
        assert (act.by, act.facts["number"], act.facts["heads"]) == (fay, "2号", 5)

    def test_a_count_that_came_down_gives_money_back(self, year, fay):
        gone, _stays = enroll(year, "a", 2)
        claim(year, fay)
        Coverage.objects.filter(pk=gone.pk).update(void_reason="x")
        assert claim(year, fay, number="2号").amount == -24

    def test_of_assistance_what_it_pays(self, year, fay):
        Contribution.objects.create(
            member=factories.member(), fund_year=year, own=0, assisted=20, noted_by=tess(), noted_at=NOON
        )
        made = claim(year, fay, "assistance")
        assert (made.rate, made.heads, made.amount) == (None, 1, 20)

    @pytest.mark.parametrize(
        ("more", "words", "field"),
        [
            ({"on": date(2010, 3, 2)}, "not come yet", "counted_on"),
            ({"number": " "}, "which number", "number"),
            ({"payer": "city"}, "lays nothing down", None),
            ({"payer": "assistance"}, "Nothing is open", None),
        ],
    )
    def test_what_cannot_be_claimed(self, year, fay, more, words, field):
        enroll(year, "a")
        with pytest.raises(CannotClaim, match=words) as refusal:
            claim(year, fay, **more)
        assert refusal.value.field == field
        assert not SubsidyClaim.objects.exists()

    def test_not_twice_the_same_not_under_one_number_not_by_an_older_count(self, year, fay):
        enroll(year, "a")
        claim(year, fay)
        with pytest.raises(CannotClaim, match="Nothing is open"):
            claim(year, fay, number="2号")
        with pytest.raises(CannotClaim, match="taken"):
            claim(year, fay, "county", number="1号")
        with pytest.raises(CannotClaim, match="counted later"):
            claim(year, fay, number="2号", on=date(2010, 2, 28))

    def test_not_before_the_year_is_confirmed(self, fay):
        draft = factories.draft_year(year=2011)
        with pytest.raises(CannotClaim, match="not confirmed"):
            claim(draft, fay, "assistance")


class TestGuards:
    """What the database itself refuses of a claim."""

    @pytest.fixture
    def made(self, year, fay) -> SubsidyClaim:
        enroll(year, "a", 2)
        return claim(year, fay)

    def again(self, made: SubsidyClaim, **more) -> SubsidyClaim:
        said = {one.name: getattr(made, one.name) for one in SubsidyClaim._meta.concrete_fields if one.name != "id"}
        return SubsidyClaim.objects.create(**said | {"number": "x", **more})

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"claimed_before": 0}, "something else was claimed before"),
            ({"claimed_before": 48, "due": 49, "amount": 1}, "heads times its rate"),
            ({"claimed_before": 48, "heads": 3, "due": 72, "amount": 24, "payer": "county"}, "heads times its rate"),
            ({"claimed_before": 48, "heads": 3, "due": 72, "amount": 25}, "adds_up"),
        ],
    )
    def test_sums_that_do_not_agree(self, made, more, words):
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            self.again(made, **more)
        assert self.again(made, claimed_before=48, heads=3, due=72, amount=24).pk

    def test_a_year_that_is_not_confirmed(self, made):
        with pytest.raises(IntegrityError, match="confirmed year"), transaction.atomic():
            self.again(made, fund_year=factories.draft_year(year=2011), rate=None, payer="assistance", claimed_before=0)
