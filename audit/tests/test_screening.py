"""Running screens: the same hit is the same lead, a run goes on where it was, what is set holds from its day on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import translation

from audit import tasks
from audit.models import Lead, Screening, ScreenResult, ScreenSetting
from audit.screens.registry import SCREENS, choices
from audit.selectors import screens as selectors
from audit.selectors import thresholds
from audit.services import screen_settings, screening
from audit.services.screen_settings import CannotSet
from audit.services.screening import CannotScreen
from audit.services.screening_tables import Span, laid_out
from audit.tests.screening import SPAN, hits
from audit.tests.world import day, hospital
from claims.models import Admission
from claims.tests.factories import adopted
from conftest import NOON
from office import jobs
from office.models import Act, Job
from office.rules import days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = days.business_day(NOON)
PAST = Span(day(1, 1), TODAY)


@pytest.fixture
def split(world):
    """A stay that was split, by number of its claims."""
    who = world.person()
    one = world.stay(who, day(2, 1), day(2, 8), entered_by=world.desk.ian)
    two = world.stay(who, day(2, 9), day(2, 12), ["700"])
    return one.pk, two.pk


def run(dan, *screens, span=PAST) -> Screening:
    begun = screening.begin(span=span, screens=screens or SCREENS, by=dan, at=NOON)
    screening.go_on(begun, by=dan, at=NOON)
    return begun


class TestRunning:
    def test_a_hit_is_a_lead_about_its_claims(self, world, dan, split):
        begun = run(dan, "readmission")
        lead = Lead.objects.get()
        claim = lead.lead_claims.first().claim
        assert set(lead.lead_claims.values_list("claim", flat=True)) == set(split)
        assert (lead.screen, lead.state, lead.found_on) == ("readmission", "open", TODAY)
        assert (lead.member, lead.provider, lead.clerk) == (claim.member, claim.provider, world.desk.ian)
        assert lead.village == claim.member.household.village
        result = begun.results.get()
        assert (result.hits, result.kept, result.fresh) == (1, 1, 1)
        assert result.settings == {"days": "10", "most": "2000"}
        assert [one.name for one in Act.objects.filter(name__startswith="screening").order_by("pk")] == [
            "screening.begun",
            "screening.screen-ended",
        ]

    def test_found_again_it_is_the_same_lead(self, dan, split):
        run(dan, "readmission")
        again = run(dan, "readmission")
        assert Lead.objects.count() == 1
        assert (again.results.get().hits, again.results.get().fresh) == (1, 0)

    def test_of_too_many_the_highest_score_is_kept(self, world, dan, split):
        who = world.person()
        world.stay(who, day(2, 1), day(2, 8))
        world.stay(who, day(2, 18), day(2, 20))
        set_to(dan, "most", 1)
        result = run(dan, "readmission").results.get()
        assert (result.hits, result.kept, result.fresh) == (2, 1, 1)
        assert Lead.objects.get().score == 75

    def test_where_claims_differ_nobody_is_named(self, world, dan):
        who = world.person()
        world.stay(who, day(2, 1), day(2, 8))
        world.stay(who, day(2, 5), day(2, 12), provider=hospital("P2"))
        run(dan, "overlapping_stays")
        assert (Lead.objects.get().provider, Lead.objects.get().member) == (None, who)

    def test_the_doctor_is_he_who_admitted(self, world, dan):
        who, where = world.person(), hospital("P1")
        noted = {"entered_by": world.desk.ian, "entered_at": NOON, "changed_by": world.desk.ian, "changed_at": NOON}
        for number, (first, last) in enumerate(((1, 8), (9, 12))):
            admitted = Admission.objects.create(
                number=f"A{number}", provider=where, body=world.desk.ian.appointments.get().body, member=who,
                hospital_number=f"Z{number}", admitted_on=day(2, first), ward="内科", bed="1", illness="肺炎",
                doctor="李医生", discharged_on=day(2, last), **noted,
            )  # fmt: skip
            world.stay(who, day(2, first), day(2, last), admission=admitted)
        run(dan, "readmission")
        assert Lead.objects.get().doctor == "李医生"

    def test_it_goes_on_where_it_was(self, dan, split):
        begun = screening.begin(span=PAST, screens=["overlapping_stays", "readmission"], by=dan, at=NOON)
        ScreenResult.objects.create(
            screening=begun, screen="overlapping_stays", settings={}, hits=0, kept=0, fresh=0, seconds=1, ended_at=NOON
        )
        told = []
        screening.go_on(begun, by=dan, at=NOON, step=lambda done, total: told.append((done, total)))
        assert told == [(1, 2), (2, 2)]
        assert begun.results.count() == 2

    def test_claims_before_the_span_count_only_beside_those_in_it(self, world, dan):
        who = world.person()
        world.stay(who, day(1, 1), day(1, 8), entered_on=day(1, 10))
        world.stay(who, day(1, 9), day(1, 12), entered_on=day(1, 20))
        assert len(hits("readmission", Span(day(1, 15), day(2, 1)))) == 1
        assert hits("readmission", Span(day(1, 21), day(2, 1))) == []
        assert hits("readmission", Span(day(1, 1), day(1, 15))) == []

    @pytest.mark.parametrize(
        ("span", "screens", "field"),
        [
            (Span(day(2, 1), day(1, 1)), ["readmission"], "last"),
            (Span(TODAY + timedelta(days=1), TODAY + timedelta(days=2)), ["readmission"], "first"),
            (PAST, [], "screens"),
            (PAST, ["readmission", "gossip"], "screens"),
        ],
    )
    def test_what_is_refused(self, dan, span, screens, field):
        with pytest.raises(CannotScreen) as refusal:
            screening.begin(span=span, screens=screens, by=dan, at=NOON)
        assert refusal.value.field == field
        with pytest.raises(CannotScreen):
            screening.ask(span=span, screens=screens, by=dan, at=NOON)

    def test_nothing_of_it_stays_in_the_session(self, db):
        with pytest.raises(ZeroDivisionError), laid_out(PAST, votes=False):
            raise ZeroDivisionError
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'audit_screened%%'")
            assert cursor.fetchone()[0] == 0

    def test_a_broken_transaction_is_left_to_the_database(self, db):
        def fails() -> None:
            with transaction.atomic(), laid_out(PAST, votes=True):
                transaction.set_rollback(True)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fails()


class TestJobs:
    def test_asked_for_it_is_a_job_that_says_what_it_found(self, dan, split):
        asked = screening.ask(span=PAST, screens=["readmission", "elsewhere"], by=dan, at=NOON)
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert asked.state == Job.State.DONE
        assert {said.sentence: value for said, value in asked.figures} == {"Screens": 2, "Hits": 1, "New leads": 1}
        assert Screening.objects.get().job == asked
        jobs.run(asked.pk)
        assert Screening.objects.count() == 1

    def test_begun_again_after_a_crash_it_is_the_same_screening(self, dan, split):
        asked = screening.ask(span=PAST, screens=["readmission"], by=dan, at=NOON)
        screening.begin(span=PAST, screens=["readmission"], by=dan, at=NOON, job=asked)
        jobs.run(asked.pk)
        assert Screening.objects.get().results.count() == 1

    def test_by_night_everything_is_screened_once_a_day(self, dan, split):
        first = screening.by_night(NOON)
        assert (first.asked_by, first.last - first.first, len(first.screens)) == (None, screening.NIGHT, len(SCREENS))
        assert screening.by_night(NOON + timedelta(hours=1)) == first
        assert screening.by_night(NOON + timedelta(days=1)) != first
        assert Lead.objects.filter(screen="readmission").count() == 1

    def test_the_night_shift(self, db):
        tasks.screen_by_night()
        assert Screening.objects.get().results.count() == len(SCREENS)


def set_to(dan, name, value, since=TODAY, reason="the paper says so") -> ScreenSetting:
    return screen_settings.set_value(
        screen=SCREENS["readmission"], name=name, value=Decimal(value), since=since, reason=reason, by=dan, at=NOON
    )


class TestSettings:
    def test_it_holds_from_its_day_on(self, dan):
        screen = SCREENS["readmission"]
        set_to(dan, "days", 7)
        set_to(dan, "days", 5, since=TODAY + timedelta(days=10))
        set_to(dan, "days", 8)
        for after, value in ((0, 8), (9, 8), (10, 5)):
            known = selectors.in_force(TODAY + timedelta(days=after))
            assert selectors.values_of(screen, known)["days"] == value
        assert selectors.values_of(screen, selectors.in_force(TODAY - timedelta(days=1)))["days"] == 10
        assert str(ScreenSetting.objects.earliest("pk")) == "readmission.days: 7.00"

    def test_the_next_screening_goes_by_it(self, dan, world):
        who = world.person()
        world.stay(who, day(2, 1), day(2, 8))
        world.stay(who, day(2, 16), day(2, 20))
        set_to(dan, "days", 7)
        assert run(dan, "readmission").results.get().hits == 0

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"name": "gossip", "value": 1}, "name"),
            ({"name": "days", "value": 61}, "value"),
            ({"name": "days", "value": -1}, "value"),
            ({"name": "days", "value": 1, "since": TODAY - timedelta(days=1)}, "since"),
            ({"name": "days", "value": 1, "reason": " "}, "reason"),
        ],
    )
    def test_what_is_refused(self, dan, given, field):
        with pytest.raises(CannotSet) as refusal:
            set_to(dan, **given)
        assert refusal.value.field == field


def test_every_screen_tells_its_stories_in_both_languages():
    for screen in SCREENS.values():
        for words in (screen.title, screen.sentence, *screen.stories.values()):
            with translation.override("en"):
                english = str(words)
            with translation.override("zh-hans"):
                assert str(words) != english
    assert len(choices()) == len(SCREENS) == 21
    assert selectors.known("gossip") is None


class TestThresholds:
    def test_of_limits_and_plans(self, world):
        world.desk.limit("head", 5000, "total_cost")
        world.desk.limit("committee", 9000)
        found = thresholds.between(date(2010, 1, 1), date(2010, 6, 30))
        told = {(one.kind, int(one.amount), one.counter, one.year) for one in found}
        assert told == {("limit", 5000, "", 0), ("year", 6000, "inpatient.year", 2010)}

    def test_of_a_plan_with_deductibles(self, db):
        adopted()
        found = thresholds.between(SPAN.first, SPAN.last)
        assert {(one.kind, int(one.amount)) for one in found} == {
            ("deductible", 60), ("deductible", 90), ("deductible", 160), ("deductible", 600),
            ("ceiling", 20000), ("year", 30000),
        }  # fmt: skip


def test_records_have_names(dan):
    begun = run(dan, "readmission")
    assert str(begun) == f"{PAST.first} – {PAST.last}"
    assert str(begun.results.get()) == "readmission: 0"
