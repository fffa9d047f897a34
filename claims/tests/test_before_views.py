"""The pages before a claim: what they show, take, refuse with everything kept, print."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from claims.models import (
    Admission,
    CertificateApplication,
    ChronicCertificate,
    ExpertPanel,
    InjuryInquiry,
    OutsideStay,
    Referral,
    TimeLimit,
)
from claims.tests import before
from enrollment.tests import factories
from enrollment.tests.collecting import in_english, text
from office.models import Body, Duty

pytestmark = pytest.mark.django_db


def at(name: str, *args: Any) -> str:
    return reverse(f"claims:{name}", args=args)


@pytest.fixture
def yang():
    """Takes in."""
    return in_english(before.intake())


@pytest.fixture
def li():
    """Checks first."""
    return in_english(before.first())


@pytest.fixture
def tian():
    """Keeps the hospital's desk."""
    return in_english(before.desk())


def sent(client: Any, address: str, data: dict[str, Any]) -> Any:
    answer = client.post(address, data)
    assert answer.status_code == 302, text(answer)
    return client.get(answer.url)


def is_pdf(answer: Any) -> bool:
    return answer.status_code == 200 and answer.content.startswith(b"%PDF")


class TestReferrals:
    def test_a_hospitals_desk_asks_by_the_whole_id_number(self, tian):
        member = before.insured()
        before.outside()
        before.disease()
        page = text(tian.get(at("referral_ask")))
        assert 'value="H01 海原县人民医院"' in page
        assert '<option value="P01 宁夏医科大学总院">' in page
        given = {
            "member": member.id_number, "origin": "H01", "destination": "P01", "disease": "I10", "reason": "无条件",
            "doctor": "王", "holds": "30",
        }  # fmt: skip
        page = text(sent(tian, at("referral_ask"), given))
        assert "ZZ" in page
        assert "马小兰" in page
        assert "to be decided" in page
        refused = tian.post(at("referral_ask"), {**given, "member": "马小兰"})
        assert refused.status_code == 422
        assert "Nothing fits" in text(refused)
        assert 'value="无条件"' in text(refused) or "无条件" in text(refused)

    def test_an_emergency_that_is_late_is_told(self, yang):
        factories_year()
        before.time_limit("emergency_filed", 3)
        member, _to, _ill = before.insured(), before.outside(), before.disease()
        before.provider("H01")
        given = {
            "member": f"{member.household.number} {member.name} {member.birth_date}", "origin": "H01",
            "destination": "P01 宁夏医科大学总院", "disease": "I10 高血压病", "reason": "x", "doctor": "y",
            "admitted_on": before.ago(20).isoformat(), "holds": "30",
        }  # fmt: skip
        page = text(sent(yang, at("referral_ask"), given))
        assert "Filed late" in page
        assert "afterwards, late" in text(yang.get(at("referrals")))

    def test_several_that_fit_are_named(self, yang):
        before.insured(number="1")
        factories.member(factories.household("2"), "马小兰")
        answer = text(yang.post(at("referral_ask"), {"member": "马小兰"}))
        assert "Several fit" in answer
        assert '<datalist id="member-known">' in answer

    def test_from_a_members_page(self, yang):
        member = before.insured()
        page = text(yang.get(at("outside_stay_note"), {"member": member.pk}))
        assert f'value="{member.household.number} 马小兰 1970-03-01"' in page
        assert "马小兰" not in text(yang.get(at("outside_stay_note"), {"member": "x"}))

    def test_listed_shown_printed(self, yang):
        asked = before.referral()
        before.vote(asked, before.first())
        page = text(yang.get(at("referral", asked.pk)))
        assert "核对无误" in page
        assert is_pdf(yang.get(at("referral_print", asked.pk)))
        assert asked.number in text(yang.get(at("referrals"), {"words": "马", "state": "approved"}))
        assert yang.get(at("referrals"), {"as": "xlsx"}).status_code == 200

    def test_a_hospital_sees_its_own_alone(self):
        asked = before.referral()
        body = Body.objects.create(code="B2", name="乙院", kind=Body.Kind.HOSPITAL)
        other = in_english(before.somebody("far", Duty.HOSPITAL_DESK, body))
        assert other.get(at("referral", asked.pk)).status_code == 404
        assert asked.number not in text(other.get(at("referrals")))
        before.provider("H02", body=body)
        assert "H02 H02医院" in text(other.get(at("referral_ask")))


def factories_year() -> None:
    from office.tests.factories import fill_year

    fill_year(before.today().year - 1)
    fill_year(before.today().year)


