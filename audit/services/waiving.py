"""Money that cannot be recovered (核销): one of the auditors asks that it be given up, with ground and evidence; the
head of the office agrees, then finance (docs/rules/engagements.md). What is waived is never counted as recovered.

Order of locks: the engagement where it is asked for, the rounds of the waiver, the waiver, the finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from audit.models import Engagement, Finding, Waiver
from audit.selectors import findings as selectors
from audit.services import auditing, evidence
from audit.services.auditing import WAIVE, CannotAudit
from audit.services.evidence import EvidenceOf
from claims.services import before
from claims.services.locks import refusing
from funds.deciding import FUNDS
from office import attachments, deciding, trail
from office.deciding import CannotWithdraw, Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules import days, money
from office.rules.rounds import Required
from office.services import rounds
from office.services.rounds import CannotVote

PREFIX: Final = "HX"
VIEW: Final = "audit.view_waiver"
State = Waiver.State
BY_OFFICE: Final = Required(rule="audit.waiver", version="1", duties=(Duty.OFFICE_HEAD,))
BY_FINANCE: Final = Required(rule="audit.waiver", version="1", duties=(Duty.FINANCE_REVIEWER,))
FINANCE: Final = "finance"


@dataclass(frozen=True)
class WaiverOf:
    """What is to be given up: who owes it, how much in yuan, on what ground, why in words."""

    debtor: str
    amount: Decimal
    ground: str
    words: str


@refusing("waiver.proposed", CannotAudit, about="finding")
def _propose(*, finding: Finding, stated: WaiverOf, shown: EvidenceOf, by: Person, at: datetime) -> Waiver:
    auditing.refuse_without(by, WAIVE)
    auditing.hold_for(finding.engagement, by)
    current = _final(finding)
    if current.waivers.waiting().exists():
        raise CannotAudit(_("A waiver of this finding waits to be decided already."))
    owed = selectors.standing_of(current).owed
    if not 0 < stated.amount <= owed:
        raise CannotAudit(
            _("%(amount)s yuan are still to come back: no more is waived.") % {"amount": money.shown(owed)}, "amount"
        )
    if stated.ground not in Waiver.Ground.values:
        raise CannotAudit(_("Choose the ground."), "ground")
    today = days.business_day(at)
    made = Waiver.objects.create(
        finding=current,
        number=before.next_number(Waiver, PREFIX, today),
        debtor=auditing.said(stated.debtor, "debtor"),
        amount=stated.amount,
        ground=stated.ground,
        words=auditing.said(stated.words, "words"),
        proposed_by=by,
        proposed_at=at,
        proposed_on=today,
    )
    evidence.keep(made, shown, by, at, waiver=made)
    opened = rounds.open_round(subject=made, by=by, at=at)
    trail.record(
        "waiver.proposed",
        made,
        by=by,
        at=at,
        right=WAIVE,
        subject_hash=opened.subject_hash,
        number=made.number,
        amount=made.amount,
        ground=made.ground,
        finding=current.number,
    )
    return made


def propose(*, finding: Finding, stated: WaiverOf, shown: EvidenceOf, by: Person, at: datetime) -> Waiver:
    """Ask that money of a final finding be given up, with the evidence that it cannot be recovered. Raises
    CannotAudit."""
    done: Waiver = _propose(finding=finding, stated=stated, shown=shown, by=by, at=at)
    return done


def _final(finding: Finding) -> Finding:
    """A final finding, which stays final until the end of the transaction. Raises CannotAudit."""
    current = Finding.objects.select_for_update(of=["self"], no_key=True).get(pk=finding.pk)
    if current.state != Finding.State.FINAL:
        raise CannotAudit(_("Money is waived when the finding is final and not closed."))
    return current


def _decided(waiver: Waiver, outcome: str, by: Person, at: datetime) -> str:
    """Agreed to by the head of the office it goes to finance, agreed to there it counts."""
    if outcome == Outcome.APPROVED:
        _refuse_outdated(waiver)
        goes_on = waiver.state == State.PROPOSED
        _move(waiver, State.REVIEWED if goes_on else State.AGREED)
        if goes_on:
            rounds.open_locked(subject=waiver, by=waiver.proposed_by, at=at, step=FINANCE, required=BY_FINANCE)
    else:
        _move(waiver, State.REFUSED)
    trail.record(
        "waiver.decided", waiver, by=by, at=at, outcome=outcome, number=waiver.number, amount=waiver.amount,
        state=waiver.state,
    )  # fmt: skip
    return ""


def _refuse_outdated(waiver: Waiver) -> None:
    """Money may have come in since it was asked for: no more is given up than is missing. Raises CannotVote."""
    try:
        owed = selectors.standing_of(_final(waiver.finding)).owed
    except CannotAudit as refusal:
        raise CannotVote(str(refusal)) from refusal
    if waiver.amount > owed:
        raise CannotVote(
            _("%(amount)s yuan are still to come back: refuse this waiver and have another one asked for.")
            % {"amount": money.shown(owed)}
        )


@refusing("waiver.withdrawn", CannotWithdraw, about="waiver")
def withdraw(*, waiver: Waiver, by: Person, at: datetime) -> None:
    """Whoever asked for it takes it back before it is decided. Raises CannotWithdraw."""
    rounds.void(subject=waiver, by=by, at=at, reason=_("withdrawn"))
    current = Waiver.objects.select_for_update(of=["self"]).get(pk=waiver.pk)
    if current.state not in Waiver.WAITING:
        raise CannotWithdraw(_("This has been decided already."))
    if current.proposed_by_id != by.pk:
        raise CannotWithdraw(_("Whoever entered it takes it back."))
    _move(current, State.VOID)
    trail.record("waiver.withdrawn", current, by=by, at=at, right=WAIVE)


def _move(waiver: Waiver, state: str) -> None:
    waiver.state = state
    waiver.save(update_fields=["state"])


def content(waiver: Waiver) -> Mapping[str, object]:
    """What a vote is about: everything that the waiver says, and the hashes of its evidence."""
    files = waiver.evidence.order_by("pk").values_list("attachment__sha256", flat=True)
    told = {name: getattr(waiver, name) for name in ("number", "debtor", "ground", "words")}
    return told | {"finding": waiver.finding.number, "amount": str(waiver.amount), "evidence": ",".join(files)}


def rows(waiver: Waiver) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    finding = waiver.finding
    standing = selectors.standing_of(finding)
    before = finding.waivers.agreed().filter(pk__lt=waiver.pk).aggregate(sum=Sum("amount", default=Decimal(0)))
    return [
        (_("number"), waiver.number),
        (pgettext("audit", "finding"), f"{finding} {finding.title}"),
        (_("rule and article"), finding.rule),
        (_("to be recovered, yuan"), money.shown(standing.to_recover)),
        (_("recovered by the books, yuan"), money.shown(standing.recovered)),
        (_("waived before, yuan"), money.shown(before["sum"])),
        (_("to be waived, yuan"), money.shown(waiver.amount)),
        (_("who owes it"), waiver.debtor),
        (pgettext("waiver", "ground"), str(waiver.get_ground_display())),
        (_("why it cannot be recovered"), waiver.words),
        (pgettext("audit", "evidence"), "、".join(waiver.evidence.order_by("pk").values_list("words", flat=True))),
    ]


def barred(waiver: Waiver) -> list[Person]:
    """Whoever works on the engagement, or whose office it is about, decides nothing of it."""
    engagement: Engagement = waiver.finding.engagement
    people = [one.person for one in engagement.members.select_related("person")]
    return people if engagement.leaver is None else [*people, engagement.leaver]


def register() -> None:
    """Called once when the app is ready: who decides waivers, and who reads their evidence."""
    deciding.register(
        Matter(
            model=Waiver,
            family=FUNDS,
            title=pgettext_lazy("audit", "Waiver of money that cannot be recovered"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda waiver: BY_OFFICE,
            barred=barred,
            amount=lambda waiver: waiver.amount,
            page="audit:waiver",
            known=("finding__engagement", "proposed_by"),
            withdraw=lambda waiver, by, at: withdraw(waiver=waiver, by=by, at=at),
        )
    )
    attachments.register("audit.waiver", _sees)


def _sees(person: Person, number: str) -> bool:
    return person.has_perm(VIEW) and Waiver.objects.visible_to(person).filter(pk=number).exists()
