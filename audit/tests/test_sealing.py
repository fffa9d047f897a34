"""Rows are sealed when no running transaction can touch them; a killed, doubled or late sealer does no harm."""

from __future__ import annotations

import pytest

from audit import verifier
from audit.models import Seal
from audit.selectors import seals
from audit.services import sealing
from conftest import NOON
from office import trail
from office.models import Act

pytestmark = pytest.mark.django_db(transaction=True)


def act(body, **facts) -> Act:
    return trail.record("body.added", body, by=None, at=NOON, **facts)


def look(**more):
    with seals.reading() as connection:
        return verifier.verify(connection, **more)


class TestSeal:
    def test_what_is_there_is_sealed_and_found_unaltered(self, county):
        act(county)
        done = sealing.run(at=NOON)
        report = look()
        assert (done.seals, report.found, report.unsealed) == (1, 0, 0)
        assert report.rows == done.rows > 1
        act(county)
        assert look().unsealed == 1
        assert sealing.run(at=NOON).rows == 1
        assert look().rows == done.rows + 1
        assert sealing.run(at=NOON).rows == 0
        assert Seal.objects.count() == 2
