"""The same invoice at a counter and in a file that an office brings along, at the same moment: it serves one of them.

Whoever wrote first is not seen by the other, because he has not ended yet: the database lets the other one wait. The
negative control runs the same without the database's guard: then an invoice that was used before serves a claim.
"""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.utils import translation

from claims.models import Claim, Invoice, UsedInvoice
from claims.services import beginning, intake
from claims.tests import beginning as files
from claims.tests import taking_in
from claims.tests.test_races_intake import together
from conftest import NOON
from enrollment.models import FundYear, GoLiveProtocol
from enrollment.services import go_live
from enrollment.services.go_live_files import CannotBring
from enrollment.tests import factories
from enrollment.tests.races import unguarded
from office.models import Duty

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 0.4
GUARDS = ("claims_invoice.invoice_was_not_used_before", "claims_usedinvoice.used_invoice_serves_nobody")


class Both:
    """A clerk with a claim, and a signed file that names its invoice."""

    def __init__(self, appoint: Any) -> None:
        self.ian, ann = appoint("ian", Duty.INTAKE_CLERK), appoint("ann", Duty.FUND_ACCOUNTANT)
        self.content = taking_in.content(taking_in.insured(), invoices=[taking_in.bill("77")])
        year = FundYear.objects.confirmed().get()
        self.protocol = files.signed(ann, factories.head(), "invoices", year, files.invoices("77", "78"))
        self.refused: list[str] = []

    def enter(self) -> None:
        """At the counter."""
        try:
            with translation.override("en"):
                intake.enter_claim(content=self.content, by=self.ian, at=NOON)
        except intake.CannotEnter as refusal:
            self.refused.append(str(refusal))

    def write(self) -> None:
        """The file."""
        with translation.override("en"):
            try:
                go_live.write(protocol=self.protocol, by=self.protocol.proposed_by, at=NOON, step=lambda *told: None)
            except CannotBring as refusal:
                self.refused.append(str(refusal))

    @property
    def state(self) -> str:
        return GoLiveProtocol.objects.get().state


@pytest.fixture
def both(appoint) -> Both:
    return Both(appoint)


def wait_before(monkeypatch, module: Any, name: str, event: threading.Event) -> None:
    """Whoever comes to a function waits until something has happened elsewhere."""
    plain = getattr(module, name)

    def late(*given: Any, **more: Any) -> Any:
        assert event.wait(20)
        return plain(*given, **more)

    monkeypatch.setattr(module, name, late)


def linger_at(monkeypatch, module: Any, name: str, event: threading.Event) -> None:
    """Whoever comes to a function says so, and stays for a while before he ends."""
    plain = getattr(module, name)

    def late(*given: Any, **more: Any) -> Any:
        event.set()
        threading.Event().wait(PATIENCE)
        return plain(*given, **more)

    monkeypatch.setattr(module, name, late)


def file_first(monkeypatch) -> None:
    """The file is written, not ended, when the counter writes what it had looked at before."""
    written = threading.Event()
    wait_before(monkeypatch, intake, "_next_number", written)
    linger_at(monkeypatch, go_live, "_move", written)


def test_the_counter_waits_for_the_file_and_says_why(both, monkeypatch):
    file_first(monkeypatch)
    together(both.enter, both.write)
    assert (both.state, Claim.objects.count(), UsedInvoice.objects.count()) == ("written", 0, 2)
    [words] = both.refused
    assert words.startswith("Invoice 064001 77 was paid before this system began (旧77)")


def test_the_file_waits_for_the_counter_and_is_not_written(both, monkeypatch):
    entered = threading.Event()
    linger_at(monkeypatch, intake, "_facts", entered)
    wait_before(monkeypatch, beginning.UsedInvoices, "write", entered)
    together(both.enter, both.write)
    assert (both.state, Invoice.objects.count(), UsedInvoice.objects.count()) == ("signed", 1, 0)
    assert both.refused == [
        "Somebody changed the register at the same time. Nothing was written: start the work again."
    ]


def test_without_the_database_an_invoice_used_before_would_serve_a_claim(both, monkeypatch):
    with unguarded(monkeypatch, *GUARDS):
        file_first(monkeypatch)
        together(both.enter, both.write)
        assert both.refused == []
        assert Invoice.objects.get().number == UsedInvoice.objects.first().number == "77"
