"""Signing in: second factors, one-time codes, tries, sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from office.models.people import Person
from office.models.requests import ResetRequest


@pghistory.track(exclude=["secret"])
class Factor(models.Model):
    """A person's second factor (双因子): the secret that his authenticator program shares with the office.

    Triggers refuse a time step that is not later than the last used one, another secret, and any change of an ended
    factor.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    secret = models.TextField()  # sealed, office/sealing.py
    confirmed_at = models.DateTimeField(_("set up at"))
    last_step = models.BigIntegerField()
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("second factor")
        constraints = [
            models.UniqueConstraint(name="factor_one_at_a_time", fields=["person"], condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.confirmed_at:%Y-%m-%d}"


class OneTimeCodeQuerySet(models.QuerySet["OneTimeCode"]):
    def open_for(self, person: Person, kind: str) -> OneTimeCodeQuerySet:
        """The code that a person still has for one thing."""
        return self.filter(person=person, kind=kind, used_at__isnull=True, ended_at__isnull=True)


@pghistory.track(exclude=["hash"])
class OneTimeCode(models.Model):
    """A code that two people gave somebody who lost his password or second factor: used once, within a day.

    `hash` is that of the half which the deciding person read out; the first half's is with the request. At the founding
    of the office there is no request: then it is that of the whole.
    """

    GOOD_FOR = timedelta(hours=24)

    Kind = ResetRequest.Kind

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    hash = models.CharField(max_length=128)
    request = models.OneToOneField(ResetRequest, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-time code")
        constraints = [
            models.UniqueConstraint(
                name="one_time_code_one_at_a_time",
                fields=["person", "kind"],
                condition=Q(used_at__isnull=True, ended_at__isnull=True),
            ),
            models.CheckConstraint(name="one_time_code_kind_is_known", condition=Q(kind__in=["password", "factor"])),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"


class SignInTry(models.Model):
    """Somebody tried a password or a code under a name. Rows are only added: each try begins, and perhaps succeeds."""

    class Kind(models.TextChoices):
        PASSWORD = "password", _("Password")
        CODE = "code", _("Code")
        RESET = "reset", _("One-time code")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=60)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()
    succeeded = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("sign-in try")
        indexes = [
            models.Index(name="try_by_name", fields=["name", "kind", "at"]),
            models.Index(name="try_by_address", fields=["address", "at"]),
        ]
        constraints = [
            models.CheckConstraint(name="try_kind_is_known", condition=Q(kind__in=["password", "code", "reset"])),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


class SignInQuerySet(models.QuerySet["SignIn"]):
    def open_at(self, at: datetime) -> SignInQuerySet:
        """The sessions that are still open: not ended, not idle too long, not too old."""
        return self.filter(
            ended_at__isnull=True,
            began_at__gt=at - settings.SESSION_LONGEST,
            seen_at__gt=at - settings.SESSION_IDLE,
        )


class SignIn(models.Model):
    """A session of a person: since when, from where, and how it ended."""

    class End(models.TextChoices):
        SIGNED_OUT = "signed_out", _("signed out")
        IDLE = "idle", _("idle too long")
        TOO_LONG = "too_long", _("open too long")
        BY_PERSON = "by_person", _("ended by the person")
        CHANGED = "changed", _("password or second factor changed")
        LEFT = "left", _("the person left")
        BY_OFFICE = "by_office", _("ended by the office")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField(_("signed in at"))
    seen_at = models.DateTimeField(_("last seen at"))
    address = models.GenericIPAddressField(_("address"), null=True)
    browser = models.CharField(_("browser"), max_length=200, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=12, choices=End.choices, blank=True, default="")

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        ordering = ["-began_at", "-pk"]
        indexes = [models.Index(name="sign_in_of_person", fields=["person", "-began_at"])]
        constraints = [
            models.CheckConstraint(
                name="sign_in_end_has_a_reason",
                condition=Q(ended_at__isnull=True, ended_because="") | Q(ended_at__isnull=False) & ~Q(ended_because=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.began_at}"
