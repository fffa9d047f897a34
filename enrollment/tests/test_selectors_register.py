"""Is somebody covered on a day, and why, told from all his coverages."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from conftest import NOON
from enrollment.models import Coverage, Member
from enrollment.selectors import register
from enrollment.tests import factories

pytestmark = pytest.mark.django_db


def cover(who, year, begin=None, end=None, **more) -> Coverage:
    """A coverage brought along, so that nothing needs to be paid for it."""
    period = DateRange(begin or year.period.lower, end or year.period.upper)
    given = {"reason": "go_live", "noted_by": factories.tess(), "noted_at": NOON, **more}
    return Coverage.objects.create(member=who, scheme=year.scheme, fund_year=year, period=period, **given)


class TestOnDay:
    """Covered on that day, and why not."""

    def on(self, who, day=date(2010, 6, 1)) -> register.OnDay:
        return register.on_day(who, register.coverages_of(who), day)

    def test_covered(self):
        lan = factories.member()
        one = cover(lan, factories.fund_year())
        assert self.on(lan).covering == [one]
        assert self.on(lan, date(2010, 12, 31)).covering == [one]

    def test_what_is_void_covers_nobody(self):
        lan = factories.member()
        cover(lan, factories.fund_year(), void_reason="x")
        assert self.on(lan).why == "never"

    @pytest.mark.parametrize(
        ("day", "why"), [(date(2009, 12, 31), "later"), (date(2011, 1, 1), "earlier"), (date(1970, 2, 28), "not_born")]
    )
    def test_outside_of_the_year(self, day, why):
        lan = factories.member()
        cover(lan, factories.fund_year())
        assert self.on(lan, day).why == why

    def test_ended(self):
        lan = factories.member()
        cover(lan, factories.fund_year(), end=date(2010, 3, 2), ended_because="left")
        told = self.on(lan)
        assert (told.why, told.told_by.ended_because) == ("ended", "left")

    @pytest.mark.parametrize(("state", "why"), [("dead", "dead"), ("moved_away", "moved_away")])
    def test_gone(self, state, why):
        lan = factories.member()
        Member.objects.filter(pk=lan.pk).update(state=state, state_on=date(2010, 3, 1))
        lan.refresh_from_db()
        assert self.on(lan).why == why