class TestOutsideStays:
    def test_noted_late_and_made_void(self, yang):
        before.time_limit("outside_reported", 5)
        member = before.insured()
        before.outside()
        given = {
            "member": member.id_number, "provider": "P01", "admitted_on": before.ago(9).isoformat(), "phone": "139",
            "reported_by": "儿子", "reported_on": before.today().isoformat(),
        }  # fmt: skip
        page = text(sent(yang, at("outside_stay_note"), given))
        assert "It was to be reported until" in page
        noted = OutsideStay.objects.get()
        assert "reported late" in text(yang.get(at("outside_stays")))
        answer = yang.post(at("outside_stay_void", noted.pk), {"reason": "错登"})
        assert answer.status_code == 302
        page = text(yang.get(at("outside_stay", noted.pk)))
        assert "错登" in page
        assert "void" in text(yang.get(at("outside_stays"), {"hospital": "总院"}))
        assert yang.get(at("outside_stays"), {"as": "xlsx"}).status_code == 200
        again = yang.post(at("outside_stay_void", noted.pk), {"reason": "x"})
        assert "void already" in text(again)

    def test_in_time(self, yang):
        before.time_limit("outside_reported", 5)
        before.stay()
        assert "reported in time" in text(yang.get(at("outside_stays")))
        assert yang.get(at("outside_stays"), {"as": "xlsx"}).status_code == 200
        assert "reported in time" in text(yang.get(at("outside_stay", OutsideStay.objects.get().pk)))
        assert "Say in which hospital" in text(yang.post(at("outside_stay_note"), _report()))


def _report() -> dict[str, Any]:
    member = before.insured(number="9")
    on = before.today().isoformat()
    return {"member": member.id_number, "admitted_on": on, "phone": "1", "reported_by": "x", "reported_on": on}


