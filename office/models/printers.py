"""Printers that print on pre-printed forms."""

from __future__ import annotations

from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from office.models.people import Body, Person

FARTHEST_MM = Decimal(30)


class PrinterQuerySet(models.QuerySet["Printer"]):
    def visible_to(self, person: Person, right: str = "office.view_printer") -> PrinterQuerySet:
        """The printers of the bodies for which a person has the right."""
        bodies = person.bodies_in_sight(right)
        return self if bodies is None else self.filter(body__in=bodies)


@pghistory.track()
class Printer(models.Model):
    """A printer of a body (打印机), known by the name on its label."""

    name = models.CharField(_("name"), max_length=60)
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("body"))

    objects = PrinterQuerySet.as_manager()

    class Meta:
        verbose_name = _("printer")
        ordering = ["body__code", "name"]
        constraints = [
            models.UniqueConstraint(fields=["body", "name"], name="printer_once_in_a_body"),
            models.CheckConstraint(name="printer_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class PrinterOffset(models.Model):
    """How far a printer's output lies off on one pre-printed form (套打偏移), in millimetres right and down."""

    printer = models.ForeignKey(Printer, models.PROTECT, related_name="offsets", verbose_name=_("printer"))
    form = models.CharField(_("pre-printed form"), max_length=40)
    right_mm = models.DecimalField(_("to the right, mm"), max_digits=4, decimal_places=1, default=Decimal(0))
    down_mm = models.DecimalField(_("down, mm"), max_digits=4, decimal_places=1, default=Decimal(0))
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("printer offset")
        ordering = ["printer", "form"]
        constraints = [
            models.UniqueConstraint(fields=["printer", "form"], name="offset_once_for_printer_and_form"),
            models.CheckConstraint(
                name="offset_stays_on_the_paper",
                condition=Q(
                    right_mm__range=(-FARTHEST_MM, FARTHEST_MM),
                    down_mm__range=(-FARTHEST_MM, FARTHEST_MM),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printer}: {self.form}"
