"""What intake asks before a claim is taken in: who is covered and by what, which plan values it, what stands beside it.

`look` answers for a preview while a clerk types as well as for the claim that is written: all faults at once, what has
to be told, the claim with the provider's and the payee's copies, the answer of the plans. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from claims.models import Agreement, Claim, ClaimLine, Disease, Invoice, ListedDisease, Provider, UsedInvoice
from claims.rules import evaluation, stays
from claims.rules import papers as paper_rules
from claims.rules.evaluation import Answer, CannotAssess
from claims.rules.layers import Plan
from claims.rules.papers import Paper
from claims.selectors import diseases, routing, valuing
from claims.selectors.intake_words import Fault, told_of
from enrollment.models import Member, Scheme
from enrollment.selectors import coverage as coverage_selectors
from enrollment.selectors import payees
from enrollment.selectors.coverage import Covered
from office.models import Person
from office.rules import days

BESIDE = 20  # of the person's other claims, those that overlap and then the newest


@dataclass(frozen=True)
class Line:
    """One line of the cost list as it was typed, in yuan."""

    name: str
    item_class: str
    group: str
    amount: Decimal
    entry: int | None = None


@dataclass(frozen=True)
class Bill:
    """One invoice as it was typed; its year is that of its day."""

    type_code: str
    number: str
    amount: Decimal
    issued_on: date

    @property
    def key(self) -> tuple[str, str, int]:
        """What makes it one and the same invoice."""
        return self.type_code, self.number, self.issued_on.year


@dataclass(frozen=True)
class Content:
    """What intake enters of a claim. Without a scheme it is the one that covers the patient, a basic one first."""

    member: Member
    provider: Provider
    disease: Disease
    kind: str
    admitted_on: date
    discharged_on: date
    lines: Sequence[Line] = ()
    invoices: Sequence[Bill] = ()
    papers: frozenset[str] = frozenset()
    scheme: Scheme | None = None
    settled_on: date | None = None
    hospital_number: str = ""
    department: str = ""
    diagnosis: str = ""
    is_referred: bool = False
    is_emergency: bool = False
    is_tcm: bool = False
    delivery: str = ""
    ground: str = Claim.Ground.NONE
    employment: str = Claim.Employment.NONE
    other_payers: Decimal = Decimal(0)
    phone: str = ""
    note: str = ""

    @property
    def total(self) -> Decimal:
        """The cost: the sum of the list."""
        return sum((one.amount for one in self.lines), Decimal(0))

    @property
    def invoiced(self) -> Decimal:
        """The sum of the invoices."""
        return sum((one.amount for one in self.invoices), Decimal(0))

    def papers_needed(self, day: date) -> tuple[Paper, ...]:
        """The papers that such a claim needs on the day it is taken in."""
        facts = paper_rules.facts_of(
            kind=self.kind,
            region=self.provider.region,
            is_referred=self.is_referred,
            is_emergency=self.is_emergency,
            ground=self.ground,
        )
        return paper_rules.needed(facts, day)


def entered_as(claim: Claim) -> Content:
    """A claim's present version as it was entered."""
    this = {"version": claim.content_version}
    names = ("member", "provider", "disease", "kind", "admitted_on", "discharged_on", "scheme", "settled_on")
    more = ("hospital_number", "department", "diagnosis", "is_referred", "is_emergency", "is_tcm", "delivery")
    rest = ("ground", "employment", "other_payers", "phone", "note")
    return Content(
        **{name: getattr(claim, name) for name in (*names, *more, *rest)},
        lines=[
            Line(one.name, one.item_class, one.group, one.amount, one.entry_id)
            for one in claim.lines.filter(**this).order_by("position")
        ],
        invoices=[
            Bill(one.type_code, one.number, one.amount, one.issued_on)
            for one in claim.invoices.filter(**this).order_by("pk")
        ],
        papers=frozenset(claim.papers.filter(**this, is_there=True).values_list("paper", flat=True)),
    )


