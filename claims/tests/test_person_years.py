"""A person's year: claims under all his records, counters against their most, cuts with reasons, what waits; on paper,
on the pages that lead there, for those who may see it, and at the same cost however many claims there are."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Claim
from claims.rules import cases, plans, year
from claims.selectors import person_year
from claims.tests import doors_figures, taking_in
from claims.tests.deciding import HALF, Desk, cut, now
from conftest import NOON, sign_in
from enrollment.models import Member
from enrollment.tests import factories
from office import ways
from office.models import Body, Duty
from office.tests.test_printing import pages

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
FEW, MANY = 2, 7

#: Statements of a page opened for the second time by a first checker; paper asks no more than the page.
COSTS: dict[str, int] = {"claims:person_year": 15, "claims:person_year_print": 16}

PLAN = """
format: 1
code: p
scheme: ncms
in_force: {from: 2010-01-01}
layers:
  - code: in
    fund: ncms
    when: {kind: inpatient}
    eligible_ceiling: {counter: year, rows: [{when: {category: low_income}, amount: 900}, {amount: 800}]}
    deductible: {per: year, rows: [{when: {age: {under: 12}}, amount: 50}, {when: {tier: 1}, amount: 60}, {amount: 70}]}
    pay: [{ratio: 0.5}]
    ceilings: [{counter: household, amount_per_member: 100}, {counter: disease, amount: 30}, {per: stay, amount: 9}]
