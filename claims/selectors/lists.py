"""Lists of what comes before a claim, with what the database counts beside each row."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery

from claims.models import Admission, BedCheck, InjuryConclusion, InjuryInquiry


def inquiries() -> Any:
    """Injury inquiries, each with `conclusion` (the state of the one that waits or stands), `is_payable`, `visited`."""
    alive = InjuryConclusion.objects.filter(inquiry=OuterRef("pk"), state__in=["proposed", "confirmed"]).order_by("-pk")
    return (
        InjuryInquiry.objects.select_related("member__household__village")
        .annotate(
            conclusion=Subquery(alive.values("state")[:1]),
            is_payable=Subquery(alive.values("payable")[:1]),
            visited=Count("visits"),
        )
        .order_by("-pk")
    )


def admissions() -> Any:
    """Admissions, each with `checked`: how often its bed was checked, and `missed`: how often without the patient."""
    missed = Q(checks__isnull=False) & ~Q(checks__finding=BedCheck.Finding.FOUND)
    return (
        Admission.objects.standing()
        .select_related("member__household__village", "provider")
        .annotate(checked=Count("checks"), missed=Count("checks", filter=missed))
        .order_by("-pk")
    )
