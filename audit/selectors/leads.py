"""Leads as pages show them: in words, by whom they are about, side by side, and the claims that they rank highest."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Finding, Lead, LeadClaim
from audit.rules import ranking
from audit.screens.registry import SCREENS
from claims.models import Claim, Flag, Provider
from enrollment.models import Division, Member
from office.models import Person
from office.subjects import name_of

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

AMOUNT: Final = re.compile(r"-?[0-9]+\.[0-9]{2}")
TOLD: Final = ("member", "provider", "village", "clerk", "complaint")
SHOWN: Final = 100  # of a top list
RANKED: Final = 200  # claims
BESIDE: Final = 6  # claims side by side

#: By whom leads are put together: the field, in words, and what it names.
GROUPS: Final[Mapping[str, tuple[StrPromise, type[Any] | None]]] = {
    "member": (gettext_lazy("patient"), Member),
    "provider": (gettext_lazy("provider"), Provider),
    "village": (gettext_lazy("village"), Division),
    "clerk": (gettext_lazy("clerk"), Person),
    "doctor": (gettext_lazy("doctor"), None),
}


def screen_words(code: str) -> str:
    """What found a lead, in words."""
    return str(SCREENS[code].title) if code in SCREENS else str(Lead._meta.get_field("complaint").verbose_name)


def story_of(lead: Lead) -> str:
    """A lead's evidence as a sentence."""
    told = {name: _figure(value) for name, value in lead.figures.items()}
    if lead.screen not in SCREENS:
        return _("Complaint %(number)s points here.") % told
    return str(SCREENS[lead.screen].stories[lead.figures.get("story", "")]) % told


def _figure(value: object) -> str:
    if isinstance(value, str) and AMOUNT.fullmatch(value):
        return f"{Decimal(value):,}"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def of_claim(claim: int) -> QuerySet[Lead]:
    """The leads that are about a claim."""
    return Lead.objects.filter(lead_claims__claim=claim)


def beside(lead: Lead) -> tuple[Lead | None, Lead | None]:
    """The open leads before and after one in the order of the list."""
    opened = Lead.objects.filter(state=Lead.State.OPEN)
    same = Q(score=lead.score)
    before = Q(score__gt=lead.score) | same & (Q(money__gt=lead.money) | Q(money=lead.money, pk__gt=lead.pk))
    after = Q(score__lt=lead.score) | same & (Q(money__lt=lead.money) | Q(money=lead.money, pk__lt=lead.pk))
    return opened.filter(before).order_by("score", "money", "pk").first(), opened.filter(after).first()


@dataclass(frozen=True)
class Grouped:
    """Leads of one person or place: how many are open and confirmed, the highest score, the money."""

    name: str
    value: str
    opened: int
    confirmed: int
    highest: int
    money: Decimal


def grouped(kind: str) -> list[Grouped]:
    """Who or what most open and confirmed leads are about."""
    empty = Q(doctor="") if kind == "doctor" else Q(**{f"{kind}__isnull": True})
    counted = (
        Lead.objects.exclude(empty)
        .exclude(state=Lead.State.CLEARED)
        .order_by()
        .values(kind)
        .annotate(
            opened=Count("pk", filter=Q(state=Lead.State.OPEN)),
            confirmed=Count("pk", filter=Q(state=Lead.State.CONFIRMED)),
            highest=Max("score"),
            sum=Sum("score"),
            together=Sum("money"),
        )
        .order_by("-sum", kind)[:SHOWN]
    )
    rows = list(counted)
    names = _names(kind, [row[kind] for row in rows])
    return [
        Grouped(names[row[kind]], str(row[kind]), row["opened"], row["confirmed"], row["highest"], row["together"])
        for row in rows
    ]


def _names(kind: str, values: Sequence[Any]) -> dict[Any, str]:
    model = GROUPS[kind][1]
    if model is None:
        return {one: str(one) for one in values}
    found = model._default_manager.filter(pk__in=values)
    if model is Division:
        return {one.pk: f"{one.parent or ''} {one}".strip() for one in found.select_related("parent")}
    return {one.pk: str(one) for one in found}


@dataclass(frozen=True)
class Side:
    """One claim beside others: what each line says of it, and whether the lead holds it."""

    claim: Claim
    held: bool
    holding: bool


@dataclass(frozen=True)
class Line:
    """A line of the comparison: what it is, what each claim says, and whether all say the same."""

    label: str
    values: Sequence[str]
    same: bool


