"""Rows that become claims: numbers, lines, receipts and papers of all of them in a few statements; stays handed on.

Order of locks: as in claims/services/documents.py; intake's own lock is taken before the receipts are looked at, so
that nobody uses one of them in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from claims.models import BulkDocument, BulkRow, Claim, ClaimLine, ClaimPaper, ClaimsRound, Flag, Invoice
from claims.rules import papers as paper_rules
from claims.rules import routes, stays
from claims.rules.papers import Paper
from claims.selectors import bulk_looking, bulk_people, checking, routing
from claims.selectors.bulk_looking import Looked
from claims.services import bulk_rows, intake
from claims.services.checking import ALONE
from claims.services.document_locks import CannotKeepDocument
from claims.services.intake import ADD
from office import trail
from office.models import Person
from office.rules import days
from office.subjects import name_of

TOGETHER: Final = 1_000  # rows written in one statement
BELONG: Final = """
UPDATE claims_bulkrow r SET claim_id = told.claim, proposed = told.proposed
    FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[]) AS told (id, claim, proposed) WHERE r.id = told.id
"""
State = Claim.State


def write(looks: Sequence[Looked], *, at: datetime) -> list[Claim]:
    """The claims of rows without faults, in their order, with numbers, lines and receipts. Intake's lock is held."""
    claims = [one.claim for one in looks if one.claim is not None]
    for claim, number in zip(claims, intake.next_numbers(days.business_day(at).year, len(claims)), strict=True):
        claim.number = number
    Claim.objects.bulk_create(claims, TOGETHER)
    ClaimLine.objects.bulk_create([line for one in looks for line in one.costs], TOGETHER)
    Invoice.objects.bulk_create([_receipt(one, one.claim) for one in looks if one.claim is not None], TOGETHER)
    for claim in claims:
        trail.record(
            "claim.entered",
            claim,
            by=claim.entered_by,
            at=at,
            number=claim.number,
            version=1,
            scheme=claim.scheme_id,
            member=claim.member_id,
            provider=claim.provider_id,
            total=claim.total,
            proposed=claim.proposed,
            document=claim.document_id,
        )
    return claims


def _receipt(one: Looked, claim: Claim) -> Invoice:
    return Invoice(
        claim=claim,
        version=1,
        type_code=one.line.receipt_type,
        number=one.line.receipt,
        year=claim.discharged_on.year,
        issued_on=claim.discharged_on,
        amount=claim.total,
    )


def belong(rows: Sequence[BulkRow], claims: Sequence[Claim]) -> None:
    """Each row says which claim it became, and what the plan gave for it."""
    for row, claim in zip(rows, claims, strict=True):
        row.claim, row.proposed = claim, claim.proposed
    with connection.cursor() as cursor:
        cursor.execute(BELONG, [list(told) for told in zip(*_belonging(rows), strict=True)] or [[], [], []])


def _belonging(rows: Sequence[BulkRow]) -> list[tuple[int, int | None, Decimal | None]]:
    return [(row.pk, row.claim_id, row.proposed) for row in rows]


def begin_stays(document: BulkDocument, rows: Sequence[BulkRow], *, by: Person, at: datetime) -> list[Claim]:
    """The stays of a document that is handed in become claims; those with all papers are handed on, each on its own
    route; what the rules flag is held. Raises CannotKeepDocument."""
    if not rows:
        return []
    intake.lock_intake()
    members = {row.position: row.member for row in rows if row.member is not None}
    lines = bulk_rows.lines_of(document, rows, at)
    looks = bulk_looking.look(document, lines, by=document.entered_by, at=at, members=members)
    if faulty := [str(one.line.position) for one in looks if one.faults]:
        raise CannotKeepDocument(
            _("Rows have faults: %(rows)s. Mend them or strike them out.") % {"rows": "、".join(faulty[:10])}
        )
    claims = [one.claim for one in looks if one.claim is not None]
    others = others_of(claims)
    _set_routes(claims, others)
    write(looks, at=at)
    _write_papers(looks, days.business_day(at))
    belong(rows, claims)
    complete = [one.claim for one in looks if one.claim is not None and one.line.has_papers]
    hand_on(complete, by=by, at=at)
    _hold_overlapping(claims, others, by=by, at=at)
    return claims


def others_of(claims: Sequence[Claim]) -> Mapping[int, Sequence[Claim]]:
    """The living claims of the patients of some claims that end near them, by the person: those there are, and those of
    the list themselves; two statements."""
    people = {claim.member_id: claim.member for claim in claims}
    records = bulk_people.records_of(list(people.values()))
    first = min(claim.admitted_on for claim in claims) - routes.ADDED_UP
    last = max(claim.discharged_on for claim in claims) + routes.ADDED_UP
    found: dict[int, list[Claim]] = defaultdict(list)
    near = Claim.objects.live().filter(member__in=list(records), discharged_on__gte=first, admitted_on__lte=last)
    for one in near.order_by("pk"):
        found[records[one.member_id]].append(one)
    for claim in claims:
        found[claim.member_id].append(claim)
    return found