@dataclass
class Look:
    """What was found about a claim before it is taken in."""

    content: Content
    today: date
    covered: Covered
    claim: Claim
    faults: list[Fault] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    documents: Sequence[Plan] = ()
    answer: Answer | None = None
    beside: Sequence[Claim] = ()
    overlapping: Sequence[Claim] = ()
    used: Sequence[Invoice] = ()
    used_before: Sequence[UsedInvoice] = ()
    covered_later: Covered | None = None
    has_payee: bool = True
    payee_waits: bool = False
    plan_year: int | None = None
    cannot_assess: CannotAssess | None = None

    @property
    def scheme(self) -> Scheme | None:
        """The scheme that the claim is of, where one covers the patient."""
        holding = self.covered.coverage if self.covered.covered else None
        return self.content.scheme or (holding.scheme if holding else None)

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The papers that the claim needs."""
        return self.content.papers_needed(self.today)

    @property
    def missing(self) -> tuple[Paper, ...]:
        """Those of them that are not there."""
        return tuple(one for one in self.papers if one.code not in self.content.papers)


def look(content: Content, *, by: Person | None, at: datetime, but: Claim | None = None) -> Look:
    """Everything that intake asks about a claim as it was typed. `but` is the claim that is being changed; `by` may be
    named later, before it is written."""
    today = days.business_day(at)
    covered = coverage_selectors.coverage_on(content.member, content.admitted_on)
    found = Look(content, today, covered, claim=Claim())
    found.claim = _claim(found, by, at, but)
    _ask_beside(found, but)
    if found.scheme is not None:
        _ask_scheme(found, found.scheme)
        _value(found, found.scheme)
        found.claim.route = [step.stage.value for step in routing.route_for(found.claim)]
    told_of(found)
    return found


def _claim(found: Look, by: Person | None, at: datetime, but: Claim | None) -> Claim:
    """The claim as it would be written, with the provider's copies; a changed one keeps its number and its day."""
    content = found.content
    provider = content.provider
    claim = Claim(
        pk=but.pk if but else None,
        number=but.number if but else "",
        scheme=found.scheme,
        member=content.member,
        kind=content.kind,
        provider=provider,
        tier=provider.tier,
        level=provider.level,
        region=provider.region,
        is_designated=False,
        admitted_on=content.admitted_on,
        discharged_on=content.discharged_on,
        settled_on=content.settled_on,
        hospital_number=content.hospital_number,
        department=content.department,
        disease=content.disease,
        diagnosis=content.diagnosis,
        is_referred=content.is_referred,
        is_emergency=content.is_emergency,
        is_tcm=content.is_tcm,
        delivery=content.delivery,
        ground=content.ground,
        employment=content.employment,
        total=content.total,
        other_payers=content.other_payers,
        phone=content.phone,
        note=content.note,
        route=[],
        state_since=found.today,
        entered_on=but.entered_on if but else found.today,
        entered_by=by,
        entered_at=but.entered_at if but else at,
        content_version=but.content_version + 1 if but else 1,
    )
    _name_payee(found, claim)
    return claim


def _name_payee(found: Look, claim: Claim) -> None:
    """The household's confirmed account, copied; without one the patient's household is paid when it has one."""
    home = found.content.member.household
    known = payees.payee_of(home)
    found.payee_waits = payees.waits_for_confirmation(home)
    found.has_payee = known is not None
    if known is None:
        claim.payee_name, claim.payee_relation = found.content.member.name, "self"
        return
    claim.payee_name, claim.payee_bank, claim.payee_account = known.holder, known.bank, known.number
    claim.payee_relation = "self" if known.holder == found.content.member.name else "household"


