"""What a household pays at once (缴费): contributions and coverages of its members together, and their taking back.

Both are called inside the transaction and under the locks of services/sheets.py and services/refunds.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from enrollment.models import (
    Contribution,
    Coverage,
    FundYear,
    HouseholdException,
    Member,
    SheetEntry,
)
from enrollment.rules.collection import Parts, Payer
from enrollment.selectors import collecting
from enrollment.services import coverage
from enrollment.services.coverage import CannotCover
from office.models import Person


@dataclass(frozen=True)
class Own:
    """What a household pays itself at once, in yuan, and for how many people: what its receipt says."""

    amount: Decimal
    people: int


def priced(paid: Sequence[tuple[Member, Payer]], fund_year: FundYear) -> list[tuple[Member, Parts]]:
    """What a year lays down for each of these members, by who pays it. Raises CannotCover."""
    rates = collecting.rates_of(fund_year)
    if any(member.category not in rates for member, _payer in paid):
        raise CannotCover(_("The fund year lays down no contribution for this category."))
    return [(member, rates[member.category].paid_by(payer)) for member, payer in paid]


def own_part(paid: Sequence[tuple[Member, Parts]]) -> Own | None:
    """What a household pays itself for these members; None where others pay everything."""
    return _own([parts.own for _member, parts in paid])


def own_of(entry: SheetEntry) -> Own | None:
    """What a household paid itself on an entry and has not taken back; None where it is nothing."""
    return _own(list(entry.contributions.filter(void_reason="").values_list("own", flat=True)))


def _own(owns: Sequence[Decimal]) -> Own | None:
    paying = [own for own in owns if own]
    return Own(sum(paying, Decimal(0)), len(paying)) if paying else None


def cover_together(
    *,
    paid: Sequence[tuple[Member, Parts]],
    entry: SheetEntry,
    fund_year: FundYear,
    receipt: str,
    by: Person,
    at: datetime,
) -> list[Contribution]:
    """What a household paid at once for some of its members: their contributions and coverages, set by set.

    Inside the transaction and under the locks of services/sheets.py, which tells the trail. Raises CannotCover.
    """
    people = [member for member, _parts in paid]
    _refuse_paid(people, fund_year)
    contributions = []
    coverages = []
    for member, parts in paid:
        contribution = Contribution(
            fund_year=fund_year,
            member=member,
            own=parts.own,
            assisted=parts.assisted,
            collective=parts.collective,
            receipt=receipt if parts.own else "",
            entry=entry,
            paid_on=entry.paid_on,
            noted_by=by,
            noted_at=at,
        )
        contributions.append(contribution)
        coverages.append(
            Coverage(
                member=member,
                scheme=fund_year.scheme,
                is_basic=fund_year.scheme.is_basic,
                fund_year=fund_year,
                period=DateRange(coverage.first_day_of(member, fund_year, entry.paid_on), fund_year.period.upper),
                reason=coverage.reason_of(parts),
                contribution=contribution,
                noted_by=by,
                noted_at=at,
            )
        )
    try:
        with transaction.atomic():
            Contribution.objects.bulk_create(contributions)
            Coverage.objects.bulk_create(coverages)
    except IntegrityError as refusal:
        raise CannotCover(
            coverage.unconfirmed_or(refusal, _("One of them is insured for these days already."))
        ) from refusal
    HouseholdException.objects.standing().filter(member__in=people, fund_year=fund_year).update(ended_at=at)
    return contributions


def take_back(*, contributions: Sequence[Contribution], reason: str) -> None:
    """What was paid is given back or was never paid: these contributions and their coverages become void.

    Inside the transaction and under the locks of services/sheets.py and services/refunds.py, which tell the trail.
    """
    Coverage.objects.standing().filter(contribution__in=contributions).update(void_reason=reason)
    Contribution.objects.filter(pk__in=[one.pk for one in contributions], void_reason="").update(void_reason=reason)


def _refuse_paid(people: Sequence[Member], fund_year: FundYear) -> None:
    """Each of them, whom the caller found living in the household, pays once for a year, in one basic scheme; what
    stands under a double is his."""
    theirs = Q(member__in=people) | Q(member__merged_into__in=people)
    paid = Contribution.objects.filter(theirs, fund_year=fund_year, void_reason="")
    if names := list(paid.values_list("member__name", flat=True)):
        raise CannotCover(_("Paid for this year already: %(names)s.") % {"names": "、".join(names)})
    rival = collecting.insured_in(fund_year).filter(theirs)
    if names := [f"{one.member.name} ({one.fund_year})" for one in rival.select_related("member", "fund_year__scheme")]:
        raise CannotCover(_("Insured in this year already: %(names)s.") % {"names": "、".join(names)})
