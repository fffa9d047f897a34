"""Leads and complaints as what work papers and findings are about (audit/subjects.py)."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit import subjects
from audit.models import Complaint, Lead

LONGEST: Final = 9  # digits of a lead's number


def find_lead(typed: str) -> models.Model | None:
    """The lead that somebody cites, by its number as it is shown."""
    number = typed.strip().upper().removeprefix(Lead.PREFIX)
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST):
        return None
    return Lead.objects.filter(pk=int(number)).first()


def find_complaint(typed: str) -> models.Model | None:
    """The complaint that somebody cites."""
    return Complaint.objects.filter(number=typed).first()


def register() -> None:
    """Called once when the app is ready."""
    subjects.register(
        subjects.Kind(
            Lead._meta.label_lower,
            pgettext_lazy("audit", "Lead"),
            find_lead,
            lambda number: reverse("audit:lead", args=[number]),
        )
    )
    subjects.register(
        subjects.Kind(
            Complaint._meta.label_lower,
            _("Complaint"),
            find_complaint,
            lambda number: reverse("audit:complaint", args=[number]),
        )
    )
