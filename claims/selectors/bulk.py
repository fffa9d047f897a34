"""What pages, prints and work lists ask about documents of many claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, DecimalField, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from claims import bulk_words
from claims.models import (
    BulkDocument,
    BulkRow,
    Claim,
    ClaimPart,
    ClaimsRound,
    Cut,
    SampleCheck,
    SampledRow,
    Settlement,
)
from claims.rules.registers import VISITS, RowFault
from enrollment import fault_words
from enrollment.rules.faults import Fault
from office import deciding
from office import selectors as office
from office.models import Person

NONE: Final = Decimal(0)
NOTHING: Final = Value(NONE, DecimalField(max_digits=16, decimal_places=2))
#: Parts that are owed still, or paid already; those that were taken back are not.
OWED: Final = (ClaimPart.State.APPROVED, ClaimPart.State.PAYABLE)


@dataclass(frozen=True)
class Figures:
    """A document's rows in figures; sums in yuan are of what is not struck out, `struck_total` of what is."""

    rows: int
    good: int
    faulty: int
    struck: int
    total: Decimal
    proposed: Decimal
    struck_total: Decimal
    visits: int
    stays: int


@dataclass(frozen=True)
class Deduction:
    """A line of the list of deductions (扣减清单): a row struck out, or what was cut or refused of a claim."""

    position: int
    name: str
    receipt: str
    day: date | None
    asked: Decimal
    deducted: Decimal
    reason: str
    claim: str


@dataclass(frozen=True)
class SettledLine:
    """A claim of a settlement, with what the funds pay of it."""

    claim: str
    patient: str
    day: date
    total: Decimal
    fund_pays: Decimal


def rows_of(document: BulkDocument) -> QuerySet[BulkRow]:
    """The rows of the present version, with patient, diagnosis and claim, in their order."""
    found = document.rows.filter(version=document.content_version)
    return found.select_related("member", "disease", "claim").order_by("position")


def figures_of(document: BulkDocument) -> Figures:
    """The rows of the present version in figures, in one statement."""
    found = document.rows.filter(version=document.content_version).aggregate(**_COUNTED)
    return Figures(*(found[name] for name in _COUNTED))


_STRUCK = Q(state=BulkRow.State.STRUCK)
#: The figures in their order, under names that no field of a row has.
_COUNTED: Final[dict[str, Any]] = {
    "rows": Count("pk"),
    "good": Count("pk", filter=Q(state=BulkRow.State.GOOD)),
    "faulty": Count("pk", filter=Q(state=BulkRow.State.FAULTY)),
    "struck": Count("pk", filter=_STRUCK),
    "cost": Coalesce(Sum("total", filter=~_STRUCK), NOTHING),
    "payment": Coalesce(Sum("proposed", filter=~_STRUCK), NOTHING),
    "struck_cost": Coalesce(Sum("total", filter=_STRUCK), NOTHING),
    "visits": Count("pk", filter=Q(kind__in=VISITS) & ~_STRUCK),
    "stays": Count("pk", filter=~Q(kind__in=[*VISITS, ""]) & ~_STRUCK),
}


def faults_of(row: BulkRow) -> list[tuple[str, str]]:
    """What is wrong with a row: (column, sentence)."""
    return [(column, sentence_of(RowFault(column, code, detail))) for column, code, detail in row.faults]


def sentence_of(fault: RowFault) -> str:
    """A fault in words."""
    return fault_words.reason(Fault(0, fault.column, fault.code, detail=fault.detail))


def in_words(faults: Iterable[RowFault]) -> str:
    """Several faults of a row in words, each with its column."""
    return " ".join(f"{bulk_words.COLUMNS[one.column]}: {sentence_of(one)}" for one in faults)


def round_of(document: BulkDocument) -> Any:
    """The open round of a document, or None."""
    return deciding.rounds_of(document).filter(state="open").first()


def sample_of(document: BulkDocument) -> SampleCheck | None:
    """The sample of the present version."""
    return document.samples.filter(version=document.content_version).first()


def visits_of(document: BulkDocument) -> QuerySet[BulkRow]:
    """The visits that a sample of the present version is drawn from, in their order."""
    return document.rows.filter(version=document.content_version, state=BulkRow.State.GOOD, kind__in=VISITS).order_by(
        "position"
    )


def not_ready(document: BulkDocument) -> str:
    """Why a document cannot be decided yet, in a sentence; nothing where it can."""
    sample = sample_of(document)
    if sample is None:
        return _("Draw the sample first.") if visits_of(document).exists() else ""
    asked = list(sample.rows.select_related("row").order_by("row__position"))
    if open_ := [str(one.row.position) for one in asked if not one.outcome and one.row.state != BulkRow.State.STRUCK]:
        return _("Of the sample these rows were not asked about yet: %(rows)s.") % {"rows": "、".join(open_)}
    unknown = [one for one in asked if one.outcome == SampledRow.Outcome.NOT_KNOWN]
    if standing := [str(one.row.position) for one in unknown if one.row.state != BulkRow.State.STRUCK]:
        return _("Of these visits the patient knows nothing: %(rows)s. Strike them out or return the document.") % {
            "rows": "、".join(standing)
        }
    return ""


