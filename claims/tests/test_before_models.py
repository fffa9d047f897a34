"""What the database itself refuses of what comes before a claim, asked by SQL as the run-time role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from claims.models import (
    Admission,
    CertificateApplication,
    ChronicCertificate,
    ExpertPanel,
    InjuryConclusion,
    Referral,
    TimeLimit,
)
from claims.tests import before
from office.models import StateMove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def refused(words: str):
    return pytest.raises(IntegrityError, match=words)


def sql(statement: str, *values: Any) -> None:
    """As the run-time role, past every model."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("model", [CertificateApplication, ExpertPanel, InjuryConclusion, Referral, TimeLimit])
def test_the_database_knows_the_same_moves(model):
    found = StateMove.objects.filter(table=model._meta.db_table)
    assert {(one.before, one.after): one.outcome for one in found} == model.MOVES


@pytest.mark.parametrize("table", ["bedcheck", "certificatereview", "injuryinquiry", "injuryvisit"])
@pytest.mark.parametrize("statement", ["UPDATE claims_{} SET id = id", "DELETE FROM claims_{}"])
def test_what_was_seen_and_stated_stays(table, statement):
    with pytest.raises(ProgrammingError, match="permission denied"):
        sql(statement.format(table))


class TestReferrals:
    def test_nobody_approves_alone(self):
        asked = before.referral()
        with refused("no round has decided"):
            sql("UPDATE claims_referral SET state = 'approved' WHERE id = %s", asked.pk)

    def test_a_form_does_not_change(self):
        asked = before.referral()
        with refused("what was asked for does not change"):
            sql("UPDATE claims_referral SET destination_id = origin_id WHERE id = %s", asked.pk)

    def test_it_leads_elsewhere(self):
        here = before.provider("H01")
        form = before.referral()
        form.pk, form.number, form.destination = None, "x", here
        with refused("referral_leads_elsewhere"):
            form.save()

    def test_an_emergency_has_its_day(self):
        form = before.referral()
        form.pk, form.number, form.is_emergency = None, "x", True
        with refused("referral_of_an_emergency_has_its_day"):
            form.save()


class TestTimeLimits:
    def test_nobody_confirms_alone(self):
        before.time_limit("referral_holds", 60)
        sql(
            "INSERT INTO claims_timelimit (scheme_id, kind, days, period, document, state, proposed_by_id, proposed_at)"
            " SELECT scheme_id, 'emergency_filed', 3, period, document, 'proposed', proposed_by_id, proposed_at"
            " FROM claims_timelimit"
        )
        with refused("no round has decided"):
            sql("UPDATE claims_timelimit SET state = 'confirmed' WHERE kind = 'emergency_filed'")

    def test_two_of_a_kind_never_overlap(self):
        known = before.time_limit("referral_holds", 60)
        with refused("does not go from"):
            sql(
                "INSERT INTO claims_timelimit (scheme_id, kind, days, period, document, state, proposed_by_id,"
                " proposed_at) SELECT scheme_id, kind, 3, period, document, 'confirmed', proposed_by_id, proposed_at"
                " FROM claims_timelimit WHERE id = %s",
                known.pk,
            )


class TestOutsideStays:
    def test_a_report_stays_and_is_void_once(self):
        noted = before.stay()
        with refused("what was written down stays"):
            sql("UPDATE claims_outsidestay SET admitted_on = admitted_on - 1 WHERE id = %s", noted.pk)
        made_void = "UPDATE claims_outsidestay SET void_reason = %s, voided_by_id = taken_by_id, voided_at = taken_at"
        sql(made_void, "错登")
        with refused("answered already"):
            sql(made_void, "again")


