"""Trying a case: the sheet of what is typed, faults at their fields, several stays, several documents, on paper."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from claims.forms.trying import TryForm
from claims.models import BenefitPlan
from claims.prints import sheet_paper, sheets
from claims.rules import plans
from claims.rules.faults import Fault
from claims.selectors.diseases import diagnosed
from claims.tests import basics, factories
from claims.tests.factories import BASIC, CRITICAL, later
from conftest import sign_in
from enrollment.tests.factories import scheme
from office.models import Duty
from office.tests.test_printing import pages
from tests.written import written, written_since

pytestmark = pytest.mark.django_db

TRY = "/claims/try/"
HTMX = {"HX-Request": "true"}
STAY = {
    "s0-kind": "inpatient",
    "s0-tier": "2",
    "s0-region": "county",
    "s0-referred": "true",
    "s0-admitted": "2010-03-01",
    "s0-discharged": "2010-03-09",
    "s0-0-item_class": "A",
    "s0-0-group": "drug",
    "s0-0-amount": "1200.00",
    "s0-1-item_class": "C",
    "s0-1-amount": "80.00",
    "s0-lines": "3",
    "p-age": "40",
}


@pytest.fixture
def plan(db) -> BenefitPlan:
    return factories.adopted()


@pytest.fixture
def as_ida(appoint):
    """Takes in claims, and explains them."""
    return sign_in(Client(), appoint("ida", Duty.INTAKE_CLERK))


def words(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def tried(client, plan, headers=None, **typed):
    return client.post(TRY, {"plan": plan.pk, "stays": "1", **STAY, **typed}, headers=headers or {})


def amounts(answer) -> dict[str, str]:
    """The sums of the last sheet."""
    return dict(re.findall(r'<th scope="row">([^<]+)</th><td class="num">([\d,.]+)</td></tr>', words(answer)))


class TestThePage:
    def test_opens_with_an_example_computed(self, as_ida, plan):
        page = words(as_ida.get(TRY))
        assert 'name="s0-tier"' in page
        assert "基金支付" in page

    def test_begins_with_the_plan_that_was_read(self, as_ida, plan):
        other = factories.draft(later(BASIC, "2011-01-01", "2011-12-31"))
        page = words(as_ida.get(TRY, {"plan": other.pk}))
        assert f'<option value="{other.pk}" selected>' in page
        assert 'value="2011-03-01"' in page

    def test_a_supplement_comes_with_its_basic_plan(self, as_ida, plan):
        critical = factories.draft(CRITICAL, position=2)
        page = words(as_ida.get(TRY, {"plan": critical.pk}))
        assert f'<option value="{plan.pk}" selected>' in page
        assert f'value="{critical.pk}" checked' in page

    def test_only_what_the_plan_asks_for(self, as_ida, plan):
        page = words(as_ida.get(TRY))
        assert 'name="s0-referred"' in page
        assert 'name="s0-delivery"' not in page
        assert 'name="p-employment"' not in page
        assert 'name="p-birth_date"' in page

    def test_the_group_of_a_disease_is_asked_of_the_lists_of_the_day(self, as_ida):
        """Nobody types it: by the code, the kind of visit and the day of discharge."""
        text = BASIC.replace("when: {tier: 1}, ratio", "when: {disease_group: serious_class_1}, ratio")
        plan = factories.adopted(text)
        page = words(as_ida.get(TRY))
        assert 'name="s0-disease"' in page
        assert "disease_group" not in page
        cancer = basics.disease("C50", "乳腺恶性肿瘤")
        basics.listed(cancer, plan.scheme, kind="serious", group="serious_class_1", period=("2010-03-01", None))
        basics.listed(cancer, plan.scheme, kind="chronic", group="listed_chronic")
        paid = {}
        for code, day in (("", "2010-03-09"), ("X99", "2010-03-09"), ("c50", "2010-02-28"), ("c50", "2010-03-09")):
            dates = {"s0-admitted": "2010-02-01", "s0-discharged": day}
            answer = tried(as_ida, plan, **dates, **{"s0-disease": code})
            [told] = re.findall(r"<span>([^<]+)</span></p> <table class=\"table sheet-amounts", words(answer))
            paid[told] = re.findall(r"<strong class=\"num\">([^<]+)", words(answer))[0]
        assert list(paid) == [
            "未填疾病 · 当日不在任何病种目录",
            "X99 疾病编码中没有此编码 · 当日不在任何病种目录",
            "C50 乳腺恶性肿瘤 · 当日不在任何病种目录",
            "C50 乳腺恶性肿瘤 · 重大慢性病一类",
        ]
        *without, with_group = paid.values()
        assert len(set(without)) == 1
        assert with_group != without[0]
        found = diagnosed(
            plan.scheme, [("C50", "outpatient", date(2010, 3, 9)), ("C50", "inpatient", date(2010, 3, 9))]
        )
        assert [one.group for one in found] == ["listed_chronic", "serious_class_1"]

    def test_without_any_plan(self, as_ida):
        assert "还没有可供试算的方案" in words(as_ida.get(TRY))
        assert words(as_ida.post(TRY, {}))

    def test_writes_nothing(self, as_ida, plan):
        before = written()
        tried(as_ida, plan)
        assert written_since(before) == set()


class TestTheSheet:
    def test_without_scripts_the_whole_page(self, as_ida, plan):
        answer = tried(as_ida, plan)
        page = words(answer)
        assert "<html" in page
        assert amounts(answer) == {
            "总费用": "1,280.00",
            "自费": "80.00",
            "先行自付": "0.00",
            "可报销费用": "1,200.00",
            "起付线": "160.00",
            "住院（新农合基金）支付": "520.00",
            "个人支付": "760.00",
        }
        assert "伍佰贰拾元整" in page
        assert "柒佰陆拾元整" in page
        assert f'href="/claims/plans/{plan.pk}/#layers[0].deductible.rows[2]"' in page
        assert "测政发〔2009〕88号" in page

    def test_with_them_the_sheets_alone(self, as_ida, plan):
        page = words(tried(as_ida, plan, HTMX))
        assert "<html" not in page
        assert "<form" not in page
        assert 'id="id_s0-tier_error" hx-swap-oob="true"></div>' in page
        assert "基金支付 ¥520.00. 个人支付 ¥760.00." in page

    def test_other_payers_come_off(self, as_ida, plan):
        found = amounts(tried(as_ida, plan, **{"s0-other_payers": "200"}))
        assert (found["其他方已付"], found["住院（新农合基金）支付"], found["个人支付"]) == (
            "200.00",
            "420.00",
            "660.00",
        )

    def test_in_english(self, as_ida, plan):
        as_ida.cookies["django_language"] = "en"
        page = words(tried(as_ida, plan))
        assert "The patient pays" in page
        assert "Test county NCMS plan" in page
        assert "Deductible" in page

    def test_a_hospital_that_bears_something_is_on_the_sheet(self, as_ida):
        text = BASIC.replace(
            "      - {when: {tier: 1}, ratio: 0.85}\n", "      - {when: {tier: 1}, price: 500, ratio: 0.8}\n"
        )
        plan = factories.adopted(text)
        assert amounts(tried(as_ida, plan, **{"s0-tier": "1"}))["医院承担"] == "780.00"

    def test_a_birth_date_takes_the_place_of_the_age(self, as_ida, plan):
        page = tried(as_ida, plan, **{"p-birth_date": "2004-01-01", "p-age": "40"})
        assert amounts(page)["起付线"] == "90.00"

    def test_an_amount_as_people_write_it(self, as_ida, plan):
        assert amounts(tried(as_ida, plan, **{"s0-0-amount": "１，２００元"}))["总费用"] == "1,280.00"


class TestSeveral:
    def test_stays_in_order_with_the_years_counters(self, as_ida, plan):
        second = {name.replace("s0", "s1"): value for name, value in STAY.items()}
        second |= {"s1-admitted": "2010-05-01", "s1-discharged": "2010-05-09", "s1-0-amount": "70000"}
        page = words(tried(as_ida, plan, stays="2", **second))
        assert page.count('class="list-card sheet"') == 2
        assert '<td class="num">520.00</td><td class="num">20,520.00</td>' in page

    def test_another_stay_and_another_line(self, as_ida, plan):
        page = words(tried(as_ida, plan, HTMX, add_stay="yes"))
        assert 'name="s1-kind"' in page
        assert re.search(r'<select name="s1-kind"[^>]*data-stands-here', page)
        assert 'name="s1-2-amount"' in page
        assert page.count('class="list-card sheet"') == 1  # the new one has no costs yet
        page = words(tried(as_ida, plan, HTMX, add_line="0"))
        assert re.search(r'<select name="s0-3-group"[^>]*data-stands-here', page)
        page = words(tried(as_ida, plan, stays="2", drop_stay="yes"))
        assert 'name="s1-kind"' not in page
        assert 'name="s0-kind"' in words(tried(as_ida, plan, HTMX, add_line="7"))

    def test_no_more_than_fit(self, as_ida, plan):
        page = words(tried(as_ida, plan, stays="900", **{"s0-lines": "99"}))
        assert 'name="s8-kind"' in page
        assert 'name="s9-kind"' not in page
        assert 'name="s0-29-amount"' in page
        assert 'name="s0-30-amount"' not in page
        assert 'name="s0-kind"' in words(tried(as_ida, plan, stays="x"))

    def test_documents_that_follow(self, as_ida, plan):
        critical = factories.adopted(CRITICAL, position=2)
        factories.adopted(later(CRITICAL, "2012-01-01", "2012-12-31"), position=2)
        page = words(as_ida.get(TRY))
        assert page.count('name="then"') == 1
        answer = tried(as_ida, plan, then=[critical.pk], **{"s0-0-amount": "60000"})
        found = amounts(answer)
        assert found["住院（新农合基金）支付"] == "20,000.00"
        assert found["大病保险支付"] == "15,000.00"
        assert f'href="/claims/plans/{critical.pk}/#layers[0]' in words(answer)

    def test_what_a_chosen_document_newly_asks_begins_as_on_a_fresh_page(self, as_ida, plan):
        text = CRITICAL.replace("    of: burden\n", "    of: burden\n    when: {category: low_income}\n")
        critical = factories.adopted(text, position=2)
        headers = {**HTMX, "HX-Trigger-Name": "then"}
        page = words(tried(as_ida, plan, headers, then=[critical.pk]))
        assert 'name="p-category"' in page
        assert '<option value="ordinary" selected>' in page
        assert "基金支付" in page


class TestFaults:
    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"s0-tier": ""}, "s0-tier"),
            ({"s0-discharged": "2010-02-01"}, "s0-discharged"),
            ({"s0-discharged": ""}, "s0-discharged"),
            ({"s0-discharged": "2011-03-09"}, "s0-discharged"),
            ({"s0-0-amount": "-5"}, "s0-0-amount"),
            ({"s0-0-amount": "1e999"}, "s0-0-amount"),
            ({"s0-0-amount": "NaN"}, "s0-0-amount"),
            ({"s0-0-amount": "", "s0-1-amount": "x"}, "s0-1-amount"),
            ({"s0-0-amount": "", "s0-1-amount": ""}, "s0-0-amount"),
            ({"s0-0-item_class": "Z"}, "s0-0-item_class"),
            ({"s0-other_payers": "99999"}, "s0-other_payers"),
            ({"p-age": "old", "s0-tier": "2"}, "p-age"),
            ({"p-birth_date": "2010-13-01"}, "p-birth_date"),
        ],
    )
    def test_stand_at_their_field(self, as_ida, plan, typed, field):
        page = words(tried(as_ida, plan, HTMX, **typed))
        assert re.search(rf'<div class="field-error" id="id_{field}_error" hx-swap-oob="true"><p>', page)
        assert f'<a href="#id_{field}">' in page
        assert "基金支付 ¥" not in page

    def test_all_of_them_at_once(self, as_ida, plan):
        page = words(tried(as_ida, plan, **{"s0-0-amount": "x", "s0-discharged": "2010-02-30", "p-age": "-1"}))
        assert page.count("<li><a href=") == 3

    def test_what_is_about_no_field_stands_above(self, as_ida, plan):
        page = words(tried(as_ida, plan, **{"s0-kind": "chronic"}))
        assert 'class="notice notice-failed" role="alert"' in page
        assert "第 1 次就诊: " in page
        assert "<li><a href=" not in page

    def test_what_belongs_nowhere_stands_above_too(self, plan):
        form = TryForm(None, [plan], None)
        form.refuse([Fault("counters_before", "empty"), Fault("person.employment", "empty")])
        assert form.faults == ["文件是空的。"] * 2

    def test_of_an_unknown_plan_nothing_is_tried(self, as_ida, plan):
        page = words(as_ida.post(TRY, {"plan": "999", **STAY}))
        assert 'class="list-card sheet"' not in page


class TestPaper:
    def test_is_a_pdf_that_a_patient_can_follow(self, as_ida, plan):
        answer = as_ida.post(f"{TRY}print/", {"plan": plan.pk, "stays": "1", **STAY})
        assert answer.headers["Content-Type"] == "application/pdf"
        text = "".join(pages(answer.content))
        for said in ("1,280.00", "伍佰贰拾元整", "柒佰陆拾元整", "1,040.00 × 50% = 520.00", "测政发〔2009〕88号"):
            assert said in text.replace("\n", "")

    def test_of_a_faulty_case_nothing_is_printed(self, as_ida, plan):
        answer = as_ida.post(f"{TRY}print/", {"plan": plan.pk, **STAY, "s0-tier": ""}, follow=True)
        assert "暂无可打印的内容" in words(answer)

    def test_every_kind_of_counter_has_its_words(self):
        text = BASIC.replace("    ceilings:\n", "    eligible_ceiling: {counter: year, amount: 9}\n    ceilings:\n")
        text = text.replace("per: stay\n", "per: year\n").replace(
            "      - {counter: year, amount: 30000}\n",
            "      - {counter: year, amount: 30000}\n      - {counter: household, amount: 9000}\n"
            "      - {counter: disease, amount: 8000}\n",
        )
        text = text.replace("{when: {tier: 1}, amount: 60, cites", "{when: {tier: 1, stay: 1}, amount: 60, cites")
        text += CRITICAL[CRITICAL.index("  - code") :]
        claim = {
            "id": "1", "kind": "inpatient", "tier": "2", "region": "county", "referred": "true", "disease": "J18",
            "admitted": "2010-03-01", "discharged": "2010-03-09", "items": [{"class": "A", "amount": "1200"}],
        }  # fmt: skip
        case = {"person": {"age": "40"}, "claims": [claim]}
        with translation.override("en"):
            [sheet] = sheets.sheets_of(case, [plans.read(text)])
            names = [name for name, _before, _after in sheet.counters]
        assert names == [
            "inpatient stays: paid this year",
            "inpatient stays: paid for the household this year",
            "inpatient stays: eligible cost counted this year",
            "inpatient stays: deductible taken this year",
            "critical illness: burden counted this year",
            "stays of the year",
            "inpatient stays: paid for disease J18 this year",
        ]
        assert ("disease", "J18") in [(label.lower(), value) for label, value in sheet.facts]
        assert sheet.layers[0].steps[0].url == ""
        assert sheet_paper.amounts(sheet)[0][1] == 1200


def test_plans_of_another_scheme_are_apart(as_ida, plan):
    other = factories.adopted(of=scheme("other"))
    critical = factories.adopted(CRITICAL, other.scheme, position=2)
    assert 'name="then"' not in words(tried(as_ida, plan))
    assert 'name="then"' in words(tried(as_ida, other))
    page = words(tried(as_ida, plan, then=[critical.pk]))
    assert 'name="then"' not in page
