"""May she? By the duties of today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from office import access
from office.models import Appointment, Duty, Person

pytestmark = pytest.mark.django_db


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


class TestRights:
    def test_a_duty_gives_its_rights_and_no_other(self, ada, sam):
        assert sam.has_perm("office.change_workingday")
        assert not ada.has_perm("office.change_workingday")
        assert ada.has_perms(["office.view_job", "office.view_workingday"])
        assert sam.has_module_perms("office")
        assert not sam.has_module_perms("funds")

    def test_two_duties_give_both(self, appoint):
        both = appoint("eve", Duty.CASHIER, Duty.OFFICE_HEAD)
        assert "office.change_printeroffset" in access.rights_of(both)  # the cashier's
        assert "office.view_printer" in access.rights_of(both)  # the head's

    def test_nobody_without_a_duty_may_anything(self, appoint):
        assert access.rights_of(appoint("eve")) == frozenset()

    def test_a_duty_of_other_days_gives_nothing_today(self, sam):
        today = timezone.localdate()
        Appointment.objects.update(period=DateRange(date(2009, 1, 1), today + timedelta(days=1)))
        assert fresh(sam).has_perm("office.change_workingday")
        Appointment.objects.update(period=DateRange(date(2009, 1, 1), today))
        assert not fresh(sam).has_perm("office.change_workingday")

    def test_who_left_may_nothing(self, sam):
        sam.left_on = date(2010, 1, 1)
        sam.save()
        assert not fresh(sam).has_perm("office.view_job")
        assert access.DutyBackend().get_user(sam.pk) is None


class TestAuthenticate:
    @pytest.mark.parametrize(("username", "password"), [("ada", "wrong"), ("nobody", "ada-password"), (None, None)])
    def test_wrong_names_and_passwords_sign_nobody_in(self, ada, username, password):
        assert authenticate(username=username, password=password) is None

    def test_the_right_password_signs_in_until_the_person_leaves(self, ada):
        assert authenticate(username="ada", password="ada-password") == ada
        Person.objects.update(left_on=date(2010, 1, 1))
        assert authenticate(username="ada", password="ada-password") is None


class TestAppointment:
    def test_the_same_duty_cannot_overlap(self, ada, county):
        with pytest.raises(IntegrityError):
            Appointment.objects.create(
                person=ada,
                duty=Duty.TOWNSHIP_CLERK,
                body=county,
                period=DateRange(date(2010, 1, 1), None),
            )

    def test_an_unknown_duty_cannot_be_stored(self, ada):
        with pytest.raises(IntegrityError):
            Appointment.objects.update(duty="king")
