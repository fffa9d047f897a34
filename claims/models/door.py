"""The hospitals' door (医院接口): who may come in by program, and what was answered to which request."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.claims import Claim
from claims.models.providers import Provider
from office.models import Person


@pghistory.track()
class DoorToken(models.Model):
    """A hospital's token (接口令牌): shown once when it is given, kept as its SHA-256, with an end; it acts for the
    person of the hospital's desk who answers for it."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="tokens", verbose_name=_("provider"))
    acts_for = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("acts for"))
    label = models.CharField(_("name"), max_length=60)
    prefix = models.CharField(_("begins with"), max_length=8, unique=True)
    sha256 = models.CharField(max_length=64, unique=True)
    ends_at = models.DateTimeField(_("ends at"))
    given_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("token", "given by")
    )
    given_at = models.DateTimeField(_("given at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )

    class Meta:
        verbose_name = _("door token")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="door_token_is_named", condition=~Q(label="") & Q(prefix__regex="^[0-9a-z]{8}$")
            ),
            models.CheckConstraint(name="door_token_is_a_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(name="door_token_ends", condition=Q(ends_at__gt=F("given_at"))),
            models.CheckConstraint(
                name="door_token_is_revoked_whole",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"


class DoorRequest(models.Model):
    """A request that wrote something, under the key with which the hospital may repeat it; only ever added to."""

    token = models.ForeignKey(DoorToken, models.PROTECT, related_name="requests", verbose_name=_("token"))
    key = models.CharField(_("key of repetition"), max_length=64)
    sha256 = models.CharField(max_length=64)  # of method, path and body, so that a key serves one request
    status = models.PositiveSmallIntegerField(_("status"))
    answer = models.JSONField(_("answer"))
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("claim"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("request at the door")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="door_request_once"),
            models.CheckConstraint(
                name="door_request_is_whole", condition=~Q(key="") & Q(sha256__regex="^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return self.key
