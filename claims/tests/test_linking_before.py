"""What intake finds and links by itself: what came before a claim, its last day, whom it is paid to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from claims.models import Agreement, Claim, LateAllowance, ProviderAccount, TimeLimit
from claims.rules.lateness import last_day
from claims.selectors import intake as selectors
from claims.selectors.intake_content import Look
from claims.services import admissions, intake, lateness, provider_accounts, referrals, time_limits
from claims.services.intake import CannotEnter, CannotHandOn
from claims.tests import before, taking_in
from claims.tests.deciding import decide, now
from conftest import NOON, proof_of, sign_in
from enrollment.models import Member
from enrollment.services.keeping import CannotKeep
from office.models import Duty, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

DISCHARGED = date(2010, 1, 21)


@pytest.fixture
def ida(appoint) -> Person:
    return appoint("ida", Duty.INTAKE_CLERK)


@pytest.fixture
def hal(appoint) -> Person:
    return appoint("hal", Duty.OFFICE_HEAD)


def look(by: Person, **more: Any) -> Look:
    return selectors.look(taking_in.content(**more), by=by, at=NOON)


def look_now(by: Person, member: Member, **more: Any) -> Look:
    """What is found today, where the register of what comes before is of today."""
    asked = replace(taking_in.content(member), admitted_on=before.ago(2), discharged_on=before.ago(0), **more)
    return selectors.look(asked, by=by, at=timezone.now())


def said(found: Look, words: str) -> bool:
    return any(words in one for one in found.told)


class TestReferrals:
    @pytest.fixture
    def outside(self):
        return taking_in.provider("H9", "银川某医院", region="outside", level="city", tier=3)

    def refer(self, member, outside, by, second):
        form = referrals.Form(
            member, taking_in.provider(), outside, taking_in.disease(), "急诊", "王医生",
            admitted_on=date(2010, 1, 11), holds=30,
        )  # fmt: skip
        asked = referrals.ask(form=form, by=by, at=NOON)
        decide(asked, second)
        return now(asked)

    def test_an_approved_one_is_linked_and_makes_the_claim_referred(self, ida, outside, appoint):
        member = taking_in.insured()
        bare = taking_in.ALL_PAPERS - {"referral"}
        without = look(ida, member=member, provider=outside, is_referred=False)
        assert said(without, "paid as not referred")
        assert without.claim.is_referred is False
        asked = self.refer(member, outside, ida, appoint("sue", Duty.SECOND_CHECKER))
        found = look(ida, member=member, provider=outside, is_referred=False, papers=bare)
        assert not said(found, "referral")
        assert [one.code for one in found.papers if one.code == "referral"] == ["referral"]
        assert not found.missing  # the office has the form on record
        claim = intake.enter_claim(content=found.content, by=ida, at=NOON)
        claim = now(claim)
        assert (claim.referral, claim.is_referred) == (asked, True)
        page = sign_in(Client(), ida).get(f"/claims/{claim.pk}/").content.decode()
        assert f"/claims/referrals/{asked.pk}/" in page

    def test_one_on_paper_alone_is_asked_for(self, ida, outside):
        found = look(ida, provider=outside, papers=taking_in.ALL_PAPERS - {"referral"})
        assert said(found, "the form on paper is needed")
        assert [one.code for one in found.missing] == ["referral"]

    def test_the_database_links_nobody_elses(self, ida, outside, appoint):
        other = taking_in.insured("0002", name="李四")
        asked = self.refer(other, outside, ida, appoint("sue", Duty.SECOND_CHECKER))
        claim = taking_in.entered(ida, taking_in.insured())
        with pytest.raises(DatabaseError, match="of its own patient"), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(referral=asked, content_version=2)


class TestTheRest:
    def test_an_admission_and_its_bed_check(self, ida):
        lies = before.admission()
        lies.provider.refresh_from_db()
        found = look_now(ida, lies.member, provider=lies.provider)
        assert found.claim.admission == lies
        assert not said(found, "no admission")
        admissions.check_bed(admission=lies, finding="absent", words="床空", by=before.first(), at=timezone.now())
        assert said(look_now(ida, lies.member, provider=lies.provider), "not in bed (床空)")

    def test_a_hospital_whose_register_does_not_know_him(self, ida):
        desk = before.desk()
        known = before.provider("H01")
        assert desk is not None
        found = look_now(ida, before.insured(), provider=known)
        assert found.claim.admission is None
        assert said(found, "no admission of this person")

    def test_a_stay_outside_that_was_reported(self, ida):
        member = before.insured()
        noted = before.stay(member, provider=before.outside(), hospital="")
        found = look_now(ida, member, provider=before.outside(), is_referred=False)
        assert found.claim.outside_stay == noted
        assert not said(found, "Nobody reported")

    def test_a_certificate_stands_for_its_card(self, ida):
        card = before.certificate()
        asked = {"kind": "chronic", "disease": card.disease, "papers": frozenset()}
        found = look_now(ida, card.member, **asked)
        assert said(found, "No certificate")  # it holds from today on, the visit began before
        found = selectors.look(replace(found.content, admitted_on=before.today()), by=ida, at=timezone.now())
        assert found.claim.certificate == card
        assert "chronic_certificate" in {one.code for one in found.papers} - {one.code for one in found.missing}

    def test_an_injury_and_what_came_of_it(self, ida):
        member = before.insured()
        assert said(look_now(ida, member, kind="injury"), "No inquiry into this injury")
        inquiry = before.visited(member)
        found = look_now(ida, member, kind="injury")
        assert (found.claim.injury, said(found, "not concluded yet")) == (inquiry, True)
        ended = before.concluded(inquiry, liable_party="肇事司机", payable=False, words="对方全责")
        before.vote(ended, before.second())
        assert said(look_now(ida, member, kind="injury"), "not payable (对方全责)")


class TestTheLastDay:
    @pytest.mark.parametrize(
        ("after_year", "after_stay", "last"),
        [
            (None, None, None),
            (90, None, date(2011, 3, 31)),
            (None, 30, date(2010, 2, 20)),
            (90, 30, date(2010, 2, 20)),
            (31, 400, date(2011, 1, 31)),
        ],
    )
    def test_is_the_earlier_one(self, after_year, after_stay, last):
        assert last_day(DISCHARGED, after_year=after_year, after_stay=after_stay) == last

    @pytest.fixture
    def limit(self, hal, appoint) -> TimeLimit:
        """Thirty days after the discharge; the tests' noon is nine days later."""
        taking_in.insured()
        asked = time_limits.propose(
            scheme=taking_in.factories.scheme(), kind=TimeLimit.Kind.CLAIM_AFTER_STAY, days=30, first=date(2009, 1, 1),
            last=None, document="海政发〔2009〕88号", by=appoint("ann", Duty.FUND_ACCOUNTANT), at=NOON,
        )  # fmt: skip
        decide(asked, hal)
        return now(asked)

    def test_a_late_claim_is_refused_with_its_last_day(self, ida, limit):
        with pytest.raises(CannotEnter, match="until 2010-02-20: it comes too late"):
            taking_in.entered(ida)
        assert not Claim.objects.exists()

    def test_in_time_is_in_time(self, ida, limit):
        late = {"admitted_on": date(2010, 1, 25), "discharged_on": date(2010, 1, 30)}
        bills = [taking_in.bill("5", on=date(2010, 1, 30))]
        assert taking_in.entered(ida, invoices=bills, **late).lateness is None

    def test_the_head_lets_it_in_with_his_reason(self, ida, hal, limit):
        member = Member.objects.get()
        allowed = lateness.allow(
            member=member, discharged_on=DISCHARGED, reason="住院期间大雪封路", by=hal, at=NOON, proof=proof_of(hal)
        )
        claim = taking_in.entered(ida, member)
        assert now(claim).lateness == allowed
        assert said(look(ida, member=member), "住院期间大雪封路")
        page = sign_in(Client(), ida).get(f"/claims/{claim.pk}/").content.decode()
        assert "住院期间大雪封路" in page
        with pytest.raises(DatabaseError, match=r"permission denied|only ever added to"), transaction.atomic():
            LateAllowance.objects.update(reason="x")

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"reason": " "}, "Say it in words"),
            ({"proof": None}, "second factor"),
            ({"discharged_on": date(2010, 2, 25)}, "is not late: it is taken in until 2010-03-27"),
            ({"discharged_on": date(2010, 3, 2)}, "not come yet"),
            ({"discharged_on": date(2008, 3, 2)}, "was not insured"),
        ],
    )
    def test_not_without_need(self, hal, limit, more, words):
        given = {"discharged_on": DISCHARGED, "reason": "x", "proof": proof_of(hal), **more}
        with pytest.raises(CannotKeep, match=words):
            lateness.allow(member=Member.objects.get(), by=hal, at=NOON, **given)

    def test_once(self, hal, limit):
        given = {"member": Member.objects.get(), "discharged_on": DISCHARGED, "reason": "x", "by": hal, "at": NOON}
        proof = proof_of(hal)
        lateness.allow(proof=proof, **given)
        with pytest.raises(CannotKeep, match="allowed already"):
            lateness.allow(proof=proof, **given)

    def test_by_the_page(self, hal, ida, limit):
        client = sign_in(Client(), hal)
        who = Member.objects.get()
        given = {"member": who.id_number, "discharged_on": "2010-01-21", "reason": ""}
        assert client.get("/claims/late/new/").status_code == 200
        assert client.post("/claims/late/new/", given).status_code == 422
        assert client.post("/claims/late/new/", {**given, "reason": "封路"}).status_code == 302
        assert "封路" in client.get("/claims/late/").content.decode()
        assert who.name in sign_in(Client(), ida).get("/claims/late/").content.decode()


