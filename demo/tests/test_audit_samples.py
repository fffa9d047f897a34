"""The demo's samples: one half examined, one to be drawn, one concluded; work waits for the auditors."""

from __future__ import annotations

import time

import pytest

from audit.models import Population, Sample
from audit.services import samples
from conftest import NOON
from demo import audit_samples, county, enrolled
from office import desk
from office.models import Person

pytestmark = pytest.mark.django_db


def test_samples_wait_in_every_state(monkeypatch):
    monkeypatch.setattr(enrolled, "SCALE", 0.003)
    took: list[float] = []
    leave = audit_samples.leave

    def timed(*given):
        began = time.monotonic()
        leave(*given)
        took.append(time.monotonic() - began)

    monkeypatch.setattr(audit_samples, "leave", timed)
    assert county.load(NOON)
    print(f"samples of the demo: {took[0]:.2f} s")
    population = Population.objects.get()
    assert (population.state, population.items > 20) == ("frozen", True)
    states = dict(Sample.objects.values_list("method", "state"))
    assert states == {"money": "drawn", "attribute": "planned", "judgement": "concluded"}
    drawn = Sample.objects.get(method="money")
    assert samples.is_drawn_again(drawn)
    assert set(drawn.items.values_list("state", flat=True)) == {"open", "examined", "agreed"}
    inspector, auditor = (Person.objects.get(username=name) for name in ("inspector", "auditor"))
    for person, names in ((inspector, {"audit.samples", "audit.sample-items"}), (auditor, {"audit.sample-looks"})):
        waiting = {one.worklist.name for one in desk.waiting_for(person, NOON.date())}
        assert names <= waiting, waiting
