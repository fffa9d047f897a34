"""What the pages of providers, catalogues and diseases ask of the database: as much for a few as for many."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.tests import basics, doors_basics
from claims.tests.test_views_basics import asked
from conftest import sign_in
from enrollment.tests import factories
from enrollment.tests.factories import scheme
from office import attachments, jobs
from office.models import Duty, Job
from office.tests.factories import tess

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 9

#: Statements of a page opened for the second time by whoever keeps all of it.
COSTS: dict[str, int] = {
    "agreement_end": 5,
    "agreement_sign": 6,
    "catalogue": 7,
    "catalogue_new": 5,
    "catalogues": 6,
    "diseases": 5,
    "diseases_new": 4,
    "import_job": 7,
    "listing_end": 5,
    "listing_new": 5,
    "listings": 6,
    "provider": 10,
    "provider_account": 5,
    "provider_add": 6,
    "provider_change": 7,
    "provider_close": 5,
    "providers": 6,
}


class World:
    """So many of each; pages are about the last of them."""

    def __init__(self, many: int) -> None:
        residents = scheme("residents", insures="person")
        factories.division()
        for number in range(many):
            self.provider = basics.provider(f"H{number}", f"医院{number}")
            basics.agreement(self.provider, residents)
            self.disease = basics.disease(f"I{number}", f"疾病{number}")
            self.listed = basics.listed(self.disease)
        for number in range(many):
            days_of = (f"{2000 + number}-01-01", f"{2000 + number}-12-31")
            self.agreement = basics.agreement(self.provider, period=days_of)
            self.edition = basics.edition(*((f"c{at}", "药") for at in range(many)), period=days_of)
        attachments.keep_made(
            subject=self.edition, name="a.csv", content=b"x", media_type="text/csv", by=tess(), at=timezone.now()
        )

    def arguments(self, name: str, check: Job) -> list[int]:
        """What the page's address needs."""
        of = {"agreement_end": self.agreement, "catalogue": self.edition, "listing_end": self.listed}
        of |= {"import_job": check}
        plain = {"providers", "provider_add", "catalogues", "catalogue_new", "diseases", "diseases_new", "listings"}
        return [] if name in plain | {"listing_new"} else [of.get(name, self.provider).pk]


@pytest.mark.parametrize("many", [FEW, MANY])
def test_a_page_asks_the_same_of_few_and_of_many(many, appoint, monkeypatch):
    monkeypatch.setattr(jobs, "_send", lambda pk: None)
    kim = sign_in(Client(), appoint("kim", Duty.ACCOUNTING_HEAD))
    world = World(many)
    check = asked(kim, *(["a1", "药", "丁", "x"] for _row in range(many)), first="2030-01-01")
    counted = {}
    for name in sorted(COSTS):
        where = reverse(f"claims:{name}", args=world.arguments(name, check))
        kim.get(where)
        with CaptureQueriesContext(connection) as questions:
            answer = kim.get(where)
        assert answer.status_code == 200, where
        counted[name] = len(questions)
    assert counted == COSTS


def test_every_page_that_shows_something_has_its_figure():
    assert {f"claims:{name}" for name in COSTS} == set(doors_basics.DOORS) - doors_basics.POST_ONLY
