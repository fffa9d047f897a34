"""What a claim comes to by the plans of its day: the bill, the person's counters, the answer with its trace.

The same evaluator serves the preview while a clerk types and the amount that is approved; only who locks the counters
differs (claims/services/approving.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import DecimalField, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from claims.models import BenefitCounter, Claim, Cut
from claims.rules import evaluation
from claims.rules.bills import Bill, Item, Person
from claims.rules.evaluation import Answer
from claims.rules.standing import ACCOUNT
from claims.selectors import plans as plan_selectors
from claims.selectors.written import read, written
from enrollment.models import Account, Coverage, Member, Scheme

if TYPE_CHECKING:
    from claims.rules.layers import Plan

OF_HOUSEHOLD = ".household"  # how the counters end that a household uses together
OWN = "C"  # the class of what was cut: the patient's own, but part of the total


def person_number(member: Member) -> int:
    """The record that is kept of a person; counters are kept under it."""
    return member.merged_into_id or member.pk


def plans_on(scheme: Scheme, day: date) -> list[Plan]:
    """The documents of a scheme on a day, read, in their order."""
    return [plan_selectors.read_of(one) for one in plan_selectors.applying_on(scheme, day)]


def lines_of(claim: Claim) -> list[Any]:
    """The cost lines of a claim's version, each with what counts as `cut` of it."""
    lines = claim.lines.filter(version=claim.content_version)
    nothing = Value(Decimal(0), DecimalField(max_digits=14, decimal_places=2))
    return list(lines.annotate(cut=Coalesce(Sum("cuts__amount", filter=Q(cuts__counts=True)), nothing)))


def bill_of(claim: Claim, lines: Iterable[Any]) -> Bill:
    """A claim as the rules see it. What was `cut` of a line becomes own cost."""
    items: list[Item] = []
    for line in lines:
        cut = getattr(line, "cut", Decimal(0))  # a line that is only typed yet has none
        if line.amount > cut:
            items.append(Item(line.amount - cut, line.item_class, line.group))
        if cut:
            items.append(Item(cut, OWN, line.group))
    return Bill(claim.number, attributes_of(claim), tuple(items), days_of(claim), claim.other_payers)


def attributes_of(claim: Claim) -> dict[str, Any]:
    """What a claim states for the conditions of plans."""
    stated: dict[str, Any] = {
        "kind": claim.kind,
        "tier": claim.tier,
        "level": claim.level,
        "region": claim.region,
        "designated": claim.is_designated,
        "referred": claim.is_referred,
        "emergency": claim.is_emergency,
        "tcm": claim.is_tcm,
        "ground": claim.ground,
        "disease": claim.disease.code,
        "disease_group": claim.disease_group or "none",
    }
    return stated | ({"delivery": claim.delivery} if claim.delivery else {})


def days_of(claim: Claim) -> dict[str, date]:
    """The days that may decide by which plan a claim is valued."""
    days = {"admitted": claim.admitted_on, "discharged": claim.discharged_on}
    return days | ({"settled": claim.settled_on} if claim.settled_on else {})


def person_of(claim: Claim) -> Person:
    """The patient of a claim as the rules see him."""
    return patient_of(claim, claim.discharged_on.year)[0]


def patient_of(claim: Claim, year: int) -> tuple[Person, dict[str, Decimal]]:
    """The patient as the rules see him, and what he has used in a plan year and his accounts hold: one statement. A
    minor is whoever is under 18 and of no other group."""
    member = claim.member
    living = Member.objects.filter(household=OuterRef("household"), state=Member.State.LIVING)
    years = Coverage.objects.standing().filter(
        member=member, scheme=claim.scheme_id, period__startswith__lte=claim.admitted_on
    )
    household, enrolled, counters, accounts = (
        Member.objects.filter(pk=member.pk)
        .values_list(
            written(living.order_by(), "pk"),
            written(years.order_by().values("fund_year").distinct(), "fund_year"),
            written(_counters(person_number(member), claim.scheme_id, year), "name", "value"),
            written(_accounts(claim), "household", "balance"),
        )
        .get()
    )
    attributes = {"category": member.category, "employment": claim.employment, "years_enrolled": len(enrolled)}
    used: dict[str, Decimal] = defaultdict(Decimal)
    for name, value in map(read, counters):
        used[name] += Decimal(value)
    held = _held((home, Decimal(balance)) for home, balance in map(read, accounts))
    return Person(attributes, member.birth_date, len(household)), dict(used) | held


def counters_of(person: int, scheme: Scheme, year: int) -> dict[str, Decimal]:
    """What a person has used in a plan year, by counter, under all his records; what a household uses together is what
    its people have used."""
    found = _counters(person, scheme.pk, year)
    return dict(found.values("name").annotate(used=Sum("value")).values_list("name", "used"))


def _counters(person: int, scheme: int, year: int) -> QuerySet[BenefitCounter]:
    """Found by the records of his family, each kind by its own index, among all the county's."""
    family = Member.objects.filter(household__in=Member.objects.filter(pk=person).values("household")).order_by()
    doubles = Member.objects.filter(merged_into__in=family.values("pk")).order_by()
    records = family.values("pk").union(doubles.values("pk"), all=True)
    own = Q(member=person) | Q(member__merged_into=person)
    of_family = BenefitCounter.objects.filter(member__in=records, scheme=scheme, year=year).order_by()
    return of_family.filter(own | Q(name__endswith=OF_HOUSEHOLD))


def accounts_of(claim: Claim) -> dict[str, Decimal]:
    """What the household's and the person's own account hold."""
    return _held(_accounts(claim).values_list("household", "balance"))


def _accounts(claim: Claim) -> QuerySet[Account]:
    owned = Q(household=claim.member.household_id) | Q(member=person_number(claim.member))
    return Account.objects.filter(owned, scheme=claim.scheme_id).order_by()


def _held(balances: Iterable[tuple[Any, Decimal]]) -> dict[str, Decimal]:
    """By kind of account: those of a household name it."""
    held = {f"{ACCOUNT}.household": Decimal(0), f"{ACCOUNT}.personal": Decimal(0)}
    for household, balance in balances:
        held[f"{ACCOUNT}.{'household' if household else 'personal'}"] = balance
    return held


def cut_of(claim: Claim) -> dict[int, Decimal]:
    """What counts as cut of each line of a claim as it stands, by the line's number."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for line, amount in Cut.objects.filter(claim=claim, counts=True).values_list("line", "amount"):
        sums[line] += amount
    return sums


def valued(claim: Claim, counters: Mapping[str, Decimal] | None = None) -> Answer:
    """What the plans of its day give for a claim as it stands, with the trace. Raises CannotAssess.

    Without `counters` those that stand now are asked for: a preview, which another approval may change.
    """
    documents = plans_on(claim.scheme, claim.discharged_on)
    if not documents:
        raise evaluation.CannotAssess("claim.discharged", "no_plan_at_all", day=claim.discharged_on)
    return assessed(claim, documents, lines_of(claim), counters)


def assessed(
    claim: Claim, documents: Sequence[Plan], lines: Iterable[Any], counters: Mapping[str, Decimal] | None = None
) -> Answer:
    """What some documents give for a claim with its lines. Raises CannotAssess."""
    person, used = patient_of(claim, year_of(claim, documents))
    return evaluation.assess(
        documents, person, bill_of(claim, lines), used if counters is None else counters, trace=True
    )


def year_of(claim: Claim, documents: Sequence[Plan]) -> int:
    """The plan year that a claim counts in: that of the day by which its first plan decides."""
    return days_of(claim).get(documents[0].decided_by, claim.discharged_on).year
