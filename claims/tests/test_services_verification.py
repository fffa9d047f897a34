"""Asking the hospital about invoices: by phone, visit, letter; answers, and what happens when there is none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from claims.models import Verification
from claims.services import checking, flags, verification
from claims.services.verification import CannotVerify, Question
from claims.tests.deciding import Desk, now
from conftest import NOON
from office.models import Act
from office.services.rounds import CannotVote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = NOON.date()
LATER = NOON + timedelta(days=20)
PHONE = Question("phone", "医务科 李", "0955-4012345")
LETTER = Question("letter", "宁夏医院", letter_number="海合协〔2010〕7号", deadline_on=date(2010, 3, 15))


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


@pytest.fixture
def claim(desk):
    """One that waits for the hospital's answer."""
    desk.limit("verification", 1500, "total_cost")
    return desk.check(desk.handed_on(), desk.fay)


def ask(desk, claim, question: Question = PHONE, on: date = TODAY) -> Verification:
    return verification.ask(claim=claim, question=question, on=on, by=desk.fay, at=NOON)


def answer(desk, asked, outcome: str = "genuine", words: str = "", on: date = TODAY, at=NOON):
    return verification.answer(verification=asked, outcome=outcome, words=words, on=on, by=desk.fay, at=at)


class TestAnswers:
    @pytest.mark.parametrize("outcome", ["genuine", "differs", "not_found", "refused"])
    def test_with_an_answer_the_claim_goes_on(self, desk, claim, outcome):
        asked = ask(desk, claim)
        assert now(claim).state == "verification"
        moved = answer(desk, asked, outcome, "total 1,800")
        assert (moved.state, now(claim).state) == ("second_check", "second_check")
        assert checking.round_of(now(claim)) is not None
        assert Act.objects.get(name="claim.verification-answered").facts["outcome"] == outcome

    def test_when_all_are_answered(self, desk, claim):
        first, second = ask(desk, claim), ask(desk, claim, LETTER)
        answer(desk, first)
        assert now(claim).state == "verification"
        answer(desk, second)
        assert now(claim).state == "second_check"

    def test_after_a_call_that_nobody_answers_a_letter_follows(self, desk, claim):
        answer(desk, ask(desk, claim), "no_answer")
        assert now(claim).state == "verification"
        answer(desk, ask(desk, claim, LETTER))
        assert (now(claim).state, now(claim).route) == ("second_check", ["first_check", "verification", "second_check"])

    def test_a_letter_that_nobody_answers_brings_it_before_the_committee(self, desk, claim):
        asked = ask(desk, claim, LETTER)
        answer(desk, asked, "no_answer", on=date(2010, 3, 16), at=LATER)
        assert now(claim).route == ["first_check", "verification", "second_check", "committee"]
        assert desk.check(claim, desk.sue).state == "committee"

    def test_whoever_asked_decides_nothing_after_it(self, desk, claim):
        asked = verification.ask(claim=claim, question=PHONE, on=TODAY, by=desk.sue, at=NOON)
        answer(desk, asked)
        with pytest.raises(CannotVote, match="concerns himself"):
            desk.check(claim, desk.sue)


class TestRefusals:
    @pytest.mark.parametrize(
        ("question", "field", "words"),
        [
            (Question("dream", "x"), "way", "Choose how"),
            (Question("phone", " "), "whom", "who is asked"),
            (Question("letter", "x", deadline_on=date(2010, 3, 15)), "letter_number", "has its number"),
            (Question("letter", "x", letter_number="7"), "deadline_on", "until when"),
            (Question("letter", "x", letter_number="7", deadline_on=TODAY), "deadline_on", "a day after"),
        ],
    )
    def test_of_questions(self, desk, claim, question, field, words):
        with pytest.raises(CannotVerify, match=words) as refusal:
            ask(desk, claim, question)
        assert refusal.value.field == field
        assert Act.objects.filter(kind="refused", name="claim.verification-asked").exists()

    @pytest.mark.parametrize(
        ("on", "words"), [(date(2010, 3, 2), "not come yet"), (date(2010, 2, 28), "not taken in before")]
    )
    def test_of_days_of_questions(self, desk, claim, on, words):
        with pytest.raises(CannotVerify, match=words):
            ask(desk, claim, on=on)

    @pytest.mark.parametrize(
        ("outcome", "words", "on", "said"),
        [
            ("", "", TODAY, "Choose what"),
            ("maybe", "", TODAY, "Choose what"),
            ("genuine", "", date(2010, 3, 2), "not come yet"),
            ("genuine", "", date(2010, 2, 28), "after its question"),
            ("differs", " ", TODAY, "what differs"),
            ("no_answer", "", TODAY, "may come until"),
        ],
    )
    def test_of_answers(self, desk, claim, outcome, words, on, said):
        asked = ask(desk, claim, LETTER)
        with pytest.raises(CannotVerify, match=said):
            answer(desk, asked, outcome, words, on)
        assert now(asked).outcome == ""

    def test_the_last_day_of_the_deadline_is_still_inside(self, desk, claim):
        asked = ask(desk, claim, LETTER)
        with pytest.raises(CannotVerify, match="may come until"):
            answer(desk, asked, "no_answer", on=date(2010, 3, 15), at=LATER)

    def test_answered_once(self, desk, claim):
        asked = ask(desk, claim)
        ask(desk, claim, LETTER)
        answer(desk, asked)
        with pytest.raises(CannotVerify, match="answered already"):
            answer(desk, asked)

    def test_only_while_the_claim_is_verified(self, desk):
        claim = desk.handed_on()
        with pytest.raises(CannotVerify, match="it is in first check"):
            ask(desk, claim)

    def test_not_while_it_is_held(self, desk, claim):
        asked = ask(desk, claim)
        flags.set_flag(claim=claim, kind="audit", reason="twin", by=desk.hal, at=NOON)
        with pytest.raises(CannotVerify, match="held: twin"):
            answer(desk, asked)