class TestCertificates:
    def test_who_entered_it_does_not_check_it(self):
        before.application()
        with refused("checked_by_another"):
            sql(
                "UPDATE claims_certificateapplication SET state = 'checked', checked_by_id = entered_by_id,"
                " checked_on = applied_on, check_words = 'x'"
            )

    def test_not_without_a_check(self):
        before.application()
        with refused("somebody checks"):
            sql("UPDATE claims_certificateapplication SET state = 'checked'")

    def test_not_without_a_panel(self):
        before.checked()
        for state in ("certified", "refused"):
            with refused("no confirmed panel"):
                sql("UPDATE claims_certificateapplication SET state = %s", state)

    def test_not_by_minutes_that_nobody_confirmed(self):
        held, asked = before.panel(), before.checked()
        before.found(held, asked)
        with refused("no confirmed panel"):
            sql("UPDATE claims_certificateapplication SET state = 'certified'")
        sql("UPDATE claims_expertpanel SET state = 'proposed'")
        with refused("no round has decided"):
            sql("UPDATE claims_expertpanel SET state = 'confirmed'")

    def test_a_check_is_noted_once(self):
        before.checked()
        with refused("noted once"):
            sql("UPDATE claims_certificateapplication SET check_words = 'y'")

    def test_an_application_does_not_change(self):
        before.application()
        with refused("what was asked for does not change"):
            sql("UPDATE claims_certificateapplication SET hospital = 'y'")
        with refused("does not go from"):
            sql("UPDATE claims_certificateapplication SET state = 'certified'")

    def test_confirmed_findings_stay(self):
        before.certificate()
        with refused("open panel finds"):
            sql("UPDATE claims_panelfinding SET words = 'y'")

    def test_a_certificate_begins_holds_waits_for_its_review_and_is_over(self):
        given, day = before.certificate(), timedelta(days=1)
        first, end = given.period.lower, given.period.upper
        assert (given.standing_on(first - day), given.standing_on(first)) == ("coming", "holds")
        assert (given.standing_on(given.review_by), given.standing_on(given.review_by + day)) == ("holds", "late")
        assert (given.standing_on(end - day), given.standing_on(end)) == ("late", "over")
        given.period = type(given.period)(empty=True)
        assert given.standing_on(first) == "over"

    def test_a_certificate_is_what_the_panel_found_and_only_ends(self):
        given = before.certificate()
        copy = ChronicCertificate.objects.get()
        copy.pk, copy.number = None, "x"
        copy.period = type(given.period)(given.period.lower, given.period.upper + timedelta(days=1))
        with refused("no confirmed panel"), transaction.atomic():
            copy.save()
        with refused("stays as it was given"):
            sql("UPDATE claims_chroniccertificate SET number = 'y'")
        with refused("only ends"):
            sql("UPDATE claims_chroniccertificate SET period = daterange(lower(period), upper(period) + 1)")
        with refused("only ends"):
            sql("UPDATE claims_chroniccertificate SET period = daterange(lower(period), upper(period) - 1)")
        sql("UPDATE claims_chroniccertificate SET ended_because = 'x', period = 'empty'")
        with refused("only ends"):
            sql("UPDATE claims_chroniccertificate SET ended_because = 'y'")


class TestInjuries:
    def test_nothing_is_concluded_before_a_visit(self):
        opened = before.injury()
        with refused("two people go there"):
            InjuryConclusion.objects.create(
                inquiry=opened, third_party_liable=False, payable=True, words="x", proposed_by=before.first(),
                proposed_at=opened.entered_at,
            )  # fmt: skip

    def test_two_go_there(self):
        before.visited()
        with refused("injury_visit_is_by_two"):
            sql(
                'INSERT INTO claims_injuryvisit (inquiry_id, "on", first_id, second_id, spoken_to, words, noted_at)'
                ' SELECT inquiry_id, "on", first_id, first_id, spoken_to, words, noted_at FROM claims_injuryvisit'
            )

    def test_nobody_concludes_alone_nor_against_who_is_liable(self):
        written = before.concluded(before.visited())
        with refused("no round has decided"):
            sql("UPDATE claims_injuryconclusion SET state = 'confirmed'")
        with refused("what was asked for does not change"):
            sql("UPDATE claims_injuryconclusion SET payable = false")
        written.pk, written.third_party_liable, written.liable_party = None, True, "张三"
        with refused("names_who_is_liable"):
            written.save()


class TestAdmissions:
    def test_in_one_hospital_at_a_time(self):
        noted = before.admission()
        noted.pk, noted.number, noted.hospital_number = None, "x", "y"
        with refused("one_hospital_at_a_time"):
            noted.save()

    def test_it_stays_and_ends_once(self):
        before.admission()
        with refused("stays as it was noted"):
            sql("UPDATE claims_admission SET admitted_on = admitted_on - 1")
        sql("UPDATE claims_admission SET discharged_on = admitted_on + 1")
        with refused("is over"):
            sql("UPDATE claims_admission SET discharged_on = admitted_on + 2")

    def test_a_bed_is_checked_by_another_while_he_lies_there(self):
        noted = before.admission()
        add = (
            'INSERT INTO claims_bedcheck (admission_id, "on", finding, words, by_id, at)'
            " VALUES (%s, %s, 'found', '', %s, now())"
        )
        with refused("by somebody else"):
            sql(add, noted.pk, before.today(), noted.entered_by_id)
        with refused("while somebody lies in it"):
            sql(add, noted.pk, before.ago(5), before.first().pk)
        sql(add, noted.pk, before.today(), before.first().pk)

    def test_history_is_kept(self):
        before.admission()
        sql("UPDATE claims_admission SET bed = '13'")
        event: Any = Admission.pgh_event_model
        assert sorted(event.objects.values_list("bed", flat=True)) == ["12", "13"]
