"""Limits (审批权限、核查限额): entered with the paper by one, confirmed by another; dated rows.

A limit with days of one in force ends that one on the day before. Order of locks: the limit's rounds, the limit, its
scheme, the limit that is ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.deciding import CLAIMS
from claims.models import Kind, Limit, Provider, Step
from claims.services.locks import refusing
from enrollment.models import Scheme
from office import deciding, trail, words
from office.deciding import CannotWithdraw, Matter
from office.models import Duty, Person
from office.models.rounds import Choice, Outcome
from office.rules.rounds import Required
from office.services import rounds

RIGHT: Final = "claims.add_limit"
CONFIRMED_BY: Final = Required(rule="claims.limit", version="1", duties=(Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD))
#: Steps that a limit brings a claim to.
STEPS: Final = (Step.VERIFICATION, Step.HEAD, Step.COMMITTEE)
ONE_DAY: Final = timedelta(days=1)


class CannotPropose(Exception):
    """No limit was entered; the message is written for the accountant, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class LimitOf:
    """A limit as a paper states it: from which amount, in yuan, claims take a step; kind and region empty are any."""

    scheme: Scheme
    step: str
    basis: str
    amount: Decimal
    first: date
    last: date | None
    document: str
    kind: str = ""
    region: str = ""


@refusing("limit.proposed", CannotPropose, about="scheme")
def _create(*, scheme: Scheme, stated: LimitOf, by: Person, at: datetime) -> Limit:
    _refuse_incomplete(stated)
    limit = Limit.objects.create(
        scheme=scheme,
        kind=stated.kind,
        region=stated.region,
        step=stated.step,
        basis=stated.basis,
        amount=stated.amount,
        period=DateRange(stated.first, stated.last + ONE_DAY if stated.last else None),
        document=stated.document.strip(),
        proposed_by=by,
        proposed_at=at,
    )
    if wrong := clash_of(limit):
        raise CannotPropose(wrong, "first")
    opened = rounds.open_round(subject=limit, by=by, at=at)
    trail.record(
        "limit.proposed", limit, by=by, at=at, right=RIGHT, subject_hash=opened.subject_hash, amount=limit.amount
    )
    return limit


def propose(*, stated: LimitOf, by: Person, at: datetime) -> Limit:
    """Enter a limit; it waits for somebody else. Raises CannotPropose."""
    limit: Limit = _create(scheme=stated.scheme, stated=stated, by=by, at=at)
    return limit


@transaction.atomic
def withdraw(*, limit: Limit, by: Person, at: datetime) -> None:
    """Whoever entered a limit takes it back before it is decided. Raises CannotWithdraw."""
    rounds.void(subject=limit, by=by, at=at, reason=_("withdrawn"))
    current = Limit.objects.select_for_update(of=["self"]).get(pk=limit.pk)
    if current.state != Limit.State.PROPOSED:
        raise CannotWithdraw(_("This has been decided already."))
    if current.proposed_by_id != by.pk:
        raise CannotWithdraw(_("Whoever entered it takes it back."))
    _move(current, Limit.State.WITHDRAWN)
    trail.record("limit.withdrawn", current, by=by, at=at, right=RIGHT)


def clash_of(limit: Limit) -> str:
    """Why a limit's days cannot be its own beside those in force; nothing where they can."""
    others = list(in_the_way(limit))
    if not others:
        return ""
    if len(others) > 1 or others[0].period.lower >= limit.period.lower:
        return _("%(other)s is in force on these days: a limit ends one that began before it.") % {"other": others[0]}
    until, last = others[0].period.upper, limit.period.upper
    if last is not None and (until is None or until > last):
        return _("%(other)s is in force until later: after this limit some days would have none.") % {
            "other": others[0]
        }
    return ""


