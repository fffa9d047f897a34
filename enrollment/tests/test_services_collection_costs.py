"""What collecting costs: noted, made void, added up by township."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from enrollment.models import CollectionCost
from enrollment.selectors import collection_costs as selectors
from enrollment.services import collection_costs as costs
from enrollment.services.keeping import CannotKeep
from enrollment.tests import factories
from enrollment.tests.campaign import TODAY, YESTERDAY, pay, places, sheet_of
from enrollment.tests.campaign import year as year_of
from enrollment.tests.keeping import act, by, fresh
from office.models import Body, Duty

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
    return appoint("li", Duty.TOWNSHIP_CLERK, body=Body.objects.get(code="640522-1"))


@pytest.fixture
def fay(appoint):
    return appoint("fay", Duty.FUND_ACCOUNTANT)


def note(year, person, township=None, amount=30, **more) -> CollectionCost:
    given = {"kind": "transport", "on": YESTERDAY, "note": "入户租车", **more}
    return costs.note(fund_year=year, township=township, amount=D(amount), **given, **by(person))


class TestNoting:
    def test_by_the_township_and_by_the_county(self, year, clerk, fay, at):
        own = note(year, clerk, at["haicheng"], person_days=D("2.5"))
        assert str(own) == "入户租车 · 30"
        assert act("collection-cost.noted").facts["amount"] == "30"
        county = note(year, fay)
        assert county.township is None
        assert set(CollectionCost.objects.visible_to(clerk)) == {own}
        assert set(CollectionCost.objects.visible_to(fay)) == {own, county}

    def test_what_is_refused(self, year, clerk, fay, at):
        def refused(words: str, field: str, person=fay, township=None, of=year, **more) -> None:
            with pytest.raises(CannotKeep, match=words) as refusal, transaction.atomic():
                note(of, person, township, **more)
            assert refusal.value.field == field

        refused("which township", "township", clerk)
        refused("not among those", "township", clerk, at["liwang"])
        refused("not among those", "township", fay, at["near"])
        refused("not confirmed", "fund_year", of=factories.draft_year(year=2012))
        refused("not come yet", "on", on=date(2010, 3, 2))
        refused("above nothing", "amount", amount=0)
        refused("Days above", "person_days", person_days=D(0))
        refused("for what", "note", note=" ")

    def test_a_mistake_is_made_void(self, year, clerk, fay, at):
        own, county = note(year, clerk, at["haicheng"]), note(year, fay)
        with pytest.raises(CannotKeep, match="not among those"):
            costs.void(cost=county, reason="x", **by(clerk))
        with pytest.raises(CannotKeep, match="Say why") as refusal:
            costs.void(cost=own, reason=" ", **by(clerk))
        assert refusal.value.field == "reason"
        costs.void(cost=own, reason=" 记错 ", **by(clerk))
        assert fresh(own).void_reason == "记错"
        assert act("collection-cost.voided").reason == " 记错 "
        with pytest.raises(CannotKeep, match="void already"):
            costs.void(cost=own, reason="x", **by(clerk))
        with pytest.raises(IntegrityError, match="what was noted stays"), transaction.atomic():
            CollectionCost.objects.filter(pk=county.pk).update(amount=1)


class TestAddedUp:
    @pytest.fixture
    def spent(self, year, clerk, fay, at):
        sheet = sheet_of(year, at["near"], clerk)
        pay(sheet, 4, YESTERDAY, clerk)
        note(year, clerk, at["haicheng"], 4, person_days=D("0.5"))
        note(year, clerk, at["haicheng"], 8, kind="labour", person_days=D(1))
        note(year, fay, None, 8)
        note(year, fay, at["liwang"], 3, on=TODAY)
        costs.void(cost=note(year, fay, None, 99), reason="x", **by(fay))
        return year

    def test_for_100_yuan_and_a_head(self, spent, fay):
        found = selectors.by_township(spent, TODAY, fay)
        told = [(one.line.name, one.amount, one.per_hundred, one.per_head) for one in found.townships]
        assert told == [("海城镇", D(12), D("15.00"), D("3.00")), ("李旺镇", D(3), None, None)]
        assert found.townships[0].kinds == [D(8), D(4), 0, 0, 0, 0]
        assert found.townships[0].person_days == D("1.5")
        assert (found.county.amount, found.county.per_hundred, found.county.per_head) == (D(8), None, None)
        assert (found.whole.amount, found.whole.per_hundred, found.whole.per_head) == (D(23), D("28.75"), D("5.75"))
        assert found.whole.person_days == D("1.5")

    def test_until_a_day_and_in_sight(self, spent, clerk):
        assert selectors.by_township(spent, date(2010, 2, 27), clerk).whole.amount == 0
        found = selectors.by_township(spent, TODAY, clerk)
        assert [one.line.name for one in found.townships] == ["海城镇"]
        assert found.county is None
        assert found.whole.amount == D(12)
