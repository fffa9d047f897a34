"""The pages of what collecting costs: noted, made void, added up by township."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from conftest import NOON, sign_in
from enrollment.models import CollectionCost
from enrollment.services import collection_costs
from enrollment.tests.campaign import BEFORE, TODAY, pay, places, sheet_of
from enrollment.tests.campaign import year as year_of
from enrollment.tests.keeping import by
from enrollment.tests.test_views_campaign import page_of, rows_of, send
from enrollment.tests.test_views_coverage import in_english, text
from office.models import Body, Duty

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON)


@pytest.fixture
def at(county):
    return places()


@pytest.fixture
def clerk(appoint, at):
    return appoint("li", Duty.TOWNSHIP_CLERK, body=Body.objects.get(code="640522-1"))


@pytest.fixture
def fay(appoint):
    return appoint("fay", Duty.FUND_ACCOUNTANT)


@pytest.fixture
def as_boss(appoint):
    return in_english(sign_in(Client(), appoint("chief", Duty.OFFICE_HEAD)))


@pytest.fixture
def as_clerk(clerk):
    return in_english(sign_in(Client(), clerk))


@pytest.fixture
def collected(at, clerk):
    """Eight people paid 160 yuan."""
    year = year_of(at)
    pay(sheet_of(year, at["near"], clerk), 8, BEFORE, clerk)
    return year


class TestCosts:
    TYPED = {"kind": "transport", "on": "2010-03-01", "amount": "12.50", "note": "租车"}

    def test_noted_by_the_township_and_made_void(self, as_clerk, collected, at):
        where = page_of("collection_cost_add")
        assert "the county itself" not in text(as_clerk.get(where))
        done = send(as_clerk, where, fund_year=collected.pk, township=at["haicheng"].pk, **self.TYPED)
        assert "It is noted" in text(done)
        cost = CollectionCost.objects.get()
        assert page_of("collection_cost_void", cost.pk) in text(done)
        done = send(as_clerk, page_of("collection_cost_void", cost.pk), reason="记错")
        assert "It is void" in text(done)
        assert "记错" in text(as_clerk.get(page_of("collection_costs"), {"stands": "no"}))
        assert as_clerk.get(page_of("collection_cost_void", cost.pk)).status_code == 404

    def test_the_countys_own(self, fay, collected):
        as_fay = in_english(sign_in(Client(), fay))
        done = send(as_fay, page_of("collection_cost_add"), fund_year=collected.pk, township="", **self.TYPED)
        assert CollectionCost.objects.get().township is None
        assert "the county itself" in text(as_fay.get(page_of("collection_costs")))
        totals = as_fay.get(page_of("collection_costs"), {"as": "totals"})
        assert "12.50" in text(totals)
        assert done.status_code == 200
        assert rows_of(as_fay.get(page_of("collection_costs"), {"as": "xlsx"}))[1][1] == "the county itself"
        assert "the county itself" in text(as_fay.get(page_of("collection_costs_by_township")))
        rows = rows_of(as_fay.get(page_of("collection_costs_by_township"), {"as": "xlsx"}))
        assert rows[-2][0] == "the county itself"
        assert rows[-1][7:] == [12.5, 0, 160, 7.81, 8, 1.56]

    def test_refused(self, as_clerk, collected, at, fay):
        where = page_of("collection_cost_add")
        typed = {**self.TYPED, "on": "2010-03-02", "fund_year": collected.pk, "township": at["haicheng"].pk}
        assert send(as_clerk, where, **typed).status_code == 422
        cost = collection_costs.note(
            fund_year=collected, township=at["haicheng"], kind="labour", on=TODAY, amount=D(5), note="x",
            **by(fay),
        )  # fmt: skip
        again = as_clerk.post(page_of("collection_cost_void", cost.pk), {"reason": " "})
        assert again.status_code == 422

    def test_by_township(self, as_clerk, as_boss, collected, at, fay):
        collection_costs.note(
            fund_year=collected, township=at["haicheng"], kind="labour", on=TODAY, amount=D(8), person_days=D("1.5"),
            note="x", **by(fay),
        )  # fmt: skip
        page = text(as_clerk.get(page_of("collection_costs_by_township"), {"fund_year": collected.pk}))
        assert '<td class="num">5.00</td>' in page  # 8 yuan for 160
        assert "李旺镇" not in page
        assert "the county itself" not in page
        assert [row[0] for row in rows_of(as_clerk.get(page_of("collection_costs_by_township"), {"as": "xlsx"}))] == [
            "township",
            "海城镇",
            "together",
        ]
        assert rows_of(as_boss.get(page_of("collection_costs"), {"as": "xlsx"}))[1][1] == "海城镇"

    def test_before_any_year_is_confirmed(self, as_boss):
        assert "No fund year is confirmed" in text(as_boss.get(page_of("collection_costs_by_township")))

    @pytest.mark.parametrize("many", [1, 5])
    def test_questions(self, as_boss, collected, at, fay, many, django_assert_num_queries):
        for _each in range(many):
            collection_costs.note(
                fund_year=collected, township=at["liwang"], kind="labour", on=TODAY, amount=D(8), note="x",
                **by(fay),
            )  # fmt: skip
        with django_assert_num_queries(7):
            as_boss.get(page_of("collection_costs"))
        with django_assert_num_queries(21):
            as_boss.get(page_of("collection_costs_by_township"))
