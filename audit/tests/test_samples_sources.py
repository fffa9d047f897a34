"""Samples of claims and of payments: what is frozen of them, whose own work they are, where an item leads to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from audit.models import PopulationRow
from audit.selectors import sampling as selectors
from audit.tests.sampling import Field, engagement
from claims.models import Claim
from conftest import sign_in
from funds.models import Payment
from funds.tests.settling import Scene, decide, orders_of
from funds.tests.test_settling import prepay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MARCH = {"since": date(2010, 1, 1), "until": date(2010, 3, 1)}


@pytest.fixture
def scene(appoint) -> Scene:
    return Scene.of(appoint)


@pytest.fixture
def field(scene, appoint, county) -> Field:
    return Field.of(appoint, county)


def browser(field: Field) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return sign_in(client, field.dan)


def test_claims_as_they_were_approved(scene, field):
    scene.settlement(3)
    made = field.frozen("claims", **MARCH)
    assert (made.items, made.amount) == (3, 60)
    assert sorted(PopulationRow.objects.values_list("number", flat=True)) == sorted(
        Claim.objects.values_list("number", flat=True)
    )
    kind = Claim.objects.earliest("pk").kind
    assert field.frozen("claims", **MARCH, kind=kind, scheme=scene.book.scheme).items == 3
    assert field.frozen("claims", **MARCH, kind="delivery").state == "empty"
    row = made.rows.get(place=1)
    assert selectors.worked_on(row, scene.office.sue)
    assert selectors.worked_on(row, Claim.objects.get(pk=row.subject_id).entered_by)
    assert not selectors.worked_on(row, field.dan)
    sample = field.drawn(made, size=3, tolerable_rate=Decimal(50))
    page = browser(field).get(reverse("audit:sample_item", args=[sample.items.earliest("position").pk]))
    assert "/claims/" in page.text


def test_payments_that_were_made(scene, field):
    asked = decide(prepay(scene), scene.finance)
    scene.pay(*orders_of(asked))
    made = field.frozen("payments", **MARCH)
    assert (made.items, made.amount) == (1, 1000)
    assert field.frozen("payments", **MARCH, scheme=scene.book.scheme).items == 1
    row = made.rows.get()
    assert row.number == Payment.objects.get().number
    assert selectors.worked_on(row, scene.acc)
    assert selectors.worked_on(row, scene.hal)
    assert not selectors.worked_on(row, field.dan)
    sample = field.drawn(made, size=1, tolerable_rate=Decimal(50))
    item = sample.items.get()
    page = browser(field).get(reverse("audit:sample_item", args=[item.pk]))
    assert (f"/{row.subject_id}/" in page.text, Payment.objects.get().payee_name in page.text) == (True, True)


def test_an_item_is_cited_by_its_sample_and_position(scene, field, county):
    from audit import sample_subjects, subjects

    scene.settlement(2)
    sample = field.drawn(field.frozen("claims", **MARCH), size=2, tolerable_rate=Decimal(50))
    item = sample.items.get(position=2)
    found = subjects.found("audit.sampleitem", f" {sample} 2 ")
    assert found is not None
    assert found.name == ("audit.sampleitem", str(item.pk))
    assert item.row.number in found.words
    assert subjects.page_of(*found.name) == reverse("audit:sample_item", args=[item.pk])
    for typed in ("", "CY2010-00001", f"{sample} x", f"{sample} 99", "CY 1"):
        assert sample_subjects.find(typed) is None
    assert engagement(county, field.dan, field.eva).pk != sample.population.engagement_id
