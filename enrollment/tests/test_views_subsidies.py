"""Subsidies on pages: due, claimed and open, a claim made, shown and printed."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from conftest import sign_in
from enrollment.models import FundYear, SubsidyClaim
from enrollment.tests import factories
from enrollment.tests.rosters import fund_year
from office.models import Act, Duty

pytestmark = pytest.mark.django_db

PAGE = "/register/collection/subsidies/"
RATES = (("central", 1, 24), ("central", 2, 16), ("county", 1, 10))


@pytest.fixture
def year(county) -> FundYear:
    return fund_year(subsidies=RATES)


@pytest.fixture
def as_fay(appoint) -> Client:
    client = sign_in(Client(), appoint("fay", Duty.FUND_ACCOUNTANT))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def enrolled(year) -> FundYear:
    home = factories.household()
    for _each in range(3):
        factories.pay(factories.member(home), year)
    return year


def claim_url(year: FundYear, level: str = "central", instalment: int = 1) -> str:
    rate = year.subsidyrates.get(level=level, instalment=instalment)
    return reverse("enrollment:subsidy_claim_make", args=[year.pk, level, rate.pk])


def on(day: str = "2010-03-01") -> dict[str, str]:
    return {"on": day}


class TestTable:
    def test_by_level_and_instalment_with_what_is_open(self, as_fay, enrolled):
        page = as_fay.get(PAGE, on()).content.decode()
        for figure in ("72.00", "48.00", "30.00", "150.00"):
            assert figure in page
        assert claim_url(enrolled) in page
        assert "Nothing was claimed yet." in page

    def test_what_was_claimed_is_open_no_more(self, as_fay, enrolled):
        as_fay.post(claim_url(enrolled), {"number": "1号", "counted_on": "2010-03-01"})
        page = as_fay.get(PAGE, on() | {"fund_year": enrolled.pk}).content.decode()
        assert claim_url(enrolled) not in page
        assert reverse("enrollment:subsidy_claim", args=[SubsidyClaim.objects.get().pk]) in page

    def test_who_only_reads_claims_nothing(self, enrolled, ben):
        page = sign_in(Client(), ben).get(PAGE, on()).content.decode()
        assert "72.00" in page
        assert claim_url(enrolled) not in page

    def test_as_a_workbook(self, as_fay, enrolled):
        answer = as_fay.get(PAGE, on() | {"as": "xlsx"})
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert [row[4:8] for row in rows[1:]] == [[3, 72, 0, 72], [3, 48, 0, 48], [3, 30, 0, 30], [0, 0, 0, 0]]
        assert Act.objects.filter(name="list.exported").exists()

    def test_before_any_year_is_confirmed(self, as_fay):
        assert "No fund year is confirmed yet" in as_fay.get(PAGE).content.decode()
        assert as_fay.get(PAGE, {"as": "xlsx"}).status_code == 404
        assert as_fay.get(PAGE, {"fund_year": "x", "on": "y"}).status_code == 200

    @pytest.mark.parametrize("townships", [1, 20])
    def test_many_places_and_claims_cost_no_more_questions(self, as_fay, year, townships, django_assert_num_queries):
        for number in range(townships):
            village = factories.division(f"640522{100 + number}201")
            factories.pay(factories.member(factories.household(f"h{number}", village)), year)
            as_fay.post(claim_url(year), {"number": f"{number}号", "counted_on": "2010-03-01"})
        assert SubsidyClaim.objects.count() == townships
        with django_assert_num_queries(13):
            as_fay.get(PAGE, on())


class TestClaim:
    def test_made_shown_and_printed(self, as_fay, enrolled):
        asked = as_fay.get(claim_url(enrolled)).content.decode()
        for words in ("central, instalment 1", "instalment 1, 24.00 yuan a head", "<strong>72.00</strong>"):
            assert words in asked
        answer = as_fay.post(claim_url(enrolled), {"number": "海新合〔2010〕3号", "counted_on": "2010-03-01"})
        made = SubsidyClaim.objects.get()
        assert answer.url == reverse("enrollment:subsidy_claim", args=[made.pk])
        page = as_fay.get(answer.url).content.decode()
        for words in ("海新合〔2010〕3号", "instalment 1, 24.00 yuan a head", "640522100000", "72.00"):
            assert words in page
        paper = as_fay.get(reverse("enrollment:subsidy_claim_print", args=[made.pk]))
        said = "".join(one.extract_text() for one in PdfReader(BytesIO(paper.content)).pages)
        for words in ("海新合〔2010〕3号", "72.00", "640522100000"):
            assert words in said

    def test_of_medical_assistance(self, as_fay, year, ben):
        made = factories.subsidy_claim(year)
        url = reverse("enrollment:subsidy_claim_make", args=[year.pk, "assistance", 0])
        assert "medical assistance" in as_fay.get(url).content.decode()
        page = sign_in(Client(), ben).get(reverse("enrollment:subsidy_claim", args=[made.pk]))
        assert "yuan a head" not in page.content.decode()
        assert as_fay.get(reverse("enrollment:subsidy_claim_print", args=[made.pk])).content.startswith(b"%PDF")

    def test_what_is_refused(self, as_fay, year):
        answer = as_fay.post(claim_url(year), {"number": "1号", "counted_on": "2010-03-01"})
        assert (answer.status_code, "Nothing is open" in answer.content.decode()) == (422, True)
        assert Act.objects.filter(kind="refused", name="subsidy-claim.made").exists()
        assert as_fay.post(claim_url(year), {"number": ""}).status_code == 422
        strange = reverse("enrollment:subsidy_claim_make", args=[year.pk, "city", 0])
        assert as_fay.get(strange).status_code == 404

    def test_an_auditor_reaches_its_acts(self, year, dan):
        made = factories.subsidy_claim(year)
        page = sign_in(Client(), dan).get(reverse("enrollment:subsidy_claim", args=[made.pk])).content.decode()
        assert "subject_type=enrollment.subsidyclaim" in page
