"""What the services before a claim write, and what they refuse in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims.selectors import before as selectors
from claims.services import outside_stays, referrals, time_limits
from claims.services.before import next_number
from claims.tests import before
from enrollment.services.keeping import CannotKeep
from enrollment.tests import factories
from office.models import Act, Duty
from office.services import rounds
from office.tests.factories import fill_year

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def refused(words: str):
    return pytest.raises(CannotKeep, match=words)


def now() -> Any:
    return timezone.now()


class TestReferrals:
    def test_asked_for_decided_and_asked_by_claims(self):
        asked = before.referral()
        assert asked.number == f"ZZ{before.today().year}-00001"
        assert (asked.valid.lower, asked.valid.upper) == (before.today(), before.today() + timedelta(days=30))
        args = (asked.member, before.outside(), before.today())
        assert selectors.referral_for(*args) is None
        before.vote(asked, before.first())
        assert selectors.referral_for(*args) == asked
        assert selectors.referral_for(asked.member, before.provider("P02", "outside"), before.today()) is None
        assert selectors.referral_for(asked.member, before.outside(), before.today() + timedelta(days=30)) is None
        assert [one.name for one in Act.objects.filter(subject_type="claims.referral").order_by("pk")] == [
            "referral.asked",
            "round.opened",
            "round.voted",
            "round.closed",
            "referral.decided",
        ]

    def test_refused_with_the_reason(self):
        asked = before.referral()
        before.vote(asked, factories.head(), "refuse", "本县可以治疗")
        asked.refresh_from_db()
        assert asked.state == "refused"

    def test_never_by_its_maker(self):
        asked = before.referral()
        with pytest.raises(rounds.CannotVote):
            before.vote(asked, before.intake())

    def test_as_long_as_the_paper_says(self):
        member = before.insured()
        with refused("Say for how many days"):
            before.referral(member, holds=None)
        before.time_limit("referral_holds", 60)
        assert before.referral(member, holds=None).valid.upper == before.today() + timedelta(days=60)
        with refused("60 days at most"):
            before.referral(member, holds=61)

    def test_an_emergency_has_no_last_day_where_no_paper_sets_one(self):
        assert referrals._last_day(factories.scheme("unset"), before.today()) is None

    def test_an_emergency_counts_by_working_days(self):
        for year in (before.today().year - 1, before.today().year):
            fill_year(year)
        before.time_limit("emergency_filed", 3)
        asked = before.referral(admitted_on=before.ago(20))
        assert asked.due_on is not None
        assert asked.is_late
        assert asked.valid.lower == before.ago(20)
        assert "filed late" in str(referrals.rows(asked))

    def test_an_emergency_in_time(self):
        fill_year(before.today().year)
        fill_year(before.today().year + 1)
        before.time_limit("emergency_filed", 3)
        asked = before.referral(admitted_on=before.today())
        assert not asked.is_late
        assert "filed late" not in str(referrals.rows(asked))

    def test_an_emergency_beyond_the_working_day_table(self):
        before.time_limit("emergency_filed", 3)
        with refused("does not reach"):
            before.referral(admitted_on=before.ago(1))

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"destination": "H02"}, "Inside the county"),
            ({"origin": "P01"}, "hospital of the county refers"),
            ({"reason": " "}, "Say it in words"),
            ({"admitted_on": -1}, "has not come yet"),
        ],
    )
    def test_refused_in_words(self, change, words):
        given: dict[str, Any] = {"origin": before.provider("H01"), **change}
        before.outside()
        for field in ("origin", "destination"):
            if isinstance(given.get(field), str):
                given[field] = before.provider(given[field])
        if "admitted_on" in given:
            given["admitted_on"] = before.today() + timedelta(days=1)
        form = before.referral_form()
        with refused(words):
            referrals.ask(form=referrals.Form(**{**vars(form), **given}), by=before.intake(), at=now())

    def test_a_closed_hospital(self):
        form = before.referral_form()
        form.destination.closed_on = before.today()
        with refused("is closed"):
            referrals.ask(form=form, by=before.intake(), at=now())

    def test_a_hospitals_desk_refers_its_own(self):
        keeper = before.desk()
        form = before.referral_form()
        asked = referrals.ask(form=form, by=keeper, at=now())
        assert asked.body == keeper.appointments.get().body
        with refused("its own patients"):
            referrals.ask(form=referrals.Form(**{**vars(form), "origin": before.provider("H09")}), by=keeper, at=now())

    def test_not_for_whom_nobody_insures(self):
        before.years()
        with refused("was not insured"):
            before.referral(factories.member())

    def test_not_without_the_duty(self):
        with refused("None of your duties"):
            referrals.ask(form=before.referral_form(), by=before.first(), at=now())

    def test_seen_by_both_hospitals_and_the_township(self):
        asked = before.referral()
        far = before.somebody("far", Duty.HOSPITAL_DESK, _body("B2", "hospital"))
        assert not type(asked).objects.visible_to(far).exists()
        assert type(asked).objects.visible_to(before.intake()).exists()
        near = _body("T1", "township_station")
        asked.member.household.village.parent.station = near
        asked.member.household.village.parent.save()
        assert type(asked).objects.visible_to(before.somebody("ma", Duty.TOWNSHIP_CLERK, near)).exists()


def _body(code: str, kind: str):
    from office.models import Body

    return Body.objects.create(code=code, name=code, kind=kind)


def test_numbers_run_on():
    first = before.referral()
    second = before.referral(first.member)
    assert second.number.endswith("-00002")
    assert next_number(type(first), "ZZ", before.today().replace(year=2001)) == "ZZ2001-00001"


class TestTimeLimits:
    def test_confirmed_by_a_second(self):
        asked = before.time_limit("outside_reported", 5)
        assert asked.state == "confirmed"
        assert selectors.limit_of(asked.scheme, "outside_reported", before.today()) == 5
        assert selectors.limit_of(asked.scheme, "referral_holds", before.today()) is None

    def test_refused_by_a_second(self):
        asked = _proposed()
        before.vote(asked, factories.head(), "refuse", "文件不符")
        asked.refresh_from_db()
        assert asked.state == "refused"

    def test_days_in_order_and_its_own(self):
        with refused("lies before"):
            _proposed(last=before.ago(900))
        before.time_limit("referral_holds", 60)
        with refused("Another row"):
            _proposed()

    def test_what_came_between_is_told_to_the_voter(self):
        one, other = _proposed(), _proposed(days=90)
        before.vote(one, factories.head())
        with pytest.raises(rounds.CannotVote, match="Another row"):
            before.vote(other, factories.head())

    def test_what_a_voter_reads(self):
        asked = _proposed(last=before.today())
        assert dict(time_limits.rows(asked))["number of days"] == "60"
        assert time_limits.content(asked)["to"] == before.today() + timedelta(days=1)


def _proposed(**more: Any):
    given: dict[str, Any] = {
        "scheme": before.years().scheme, "kind": "referral_holds", "days": 60, "first": before.ago(400), "last": None,
        "document": "测政发〔2009〕88号", **more,
    }  # fmt: skip
    return time_limits.propose(by=before.somebody("feng", Duty.FUND_ACCOUNTANT), at=now(), **given)


class TestOutsideStays:
    def test_late_is_told_and_not_refused(self):
        before.time_limit("outside_reported", 5)
        member = before.insured()
        assert not before.stay(member).is_late
        late = before.stay(member, admitted_on=before.ago(9))
        assert late.is_late
        assert late.due_on == before.ago(4)

    def test_found_by_claims(self):
        member = before.insured()
        named = before.stay(member, admitted_on=before.ago(5))
        known = before.stay(member, admitted_on=before.ago(6), provider=before.outside(), hospital="")
        assert known.hospital == "宁夏医科大学总院"
        assert selectors.registration_for(member, before.outside(), before.ago(5)) == known
        other = before.provider("P02", "outside")
        assert selectors.registration_for(member, other, before.ago(5)) == named
        assert selectors.registration_for(member, other, before.ago(60)) is None

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"hospital": ""}, "Say in which hospital"),
            ({"phone": ""}, "Say it in words"),
            ({"reported_by": " "}, "Say it in words"),
            ({"provider": "H01"}, "inside the county"),
            ({"reported_on": 9}, "lies before"),
        ],
    )
    def test_refused_in_words(self, change, words):
        given = dict(change)
        if "provider" in given:
            given["provider"] = before.provider("H01")
        if "reported_on" in given:
            given["reported_on"] = before.ago(9)
        with refused(words):
            before.stay(**given)

    def test_once_and_made_void(self):
        noted = before.stay()
        with refused("noted already"):
            before.stay(noted.member)
        outside_stays.make_void(stay=noted, reason="登错人", by=before.intake(), at=now())
        assert selectors.registration_for(noted.member, before.outside(), noted.admitted_on) is None
        with refused("void already"):
            outside_stays.make_void(stay=noted, reason="x", by=before.intake(), at=now())
        before.stay(noted.member)

    def test_not_out_of_sight(self):
        far = before.somebody("far", Duty.TOWNSHIP_CLERK, _body("T9", "township_station"))
        with refused("not among what your office sees"):
            outside_stays.make_void(stay=before.stay(), reason="x", by=far, at=now())
