"""What a won appeal adds to an approval (追加补偿); the parts that it pays stand with the others (approvals.py)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.appeals import Appeal
from claims.models.approvals import Approval
from office.models import Person


class AppealGrant(models.Model):
    """What a won appeal adds to what was granted (追加补偿), frozen with its calculation; never changed.

    The patient pays so much less: what the funds add, what the hospital bears more. Its parts name the appeal.
    """

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="grant", verbose_name=_("appeal"))
    approval = models.OneToOneField(Approval, models.PROTECT, related_name="grant", verbose_name=_("approval"))
    restored = models.DecimalField(_("cuts taken back"), max_digits=14, decimal_places=2)
    fund_adds = models.DecimalField(_("funds add"), max_digits=14, decimal_places=2)
    hospital_adds = models.DecimalField(_("hospital bears more"), max_digits=14, decimal_places=2)
    patient_saves = models.DecimalField(_("patient pays less"), max_digits=14, decimal_places=2)
    answer = models.JSONField(_("calculation"))
    sha256 = models.CharField("SHA-256", max_length=64)
    granted_on = models.DateField(_("granted on"))
    granted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("granted by"))
    granted_at = models.DateTimeField(_("granted at"))

    class Meta:
        verbose_name = _("what an appeal adds")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="appeal_grant_adds_up", condition=Q(patient_saves=F("fund_adds") + F("hospital_adds"))
            ),
            models.CheckConstraint(
                name="appeal_grant_is_no_debt", condition=Q(restored__gt=Decimal(0), fund_adds__gte=Decimal(0))
            ),
            models.CheckConstraint(name="appeal_grant_has_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.appeal}: {self.fund_adds}"
