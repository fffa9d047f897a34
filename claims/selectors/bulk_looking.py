"""What the rows of a document are found to be: the patient, the plan's answer, the claim that each would become.

All rows are looked at together: a few statements for what is known (bulk_people, bulk_facts), then each row in memory
in the order of the document, its visits each on what the ones before it left. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from claims.models import BenefitPlan, BulkDocument, Claim, ClaimLine, Disease
from claims.rules import evaluation
from claims.rules.bills import Person as Patient
from claims.rules.evaluation import Answer, CannotAssess
from claims.rules.layers import Plan
from claims.rules.registers import BEGAN, DISEASE, ENDED, KIND, RECEIPT, TOTAL, Line, RowFault
from claims.rules.standing import ACCOUNT
from claims.selectors import before, bulk_facts, bulk_people, paying_to, valuing
from claims.selectors.bulk_facts import Facts, Papers
from claims.selectors.bulk_people import Homes, Ledger, Meant
from enrollment.models import Member
from enrollment.selectors.coverage import told_by
from office.models import Person
from office.rules import days

NONE: Final = Decimal(0)
NO_DAY: Final = date(1900, 1, 1)


@dataclass
class Looked:
    """A row as it is found: its claim (not saved) and the plan's answer where it has no fault."""

    line: Line
    member: Member | None = None
    disease: Disease | None = None
    claim: Claim | None = None
    costs: Sequence[ClaimLine] = ()
    answer: Answer | None = None
    plans: tuple[BenefitPlan, ...] = ()
    year: int = 0
    faults: list[RowFault] = field(default_factory=list)
    is_own: bool = False

    @property
    def proposed(self) -> Decimal | None:
        """What the funds would pay."""
        return self.answer.fund_pays if self.answer else None


@dataclass(frozen=True)
class Known:
    """All that was asked for a document's rows."""

    document: BulkDocument
    today: date
    handed_in: date
    facts: Facts
    homes: Homes
    papers: Papers
    ledger: Ledger
    account: tuple[str, str, str]


def look(
    document: BulkDocument,
    lines: Sequence[Line],
    *,
    by: Person,
    at: datetime,
    members: Mapping[int, Member] | None = None,
    is_deciding: bool = False,
) -> list[Looked]:
    """Every row as it is found now. `members` are the patients by position where they were found before; `is_deciding`
    values with the trace that an approval keeps, and asks no other document for its receipts."""
    meant = _meant(lines, members)
    people = {one.member.pk: one.member for one in meant if one.member}
    known = _known(document, lines, list(people.values()), at)
    return [
        _looked(known, line, one, by=by, at=at, is_deciding=is_deciding) for line, one in zip(lines, meant, strict=True)
    ]


def _meant(lines: Sequence[Line], members: Mapping[int, Member] | None) -> list[Meant]:
    if members is None:
        return bulk_people.meant_by(lines)
    return [Meant(members[line.position].merged_into or members[line.position]) for line in lines]


def _known(document: BulkDocument, lines: Sequence[Line], people: Sequence[Member], at: datetime) -> Known:
    records = bulk_people.records_of(people)
    years = {day.year for line in lines for day in (line.began_on, line.ended_on) if day}
    account = paying_to.account_of(document.provider)
    holder = (document.provider.name, "", "") if account is None else (account.holder, account.bank, account.number)
    today = days.business_day(at)
    return Known(
        document,
        today,
        document.state_since if document.state == BulkDocument.State.HANDED_IN else today,
        bulk_facts.facts_about(document, lines),
        bulk_people.homes_of(people, records),
        bulk_facts.papers_of(document, records, {line.kind for line in lines}),
        bulk_people.ledger_of(people, document.scheme, years),
        holder,
    )


def _looked(known: Known, line: Line, meant: Meant, *, by: Person, at: datetime, is_deciding: bool) -> Looked:
    found = Looked(line, meant.member, faults=list(line.faults))
    if meant.fault:
        found.faults.append(meant.fault)
    found.disease = known.facts.disease(line.disease)
    if line.disease and found.disease is None:
        found.faults.append(RowFault(DISEASE, "disease_unknown"))
    _ask_receipt(known, found, is_deciding=is_deciding)
    if found.member is not None and line.began_on and line.ended_on:
        _ask_days(known, found, found.member, line.began_on, line.ended_on)
    if not found.faults:
        _value(known, found, by=by, at=at, trace=is_deciding)
    return found


def _ask_receipt(known: Known, found: Looked, *, is_deciding: bool) -> None:
    """A receipt serves one claim; a stay of this document that is a claim already is its own."""
    key, used = found.line.key, known.facts.used
    if key is None:
        return
    if key in used.own:
        found.is_own = True
    if key in used.claims:
        found.faults.append(RowFault(RECEIPT, "receipt_used", used.claims[key]))
    elif key in used.before:
        found.faults.append(RowFault(RECEIPT, "receipt_used_before"))
    elif key in used.elsewhere and not is_deciding:
        found.faults.append(RowFault(RECEIPT, "receipt_elsewhere", used.elsewhere[key]))


