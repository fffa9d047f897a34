"""A claim that comes after the last day for it (逾期申请): the head lets it be taken in, with his reason."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enrollment.models import Member
from enrollment.models.divisions import in_sight
from office.models import Person


class LateAllowanceQuerySet(models.QuerySet["LateAllowance"]):
    def visible_to(self, person: Person, right: str = "claims.view_lateallowance") -> LateAllowanceQuerySet:
        """Those of people whose villages somebody serves; the county centre's people see all."""
        if person.bodies_in_sight(right) is None:
            return self
        return self.filter(in_sight(person, right, "member__household__village__"))

    def of_person(self, root: int) -> LateAllowanceQuerySet:
        """Those of one person, under whichever of his records they were written."""
        return self.filter(member__in=Member.objects.records_of([root]))


class LateAllowance(models.Model):
    """One stay or visit of a person, by its day of discharge, that may be claimed although its last day is over. Only
    ever added to."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("patient"))
    discharged_on = models.DateField(_("discharged on"))
    reason = models.CharField(_("reason"), max_length=300)
    allowed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("allowed by"))
    allowed_on = models.DateField(_("allowed on"))
    allowed_at = models.DateTimeField(_("allowed at"))

    objects = LateAllowanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("late claim that is allowed")
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "discharged_on"], name="late_allowance_once"),
            models.CheckConstraint(name="late_allowance_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="late_allowance_comes_after_the_discharge", condition=Q(allowed_on__gt=F("discharged_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.reason