def _ask_beside(found: Look, but: Claim | None) -> None:
    """The person's other claims, and the living claims that an invoice of this one serves already."""
    content = found.content
    others = Claim.objects.live().of_person(valuing.person_number(content.member))
    others = others.exclude(pk=but.pk) if but else others
    near = others.filter(discharged_on__gte=content.admitted_on, admitted_on__lte=content.discharged_on)
    told = ("provider", "disease", "scheme")
    overlapping = list(near.select_related(*told).order_by("-admitted_on")[:BESIDE])
    newest = list(others.select_related(*told).order_by("-admitted_on", "-pk")[:BESIDE])
    found.beside = list(dict.fromkeys([*overlapping, *newest]))[:BESIDE]
    found.overlapping = [one for one in overlapping if _overlaps(content, one)]
    if content.invoices:
        keys = {one.key for one in content.invoices}
        used = Invoice.objects.filter(
            is_live=True, type_code__in={key[0] for key in keys}, number__in={key[1] for key in keys}
        )
        used = used.exclude(claim=but) if but else used
        known = used.select_related("claim__member")
        found.used = [one for one in known if (one.type_code, one.number, one.year) in keys]
        found.used_before = used_before(keys)


def used_before(keys: Collection[tuple[str, str, int]]) -> list[UsedInvoice]:
    """Those of some invoices that were paid before this system began."""
    known = UsedInvoice.objects.filter(type_code__in={key[0] for key in keys}, number__in={key[1] for key in keys})
    told = known.select_related("protocol")
    return [one for one in told if (one.type_code, one.number, one.year) in keys]


def _overlaps(content: Content, other: Claim) -> bool:
    return stays.overlap(content.admitted_on, content.discharged_on, other.admitted_on, other.discharged_on)


def _ask_scheme(found: Look, scheme: Scheme) -> None:
    """What the scheme says of provider and diagnosis on the day of discharge."""
    content, claim = found.content, found.claim
    agreements = Agreement.objects.on(content.discharged_on)
    claim.is_designated = agreements.filter(provider=content.provider, scheme=scheme).exists()
    listed = ListedDisease.objects.on(content.discharged_on).filter(scheme=scheme, disease=content.disease)
    claim.disease_group = diseases.group_of(dict(listed.values_list("kind", "group")), content.kind)


def _value(found: Look, scheme: Scheme) -> None:
    """What the plans of the day give, on the cost as it was typed, and whether the patient is covered on their day."""
    content, claim = found.content, found.claim
    found.documents = valuing.plans_on(scheme, content.discharged_on)
    if not found.documents:
        return
    decided = valuing.days_of(claim).get(found.documents[0].decided_by)
    found.plan_year = (decided or content.discharged_on).year
    if decided is not None and decided != content.admitted_on:
        found.covered_later = coverage_selectors.coverage_on(content.member, decided)
    lines = lines_of(content, claim)
    if not lines or content.other_payers > content.total:
        return
    bill = valuing.bill_of(claim, lines, {})
    used = valuing.counters_now(claim, found.documents)
    try:
        found.answer = evaluation.assess(found.documents, valuing.person_of(claim), bill, used, trace=True)
    except CannotAssess as refusal:
        found.cannot_assess = refusal
        return
    claim.proposed = found.answer.fund_pays


def lines_of(content: Content, claim: Claim) -> list[ClaimLine]:
    """The cost lines as rows of a claim's version."""
    return [
        ClaimLine(
            claim=claim,
            version=claim.content_version,
            position=place,
            entry_id=one.entry,
            name=one.name,
            item_class=one.item_class,
            group=one.group,
            amount=one.amount,
        )
        for place, one in enumerate(content.lines, start=1)
    ]


def invoices_of(content: Content, claim: Claim) -> list[Invoice]:
    """The invoices as rows of a claim's version, in one order for everybody, so that nobody waits crosswise."""
    return [
        Invoice(
            claim=claim,
            version=claim.content_version,
            type_code=one.type_code,
            number=one.number,
            year=one.issued_on.year,
            issued_on=one.issued_on,
            amount=one.amount,
        )
        for one in sorted(content.invoices, key=lambda one: one.key)
    ]
