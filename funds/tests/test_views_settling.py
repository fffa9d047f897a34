"""The pages of settlements: what they show, what their forms do, how refusals stand on them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.tests.deciding import now
from conftest import NOON, sign_in
from funds import worklists_settling
from funds.models import (
    Account,
    Assessment,
    Premium,
    Prepayment,
    ProviderPayment,
    Recovery,
    RetentionTerm,
    RiskMove,
    SecondAppeal,
)
from funds.tests import doors_settling as doors
from funds.tests.settling import NEXT_YEAR, Scene
from office import desk
from office.tests.factories import tess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def scene(appoint) -> Scene:
    return Scene.of(appoint)


@pytest.fixture
def acc(client, scene):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return sign_in(client, scene.acc)


def today() -> date:
    return timezone.localdate()


def sent(client: Any, name: str, typed: dict[str, Any], *args: object) -> Any:
    """A form that was shown, filled in and sent."""
    address = reverse(f"funds:{name}", args=args)
    shown = client.get(address)
    assert shown.status_code == 200
    return client.post(address, typed, follow=True)


class TestSettlements:
    def test_from_the_list_of_what_can_be_paid_to_the_payment(self, scene, acc):
        settlement = scene.settlement(2)
        scene.terms("5")
        listed = acc.get(reverse("funds:settlements_to_pay"))
        assert settlement.number in listed.text
        assert "40.00" in listed.text
        form = acc.get(reverse("funds:provider_payment_new", args=[settlement.pk]))
        assert ("38.00" in form.text, "5 %" in form.text) == (True, True)
        refused = acc.post(reverse("funds:provider_payment_new", args=[settlement.pk]), {"set_off": "7"})
        assert "At most 0" in refused.text
        page = sent(acc, "provider_payment_new", {"set_off": ""}, settlement.pk)
        asked = ProviderPayment.objects.get()
        assert f"{asked.number} waits for the head of accounting" in page.text
        assert ("Parts of claims: 2" in page.text, "No payment is ordered yet" in page.text) == (True, True)
        assert asked.number in acc.get(reverse("funds:provider_payments"), {"words": settlement.provider.name}).text
        assert settlement.number not in acc.get(reverse("funds:settlements_to_pay")).text

    def test_what_is_typed_is_asked_for(self, scene, acc):
        book = scene.book.pk
        clinic = f"{scene.office.clinic.code} {scene.office.clinic.name}"
        given = {"book": book, "paper": "合〔2026〕1号"}
        scene.office.clinic.agreements.update(period=(date(2010, 1, 1), None))
        sent(acc, "prepayment_new", given | {"provider": clinic, "year": 2010, "amount": "1,000"})
        terms = {
            "on": "2010-01-01",
            "percent": "5",
            "full_score": "90",
            "floor_score": "60",
            "level": "",
            "provider": "",
        }
        sent(acc, "retention_term_new", given | terms)
        premium = {"year": 2010, "instalment": 1, "heads": 100, "per_head": "5", "share": "100", "insurer": "中国人寿",
                   "bank": "农行", "account": "6228480000001111"}  # fmt: skip
        sent(acc, "premium_new", given | premium)
        risk = {"kind": "extracted", "year": 2010, "raised": "5000", "amount": "100", "on": "2010-03-01"}
        sent(acc, "risk_move_new", given | risk)
        account = Account.objects.get(book=scene.book, purpose="spending_account").pk
        back = {"source": "person", "payer": "马一", "provider": "", "claim": "", "spent_in": 2010, "account": account,
                "amount": "15", "on": "2010-03-01"}  # fmt: skip
        assert "There is no claim" in sent(acc, "recovery_new", given | back | {"claim": "X"}).text
        sent(acc, "recovery_new", given | back)
        for model in (Prepayment, RetentionTerm, Premium, RiskMove, Recovery):
            assert model.objects.get().state == "proposed", model
        refused = sent(acc, "assessment_new", given | {"provider": clinic, "year": 2010, "score": "90"})
        assert "Nothing is kept back of this year" in refused.text
        assert not Assessment.objects.exists()

    @pytest.mark.parametrize(("one", "many"), doors.KINDS)
    def test_each_kind_has_its_list_and_its_page(self, scene, acc, one, many):
        scene.settlement(1)
        record = doors.records()[one]()
        page = acc.get(reverse(f"funds:{one}", args=[record.pk]))
        assert record.number in page.text
        listed = acc.get(reverse(f"funds:{many}"), {"words": record.number})
        assert record.number in listed.text
        assert acc.get(reverse(f"funds:{many}"), {"_export": "csv"}).status_code == 200


class TestSecondCompensation:
    def test_a_year_from_the_form(self, scene, acc):
        given = {
            "book": scene.book.pk, "paper": "海政办〔2011〕2号", "year": 2010, "threshold": "50", "ceiling": "",
            "budget": "",
            "year_percent": "20", "cumulative_percent": "25", "papers_by": (today() + timedelta(days=9)).isoformat(),
        }  # fmt: skip
        for bands, words in (("many", "Write numbers"), ("1 2 3", "Write numbers"), ("10 50", "the last one is open")):
            assert words in sent(acc, "second_run_new", given | {"bands": bands}).text
        refused = sent(acc, "second_run_new", given | {"bands": "100 50\n\n80%"})
        assert "allows no second compensation" in refused.text

    def test_what_hangs_comes_back_and_is_answered(self, scene, acc, client):
        run = doors.run()
        page = acc.get(reverse("funds:second_run", args=[run.pk])).text
        assert ("马八" in page, "note the slip" in page, "5.00" in page) == (True, True, True)
        assert run.number in acc.get(reverse("funds:second_runs")).text
        notice, appeal = run.notices.get(), run.appeals.get()
        assert "hang already" in sent(
            acc, "second_post", {"posted_on": today(), "posted_until": today() + timedelta(days=8), "place": "x",
            "posted_by": "y"}, run.pk
        ).text  # fmt: skip
        sent(acc, "second_slip", {"on": today(), "slip_by": "马主任"}, run.pk, notice.pk)
        assert now(notice).slip_by == "马主任"
        refused = acc.post(reverse("funds:second_propose", args=[run.pk]), follow=True)
        assert "An appeal is not answered" in refused.text
        late = sent(acc, "second_appeal", {"member": "马八", "by_name": "马八", "words": "x"}, run.pk)
        assert "were possible until" in late.text
        sign_in(client, scene.head)
        answered = sent(
            client, "second_answer", {"result": "dismissed", "burden": "", "answer": "已算入"}, run.pk, appeal.pk
        )
        assert "The appeal is answered" in answered.text
        assert SecondAppeal.objects.get().result == "dismissed"
        sign_in(client, scene.acc)
        proposed = client.post(reverse("funds:second_propose", args=[run.pk]), follow=True)
        assert "It is with the office" in proposed.text
        assert "This list is" in client.post(reverse("funds:second_order", args=[run.pk]), follow=True).text

    def test_is_given_up_with_a_reason_and_printed(self, scene, acc):
        run = doors.run()
        village = run.lines.get().village
        printed = acc.get(reverse("funds:second_notice_print", args=[run.pk, village.pk]))
        assert printed.headers["Content-Type"] == "application/pdf"
        assert printed.content.startswith(b"%PDF")
        given_up = sent(acc, "second_void", {"reason": "文件有误"}, run.pk)
        assert (now(run).state, "is given up" in given_up.text) == ("void", True)

    def test_payments_are_ordered_from_the_page(self, scene, acc, monkeypatch):
        from funds.services import second_paying

        run = doors.run()
        monkeypatch.setattr(second_paying, "order", lambda **given: (2, 1))
        told = acc.post(reverse("funds:second_order", args=[run.pk]), follow=True)
        assert "2 payments are ordered. 1 person waits for a confirmed account." in told.text

    def test_an_upheld_answer_carries_the_burden(self):
        from funds.forms.settling import AnswerForm

        form = AnswerForm({"result": "upheld", "burden": "1,234.50", "answer": "补算"})
        assert form.is_valid()
        assert form.told() == {"answer": "补算", "burden": Decimal("1234.50")}


class TestWhatWaits:
    def test_for_the_accountant_and_whoever_answers(self, scene):
        settlement = scene.settlement(2)
        waiting = worklists_settling.to_pay(scene.acc, desk.Look(NOON))
        assert [(one.label, one.note) for one in waiting.items] == [(f"{settlement} {settlement.provider}", "40.00")]
        record = doors.paid(settlement)
        assert worklists_settling.to_pay(scene.acc, desk.Look(NOON)).count == 0
        kept = worklists_settling.to_assess(scene.acc, desk.Look(NEXT_YEAR))
        assert [(one.label, one.note) for one in kept.items] == [(f"{record.settlement.provider} 2010", "1.00")]
        run = doors.run()
        assert [one.label for one in worklists_settling.runs(scene.acc, desk.Look(NOON)).items] == [f"{run} 2009"]
        assert worklists_settling.to_answer(scene.head, desk.Look(NOON)).count == 1
        assert worklists_settling.to_answer(tess(), desk.Look(NOON)).count == 0  # he took it down himself

    def test_each_is_known_to_the_desk(self, scene, acc):
        for name, *_rest in worklists_settling.LISTS:
            who = scene.head if name == "second-appeals" else scene.acc
            page = sign_in(Client(), who).get(reverse("office:worklist", args=[f"funds.{name}"]))
            assert page.status_code == 200, name