def sides_of(lead: Lead) -> list[Side]:
    """The claims of a lead, the most telling first, as many as have room beside each other."""
    numbers = list(lead.lead_claims.order_by("pk").values_list("claim", flat=True)[:BESIDE])
    kept = Claim.objects.select_related("member__household__village", "provider", "disease", "entered_by")
    found = kept.in_bulk(numbers)
    held = set(lead.holds.filter(flag__lifted_at__isnull=True).values_list("flag__claim", flat=True))
    flagged = set(Flag.objects.holding().filter(claim__in=numbers).values_list("claim", flat=True))
    return [Side(found[one], one in held, one in flagged) for one in numbers]


def compared(sides: Sequence[Side]) -> list[Line]:
    """Claims side by side, line by line."""
    told: list[tuple[str, list[str]]] = [
        (_("patient"), [f"{one.claim.member} {one.claim.member.masked_id}".strip() for one in sides]),
        (_("household"), [f"{one.claim.member.household.village} {one.claim.member.household}" for one in sides]),
        (_("kind"), [one.claim.get_kind_display() for one in sides]),
        (_("provider"), [str(one.claim.provider) for one in sides]),
        (_("number at the hospital"), [one.claim.hospital_number or "—" for one in sides]),
        (_("admitted on"), [one.claim.admitted_on.isoformat() for one in sides]),
        (_("discharged on"), [one.claim.discharged_on.isoformat() for one in sides]),
        (_("diagnosis"), [str(one.claim.disease) for one in sides]),
        (_("total cost, yuan"), [f"{one.claim.total:,.2f}" for one in sides]),
        (_("proposed, yuan"), ["—" if one.claim.proposed is None else f"{one.claim.proposed:,.2f}" for one in sides]),
        (_("paid to"), [f"{one.claim.payee_name} {_account(one.claim)}".strip() for one in sides]),
        (_("taken in"), [f"{one.claim.entered_on} {one.claim.entered_by}" for one in sides]),
    ]
    return [Line(label, values, len(set(values)) == 1) for label, values in told]


def _account(claim: Claim) -> str:
    return f"**** {claim.payee_account[-4:]}" if claim.payee_account else ""


@dataclass(frozen=True)
class Ranked:
    """A claim with what its open leads come to together, 0 to 10,000, and these leads."""

    claim: Claim
    rank: int
    leads: Sequence[Lead]


def ranks() -> dict[int, int]:
    """Every claim that an open lead points at, by number, with its rank."""
    signs: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    pointed = LeadClaim.objects.filter(lead__state=Lead.State.OPEN, lead__is_pointed=True)
    for claim, screen, score in pointed.values_list("claim", "lead__screen", "lead__score"):
        signs[claim].append((screen, score))
    return {claim: ranking.together(scores) for claim, scores in signs.items()}


def ranked(most: int = RANKED) -> list[Ranked]:
    """The claims that rank highest, with their leads; of equal ones those of more money first."""
    known = ranks()
    edge = sorted(known.values(), reverse=True)[:most]
    near = [claim for claim, rank in known.items() if rank >= edge[-1]] if edge else []
    found = Claim.objects.filter(pk__in=near).select_related("member", "provider", "disease")
    top = sorted(found, key=lambda one: (-known[one.pk], -(one.proposed or one.total), one.pk))[:most]
    leads: defaultdict[int, list[Lead]] = defaultdict(list)
    shown = Lead.objects.filter(state=Lead.State.OPEN, is_pointed=True, lead_claims__claim__in=[one.pk for one in top])
    for lead in shown.annotate(of=F("lead_claims__claim")).order_by("-score", "-pk"):
        leads[lead.of].append(lead)
    return [Ranked(one, known[one.pk], leads[one.pk]) for one in top]


def findings_of(lead: Lead) -> list[Finding]:
    """The findings that cite a lead, the newest first."""
    kind, number = name_of(lead)
    cited = Finding.objects.filter(citations__subject_type=kind, citations__subject_id=number)
    return list(cited.distinct().order_by("-pk"))


def that_can_be_held(lead: Lead) -> QuerySet[Claim]:
    """The claims of a lead that it does not hold and that are not over, with their patients."""
    held = lead.holds.filter(flag__lifted_at__isnull=True).values("flag__claim")
    claims = Claim.objects.filter(pk__in=lead.lead_claims.values("claim")).exclude(pk__in=held)
    return claims.exclude(state__in=Claim.OVER).select_related("member").order_by("pk")
