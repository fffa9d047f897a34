"""Fraud that was sown among a county's claims stands at the top of the ranking; without a screen less of it does."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from audit.models import Lead
from benchmarks import fraud
from benchmarks.bulk import load
from office.tests.factories import tess

pytestmark = pytest.mark.django_db(transaction=True)

SCALE = 0.005
AT = datetime(2026, 9, 15, 18, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_fraud_stands_at_the_top_of_the_ranking():
    load.load(SCALE, AT)
    sown = fraud.screened()
    one = fraud.compared(sown)
    assert one.frauds >= 50
    assert one.ranked > one.looked_at
    assert one.recall >= fraud.RECALL, one.missed
    assert 0 < one.false_alarms < one.looked_at
    _without_a_screen_less_of_it_does(sown)


def _without_a_screen_less_of_it_does(sown) -> None:
    """The negative control: without the screens that see them, split stays and borrowed names are missed."""
    told = {"state": "cleared", "reason": "x", "decided_by": tess(), "decided_at": AT}
    Lead.objects.filter(screen__in=["readmission", "shared_account"]).update(**told)
    without = fraud.compared(sown)
    assert without.recall < fraud.RECALL
    assert without.missed["borrowed"] + without.missed["split"] > 5
