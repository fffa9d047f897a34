"""Collection sheets (缴费登记表): what a collector brings in from a village, household by household."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models.divisions import Division, in_sight
from enrollment.models.households import Household
from enrollment.models.rosters import RosterImport
from enrollment.models.schemes import FundYear
from office.models import Person


class CollectionSheetQuerySet(models.QuerySet["CollectionSheet"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_collectionsheet") -> CollectionSheetQuerySet:
        """Those of the villages that a person's bodies serve."""
        return self.filter(in_sight(person, right, "village__"))


@pghistory.track()
class CollectionSheet(models.Model):
    """What one collector collects in one village for a fund year (缴费登记表).

    Open: households are entered. Handed in: its sums are fixed and the collector's money is counted against them.
    Deposited and confirmed are moved by those who keep the books. Sums are in yuan; `cash` is what households paid
    themselves and is the sum of the sheet's receipts; assistance and the collective pay by transfer.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {
            ("", "open"),
            ("open", "handed_in"),
            ("open", "cancelled"),  # nothing was entered on it
            ("handed_in", "deposited"),
            ("deposited", "handed_in"),  # the deposit was booked by mistake
            ("deposited", "confirmed"),
            ("confirmed", "deposited"),  # the statement was matched by mistake
        }
    )

    class Origin(models.TextChoices):
        COUNTER = "counter", _("entered as households pay")
        BLANK = "blank", _("printed blank, entered later")
        FILE = "file", _("from a file")
        ROSTER = "roster", _("from a roster")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("collection sheet", "open")
        HANDED_IN = "handed_in", _("handed in")
        DEPOSITED = "deposited", _("deposited")
        CONFIRMED = "confirmed", _("confirmed")
        CANCELLED = "cancelled", _("cancelled")

    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("village"))
    number = models.CharField(_("number of the sheet"), max_length=40, unique=True)
    collector = models.CharField(_("collector"), max_length=60)
    origin = models.CharField(_("how it came about"), max_length=10, choices=Origin.choices)
    roster = models.ForeignKey(
        RosterImport, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("roster")
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    opened_on = models.DateField(_("opened on"))
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("opened by"))
    opened_at = models.DateTimeField(_("opened at"))
    handed_in_on = models.DateField(_("handed in on"), null=True, blank=True)
    handed_in_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handed in by")
    )
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)
    cash = models.DecimalField(_("paid by households"), max_digits=12, decimal_places=2, null=True, blank=True)
    assisted = models.DecimalField(
        _("paid by medical assistance"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    collective = models.DecimalField(
        _("paid by the collective"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    deposited_on = models.DateField(_("deposited on"), null=True, blank=True)
    deposit_slip = models.CharField(_("deposit slip"), max_length=60, blank=True, default="")
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    objects = CollectionSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection sheet")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="sheet_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(name="sheet_has_a_collector", condition=~Q(collector="")),
            models.CheckConstraint(
                name="sheet_state_is_known",
                condition=Q(state__in=["open", "handed_in", "deposited", "confirmed", "cancelled"]),
            ),
            models.CheckConstraint(
                name="sheet_origin_is_known", condition=Q(origin__in=["counter", "blank", "file", "roster"])
            ),
            models.CheckConstraint(
                name="sheet_of_a_roster_names_it",
                condition=Q(origin="roster", roster__isnull=False) | ~Q(origin="roster") & Q(roster__isnull=True),
            ),
            models.CheckConstraint(
                name="sheet_handed_in_has_its_sums",
                condition=Q(
                    state__in=["open", "cancelled"],
                    handed_in_on__isnull=True,
                    handed_in_by__isnull=True,
                    households__isnull=True,
                    people__isnull=True,
                    cash__isnull=True,
                    assisted__isnull=True,
                    collective__isnull=True,
                )
                | Q(
                    state__in=["handed_in", "deposited", "confirmed"],
                    handed_in_on__isnull=False,
                    handed_in_by__isnull=False,
                    households__gt=0,
                    people__gt=0,
                    cash__gte=Decimal(0),
                    assisted__gte=Decimal(0),
                    collective__gte=Decimal(0),
                ),
            ),
            models.CheckConstraint(
                name="sheet_deposited_has_its_slip",
                condition=Q(state__in=["deposited", "confirmed"], deposited_on__isnull=False) & ~Q(deposit_slip="")
                | Q(state__in=["open", "handed_in", "cancelled"], deposited_on__isnull=True, deposit_slip=""),
            ),
            models.CheckConstraint(
                name="sheet_confirmed_has_its_day",
                condition=Q(state="confirmed", confirmed_on__isnull=False)
                | ~Q(state="confirmed") & Q(confirmed_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SheetEntry(models.Model):
    """What one household paid at once on a sheet (缴费登记行): contributions and a receipt. Only ever added to."""

    sheet = models.ForeignKey(CollectionSheet, models.PROTECT, related_name="entries", verbose_name=_("sheet"))
    household = models.ForeignKey(Household, models.PROTECT, related_name="+", verbose_name=_("household"))
    paid_on = models.DateField(_("paid on"))
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    noted_at = models.DateTimeField(_("noted at"))

    class Meta:
        verbose_name = _("entry of a sheet")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.sheet}: {self.household}"
