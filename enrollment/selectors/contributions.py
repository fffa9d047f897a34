"""What was contributed for somebody, with what came of it: sheet, receipt, refund."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from enrollment.models import CollectionSheet, Contribution, EnrollmentRound, Household, Member, Receipt, Refund


@dataclass(frozen=True)
class Told:
    """One contribution with the receipt and the refund that belong to it, if there are any."""

    contribution: Contribution
    receipt: Receipt | None
    refund: Refund | None
    today: date

    @property
    def is_refundable(self) -> bool:
        """Whether a refund can be asked for: handed in, of a year that has not begun, none asked for yet."""
        paid = self.contribution
        return (
            not paid.void_reason
            and paid.own > 0
            and paid.entry is not None
            and paid.entry.sheet.state != CollectionSheet.State.OPEN
            and self.today < paid.fund_year.period.lower
            and (self.refund is None or self.refund.state in {Refund.State.REFUSED, Refund.State.WITHDRAWN})
        )


def of_household(household: Household, *, today: date) -> list[Told]:
    """What was contributed for those who live or lived in a household, the newest year first."""
    return _told(Contribution.objects.filter(member__household=household), today)


def of_member(member: Member, *, today: date) -> list[Told]:
    """What was contributed for one person and his doubles."""
    return _told(Contribution.objects.filter(Q(member=member) | Q(member__merged_into=member)), today)


def refunds_with_rounds() -> QuerySet[Refund]:
    """Refunds, each with `round`: the number of the last round over it."""
    rounds = EnrollmentRound.objects.filter(
        subject_type=Refund._meta.label_lower, subject_id=Cast(OuterRef("pk"), CharField())
    ).order_by("-pk")
    return Refund.objects.select_related(
        "contribution__member__household__village", "contribution__fund_year__scheme", "proposed_by"
    ).annotate(round=Subquery(rounds.values("pk")[:1]))


def _told(found: QuerySet[Contribution], today: date) -> list[Told]:
    paid = list(found.select_related("member", "fund_year__scheme", "entry__sheet").order_by("-fund_year__year", "pk"))
    receipts = _last(Receipt.objects.filter(entry__in={one.entry_id for one in paid if one.entry_id}), "entry_id")
    refunds = _last(refunds_with_rounds().filter(contribution__in=paid), "contribution_id")
    return [Told(one, receipts.get(one.entry_id), refunds.get(one.pk), today) for one in paid]


def _last(found: QuerySet[Any], by: str) -> dict[Any, Any]:
    """Of some records the last one for each of what they belong to."""
    return {getattr(one, by): one for one in found.order_by("pk")}
