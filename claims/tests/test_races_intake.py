"""Two counters at the same moment: an invoice serves one claim, the numbers of a year have no gap and no double.

The overlap is forced by barriers. The negative controls run the same without intake's lock, or without the database's
own key: then numbers clash, and one invoice serves two claims.
"""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.utils import translation

from claims.models import Claim, Invoice
from claims.selectors import intake as selectors
from claims.services import intake
from claims.services.intake import CannotEnter
from claims.tests import taking_in
from conftest import NOON
from enrollment.tests.races import meeting, unguarded
from office.models import Duty

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 0.4
CLERKS = 4
EACH = 5


class Counter:
    """Two people who are insured, and clerks who enter at the same moment."""

    def __init__(self, appoint: Any, clerks: int = 2) -> None:
        self.clerks = [appoint(f"ida{number}", Duty.INTAKE_CLERK) for number in range(clerks)]
        self.people = [taking_in.insured(f"{number:04}") for number in range(clerks)]
        self.entered: list[Claim] = []
        self.refused: list[str] = []
        taking_in.content(self.people[0])  # provider and disease are there

    def enter(self, at: int, number: str) -> None:
        """One clerk enters a claim on one invoice; what was refused is kept in words."""
        asked = taking_in.content(self.people[at], invoices=[taking_in.bill(number)])
        try:
            with translation.override("en"):  # each thread has its own language
                self.entered.append(intake.enter_claim(content=asked, by=self.clerks[at], at=NOON))
        except (CannotEnter, DatabaseError) as refusal:
            self.refused.append(str(refusal))


def together(*works: Any) -> None:
    """Every work in a thread and with a connection of its own, all begun at the same moment."""
    ready = threading.Barrier(len(works))

    def go(work: Any) -> None:
        try:
            ready.wait(20)
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_one_invoice_at_two_counters(appoint, monkeypatch):
    counter = Counter(appoint)
    meeting(monkeypatch, intake, "_next_number", 5)  # both have looked, and neither has seen the other
    together(lambda: counter.enter(0, "77"), lambda: counter.enter(1, "77"))
    [claim] = counter.entered
    [words] = counter.refused
    assert words.startswith(f"Invoice 064001 77 was used already: claim {claim.number} of ")
    assert Invoice.objects.get().claim == claim
    assert list(Claim.objects.all()) == [claim]


def test_without_the_database_one_invoice_would_serve_two_claims(appoint, monkeypatch):
    counter = Counter(appoint)
    with unguarded(monkeypatch, "invoice_serves_one_claim"):
        meeting(monkeypatch, intake, "_next_number", 5)
        together(lambda: counter.enter(0, "77"), lambda: counter.enter(1, "77"))
        assert (len(counter.entered), counter.refused) == (2, [])


def enter_many(counter: Counter) -> None:
    def of(clerk: int) -> None:
        for count in range(EACH):
            counter.enter(clerk, f"{clerk}{count:03}")

    together(*(lambda clerk=clerk: of(clerk) for clerk in range(CLERKS)))


def test_numbers_of_a_year_without_a_gap_or_a_double(appoint, monkeypatch):
    counter = Counter(appoint, CLERKS)
    meeting(monkeypatch, selectors, "lines_of", PATIENCE)
    enter_many(counter)
    assert counter.refused == []
    wanted = [f"2010{number:07}" for number in range(1, CLERKS * EACH + 1)]
    assert sorted(Claim.objects.values_list("number", flat=True)) == wanted


def test_without_the_lock_two_would_have_one_number(appoint, monkeypatch):
    counter = Counter(appoint)
    monkeypatch.setattr(intake, "LOCK", "SELECT 1")
    meeting(monkeypatch, intake, "_facts", PATIENCE)
    plain = intake._next_number
    met = threading.Barrier(2)

    def slowly(year: int) -> str:
        number = plain(year)
        met.wait(5)
        return number

    monkeypatch.setattr(intake, "_next_number", slowly)
    together(lambda: counter.enter(0, "1"), lambda: counter.enter(1, "2"))
    assert len(counter.entered) == 1
    assert "claims_claim_number" in counter.refused[0]
