"""Agreeing to many small claims at once: those that nothing stands in the way of go together in a few statements.

Whatever is not plain (a limit, a flag, a cut, another version, a letter, a change meanwhile, two of one household) is
left for claims/services/checking.py to decide by itself. Order of locks: as in claims/services/locks.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from claims.models import Claim, ClaimLine, ClaimsRound, Cut, Flag, Verification
from claims.rules import evaluation, routes
from claims.rules.evaluation import CannotAssess
from claims.rules.routes import Stage
from claims.selectors import bulk_looking, bulk_people, routing, valuing
from claims.selectors import checking as selectors
from claims.selectors.bulk_facts import Plans
from claims.selectors.plans import adopted_between
from claims.services import bulk_approving, bulk_claims, checking
from claims.services.bulk_approving import Granted
from claims.services.locks import lock_docket, lock_people, refusing
from claims.services.returning import CannotCheck
from enrollment.models import Member
from enrollment.services.accounts import CannotDebit
from office import deciding, trail
from office.models import Person
from office.models.rounds import Choice
from office.proof import Proof
from office.services import rounds, voting_together
from office.services.dockets import Docket
from office.services.rounds import CannotVote

Pair = tuple[Docket, Any]
STEPS: Final = (Claim.State.FIRST_CHECK, Claim.State.SECOND_CHECK)
KNOWN: Final = ("scheme", "disease", "entered_by", "member__household", "member__merged_into__household")


@dataclass(frozen=True)
class Together:
    """What came of one claim of several that were decided together; nothing where it was decided."""

    claim: Claim
    refusal: str = ""


def check_together(
    *, claims: Iterable[tuple[Claim, str]], by: Person, at: datetime, proof: Proof | None
) -> list[Together]:
    """Agree to several claims, each with the hash that was seen and each an act of its own: those that no limit catches
    and nothing holds. What is refused stays, the others are decided: the plain ones in a few statements for all."""
    wanted = sorted(claims, key=lambda one: one[0].pk)
    agreed = _agree_together({claim.pk: seen for claim, seen in wanted}, by=by, at=at, proof=proof)
    done = []
    for claim, seen in wanted:
        if claim.pk in agreed:
            done.append(Together(claim))
            continue
        try:
            _check_small(claim=claim, hash_seen=seen, by=by, at=at, proof=proof)
        except (CannotCheck, CannotVote) as refusal:
            done.append(Together(claim, str(refusal)))
        else:
            done.append(Together(claim))
    return done


@refusing("claim.checked", CannotCheck, CannotVote)
def _check_small(*, claim: Claim, hash_seen: str, by: Person, at: datetime, proof: Proof | None) -> None:
    docket = lock_docket(claim)
    opened = checking.waiting(docket)
    if not routes.is_under_all(docket.subject.route):
        raise CannotCheck(_("A limit catches this claim: decide it by itself."))
    rounds.vote(round=opened, choice=Choice.APPROVE, hash_seen=hash_seen, by=by, at=at, proof=proof, docket=docket)


def _agree_together(claims: Mapping[int, str], *, by: Person, at: datetime, proof: Proof | None) -> set[int]:
    """Agree to those of some claims that are plain, by number with the hash that was seen. Gives which were decided."""
    found = Claim.objects.filter(pk__in=claims, state__in=STEPS).values_list("state", "scheme", "pk")
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for state, scheme, number in found:
        groups[state, scheme].append(number)
    done: set[int] = set()
    for (state, _of), numbers in sorted(groups.items()):
        try:
            with transaction.atomic(), trail.together():
                done |= _agree({one: claims[one] for one in numbers}, state, by=by, at=at, proof=proof)
        except (CannotDebit, DatabaseError):
            continue  # nothing was written: each by itself says why
    return done


def _agree(seen: Mapping[int, str], step: str, *, by: Person, at: datetime, proof: Proof | None) -> set[int]:
    locked = _plain(_locked(seen), step)
    now = selectors.contents([docket.subject for docket, _opened in locked])
    hashes = {str(number): trail.hash_of(content) for number, content in now.items()}
    wanted = {str(number): given for number, given in seen.items()}
    taken = voting_together.may_agree(locked, hashes, wanted, by, at, proof)
    if step == Claim.State.FIRST_CHECK:
        taken = [one for one in taken if routes.after(one[0].subject.route, step)]
        _go_on(taken, step, by=by, at=at, proof=proof)
    else:
        taken = _approve(taken, step, by=by, at=at, proof=proof)
    voting_together.finish(taken, by=by, at=at)
    return {docket.subject.pk for docket, _opened in taken}


def _locked(seen: Mapping[int, str]) -> list[Docket]:
    """The claims as they are now, each with its rounds, all locked: the rounds by number, then the claims."""
    of_claim: dict[str, list[Any]] = defaultdict(list)
    found = ClaimsRound.objects.filter(subject_type="claims.claim", subject_id__in=[str(one) for one in seen])
    for one in found.select_for_update(no_key=True, of=["self"]).order_by("pk"):
        of_claim[one.subject_id].append(one)
    claims = Claim.objects.filter(pk__in=list(seen)).select_for_update(of=["self"]).select_related(*KNOWN)
    matter = deciding.matter_of("claims.claim")
    clerks: dict[int, Person] = {}
    dockets = [Docket(matter, claim, of_claim[str(claim.pk)]) for claim in claims.order_by("pk")]
    for docket in dockets:  # one record of each clerk, whose duties are asked for once
        docket.subject.entered_by = clerks.setdefault(docket.subject.entered_by_id, docket.subject.entered_by)
    return dockets


def _plain(dockets: Sequence[Docket], step: str) -> list[Pair]:
    """Of each household one claim that is in the step, in its first version, and that nothing stands in the way of."""
    numbers = [docket.subject.pk for docket in dockets]
    odd = set(Flag.objects.holding().filter(claim__in=numbers).values_list("claim", flat=True))
    odd |= set(Cut.objects.filter(claim__in=numbers).values_list("claim", flat=True))
    odd |= set(Verification.objects.filter(claim__in=numbers).values_list("claim", flat=True))
    homes: set[int] = set()
    plain = []
    for docket in dockets:
        claim = docket.subject
        opened = next((one for one in docket.rounds if (one.state, one.step) == ("open", step)), None)
        home = (claim.member.merged_into or claim.member).household_id
        is_plain = claim.state == step and claim.content_version == 1 and claim.proposed is not None
        if opened and is_plain and claim.pk not in odd and home not in homes and routes.is_under_all(claim.route):
            homes.add(home)
            plain.append((docket, opened))
    return plain


def _go_on(taken: Sequence[Pair], step: str, *, by: Person, at: datetime, proof: Proof | None) -> None:
    """A first check that cut nothing: what each comes to and its route are as intake found them."""
    voting_together.agree(taken, by=by, at=at, proof=proof)
    claims = [docket.subject for docket, _opened in taken]
    of_step: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        of_step[routes.after(claim.route, step)].append(claim)
    for following, some in sorted(of_step.items()):
        bulk_claims.enter_step(some, following, at)
    _told(claims, step, by, at)


def _told(claims: Sequence[Claim], step: str, by: Person, at: datetime) -> None:
    for claim in claims:
        trail.record("claim.checked", claim, by=by, at=at, step=step, state=claim.state, amount=claim.proposed)


def _approve(taken: Sequence[Pair], step: str, *, by: Person, at: datetime, proof: Proof | None) -> list[Pair]:
    """A last check: valued under the lock of the people's years; what comes to something else by now is left."""
    claims = [docket.subject for docket, _opened in taken]
    granted = {one.claim.pk: one for one in _valued(claims) if one.claim}
    last = _ending_here([claim for claim in claims if claim.pk in granted], step)
    kept = [one for one in taken if one[0].subject.pk in last]
    if kept:
        voting_together.agree(kept, by=by, at=at, proof=proof)
        bulk_approving.grant([granted[docket.subject.pk] for docket, _opened in kept], by=by, at=at)
        _told([docket.subject for docket, _opened in kept], step, by, at)
    return kept


