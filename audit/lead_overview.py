"""What leads there are, on the page of the head of the office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from audit.models import Lead, Screening
from audit.services.leads import VIEW
from office import overview
from office.models import Person

STRONG = 80


def register() -> None:
    """Called once when the app is ready."""
    overview.register(
        overview.Block("audit.leads", gettext_lazy("Leads of the audit"), VIEW, 70, "audit/overview/_leads.html", told)
    )


def told(person: Person, at: datetime) -> Mapping[str, Any] | None:
    """How many leads are open, strong and confirmed, and what money they concern; nothing where there never was one."""
    last = Screening.objects.order_by("-pk").first()
    open_, confirmed = Q(state=Lead.State.OPEN), Q(state=Lead.State.CONFIRMED)
    strong = open_ & Q(score__gte=STRONG)
    kinds = {"open": open_, "strong": strong, "confirmed": confirmed}
    counted = {name: Count("pk", filter=condition) for name, condition in kinds.items()}
    summed = {f"{name}_money": Sum("money", filter=condition) for name, condition in kinds.items()}
    found = Lead.objects.order_by().aggregate(**counted, **summed)
    if last is None and not any(found[name] for name in kinds):
        return None
    leads = reverse("audit:leads")
    rows = (
        ("open", pgettext("lead", "open"), f"{leads}?state=open"),
        (
            "strong",
            _("open, with a score of %(score)s or more") % {"score": STRONG},
            f"{leads}?state=open&score={STRONG}",
        ),
        ("confirmed", pgettext("lead", "confirmed"), f"{leads}?state=confirmed"),
    )
    return {
        "lines": [
            {"words": words, "url": url, "count": found[name], "money": found[f"{name}_money"] or Decimal(0)}
            for name, words, url in rows
        ],
        "last": last,
    }