class TestCertificates:
    def test_from_the_counter_to_the_card(self, yang, li):
        member, ill = before.insured(), before.disease()
        given = {
            "member": member.id_number, "disease": ill.code, "hospital": "县医院",
            "diagnosed_on": before.ago(9).isoformat(),
        }  # fmt: skip
        assert "Add the evidence" in text(yang.post(at("application_new"), given))
        page = text(
            sent(yang, at("application_new"), {**given, "evidence": [before.evidence(), before.evidence("二.pdf")]})
        )
        assert "出院小结.pdf" in page
        assert "二.pdf" in page
        asked = CertificateApplication.objects.get()
        assert at("application_withdraw", asked.pk) in page
        assert asked.number in text(li.get(reverse("office:home")))
        page = text(sent(li, at("application_check", asked.pk), {"agrees": "yes", "words": "齐全"}))
        assert "waits for the panel" in page
        held = sent(li, at("panel_hold"), {
            "scheme": asked.scheme_id, "held_on": before.today().isoformat(), "place": "县医院", "experts": "张\n李",
        })  # fmt: skip
        panel = ExpertPanel.objects.get()
        assert at("panel_find", panel.pk, asked.pk) in text(held)
        assert "I10 高血压病" in text(li.get(at("panel_find", panel.pk, asked.pk)))
        finding = {
            "outcome": "approved", "disease": "I10", "first": before.today().isoformat(),
            "last": before.ago(-700).isoformat(),
        }  # fmt: skip
        page = text(sent(li, at("panel_find", panel.pk, asked.pk), finding))
        assert "Give it to be confirmed" in page
        assert before.ago(-700).isoformat() in text(li.get(at("panel_find", panel.pk, asked.pk)))
        assert "wait to be confirmed" in text(sent(li, at("panel_propose", panel.pk), {}))

    def test_the_card_and_its_review(self, li):
        given_card = before.certificate()
        panel, asked = ExpertPanel.objects.get(), CertificateApplication.objects.get()
        assert at("certificate", given_card.pk) in text(li.get(at("application", asked.pk)))
        assert is_pdf(li.get(at("panel_print", panel.pk)))
        assert given_card.number in text(li.get(at("certificates")))
        assert li.get(at("applications"), {"as": "xlsx"}).status_code == 200
        page = text(sent(li, at("certificate_review", given_card.pk), {"goes_on": "yes", "words": "稳定"}))
        assert "稳定" in page
        again = li.post(at("certificate_review", given_card.pk), {"goes_on": "no", "words": "x"})
        assert "reviewed today" in text(again)
        assert is_pdf(li.get(at("certificate_print", given_card.pk)))
        assert "没有" not in text(li.get(at("certificates"), {"standing": "review"}))
        assert given_card.number not in text(li.get(at("certificates"), {"standing": "over"}))

    def test_a_file_that_is_none(self, yang):
        member, ill = before.insured(), before.disease()
        bad = before.evidence("x.exe")
        given = {
            "member": member.id_number, "disease": ill.code, "hospital": "x",
            "diagnosed_on": before.ago(9).isoformat(), "evidence": bad,
        }  # fmt: skip
        assert yang.post(at("application_new"), given).status_code == 422
        assert not CertificateApplication.objects.exists()

    def test_taken_back_once(self, yang):
        asked = before.application()
        assert "taken back" in text(sent(yang, at("application_withdraw", asked.pk), {}))
        assert "checked already" in text(sent(yang, at("application_withdraw", asked.pk), {}))

    def test_refused_by_the_check(self, li):
        asked = before.application()
        page = text(sent(li, at("application_check", asked.pk), {"agrees": "no", "words": "不在目录"}))
        assert "不在目录" in page
        again = li.post(at("application_check", asked.pk), {"agrees": "no", "words": "x"})
        assert "checked already" in text(again)

    def test_minutes_taken_back_and_empty_ones(self, li):
        held = before.panel()
        assert "found nothing" in text(sent(li, at("panel_propose", held.pk), {}))
        assert "taken back" in text(sent(li, at("panel_withdraw", held.pk), {}))
        assert li.get(at("panels"), {"as": "xlsx"}).status_code == 200

    def test_a_finding_that_is_refused_is_kept(self, li):
        held, asked = before.panel(), before.checked()
        answer = li.post(at("panel_find", held.pk, asked.pk), {"outcome": "deferred", "disease": "I10"})
        assert answer.status_code == 422
        before.found(held, asked, outcome="deferred", first=None, last=None, words="缺化验")
        assert "缺化验" in text(li.get(at("panel_find", held.pk, asked.pk)))
        assert "缺化验" in text(li.get(at("panel", held.pk)))
        assert is_pdf(li.get(at("panel_print", held.pk)))
        assert "put off" in text(li.get(at("application", asked.pk)))

    def test_one_whose_review_is_overdue_says_so(self, li, time_machine):
        given = before.certificate()
        assert "review overdue" not in text(li.get(at("certificates"))) + text(li.get(at("certificate", given.pk)))
        time_machine.move_to(timezone.now() + (given.review_by - before.today()) + timedelta(days=1))
        again = in_english(before.first())
        both = text(again.get(at("certificates"))) + text(again.get(at("certificate", given.pk)))
        assert both.count("review overdue") == 2
        sheet = CalamineWorkbook.from_filelike(BytesIO(again.get(at("certificates"), {"as": "xlsx"}).content))
        assert sheet.get_sheet_by_index(0).to_python()[1][1] == "review overdue"

    def test_an_ended_one(self, li):
        given = before.certificate()
        sent(li, at("certificate_review", given.pk), {"goes_on": "no", "words": "误发"})
        page = text(li.get(at("certificate", given.pk)))
        assert "误发" in page
        assert at("certificate_review", given.pk) not in page
        assert given.number in text(li.get(at("certificates"), {"standing": "over"}))
        assert is_pdf(li.get(at("certificate_print", given.pk)))


class TestInjuries:
    def test_from_the_statement_to_the_decision(self, yang, li):
        member = before.insured()
        given = {
            "member": member.id_number, "injured_on": before.ago(3).isoformat(), "place": "院内", "cause": "fall",
            "statement": "摔下", "stated_by": "本人",
        }  # fmt: skip
        page = text(sent(yang, at("injury_open"), given))
        assert "to be visited" in page
        assert yang.post(at("injury_open"), {**given, "injured_on": "2030-01-01"}).status_code == 422
        opened = InjuryInquiry.objects.get()
        visit = {"on": before.today().isoformat(), "second": before.second().pk, "spoken_to": "村长", "words": "属实"}
        page = text(sent(li, at("injury_visit", opened.pk), visit))
        assert "to be concluded" in page
        assert li.post(at("injury_visit", opened.pk), {**visit, "on": before.ago(30).isoformat()}).status_code == 422
        bad = {"liable_party": "司机", "payable": "yes", "words": "x"}
        assert "nothing is payable" in text(li.post(at("injury_conclude", opened.pk), bad))
        page = text(sent(li, at("injury_conclude", opened.pk), {**bad, "payable": "no"}))
        assert "司机" in page
        assert "to be decided" in text(li.get(at("injuries"), {"state": "proposed"}))
        before.vote(opened.conclusions.get(), before.second())
        page = text(li.get(at("injury", opened.pk)))
        assert "not payable" in page
        assert at("injury_visit", opened.pk) not in page
        assert is_pdf(li.get(at("injury_print", opened.pk)))
        assert "not payable" in text(li.get(at("injuries"), {"state": "confirmed"}))
        assert li.get(at("injuries"), {"as": "xlsx"}).status_code == 200
        assert opened.number not in text(li.get(at("injuries"), {"state": "open"}))

    def test_payable(self, li):
        opened = before.visited()
        before.vote(before.concluded(opened), before.second())
        assert "payable" in text(li.get(at("injuries")))
        assert li.get(at("injuries"), {"as": "xlsx"}).status_code == 200
        assert is_pdf(li.get(at("injury_print", before.injury(before.insured(number="2")).pk)))


