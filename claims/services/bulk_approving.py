"""Approving a document: its visits become claims and are granted, all in one transaction and in the order of its rows.

What a single claim gets in claims/services/approving.py all of them get here in a few statements: approval with the
frozen calculation, parts, moves of counters and accounts. Order of locks: as in claims/services/documents.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from claims.models import (
    Approval,
    BenefitCounter,
    BenefitPlan,
    BulkDocument,
    BulkRow,
    Claim,
    ClaimPart,
    CounterMove,
)
from claims.rules import cases
from claims.rules.evaluation import Answer
from claims.rules.registers import VISITS
from claims.selectors import bulk, bulk_looking
from claims.selectors.bulk_looking import Looked
from claims.selectors.bulk_people import HOUSEHOLD, PERSONAL
from claims.services import approving, bulk_claims, bulk_rows, intake
from claims.services.bulk_claims import TOGETHER
from claims.services.locks import MovedMeanwhile, lock_people
from enrollment.models import Account, Member
from enrollment.services import accounts
from office import trail
from office.models import Person
from office.rules import days

State = Claim.State
SPENT: Final = {HOUSEHOLD: "household_id", PERSONAL: "member_id"}


@dataclass(frozen=True)
class Came:
    """What came of a document: the claims that were approved, the rows that did not stand any more with the reason."""

    claims: Sequence[Claim]
    struck: Sequence[tuple[BulkRow, str]]


@dataclass(frozen=True)
class Granted:
    """A claim with what the plans give for it, by which of them, in which plan year."""

    claim: Claim | None
    answer: Answer | None
    plans: tuple[BenefitPlan, ...]
    year: int


def approve_visits(document: BulkDocument, *, by: Person, at: datetime) -> Came:
    """All good visits of a document that its round has approved; the document is locked. Raises MovedMeanwhile,
    accounts.CannotDebit."""
    rows = list(
        document.rows.filter(
            version=document.content_version, state=BulkRow.State.GOOD, kind__in=VISITS, claim__isnull=True
        )
        .select_for_update(of=["self"])
        .select_related("member__household", "member__merged_into__household")
        .order_by("position")
    )
    looks = _look(document, rows, at)
    good = [(row, one) for row, one in zip(rows, looks, strict=True) if not one.faults]
    wrong = [(row, bulk.in_words(one.faults)) for row, one in zip(rows, looks, strict=True) if one.faults]
    claims = bulk_claims.write([one for _row, one in good], at=at)
    grant([Granted(one.claim, one.answer, one.plans, one.year) for _row, one in good], by=by, at=at)
    bulk_claims.belong([row for row, _one in good], claims)
    return Came(claims, wrong)


def grant(granted: Sequence[Granted], *, by: Person, at: datetime) -> None:
    """Fix what is paid for claims of one scheme that were decided, whose people are locked. Raises
    accounts.CannotDebit."""
    approvals = _approvals(granted, by, at)
    _move_counters(granted, approvals, at)
    _debit(granted, by, at)
    _to_payable([one.claim for one in granted if one.claim], approvals, at)


def _look(document: BulkDocument, rows: Sequence[BulkRow], at: datetime) -> list[Looked]:
    """The rows as they stand now that nobody else moves their people's years or uses their receipts."""
    members = {row.position: row.member for row in rows if row.member is not None}
    lock_people([Claim(member=one) for one in members.values()])
    intake.lock_intake()
    known = Member.objects.select_related("household", "merged_into__household")
    now = known.in_bulk([one.pk for one in members.values()])
    if any(_home(now[one.pk]) != _home(one) for one in members.values()):
        raise MovedMeanwhile(_("Somebody's records changed just now. Try again."))
    fresh = {place: now[one.pk] for place, one in members.items()}
    lines = bulk_rows.lines_of(document, rows, at)
    return bulk_looking.look(document, lines, by=document.entered_by, at=at, members=fresh, is_deciding=True)


def _home(member: Member) -> tuple[int, int]:
    """Which record is kept of somebody, and in which household: what the locks rest on."""
    kept = member.merged_into or member
    return kept.pk, kept.household_id


def _approvals(granted: Sequence[Granted], by: Person, at: datetime) -> list[Approval]:
    approvals = [_approval(one, one.claim, one.answer, by, at) for one in granted if one.claim and one.answer]
    Approval.objects.bulk_create(approvals, TOGETHER)
    parts = [
        ClaimPart(approval=approval, layer=layer.code, fund=layer.fund, amount=layer.pays)
        for approval, one in zip(approvals, granted, strict=True)
        for layer in (one.answer.layers if one.answer else ())
        if layer.pays > 0
    ]
    ClaimPart.objects.bulk_create(parts, TOGETHER)
    return approvals


