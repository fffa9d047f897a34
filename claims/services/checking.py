"""Checking: each step of a claim is a round of its own; what is cut is part of the vote (docs/rules/claims.md).

Order of locks: as in claims/services/locks.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.deciding import CLAIMS
from claims.models import Claim, ClaimLine, Cut, Invoice
from claims.rules import routes
from claims.rules.committee import BUILT_IN, Asks, quorum_of
from claims.rules.evaluation import CannotAssess
from claims.rules.routes import Stage
from claims.selectors import checking as selectors
from claims.selectors import meetings, routing, valuing
from claims.selectors.appeals import decided_before
from claims.selectors.intake_words import in_readers_language
from claims.services import approving, returning
from claims.services.approving import CannotApprove, Valued
from claims.services.locks import MovedMeanwhile, lock_docket, lock_person, refusing
from claims.services.returning import CannotCheck
from office import deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Choice, Outcome
from office.proof import Proof
from office.rules import days, money
from office.rules.rounds import Required
from office.services import rounds
from office.services.dockets import Docket
from office.services.rounds import CannotVote, Voted

State = Claim.State

#: Who decides each step alone; the committee decides together.
ALONE: Final[Mapping[str, Required]] = {
    State.FIRST_CHECK: Required(rule="claims.first-check", version="1", duties=(Duty.FIRST_CHECKER,)),
    State.SECOND_CHECK: Required(rule="claims.second-check", version="1", duties=(Duty.SECOND_CHECKER,)),
    State.HEAD: Required(rule="claims.head", version="1", duties=(Duty.OFFICE_HEAD,)),
}
SITS: Final = (Duty.COMMITTEE_MEMBER, Duty.COMMITTEE_CHAIR)
CHOICES: Final = (Choice.APPROVE, Choice.CUT, Choice.REFUSE, Choice.RETURN)
#: What the plans ask about a claim.
KNOWN: Final = ("scheme", "disease", "entered_by", "member__household", "member__merged_into")


@dataclass(frozen=True)
class CutOf:
    """What a checker takes off a line, by the line's number, in yuan."""

    line: int
    amount: Decimal
    reason_code: str
    reason: str = ""


@refusing("claim.checked", CannotCheck, CannotVote)
def check(
    *,
    claim: Claim,
    choice: str,
    hash_seen: str,
    by: Person,
    at: datetime,
    proof: Proof | None,
    cuts: Sequence[CutOf] = (),
    papers: Sequence[str] = (),
    reason: str = "",
    for_whom: Person | None = None,
) -> Voted:
    """Decide a claim in the step in which it is; what is cut is written with the vote. Raises CannotCheck, CannotVote.

    A claim is returned once, with the full list of what is missing (一次性告知): `papers` of its kind's list by code,
    and what else there is in words.
    """
    docket = lock_docket(claim)
    opened = waiting(docket)
    refuse_choice(docket.subject, choice, cuts, docket.rounds)
    write_cuts(docket.subject, opened, cuts, for_whom or by, at)
    reason = returning.ask(docket.subject, opened, choice, papers, reason, for_whom or by, at)
    return rounds.vote(
        round=opened,
        choice=choice,
        hash_seen=hash_seen,
        by=by,
        at=at,
        proof=proof,
        reason=reason.strip() or reasons(cuts),
        for_whom=for_whom,
        docket=docket,
    )


def waiting(docket: Docket) -> Any:
    """Of a claim's rounds the open one of a step in which one person decides. Raises CannotCheck."""
    claim = docket.subject
    opened = next((one for one in docket.rounds if (one.state, one.step) == ("open", claim.state)), None)
    if opened is None or claim.state not in ALONE:
        raise CannotCheck(_("This claim waits for no check: it is %(state)s.") % {"state": claim.get_state_display()})
    return opened


def enter_step(*, claim: Claim, step: str, by: Person, at: datetime, also: Sequence[str] = ()) -> Any:
    """A claim, locked with its rounds, comes into a step: its round is opened, with nothing to open where the hospital
    is asked. Gives the round. What intake entered is what is decided: its clerk is the maker of every round. `also`
    names fields that are saved in the same moment."""
    claim.state, claim.state_since = step, days.business_day(at)
    claim.save(update_fields=["state", "state_since", "proposed", "route", *also])
    if step == State.VERIFICATION:
        return None
    if step == State.COMMITTEE:
        return _call_committee(claim, by, at)
    return rounds.open_locked(subject=claim, by=claim.entered_by, at=at, step=step)