class TestAdmissions:
    def test_from_the_bed_to_the_discharge(self, tian, li):
        member = before.insured()
        given = {
            "member": member.id_number, "hospital_number": "1", "admitted_on": before.ago(1).isoformat(), "ward": "内",
            "bed": "1", "illness": "肺炎", "is_injury": "on",
        }  # fmt: skip
        page = text(sent(tian, at("admit"), given))
        assert "马小兰 is in the register" in page
        assert "since" in text(tian.post(at("admit"), {**given, "hospital_number": "2"}))
        noted = Admission.objects.get()
        assert "Beds that nobody has checked" in text(li.get(reverse("office:home")))
        page = text(sent(li, at("bed_check", noted.pk), {"finding": "absent", "words": "回家"}))
        assert "回家" in page
        assert "1 time not found" in text(li.get(at("admissions")))
        other = before.admission(before.insured(number="2"))
        sent(li, at("bed_check", other.pk), {"finding": "found"})
        page = text(li.get(at("admissions"), {"here": "yes"}))
        assert "found 1 time" in page
        assert li.get(at("admissions"), {"as": "xlsx"}).status_code == 200
        assert is_pdf(li.get(at("in_hospital_print")))
        assert is_pdf(li.get(at("in_hospital_print"), {"provider": noted.provider_id}))
        sent(tian, at("bed_move", noted.pk), {"ward": "外", "bed": "9"})
        page = text(sent(tian, at("discharge", noted.pk), {"on": before.today().isoformat()}))
        assert "discharged" in page
        assert at("discharge", noted.pk) not in page
        assert noted.number in text(tian.get(at("admissions"), {"here": "no", "words": "马"}))

    def test_made_void(self, tian):
        noted = before.admission()
        answer = tian.post(at("admission_void", noted.pk), {"reason": "错"})
        assert answer.url == at("admissions")
        assert tian.get(at("admission", noted.pk)).status_code == 404
        assert is_pdf(tian.get(at("in_hospital_print")))

    def test_a_form_that_is_refused_is_kept(self, li):
        noted = before.admission()
        answer = li.post(at("bed_check", noted.pk), {"finding": "absent"})
        assert answer.status_code == 422

    def test_another_hospital_sees_none(self):
        noted = before.admission()
        body = Body.objects.create(code="B2", name="乙院", kind=Body.Kind.HOSPITAL)
        other = in_english(before.somebody("far", Duty.HOSPITAL_DESK, body))
        assert other.get(at("admission", noted.pk)).status_code == 404
        assert noted.number not in text(other.get(at("admissions")))


class TestTimeLimits:
    def test_entered_listed_refused(self):
        feng = in_english(before.somebody("feng", Duty.FUND_ACCOUNTANT))
        given = {
            "scheme": before.years().scheme.pk, "kind": "outside_reported", "days": "5", "first": "2026-01-01",
            "document": "海合管发1号",
        }  # fmt: skip
        page = text(sent(feng, at("time_limit_new"), given))
        assert "海合管发1号" in page
        answer = feng.post(at("time_limit_new"), {**given, "last": "2025-01-01"})
        assert answer.status_code == 422
        before.vote(TimeLimit.objects.get(), factories.head())
        assert "confirmed" in text(feng.get(at("time_limits")))
        assert feng.get(at("time_limits"), {"as": "xlsx"}).status_code == 200


def test_worklists_know_what_still_waits():
    from claims import worklists_before as work

    asked, opened, noted = before.application(), before.injury(before.insured(number="2")), None
    noted = before.admission(before.insured(number="3"))
    for found, one in (
        (work._to_check(), asked),
        (work._injuries(), opened),
        (work._beds(), noted),
    ):
        [still] = found.takes.values()
        [line] = still([str(one.pk)])
        assert str(one.pk) in line.url
        assert still(["0"]) == []
    [still] = work._reviews().takes.values()
    assert still([str(before.certificate(before.insured(number="4")).pk)]) == []
    assert work._reviews().url() == f"{at('certificates')}?standing=review"
    assert work._certificates([ChronicCertificate.objects.get()])[0].url
    assert Referral.objects.count() == 0
