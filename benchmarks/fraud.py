"""Fraud sown among a county's claims: how much of it stands in the first fiftieth of the ranking, and what else does.

One claim in two hundred is fraud; all screens run over all years; claims are ranked by their open leads. The recall in
the first 2 % is what counts; beside it how many claims are ranked at all, so that the cut is one, and the false alarms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from audit.models import Lead, LeadClaim
from audit.screens.registry import SCREENS
from audit.selectors import leads
from audit.services import screening
from audit.services.screening_tables import Span
from benchmarks.bulk import load
from benchmarks.bulk.sown import Sower, Sown
from claims.models import Claim
from office.models import Person
from office.rules import days
from tests import restore

SCALE = 0.02  # of the county: 40,000 claims
SEED = 2010
TOP = 50  # one claim in so many is looked at
RECALL = 0.9


@dataclass(frozen=True)
class Found:
    """What of the fraud stands at the top, by kind; how many claims are looked at, ranked, and false alarms."""

    looked_at: int
    ranked: int
    frauds: int
    recall: float
    false_alarms: int
    missed: Counter[str]
    alarms: Counter[str]


def screened(seed: int = SEED) -> Sown:
    """Sow over the county in bulk that is there, and run all screens over all its years."""
    sown = Sower(seed).sow()
    by, at = Person.objects.earliest("pk"), timezone.now()
    span = Span(date(days.business_day(at).year - load.YEARS, 1, 1), days.business_day(at))
    begun = screening.begin(span=span, screens=SCREENS, by=by, at=at)
    screening.go_on(begun, by=by, at=at)
    return sown


def compared(sown: Sown) -> Found:
    """Rank the claims, and look who stands in the first 2 %."""
    known = leads.ranks()
    looked_at = Claim.objects.count() // TOP
    money = dict(Claim.objects.filter(pk__in=known).values_list("pk", "total"))
    top = set(sorted(known, key=lambda one: (-known[one], -money[one], one))[:looked_at])
    frauds, beside = set(sown.frauds), _beside(sown)
    return Found(
        looked_at=looked_at,
        ranked=len(known),
        frauds=len(frauds),
        recall=len(top & frauds) / len(frauds),
        false_alarms=len(top - frauds),
        missed=Counter(kind for claim, kind in sown.frauds.items() if claim not in top),
        alarms=Counter(
            sown.innocent.get(claim, "beside fraud" if claim in beside else "of the county") for claim in top - frauds
        ),
    )


def _beside(sown: Sown) -> set[int]:
    """Claims that share a lead with fraud: the genuine stay that was claimed twice, or went on as another."""
    shared = Lead.objects.filter(lead_claims__claim__in=list(sown.frauds), is_pointed=True).values("pk")
    return set(LeadClaim.objects.filter(lead__in=shared).values_list("claim", flat=True))


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    restore.remember()
    try:
        load.load(SCALE * scale, timezone.now())
        one = compared(screened())
        told = f"{one.frauds} of {one.looked_at * TOP:,} claims sown, missed {dict(one.missed)}"
        yield f"fraud not in the first 2 % of the ranking ({told})", 1 - one.recall, 1 - RECALL
        yield f"of {one.ranked:,} ranked claims those that fit into the 2 %", one.looked_at / max(one.ranked, 1), 1
        alarms = ", ".join(f"{kind} {count}" for kind, count in one.alarms.most_common())
        yield f"false alarms among the {one.looked_at:,} looked at ({alarms})", one.false_alarms, one.looked_at
    finally:
        restore.restore()
