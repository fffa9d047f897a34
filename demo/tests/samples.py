"""What the demo leaves of the auditors' samples: one half examined, one to be drawn, one concluded; and their work."""

from __future__ import annotations

from datetime import date

from audit.models import Population, Sample
from audit.services import samples
from office import desk
from office.models import Person


def assert_samples_wait_in_every_state(today: date) -> None:
    population = Population.objects.get()
    assert (population.state, population.items > 20) == ("frozen", True)
    states = dict(Sample.objects.values_list("method", "state"))
    assert states == {"money": "drawn", "attribute": "planned", "judgement": "concluded"}
    drawn = Sample.objects.get(method="money")
    assert samples.is_drawn_again(drawn)
    assert set(drawn.items.values_list("state", flat=True)) == {"open", "examined", "agreed"}
    inspector, auditor = (Person.objects.get(username=name) for name in ("inspector", "auditor"))
    for person, names in ((inspector, {"audit.samples", "audit.sample-items"}), (auditor, {"audit.sample-looks"})):
        waiting = {one.worklist.name for one in desk.waiting_for(person, today)}
        assert names <= waiting, waiting
