"""Random office work over all rooms: people enroll and pay, claims come, are checked, cut, refused, held, approved,
paid, returned, taken back and recovered, months are closed and opened again, in any order and by the wrong people too.
After every step everything that must hold is looked at (tests/office_holds.py).
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from claims.services import reversing
from funds.services import book_checks, closing_checks
from funds.tests.paying import ONE_LAYER
from tests.office_holds import Broken, Watch
from tests.office_work import Office

pytestmark = pytest.mark.django_db

#: What may be tried, and how often beside the others.
STEPS = {
    "enroll": 1, "pay_again": 1, "pay_ahead": 2, "hand_in": 2, "deposit": 2, "ask_refund": 3, "refund": 5, "claim": 5,
    "same_invoice": 1, "check": 12, "cut": 1, "refuse": 1, "send_back": 1, "hand_on": 2, "hold": 1, "let_go": 2,
    "take_back": 3, "fill": 1, "batch": 8, "release": 16, "send": 10, "answer": 10, "another_account": 3, "recover": 3,
    "close": 1, "reopen": 4, "late_posting": 1,
}  # fmt: skip
EACH = [name for name, weight in STEPS.items() for _time in range(weight)]
#: What is refused whenever it is tried.
NEVER = {"pay_again"}
NO_CEILING = ONE_LAYER.replace("    ceilings:\n      - {counter: year, amount: 6000}\n", "")


@pytest.fixture(autouse=True)
def checks_of_the_books(monkeypatch):
    """A month is closed by what the books themselves ask; sheets of banks and slips have tests of their own."""
    monkeypatch.setattr(closing_checks, "_checks", {})
    book_checks.register()


def days_of(office: Office) -> type[RuleBasedStateMachine]:
    """Days in one office: each begins with four households and some claims, and what was done in it is taken away."""

    class Days(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.all = transaction.atomic()
            self.all.__enter__()
            self.watch = Watch()
            self.steps = 0
            office.fill(100, 0)
            for number in range(4):
                office.enroll(number, 0)
                office.claim(number, 4 * number)
                office.check(0, 0)
            self.watch.look()

        @rule(dice=st.integers(0, 10_000))
        def step(self, dice: int) -> None:
            """Dice of the same number throw otherwise at another step: the simplest day is no dull one."""
            self.steps += 1
            thrown = random.Random(f"{self.steps} {dice}")
            office.try_one_of(thrown.sample(EACH, len(EACH)), thrown.randrange(41), thrown.randrange(41))
            self.watch.look()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.all.__exit__(None, None, None)

    return Days


def run(office: Office, *, days: int, steps: int, **more: Any) -> None:
    """So many days of so many steps, always the same ones."""
    how = settings(
        max_examples=days, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), print_blob=False, **more,
    )  # fmt: skip
    run_state_machine_as_test(days_of(office), settings=how)


def test_whatever_they_try_everything_holds(appoint):
    office = Office(appoint)
    run(office, days=2, steps=160)
    assert len(+office.done) > len(STEPS) / 2, office.done
    assert len(office.refused) > len(STEPS) / 4, office.told


@pytest.mark.soak
def test_fifty_thousand_steps(appoint):
    office = Office(appoint)
    run(office, days=250, steps=200)
    print(dict(office.done), dict(office.refused))


def through(office: Office, *steps: str, other: int = 20) -> None:
    """What is tried on the newest of its kind, and done."""
    for what in steps:
        before = office.done[what]
        office.step(what, -1, other)
        assert office.done[what] == before + 1, (what, office.told)


def test_each_step_can_be_done(appoint):
    """Else a random day would be a day of refusals, and nobody would know."""
    office, watch = Office(appoint), Watch()
    through(office, "enroll", "deposit", "pay_ahead", "hand_in", "ask_refund", "deposit", "refund")
    for _time in range(4):
        office.step("fill", 100, 0)
    through(office, "claim", "check", "check", "hold", "let_go", "batch", "release", "release", "send", "answer")
    through(office, "take_back", "recover", "enroll", "claim", "send_back", "hand_on")
    through(office, "cut", "check", "batch", "release", "release", "send")
    through(office, "answer", other=3)  # it came back
    through(office, "another_account", "batch", "release", "release", "send", "answer", "claim", "refuse")
    through(office, "same_invoice")
    office.step("close", 0, 0)  # January
    through(office, "reopen", "late_posting")
    watch.look()
    office.step("pay_again", -1, 0)
    assert set(+office.done) == set(STEPS) - NEVER


def test_a_plan_that_forgets_its_ceiling_is_found(appoint):
    """A negative control."""
    office = Office(appoint, NO_CEILING)
    through(office, "enroll", "claim", "check", "check")
    with pytest.raises(Broken, match="above the ceiling"):
        Watch().look()


def test_a_reversal_that_gives_nothing_back_is_found(appoint, monkeypatch):
    """A negative control."""
    monkeypatch.setattr(reversing, "_give_back", lambda *given: None)
    office = Office(appoint)
    through(office, "enroll", "claim", "check", "check", "take_back")
    with pytest.raises(Broken, match="has used"):
        Watch().look()


def test_a_row_that_goes_is_found(appoint):
    """A negative control: tables are counted, so that a step which takes rows away is told."""
    Office(appoint)
    watch = Watch()
    watch.look()
    watch.rows["claims_claimevent"] += 1
    with pytest.raises(Broken, match="claims_claimevent"):
        watch.look()