def _set_routes(claims: Sequence[Claim], others: Mapping[int, Sequence[Claim]]) -> None:
    """The route of each claim by the limits of today, as it is for a single one."""
    limits = routing.limit_rows(claims[0].scheme_id, claims[0].entered_on)
    for claim in claims:
        first, last = routes.window(claim.discharged_on)
        beside = [
            routing.figures_of(one)
            for one in others[claim.member_id]
            if one is not claim and one.scheme_id == claim.scheme_id and first <= one.discharged_on <= last
        ]
        steps = routes.route(
            limits, routing.figures_of(claim), beside, intake_checks=settings.INTAKE_IS_FIRST_CHECK, is_unanswered=False
        )
        claim.route = [step.stage.value for step in steps]


def _write_papers(looks: Sequence[Looked], today: date) -> None:
    """The papers that each stay needs: with the list lie all of them, or none is sure to."""
    ClaimPaper.objects.bulk_create(
        [
            ClaimPaper(claim=one.claim, version=1, paper=paper.code, is_there=one.line.has_papers)
            for one in looks
            if one.claim is not None
            for paper in _needed(one.claim, today)
        ],
        TOGETHER,
    )


def _needed(claim: Claim, today: date) -> Sequence[Paper]:
    facts = paper_rules.facts_of(
        kind=claim.kind,
        region=claim.region,
        is_referred=claim.is_referred,
        is_emergency=claim.is_emergency,
        ground=claim.ground,
    )
    return paper_rules.needed(facts, today)


def hand_on(claims: Sequence[Claim], *, by: Person, at: datetime) -> None:
    """Claims that were just written come into the first step of their routes: rounds of all of them in one statement.
    Nobody knows of them yet, so that nothing has to be locked."""
    of_step: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        of_step[claim.route[0]].append(claim)
    for step, some in sorted(of_step.items()):
        enter_step(some, step, at)  # no route begins with a verification
    for claim in claims:
        trail.record("claim.handed-on", claim, by=by, at=at, right=ADD, step=claim.route[0], amount=claim.proposed)


def enter_step(claims: Sequence[Claim], step: str, at: datetime) -> None:
    """Claims in their first version, of which no hospital was asked, come into a step that one person decides; they are
    locked, or nobody knows of them yet."""
    today = days.business_day(at)
    Claim.objects.filter(pk__in=[one.pk for one in claims]).update(state=step, state_since=today)
    for claim in claims:
        claim.state, claim.state_since = step, today
    _open_rounds(claims, step, at)


def _open_rounds(claims: Sequence[Claim], step: str, at: datetime) -> None:
    contents = checking.contents(list(Claim.objects.filter(pk__in=[one.pk for one in claims])))
    asked = ALONE[step]
    opened = [
        ClaimsRound(
            step=step,
            subject_type=name_of(claim)[0],
            subject_id=str(claim.pk),
            subject_hash=trail.hash_of(contents[claim.pk]),
            amount=claim.proposed,
            rule=asked.rule,
            rule_version=asked.version,
            duties=list(asked.duties),
            count=asked.count,
            quorum=asked.quorum,
            majority=asked.majority,
            by_seats=asked.by_seats,
            own_code=asked.own_code,
            maker=claim.entered_by,
            opened_at=at,
            barred=[] if step == State.FIRST_CHECK else [claim.entered_by_id],
        )
        for claim in claims
    ]
    ClaimsRound.objects.bulk_create(opened, TOGETHER)
    for claim, one in zip(claims, opened, strict=True):
        trail.record(
            "round.opened",
            claim,
            by=claim.entered_by,
            at=at,
            subject_hash=one.subject_hash,
            step=step,
            amount=one.amount,
        )


def _hold_overlapping(
    claims: Iterable[Claim], others: Mapping[int, Sequence[Claim]], *, by: Person, at: datetime
) -> None:
    """A stay whose days overlap with another claim of the person is held until somebody has looked at both."""
    flags = []
    for claim in claims:
        for other in others[claim.member_id]:
            if other is not claim and _overlap(claim, other):
                reason = _("The days overlap with claim %(claim)s.") % {"claim": other.number}
                flags.append(Flag(claim=claim, kind=Flag.Kind.OFFICE, reason=reason, set_by=by, set_at=at))
                break
    for flag in Flag.objects.bulk_create(flags):
        trail.record("claim.held", flag.claim, by=by, at=at, reason=flag.reason, flag=flag.pk, kind=flag.kind)


def _overlap(one: Claim, other: Claim) -> bool:
    return stays.overlap(one.admitted_on, one.discharged_on, other.admitted_on, other.discharged_on)
