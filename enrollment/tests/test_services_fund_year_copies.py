"""A confirmed year is copied to a later one: its tables become a draft that needs its own paper and two people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from conftest import NOON
from enrollment.models import Division, FundYear, Population
from enrollment.selectors import fund_years as selectors
from enrollment.services import fund_year_copies as copies
from enrollment.services import fund_year_lines as lines
from enrollment.services import fund_years
from enrollment.services.fund_year_lines import OfWages, Rate, Subsidy
from enrollment.services.fund_years import CannotDraft, CannotPropose
from enrollment.tests import factories
from enrollment.tests.test_services_fund_years import HEADER, draft, fay, hal, propose, scan, vote
from office.models import Act
from office.services.rounds import CannotVote

__all__ = ["draft", "fay", "hal"]  # fixtures that stand with the fund years

pytestmark = pytest.mark.django_db

NEXT = replace(
    HEADER,
    year=2011,
    start=date(2011, 1, 1),
    end=date(2011, 12, 31),
    collect_from=date(2010, 9, 1),
    collect_until=date(2010, 12, 31),
    paper_number="海政发〔2010〕70号",
    paper_date=date(2010, 8, 1),
)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def whole(draft, fay, hal) -> FundYear:
    """A confirmed year that says everything a paper can say."""
    village = factories.division()
    other = factories.division("640522101000")
    rates = {one: Rate(Decimal(15), Decimal(3), Decimal(2)) for one in selectors.CATEGORIES}
    lines.set_rates(fund_year=draft, rates=rates, by=fay, at=NOON)
    subsidies = {
        ("central", 1): Subsidy(Decimal(40), date(2010, 3, 31)),
        ("county", 2): Subsidy(Decimal(10), date(2012, 2, 29)),
    }
    lines.set_subsidies(fund_year=draft, subsidies=subsidies, by=fay, at=NOON)
    lines.set_populations(fund_year=draft, heads={Division.objects.get(code=factories.TOWNSHIP): 99}, by=fay, at=NOON)
    lines.set_populations(fund_year=draft, heads={village: 100, other: 50}, by=fay, at=NOON)
    lines.set_targets(fund_year=draft, targets={(other, ""): 45, (None, "低保"): 7}, by=fay, at=NOON)
    fund_years.attach_paper(fund_year=draft, upload=scan(), by=fay, at=NOON)
    vote(propose(draft, fay), hal)
    draft.refresh_from_db()
    return draft


def told(year: FundYear) -> dict[str, object]:
    """The tables of a year, in plain values."""
    parts = selectors.parts_of(year)
    return {
        "rates": [(one.category, one.own, one.assisted, one.collective) for one in parts.rates],
        "wages": [(one.group, one.employer, one.person, one.floor, one.ceiling) for one in parts.wages],
        "subsidies": [(one.level, one.instalment, one.per_head) for one in parts.subsidies],
        "heads": [(one.division, one.heads) for one in parts.populations if one.heads],
        "targets": [(one.division, one.sub_group, one.heads) for one in parts.targets],
    }


class TestCopying:
    def test_the_tables_are_those_of_the_year_before(self, whole, fay):
        copied = copies.copy_fund_year(fund_year=whole, header=NEXT, by=fay, at=NOON)
        assert (copied.state, copied.year, copied.scheme, copied.paper_number) == (
            "draft",
            2011,
            whole.scheme,
            "海政发〔2010〕70号",
        )
        assert told(copied) == told(whole)
        assert len(told(copied)["heads"]) == 2
        assert not Population.objects.filter(fund_year=copied, heads=0).exists()
        assert selectors.parts_of(copied).missing == ["paper"]

    def test_subsidies_are_due_as_much_later(self, whole, fay):
        copied = copies.copy_fund_year(fund_year=whole, header=NEXT, by=fay, at=NOON)
        assert [one.due_on for one in selectors.subsidies(copied)] == [date(2011, 3, 31), date(2013, 2, 28)]

    def test_the_draft_needs_its_paper_and_somebody_else(self, whole, fay, hal):
        copied = copies.copy_fund_year(fund_year=whole, header=NEXT, by=fay, at=NOON)
        with pytest.raises(CannotPropose, match="scan"):
            propose(copied, fay)
        fund_years.attach_paper(fund_year=copied, upload=scan(), by=fay, at=NOON)
        opened = propose(copied, fay)
        with pytest.raises(CannotVote):
            vote(opened, fay)
        vote(opened, hal)
        copied.refresh_from_db()
        assert copied.state == "confirmed"

    def test_a_rate_of_wages_is_copied(self, fay):
        scheme = factories.scheme("employees", insures="person", contribution="wages")
        before = factories.fund_year(scheme)
        copied = copies.copy_fund_year(fund_year=before, header=NEXT, by=fay, at=NOON)
        assert told(copied) == told(before)
        assert told(copied)["wages"] == [("active", 6, 2, Decimal("1692.50"), 8462)]
        assert OfWages(*told(copied)["wages"][0][1:]).person == 2

    def test_the_act_says_of_which(self, whole, fay):
        copied = copies.copy_fund_year(fund_year=whole, header=NEXT, by=fay, at=NOON)
        act = Act.objects.get(name="fund-year.copied")
        assert (act.subject_id, act.by, act.facts["copied"]) == (str(copied.pk), fay, whole.pk)


class TestRefusing:
    def test_what_nobody_confirmed(self, draft, fay):
        with pytest.raises(CannotDraft, match="confirmed year is copied: this one is draft"):
            copies.copy_fund_year(fund_year=draft, header=NEXT, by=fay, at=NOON)

    def test_the_same_year_or_an_earlier_one(self, whole, fay):
        with pytest.raises(CannotDraft, match="later year"):
            copies.copy_fund_year(fund_year=whole, header=HEADER, by=fay, at=NOON)

    def test_a_year_that_is_there_already(self, whole, fay):
        copies.copy_fund_year(fund_year=whole, header=NEXT, by=fay, at=NOON)
        with pytest.raises(CannotDraft, match="has these days already"):
            copies.copy_fund_year(fund_year=whole, header=NEXT, by=fay, at=NOON)
        assert FundYear.objects.filter(year=2011).count() == 1


class TestTheHeadOfTheNext:
    def test_the_same_days_a_year_later(self, draft):
        after = copies.following(draft)
        assert after == {
            "year": 2011,
            "start": NEXT.start,
            "end": NEXT.end,
            "collect_from": NEXT.collect_from,
            "collect_until": NEXT.collect_until,
            "basis": "register",
        }

    def test_a_leap_day_has_no_other_to_go_to(self):
        assert copies.later(date(2012, 2, 29), 1) == date(2013, 2, 28)
        assert copies.later(date(2012, 2, 29), 4) == date(2016, 2, 29)