def deductions_of(document: BulkDocument) -> list[Deduction]:
    """The list of deductions: rows struck out, then what was cut or refused of its claims."""
    struck = rows_of(document).filter(_STRUCK)
    return [_struck(row) for row in struck] + [_cut(claim) for claim in _claims_with_less(document)]


def _struck(row: BulkRow) -> Deduction:
    asked = row.total or NONE
    name = row.member.name if row.member else row.given.get("name", "")
    return Deduction(row.position, name, row.receipt_number, row.began_on, asked, asked, row.strike_reason, "")


def _claims_with_less(document: BulkDocument) -> QuerySet[Claim]:
    """The claims of a document that were refused, or of which something was cut."""
    cut = Cut.objects.filter(claim=OuterRef("pk"), counts=True)
    found = document.claims.filter(Q(state=Claim.State.REFUSED) | Exists(cut))
    off = Coalesce(Sum("cuts__amount", filter=Q(cuts__counts=True)), NOTHING)
    return (
        found.annotate(off=off).select_related("member", "bulk_row").prefetch_related("cuts", "invoices").order_by("pk")
    )


def _cut(claim: Any) -> Deduction:
    refused = claim.state == Claim.State.REFUSED
    why = {one.reason or one.get_reason_code_display() for one in claim.cuts.all() if one.counts}
    row = claim.bulk_row if hasattr(claim, "bulk_row") else None
    return Deduction(
        row.position if row else 0,
        claim.member.name,
        "、".join(one.number for one in claim.invoices.all()),
        claim.admitted_on,
        claim.total,
        claim.total if refused else claim.off,
        str(claim.get_state_display()) if refused else "；".join(sorted(map(str, why))),
        claim.number,
    )


def to_settle(document: BulkDocument) -> QuerySet[ClaimPart]:
    """The parts that a settlement of an approved document takes: its own, and those of stays of the provider's earlier
    documents of the scheme that were approved since."""
    earlier = Q(
        approval__claim__document__provider=document.provider_id,
        approval__claim__document__scheme=document.scheme_id,
        approval__claim__document__month__lte=document.month,
        approval__claim__document__settlement__isnull=False,
    )
    own = Q(approval__claim__document=document.pk)
    found = ClaimPart.objects.filter(own | earlier, state__in=OWED, settled_with__isnull=True)
    return found.select_related("approval__claim__member").order_by("approval__claim", "pk")


def settled_lines(settlement: Settlement) -> Sequence[SettledLine]:
    """The claims of a settlement in their order."""
    found = Claim.objects.filter(approval__parts__settled_with__settlement=settlement).order_by("pk")
    told = found.annotate(paid=Sum("approval__parts__amount"))
    return [SettledLine(*one) for one in told.values_list("number", "member__name", "discharged_on", "total", "paid")]


def month_sums(month: date) -> list[tuple[BulkDocument, Figures]]:
    """The documents of a month, each with its figures (月度汇总), by provider; two statements."""
    documents = BulkDocument.objects.filter(month=month).exclude(state=BulkDocument.State.VOID)
    listed = list(documents.select_related("provider", "scheme").order_by("provider__code", "pk"))
    rows = BulkRow.objects.present().filter(document__in=listed).order_by().values("document").annotate(**_COUNTED)
    figures = {number: Figures(*told) for number, *told in rows.values_list("document", *_COUNTED)}
    none = Figures(0, 0, 0, 0, NONE, NONE, NONE, 0, 0)
    return [(one, figures.get(one.pk, none)) for one in listed]


def waiting_for(person: Person, day: date) -> QuerySet[Any]:
    """The rounds of documents that wait for somebody, the oldest first."""
    rounds = ClaimsRound.objects.filter(subject_type="claims.bulkdocument")
    return office.rounds_waiting_for(person, rounds, day).order_by("opened_at", "pk")


def to_sample() -> QuerySet[BulkDocument]:
    """Documents handed in whose sample is not drawn, or not answered whole."""
    present = BulkRow.objects.filter(document=OuterRef("pk"), version=OuterRef("content_version"))
    visits = present.filter(kind__in=VISITS, state=BulkRow.State.GOOD)
    drawn = SampleCheck.objects.filter(document=OuterRef("pk"), version=OuterRef("content_version"))
    unanswered = SampledRow.objects.filter(
        sample__document=OuterRef("pk"), sample__version=OuterRef("content_version"), outcome=""
    ).exclude(row__state=BulkRow.State.STRUCK)
    found = BulkDocument.objects.filter(state=BulkDocument.State.HANDED_IN)
    return found.filter(Exists(unanswered) | Exists(visits) & ~Exists(drawn)).order_by("state_since", "pk")


def to_finish() -> QuerySet[BulkDocument]:
    """Documents that wait with whoever enters them: drafts and those that came back."""
    return BulkDocument.objects.filter(state__in=BulkDocument.EDITABLE).order_by("entered_on", "pk")


def to_settle_now() -> QuerySet[BulkDocument]:
    """Approved documents that are not settled yet."""
    found = BulkDocument.objects.filter(state=BulkDocument.State.APPROVED, settlement__isnull=True)
    return found.order_by("state_since", "pk")
