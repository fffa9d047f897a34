"""What the county's paper asks of the committee (议事规则): entered by one person, confirmed by another; dated rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.deciding import CLAIMS
from claims.models import CommitteeRule
from claims.services import before
from enrollment.services.keeping import CannotKeep
from office import deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules import days
from office.rules.rounds import Required
from office.services import rounds

RIGHT: Final = "claims.add_committeerule"
BY_A_SECOND: Final = Required(
    rule="claims.committee-rule-by-a-second", version="1", duties=(Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD)
)


@transaction.atomic
def propose(
    *, since: date, quorum: str, majority: str, least: int, document: str, by: Person, at: datetime
) -> CommitteeRule:
    """Enter what a paper asks of the committee from a day on; somebody else confirms it. Raises CannotKeep."""
    if since < days.business_day(at):
        raise CannotKeep(_("A rule of the committee begins today or later: what was decided stays."), "since")
    asked = CommitteeRule.objects.create(
        since=since,
        quorum=quorum,
        majority=majority,
        least=least,
        document=before.said(document, "document"),
        proposed_by=by,
        proposed_at=at,
    )
    if clash := _clash(asked):
        raise CannotKeep(clash, "since")
    trail.record("committee-rule.proposed", asked, by=by, at=at, right=RIGHT, since=since)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=CommitteeRule,
            family=CLAIMS,
            title=gettext_lazy("Rule of the committee"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda asked: BY_A_SECOND,
        )
    )


def content(asked: CommitteeRule) -> Mapping[str, object]:
    """What a vote on a rule is about."""
    return {
        "since": asked.since,
        "quorum": asked.quorum,
        "majority": asked.majority,
        "least": asked.least,
        "paper": asked.document,
    }


def rows(asked: CommitteeRule) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    return [
        (_("in force from"), asked.since.isoformat()),
        (_("quorum"), str(asked.get_quorum_display())),
        (_("majority"), str(asked.get_majority_display())),
        (_("members at least"), str(asked.least)),
        (_("paper"), asked.document),
    ]


def _decided(asked: CommitteeRule, outcome: str, by: Person, at: datetime) -> str:
    approved = outcome == Outcome.APPROVED
    if approved and (clash := _clash(asked)):
        raise rounds.CannotVote(clash)
    if approved and asked.since < days.business_day(at):
        raise rounds.CannotVote(_("A rule of the committee begins today or later: what was decided stays."))
    asked.state = CommitteeRule.State.CONFIRMED if approved else CommitteeRule.State.REFUSED
    asked.save(update_fields=["state"])
    trail.record("committee-rule.decided", asked, by=by, at=at, outcome=outcome)
    return ""


def _clash(asked: CommitteeRule) -> str:
    """Why its day cannot be its own beside the confirmed ones; one at a time looks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('claims_committeerule', 0))")
    if CommitteeRule.objects.filter(state=CommitteeRule.State.CONFIRMED, since=asked.since).exists():
        return _("Another rule of the committee begins on this day.")
    return ""