def _call_committee(claim: Claim, by: Person, at: datetime) -> Any:
    """The round of all who belong to the committee today."""
    return seat_committee(claim, selectors.committee_on(days.business_day(at)), by=by, at=at)


def seat_committee(claim: Claim, members: Sequence[tuple[Person, str]], *, by: Person, at: datetime) -> Any:
    """A round of these members over a claim: who took it in, or decided it before an appeal, has no seat; who took part
    in an earlier step no voice."""
    apart = {claim.entered_by_id} | decided_before(claim)
    seated = [(person, role) for person, role in members if person.pk not in apart]
    opened = rounds.open_locked(
        subject=claim,
        by=claim.entered_by,
        at=at,
        step=State.COMMITTEE,
        required=committee_of(len(seated), meetings.asked_on(days.business_day(at))),
        body=seated,
    )
    involved = selectors.took_part(claim, but_step=State.COMMITTEE) | {one.pk for one in selectors.barred(claim)}
    for seat in opened.seats.filter(person__in=involved):
        rounds.note_attendance(seat=seat, is_present=True, recusal=_("took part in an earlier step"), by=by, at=at)
    return opened


def round_of(claim: Claim) -> Any:
    """The open round of the step in which a claim is."""
    return deciding.rounds_of(claim).filter(state="open", step=claim.state).first()


def reroute(claim: Claim) -> None:
    """The route of a locked claim as it comes to now. The caller saves it."""
    claim.route = [step.stage.value for step in routing.route_for(claim)]


def refuse_choice(
    claim: Claim, choice: str, cuts: Sequence[CutOf], known: Sequence[Any], among: Sequence[str] = CHOICES
) -> None:
    """A choice that there is, with cuts where it cuts; a claim is returned once. Raises CannotCheck."""
    if choice not in among:
        raise CannotCheck(_("Choose how you decide."))
    if choice == Choice.CUT and not cuts:
        raise CannotCheck(_("Say what is cut."))
    if choice != Choice.CUT and cuts:
        raise CannotCheck(_("What is cut belongs to an approval with cuts."))
    if choice == Choice.RETURN and any(one.outcome == Outcome.RETURNED for one in known):
        raise CannotCheck(
            _("This claim was returned once, with the full list of what was missing. Decide it on what is there.")
        )


def write_cuts(
    claim: Claim, opened: Any, cuts: Sequence[CutOf], by: Person, at: datetime, *, counts: bool = True
) -> None:
    """Rows of what is cut, inside what each line still holds; a member's cuts count once a majority supports them.
    Raises CannotCheck."""
    if not cuts:
        return
    lines = {one.pk: one for one in claim.lines.filter(version=claim.content_version)}
    before = valuing.cut_of(claim)
    seen: set[int] = set()
    for one in cuts:
        _refuse_cut(one, lines.get(one.line), before.get(one.line, Decimal(0)))
        if one.line in seen:
            raise CannotCheck(_("A line is cut once in a step."))
        seen.add(one.line)
    Cut.objects.bulk_create(
        Cut(
            claim=claim,
            line=lines[one.line],
            round=opened,
            step=claim.state,
            amount=one.amount,
            reason_code=one.reason_code,
            reason=one.reason.strip(),
            by=by,
            at=at,
            counts=counts,
        )
        for one in cuts
    )


def _refuse_cut(one: CutOf, line: ClaimLine | None, cut_before: Decimal) -> None:
    if line is None:
        raise CannotCheck(_("This line is not among those of the claim."))
    words = {"line": line.position, "item": line.name, "left": line.amount - cut_before}
    if not 0 < one.amount <= line.amount - cut_before:
        raise CannotCheck(_("Line %(line)s, %(item)s: between 0.01 and %(left)s can be cut.") % words)
    if one.reason_code not in Cut.Reason.values or (one.reason_code == Cut.Reason.OTHER and not one.reason.strip()):
        raise CannotCheck(_("Line %(line)s, %(item)s: say why it is cut.") % words)


