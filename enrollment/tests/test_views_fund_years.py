"""The pages of fund years: entered by keyboard, proposed, confirmed on the page of decisions."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from conftest import sign_in
from enrollment.models import Category, ContributionRate, EnrollmentRound, FundYear, Population, Scheme
from enrollment.selectors import fund_years as selectors
from enrollment.services import fund_year_lines as lines
from enrollment.services import fund_years
from enrollment.services.fund_year_lines import Rate
from enrollment.tests import factories
from enrollment.tests.test_services_fund_years import HEADER, PNG, fill
from office import attachments, deciding, desk
from office.models import Act, Body, Duty
from office.rules import days
from office.services import rounds
from office.tests.factories import shown_by
from office.tests.test_views_rounds import hidden, send

pytestmark = pytest.mark.django_db

LIST = "/register/fund-years/"
TYPED = {
    "year": "2010",
    "start": "2010-01-01",
    "end": "2010-12-31",
    "collect_from": "2009-09-01",
    "collect_until": "2009-12-31",
    "paper_number": "海政发〔2009〕68号",
    "paper_date": "2009-08-01",
    "basis": "register",
}
RATES = {f"{category}-own": "20" for category in Category.values}


@pytest.fixture
def fay(appoint):
    return appoint("fay", Duty.FUND_ACCOUNTANT)


@pytest.fixture
def as_fay(fay):
    return sign_in(Client(), fay)


@pytest.fixture
def hal(appoint):
    return appoint("hal", Duty.OFFICE_HEAD)


@pytest.fixture
def as_hal(hal):
    return sign_in(Client(), hal)


@pytest.fixture
def draft(fay) -> FundYear:
    return fund_years.draft_fund_year(scheme=factories.scheme(), header=HEADER, by=fay, at=timezone.now())


@pytest.fixture
def where(draft) -> str:
    return f"{LIST}{draft.pk}/"


def proposed(draft, fay):
    return fund_years.propose(fund_year=fill(draft, fay), by=fay, at=timezone.now())


class TestList:
    def test_says_state_contribution_and_people(self, as_fay, draft):
        lines.set_rates(fund_year=draft, rates={"ordinary": Rate(15, 3, 2)}, by=draft.proposed_by, at=timezone.now())
        lines.set_populations(
            fund_year=draft, heads={factories.division(): 1234}, by=draft.proposed_by, at=timezone.now()
        )
        page = as_fay.get(LIST).content.decode()
        assert f'href="{LIST}{draft.pk}/"' in page
        assert "20.00" in page
        assert "1,234" in page
        assert as_fay.get(LIST, {"as": "xlsx"}).status_code == 200
        assert "68号" not in as_fay.get(LIST, {"state": "confirmed"}).content.decode()
        assert "68号" in as_fay.get(LIST, {"paper": "68"}).content.decode()

    @pytest.mark.parametrize("years", [1, 20])
    def test_many_years_cost_no_more_questions(self, as_fay, years, django_assert_num_queries):
        for year in range(2010, 2010 + years):
            factories.draft_year(year=year)
        with django_assert_num_queries(6):
            as_fay.get(LIST)

    def test_others_have_no_button(self, as_hal):
        assert f"{LIST}draft/" not in as_hal.get(LIST).content.decode()


def test_villages_take_the_place_of_the_townships_own_number_and_the_page_says_so(as_fay):
    village = factories.division()
    where = send(as_fay, f"{LIST}draft/", scheme=factories.scheme().pk, **TYPED).headers["Location"]
    by_village = f"{where}populations/{village.parent_id}/"
    assert "现按全乡镇填" not in as_fay.get(by_village).content.decode()
    send(as_fay, f"{where}populations/", **{f"heads-{village.parent_id}": "1500"})
    assert "现按全乡镇填 1,500 人" in as_fay.get(by_village).content.decode()
    send(as_fay, by_village, **{f"heads-{village.pk}": "480"})
    assert "现按全乡镇填" not in as_fay.get(by_village).content.decode()


class TestEntering:
    def test_from_the_head_to_the_proposal(self, as_fay):
        village = factories.division()
        scheme = factories.scheme()
        answer = send(as_fay, f"{LIST}draft/", scheme=scheme.pk, **TYPED)
        where = answer.headers["Location"]
        assert send(as_fay, f"{where}rates/", **RATES).headers["Location"] == where
        subsidies = {"central-1-amount": "40", "central-1-due": "2010-03-31"}
        assert send(as_fay, f"{where}subsidies/", **subsidies).status_code == 302
        assert send(as_fay, f"{where}populations/", **{f"heads-{village.parent_id}": "500"}).status_code == 302
        by_village = f"{where}populations/{village.parent_id}/"
        assert send(as_fay, by_village, **{f"heads-{village.pk}": "480"}).status_code == 302
        targets = {f"division-{village.parent_id}": "450", "name-0": "低保", "free-0": "40"}
        assert send(as_fay, f"{where}targets/", **targets).status_code == 302
        assert as_fay.post(f"{where}propose/").headers["Location"] == where
        assert FundYear.objects.get().state == "draft"  # the scan is missing
        scan = SimpleUploadedFile("68.png", PNG)
        assert send(as_fay, f"{where}paper/", file=scan).headers["Location"] == where
        as_fay.post(f"{where}propose/")
        year = FundYear.objects.get()
        parts = selectors.parts_of(year)
        assert (year.state, parts.heads, parts.subsidy, len(parts.rates)) == ("proposed", 480, 40, 7)
        assert [(str(one), one.heads) for one in parts.targets] == [("township-100000: 450", 450), ("低保: 40", 40)]
        page = as_fay.get(where).content.decode()
        assert "68.png" in page
        assert "480" in page
        assert f"{where}rates/" not in page

    def test_a_head_that_cannot_be_is_refused_and_kept(self, as_fay, draft):
        scheme = factories.scheme()
        for typed in (TYPED, TYPED | {"year": ""}, TYPED | {"end": "2009-01-01"}, TYPED | {"end": "9999-12-31"}):
            answer = send(as_fay, f"{LIST}draft/", scheme=scheme.pk, **typed)
            assert answer.status_code == 422
            assert "68号" in answer.content.decode()
        assert FundYear.objects.count() == 1

    def test_the_head_is_corrected(self, as_fay, draft, where):
        assert send(as_fay, f"{where}header/", **TYPED | {"basis": "census"}).headers["Location"] == where
        stale = send(as_fay, f"{where}header/", **TYPED, seen="0" * 64)
        assert stale.status_code == 422
        draft.refresh_from_db()
        assert draft.basis == "census"

    @pytest.mark.parametrize(
        ("page", "typed"),
        [
            ("rates", RATES | {"student-own": ""}),
            ("rates", RATES | {"student-own": "-1"}),
            ("rates", RATES | {"student-own": "12.345"}),
            ("subsidies", {"central-1-amount": "40"}),
            ("populations", {"heads-{township}": "viele"}),
            ("populations", {"heads-{township}": "99999999"}),
            ("targets", {"free-1": "40"}),
            ("targets", {"name-1": "低保", "free-1": "40", "name-2": "低保", "free-2": "4"}),
        ],
    )
    def test_a_line_that_cannot_be_is_refused_and_kept(self, as_fay, where, page, typed):
        township = factories.division().parent_id
        sent = {name.format(township=township): value for name, value in typed.items()}
        answer = send(as_fay, f"{where}{page}/", **sent)
        assert answer.status_code == 422
        assert 'class="field-error"' in answer.content.decode()
        assert not Act.objects.filter(name="fund-year.changed").exists()

    def test_an_emptied_line_is_nothing(self, as_fay, draft, where):
        township = factories.division().parent
        field, subsidy = f"heads-{township.pk}", {"central-1-amount": "40", "central-1-due": "2010-03-31"}
        group = {"name-0": "低保", "free-0": "40"}
        for page, typed, emptied in (
            ("populations", {field: "5"}, {field: ""}),
            ("subsidies", subsidy, {"central-1-amount": "", "central-1-due": ""}),
            ("targets", group, {"group-0": ""}),
        ):
            send(as_fay, f"{where}{page}/", **typed)
            assert send(as_fay, f"{where}{page}/", **emptied).status_code == 302
        parts = selectors.parts_of(draft)
        assert (parts.heads, parts.subsidy, [one.heads for one in parts.targets]) == (0, 0, [0])
        assert "低保" in as_fay.get(f"{where}targets/").content.decode()

    def test_two_at_once_are_told_and_may_save_again(self, as_fay, fay, draft, where):
        form = hidden(as_fay.get(f"{where}rates/"))
        lines.set_rates(fund_year=draft, rates={"ordinary": Rate(30)}, by=fay, at=timezone.now())
        told = as_fay.post(f"{where}rates/", form | RATES)
        assert told.status_code == 422
        assert ContributionRate.objects.get().own == 30
        assert as_fay.post(f"{where}rates/", hidden(told) | RATES).status_code == 302
        assert ContributionRate.objects.get(category="ordinary").own == 20

    def test_populations_from_a_file(self, as_fay, draft, where):
        township = factories.division().parent
        for text, status in (("区划代码,应参合人数\nx,5\n", 422), (f"区划代码,应参合人数\n{township.code},5\n", 302)):
            upload = SimpleUploadedFile("p.csv", text.encode())
            assert send(as_fay, f"{where}populations/file/", file=upload).status_code == status
        assert Population.objects.get().heads == 5

    def test_a_file_that_is_no_scan(self, as_fay, where):
        upload = SimpleUploadedFile("p.csv", b"a,b\n")
        assert send(as_fay, f"{where}paper/", file=upload).status_code == 422

    def test_what_is_proposed_is_not_changed_any_more(self, as_fay, fay, draft, where):
        proposed(draft, fay)
        assert send(as_fay, f"{where}rates/", **RATES).status_code == 422
        assert send(as_fay, f"{where}header/", **TYPED).status_code == 422

    def test_without_divisions_the_page_says_so(self, as_fay, where):
        assert as_fay.get(f"{where}populations/").status_code == 200
        assert as_fay.get(f"{where}populations/0/").status_code == 404
        assert as_fay.get(f"{LIST}0/").status_code == 404
        assert as_fay.get(f"{LIST}0/rates/").status_code == 404


class TestPage:
    @pytest.mark.parametrize("villages", [1, 30])
    def test_many_lines_cost_no_more_questions(self, as_fay, fay, draft, where, villages, django_assert_num_queries):
        heads = {factories.division(f"640522100{201 + number}"): 10 for number in range(villages)}
        lines.set_populations(fund_year=draft, heads=heads, by=fay, at=timezone.now())
        proposed(draft, fay)
        with django_assert_num_queries(14):
            as_fay.get(where)

    @pytest.mark.parametrize(
        ("page", "questions"), [("rates/", 7), ("subsidies/", 7), ("populations/", 8), ("targets/", 8)]
    )
    @pytest.mark.parametrize("townships", [1, 20])
    def test_a_form_asks_the_same_for_few_and_many(
        self, as_fay, where, page, questions, townships, django_assert_num_queries
    ):
        for number in range(townships):
            factories.division(f"640522{100 + number}000")
        with django_assert_num_queries(questions):
            as_fay.get(f"{where}{page}")

    def test_the_scan_is_fetched_by_whoever_sees_fund_years(self, as_hal, draft, fay, appoint):
        fill(draft, fay)
        kept = attachments.of(draft).get()
        assert b"".join(as_hal.get(f"/attachments/{kept.pk}/").streaming_content) == PNG
        eve = sign_in(Client(), appoint("eve", Duty.CASHIER))
        assert eve.get(f"/attachments/{kept.pk}/").status_code == 403

    def test_taken_back(self, as_fay, fay, draft, where, appoint):
        proposed(draft, fay)
        other = sign_in(Client(), appoint("guo", Duty.FUND_ACCOUNTANT))
        for client, state in ((other, "proposed"), (as_fay, "withdrawn"), (as_fay, "withdrawn")):
            assert client.post(f"{where}withdraw/").headers["Location"] == where
            draft.refresh_from_db()
            assert draft.state == state
        assert Act.objects.filter(name="fund-year.withdrawn", kind="refused").count() == 2


class TestDecision:
    def test_waits_for_those_who_confirm_and_for_nobody_else(self, draft, fay, hal, appoint):
        proposed(draft, fay)
        today = days.business_day(timezone.now())
        for person, waits in (
            (hal, True),
            (appoint("aco", Duty.ACCOUNTING_HEAD), True),
            (fay, False),
            (appoint("eve", Duty.FIRST_CHECKER), False),
        ):
            titles = [one.worklist.name for one in desk.waiting_for(person, today)]
            assert ("enrollment.rounds" in titles) == waits

    def test_from_the_home_page_to_the_vote(self, draft, fay, hal, as_hal):
        where = deciding.page_of(proposed(draft, fay))
        assert where == f"/decisions/enrollment/{EnrollmentRound.objects.get().pk}/"
        assert where in as_hal.get("/").content.decode()
        page = as_hal.get(where).content.decode()
        assert f'href="{LIST}{draft.pk}/"' in page
        assert "68号" in page
        assert send(as_hal, where, choice="approve", for_whom=hal.pk).headers["Location"] == where
        draft.refresh_from_db()
        assert draft.state == "confirmed"
        votes = as_hal.get(f"{LIST}{draft.pk}/").content.decode()
        assert "Hal" in votes

    def test_returned_with_a_reason(self, draft, fay, hal, as_hal):
        where = deciding.page_of(proposed(draft, fay))
        assert send(as_hal, where, choice="return", for_whom=hal.pk, reason="").status_code == 422
        assert send(as_hal, where, choice="return", for_whom=hal.pk, reason="20").status_code == 302
        draft.refresh_from_db()
        assert draft.state == "draft"

    def test_taken_back_on_the_page_of_the_decision(self, draft, fay, as_fay, as_hal):
        where = deciding.page_of(proposed(draft, fay))
        assert as_hal.post(f"{where}withdraw/").status_code == 403
        for _each in range(2):
            assert as_fay.post(f"{where}withdraw/").headers["Location"] == where
        draft.refresh_from_db()
        assert draft.state == "withdrawn"

    def test_the_list_of_the_register_s_decisions(self, draft, fay, as_fay, as_hal, hal, appoint):
        opened = proposed(draft, fay)
        for client in (as_fay, as_hal):
            assert deciding.page_of(opened) in client.get("/decisions/enrollment/").content.decode()
        assert as_hal.get("/decisions/enrollment/?as=xlsx").status_code == 200
        assert as_hal.get("/decisions/nowhere/").status_code == 404
        assert deciding.page_of(opened) not in as_hal.get("/decisions/").content.decode()
        assert sign_in(Client(), appoint("eve", Duty.CASHIER)).get("/decisions/enrollment/").status_code == 403

    def test_a_station_sees_what_its_own_people_made(self, draft, fay, appoint, county):
        station = Body.objects.create(code="haicheng", name="海城站", kind=Body.Kind.TOWNSHIP_STATION)
        ada = appoint("ada", Duty.TOWNSHIP_CLERK, body=station)
        ann = appoint("ann", Duty.TOWNSHIP_CLERK, body=station)
        opened = proposed(draft, fay)
        own = factories.draft_year(factories.scheme("residents"))
        made = rounds.open_round(subject=own, by=ann, at=timezone.now())
        client = sign_in(Client(), ada)
        page = client.get("/decisions/enrollment/").content.decode()
        assert deciding.page_of(made) in page
        assert deciding.page_of(opened) not in page
        assert client.get(deciding.page_of(made)).status_code == 200
        assert client.get(deciding.page_of(opened)).status_code == 403

    @pytest.mark.parametrize("many", [1, 12])
    def test_many_decisions_cost_no_more_questions(self, as_hal, fay, many, django_assert_num_queries):
        for number in range(many):
            year = factories.draft_year(factories.scheme(f"s{number}"))
            rounds.open_round(subject=year, by=fay, at=timezone.now())
        with django_assert_num_queries(6):
            as_hal.get("/decisions/enrollment/")

    @pytest.mark.parametrize(("many", "questions"), [(1, 16), (5, 17), (8, 17)])  # five lines may not be all: counted
    def test_many_that_wait_cost_no_more_questions(self, hal, fay, many, questions, django_assert_num_queries):
        for number in range(many):
            year = factories.draft_year(factories.scheme(f"s{number}"))
            rounds.open_round(subject=year, by=fay, at=timezone.now())
        today = days.business_day(timezone.now())
        assert sum(one.waiting.count for one in desk.waiting_for(hal, today)) == many
        with django_assert_num_queries(questions):
            desk.waiting_for(hal, today)


def test_a_voter_who_voted_still_reads_it_after_his_duty_ended(draft, fay, hal, as_hal):
    opened, now = proposed(draft, fay), timezone.now()
    rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, by=hal, at=now, proof=shown_by(hal, now))
    appointment = hal.appointments.get()
    appointment.period = type(appointment.period)(appointment.period.lower, date(2009, 2, 1))
    appointment.save(update_fields=["period"])
    assert as_hal.get(deciding.page_of(opened)).status_code == 200
    assert Scheme.objects.exists()
