"""Files from which the register was written: rosters of a year, and what an office brings along when it begins."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enrollment.models.schemes import FundYear
from office.models import Appointment, Attachment, Person


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_rosterimport") -> RosterImportQuerySet:
        """What a person's colleagues wrote: the whole county's, or those with a duty at his bodies."""
        bodies: Any = person.bodies_in_sight(right)
        if bodies is None:
            return self
        return self.filter(written_by__in=Appointment.objects.filter(body__in=bodies).values("person"))


class RosterImport(models.Model):
    """A roster that was written into the register (名册导入): which file, how many rows, by whom. Only ever added to.

    The same file is written once for a fund year; a second time changes nothing.
    """

    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(_("rows"))
    good = models.PositiveIntegerField(_("good"))
    held = models.PositiveIntegerField(_("held back"))
    written = models.PositiveIntegerField(_("written"))
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    written_at = models.DateTimeField(_("written at"))

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("roster import")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund_year", "sha256"], name="roster_import_once"),
            models.CheckConstraint(name="roster_import_knows_its_file", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.fund_year}"


@pghistory.track()
class GoLiveProtocol(models.Model):
    """What an office brings along when it begins in the middle of a year (初始化).

    One file: checked, signed by a second person, then written exactly as it was checked.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "signed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
        ("signed", "written"): "",
        ("signed", "withdrawn"): "",  # the register has changed meanwhile, so that the file does not fit any more
    }

    class Kind(models.TextChoices):
        REGISTER = "register", _("register")
        COVERAGE = "coverage", _("coverage")
        BALANCES = "balances", _("account balances")
        CLAIMS = "claims", _("unpaid claims")
        INVOICES = "invoices", _("invoices used before")
        COUNTERS = "counters", _("year counters")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be signed")
        SIGNED = "signed", _("signed, being written")
        WRITTEN = "written", _("written")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(_("what"), max_length=12, choices=Kind.choices)
    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))
    as_of = models.DateField(_("as of"))
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("file"))
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(_("rows"))
    total = models.DecimalField(_("sum"), max_digits=14, decimal_places=2)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("brought by"))
    proposed_at = models.DateTimeField(_("brought at"))

    class Meta:
        verbose_name = _("go-live protocol")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "fund_year"],
                condition=Q(state__in=["proposed", "signed"]),
                name="go_live_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["sha256", "kind", "fund_year"],
                condition=Q(state__in=["proposed", "signed", "written"]),
                name="go_live_file_once",
            ),
            models.CheckConstraint(
                name="go_live_kind_is_known",
                condition=Q(kind__in=["register", "coverage", "balances", "claims", "invoices", "counters"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.as_of}"
