"""What the services before a claim write, and what they refuse in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims.models import CertificateApplication, ChronicCertificate, InjuryConclusion, PanelFinding
from claims.selectors import before as selectors
from claims.services import admissions, certificates, injuries, outside_stays, panels, referrals, time_limits
from claims.services.before import next_number
from claims.tests import before
from enrollment.services.keeping import CannotKeep
from enrollment.tests import factories
from office import deciding
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


class TestCertificates:
    def test_from_the_application_to_the_card(self):
        given = before.certificate()
        assert given.number.startswith("MZ")
        assert given.group == "chronic-1"
        assert given.review_by == certificates.a_year_after(before.today())
        assert selectors.certificate_for(given.member, given.disease, before.today()) == given
        assert selectors.certificate_for(given.member, given.disease, before.ago(1)) is None
        assert selectors.certificates_of(given.member, before.today()) == [given]
        assert CertificateApplication.objects.get().state == "certified"

    def test_under_a_doubles_record(self):
        given = before.certificate()
        double = factories.member(factories.household("2"))
        factories.merge(double, given.member, before.today())
        assert selectors.certificate_for(double, given.disease, before.today()) == given

    @pytest.mark.parametrize("outcome", ["refused", "deferred"])
    def test_refused_or_put_off(self, outcome):
        asked, held = before.checked(), before.panel()
        before.found(held, asked, outcome=outcome, first=None, last=None, words="血压记录不足")
        panels.propose(panel=held, by=before.first(), at=now())
        before.vote(held, before.second())
        asked.refresh_from_db()
        assert asked.state == {"refused": "refused", "deferred": "checked"}[outcome]
        assert not ChronicCertificate.objects.exists()

    def test_minutes_sent_back_are_corrected(self):
        asked, held = before.checked(), before.panel()
        before.found(held, asked, last=before.today() + timedelta(days=9))
        panels.propose(panel=held, by=before.first(), at=now())
        before.vote(held, before.second(), "return", "有效期有误")
        held.refresh_from_db()
        assert held.state == "open"
        before.found(held, asked)
        panels.propose(panel=held, by=before.first(), at=now())
        before.vote(held, factories.head())
        assert PanelFinding.objects.get().certificate.period.upper == before.today() + timedelta(days=730)

    def test_minutes_that_nobody_decides_wait(self):
        asked, held = before.checked(), before.panel()
        before.found(held, asked)
        panels.propose(panel=held, by=before.first(), at=now())
        assert panels._decided(held, "deferred", before.second(), now()) == ""
        held.refresh_from_db()
        assert held.state == "proposed"
        assert "I10" in str(panels.rows(held))
        with pytest.raises(deciding.CannotWithdraw):
            panels._no_way_back(held, before.first(), now())

    def test_two_for_the_same_days(self):
        given = before.certificate()
        asked, held = before.checked(given.member), before.panel()
        before.found(held, asked)
        panels.propose(panel=held, by=before.first(), at=now())
        with pytest.raises(rounds.CannotVote, match="has a certificate"):
            before.vote(held, before.second())

    def test_what_an_application_is_refused_for(self):
        member = before.insured()
        with refused("Add the evidence"):
            form = certificates.Form(member, before.disease(), "县医院", before.ago(3))
            certificates.apply(form=form, evidence=[], by=before.intake(), at=now())
        unlisted = type(before.disease()).objects.create(code="J00", name="感冒")
        with refused("not on the list"):
            form = certificates.Form(member, unlisted, "县医院", before.ago(3))
            certificates.apply(form=form, evidence=[before.evidence()], by=before.intake(), at=now())
        before.application(member)
        with refused("waits already"):
            before.application(member)

    def test_checked_by_another_once(self):
        clerk = before.somebody("ma", Duty.TOWNSHIP_CLERK)
        asked = before.application(by=clerk)
        with refused("Somebody else"):
            certificates.check(application=asked, agrees=True, words="x", by=clerk, at=now())
        certificates.check(application=asked, agrees=False, words="不在目录", by=before.first(), at=now())
        asked.refresh_from_db()
        assert asked.state == "refused"
        for again in (
            lambda: certificates.check(application=asked, agrees=True, words="x", by=before.first(), at=now()),
            lambda: certificates.withdraw(application=asked, by=clerk, at=now()),
        ):
            with refused("checked already"):
                again()

    def test_taken_back_by_who_entered_it(self):
        asked = before.application()
        with refused("Whoever entered it"):
            certificates.withdraw(application=asked, by=before.somebody("ma", Duty.TOWNSHIP_CLERK), at=now())
        certificates.withdraw(application=asked, by=before.intake(), at=now())
        asked.refresh_from_db()
        assert asked.state == "withdrawn"
        far = before.somebody("far", Duty.TOWNSHIP_CLERK, _body("T9", "township_station"))
        with refused("not among"):
            certificates.check(application=asked, agrees=True, words="x", by=far, at=now())

    def test_reviewed_each_year(self):
        given = before.certificate()
        certificates.review(certificate=given, goes_on=True, words="病情稳定", by=before.first(), at=now())
        with refused("reviewed today"):
            certificates.review(certificate=given, goes_on=True, words="x", by=before.first(), at=now())
        later = now() + timedelta(days=1)
        certificates.review(certificate=given, goes_on=False, words="已治愈", by=before.first(), at=later)
        assert selectors.certificates_of(given.member, before.today() + timedelta(days=1)) == []
        assert selectors.certificates_of(given.member, before.today()) == [given]
        with refused("does not hold"):
            certificates.review(certificate=given, goes_on=True, words="x", by=before.first(), at=later)

    def test_a_certificate_that_ends_on_its_first_day_never_held(self):
        given = before.certificate()
        certificates.review(certificate=given, goes_on=False, words="误发", by=before.first(), at=now())
        given.refresh_from_db()
        assert given.period.isempty
        far = before.somebody("far", Duty.TOWNSHIP_CLERK, _body("T9", "township_station"))
        with refused("not among"):
            certificates.review(certificate=given, goes_on=True, words="x", by=far, at=now())

    def test_a_year_after_the_leap_day(self):
        leap = before.today().replace(year=2008, month=2, day=29)
        assert certificates.a_year_after(leap).isoformat() == "2009-03-01"

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"first": None}, "from when until when"),
            ({"last": -1}, "lies before"),
            ({"first": -1}, "begins with the panel"),
            ({"outcome": "refused", "words": ""}, "Say it in words"),
        ],
    )
    def test_findings_that_are_refused(self, change, words):
        given = {name: before.ago(1) if value == -1 else value for name, value in change.items()}
        with refused(words):
            before.found(before.panel(), before.checked(), **given)

    def test_panels_that_are_not_open(self):
        held = before.panel()
        with refused("found nothing"):
            panels.propose(panel=held, by=before.first(), at=now())
        with refused("does not wait"):
            before.found(held, before.application())
        panels.withdraw(panel=held, by=before.first(), at=now())
        with refused("not open"):
            panels.propose(panel=held, by=before.first(), at=now())


class TestInjuries:
    def test_from_the_statement_to_the_conclusion(self):
        opened = before.visited()
        assert selectors.conclusion_of(opened) is None
        written = before.concluded(opened)
        with pytest.raises(rounds.CannotVote):
            before.vote(written, before.first())
        before.vote(written, before.second())
        assert selectors.injury_for(opened.member, before.today()) == opened
        assert selectors.injury_for(opened.member, before.ago(4)) is None
        assert selectors.conclusion_of(opened) == written
        with refused("is concluded"):
            _visit(opened)

    def test_sent_back_it_is_written_again(self):
        opened = before.visited()
        before.vote(before.concluded(opened), before.second(), "refuse", "补充走访")
        _visit(opened)
        assert str(before.concluded(opened, payable=False)) == "not payable"
        with refused("waits or stands"):
            before.concluded(opened)
        assert InjuryConclusion.objects.count() == 2

    def test_not_payable_where_somebody_else_is_liable(self):
        opened = before.visited()
        with refused("nothing is payable"):
            before.concluded(opened, liable_party="肇事司机")
        written = before.concluded(opened, liable_party="肇事司机", payable=False)
        assert ("who is liable", "肇事司机") in injuries.rows(written)

    def test_two_go_there_first(self):
        opened = before.injury()
        with refused("Two people go there before"):
            before.concluded(opened)
        with refused("name the other one"):
            _visit(opened, second=before.first())
        with refused("lies before"):
            _visit(opened, on=before.ago(9))

    def test_not_out_of_sight(self):
        far = before.somebody("far", Duty.TOWNSHIP_CLERK, _body("T9", "township_station"))
        with refused("not among"):
            _visit(before.injury(), by=far)


def _visit(opened: Any, **more: Any) -> None:
    given = {"on": before.today(), "second": before.second(), "spoken_to": "村长", "words": "属实", **more}
    injuries.note_visit(inquiry=opened, at=now(), **{"by": before.first(), **given})


class TestAdmissions:
    def test_lies_there_until_discharged(self):
        noted = before.admission()
        member, keeper = noted.member, before.desk()
        assert selectors.in_hospital_on(member, before.ago(2)) == noted
        assert selectors.in_hospital_on(member, before.ago(3)) is None
        admissions.move_bed(admission=noted, ward="内二科", bed="3", by=keeper, at=now())
        admissions.discharge(admission=noted, on=before.ago(1), by=keeper, at=now())
        assert selectors.in_hospital_on(member, before.ago(1)) == noted
        assert selectors.in_hospital_on(member, before.today()) is None
        with refused("is over"):
            admissions.move_bed(admission=noted, ward="x", bed="3", by=keeper, at=now())

    def test_in_one_hospital_at_a_time(self):
        noted = before.admission()
        with refused("海原县人民医院 since"):
            before.admission(noted.member)
        with refused("This number"):
            before.admission(before.insured(number="2"), hospital_number=noted.hospital_number)

    def test_only_at_a_hospitals_own_desk(self):
        lost = before.somebody("lost", Duty.HOSPITAL_DESK, _body("B3", "hospital"))
        arrival = admissions.Arrival(before.insured(number="2"), "1", before.today(), "w", "b", "x")
        with refused("no hospital's desk"):
            admissions.admit(arrival=arrival, by=lost, at=now())
        with refused("not among"):
            admissions.move_bed(admission=before.admission(), ward="x", bed="y", by=lost, at=now())

    def test_beds_are_checked_by_others(self):
        noted = before.admission()
        with refused("Say it in words"):
            _check(noted, "absent")
        assert str(_check(noted, "absent", "床上无人，家属称回家")) == "not in bed"
        _check(noted, "found")
        with refused("after this day"):
            admissions.discharge(admission=noted, on=before.ago(1), by=before.desk(), at=now())
        with refused("the admission stays"):
            admissions.make_void(admission=noted, reason="x", by=before.desk(), at=now())
        with refused("Somebody else"):
            admissions.check_bed(admission=noted, finding="found", words="", by=_both(), at=now())
        far = before.somebody("far", Duty.TOWNSHIP_CLERK, _body("T9", "township_station"))
        with refused("not among"):
            _check(noted, "found", by=far)

    def test_made_void(self):
        noted = before.admission()
        admissions.make_void(admission=noted, reason="登错人", by=before.desk(), at=now())
        assert selectors.in_hospital_on(noted.member, before.today()) is None
        with refused("does not lie there"):
            _check(noted, "found")


def _both():
    """The desk's keeper, who was also given a duty that checks beds."""
    keeper = before.desk()
    factories.give(keeper, Duty.TOWNSHIP_CLERK, factories.head().appointments.get().body)
    vars(keeper).pop("_duties_today", None)
    return keeper


def _check(noted: Any, finding: str, words: str = "", **more: Any):
    return admissions.check_bed(
        admission=noted, finding=finding, words=words, at=now(), **{"by": before.first(), **more}
    )
