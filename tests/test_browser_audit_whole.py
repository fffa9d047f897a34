"""From a screening to the report, each person before his own screen and without a mouse: leads by a screening, one of
them confirmed and its claims held, an audit with a sample, a finding that cites the lead, the office's answer, a
measure, money that comes back by the books, the report on paper."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from audit.models import Lead, Sample, Screening
from audit.tests.sampling import contributions
from audit.tests.world import World, day, hospital
from funds.tests.factories import Counter
from office import jobs
from office.models import Body, Duty, Job
from tests.at_funds import Teller, at
from tests.test_browser_audit import (
    answered,
    begun,
    calendars,
    drafted,
    recovered_by,
    rectified,
    reported,
    sets,
)
from tests.test_browser_samples import drawn, examined, frozen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def screened(dan: Teller) -> Lead:
    """All screens over a year, by the workers; the lead that ranks first."""
    dan.opens("audit:screening_new")
    sets(dan, first="2010-01-01", last="2010-12-31")
    dan.press("F2")
    jobs.run(Job.objects.latest("pk").pk)
    assert Screening.objects.exists()
    return Lead.objects.filter(screen="overlapping_stays").get()


def confirmed_and_held(dan: Teller, lead: Lead) -> None:
    """Its claims are held before they are paid, then it is confirmed."""
    dan.opens("audit:lead", lead.pk)
    dan.press("Alt+p")
    dan.types(reason="调取病历核对")
    dan.press("F2")
    dan.shows("本线索暂缓")
    dan.press("Alt+d")
    dan.keys.tab_to(dan.page.locator("#id_outcome_0"))
    dan.keys.press("ArrowDown")
    expect(dan.page.locator("#id_outcome_1")).to_be_checked()
    dan.types(reason="两家医院的病历日期重叠")
    dan.press("F2")
    lead.refresh_from_db()
    assert lead.state == "confirmed"
    assert lead.holds.filter(flag__lifted_at__isnull=True).exists()


def sampled(dan: Teller, eva: Teller) -> Sample:
    """Drawn by the database's seed, examined by one, looked at by another, concluded."""
    frozen(dan)
    sample = drawn(dan)
    items = sample.items.count()
    dan.press("Alt+e")
    examined(dan, "有错", right_amount="5", why="收据存根少记一人", paper="底稿-1")
    for _item in range(items - 1):
        examined(dan, "正确")
    eva.opens("audit:sample", sample.pk)
    eva.press("Alt+l")
    for _item in range(items):
        eva.keys.press("Space")
        eva.press("F2")
    dan.opens("audit:sample", sample.pk)
    dan.press("F2")
    dan.types(conclusion="扩大检查")
    dan.press("F2")
    dan.shows("最可能多付")
    return sample


def test_from_the_screening_to_the_report(appoint, screens):
    Body.objects.filter(code="640522").update(name="海原县合管中心")
    calendars()
    world = World.of(appoint)
    who = world.person()
    world.stay(who, day(2, 1), day(2, 10))
    world.stay(who, day(2, 6), day(2, 14), ["2400.50", "310"], provider=hospital("P2"))
    counter = Counter.of(appoint, world.desk.scheme)
    counter.opened("10000")
    contributions([str(10 + number) for number in range(30)])
    dan, eva = at(screens, appoint("dan", Duty.INTERNAL_AUDITOR)), at(screens, appoint("eva", Duty.STATE_AUDITOR))
    hal, head = at(screens, world.desk.hal), at(screens, counter.head)

    lead = screened(dan)
    confirmed_and_held(dan, lead)
    of = begun(dan, eva.person, day(1, 1))
    sampled(dan, eva)
    found = drafted(dan, of, str(lead))
    answered(hal, found)
    rectified(dan, hal, eva, found)
    recovered_by(counter, head, dan, eva, found)
    text = reported(dan, eva, of, found)
    assert "1,200.00" in text
    assert str(lead) in text
    dan.opens("audit:lead", lead.pk)
    dan.shows(str(found))
    assert reverse("audit:finding", args=[found.pk]) in dan.page.content()
