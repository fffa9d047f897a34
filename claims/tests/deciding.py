"""Claims that wait to be decided, as intake hands them on, and the people who decide them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from claims.models import Claim, ClaimLine, ClaimPaper, Disease, Invoice, Limit, Provider
from claims.rules.evaluation import CannotAssess
from claims.selectors import valuing
from claims.services import checking, limits
from claims.services.checking import CutOf
from claims.services.limits import LimitOf
from claims.services.locks import lock_claim
from claims.tests.factories import adopted
from conftest import NOON
from enrollment.models import Member, Scheme
from enrollment.tests import factories as register
from office import deciding
from office.models import Duty, Person
from office.services import rounds
from office.tests.factories import shown_by, tess

DISCHARGED = date(2010, 2, 20)
_numbers = count(1)

#: Half of everything, no more than 6,000 yuan in a year; what the household's account holds for visits.
HALF = """\
format: 1
code: test-half
scheme: ncms
name: {zh-hans: 测试方案, en: Test plan}
document: 测政发〔2009〕88号
in_force: {from: 2010-01-01, through: 2010-12-31}
decided_by: discharged
rounding: fen
layers:
  - code: inpatient
    fund: ncms
    when: {kind: [inpatient, injury]}
    pay:
      - {ratio: 0.5}
    ceilings:
      - {counter: year, amount: 6000}
  - code: account
    fund: family
    when: {kind: outpatient}
    pay:
      - {account: household}
  - code: relief
    fund: assistance
    of: burden
    when: {kind: inpatient}
    pay:
      - {ratio: 0.1}
"""


def provider(code: str = "P1", **more: Any) -> Provider:
    """A county hospital of tier 2 unless another is asked for."""
    given = {
        "name": f"医院{code}",
        "level": "county",
        "tier": 2,
        "region": "county",
        "changed_by": tess(),
        "changed_at": NOON,
    }
    return Provider.objects.get_or_create(code=code, defaults=given | more)[0]


def disease() -> Disease:
    """Pneumonia."""
    return Disease.objects.get_or_create(code="J18.9", defaults={"name": "肺炎"})[0]


@dataclass
class Desk:
    """Who works at claims, and what they do, in short."""

    ian: Person  # takes in
    fay: Person  # checks first
    sue: Person  # checks second
    hal: Person  # heads the office
    scheme: Scheme

    @classmethod
    def of(cls, appoint: Callable[..., Person], plan: str = HALF) -> Desk:
        desk = cls(
            appoint("ian", Duty.INTAKE_CLERK),
            appoint("fay", Duty.FIRST_CHECKER),
            appoint("sue", Duty.SECOND_CHECKER),
            appoint("hal", Duty.OFFICE_HEAD),
            register.scheme(account="household"),
        )
        adopted(plan, desk.scheme)
        return desk

    def member(self, number: str = "1") -> Member:
        home = register.household(number)
        return register.member(home, f"马{number}", date(1970, 1, 1), id_number=None)

    def claim(
        self,
        member: Member | None = None,
        amounts: Sequence[str] = ("1000", "900"),
        **more: Any,
    ) -> Claim:
        """A claim that intake has entered, with a line and an invoice for each amount."""
        number = next(_numbers)
        where = more.pop("provider", None) or provider()
        total = sum((Decimal(one) for one in amounts), Decimal(0))
        given = {
            "number": f"T{number:07d}",
            "scheme": self.scheme,
            "member": member or self.member(),
            "body": more.pop("body", None) or self.ian.appointments.all()[0].body,
            "kind": "inpatient",
            "provider": where,
            "tier": where.tier,
            "level": where.level,
            "region": where.region,
            "is_designated": True,
            "admitted_on": DISCHARGED,
            "discharged_on": DISCHARGED,
            "disease": disease(),
            "total": total,
            "payee_name": "马",
            "payee_relation": "self",
            "route": ["first_check", "second_check"],
            "state_since": NOON.date(),
            "entered_on": NOON.date(),
            "entered_by": self.ian,
            "entered_at": NOON,
        } | more
        with transaction.atomic():
            claim = Claim.objects.create(**given)
            ClaimLine.objects.bulk_create(
                ClaimLine(
                    claim=claim,
                    version=1,
                    position=place,
                    name=f"item {place}",
                    item_class="A",
                    group="drug",
                    amount=Decimal(one),
                )
                for place, one in enumerate(amounts, 1)
            )
            Invoice.objects.create(
                claim=claim,
                version=1,
                type_code="T",
                number=claim.number,
                year=2010,
                issued_on=claim.discharged_on,
                amount=total,
            )
            ClaimPaper.objects.create(claim=claim, version=1, paper="invoice", is_there=True)
        return claim

    def handed_on(self, *given: Any, **more: Any) -> Claim:
        """A claim that waits for its first step."""
        claim = self.claim(*given, **more)
        return self.hand_on(claim)

    def hand_on(self, claim: Claim) -> Claim:
        with transaction.atomic():
            claim = lock_claim(claim)
            try:
                claim.proposed = valuing.valued(claim).fund_pays
            except CannotAssess:
                claim.proposed = None
            checking.reroute(claim)
            checking.enter_step(claim=claim, step=claim.route[0], by=self.ian, at=NOON)
        return claim

    def check(self, claim: Claim, by: Person, choice: str = "approve", *cuts: CutOf, reason: str = "") -> Claim:
        """One person's decision about a claim as it stands."""
        opened = checking.round_of(now(claim))
        checking.check(
            claim=claim,
            choice=choice,
            hash_seen=opened.subject_hash if opened else "",
            by=by,
            at=NOON,
            proof=shown_by(by),
            cuts=cuts,
            reason=reason,
        )
        return now(claim)

    def approved(self, *given: Any, **more: Any) -> Claim:
        """A claim that both checkers agreed to."""
        claim = self.handed_on(*given, **more)
        self.check(claim, self.fay)
        return self.check(claim, self.sue)

    def limit(self, step: str, amount: int, basis: str = "proposed_payment", **more: Any) -> Limit:
        """A limit in force since the year began."""
        stated = LimitOf(self.scheme, step, basis, Decimal(amount), date(2010, 1, 1), None, "海医发〔2010〕1号", **more)
        limit = limits.propose(stated=stated, by=self.ian, at=NOON)
        decide(limit, self.hal)
        limit.refresh_from_db()
        return limit


def decide(subject: Any, by: Person, choice: str = "approve") -> Any:
    """A vote about a subject that one person decides."""
    opened = deciding.rounds_of(subject).get(state="open")
    return rounds.vote(
        round=opened, choice=choice, hash_seen=opened.subject_hash, by=by, at=NOON, proof=shown_by(by), reason="why"
    )


def now(record: Any) -> Any:
    """A record as the database has it now."""
    return type(record).objects.get(pk=record.pk)


def cut(claim: Claim, position: int, amount: str, code: str = "over_limit", reason: str = "") -> CutOf:
    """What is taken off a line of a claim."""
    line = claim.lines.get(version=claim.content_version, position=position)
    return CutOf(line.pk, Decimal(amount), code, reason)


def days(first: date, last: date) -> DateRange:
    """Some days, both included."""
    return DateRange(first, date.fromordinal(last.toordinal() + 1))