def _ask_days(known: Known, found: Looked, member: Member, began: date, ended: date) -> None:
    """Covered by the scheme on the first day; the provider under an agreement that pays in advance; not too late."""
    found.faults += _uncovered(known, member, began, BEGAN)
    agreed = known.facts.agreement(ended)
    if agreed is None:
        found.faults.append(RowFault(BEGAN, "no_agreement", ended.isoformat()))
    elif not agreed.is_instant:
        found.faults.append(RowFault(BEGAN, "pays_not_in_advance"))
    last = known.facts.last_day(ended)
    if last is not None and known.handed_in > last:
        found.faults.append(RowFault(ENDED, "too_late", last.isoformat()))
    needs = found.disease if found.line.kind in before.CERTIFIED else None
    if needs is not None and known.papers.certificate(member.pk, needs.pk, began) is None:
        found.faults.append(RowFault(KIND, "no_certificate"))


def _uncovered(known: Known, member: Member, day: date, column: str) -> list[RowFault]:
    covered = told_by(member, known.homes.coverages.get(member.pk, ()), day)
    if not covered.covered:
        return [RowFault(column, "not_covered", covered.why)]
    if all(one.scheme_id != known.document.scheme_id for one in covered.coverages):
        return [RowFault(column, "other_scheme", str(covered.coverages[0].scheme))]
    return []


def _value(known: Known, found: Looked, *, by: Person, at: datetime, trace: bool) -> None:
    """What the plans of the day give on what the rows before left. A visit for which nothing is left is a fault."""
    line, member = found.line, found.member
    if member is None or found.disease is None or line.ended_on is None or line.total is None:
        return
    found.plans, documents = known.facts.plans.on(line.ended_on)
    if not documents:
        found.faults.append(RowFault(BEGAN, "no_answer", "no_plan"))
        return
    claim = claim_of(known, found, member, by=by, at=at)
    found.faults += _uncovered_later(known, claim, documents)
    if found.faults:
        return
    found.claim, found.costs = claim, costs_of(line, claim)
    found.year = valuing.year_of(claim, documents)
    used = known.ledger.used(member, found.year)
    try:
        found.answer = evaluation.assess(
            documents, patient_of(known.homes, member, claim), valuing.bill_of(claim, found.costs), used, trace=trace
        )
    except CannotAssess as refusal:
        found.faults.append(RowFault(KIND, "no_answer", refusal.fault.path))
        return
    claim.proposed = found.answer.fund_pays
    if line.is_visit:
        _count(known, found, member, found.answer)


def _count(known: Known, found: Looked, member: Member, answer: Answer) -> None:
    if not answer.fund_pays and not any(answer.moves.values()):
        found.faults.append(RowFault(TOTAL, "nothing_left"))
        return
    known.ledger.count(member, found.year, answer.moves)


def _uncovered_later(known: Known, claim: Claim, documents: Sequence[Plan]) -> list[RowFault]:
    """Covered also on the day by which the plan decides."""
    decided = valuing.days_of(claim).get(documents[0].decided_by)
    if decided is None or decided == claim.admitted_on:
        return []
    return _uncovered(known, claim.member, decided, ENDED)


def patient_of(homes: Homes, member: Member, claim: Claim) -> Patient:
    """The patient as the rules see him; the same as valuing.patient_of."""
    enrolled = {
        one.fund_year_id
        for one in homes.coverages.get(member.pk, ())
        if one.member_id == member.pk and one.scheme_id == claim.scheme_id and one.period.lower <= claim.admitted_on
    }
    attributes = {"category": member.category, "employment": claim.employment, "years_enrolled": len(enrolled)}
    return Patient(attributes, member.birth_date, homes.living.get(member.household_id, 0))


def claim_of(known: Known, found: Looked, member: Member, *, by: Person, at: datetime) -> Claim:
    """The claim that a row becomes, with the copies of provider and payee; not saved, without a number."""
    line, document, provider = found.line, known.document, known.document.provider
    began, ended = line.began_on or NO_DAY, line.ended_on or NO_DAY
    disease = found.disease
    if disease is None:
        raise AssertionError("a claim has its diagnosis")
    holder, bank, account = known.account
    return Claim(
        scheme=document.scheme,
        member=member,
        body_id=document.body_id,
        document=document,
        kind=line.kind,
        delivery=line.delivery,
        provider=provider,
        tier=provider.tier,
        level=provider.level,
        region=provider.region,
        is_designated=True,
        admitted_on=began,
        discharged_on=ended,
        hospital_number=line.admission,
        disease=disease,
        disease_group=known.facts.group(disease, line.kind, ended),
        is_referred=line.is_referred,
        is_emergency=line.is_emergency,
        total=line.total or NONE,
        other_payers=NONE,
        certificate=known.papers.certificate(member.pk, disease.pk, began) if line.kind in before.CERTIFIED else None,
        admission=None if line.is_visit else known.papers.admission(member.pk, began),
        payee_kind=Claim.Payee.PROVIDER,
        payee_name=holder,
        payee_relation="provider",
        payee_bank=bank,
        payee_account=account,
        route=["second_check"],
        state_since=known.today,
        entered_on=known.today,
        entered_by=by,
        entered_at=at,
    )


def costs_of(line: Line, claim: Claim) -> list[ClaimLine]:
    """The lines of a row's cost as rows of its claim."""
    return [
        ClaimLine(
            claim=claim,
            version=1,
            position=place,
            name=one.name,
            item_class=one.item_class,
            group=one.group,
            amount=one.amount,
        )
        for place, one in enumerate(line.items, start=1)
    ]


def moves_of(answer: Answer) -> dict[str, Decimal]:
    """By how much an answer moves counters, without accounts."""
    return {name: by for name, by in answer.moves.items() if by and not name.startswith(f"{ACCOUNT}.")}