"""


def words(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.rules
class TestCounted:
    """What bounds a counter for a person: the first row that holds, nothing where the claim decides."""

    @pytest.mark.parametrize(
        ("facts", "members", "most"),
        [
            ({"category": "low_income", "age": 11}, 4, [400, 30, 900, 50]),
            ({"category": "ordinary", "age": 12}, 4, [400, 30, 800, None]),  # the deductible asks for the tier
            ({"category": "ordinary", "age": 40}, None, [None, 30, 800, None]),
            ({}, 1, [100, 30, None, None]),
        ],
    )
    def test_by_the_person_alone(self, facts, members, most):
        read = plans.read(PLAN)
        names = cases.counters_of([read])
        assert names == ("in.household", "in.disease", "in.eligible", "in.deductible")
        used = {"in.eligible": Decimal(850)}
        found = year.counted([read], [*names, "in.disease.I21", "gone.year"], used, facts, members)
        assert [one.most for one in found] == [*most, 30, None]
        assert [one.left for one in found if one.name == "in.eligible"] == [
            None if most[2] is None else max(most[2] - 850, 0)
        ]


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


@pytest.fixture
def who(desk) -> Member:
    return desk.member()


def double_of(kept: Member) -> Member:
    """Another record of somebody, merged into the kept one."""
    other = factories.member(factories.household("77"), "马一", date(1970, 1, 1), id_number=None)
    factories.merge(other, kept)
    return other


@pytest.fixture
def full(desk, who) -> dict[str, Claim]:
    """A claim cut and approved, one of a double, one refused, one of another year, one over new year."""
    paid = desk.handed_on(who)
    desk.check(paid, desk.fay, "cut", cut(paid, 2, "300", "no_order", "无医嘱"))
    desk.check(now(paid), desk.sue)
    refused = desk.handed_on(who, ["70"])
    desk.check(refused, desk.fay, "refuse", reason="非本人票据")
    new_year = {"admitted_on": date(2009, 12, 28), "discharged_on": date(2010, 1, 3), "kind": "outpatient"}
    return {
        "paid": paid,
        "refused": refused,
        "double's": desk.claim(double_of(who), ["400"]),
        "earlier": desk.claim(who, ["50"], admitted_on=date(2009, 3, 1), discharged_on=date(2009, 3, 2)),
        "over": desk.claim(who, ["60"], **new_year),
    }


class TestThePage:
    def test_everything_of_the_year_under_all_records(self, desk, who, full):
        found = person_year.of_person(who, 2010, desk.fay, TODAY)
        assert {one.pk for one in found.claims} == {one.pk for name, one in full.items() if name != "earlier"}
        assert found.years == [2010, 2009]
        stays, visits = found.kinds
        assert (stays.count, stays.total, stays.cut) == (2, 2300, 300)
        assert (stays.granted, stays.patient) == (
            Decimal("880.00"),
            Decimal("1020.00"),
        )  # 1,600 halved, a tenth
        assert visits.count == 1
        assert {one.pk for one in found.waiting} == {full["double's"].pk, full["over"].pk}
        [scheme] = found.schemes
        assert [(one.name, one.used, one.left) for one in scheme.counters if one.name == "inpatient.year"] == [
            ("inpatient.year", Decimal(800), Decimal(5200))
        ]

    def test_on_screen_and_on_paper(self, desk, who, full):
        client = sign_in(Client(), desk.fay)
        page = words(client.get(f"/claims/people/{who.pk}/", {"year": 2010}))
        for told in ("无医嘱", "非本人票据", "整件申请", "5,200.00", "2,360.00", "1,020.00"):
            assert told in page, told
        assert f'href="/claims/{full["paid"].pk}/"' in page
        assert 'href="?year=2009"' in page
        before = words(client.get(f"/claims/people/{who.pk}/", {"year": "2009"}))
        assert "50.00" in before
        assert "无医嘱" not in before
        paper = client.get(f"/claims/people/{who.pk}/print/", {"year": "2010"})
        [printed] = pages(paper.content)
        for told in ("2010", full["paid"].number, "无医嘱", "5,200.00"):
            assert told in printed, told

    def test_the_double_leads_to_the_record_that_is_kept_and_years_are_years(self, desk, who):
        client = sign_in(Client(), desk.fay)
        other = double_of(who)
        assert client.get(f"/claims/people/{other.pk}/").headers["Location"] == f"/claims/people/{who.pk}/"
        assert person_year.of_person(who, None, desk.fay, TODAY).year == 2010
        desk.claim(who, ["50"], admitted_on=date(2008, 3, 1), discharged_on=date(2008, 3, 2))
        assert person_year.of_person(who, None, desk.fay, TODAY).year == 2008  # the last with claims
        for asked in ("x", "99999999999", "-1"):
            assert client.get(f"/claims/people/{who.pk}/", {"year": asked}).status_code == 200
        assert "没有受理过本年度的申请" in words(client.get(f"/claims/people/{who.pk}/", {"year": "2001"}))

    def test_a_stay_over_new_year_counts_where_the_plan_decides(self, appoint):
        desk = Desk.of(appoint, HALF.replace("decided_by: discharged", "decided_by: admitted"))
        who = desk.member()
        over = desk.claim(who, ["60"], admitted_on=date(2009, 12, 28), discharged_on=date(2010, 1, 3))
        assert person_year.of_person(who, 2009, desk.fay, TODAY).claims == [over]
        assert person_year.of_person(who, 2010, desk.fay, TODAY).claims == []

    def test_a_desk_sees_its_own_claims_and_no_counters(self, desk, who, appoint):
        hospital = Body.objects.create(code="640522H", name="海原县人民医院", kind=Body.Kind.HOSPITAL)
        doctor = appoint("doc", Duty.HOSPITAL_DESK, body=hospital)
        desk.approved(who)
        client = sign_in(Client(), doctor)
        assert client.get(f"/claims/people/{who.pk}/").status_code == 404
        mine = desk.claim(who, ["33"], body=hospital)
        page = words(client.get(f"/claims/people/{who.pk}/"))
        assert mine.number in page
        assert "仅显示在您本机构受理的申请" in page
        assert "5,050.00" not in page
        assert 'id="counters"' not in page
        assert client.get("/claims/people/999999/").status_code == 404


class TestTheWays:
    """From somebody's page to his claims and to the forms about him, each for whom it opens."""

    NAMES = ("person_year", "claim_new", "referral_ask", "outside_stay_note", "admit", "application_new", "injury_open")

    def offered(self, person, member) -> list[str]:
        told = {
            reverse(f"claims:{name}", args=[member.pk] if name == "person_year" else []): name for name in self.NAMES
        }
        return [told[one.url.partition("?")[0]] for one in ways.ways_from(member, person)]

    def test_each_for_whom_it_opens(self, appoint, desk):
        who = desk.member()
        clerk = appoint("tow", Duty.TOWNSHIP_CLERK)
        both = appoint("two", Duty.HOSPITAL_DESK)
        assert self.offered(desk.ian, who) == [name for name in self.NAMES if name != "admit"]
        assert self.offered(clerk, who) == ["outside_stay_note", "application_new", "injury_open"]
        assert self.offered(both, who) == ["person_year", "claim_new", "referral_ask", "admit"]
        assert self.offered(desk.fay, who) == ["person_year"]
        assert self.offered(appoint("cas", Duty.CASHIER), who) == []
        who.state = Member.State.DEAD
        assert self.offered(desk.ian, who) == ["person_year", "claim_new"]
        who.state = Member.State.MERGED
        assert self.offered(desk.ian, who) == ["person_year"]

    def test_on_the_pages_and_the_forms_begin_with_the_person(self, desk):
        client = sign_in(Client(), desk.ian)
        who = taking_in.insured()
        of_member = words(client.get(reverse("enrollment:member", args=[who.pk])))
        of_household = words(client.get(reverse("enrollment:household", args=[who.household_id])))
        for way in ways.ways_from(who, desk.ian):
            assert f'href="{way.url}"' in of_member
            assert f'href="{way.url}"' in of_household
            opened = words(client.get(way.url))
            assert who.name in opened, way.url
        assert "data-key" in of_member[of_member.index('id="further"') :]

    def test_from_a_claim_and_the_list(self, desk, who):
        claim = desk.claim(who)
        client = sign_in(Client(), desk.fay)
        assert f'href="/claims/people/{who.pk}/"' in words(client.get("/claims/all/", {"year": ""}))
        assert f'href="/claims/people/{who.pk}/?year=2010"' in words(client.get(f"/claims/{claim.pk}/"))


def test_every_page_has_its_figure():
    assert set(COSTS) <= set(doors_figures.DOORS)


@pytest.mark.parametrize("many", [FEW, MANY])
def test_a_page_asks_the_same_of_few_and_of_many(many, desk, who):
    client = sign_in(Client(), desk.fay)
    for _number in range(many):
        claim = desk.handed_on(who, ["100", "90"])
        desk.check(claim, desk.fay, "cut", cut(claim, 1, "5"))
        refused = desk.handed_on(who, ["10"])
        desk.check(refused, desk.fay, "refuse", reason="x")
        desk.check(now(claim), desk.sue)
    assert Claim.objects.count() == 2 * many
    counted = {}
    for door in COSTS:
        where = reverse(door, args=[who.pk])
        client.get(where)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(where).status_code == 200
        counted[door] = len(asked)
    assert counted == COSTS
