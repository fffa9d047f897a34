"""What one claim's page shows besides the claim: papers, invoices, lines with cuts, the sheet, the route, the year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from claims.models import (
    Admission,
    BedCheck,
    BenefitPlan,
    Claim,
    ClaimLine,
    InjuryConclusion,
    InjuryInquiry,
    Step,
)
from claims.rules.evaluation import Answer, CannotAssess
from claims.rules.layers import Plan
from claims.rules.routes import RouteStep
from claims.selectors import before, plans, routing, valuing
from office import deciding, words
from office.models import Act
from office.subjects import name_of

ACTS = 50
BESIDE = 30


@dataclass(frozen=True)
class ShownLine:
    """A cost line with what was cut of it so far."""

    line: ClaimLine
    cut: Decimal

    @property
    def left(self) -> Decimal:
        return self.line.amount - self.cut


@dataclass(frozen=True)
class Earlier:
    """Something that came before a claim: what it is, its number, what to know of it, its page."""

    title: str
    number: str
    told: str
    page: str
    pk: int
    is_doubtful: bool = False


@dataclass(frozen=True)
class Worked:
    """What the plans give for a claim as it stands, with the documents; or why they give nothing."""

    plans: Sequence[BenefitPlan]
    read: Sequence[Plan]
    answer: Answer | None
    refusal: CannotAssess | None = None
    cut: Decimal = Decimal(0)


@dataclass(frozen=True)
class Passed:
    """A step of the route: why it is there, and its round if one was opened."""

    step: RouteStep
    words: str
    is_now: bool
    votes: Sequence[Any] = ()


def shown(claim: Claim) -> dict[str, Any]:
    """Everything beside the claim itself; what belongs to its version alone."""
    version = claim.content_version
    read = valuing.lines_of(claim)
    lines = [ShownLine(one, one.cut) for one in read]
    papers = list(claim.papers.filter(version=version).order_by("pk"))
    cut = sum((one.cut for one in lines), Decimal(0))
    rounds = list(deciding.rounds_of(claim).select_related("maker").prefetch_related("votes__voter"))
    return {
        "claim": claim,
        "papers": papers,
        "missing": [one for one in papers if not one.is_there],
        "invoices": list(claim.invoices.filter(version=version).order_by("pk")),
        "lines": lines,
        "cut": cut,
        "left": claim.total - cut,
        "worked": worked(claim, read),
        "route": route_of(claim, rounds),
        "rounds": rounds,
        "others": others_of(claim),
        "acts": acts_of(claim),
    }


def lines_of(claim: Claim) -> list[ShownLine]:
    """The lines of a claim's version, each with what counts as cut."""
    return [ShownLine(one, one.cut) for one in valuing.lines_of(claim)]


def worked(claim: Claim, lines: Sequence[Any] | None = None) -> Worked:
    """What the plans of its day give for a claim as it stands now, with the counters as they stand now; `lines` are
    its lines where they are at hand."""
    documents = plans.applying_on(claim.scheme, claim.discharged_on)
    read = [plans.read_of(one) for one in documents]
    if not read:
        return Worked(documents, read, None)
    lines = valuing.lines_of(claim) if lines is None else lines
    cut = sum((one.cut for one in lines), Decimal(0))
    try:
        return Worked(documents, read, valuing.assessed(claim, read, lines), cut=cut)
    except CannotAssess as refusal:
        return Worked(documents, read, None, refusal, cut)


def route_of(claim: Claim, rounds: Sequence[Any]) -> list[Passed]:
    """The steps of a claim's route as it stands, each with its newest round that counts."""
    newest: dict[str, Any] = {}
    for one in rounds:  # newest first
        newest.setdefault(one.step, one)
    found = []
    for step in routing.route_for(claim):
        round_ = newest.get(step.stage.value)
        votes = list(round_.votes.all()) if round_ else []
        found.append(Passed(step, str(Step(step.stage).label), claim.state == step.stage, votes))
    return found


def others_of(claim: Claim) -> list[Claim]:
    """The person's other claims, the newest first."""
    found = Claim.objects.of_person(valuing.person_number(claim.member)).exclude(pk=claim.pk)
    return list(found.select_related("provider", "disease").order_by("-admitted_on", "-pk")[:BESIDE])


def before_of(claim: Claim) -> list[Earlier]:
    """What came before a claim, each with its page and what is to be known of it."""
    found = [
        _earlier(claim.referral, "claims:referral", lambda one: words.period(one.valid)),
        _earlier(claim.outside_stay, "claims:outside_stay", lambda one: one.reported_on.isoformat(), _is_late),
        _earlier(claim.admission, "claims:admission", lambda one: f"{one.ward} {one.bed}"),
        _earlier(claim.certificate, "claims:certificate", lambda one: words.period(one.period)),
        _earlier(claim.injury, "claims:injury", lambda one: one.injured_on.isoformat()),
    ]
    earlier = [one for one in found if one is not None]
    if claim.admission is not None:
        earlier += [_bed_check(claim.admission, one) for one in before.bed_checks_of(claim.admission)]
    if claim.injury is not None:
        earlier.append(_conclusion(claim.injury))
    return earlier


def _earlier(
    one: Any, page: str, told: Callable[[Any], str], is_doubtful: Callable[[Any], bool] = lambda one: False
) -> Earlier | None:
    if one is None:
        return None
    return Earlier(str(one._meta.verbose_name), str(one), told(one), page, one.pk, is_doubtful(one))


def _is_late(one: Any) -> bool:
    return bool(one.is_late)


def _bed_check(admission: Admission, one: BedCheck) -> Earlier:
    told = " ".join([one.get_finding_display(), one.words, str(one.by)]).strip()
    is_doubtful = one.finding != BedCheck.Finding.FOUND
    return Earlier(str(one._meta.verbose_name), one.on.isoformat(), told, "claims:admission", admission.pk, is_doubtful)


def _conclusion(injury: InjuryInquiry) -> Earlier:
    found = before.conclusion_of(injury)
    title = str(InjuryConclusion._meta.verbose_name)
    if found is None:
        return Earlier(title, "—", _("not concluded yet"), "claims:injury", injury.pk, is_doubtful=True)
    return Earlier(title, str(found), found.words, "claims:injury", injury.pk, not found.payable)


def acts_of(claim: Claim) -> list[Act]:
    """What was done about a claim, the newest first."""
    subject_type, subject_id = name_of(claim)
    found = Act.objects.filter(subject_type=subject_type, subject_id=subject_id, kind=Act.Kind.DONE)
    return list(found.select_related("by").order_by("-pk")[:ACTS])
