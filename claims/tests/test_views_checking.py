"""The pages of checking: the decision on the claim's page, the next one, small claims together, the hospital, flags,
limits."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Cut, Flag, Limit, Reversal, Verification
from claims.services import checking, checking_together, flags
from claims.tests.deciding import Desk, now
from claims.worklists import still_to_check, still_to_verify
from conftest import sign_in
from office import deciding
from office.models import Duty
from office.rules import days
from office.services import work
from office.subjects import name_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


def browser(person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    return sign_in(client, person)


def page(client: Client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def seen(claim) -> str:
    return str(checking.round_of(claim).subject_hash)


def decide(client: Client, claim, choice: str, **more):
    return client.post(reverse("claims:claim_check", args=[claim.pk, choice]), {"seen": seen(claim), **more})


class TestTheDecision:
    def test_is_asked_at_the_top_of_the_claim(self, desk):
        claim = desk.handed_on()
        shown = page(browser(desk.fay), "claims:claim", claim.pk)
        assert f'value="{seen(claim)}"' in shown
        for key in ("F2", "F4", "F6", "F7"):
            assert f'data-key="{key}"' in shown

    @pytest.mark.parametrize("who", ["ian", "sue", "hal"])
    def test_of_nobody_else(self, desk, who):
        claim = desk.handed_on()
        client = browser(getattr(desk, who))
        assert "/check/approve/" not in page(client, "claims:claim", claim.pk)
        assert client.get(reverse("claims:claim_check", args=[claim.pk, "approve"])).status_code == 403

    def test_one_key_agrees_and_the_next_opens_by_itself(self, desk):
        first, second = (desk.handed_on(desk.member(number)) for number in "12")
        answer = decide(browser(desk.fay), first, "approve")
        assert (answer.status_code, answer.url) == (302, reverse("claims:claim", args=[second.pk]))
        assert now(first).state == "second_check"

    def test_not_one_that_a_colleague_works_on(self, desk, appoint):
        first, second, third = (desk.handed_on(desk.member(number)) for number in "123")
        work.take(
            worklist="claims.checks",
            subject=name_of(checking.round_of(second)),
            by=appoint("fox", Duty.FIRST_CHECKER),
            at=timezone.now(),
        )
        assert decide(browser(desk.fay), first, "approve").url == reverse("claims:claim", args=[third.pk])

    def test_after_the_last_one_it_stays_there(self, desk):
        claim = desk.handed_on()
        assert decide(browser(desk.fay), claim, "approve").url == reverse("claims:claim", args=[claim.pk])

    def test_the_longest_waiting(self, desk):
        client = browser(desk.fay)
        assert client.get(reverse("claims:check_next")).url == reverse("office:home")
        claim = desk.handed_on()
        assert client.get(reverse("claims:check_next")).url == reverse("claims:claim", args=[claim.pk])

    def test_cuts_line_by_line(self, desk):
        claim = desk.handed_on()
        client = browser(desk.fay)
        line = claim.lines.get(position=2)
        assert f'name="amount-{line.pk}"' in page(client, "claims:claim_check", claim.pk, "cut")
        typed = {f"amount-{line.pk}": "100", f"code-{line.pk}": "repeated", f"words-{line.pk}": "twice"}
        assert decide(client, claim, "cut", **typed).status_code == 302
        cut = Cut.objects.get()
        assert (cut.line, cut.amount, cut.reason_code, cut.reason) == (line, Decimal(100), "repeated", "twice")
        figures = client.get(reverse("claims:claim", args=[claim.pk])).context
        before, after = figures["worked"].answer.own_items, dict(figures["amounts"])
        assert after["cut by checks"] == 100  # a line of its own, not among what the patient chose to bear
        assert after["own items"] == before - 100
        printed = client.get(reverse("claims:claim_sheet", args=[claim.pk]))
        assert printed["Content-Type"] == "application/pdf"
        [vote] = deciding.rounds_of(claim).get(step="first_check").votes.all()
        cast = f"{vote.voter} · {vote.get_choice_display()} {timezone.localtime(vote.cast_at):%m-%d %H:%M}"
        assert cast in page(client, "claims:claim", claim.pk)
        assert now(claim).state == "second_check"

    def test_a_refusal_keeps_what_was_typed(self, desk):
        claim = desk.handed_on()
        line = claim.lines.get(position=2)
        answer = decide(browser(desk.fay), claim, "cut", **{f"amount-{line.pk}": "100", f"words-{line.pk}": "dear"})
        assert answer.status_code == 422
        assert "say why it is cut" in answer.content.decode()
        assert 'value="dear"' in answer.content.decode()
        assert now(claim).state == "first_check"

    @pytest.mark.parametrize(("choice", "state"), [("return", "returned"), ("refuse", "refused")])
    def test_returns_and_refuses_with_a_reason(self, desk, choice, state):
        claim = desk.handed_on()
        client = browser(desk.fay)
        assert decide(client, claim, choice).status_code == 422
        assert decide(client, claim, choice, reason="fee list").status_code == 302
        assert now(claim).state == state

    def test_a_stale_page_is_told_so(self, desk):
        claim = desk.handed_on()
        answer = browser(desk.fay).post(reverse("claims:claim_check", args=[claim.pk, "approve"]), {"seen": "0" * 64})
        assert "changed after you opened it" in answer.content.decode()

    def test_so_is_one_that_was_decided_meanwhile(self, desk, appoint):
        claim = desk.handed_on()
        hash_ = seen(claim)
        desk.check(claim, appoint("fox", Duty.FIRST_CHECKER))
        answer = browser(desk.fay).post(reverse("claims:claim_check", args=[claim.pk, "refuse"]), {
            "seen": hash_, "reason": "late"
        })  # fmt: skip
        assert answer.status_code == 422

    def test_no_other_decision(self, desk):
        claim = desk.handed_on()
        assert browser(desk.fay).get(reverse("claims:claim_check", args=[claim.pk, "defer"])).status_code == 404

    def test_asks_for_the_second_factor_again(self, desk, settings):
        claim = desk.handed_on()
        client = browser(desk.fay)
        settings.SECOND_FACTOR_FRESH = timedelta(0)
        answer = decide(client, claim, "approve")
        assert answer.url.startswith(reverse("office:show_code"))
        assert now(claim).state == "first_check"

    def test_the_general_page_of_decisions_takes_no_vote_on_a_claim(self, desk):
        claim = desk.handed_on()
        opened = checking.round_of(claim)
        browser(desk.fay).post(
            reverse("office:decision", args=["claims", opened.pk]), {"choice": "approve", "seen": opened.subject_hash}
        )
        assert now(claim).state == "first_check"


class TestTogether:
    def test_those_chosen_are_agreed_to(self, desk):
        desk.limit("head", 1100)
        first, second, big = (
            desk.handed_on(desk.member(number), (cost,)) for number, cost in (("1", "100"), ("2", "200"), ("3", "5000"))
        )
        client = browser(desk.fay)
        shown = page(client, "claims:check_together")
        assert first.number in shown
        assert big.number not in shown
        client.post(reverse("claims:check_together"), {"claims": [f"{second.pk}:{seen(second)}"]})
        assert [now(one).state for one in (first, second, big)] == ["first_check", "second_check", "first_check"]

    def test_none_chosen(self, desk):
        desk.handed_on()
        answer = browser(desk.fay).post(reverse("claims:check_together"), {})
        assert "Choose at least one" in answer.content.decode()

    def test_why_one_was_not(self, desk, monkeypatch):
        claim = desk.handed_on()
        refused = [checking_together.Together(claim, "it changed")]
        monkeypatch.setattr(checking_together, "check_together", lambda **given: refused)
        client = browser(desk.fay)
        answer = client.post(reverse("claims:check_together"), {"claims": [f"{claim.pk}:{seen(claim)}"]}, follow=True)
        assert f"{claim.number}: it changed" in answer.content.decode()

    def test_nothing_waits(self, desk):
        assert "No small claim waits" in page(browser(desk.fay), "claims:check_together")


class TestTheHospital:
    @pytest.fixture
    def claim(self, desk):
        desk.limit("verification", 1500, "total_cost")
        return desk.check(desk.handed_on(), desk.fay)

    def test_is_asked_and_answers(self, desk, claim):
        client = browser(desk.fay)
        assert "Ask the hospital" in page(client, "claims:claim", claim.pk)
        today = days.business_day(timezone.now())
        page(client, "claims:verification_ask", claim.pk)
        typed = {
            "way": "letter",
            "whom": "宁夏医院",
            "on": today.isoformat(),
            "letter_number": "海合协1号",
            "deadline_on": (today + timedelta(days=15)).isoformat(),
        }
        url = reverse("claims:verification_ask", args=[claim.pk])
        assert client.post(url, typed | {"letter_number": ""}).status_code == 422
        assert client.post(url, typed).status_code == 302
        asked = Verification.objects.get()
        assert "海合协1号" in page(client, "claims:claim", claim.pk)
        answer = reverse("claims:verification_answer", args=[asked.pk])
        page(client, "claims:verification_answer", asked.pk)
        assert client.post(answer, {"outcome": "differs", "on": today.isoformat()}).status_code == 422
        assert client.post(answer, {"outcome": "genuine", "on": today.isoformat()}).status_code == 302
        assert now(claim).state == "second_check"
        assert "genuine" in page(client, "claims:claim", claim.pk)

    def test_prints_the_letter(self, desk, claim):
        asked = Verification.objects.create(
            claim=claim, way="letter", whom="宁夏医院", letter_number="7", asked_on=claim.entered_on,
            deadline_on=claim.entered_on + timedelta(days=15), asked_by=desk.fay,
        )  # fmt: skip
        answer = browser(desk.fay).get(reverse("claims:verification_letter", args=[asked.pk]))
        assert answer["Content-Type"] == "application/pdf"

    def test_waits_on_its_worklist(self, desk, claim):
        today = days.business_day(timezone.now())
        given = {
            "claim": claim,
            "way": "letter",
            "letter_number": "7",
            "asked_on": claim.entered_on,
            "asked_by": desk.fay,
        }
        open_until = today + timedelta(days=9)
        Verification.objects.create(whom="吴忠医院", deadline_on=open_until, **given)
        [item] = still_to_verify([str(claim.pk)])
        assert item.note == f"answer until {open_until}"
        Verification.objects.create(whom="宁夏医院", deadline_on=today - timedelta(days=1), **given)
        [item] = still_to_verify([str(claim.pk)])  # of several letters the one that was due first
        assert item.note == f"deadline of the letter passed on {today - timedelta(days=1)}"
        assert claim.number in page(browser(desk.fay), "office:home")


class TestWaiting:
    def test_steps_wait_for_those_whose_duty_they_are(self, desk):
        claim = desk.handed_on()
        assert claim.number in page(browser(desk.fay), "office:home")
        assert claim.number not in page(browser(desk.sue), "office:home")
        [item] = still_to_check([str(checking.round_of(claim).pk)])
        assert (item.url, item.note) == (reverse("claims:claim", args=[claim.pk]), "proposed payment 1,045.00")

    def test_once(self, desk):
        desk.handed_on()
        shown = page(browser(desk.fay), "office:home")
        assert shown.count("Claims to check and decide") == 1
        assert "To decide about benefits" not in shown


class TestHolding:
    def test_held_and_let_go(self, desk):
        claim = desk.handed_on()
        client = browser(desk.hal)
        page(client, "claims:flag_set", claim.pk)
        url = reverse("claims:flag_set", args=[claim.pk])
        assert client.post(url, {"kind": "office", "reason": ""}).status_code == 422
        assert client.post(url, {"kind": "office", "reason": "look again"}).status_code == 302
        assert "look again" in page(client, "claims:claim", claim.pk)
        flag = Flag.objects.get()
        lift = reverse("claims:flag_lift", args=[flag.pk])
        page(client, "claims:flag_lift", flag.pk)
        assert client.post(lift, {"reason": "seen"}).status_code == 302
        answer = client.post(lift, {"reason": "seen"})
        assert "lifted already" in answer.content.decode()

    def test_nothing_is_left_to_hold(self, desk):
        claim = desk.check(desk.handed_on(), desk.fay, "refuse", reason="why")
        answer = browser(desk.hal).post(
            reverse("claims:flag_set", args=[claim.pk]), {"kind": "office", "reason": "look"}
        )
        assert "Nothing is left to hold" in answer.content.decode()

    def test_a_held_claim_is_not_agreed_to(self, desk):
        claim = desk.handed_on()
        flags.set_flag(claim=claim, kind="audit", reason="twin", by=desk.hal, at=timezone.now())
        shown = page(browser(desk.fay), "claims:claim", claim.pk)
        assert "disabled" in shown
        assert "/check/cut/" not in shown


class TestTakingBack:
    def test_an_approval(self, desk):
        member = desk.member()
        first, second = desk.approved(member, ("10000",)), desk.approved(member, ("4000",))
        client = browser(desk.hal)
        assert "Take the approval back" in page(client, "claims:claim", first.pk)
        page(client, "claims:claim_take_back", first.pk)
        url = reverse("claims:claim_take_back", args=[first.pk])
        answer = client.post(url, {"reason": "entered twice"}, follow=True)
        assert second.number in answer.content.decode()
        assert (now(first).state, Reversal.objects.count()) == ("void", 1)
        assert client.post(url, {"reason": "again"}).status_code == 422


class TestLimits:
    def test_entered_and_listed(self, desk, appoint):
        client = browser(appoint("acc", Duty.FUND_ACCOUNTANT))
        desk.limit("head", 10_000, kind="inpatient")
        assert "10,000.00" in page(client, "claims:limits")
        page(client, "claims:limit_new")
        typed = {
            "scheme": desk.scheme.pk,
            "step": "committee",
            "basis": "proposed_payment",
            "amount": "30,000",
            "first": "2010-01-01",
            "document": "海医发〔2010〕1号",
        }
        answer = client.post(reverse("claims:limit_new"), typed)
        assert answer.status_code == 422  # an amount is typed plainly; the page's script takes the commas out
        answer = client.post(reverse("claims:limit_new"), typed | {"amount": "30000"})
        assert answer.status_code == 302
        assert "/decisions/" in answer.url
        assert Limit.objects.get(step="committee").state == "proposed"
        typed |= {"amount": "30000", "last": "2009-01-01"}
        assert client.post(reverse("claims:limit_new"), typed).status_code == 422

    def test_narrowed_to_a_day(self, desk):
        desk.limit("head", 10_000)
        client = browser(desk.hal)
        assert "10,000.00" not in client.get(reverse("claims:limits"), {"on": "2009-12-31"}).content.decode()
        assert "10,000.00" in client.get(reverse("claims:limits"), {"on": "2010-01-01"}).content.decode()

    def test_exports(self, desk):
        desk.limit("head", 10_000)
        answer = browser(desk.hal).get(reverse("claims:limits"), {"_export": "xlsx"})
        assert answer.status_code == 200
