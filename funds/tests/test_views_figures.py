"""The pages of figures: what is shown, where each figure leads, what a sent level does; the head's block."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.tests.figures import House
from conftest import NOON, sign_in
from enrollment.models import Contribution, SubsidyClaim
from enrollment.tests import factories as register
from funds import overview_blocks
from funds.models import WarningLevel
from funds.rules import indicators as rules
from funds.rules import year_chart
from funds.services import warning_levels
from funds.services.warning_levels import LevelOf
from funds.tests.factories import Counter
from funds.tests.test_figures import TODAY, lived_through, spend, year_of
from office import deciding, overview
from office.models import Duty
from office.services import rounds
from office.tests.factories import shown_by

pytestmark = pytest.mark.django_db
THEN = date(2010, 3, 1)


@pytest.fixture
def counter(appoint) -> Counter:
    """Books and claims of the rural scheme, with a year whose central subsidy was asked for."""
    house = House.of(appoint)
    house.approved(NOON)
    house.approved(NOON, kind="outpatient", amounts=("50",))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS month_follows IMMEDIATE; SET CONSTRAINTS month_follows DEFERRED")
    made = Counter.of(appoint)
    lived_through(made)
    year = year_of()
    SubsidyClaim.objects.create(
        fund_year=year, payer="central", rate=year.subsidyrates.get(), number="1", counted_on=TODAY, heads=5,
        due=200, amount=200, by_township=[], made_by=made.acc, made_at=NOON,
    )  # fmt: skip
    return made


@pytest.fixture
def acc(counter) -> Client:
    return sign_in(Client(), counter.acc)


def read(client: Client, name: str, *args, **query) -> str:
    answer = client.get(reverse(f"funds:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


class TestIndicators:
    def test_a_year_of_a_scheme_and_of_all(self, acc):
        for query in ({}, {"scheme": "ncms", "year": "2010"}):
            page = read(acc, "indicators", **query)
            assert "40.00" in page
            assert page.count("</tr>") == len(rules.of(rules.Facts())) + 2  # and the central level, and the head
        assert "use_rate" in page

    def test_a_year_of_which_nothing_is_known(self, acc):
        register.scheme("residents")
        assert "没有" in read(acc, "indicators", scheme="residents", year="2010")
        assert "没有" in read(acc, "indicators", scheme="ncms", year="1999")

    @pytest.mark.parametrize("code", rules.CODES)
    def test_every_figure_opens_its_rows(self, acc, code):
        page = read(acc, "indicator", "ncms", 2010, code)
        wanted = {
            "participation_rate": reverse("enrollment:participation"), "arrival_rate": "200.00", "use_rate": "60.00",
            "cost_per_visit": "kind=outpatient", "ceiling_cases": "kind=inpatient",
        }  # fmt: skip
        assert wanted.get(code, "") in page
        assert reverse("funds:indicator", args=["ncms", 2010, code]) in read(acc, "indicator", "all", 2010, code)

    def test_what_there_is_not(self, acc):
        for args in (("ncms", 2010, "x"), ("ncms", 1999, "use_rate"), ("none", 2010, "use_rate")):
            assert acc.get(reverse("funds:indicator", args=args)).status_code == 404

    def test_a_scheme_without_books_or_paper(self, appoint):
        register.fund_year()
        client = sign_in(Client(), appoint("fin", Duty.FINANCE_REVIEWER))
        for code in ("participation_rate", "use_rate", "arrival_rate", "benefit_rate"):
            read(client, "indicator", "ncms", 2010, code)
        assert not Contribution.objects.exists()


class TestOutlook:
    def test_pictures_with_their_tables(self, acc, counter, monkeypatch):
        spend(counter, "paid3", "30", date(2010, 3, 1))
        now = timezone.datetime(2010, 4, 2, 4, tzinfo=timezone.get_default_timezone())
        monkeypatch.setattr(timezone, "now", lambda: now)
        client = sign_in(Client(), counter.acc)
        page = read(client, "outlook", "ncms")
        assert "chart-foretold" in page
        assert "360.00" in page
        assert page.count('<svg class="chart') >= 4

    def test_books_of_which_no_month_is_over(self, acc, counter, monkeypatch):
        now = timezone.datetime(2010, 1, 2, 4, tzinfo=timezone.get_default_timezone())
        monkeypatch.setattr(timezone, "now", lambda: now)
        assert "chart-enrolled" not in read(sign_in(Client(), counter.acc), "outlook", "ncms")

    def test_the_heads_page_has_every_fund(self, counter, appoint):
        head = appoint("hal2", Duty.OFFICE_HEAD)
        [block] = [one for one in overview.blocks_for(head, NOON) if one.block.name == "funds.outlook"]
        [fund] = block.content["funds"]
        assert fund["url"] == reverse("funds:outlook", args=["ncms"])
        assert len(fund["warnings"]) == len(fund["it"].raised) > 0
        page = sign_in(Client(), head).get(reverse("office:overview")).content.decode()
        assert fund["url"] in page

    def test_nothing_to_say_without_books(self, appoint):
        assert overview_blocks.funds(appoint("hal2", Duty.OFFICE_HEAD), NOON) is None


class TestLevels:
    def test_entered_and_listed(self, acc, counter):
        url = reverse("funds:warning_level_new")
        given = {
            "book": counter.book.pk,
            "code": "year_surplus",
            "level": "12",
            "first": "2010-04-01",
            "document": "文1",
        }
        assert acc.post(url, given).status_code == 302
        assert WarningLevel.objects.get().level == 12
        assert "12.00" in read(acc, "warning_levels")

    def test_refused_with_everything_kept(self, acc, counter):
        url = reverse("funds:warning_level_new")
        given = {"book": counter.book.pk, "code": "year_surplus", "level": "12", "first": "2010-04-01", "document": " "}
        assert acc.post(url, given).status_code == 422
        given = {**given, "document": "文1"}
        made = warning_levels.propose(
            book=counter.book,
            stated=LevelOf("year_surplus", Decimal(9), date(2010, 5, 1), "文2"),
            by=counter.acc,
            at=NOON,
        )
        opened = deciding.rounds_of(made).get()
        rounds.vote(
            round=opened, choice="approve", hash_seen=opened.subject_hash, by=counter.head, at=NOON,
            proof=shown_by(counter.head),
        )  # fmt: skip
        answer = acc.post(url, given)
        assert answer.status_code == 422
        assert "2010-05-01" in answer.content.decode()
        assert not WarningLevel.objects.filter(level=12, code="year_surplus").exists()

    def test_who_does_not_enter_sees_no_button(self, counter):
        page = read(sign_in(Client(), counter.head), "warning_levels")
        assert reverse("funds:warning_level_new") not in page


@pytest.mark.rules
def test_a_chart_of_nothing_has_its_paper():
    drawn = year_chart.chart([], year_chart.Decimal(0), [])
    assert (drawn.planned, drawn.foretold, len(drawn.grid), len(drawn.months)) == ("", "", 5, 12)
    assert [one.words for one in drawn.grid] == ["0.000", "0.025", "0.050", "0.075", "0.100"]
    whole = year_chart.chart([year_chart.Decimal(4_000_000)], year_chart.Decimal(0), [])
    assert [one.words for one in whole.grid] == ["0.0", "100.0", "200.0", "300.0", "400.0"]
    assert year_chart.chart([year_chart.Decimal(5)] * 3, year_chart.Decimal(60), [year_chart.Decimal(5)]).planned
