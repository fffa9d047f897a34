"""Certificates, injuries and admissions: what their services write, and what they refuse in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims.models import CertificateApplication, ChronicCertificate, InjuryConclusion, PanelFinding
from claims.selectors import before as selectors
from claims.services import admissions, certificates, injuries, panels
from claims.tests import before
from enrollment.services.keeping import CannotKeep
from enrollment.tests import factories
from office import deciding
from office.models import Body, Duty
from office.services import rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def refused(words: str):
    return pytest.raises(CannotKeep, match=words)


def now() -> Any:
    return timezone.now()


def _body(code: str, kind: str) -> Body:
    return Body.objects.create(code=code, name=code, kind=kind)


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
