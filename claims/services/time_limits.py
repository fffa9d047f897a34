"""Time limits (时限): entered with the county's paper by one person, confirmed by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.deciding import CLAIMS
from claims.models import TimeLimit
from claims.services import before
from enrollment.models import Scheme
from enrollment.services.keeping import CannotKeep
from office import deciding, trail, words
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules.rounds import Required
from office.services import rounds

RIGHT = "claims.add_timelimit"
BY_A_SECOND = Required(
    rule="claims.time-limit-by-a-second", version="1", duties=(Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD)
)


@transaction.atomic
def propose(
    *, scheme: Scheme, kind: str, days: int, first: date, last: date | None, document: str, by: Person, at: datetime
) -> TimeLimit:
    """Enter how many days a paper gives for something; somebody else confirms it. Raises CannotKeep."""
    if last is not None and last < first:
        raise CannotKeep(_("This day lies before %(since)s.") % {"since": first.isoformat()}, "last")
    asked = TimeLimit.objects.create(
        scheme=scheme,
        kind=kind,
        days=days,
        period=DateRange(first, last + timedelta(days=1) if last else None),
        document=before.said(document, "document"),
        proposed_by=by,
        proposed_at=at,
    )
    if clash := _clash(asked):
        raise CannotKeep(clash, "first")
    trail.record("time-limit.proposed", asked, by=by, at=at, right=RIGHT, kind=kind, days=days, scheme=scheme.code)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=TimeLimit,
            family=CLAIMS,
            title=gettext_lazy("Time limit"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda asked: BY_A_SECOND,
        )
    )


def content(asked: TimeLimit) -> Mapping[str, object]:
    """What a vote on a time limit is about."""
    return {
        "scheme": asked.scheme.code,
        "kind": asked.kind,
        "days": asked.days,
        "from": asked.period.lower,
        "to": asked.period.upper,
        "paper": asked.document,
    }


def rows(asked: TimeLimit) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    return [
        (_("scheme"), asked.scheme.name),
        (_("time limit"), str(asked.get_kind_display())),
        (_("number of days"), str(asked.days)),
        (_("in force"), words.period(asked.period)),
        (_("paper"), asked.document),
    ]


def _decided(asked: TimeLimit, outcome: str, by: Person, at: datetime) -> str:
    approved = outcome == Outcome.APPROVED
    if approved and (clash := _clash(asked)):
        raise rounds.CannotVote(clash)
    asked.state = TimeLimit.State.CONFIRMED if approved else TimeLimit.State.REFUSED
    asked.save(update_fields=["state"])
    trail.record("time-limit.decided", asked, by=by, at=at, outcome=outcome)
    return ""


def _clash(asked: TimeLimit) -> str:
    """Why these days cannot be its own beside the confirmed ones."""
    Scheme.objects.select_for_update(no_key=True).get(pk=asked.scheme_id)
    confirmed = TimeLimit.objects.filter(state=TimeLimit.State.CONFIRMED, scheme=asked.scheme, kind=asked.kind)
    if confirmed.filter(period__overlap=asked.period).exists():
        return _("Another row of the same kind is in force on some of these days.")
    return ""
