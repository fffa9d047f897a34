"""Schemes whose contribution is a rate of wages: what the database keeps, the service takes and the pages show."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from conftest import NOON, sign_in
from enrollment.forms.collection import DeskForm
from enrollment.forms.coverage import ExceptionForm
from enrollment.forms.rosters import RosterForm
from enrollment.models import ContributionRate, FundYear, Scheme, WageRate
from enrollment.selectors import fund_years as selectors
from enrollment.services import coverage, fund_years, schemes
from enrollment.services import fund_year_lines as lines
from enrollment.services.coverage import CannotCover
from enrollment.services.fund_year_lines import OfWages, Rate
from enrollment.services.fund_years import CannotChange, CannotPropose
from enrollment.services.schemes import CannotAddScheme
from enrollment.tests import factories
from enrollment.tests.test_services_fund_years import HEADER, fay, hal, propose, scan, vote
from office import sheets
from office.models import Act
from office.services.rounds import CannotVote
from office.tests.test_views_rounds import send

__all__ = ["fay", "hal"]  # fixtures that stand with the fund years

pytestmark = pytest.mark.django_db

SIX_AND_TWO = OfWages(Decimal(6), Decimal(2), Decimal("1692.50"), Decimal("8462.50"))
NOTHING = OfWages(Decimal(0), Decimal(0), Decimal(0), Decimal(0))
TYPED = {
    "active-employer": "6",
    "active-person": "2",
    "active-floor": "1692.50",
    "active-ceiling": "8462.5",
}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def scheme() -> Scheme:
    return factories.scheme("employees", insures="person", contribution="wages", name="职工医保")


@pytest.fixture
def draft(scheme, fay) -> FundYear:
    return fund_years.draft_fund_year(scheme=scheme, header=HEADER, by=fay, at=timezone.now())


@pytest.fixture
def as_fay(fay) -> Client:
    client = sign_in(Client(), fay)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def enter(draft, by, **rates) -> int:
    return lines.set_wage_rates(fund_year=draft, rates=rates, by=by, at=NOON)


def refused(words: str):
    return pytest.raises(IntegrityError, match=words)


class TestTheDatabase:
    def test_a_rate_is_of_the_kind_of_its_scheme(self, draft):
        with refused("contributions of another kind"), transaction.atomic():
            ContributionRate.objects.create(fund_year=draft, category="ordinary", own=20)
        by_head = factories.draft_year()
        with refused("contributions of another kind"):
            WageRate.objects.create(fund_year=by_head, group="active", employer=6, person=2, floor=0, ceiling=1)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"employer": -1},
            {"person": -1},
            {"employer": 99, "person": Decimal("1.01")},
            {"floor": -1},
            {"floor": 5, "ceiling": 4},
        ],
    )
    def test_a_rate_is_a_part_of_wages_with_a_base(self, draft, wrong):
        right = {"employer": 6, "person": 2, "floor": 1, "ceiling": 2}
        with refused("wage_rate"):
            WageRate.objects.create(fund_year=draft, group="active", **right | wrong)

    def test_what_was_proposed_does_not_change(self, scheme):
        year = factories.fund_year(scheme)
        with refused("no draft any more"), transaction.atomic():
            year.wagerates.update(person=1)
        with refused("no draft any more"):
            WageRate.objects.create(fund_year=year, group="retired", employer=0, person=0, floor=0, ceiling=0)

    def test_nobody_confirms_alone(self, draft, fay):
        enter(draft, fay, active=SIX_AND_TWO)
        FundYear.objects.filter(pk=draft.pk).update(state="proposed")
        with refused("no round has decided"):
            FundYear.objects.filter(pk=draft.pk).update(state="confirmed")

    def test_a_scheme_keeps_its_kind_and_insures_people(self, scheme):
        with refused("keeps the kind"), transaction.atomic():
            Scheme.objects.filter(pk=scheme.pk).update(contribution="fixed")
        Scheme.objects.filter(pk=scheme.pk).update(name="城镇职工")
        with refused("scheme_of_wages_insures_people"):
            factories.scheme("other", insures="household", contribution="wages")


class TestEntering:
    def test_rates_are_entered_and_corrected(self, draft, fay):
        assert enter(draft, fay, active=SIX_AND_TWO, retired=NOTHING) == 2
        assert enter(draft, fay, active=SIX_AND_TWO, retired=NOTHING) == 0
        higher = OfWages(Decimal(7), Decimal(2), Decimal(1700), Decimal(8500))
        assert enter(draft, fay, flexible=SIX_AND_TWO, active=higher) == 2
        assert [str(one) for one in selectors.wage_rates(draft)] == [
            "at work: 7.00 % + 2.00 %",
            "retired: 0.00 % + 0.00 %",
            "flexibly employed: 6.00 % + 2.00 %",
        ]
        acts = Act.objects.filter(name="fund-year.changed").order_by("pk")
        assert [(one.facts["part"], one.facts["added"], one.facts["changed"]) for one in acts] == [
            ("wages", 2, 0),
            ("wages", 1, 1),
        ]

    @pytest.mark.parametrize(
        ("rate", "told"),
        [
            (OfWages(Decimal(99), Decimal("1.01"), Decimal(0), Decimal(1)), "more than the whole wage"),
            (OfWages(Decimal(6), Decimal(2), Decimal(2), Decimal(1)), "highest base is below"),
        ],
    )
    def test_a_rate_that_cannot_be(self, draft, fay, rate, told):
        with pytest.raises(CannotChange, match=f"retired: .*{told}"):
            enter(draft, fay, active=SIX_AND_TWO, retired=rate)
        assert not WageRate.objects.exists()

    def test_the_bounds_themselves(self, draft, fay):
        assert enter(draft, fay, active=OfWages(Decimal(99), Decimal(1), Decimal(2), Decimal(2))) == 1

    def test_each_kind_in_its_own_scheme(self, draft, fay):
        with pytest.raises(CannotChange, match="a rate of wages is contributed"):
            lines.set_rates(fund_year=draft, rates={"ordinary": Rate(Decimal(20))}, by=fay, at=NOON)
        by_head = factories.draft_year()
        with pytest.raises(CannotChange, match="a sum a head is contributed"):
            enter(by_head, fay, active=SIX_AND_TWO)

    def test_not_over_what_somebody_else_entered(self, draft, fay):
        seen = lines.part_seen(draft, WageRate)
        enter(draft, fay, active=SIX_AND_TWO)
        with pytest.raises(CannotChange, match="save once more"):
            lines.set_wage_rates(fund_year=draft, rates={"active": NOTHING}, by=fay, at=NOON, seen=seen)


class TestConfirming:
    def test_the_rate_of_those_at_work_is_needed(self, draft, fay, hal):
        fund_years.attach_paper(fund_year=draft, upload=scan(), by=fay, at=NOON)
        enter(draft, fay, retired=NOTHING)
        with pytest.raises(CannotPropose, match="rate of wages"):
            propose(draft, fay)
        enter(draft, fay, active=SIX_AND_TWO)
        opened = propose(draft, fay)
        told = dict(fund_years.rows(draft))
        assert told["contribution: at work"] == "employer 6.00 %, person 2.00 % of 1,692.50 to 8,462.50 yuan a month"
        with pytest.raises(CannotVote):
            vote(opened, fay)
        vote(opened, hal)
        draft.refresh_from_db()
        assert draft.state == "confirmed"

    def test_no_subsidies_are_missing_beside_rates_of_wages(self, draft, fay):
        assert {"rates", "subsidies"} <= set(selectors.parts_of(draft).missing)
        enter(draft, fay, active=SIX_AND_TWO)
        assert selectors.parts_of(draft).missing == ["paper", "populations", "targets"]

    def test_a_vote_is_about_the_rates_too(self, draft, fay):
        enter(draft, fay, active=SIX_AND_TWO)
        assert fund_years.content(draft)["wages:active"] == "6.00 2.00 1692.50 8462.50"


class TestSchemes:
    NEW = {"code": "e", "name": "职工", "is_basic": True, "account": "none", "contribution": "wages"}

    def test_is_added(self, fay):
        added = schemes.add_scheme(**self.NEW, insures="person", by=fay, at=NOON)
        assert added.contribution == "wages"
        assert Act.objects.get(name="scheme.added").facts["contribution"] == "wages"

    def test_households_have_no_wages(self, fay):
        with pytest.raises(CannotAddScheme, match="not whole households"):
            schemes.add_scheme(**self.NEW, insures="household", by=fay, at=NOON)


class TestOtherPlaces:
    def test_nobody_pays_a_sum_in_such_a_year(self, scheme):
        year = factories.fund_year(scheme)
        child = factories.member(born=date(2010, 2, 3))
        with pytest.raises(CannotCover, match="a rate of wages"):
            coverage.cover_newborn(member=child, fund_year=year, by=factories.clerk(), at=NOON)

    def test_forms_offer_years_that_fit(self, scheme):
        factories.fund_year(scheme)
        by_head, people = factories.fund_year(), factories.fund_year(factories.scheme("residents", insures="person"))
        desk = DeskForm(books=[], printers=[], has_year=True)
        assert set(desk.fields["fund_year"].queryset) == {by_head, people}
        assert set(RosterForm().fields["fund_year"].queryset) == {by_head, people}
        assert set(ExceptionForm().fields["fund_year"].queryset) == {by_head}


class TestPages:
    def rates(self, draft) -> str:
        return reverse("enrollment:fund_year_rates", args=[draft.pk])

    def test_entered_and_shown(self, as_fay, draft):
        assert "employer, percent" in as_fay.get(self.rates(draft)).content.decode()
        assert send(as_fay, self.rates(draft), **TYPED).status_code == 302
        page = as_fay.get(reverse("enrollment:fund_year", args=[draft.pk])).content.decode()
        assert "135.40 – 677.00" in page  # 8 % of the least and the highest base
        assert [one.group for one in selectors.wage_rates(draft)] == ["active"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"active-employer": ""},
            {"active-employer": "100.01"},
            {"active-person": "-1"},
            {"retired-employer": "0"},
            {"active-floor": "x"},
        ],
    )
    def test_a_line_that_cannot_be_is_refused_at_its_field(self, as_fay, draft, wrong):
        answer = send(as_fay, self.rates(draft), **TYPED | wrong)
        assert answer.status_code == 422
        assert 'class="field-error"' in answer.content.decode()
        assert not WageRate.objects.exists()

    def test_what_the_service_refuses_is_told(self, as_fay, draft):
        answer = send(as_fay, self.rates(draft), **TYPED | {"active-ceiling": "1"})
        assert answer.status_code == 422
        assert "highest base is below" in answer.content.decode()

    def test_a_group_that_was_said_is_not_emptied(self, as_fay, draft, fay):
        enter(draft, fay, active=SIX_AND_TWO, retired=NOTHING)
        assert send(as_fay, self.rates(draft), **TYPED).status_code == 422

    def test_the_list_says_the_part_of_wages(self, as_fay, draft, fay):
        enter(draft, fay, active=SIX_AND_TWO)
        where = reverse("enrollment:fund_years")
        assert "8 % of wages" in as_fay.get(where).content.decode()
        _headings, line = sheets.rows(as_fay.get(where, {"as": "xlsx"}).content, "a.xlsx")
        assert "8 % of wages" in line

    @pytest.mark.parametrize("groups", [1, 3])
    def test_the_pages_cost_the_same_for_few_and_many(self, as_fay, draft, fay, groups, django_assert_num_queries):
        enter(draft, fay, **dict.fromkeys(WageRate.Group.values[:groups], SIX_AND_TWO))
        with django_assert_num_queries(7):
            as_fay.get(self.rates(draft))
        with django_assert_num_queries(13):
            as_fay.get(reverse("enrollment:fund_year", args=[draft.pk]))

    def test_copied_to_the_next_year(self, as_fay, scheme):
        year = factories.fund_year(scheme)
        where = reverse("enrollment:fund_year_copy", args=[year.pk])
        assert where in as_fay.get(reverse("enrollment:fund_year", args=[year.pk])).content.decode()
        page = as_fay.get(where).content.decode()
        assert 'value="2011-12-31"' in page
        typed = {
            "year": "2011",
            "start": "2011-01-01",
            "end": "2011-12-31",
            "collect_from": "2010-09-01",
            "collect_until": "2010-12-31",
            "paper_number": "海政发〔2010〕70号",
            "paper_date": "2010-08-01",
            "basis": "survey",
        }
        answer = send(as_fay, where, **typed)
        copied = FundYear.objects.get(year=2011)
        assert answer.headers["Location"] == reverse("enrollment:fund_year", args=[copied.pk])
        assert where not in as_fay.get(answer.headers["Location"]).content.decode()
        assert send(as_fay, where, **typed).status_code == 422
        assert send(as_fay, where, **typed | {"year": ""}).status_code == 422

    def test_the_form_of_a_copy_costs(self, as_fay, scheme, django_assert_num_queries):
        year = factories.fund_year(scheme)
        with django_assert_num_queries(5):
            as_fay.get(reverse("enrollment:fund_year_copy", args=[year.pk]))
