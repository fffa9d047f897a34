"""What collecting costs (筹资成本): noted by township or county, made void if mistaken; not the fund's money."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from enrollment.models import CollectionCost, Division, FundYear
from enrollment.services.keeping import CannotKeep, OutOfSight, in_sight, refuse_day
from office import trail
from office.models import Person

NOTE = "enrollment.add_collectioncost"


@in_sight("collection-cost.noted", "township")
def note(
    *,
    fund_year: FundYear,
    township: Division | None,
    kind: str,
    on: date,
    amount: Decimal,
    person_days: Decimal | None = None,
    note: str,
    by: Person,
    at: datetime,
) -> CollectionCost:
    """Something was spent on collecting, in yuan: by a township, or by the county where none is named.

    Raises CannotKeep.
    """
    _refuse_place(township, by)
    if fund_year.state != FundYear.State.CONFIRMED:
        raise CannotKeep(_("This fund year is not confirmed yet."), "fund_year")
    refuse_day(on, at=at)
    if amount <= 0:
        raise CannotKeep(_("An amount above nothing."), "amount")
    if person_days is not None and person_days <= 0:
        raise CannotKeep(_("Days above nothing, or none said."), "person_days")
    if not note.strip():
        raise CannotKeep(_("Say for what."), "note")
    cost = CollectionCost.objects.create(
        fund_year=fund_year,
        township=township,
        kind=kind,
        on=on,
        amount=amount,
        person_days=person_days,
        note=note.strip(),
        noted_by=by,
        noted_at=at,
    )
    trail.record(
        "collection-cost.noted",
        cost,
        by=by,
        at=at,
        right=NOTE,
        fund_year=fund_year,
        township=township,
        kind=kind,
        amount=amount,
    )
    return cost


@in_sight("collection-cost.voided", "cost")
def void(*, cost: CollectionCost, reason: str, by: Person, at: datetime) -> None:
    """It was noted by mistake. Raises CannotKeep."""
    found = CollectionCost.objects.select_for_update(of=["self"]).visible_to(by, NOTE)
    current = found.filter(pk=cost.pk).first()
    if current is None:
        raise OutOfSight(_("This township is not among those that your office serves."))
    if current.void_reason:
        raise CannotKeep(_("This is void already."))
    if not reason.strip():
        raise CannotKeep(_("Say why."), "reason")
    current.void_reason = reason.strip()
    current.save(update_fields=["void_reason"])
    trail.record("collection-cost.voided", current, by=by, at=at, right=NOTE, reason=reason, amount=current.amount)


def _refuse_place(township: Division | None, by: Person) -> None:
    """A station notes what its own townships spent; what the county spent is noted there."""
    if township is None:
        if by.bodies_in_sight(NOTE) is not None:
            raise CannotKeep(_("Say which township."), "township")
        return
    seen = Division.objects.visible_to(by, NOTE).filter(level=Division.Level.TOWNSHIP, pk=township.pk)
    if not seen.exists():
        raise OutOfSight(_("This township is not among those that your office serves."), "township")