def reasons(cuts: Sequence[CutOf]) -> str:
    """Why something is cut, in words, where the checker adds none of his own."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in cuts:
        sums[one.reason.strip() or str(Cut.Reason(one.reason_code).label)] += one.amount
    return "；".join(f"{words} {money.shown(amount)}" for words, amount in sums.items())[:500]


def _decided(claim: Claim, outcome: str, by: Person, at: datetime) -> str:
    """What the outcome of a step does to a claim; what keeps it from going on takes the vote back (CannotVote)."""
    match outcome:
        case Outcome.APPROVED:
            return _go_on(claim, by, at)
        case Outcome.REFUSED | Outcome.RETURNED:
            return _send_away(claim, outcome, by, at)
    enter_step(claim=claim, step=claim.state, by=by, at=at)  # deferred: the same step once more
    return ""


def _go_on(claim: Claim, by: Person, at: datetime) -> str:
    """The next step of the route as the claim comes to now; after the last one it is approved."""
    held, has_cuts = selectors.standing_in_the_way(claim)
    if held is not None:
        raise CannotVote(_("This claim is held: %(reason)s") % {"reason": held})
    came_from = claim.state
    try:
        valued = _look_again(claim, has_cuts=has_cuts)
        step = routes.after(claim.route, claim.state)
        if step:
            enter_step(claim=claim, step=step, by=by, at=at)
        else:
            approving.approve(claim, valued, by=by, at=at)
    except CannotAssess as refusal:
        raise CannotVote(in_readers_language(refusal)) from refusal
    except (CannotApprove, MovedMeanwhile) as refusal:
        raise CannotVote(str(refusal)) from refusal
    trail.record("claim.checked", claim, by=by, at=at, step=came_from, state=claim.state, amount=claim.proposed)
    if step:
        return _("On to: %(step)s.") % {"step": claim.get_state_display()}
    return _("Approved: %(amount)s yuan.") % {"amount": claim.proposed}


def _look_again(claim: Claim, *, has_cuts: bool) -> Valued | None:
    """What the claim comes to and its route by that; where it may be approved now, under the lock of the person's year.
    Nothing, where a first check cut nothing: then both are as intake found them."""
    is_first = claim.state == State.FIRST_CHECK
    if is_first and claim.proposed is not None and not has_cuts:
        return None
    began = claim.route[0]
    valued = approving.value(claim, None if is_first else lock_person(claim))
    claim.proposed = valued.answer.fund_pays
    reroute(claim)
    if claim.route[0] == Stage.FIRST_CHECK != began:
        raise CannotApprove(_("A limit catches this claim by now: return it, so that it gets a first check."))
    return valued


def _send_away(claim: Claim, outcome: str, by: Person, at: datetime) -> str:
    """Refused it frees its invoices; returned it waits with intake for what is missing."""
    came_from = claim.state
    claim.state = State.REFUSED if outcome == Outcome.REFUSED else State.RETURNED
    claim.state_since = days.business_day(at)
    claim.save(update_fields=["state", "state_since"])
    if outcome == Outcome.REFUSED:
        Invoice.objects.filter(claim=claim, is_live=True).update(is_live=False)
    trail.record("claim.checked", claim, by=by, at=at, step=came_from, state=claim.state)
    return ""


def committee_of(members: int, asks: Asks = BUILT_IN) -> Required:
    """What a committee of so many asks for: as many as the quorum are there and vote, a majority of those agrees, each
    with a code of his own."""
    quorum = quorum_of(members, asks.quorum)
    return Required(
        rule="claims.committee",
        version=asks.version,
        duties=SITS,
        count=quorum,
        quorum=quorum,
        majority=asks.majority,
        by_seats=True,
        own_code=True,
    )


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=Claim,
            family=CLAIMS,
            title=gettext_lazy("Claim"),
            content=selectors.content,
            rows=selectors.rows,
            decided=_decided,
            required=lambda claim: ALONE[claim.state],
            barred=selectors.barred,
            amount=lambda claim: claim.proposed,
            choices=(),  # a claim is decided on its own page, where it can be cut
            page="claims:claim",
            known=KNOWN,
        )
    )
