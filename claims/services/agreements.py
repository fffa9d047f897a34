"""Agreements with providers (定点协议): on the days of one the provider is designated for the scheme.

Order of locks: the provider, its agreements.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from claims.models import Agreement, Provider
from enrollment.models import Scheme
from office import trail
from office.models import Person

RIGHT = "claims.change_agreement"


class CannotAgree(Exception):
    """The agreements stay as they were; the message is written for who keeps them, `field` is what it is about."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def sign_agreement(
    *,
    provider: Provider,
    scheme: Scheme,
    number: str,
    first: date,
    last: date | None = None,
    average: Decimal | None = None,
    is_instant: bool = False,
    by: Person,
    at: datetime,
) -> Agreement:
    """Note an agreement that was signed; without a last day it runs until it is ended. `average` is what it lets a stay
    cost on average, in yuan; `is_instant`: the hospital pays patients in advance. Raises CannotAgree."""
    current = Provider.objects.select_for_update(of=["self"]).get(pk=provider.pk)
    if current.closed_on:
        raise CannotAgree(_("The provider is closed since %(day)s.") % {"day": current.closed_on})
    number = " ".join(number.split())
    if not number:
        raise CannotAgree(_("An agreement has a number."), "number")
    if last and last < first:
        raise CannotAgree(_("The last day lies before the first."), "last")
    period = DateRange(first, last + timedelta(days=1) if last else None)
    try:
        with transaction.atomic():
            signed = Agreement.objects.create(
                provider=current,
                scheme=scheme,
                number=number,
                period=period,
                average=average,
                is_instant=is_instant,
                changed_by=by,
                changed_at=at,
            )
    except IntegrityError as refusal:
        raise CannotAgree(
            _("The provider has an agreement with this scheme on some of these days: end it first."), "first"
        ) from refusal
    told = {"average": "" if average is None else average, "instant": is_instant}
    _note("agreement.signed", signed, by=by, at=at, last=last or "", **told)
    return signed


@transaction.atomic
def end_agreement(*, agreement: Agreement, last: date, because: str, by: Person, at: datetime) -> Agreement:
    """End an agreement earlier than was agreed: `last` is its last day, by the paper even where it is typed in late.
    Raises CannotAgree."""
    Provider.objects.select_for_update(of=["self"]).get(pk=agreement.provider_id)
    current = Agreement.objects.select_for_update(of=["self"]).select_related("scheme").get(pk=agreement.pk)
    end = last + timedelta(days=1)
    if last < current.period.lower:
        raise CannotAgree(_("The agreement begins on %(day)s only.") % {"day": current.period.lower}, "last")
    if current.period.upper and end >= current.period.upper:
        raise CannotAgree(_("It ends by then anyway."), "last")
    if not because.strip():
        raise CannotAgree(_("Say why it ends early."), "because")
    current.period = DateRange(current.period.lower, end)
    current.ended_because = because.strip()
    current.changed_by, current.changed_at = by, at
    current.save()
    _note("agreement.ended", current, by=by, at=at, last=last, reason=current.ended_because)
    return current


def _note(name: str, agreement: Agreement, *, by: Person, at: datetime, **facts: object) -> None:
    trail.record(
        name,
        agreement,
        by=by,
        at=at,
        right=RIGHT,
        provider=agreement.provider_id,
        scheme=agreement.scheme.code,
        number=agreement.number,
        first=agreement.period.lower,
        **facts,  # type: ignore[arg-type]
    )
