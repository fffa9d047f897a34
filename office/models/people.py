"""Bodies, people and their duties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import pghistory
from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from office.rules import names


@pghistory.track()
class Body(models.Model):
    """An office that has people in the system (机构): the county centre, a township station, a hospital, a bureau."""

    class Kind(models.TextChoices):
        COUNTY_CENTRE = "county_centre", _("County centre")
        TOWNSHIP_STATION = "township_station", _("Township station")
        HOSPITAL = "hospital", _("Hospital")
        CLINIC = "clinic", _("Village clinic")
        FINANCE_BUREAU = "finance_bureau", _("Finance bureau")
        CIVIL_AFFAIRS_BUREAU = "civil_affairs_bureau", _("Civil affairs bureau")
        AUDIT_BUREAU = "audit_bureau", _("Audit bureau")
        SUPERVISION_COMMITTEE = "supervision_committee", _("Supervision committee")
        INSURER = "insurer", _("Insurer")
        BANK = "bank", _("Bank")
        CITY_CENTRE = "city_centre", _("City centre")

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)

    class Meta:
        verbose_name = _("body")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="body_has_a_name", condition=~Q(code="") & ~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class Duty(models.TextChoices):
    """What a person may be charged with (岗位). Rights by duty are in config/roles.py."""

    TOWNSHIP_CLERK = "township_clerk", _("Township clerk")
    HOSPITAL_DESK = "hospital_desk", _("Hospital desk")
    VILLAGE_DOCTOR = "village_doctor", _("Village doctor")
    INTAKE_CLERK = "intake_clerk", _("Intake clerk")
    FIRST_CHECKER = "first_checker", _("First checker")
    SECOND_CHECKER = "second_checker", _("Second checker")
    OFFICE_HEAD = "office_head", _("Office head")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    COMMITTEE_CHAIR = "committee_chair", _("Committee chair")
    COMMITTEE_SECRETARY = "committee_secretary", _("Committee secretary")
    FUND_ACCOUNTANT = "fund_accountant", _("Fund accountant")
    ACCOUNTING_HEAD = "accounting_head", _("Accounting head")
    CASHIER = "cashier", _("Cashier")
    FINANCE_REVIEWER = "finance_reviewer", _("Finance-bureau reviewer")
    INTERNAL_AUDITOR = "internal_auditor", _("Internal auditor")
    STATE_AUDITOR = "state_auditor", _("Auditor of the audit bureau")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")
    SECURITY_ADMINISTRATOR = "security_administrator", _("Security administrator")
    SECURITY_AUDITOR = "security_auditor", _("Security auditor")


class PersonManager(BaseUserManager["Person"]):
    """Finds a person by the name used to sign in."""

    def create_person(self, *, username: str, full_name: str, password: str | None) -> Person:
        """Somebody new; without a password he comes in with a one-time code."""
        person = self.model(username=username, full_name=full_name)
        person.set_password(password)
        person.save(using=self._db)
        return person


@pghistory.track(exclude=["password", "last_login"])
class Person(AbstractBaseUser):
    """Somebody who works with the system. People are never deleted: they leave."""

    username = models.CharField(_("sign-in name"), max_length=60, unique=True)
    full_name = models.CharField(_("name"), max_length=60)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = _("person")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(name="person_has_a_name", condition=~Q(username="") & ~Q(full_name="")),
            models.CheckConstraint(name="person_signs_in_plainly", condition=Q(username__regex=f"^{names.USER_NAME}$")),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # a fact of the dates, not a switch
        """Whether this person still works here."""
        return self.left_on is None

    def bodies_in_sight(self, right: str) -> frozenset[int] | None:
        """The bodies whose things this right shows; None for the whole county (office/access.py)."""
        seen: frozenset[int] | None = frozenset()
        for backend in get_backends():
            one = backend.bodies_in_sight(self, right)  # type: ignore[attr-defined]  # the house's own backend
            seen = None if seen is None or one is None else seen | one
        return seen

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Whether a duty of today grants this right (office/access.py)."""
        return any(backend.has_perm(self, perm, obj) for backend in get_backends())

    def has_perms(self, perms: Iterable[str], obj: models.Model | None = None) -> bool:
        """Whether all of these rights are granted."""
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether any right in this app is granted."""
        return any(backend.has_module_perms(self, app_label) for backend in get_backends())  # type: ignore[attr-defined]


class DutyExclusion(models.Model):
    """Two duties that one person never has at the same time (不相容岗位); the pairs of office/rules/duties.py."""

    first = models.CharField(_("duty"), max_length=32, choices=Duty.choices)
    second = models.CharField(_("duty"), max_length=32, choices=Duty.choices)

    class Meta:
        verbose_name = _("duties that exclude each other")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="exclusion_once"),
            models.CheckConstraint(name="exclusion_in_order", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_first_display()} / {self.get_second_display()}"