def _approval(one: Granted, claim: Claim, answer: Answer, by: Person, at: datetime) -> Approval:
    told = cases.told_of(answer, trace=True) | {"moves": {name: str(by_) for name, by_ in sorted(answer.moves.items())}}
    return Approval(
        claim=claim,
        person_id=claim.member_id,
        year=one.year,
        plans=[
            {"plan": plan.pk, "code": plan.code, "version": plan.version, "sha256": plan.sha256} for plan in one.plans
        ],
        total=answer.total,
        cut=Decimal(0),
        eligible=answer.eligible,
        own_items=answer.own_items,
        first_share=answer.first_share,
        deductible=sum((layer.deductible for layer in answer.layers), Decimal(0)),
        fund_pays=answer.fund_pays,
        hospital_bears=answer.hospital_bears,
        other_payers=answer.other_payers,
        patient_pays=answer.patient_pays,
        answer=told,
        sha256=approving.sha256_of(told),
        approved_on=days.business_day(at),
        approved_by=by,
        approved_at=at,
    )


def _move_counters(granted: Sequence[Granted], approvals: Sequence[Approval], at: datetime) -> None:
    """Each approval moves its own person's counters; those that there are not yet are made first."""
    moved = [
        (approval, name, amount)
        for approval, one in zip(approvals, granted, strict=True)
        for name, amount in (bulk_looking.moves_of(one.answer) if one.answer else {}).items()
    ]
    if not moved:
        return
    scheme = granted[0].claim.scheme_id if granted[0].claim else 0
    keys = sorted({(approval.person_id, approval.year, name) for approval, name, _amount in moved})
    BenefitCounter.objects.bulk_create(
        [
            BenefitCounter(member_id=person, scheme_id=scheme, year=year, name=name, value=0)
            for person, year, name in keys
        ],
        TOGETHER,
        ignore_conflicts=True,
    )
    found = BenefitCounter.objects.filter(member__in={key[0] for key in keys}, scheme=scheme)
    counters = {(one.member_id, one.year, one.name): one for one in found}
    moves = [
        CounterMove(counter=counters[approval.person_id, approval.year, name], approval=approval, amount=amount, at=at)
        for approval, name, amount in moved
    ]
    CounterMove.objects.bulk_create(moves, TOGETHER)


def _debit(granted: Sequence[Granted], by: Person, at: datetime) -> None:
    """What households' and people's own accounts pay."""
    debits = [
        (SPENT[name], _owner(name, one.claim), -moved, approving.reference(one.claim))
        for one in granted
        if one.answer and one.claim
        for name, moved in sorted(one.answer.moves.items())
        if name in SPENT and moved
    ]
    if not debits:
        return
    scheme = granted[0].claim.scheme if granted[0].claim else None
    homes, people = ([own for of, own, *_rest in debits if of == name] for name in SPENT.values())
    known: dict[tuple[str, int | None], Account] = {}
    for account in Account.objects.filter(Q(household__in=homes) | Q(member__in=people), scheme=scheme):
        key = ("household_id", account.household_id) if account.household_id else ("member_id", account.member_id)
        known[key] = account
    accounts.debit_all(
        debits=[(known[of, owner], amount, reference) for of, owner, amount, reference in debits],
        on=days.business_day(at),
        by=by,
        at=at,
    )


def _owner(name: str, claim: Claim) -> int:
    return claim.member.household_id if name == HOUSEHOLD else claim.member_id


def _to_payable(claims: Sequence[Claim], approvals: Sequence[Approval], at: datetime) -> None:
    """Approved, and payable by the same rule as a single claim; where nothing is paid it is settled with that."""
    for claim, approval in zip(claims, approvals, strict=True):
        trail.record(
            "claim.approved",
            claim,
            by=approval.approved_by,
            at=at,
            subject_hash=approval.sha256,
            fund_pays=approval.fund_pays,
            patient_pays=approval.patient_pays,
            person=approval.person_id,
            year=approval.year,
        )
    _to(claims, State.APPROVED, at)
    free = [one for one in claims if not approving.is_publicised_first(one, State.ENTERED)]
    _to(free, State.PAYABLE, at)
    numbers = [one.pk for one in free]
    ClaimPart.objects.filter(approval__claim__in=numbers).update(state=ClaimPart.State.PAYABLE)
    unpaid = [one for one in free if not one.proposed]
    _to(unpaid, State.PAYING, at)
    _to(unpaid, State.PAID, at)


def _to(claims: Sequence[Claim], state: str, at: datetime) -> None:
    moved: Mapping[str, Any] = {"state": state, "state_since": days.business_day(at)}
    if claims:
        Claim.objects.filter(pk__in=[one.pk for one in claims]).update(**moved)
    for claim in claims:
        claim.state, claim.state_since = moved["state"], moved["state_since"]
