"""Household and personal accounts with whom they belong to."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce

from enrollment.models import Account
from enrollment.selectors.search import head_of


def with_owners() -> QuerySet[Account]:
    """Accounts with `owner_name`, the person's or the household's living head's, and `village_name`."""
    return Account.objects.select_related("scheme", "household", "member__household").annotate(
        owner_name=Coalesce("member__name", head_of(OuterRef("household"))),
        village_name=Coalesce("household__village__name", "member__household__village__name"),
    )


def sum_of(found: QuerySet[Account]) -> Decimal:
    """All that is left in some accounts, in yuan."""
    whole: Decimal | None = found.aggregate(whole=Sum("balance"))["whole"]
    return whole or Decimal(0)