def in_the_way(limit: Limit) -> Any:
    """Limits in force for the same claims, step and basis that have days of this one."""
    return Limit.objects.filter(
        scheme=limit.scheme_id,
        kind=limit.kind,
        region=limit.region,
        step=limit.step,
        basis=limit.basis,
        state=Limit.State.CONFIRMED,
        period__overlap=limit.period,
    ).order_by("pk")


def _refuse_incomplete(stated: LimitOf) -> None:
    if stated.step not in STEPS:
        raise CannotPropose(_("Choose the step to which the limit brings a claim."), "step")
    if stated.basis not in Limit.Basis.values:
        raise CannotPropose(_("Choose what the limit looks at."), "basis")
    if stated.kind not in {"", *Kind.values} or stated.region not in {"", *Provider.Region.values}:
        raise CannotPropose(_("Choose for which claims the limit is."), "kind")
    if stated.amount < 0:
        raise CannotPropose(_("An amount is not below nothing."), "amount")
    if stated.last is not None and stated.last < stated.first:
        raise CannotPropose(_("The last day is not before the first."), "last")
    if not stated.document.strip():
        raise CannotPropose(_("Name the paper on which the limit rests."), "document")


def _decided(limit: Limit, outcome: str, by: Person, at: datetime) -> str:
    """Confirmed it is in force; refused it is not; deferred it waits for another round."""
    if outcome == Outcome.APPROVED:
        _make_room(limit, by, at)
        _move(limit, Limit.State.CONFIRMED)
    elif outcome == Outcome.REFUSED:
        _move(limit, Limit.State.REFUSED)
    else:
        rounds.open_round(subject=limit, by=limit.proposed_by, at=at)
    trail.record("limit.decided", limit, by=by, at=at, outcome=outcome, amount=limit.amount)
    return ""


def _make_room(limit: Limit, by: Person, at: datetime) -> None:
    """One confirmation in a scheme at a time; the limit before keeps the days before. What has come between takes the
    vote back (CannotVote)."""
    Scheme.objects.select_for_update(no_key=True).get(pk=limit.scheme_id)
    if wrong := clash_of(limit):
        raise rounds.CannotVote(wrong)
    for ended in in_the_way(limit).select_for_update(of=["self"]):
        ended.period = DateRange(ended.period.lower, limit.period.lower)
        ended.save(update_fields=["period"])
        trail.record("limit.ended", ended, by=by, at=at, successor=limit.pk, first_day=limit.period.lower)


def _move(limit: Limit, state: str) -> None:
    limit.state = state
    limit.save(update_fields=["state"])


def content(limit: Limit) -> Mapping[str, object]:
    """What a vote on a limit is about: every figure and day of it, and its paper."""
    return {
        "scheme": limit.scheme.code,
        "kind": limit.kind,
        "region": limit.region,
        "step": limit.step,
        "basis": limit.basis,
        "amount": limit.amount,
        "from": limit.period.lower,
        "to": limit.period.upper,
        "paper": limit.document,
    }


def rows(limit: Limit) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    told = [
        (_("scheme"), limit.scheme.name),
        (_("kind of claim"), str(limit.get_kind_display()) if limit.kind else _("any")),
        (_("region"), str(limit.get_region_display()) if limit.region else _("any")),
        (_("step"), str(limit.get_step_display())),
        (_("basis"), str(limit.get_basis_display())),
        (_("amount"), f"{limit.amount:,.2f}"),
        (_("in force"), words.period(limit.period)),
        (_("paper"), limit.document),
    ]
    if limit.state == Limit.State.PROPOSED:
        told += [(_("ends earlier"), f"{one}: {words.period(one.period)}") for one in in_the_way(limit)]
    return told


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=Limit,
            family=CLAIMS,
            title=gettext_lazy("Limit"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda limit: CONFIRMED_BY,
            amount=lambda limit: limit.amount,
            choices=(Choice.APPROVE, Choice.REFUSE),
            withdraw=lambda limit, by, at: withdraw(limit=limit, by=by, at=at),
        )
    )
