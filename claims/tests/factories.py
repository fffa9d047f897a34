"""Benefit plans that tests need on the way to something else, written as the database takes them."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from claims.models import BenefitPlan, ClaimsRound
from claims.rules import plans
from enrollment.models import Scheme
from enrollment.tests.factories import head, scheme
from office.models import Duty, Person
from office.tests.factories import SEEN, tess

YEAR_2010 = DateRange(date(2010, 1, 1), date(2011, 1, 1))

#: A small plan: two tiers, a child's half deductible, herbs apart, a ceiling for stay and year, two assumed values.
BASIC = """\
format: 1
code: test-ncms
scheme: ncms
name: {zh-hans: 测试县新农合补偿方案, en: Test county NCMS plan}
document: 测政发〔2009〕88号
in_force: {from: 2010-01-01, through: 2010-12-31}
decided_by: discharged
rounding: fen
layers:
  - code: inpatient
    fund: ncms
    when: {kind: inpatient}
    cover:
      - {when: {class: C}, share: 0}
      - {when: {class: B}, share: 0.9, assumed: 方案未写，按常见做法取九成}
      - {share: 1}
    deductible:
      per: stay
      rows:
        - {when: {tier: 1}, amount: 60, cites: 一级医院起付线60元}
        - {when: {tier: 2, age: {under: 12}}, amount: 90}
        - {when: {tier: 2}, amount: 160}
        - {when: {tier: 3}, amount: 600}
    bands_on: net
    pay:
      - {when: {tier: 1}, ratio: 0.85}
      - {when: {tier: 2}, bands: [{upto: 10000, ratio: 0.5}, {ratio: 0.6}], cites: 二级医院分段补偿}
      - {when: {tier: 3}, ratio: 0.45}
    adjust:
      - {when: {referred: false, region: outside}, points: -10, cites: 未经转诊的降低10个百分点}
    ceilings:
      - {per: stay, amount: 20000}
      - {counter: year, amount: 30000}
"""

#: A supplement over the year's burden.
CRITICAL = """\
format: 1
code: test-cii
scheme: cii
name: {zh-hans: 测试县大病保险方案, en: Test county critical illness plan}
document: 测政发〔2010〕12号
in_force: {from: 2010-01-01, through: 2010-12-31}
layers:
  - code: critical_illness
    fund: cii
    of: burden
    over: year
    deductible: {per: year, rows: [{amount: 10000}]}
    bands_on: gross
    pay: [{bands: [{upto: 50000, ratio: 0.5}, {ratio: 0.6}]}]
"""


def later(text: str, first: str, last: str) -> str:
    """A document with other days."""
    return text.replace("from: 2010-01-01", f"from: {first}").replace("through: 2010-12-31", f"through: {last}")


@cache
def read_and_written(text: str) -> tuple[plans.Plan, str]:
    """A document read, and written as it is kept; tests take the same few again and again."""
    read = plans.read(text)
    return read, plans.written(read.tree)


def draft(text: str = BASIC, of: Scheme | None = None, position: int = 1, **more: Any) -> BenefitPlan:
    """A draft with its paper."""
    read, canonical = read_and_written(text)
    days = DateRange(read.first, date.fromordinal(read.last.toordinal() + 1) if read.last else None)
    known = BenefitPlan.objects.filter(code=read.code).count()
    given = {
        "scheme": of or scheme(),
        "position": position,
        "kind": read.scheme,
        "code": read.code,
        "version": known + 1,
        "name_zh": read.name["zh-hans"],
        "name_en": read.name["en"],
        "text": text,
        "canonical": canonical,
        "sha256": hashlib.sha256(canonical.encode()).hexdigest(),
        "in_force": days,
        "applies": days,
        "paper_number": "测政发〔2009〕88号",
        "paper_date": date(2009, 12, 1),
        "drafted_by": tess(),
        "drafted_at": "2009-12-02T01:00:00Z",
    }
    return BenefitPlan.objects.create(**{**given, **more})


def adopted(text: str = BASIC, of: Scheme | None = None, position: int = 1, **more: Any) -> BenefitPlan:
    """A plan that two people adopted."""
    plan = draft(text, of, position, **more)
    plan.state = BenefitPlan.State.PROPOSED
    plan.save(update_fields=["state"])
    decide(plan)
    plan.state = BenefitPlan.State.ADOPTED
    plan.save(update_fields=["state"])
    return plan


def decide(plan: BenefitPlan, choice: str = "approve", voter: Person | None = None) -> ClaimsRound:
    """A round with the head's vote, written row by row as the database demands it."""
    voter = voter or head()
    opened = ClaimsRound.objects.create(
        step="decision",
        subject_type="claims.benefitplan",
        subject_id=str(plan.pk),
        subject_hash=SEEN,
        rule="test",
        rule_version="1",
        duties=[Duty.OFFICE_HEAD],
        count=1,
        quorum=1,
        majority="all",
        maker=tess(),
    )
    seat = opened.seats.create(person=voter)
    opened.votes.create(seat=seat, voter=voter, choice=choice, hash_seen=SEEN, reason="test")
    outcome = {"approve": "approved", "refuse": "refused", "return": "returned"}[choice]
    opened.state, opened.outcome, opened.closed_at = "closed", outcome, plan.drafted_at
    opened.save()
    return opened
