"""The pages of intake: the form without and with scripts, one claim, hand on, void, prints, the list, the worklist."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from claims.models import Claim
from claims.services import intake
from claims.tests import taking_in
from conftest import NOON, sign_in
from enrollment.models import Member
from enrollment.tests import factories
from office.models import Body, Duty

pytestmark = [pytest.mark.django_db]

NEW = "/claims/new/"


@pytest.fixture
def ida(appoint):
    """Takes claims in for the county."""
    return appoint("ida", Duty.INTAKE_CLERK)


@pytest.fixture
def desk(ida) -> Client:
    return sign_in(Client(), ida)


def typed(**more) -> dict[str, object]:
    """A plain stay as it is typed into the form."""
    who = Member.objects.first() or taking_in.insured()
    taking_in.provider()
    taking_in.disease()
    given = {
        "kind": "inpatient",
        "member_text": who.name,
        "provider_text": "H1",
        "admitted_on": "2010-01-11",
        "discharged_on": "2010-01-21",
        "disease_text": "J18",
        "is_referred": "on",
        "invoices": "2",
        "i0-type_code": "064001",
        "i0-number": "00000001",
        "i0-amount": "3,000",
        "c-drug-A": "2400",
        "c-exam-B": "600.00",
        "papers": sorted(taking_in.ALL_PAPERS),
    }
    return {**given, **more}


class TestTheForm:
    def test_opens_with_the_cursor_in_the_search_field(self, desk):
        page = desk.get(NEW).content.decode()
        assert 'name="member_text"' in page
        assert "autofocus" in page

    def test_takes_a_claim_in_without_scripts(self, desk):
        answer = desk.post(NEW, typed())
        claim = Claim.objects.get()
        assert answer.url == f"/claims/{claim.pk}/"
        assert [(one.name, one.item_class, one.amount) for one in claim.lines.all()] == [
            ("药品", "A", 2400),
            ("检查", "B", 600),
        ]
        assert claim.invoices.get().issued_on == date(2010, 1, 21)
        assert claim.state == "entered"

    def test_takes_it_in_and_hands_it_on(self, desk):
        desk.post(NEW, typed(hand_on="yes"))
        assert Claim.objects.get().state == "first_check"

    def test_takes_it_in_and_keeps_it_where_papers_are_missing(self, desk):
        answer = desk.post(NEW, typed(hand_on="yes", papers=[]), follow=True)
        assert Claim.objects.get().state == "entered"
        assert "缺少材料" in answer.content.decode()

    def test_keeps_everything_where_it_is_refused(self, desk):
        answer = desk.post(NEW, typed(**{"i0-amount": "2999", "department": "内科"}))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert not Claim.objects.exists()
        assert "2,999.00" in page
        assert 'value="内科"' in page
        assert 'value="2400"' in page

    def test_offers_those_who_are_meant(self, desk):
        given = typed()
        taking_in.insured("0002")
        answer = desk.post(NEW, given)
        assert answer.status_code == 422
        assert answer.content.decode().count('type="radio" name="member"') == 2

    @pytest.mark.parametrize("name", ["member", "provider", "disease"])
    def test_says_that_nothing_is_found(self, desk, name):
        answer = desk.post(NEW, typed(**{f"{name}_text": "无此人"}))
        assert answer.status_code == 422
        assert not Claim.objects.exists()

    @pytest.mark.parametrize("amount", ["x", "-1", "1.234"])
    def test_an_amount_that_is_none(self, desk, amount):
        assert desk.post(NEW, typed(**{"c-drug-A": amount})).status_code == 422

    def test_an_invoice_without_its_number(self, desk):
        answer = desk.post(NEW, typed(**{"i1-amount": "5"}))
        assert answer.status_code == 422

    def test_another_invoice_keeps_what_is_typed(self, desk):
        page = desk.post(NEW, typed(add_invoice="yes")).content.decode()
        assert 'name="i2-number"' in page
        assert 'value="064001"' in page
        assert not Claim.objects.exists()

    def test_a_double_click_is_one_claim(self, desk):
        guard = desk.get(NEW).context["form_guard"].split('value="')[1].split('"')[0]
        given = typed(form_guard=guard)
        first, second = desk.post(NEW, given), desk.post(NEW, given)
        assert first.url == second.url
        assert Claim.objects.count() == 1

    def test_begins_with_the_person_one_comes_from(self, desk):
        who = taking_in.insured()
        page = desk.get(NEW, {"member": who.pk}).content.decode()
        assert f'type="hidden" name="member" value="{who.pk}"' in page

    def test_a_visit_needs_no_second_day(self, desk):
        answer = desk.post(NEW, typed(kind="outpatient", discharged_on=""))
        assert "方案没有" in answer.content.decode() or answer.status_code == 422


class TestChanging:
    def test_shows_what_was_entered_and_writes_a_new_version(self, desk, ida):
        claim = taking_in.entered(ida)
        address = reverse("claims:claim_change", args=[claim.pk])
        page = desk.get(address).content.decode()
        assert 'value="00000001"' in page
        assert 'value="3,000.00"' in page
        assert page.count('name="papers"') == page.count(" checked> ") == 7  # none of them is lost by opening it
        assert "1,420.00" in page
        answer = desk.post(address, typed(member=claim.member_id, seen=1))
        assert answer.status_code == 302
        claim.refresh_from_db()
        assert claim.content_version == 2

    def test_says_that_somebody_else_did(self, desk, ida):
        claim = taking_in.entered(ida)
        address = reverse("claims:claim_change", args=[claim.pk])
        assert desk.post(address, typed(member=claim.member_id, seen=9)).status_code == 422

    def test_leads_back_where_it_is_checked(self, desk, ida):
        claim = taking_in.entered(ida)
        intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)
        assert desk.get(reverse("claims:claim_change", args=[claim.pk])).url == f"/claims/{claim.pk}/"


class TestBeside:
    HTMX = {"HTTP_HX_REQUEST": "true"}

    def test_coverage_is_shown_at_once(self, desk):
        who = taking_in.insured()
        page = desk.post("/claims/preview/", {"member": who.pk, "admitted_on": "2010-01-11"}, **self.HTMX)
        assert "2010-01-11" in page.content.decode()
        assert "notice-done" in page.content.decode()

    def test_the_benefit_as_figures_are_typed(self, desk):
        page = desk.post("/claims/preview/", typed(), **self.HTMX).content.decode()
        assert "1,340.00" in page or "1,390.00" in page
        assert 'id="papers" hx-swap-oob' in page
        assert not Claim.objects.exists()

    def test_the_papers_stay_where_one_of_them_is_ticked(self, desk):
        page = desk.post("/claims/preview/", typed(), HTTP_HX_TRIGGER_NAME="papers", **self.HTMX).content.decode()
        assert "hx-swap-oob" not in page

    def test_an_earlier_claim_and_a_used_invoice(self, desk, ida):
        claim = taking_in.entered(ida)
        page = desk.post("/claims/preview/", typed(member=claim.member_id), **self.HTMX).content.decode()
        assert page.count(claim.number) >= 3

    def test_half_of_it_is_no_fault(self, desk):
        assert desk.post("/claims/preview/", {}, **self.HTMX).status_code == 200

    @pytest.mark.parametrize(("name", "text"), [("member", "马小"), ("provider", "海原"), ("disease", "J1")])
    def test_what_is_found(self, desk, name, text):
        typed()
        page = desk.post(f"/claims/find/{name}/", {f"{name}_text": text}, **self.HTMX).content.decode()
        assert f'name="{name}"' in page

    def test_nothing_else_is_looked_for(self, desk):
        assert desk.post("/claims/find/other/", {}).status_code == 404

    def test_a_hospital_finds_a_patient_by_the_whole_number_alone(self, appoint):
        body = Body.objects.create(code="H1", name="县医院", kind=Body.Kind.HOSPITAL)
        client = sign_in(Client(), appoint("hal", Duty.HOSPITAL_DESK, body=body))
        who = taking_in.insured()
        taking_in.provider(body=body)
        for text, found in ((who.name, False), (who.id_number[:14], False), (who.id_number, True)):
            page = client.post("/claims/find/member/", {"member_text": text}, **self.HTMX).content.decode()
            assert (f'value="{who.pk}"' in page) is found
        assert "海原县人民医院" in client.get(NEW).content.decode()
        assert client.post(NEW, typed(member=who.pk)).status_code == 302


class TestOneClaim:
    def test_shows_everything(self, desk, ida):
        claim = taking_in.entered(ida)
        page = desk.get(f"/claims/{claim.pk}/").content.decode()
        for word in ("20100000001", "马小兰", "海原县人民医院", "064001", "1,420.00", "**** 1234", "受理"):
            assert word in page, word

    def test_is_handed_on(self, desk, ida):
        claim = taking_in.entered(ida)
        desk.post(f"/claims/{claim.pk}/hand-on/", {"seen": "1"})
        claim.refresh_from_db()
        assert claim.state == "first_check"
        assert desk.get(f"/claims/{claim.pk}/").status_code == 200

    def test_is_not_handed_on_from_an_old_page(self, desk, ida):
        claim = taking_in.entered(ida)
        desk.post(f"/claims/{claim.pk}/hand-on/", {"seen": "x"})
        claim.refresh_from_db()
        assert claim.state == "entered"

    def test_says_what_is_missing_and_prints_it(self, desk, ida):
        claim = taking_in.entered(ida, papers=taking_in.ALL_PAPERS - {"fee_list"})
        assert "费用明细清单" in desk.get(f"/claims/{claim.pk}/").content.decode()
        answer = desk.get(f"/claims/{claim.pk}/missing/")
        assert answer.content.startswith(b"%PDF")

    def test_prints_no_notice_where_nothing_is_missing(self, desk, ida):
        claim = taking_in.entered(ida)
        assert desk.get(f"/claims/{claim.pk}/missing/").status_code == 302

    def test_prints_the_slip(self, desk, ida):
        claim = taking_in.entered(ida)
        assert desk.get(f"/claims/{claim.pk}/slip/").content.startswith(b"%PDF")

    def test_is_made_void_with_a_reason(self, desk, ida):
        claim = taking_in.entered(ida)
        address = f"/claims/{claim.pk}/void/"
        assert desk.get(address).status_code == 200
        assert desk.post(address, {"reason": ""}).status_code == 422
        assert desk.post(address, {"reason": "重复录入"}).status_code == 302
        assert desk.post(address, {"reason": "再次"}).status_code == 422
        claim.refresh_from_db()
        assert claim.state == "void"
        assert desk.get(f"/claims/{claim.pk}/").status_code == 200

    def test_keeps_a_scan(self, desk, ida):
        claim = taking_in.entered(ida)
        scan = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n")
        assert desk.post(f"/claims/{claim.pk}/files/", {"file": scan}).status_code == 302
        assert "a.pdf" in desk.get(f"/claims/{claim.pk}/").content.decode()
        bad = SimpleUploadedFile("a.exe", b"MZ")
        assert desk.post(f"/claims/{claim.pk}/files/", {"file": bad}).status_code == 422

    def test_of_another_desk_is_not_there(self, ida, appoint):
        body = Body.objects.create(code="H1", name="县医院", kind=Body.Kind.HOSPITAL)
        client = sign_in(Client(), appoint("hal", Duty.HOSPITAL_DESK, body=body))
        claim = taking_in.entered(ida)
        for part in ("", "change/", "slip/", "missing/", "void/", "files/"):
            assert client.get(f"/claims/{claim.pk}/{part}").status_code == 404, part

    def test_without_a_plan_says_so(self, desk, ida):
        claim = taking_in.entered(ida)
        factories.scheme("x")
        Claim.objects.filter(pk=claim.pk).update(state="entered")
        assert desk.get(f"/claims/{claim.pk}/").status_code == 200


class TestTheList:
    @pytest.mark.parametrize("text", ["20100000001", "马小", "mxl", "00000001"])
    def test_finds_by_number_patient_or_invoice(self, desk, ida, text):
        claim = taking_in.entered(ida)
        page = desk.get("/claims/all/", {"find": text, "year": "2010"}).content.decode()
        assert claim.number in page
        assert claim.number not in desk.get("/claims/all/", {"find": "nobody"}).content.decode()

    def test_sums_up_and_exports(self, desk, ida):
        taking_in.entered(ida)
        assert "1,420.00" in desk.get("/claims/all/", {"as": "totals", "year": "2010"}).content.decode()
        assert desk.get("/claims/all/", {"as": "xlsx", "year": "2010"}).content.startswith(b"PK")

    def test_begins_with_this_year(self, desk, ida):
        claim = taking_in.entered(ida)
        assert claim.number not in desk.get("/claims/all/").content.decode()


class TestTheWorklist:
    def test_says_what_is_asked(self, desk, ida):
        taking_in.entered(ida)
        taking_in.entered(ida, number="2", papers=frozenset())
        page = desk.get("/work/claims.intake/", follow=True).content.decode()
        assert "20100000001" in page
        assert "20100000002" in page
        assert Decimal(6000) == Claim.objects.count() * 3000