class TestThePayee:
    @pytest.fixture
    def hospital(self, hal, appoint):
        """Pays patients in advance and has an account that two people confirmed."""
        known = taking_in.provider()
        Agreement.objects.update(is_instant=True)
        asked = provider_accounts.propose(
            provider=known, holder="海原县人民医院", bank="农行", number="6228 4800 0000 9999", document="函1号",
            by=appoint("amy", Duty.ACCOUNTING_HEAD), at=NOON,
        )  # fmt: skip
        with pytest.raises(CannotKeep, match="waits to be confirmed"):
            provider_accounts.propose(
                provider=known, holder="x", bank="x", number="12345678", document="x", by=asked.proposed_by, at=NOON
            )
        decide(asked, hal)
        return known

    def test_the_hospital_that_paid_in_advance(self, ida, hospital):
        claim = now(taking_in.entered(ida, payee_kind="provider"))
        paid_to = (claim.payee_name, claim.payee_relation, claim.payee_bank, claim.payee_account)
        assert paid_to == ("海原县人民医院", "provider", "农行", "6228480000009999")
        intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)
        assert "**** 9999" in sign_in(Client(), ida).get(f"/claims/{claim.pk}/").content.decode()

    def test_not_without_its_agreement(self, ida, hospital):
        Agreement.objects.update(is_instant=False)
        with pytest.raises(CannotEnter, match="no agreement on 2010-01-21 by which it pays patients in advance"):
            taking_in.entered(ida, payee_kind="provider")

    def test_not_without_a_confirmed_account(self, ida):
        taking_in.provider()
        Agreement.objects.update(is_instant=True)
        with pytest.raises(CannotEnter, match="no confirmed account yet"):
            taking_in.entered(ida, payee_kind="provider")

    def test_an_agreement_that_ended_meanwhile_keeps_it_at_intake(self, ida, hospital):
        claim = taking_in.entered(ida, payee_kind="provider")
        Agreement.objects.update(is_instant=False)
        with pytest.raises(CannotHandOn, match="cannot be paid any more"):
            intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)

    def test_the_patient_himself(self, ida):
        claim = taking_in.entered(ida, payee_kind="member")
        assert (claim.payee_name, claim.payee_relation, claim.payee_account) == (claim.member.name, "self", "")

    def test_frozen_when_it_is_handed_on(self, ida):
        member = taking_in.insured(has_account=False)
        claim = taking_in.entered(ida, member)
        assert claim.payee_account == ""
        taking_in.pay_to(member.household, "马父", "6228480000007777")
        intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)
        claim = now(claim)
        assert (claim.payee_name, claim.payee_account) == ("马父", "6228480000007777")
        with pytest.raises(DatabaseError, match="does not change under those"), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(payee_account="1")

    def test_a_second_account_takes_the_place_of_the_first(self, hospital, hal, appoint):
        client = sign_in(Client(), appoint("amy2", Duty.ACCOUNTING_HEAD))
        address = f"/claims/providers/{hospital.pk}/account/"
        given = {"holder": "海原县人民医院", "bank": "建行", "number": "12", "document": "函2号"}
        assert client.post(address, given).status_code == 422
        assert client.post(address, {**given, "number": "4367420000001111"}).status_code == 302
        decide(ProviderAccount.objects.get(state="proposed"), hal)
        states = dict(ProviderAccount.objects.values_list("bank", "state"))
        assert states == {"农行": "replaced", "建行": "confirmed"}
        page = client.get(f"/claims/providers/{hospital.pk}/").content.decode()
        assert "**** 1111" in page
        assert "4367420000001111" not in page
