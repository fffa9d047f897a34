"""Screens over whoever takes in and checks: what each hits, what it just misses, what only looks like it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from audit.tests.screening import found, hits
from audit.tests.world import World, day
from claims.models import BulkDocument
from conftest import NOON
from funds.tests.factories import past_triggers
from office.models import Duty, WorkingDay
from office.tests.factories import fill_year

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class TestOutOfHours:
    def at(self, world, hour, minute=0, **more):
        """A claim taken in at an hour of Shanghai on 2 March."""
        moment = datetime(2010, 3, 2, hour, minute, tzinfo=UTC) - timedelta(hours=8)
        given = {"entered_on": day(3, 2), "entered_at": moment, **more}
        return world.stay(world.person(), day(2, 1), day(2, 8), **given)

    def of(self, story):
        return [hit for hit in hits("out_of_hours") if hit.story == story]

    @pytest.mark.parametrize(
        ("hour", "minute", "is_night"),
        [(21, 59, False), (22, 0, True), (2, 30, True), (5, 59, True), (6, 0, False), (12, 0, False)],
    )
    def test_at_night(self, world, hour, minute, is_night):
        claim = self.at(world, hour, minute)
        assert [hit.claims for hit in self.of("night")] == ([[claim.pk]] if is_night else [])

    def test_all_of_a_night_are_one_lead(self, world):
        claims = {self.at(world, 23).pk for _claim in range(3)}
        [hit] = self.of("night")
        assert (set(hit.claims), hit.clerk, hit.score) == (claims, world.desk.ian.pk, 28)
        assert "Ian took 3 claims in in the night of 2010-03-02" in hit.told

    def test_on_a_holiday_but_not_on_a_make_up_day(self, world):
        fill_year(2010)
        WorkingDay.objects.filter(day=day(3, 7)).update(is_working=True, source="notice")
        holiday = self.at(world, 10, entered_on=day(3, 6))
        self.at(world, 10, entered_on=day(3, 7))
        assert [hit.claims for hit in self.of("holiday")] == [[holiday.pk]]

    def test_a_day_that_the_table_does_not_know(self, world):
        self.at(world, 10, entered_on=day(3, 6))
        assert self.of("holiday") == []

    def test_rows_of_a_register_are_typed_when_there_is_time(self, world):
        document = BulkDocument.objects.create(
            number="D1", kind="village_register", scheme=world.desk.scheme, provider=self.at(world, 12).provider,
            month=day(3, 1), body=world.desk.ian.appointments.get().body, state_since=day(3, 1), entered_on=day(3, 1),
            entered_by=world.desk.ian, entered_at=NOON,
        )  # fmt: skip
        self.at(world, 23, document=document)
        assert self.of("night") == []

    @pytest.mark.django_db(transaction=True)
    def test_checked_within_a_minute(self, appoint):
        world = World.of(appoint)
        slow, quick = world.desk.handed_on(world.person()), world.desk.handed_on(world.person())
        for claim in (slow, quick):
            world.desk.check(claim, world.desk.fay)
        for claim, seconds in ((slow, 60), (quick, 59)):
            past_triggers(
                f"UPDATE claims_claimsvote v SET cast_at = r.opened_at + interval '{seconds} seconds'"
                f" FROM claims_claimsround r WHERE r.id = v.round_id AND r.subject_id = '{claim.pk}'"
            )
        [hit] = self.of("minute")
        assert (hit.claims, hit.clerk) == ([quick.pk], world.desk.fay.pk)

    @pytest.mark.django_db(transaction=True)
    def test_taken_in_and_checked_by_one_person(self, appoint):
        world = World.of(appoint)
        claim = world.desk.handed_on(world.person())
        world.desk.check(claim, world.desk.fay)
        assert self.of("same") == []
        past_triggers(f"UPDATE claims_claim SET entered_by_id = {world.desk.fay.pk}")
        [hit] = self.of("same")
        assert (hit.claims, hit.score, hit.clerk) == ([claim.pk], 95, world.desk.fay.pk)


class TestPairs:
    def office(self, world, appoint, together, apart):
        """Two clerks and two checkers: so many claims go to their own, so many to the other one."""
        clerks = (world.desk.ian, appoint("ina", Duty.INTAKE_CLERK))
        checkers = (world.desk.fay, appoint("fred", Duty.FIRST_CHECKER))
        for place, (own, other) in enumerate((checkers, checkers[::-1])):
            for checker, times in ((own, together), (other, apart)):
                for _claim in range(times):
                    claim = world.desk.claim(world.person(), entered_by=clerks[place])
                    world.desk.check(world.desk.hand_on(claim), checker)
        return clerks, checkers

    def told(self, **values):
        return sorted((hit.story, hit.claims and len(hit.claims), hit.clerk) for hit in hits("pairs", **values))

    def test_who_always_meet(self, world, appoint):
        clerks, _checkers = self.office(world, appoint, together=5, apart=0)
        assert self.told(rows=5) == sorted([("intake", 5, clerks[0].pk), ("intake", 5, clerks[1].pk)])
        assert found("pairs", rows=6) == []

    def test_who_meet_as_often_as_others(self, world, appoint):
        self.office(world, appoint, together=3, apart=3)
        assert self.told(rows=3) == []

    def test_where_there_is_one_checker_all_go_to_him(self, world):
        for _claim in range(5):
            world.desk.check(world.desk.handed_on(world.person()), world.desk.fay)
        assert found("pairs", rows=5) == []

    def test_two_checkers(self, world, appoint):
        other = appoint("sid", Duty.SECOND_CHECKER), appoint("fred", Duty.FIRST_CHECKER)
        for first, second in ((world.desk.fay, world.desk.sue), (other[1], other[0])):
            for _claim in range(3):
                claim = world.desk.handed_on(world.person())
                world.desk.check(claim, first)
                world.desk.check(claim, second)
        assert [one[0] for one in self.told(rows=3)] == ["checks", "checks"]
        assert "checked by Fay and then Sue" in " ".join(hit.told for hit in hits("pairs", rows=3))