def _valued(claims: Sequence[Claim]) -> Iterator[Granted]:
    """Each claim with what the plans give for it now, where that is what it was proposed with."""
    if not claims:
        return
    lock_people(claims)
    known = Member.objects.select_related("household", "merged_into__household")
    now = known.in_bulk([claim.member_id for claim in claims])
    fit = [claim for claim in claims if _home(now[claim.member_id]) == _home(claim.member)]
    people = list({one.pk: one for claim in fit for one in (claim.member.merged_into or claim.member,)}.values())
    homes = bulk_people.homes_of(people, bulk_people.records_of(people))
    plans = Plans(adopted_between([claim.discharged_on for claim in claims], claims[0].scheme))
    years = {day.year for claim in fit for day in valuing.days_of(claim).values()}
    ledger = bulk_people.ledger_of(people, claims[0].scheme, years)
    lines = _lines_of(fit)
    for claim in fit:
        applying, documents = plans.on(claim.discharged_on)
        if not documents or claim.member.merged_into_id is not None:
            continue
        year = valuing.year_of(claim, documents)
        used = ledger.used(claim.member, year)
        try:
            answer = evaluation.assess(
                documents,
                bulk_looking.patient_of(homes, claim.member, claim),
                valuing.bill_of(claim, lines[claim.pk]),
                used,
                trace=True,
            )
        except CannotAssess:
            continue
        if answer.fund_pays == claim.proposed:
            yield Granted(claim, answer, applying, year)


def _home(member: Member) -> tuple[int, int]:
    kept = member.merged_into or member
    return kept.pk, kept.household_id


def _lines_of(claims: Sequence[Claim]) -> Mapping[int, list[ClaimLine]]:
    lines: dict[int, list[ClaimLine]] = defaultdict(list)
    found = ClaimLine.objects.filter(claim__in=[claim.pk for claim in claims], version=1)
    for one in found.order_by("claim", "position"):
        lines[one.claim_id].append(one)
    return lines


def _ending_here(claims: Sequence[Claim], step: str) -> set[int]:
    """Of some claims those whose route, as they come to now, is under all limits and ends with the step."""
    if not claims:
        return set()
    others = bulk_claims.others_of(claims)
    limits: dict[date, Any] = {}
    ending = set()
    for claim in claims:
        day = claim.entered_on
        if day not in limits:
            limits[day] = routing.limit_rows(claim.scheme_id, day)
        first, last = routes.window(claim.discharged_on)
        beside = [
            routing.figures_of(one)
            for one in others[claim.member_id]
            if one.pk != claim.pk and one.scheme_id == claim.scheme_id and first <= one.discharged_on <= last
        ]
        found = routes.route(
            limits[day], routing.figures_of(claim), beside, intake_checks=settings.INTAKE_IS_FIRST_CHECK
        )
        steps = [one.stage.value for one in found]
        returns = steps[0] == Stage.FIRST_CHECK != claim.route[0]
        if routes.is_under_all(steps) and not routes.after(steps, step) and not returns:
            ending.add(claim.pk)
    return ending
