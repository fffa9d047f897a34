"""Injury inquiries (意外伤害调查): opened with a statement, visited by two, concluded by one and decided by
another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.deciding import CLAIMS
from claims.models import InjuryConclusion, InjuryInquiry, InjuryVisit
from claims.services import before
from enrollment.models import Member
from enrollment.services.keeping import CannotKeep, refusing
from office import deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules import days
from office.rules.rounds import Required
from office.services import rounds

RIGHT = "claims.add_injuryinquiry"
VISIT = "claims.add_injuryvisit"
CONCLUDE = "claims.add_injuryconclusion"
BY_A_SECOND = Required(
    rule="claims.injury-conclusion-by-a-second", version="1", duties=(Duty.SECOND_CHECKER, Duty.OFFICE_HEAD)
)


@dataclass(frozen=True)
class Statement:
    """What the injured person, or whoever speaks for him, says."""

    member: Member
    injured_on: date
    place: str
    cause: str
    statement: str
    stated_by: str
    witnesses: str = ""
    proof: str = ""
    phone: str = ""


@transaction.atomic
def open_inquiry(*, said: Statement, by: Person, at: datetime) -> InjuryInquiry:
    """Write down a statement; from then on it is inquired into. Raises CannotKeep."""
    today = days.business_day(at)
    before.refuse_days(said.injured_on, said.injured_on, at=at, field="injured_on")
    opened = InjuryInquiry.objects.create(
        number=before.next_number(InjuryInquiry, "WS", today),
        scheme=before.insured_by(said.member, said.injured_on),
        member=said.member,
        body=before.desk_of(by, RIGHT),
        injured_on=said.injured_on,
        place=before.said(said.place, "place"),
        cause=said.cause,
        statement=before.said(said.statement, "statement"),
        stated_by=before.said(said.stated_by, "stated_by"),
        witnesses=said.witnesses.strip(),
        proof=said.proof.strip(),
        phone=said.phone.strip(),
        stated_on=today,
        entered_by=by,
        entered_at=at,
    )
    trail.record("injury.opened", opened, by=by, at=at, right=RIGHT, member=said.member, cause=said.cause)
    return opened


@transaction.atomic
def note_visit(
    *, inquiry: InjuryInquiry, on: date, second: Person, spoken_to: str, words: str, by: Person, at: datetime
) -> InjuryVisit:
    """Two people went there: whoever writes it down, and a second one of the office. Raises CannotKeep."""
    current = _seen(inquiry, by, VISIT)
    before.refuse_days(current.injured_on, on, at=at, field="on")
    if second == by:
        raise CannotKeep(_("Two people go there: name the other one."), "second")
    if current.conclusions.filter(state=InjuryConclusion.State.CONFIRMED).exists():
        raise CannotKeep(_("This inquiry is concluded."))
    noted = InjuryVisit.objects.create(
        inquiry=current,
        on=on,
        first=by,
        second=second,
        spoken_to=before.said(spoken_to, "spoken_to"),
        words=before.said(words, "words"),
        noted_at=at,
    )
    trail.record("injury.visited", current, by=by, at=at, right=VISIT, second=second.pk, on=on)
    return noted


@transaction.atomic
def conclude(
    *, inquiry: InjuryInquiry, liable_party: str, payable: bool, words: str, by: Person, at: datetime
) -> InjuryConclusion:
    """Write what the inquiry comes to; somebody else decides it. With somebody else liable nothing is payable. Raises
    CannotKeep."""
    current = _seen(inquiry, by, CONCLUDE)
    if not current.visits.exists():
        raise CannotKeep(_("Two people go there before anything is concluded: note the visit first."))
    liable = liable_party.strip()
    if liable and payable:
        raise CannotKeep(_("Where somebody else is liable nothing is payable."), "payable")
    twice = _("A conclusion waits or stands already.")
    with refusing("injury_conclusion_once", lambda: twice, "words"):
        written = InjuryConclusion.objects.create(
            inquiry=current,
            third_party_liable=bool(liable),
            liable_party=liable,
            payable=payable,
            words=before.said(words, "words"),
            proposed_by=by,
            proposed_at=at,
        )
    trail.record(
        "injury.concluded", written, by=by, at=at, right=CONCLUDE, reason=words, member=current.member, payable=payable
    )
    rounds.open_round(subject=written, by=by, at=at)
    return written


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=InjuryConclusion,
            family=CLAIMS,
            title=gettext_lazy("Conclusion of an injury inquiry"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda written: BY_A_SECOND,
        )
    )


def content(written: InjuryConclusion) -> Mapping[str, object]:
    """What a vote on a conclusion is about: it, the statement, and the visits it rests on."""
    inquiry = written.inquiry
    told: dict[str, object] = {
        "inquiry": inquiry.number,
        "statement": inquiry.statement,
        "liable": written.liable_party,
        "payable": written.payable,
        "grounds": written.words,
    }
    return told | {f"visit:{one.pk}": f"{one.on} {one.words}" for one in _visits(written)}


def rows(written: InjuryConclusion) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    inquiry = written.inquiry
    told = [
        (_("inquiry"), inquiry.number),
        (_("injured person"), inquiry.member.name),
        (_("injured on"), f"{inquiry.injured_on.isoformat()} · {inquiry.place}"),
        (_("cause stated"), str(inquiry.get_cause_display())),
        (_("what happened, as stated"), inquiry.statement),
        (_("proof of the village or the police"), inquiry.proof or "—"),
    ]
    told += [
        (
            _("visit on %(day)s") % {"day": one.on.isoformat()},
            f"{one.first}、{one.second} · {one.spoken_to}: {one.words}",
        )
        for one in _visits(written)
    ]
    return [
        *told,
        (_("who is liable"), written.liable_party or _("nobody else")),
        (_("conclusion"), str(written)),
        (_("grounds"), written.words),
    ]


def _visits(written: InjuryConclusion) -> list[InjuryVisit]:
    """The visits that were noted before the conclusion was written."""
    found = written.inquiry.visits.filter(noted_at__lte=written.proposed_at)
    return list(found.select_related("first", "second"))


def _decided(written: InjuryConclusion, outcome: str, by: Person, at: datetime) -> str:
    approved = outcome == Outcome.APPROVED
    written.state = InjuryConclusion.State.CONFIRMED if approved else InjuryConclusion.State.REFUSED
    written.save(update_fields=["state"])
    trail.record("injury.decided", written, by=by, at=at, outcome=outcome, payable=written.payable)
    return ""


def _seen(inquiry: InjuryInquiry, by: Person, right: str) -> InjuryInquiry:
    current = InjuryInquiry.objects.visible_to(by, right).filter(pk=inquiry.pk).first()
    if current is None:
        raise CannotKeep(_("This is not among what your office sees."))
    return current
