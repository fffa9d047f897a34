"""What intake enters of a claim, and what it finds out about it before the claim is taken in (selectors/intake.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from claims.models import AskedPaper, Claim, Disease, Provider
from claims.rules import papers as paper_rules
from claims.rules.evaluation import Answer, CannotAssess
from claims.rules.layers import Plan
from claims.rules.papers import Paper
from claims.selectors.before import Before
from claims.selectors.invoices import Taken
from enrollment.models import Member, Scheme
from enrollment.selectors.coverage import Covered


@dataclass(frozen=True)
class Line:
    """One line of the cost list as it was typed, in yuan."""

    name: str
    item_class: str
    group: str
    amount: Decimal
    entry: int | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None


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
    answers: Mapping[str, str] = field(default_factory=dict)
    payee_kind: str = Claim.Payee.HOUSEHOLD
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


@dataclass(frozen=True)
class Fault:
    """Why a claim is not taken in; `field` is what of the form it is about."""

    field: str | None
    sentence: str


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
    used: Sequence[Taken] = ()
    covered_later: Covered | None = None
    has_payee: bool = True
    payee_waits: bool = False
    plan_year: int | None = None
    before: Before = field(default_factory=Before)
    last_day: date | None = None
    is_instant: bool = False
    asked: Sequence[AskedPaper] = ()
    strangers: Sequence[str] = ()
    dear: Sequence[str] = ()
    cannot_assess: CannotAssess | None = None

    @property
    def scheme(self) -> Scheme | None:
        """The scheme that the claim is of, where one covers the patient."""
        holding = self.covered.coverage if self.covered.covered else None
        return self.content.scheme or (holding.scheme if holding else None)

    @property
    def is_late(self) -> bool:
        """Whether the last day for such a claim was over when it was taken in."""
        return self.last_day is not None and self.claim.entered_on > self.last_day

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The papers that the claim needs, and those that were asked for when it came back."""
        facts = paper_rules.facts_of(
            kind=self.content.kind,
            region=self.content.provider.region,
            is_referred=self.claim.is_referred,
            is_emergency=self.content.is_emergency,
            ground=self.content.ground,
        )
        needed = paper_rules.needed(facts, self.today)
        known = {one.code for one in needed}
        return (*needed, *(_as_paper(one) for one in self.asked if one.paper not in known))

    @property
    def there(self) -> frozenset[str]:
        """Those that are there: brought, or on record in the office."""
        return self.content.papers | (self.before.on_record - {one.paper for one in self.asked})

    @property
    def missing(self) -> tuple[Paper, ...]:
        """Those that are neither there nor answered."""
        answers = self.content.answers
        return tuple(one for one in self.papers if one.code not in self.there and not answers.get(one.code))


def _as_paper(asked: AskedPaper) -> Paper:
    known = paper_rules.by_code(asked.paper)
    return known or Paper(asked.paper, asked.words, asked.words, {})
