"""An office in which claims are approved, appealed and taken back on many days, and its figures counted by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from claims.models import AppealGrant, Approval, Claim, Disease, Reversal
from claims.services import checking, reversing
from claims.services.checking import CutOf
from claims.tests import public
from claims.tests.deciding import Desk, now, provider
from conftest import NOON
from enrollment.models import Member
from enrollment.tests import factories as register
from office.models import Duty, Person
from office.tests.factories import shown_by

Sums = list[Decimal]
Place = tuple[str, str, str]
BANDS = {
    "stay": (0, 1000, 3000, 5000, 10_000, 30_000, 50_000, 100_000),
    "visit": (0, 50, 100, 300, 1000, 3000, 10_000),
}
PROVIDERS = (
    ("V", "village", "county"),
    ("T", "township", "county"),
    ("C", "county", "county"),
    ("X", "city", "outside"),
)
TOWNSHIPS = ("640522100201", "640522101201", "640522100202")


@dataclass
class House:
    """Who decides, and what was decided."""

    desk: Desk
    lin: Person
    cleo: Person

    @classmethod
    def of(cls, appoint: Callable[..., Person]) -> House:
        return cls(Desk.of(appoint), appoint("lin", Duty.COMMITTEE_SECRETARY), appoint("cleo", Duty.ACCOUNTING_HEAD))

    def member(self, number: str, village: str = TOWNSHIPS[0]) -> Member:
        home = register.household(number, register.division(village))
        return register.member(home, f"马{number}", date(1970, 1, 1), id_number=None)

    def approved(self, at: datetime, *cuts: str, member: Member | None = None, **more: Any) -> Claim:
        """A claim that was approved at a time, with something cut of its first line."""
        given = {"member": member or self.member(f"F{Claim.objects.count()}"), **more}
        claim = self.desk.handed_on(**given)
        line = claim.lines.get(position=1)
        self._check(claim, self.desk.fay, at, *(CutOf(line.pk, Decimal(one), "over_limit") for one in cuts))
        self._check(claim, self.desk.sue, at)
        return now(claim)

    def _check(self, claim: Claim, by: Person, at: datetime, *cuts: CutOf) -> None:
        opened = checking.round_of(now(claim))
        checking.check(
            claim=claim,
            choice="cut" if cuts else "approve",
            hash_seen=opened.subject_hash if opened else "",
            by=by,
            at=at,
            proof=shown_by(by, at),
            cuts=cuts,
        )

    def take_back(self, claim: Claim, at: datetime) -> None:
        current, hal = now(claim), self.desk.hal
        doing = reversing.reverse if current.state == Claim.State.PAID else reversing.void
        doing(claim=current, reason="wrong", by=hal, at=at, proof=shown_by(hal, at))

    def win_back(self, claim: Claim, back: str, at: datetime) -> None:
        """An appeal against what was cut is won."""
        public.served(now(claim), self.lin, at)
        appeal = public.filed(now(claim), self.desk.ian, at, back)
        public.vote(appeal, self.desk.hal, at=at)
        public.vote(appeal, self.cleo, at=at)

    def play(self, seed: int, claims: int = 24) -> None:
        """Something random with every claim, in the months around the turn of the years."""
        dice = random.Random(seed)
        diseases = [Disease.objects.get_or_create(code=code, defaults={"name": f"病{code}"})[0] for code in "ABC"]
        places = [provider(code, level=level, region=region) for code, level, region in PROVIDERS]
        for number in range(claims):
            at = NOON + timedelta(days=dice.randrange(-400, 60))
            first = Decimal(dice.choice((40, 90, 500, 999, 1000, 2999, 9999, 29_000, 60_000)))
            cuts = [str(dice.randrange(1, 30))] if dice.random() < 0.4 else []
            claim = self.approved(
                at,
                *cuts,
                member=self.member(f"{seed}-{number}", dice.choice(TOWNSHIPS)),
                amounts=(str(first), "1.01"),
                kind=dice.choice(("inpatient", "inpatient", "injury", "outpatient")),
                provider=dice.choice(places),
                disease=dice.choice(diseases),
                other_payers=Decimal(dice.choice((0, 0, 7))),
            )
            later = at + timedelta(days=dice.choice((0, 5, 20)))
            if cuts and claim.kind == "inpatient" and dice.random() < 0.7:
                self.win_back(claim, cuts[0], later)
            if dice.random() < 0.3:
                self.take_back(claim, later + timedelta(days=dice.choice((0, 40))))


def by_hand(first: date, last: date) -> dict[Place, Sums]:
    """The figures of some days, one decision after the other."""
    found: dict[Place, Sums] = {}
    for approval in Approval.objects.select_related("claim__disease", "claim__member__household__village__parent"):
        own = [approval.total, approval.eligible, approval.own_items, approval.fund_pays, approval.patient_pays]
        given = [Decimal(1), *own]
        grant = AppealGrant.objects.filter(approval=approval).first()
        won = won_by(grant) if grant else [Decimal(0)] * 6
        if first <= approval.approved_on <= last:
            _add(found, approval.claim, given)
        if grant and first <= grant.granted_on <= last:
            _add(found, approval.claim, won)
        back = Reversal.objects.filter(approval=approval).first()
        if back and first <= back.on <= last:
            _add(found, approval.claim, [-one - more for one, more in zip(given, won, strict=True)])
    return {place: sums for place, sums in found.items() if any(sums)}


def won_by(grant: AppealGrant) -> Sums:
    """What an appeal changed."""
    after, before = grant.answer, grant.answer["before"]
    eligible, own = (Decimal(after[name]) - Decimal(before[name]) for name in ("eligible", "own_items"))
    return [Decimal(0), Decimal(0), eligible, own, grant.fund_adds, -grant.patient_saves]


def _add(found: dict[Place, Sums], claim: Claim, more: Sums) -> None:
    part = "stay" if claim.kind in {"inpatient", "delivery", "injury"} else "visit"
    band = [edge for edge in BANDS[part] if claim.total >= edge][-1]
    township = claim.member.household.village.parent
    assert township is not None
    places = {
        "whole": "", "kind": claim.kind, "level": claim.level, "region": claim.region, "band": str(band),
        "township": township.code, "disease": claim.disease.code,
    }  # fmt: skip
    for table, key in places.items():
        known = found.setdefault((part, table, key), [Decimal(0)] * 6)
        found[part, table, key] = [one + other for one, other in zip(known, more, strict=True)]
