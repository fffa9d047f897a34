"""What people do about leads (疑点核查): look into them, hold the claims, clear or confirm them, open them again.

Order of locks: the lead, then its claims by number, then their flags (as in claims/services/flags.py). Nobody decides
about a lead that is about himself, or about claims that he took in or decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from audit.models import Lead, LeadHold, LeadNote
from claims.models import Claim, ClaimsVote, Flag
from claims.services import flags
from claims.services.flags import CannotFlag
from claims.services.locks import refusing
from office import trail
from office.models import Person
from office.services import work

VIEW: Final = "audit.view_lead"
WORK: Final = "audit.change_lead"
LONGEST: Final = 300  # characters of a flag's reason
State = Lead.State
Kind = LeadNote.Kind


class CannotDecide(Exception):
    """The lead stays as it was; the message is written for the auditor."""


@refusing("lead.noted", CannotDecide, about="lead")
def note(*, lead: Lead, words: str, by: Person, at: datetime) -> LeadNote:
    """Write down what was looked into. Raises CannotDecide."""
    current = _locked(lead)
    written = _note(current, Kind.NOTE, words, by, at)
    trail.record("lead.noted", current, by=by, at=at, right=WORK)
    return written


@refusing("lead.cleared", CannotDecide, about="lead")
def clear(*, lead: Lead, reason: str, by: Person, at: datetime) -> Lead:
    """Nothing is wrong: the lead is cleared with the reason, and lets its claims go. Raises CannotDecide."""
    current = _decided(lead, State.CLEARED, reason, by, at)
    _let_go(current, reason, by, at)
    trail.record("lead.cleared", current, by=by, at=at, right=WORK, reason=current.reason)
    work.finish(subject=current, by=by, at=at)
    return current


@refusing("lead.confirmed", CannotDecide, about="lead")
def confirm(*, lead: Lead, reason: str, by: Person, at: datetime) -> Lead:
    """Something is wrong and is gone into: what it holds stays held. No verdict yet. Raises CannotDecide."""
    current = _decided(lead, State.CONFIRMED, reason, by, at)
    trail.record("lead.confirmed", current, by=by, at=at, right=WORK, reason=current.reason)
    work.finish(subject=current, by=by, at=at)
    return current


@refusing("lead.reopened", CannotDecide, about="lead")
def reopen(*, lead: Lead, reason: str, by: Person, at: datetime) -> Lead:
    """Something new came to light: a lead that was decided is open again. Raises CannotDecide."""
    current = _locked(lead)
    if current.state == State.OPEN:
        raise CannotDecide(_("This lead is open already."))
    _refuse_own(current, by)
    _note(current, Kind.REOPENED, reason, by, at)
    current.state, current.reason, current.decided_by, current.decided_at = State.OPEN, "", None, None
    _save(current)
    trail.record("lead.reopened", current, by=by, at=at, right=WORK, reason=reason.strip())
    return current


@refusing("lead.held", CannotDecide, about="lead")
def hold(*, lead: Lead, claims: Iterable[int], reason: str, by: Person, at: datetime) -> list[LeadHold]:
    """Hold claims of a lead, by number, before they are paid. Raises CannotDecide."""
    current = _locked(lead)
    _refuse_own(current, by)
    if current.state == State.CLEARED:
        raise CannotDecide(_("This lead is cleared: open it again first."))
    wanted = set(claims)
    found = list(Claim.objects.filter(pk__in=wanted & set(numbers_of(current))).order_by("pk"))
    if not found or len(found) < len(wanted):
        raise CannotDecide(_("Choose claims of this lead."))
    _note(current, Kind.HELD, reason, by, at)
    held = set(current.holds.filter(flag__lifted_at__isnull=True).values_list("flag__claim", flat=True))
    told = f"{current} {reason.strip()}"[:LONGEST]
    made = []
    for claim in found:
        if claim.pk in held:
            raise CannotDecide(_("This lead holds claim %(number)s already.") % {"number": claim.number})
        made.append(LeadHold.objects.create(lead=current, flag=_flag(claim, told, by, at)))
    trail.record("lead.held", current, by=by, at=at, right=WORK, reason=reason.strip(), claims=len(made))
    return made


@refusing("lead.let-go", CannotDecide, about="lead")
def let_go(*, lead: Lead, reason: str, by: Person, at: datetime) -> int:
    """Let all claims go that a lead holds. Gives how many. Raises CannotDecide."""
    current = _locked(lead)
    _refuse_own(current, by)
    count = _let_go(current, reason, by, at)
    if not count:
        raise CannotDecide(_("This lead holds no claim."))
    _note(current, Kind.LET_GO, reason, by, at)
    trail.record("lead.let-go", current, by=by, at=at, right=WORK, reason=reason.strip(), claims=count)
    return count


def numbers_of(lead: Lead) -> list[int]:
    """The claims of a lead, by number."""
    return list(lead.lead_claims.values_list("claim", flat=True))


def is_own(lead: Lead, by: Person) -> bool:
    """Whether a lead is about somebody, or about claims that he took in or decided."""
    if lead.clerk_id == by.pk:
        return True
    claims = Claim.objects.filter(pk__in=lead.lead_claims.values("claim"))
    if claims.filter(entered_by=by).exists():
        return True
    subjects = claims.annotate(subject=Cast("pk", CharField())).values("subject")
    votes = ClaimsVote.objects.filter(voter=by, round__subject_type="claims.claim", round__subject_id__in=subjects)
    return votes.exists()


def _locked(lead: Lead) -> Lead:
    return Lead.objects.select_for_update(of=["self"]).get(pk=lead.pk)


def _decided(lead: Lead, state: str, reason: str, by: Person, at: datetime) -> Lead:
    current = _locked(lead)
    if current.state != State.OPEN:
        raise CannotDecide(_("This lead is %(state)s already.") % {"state": current.get_state_display()})
    _refuse_own(current, by)
    _note(current, state, reason, by, at)
    current.state, current.reason, current.decided_by, current.decided_at = state, reason.strip(), by, at
    _save(current)
    return current


def _save(lead: Lead) -> None:
    lead.save(update_fields=["state", "reason", "decided_by", "decided_at"])


def _note(lead: Lead, kind: str, words: str, by: Person, at: datetime) -> LeadNote:
    if not words.strip():
        raise CannotDecide(_("Say it in words."))
    return LeadNote.objects.create(lead=lead, kind=kind, words=words.strip(), by=by, at=at)


def _refuse_own(lead: Lead, by: Person) -> None:
    if is_own(lead, by):
        raise CannotDecide(
            _("This lead is about you, or about claims that you took in or decided: somebody else acts.")
        )


def _flag(claim: Claim, reason: str, by: Person, at: datetime) -> Flag:
    try:
        held: Flag = flags.set_flag(claim=claim, kind=Flag.Kind.AUDIT, reason=reason, by=by, at=at)
    except CannotFlag as refusal:
        raise CannotDecide(f"{claim.number}: {refusal}") from refusal
    return held


def _let_go(lead: Lead, reason: str, by: Person, at: datetime) -> int:
    """Lift the flags that still stand, those of the lowest claim first."""
    standing = lead.holds.filter(flag__lifted_at__isnull=True).select_related("flag").order_by("flag__claim")
    lifted = 0
    for one in standing:
        try:
            flags.lift_flag(flag=one.flag, reason=f"{lead} {reason.strip()}"[:LONGEST], by=by, at=at)
        except CannotFlag as refusal:
            raise CannotDecide(str(refusal)) from refusal
        lifted += 1
    return lifted
