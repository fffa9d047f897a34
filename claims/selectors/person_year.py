"""All that a person asked for and was granted in a plan year, under all his records: claims, counters, cuts, waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from claims.models import BenefitCounter, Claim, ClaimsVote, Cut, Kind
from claims.rules import bills, cases, year
from claims.rules.year import Counted
from claims.selectors import valuing
from enrollment.models import Account, Member, Scheme
from enrollment.selectors import register
from office.models import Person
from office.models.rounds import Outcome

NONE = Decimal(0)
DECEMBER, LAST = 12, 31
#: States in which nothing of a claim waits for the office's decision any more.
SETTLED = frozenset({*Claim.ENDED_WITHOUT, "approved", "payable", "paying", "paid"})


@dataclass
class OfKind:
    """The claims of one kind, without those that ended without anything; `granted` of those approved."""

    kind: str
    count: int = 0
    total: Decimal = NONE
    asked: Decimal = NONE
    cut: Decimal = NONE
    granted: Decimal = NONE
    patient: Decimal = NONE

    def add(self, claim: Claim, cut: Decimal) -> None:
        """One claim more."""
        self.count += 1
        self.total += claim.total
        self.cut += cut
        if approval := approval_of(claim):
            self.granted += approval.fund_pays
            self.patient += approval.patient_pays
        else:
            self.asked += claim.proposed or NONE


@dataclass(frozen=True)
class OfScheme:
    """The counters of a scheme in the year."""

    scheme: Scheme
    plans: Sequence[Any]
    counters: Sequence[Counted]


@dataclass
class PersonYear:
    """A person's year as one member of the office may see it; `is_whole` says whether all his claims are there."""

    person: Member
    year: int
    years: Sequence[int]
    is_whole: bool
    claims: list[Claim] = field(default_factory=list)
    kinds: list[OfKind] = field(default_factory=list)
    whole: OfKind = field(default_factory=lambda: OfKind(""))
    cuts: list[Cut] = field(default_factory=list)
    refusals: list[tuple[Claim, str]] = field(default_factory=list)
    waiting: list[Claim] = field(default_factory=list)
    schemes: list[OfScheme] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)


def of_person(person: Member, asked: int | None, by: Person, today: date) -> PersonYear:
    """The year of a person (the record that is kept); without a year that of today, or the last one with claims."""
    seen = Claim.objects.visible_to(by)
    mine = seen.of_person(person.pk)
    spans = list(mine.order_by().values_list("admitted_on__year", "discharged_on__year").distinct())
    known = sorted({one for span in spans for one in span} | {today.year}, reverse=True)
    with_claims = {last for _first, last in spans}
    wanted = asked or (today.year if today.year in with_claims else max(with_claims, default=today.year))
    is_whole = by.bodies_in_sight("claims.view_claim") is None
    found = PersonYear(person, wanted, sorted({*known, wanted}, reverse=True), is_whole)
    found.claims = _of_year(mine, wanted)
    _ask_cuts(found)
    _ask_sums(found)
    if is_whole:
        _ask_counters(found, today)
    return found


def approval_of(claim: Claim) -> Any:
    """A claim's approval that stands; fetched along."""
    approval = getattr(claim, "approval", None)
    return None if claim.state in Claim.ENDED_WITHOUT else approval


def year_of(claim: Claim) -> int:
    """The plan year that a claim counts in; only a stay over new year asks the plans for it."""
    if approval := getattr(claim, "approval", None):
        return int(approval.year)
    years = {day.year for day in valuing.days_of(claim).values()}
    documents = valuing.plans_on(claim.scheme, claim.discharged_on) if len(years) > 1 else []
    return valuing.year_of(claim, documents) if documents else claim.discharged_on.year


def _of_year(mine: QuerySet[Claim], wanted: int) -> list[Claim]:
    near = Q(admitted_on__year__lte=wanted, discharged_on__year__gte=wanted) | Q(settled_on__year=wanted)
    told = ("approval", "provider", "disease", "scheme", "body", "member__household")
    lacking = Q(papers__is_there=False, papers__version=F("content_version"))
    missing = Count("papers", filter=lacking, distinct=True)
    held = Count("flags", filter=Q(flags__lifted_at__isnull=True), distinct=True)
    found = mine.filter(near).select_related(*told).annotate(missing=missing, held=held)
    return [one for one in found.order_by("admitted_on", "pk") if year_of(one) == wanted]


def _ask_cuts(found: PersonYear) -> None:
    """What was cut and counts, and why claims were refused."""
    by_number = {one.pk: one for one in found.claims}
    cuts = Cut.objects.filter(claim__in=by_number, counts=True).select_related("line", "by").order_by("claim", "pk")
    found.cuts = [one for one in cuts if one.line.version == by_number[one.claim_id].content_version]
    for cut in found.cuts:
        cut.claim = by_number[cut.claim_id]
    refused = {str(one.pk): one for one in found.claims if one.state == Claim.State.REFUSED}
    votes = ClaimsVote.objects.filter(
        round__subject_type=Claim._meta.label_lower,
        round__subject_id__in=refused,
        round__outcome=Outcome.REFUSED,
        choice="refuse",
    )
    reasons: dict[str, list[str]] = defaultdict(list)
    for subject, reason in votes.order_by("pk").values_list("round__subject_id", "reason") if refused else ():
        reasons[subject].append(reason)
    found.refusals = [(claim, "；".join(filter(None, reasons[number]))) for number, claim in refused.items()]


def _ask_sums(found: PersonYear) -> None:
    """The claims that ask for something or were granted it, by kind and together; those that wait."""
    cut: dict[int, Decimal] = defaultdict(Decimal)
    for one in found.cuts:
        cut[one.claim_id] += one.amount
    kinds = {kind: OfKind(str(label)) for kind, label in Kind.choices}
    for claim in found.claims:
        if claim.state not in Claim.ENDED_WITHOUT:
            for sums in (kinds[claim.kind], found.whole):
                sums.add(claim, cut[claim.pk])
    found.kinds = [one for one in kinds.values() if one.count]
    found.waiting = [one for one in found.claims if one.state not in SETTLED]


def _ask_counters(found: PersonYear, today: date) -> None:
    """The counters of the schemes that the person has claims or counters in; the accounts of person and household."""
    records = Member.objects.records_of([found.person.pk])
    counted = BenefitCounter.objects.filter(member__in=records, year=found.year).values("scheme")
    with_claims = {one.scheme_id for one in found.claims}
    schemes = Scheme.objects.filter(Q(pk__in=with_claims) | Q(pk__in=counted)).order_by("pk")
    day = min(max(today, date(found.year, 1, 1)), date(found.year, DECEMBER, LAST))
    found.schemes = [_of_scheme(found, one, day) for one in schemes]
    found.accounts = list(register.accounts_of(found.person.household, found.person))


def _of_scheme(found: PersonYear, scheme: Scheme, day: date) -> OfScheme:
    newest = next((one for one in reversed(found.claims) if one.scheme_id == scheme.pk), None)
    plans = valuing.plans_on(scheme, day)
    used = valuing.counters_of(found.person.pk, scheme, found.year)
    who = valuing.person_of(newest) if newest else bills.Person({"category": found.person.category})
    facts: dict[str, Any] = {**who.attributes, "age": bills.age_on(found.person.birth_date, day)}
    names = [one for one in cases.counters_of(plans) if not one.endswith(".disease")]
    names += sorted(set(used) - set(names))
    return OfScheme(scheme, plans, year.counted(plans, names, used, facts, who.household_members))
