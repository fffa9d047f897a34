"""Items of samples as what work papers and findings are of: cited by sample and position, such as CY2010-00001 3."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit import subjects
from audit.models import SampleItem

LONGEST = 9  # digits of a position


def cited(item: SampleItem) -> str:
    """How an item is cited."""
    return f"{item.sample} {item.position} · {item.row.number}"


def find(typed: str) -> models.Model | None:
    """The item that somebody cites."""
    match typed.split()[:2]:
        case [sample, position] if position.isascii() and position.isdecimal() and len(position) < LONGEST:
            found = SampleItem.objects.select_related("sample", "row")
            return found.filter(sample__number=sample, position=int(position)).first()
        case _:
            return None


def register() -> None:
    """Called once when the app is ready."""
    subjects.register(
        subjects.Kind(
            SampleItem._meta.label_lower,
            _("Item of a sample"),
            find,
            lambda number: reverse("audit:sample_item", args=[number]),
            cited,
        )
    )
