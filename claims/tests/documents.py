"""Registers and lists that tests need: a clinic and a hospital that pay in advance, insured people, who works at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from claims.models import Agreement, BulkDocument, BulkRow, Provider, ProviderAccount, SampleCheck, Settlement
from claims.selectors import bulk
from claims.services import document_settling, documents, provider_accounts, sampling
from claims.services.documents import HandedIn, Written
from claims.tests.deciding import decide, now
from claims.tests.factories import adopted
from claims.tests.taking_in import YEAR, disease
from conftest import NOON
from enrollment.models import FundYear, Member, Scheme
from enrollment.tests import factories as register
from office.models import Body, Duty, Person
from office.services.rounds import Voted
from office.tests.factories import shown_by, tess

MONTH = date(2010, 2, 1)

#: Visits at two fifths, at most 20 yuan each and 60 yuan for a person's year; half of a stay.
VISITS = """\
format: 1
code: test-visits
scheme: ncms
name: {zh-hans: 测试方案, en: Test plan}
document: 测政发〔2009〕88号
in_force: {from: 2010-01-01, through: 2010-12-31}
decided_by: discharged
rounding: fen
layers:
  - code: visits
    fund: ncms
    when: {kind: [outpatient, chronic]}
    cover: [{when: {class: C}, share: 0}, {share: 1}]
    pay:
      - {ratio: 0.4}
    ceilings:
      - {per: stay, amount: 20}
      - {counter: year, amount: 60}
  - code: inpatient
    fund: ncms
    when: {kind: [inpatient, injury, delivery]}
    pay:
      - {ratio: 0.5}
    ceilings:
      - {counter: year, amount: 6000}
"""

#: Visits are paid from the household's account, as far as it holds.
ACCOUNT = VISITS.replace("      - {ratio: 0.4}\n", "      - {account: household}\n", 1).replace(
    "      - {per: stay, amount: 20}\n      - {counter: year, amount: 60}\n", "      - {per: stay, amount: 20}\n", 1
)


@dataclass
class Office:
    """Who works at registers and lists, and what they do, in short."""

    vera: Person  # the village doctor
    hugo: Person  # the hospital's desk
    fay: Person  # checks first: draws and asks
    sue: Person  # checks second: decides
    ann: Person  # the fund's accountant: settles
    hal: Person  # heads the office
    scheme: Scheme
    year: FundYear
    clinic: Provider
    hospital: Provider

    @classmethod
    def of(cls, appoint: Callable[..., Person], plan: str = VISITS, **more: Any) -> Office:
        scheme = register.scheme(**more)
        year = register.fund_year(scheme)
        adopted(plan, scheme)
        disease()
        clinic, hospital = _provider("C1", "village", 1), _provider("H1", "county", 2)
        hal = appoint("hal", Duty.OFFICE_HEAD)
        made = cls(
            vera=appoint("vera", Duty.VILLAGE_DOCTOR, body=clinic.body),
            hugo=appoint("hugo", Duty.HOSPITAL_DESK, body=hospital.body),
            fay=appoint("fay", Duty.FIRST_CHECKER),
            sue=appoint("sue", Duty.SECOND_CHECKER),
            ann=appoint("ann", Duty.FUND_ACCOUNTANT),
            hal=hal,
            scheme=scheme,
            year=year,
            clinic=clinic,
            hospital=hospital,
        )
        for one in (clinic, hospital):
            made.agree(one)
            pay_in_advance(one, appoint, hal)
        return made

    def agree(self, provider: Provider, *, is_instant: bool = True) -> Agreement:
        return Agreement.objects.create(
            provider=provider,
            scheme=self.scheme,
            number=f"A-{provider.code}",
            period=YEAR,
            is_instant=is_instant,
            changed_by=tess(),
            changed_at=NOON,
        )

    def insured(self, number: str = "1", name: str = "", **more: Any) -> Member:
        who = register.member(register.household(number), name or f"马{number}", id_number=None, **more)
        register.brought_along(who, self.year)
        return who

    def people(self, count: int) -> list[Member]:
        return [self.insured(str(number)) for number in range(1, count + 1)]

    def begun(self, by: Person | None = None, **more: Any) -> BulkDocument:
        """A register of the clinic's month, or with `kind` a list of the hospital's."""
        is_list = more.get("kind") == "hospital_list"
        given = {
            "kind": "village_register",
            "scheme": self.scheme,
            "provider": self.hospital if is_list else self.clinic,
            "month": MONTH,
            "by": by or (self.hugo if is_list else self.vera),
            "at": NOON,
        }
        return documents.begin(**{**given, **more})

    def write(self, document: BulkDocument, *given: dict[str, str], by: Person | None = None) -> Written:
        current = now(document)
        maker = by or current.entered_by
        return documents.write_rows(document=current, given=given, seen=current.content_version, by=maker, at=NOON)

    def handed_in(self, document: BulkDocument, by: Person | None = None) -> HandedIn:
        current = now(document)
        return documents.hand_in(document=current, seen=current.content_version, by=by or current.entered_by, at=NOON)

    def register(self, *given: dict[str, str]) -> BulkDocument:
        """A register that waits to be decided."""
        document = self.begun()
        self.write(document, *given)
        return self.handed_in(document).document

    def sampled(self, document: BulkDocument, outcome: str = "genuine", size: int = 1) -> SampleCheck:
        """Its sample, drawn and answered."""
        drawn = sampling.draw(document=document, size=size, by=self.fay, at=NOON, seed=7)
        for one in drawn.rows.all():
            sampling.answer(sampled=one, outcome=outcome, words="", asked_on=NOON.date(), by=self.fay, at=NOON)
        return drawn

    def vote(self, document: BulkDocument, choice: str = "approve", by: Person | None = None) -> Voted:
        who = by or self.sue
        opened = bulk.round_of(document)
        return documents.decide(
            document=document,
            choice=choice,
            hash_seen=opened.subject_hash if opened else "",
            by=who,
            at=NOON,
            proof=shown_by(who),
            reason="why",
        )

    def approved(self, *given: dict[str, str]) -> BulkDocument:
        """A register that was approved."""
        document = self.register(*given)
        self.sampled(document)
        self.vote(document)
        return now(document)

    def settle(self, document: BulkDocument, at: datetime = NOON) -> Settlement:
        return document_settling.settle(document=now(document), by=self.ann, at=at)


def visit(member: Member, receipt: str, cost: str = "30", day: str = "2010-02-03", **more: str) -> dict[str, str]:
    """A visit as a village doctor types it."""
    given = {
        "book": member.household.number,
        "name": member.name,
        "disease": "J18",
        "began_on": day,
        "receipt": receipt,
        "drug": cost,
    }
    return given | more


def stay(member: Member, receipt: str, cost: str = "1000", **more: str) -> dict[str, str]:
    """A stay as a hospital sends it."""
    days = {"kind": "住院", "began_on": "2010-02-10", "ended_on": "2010-02-16", "receipt_type": "064001"}
    return visit(member, receipt, cost) | days | more


def row(document: BulkDocument, position: int) -> BulkRow:
    """A row of the present version."""
    current = now(document)
    return current.rows.get(version=current.content_version, position=position)


def codes(document: BulkDocument) -> dict[int, list[str]]:
    """What is wrong with which rows, by position."""
    return {
        one.position: [code for _column, code, _detail in one.faults]
        for one in bulk.rows_of(now(document))
        if one.faults
    }


def paid(rows: Sequence[BulkRow]) -> list[Decimal | None]:
    return [one.proposed for one in rows]


def _provider(code: str, level: str, tier: int) -> Provider:
    body = Body.objects.create(code=f"B-{code}", name=f"机构{code}", kind=Body.Kind.HOSPITAL)
    return Provider.objects.create(
        code=code,
        name=f"机构{code}",
        level=level,
        tier=tier,
        region="county",
        body=body,
        changed_by=tess(),
        changed_at=NOON,
    )


def pay_in_advance(provider: Provider, appoint: Callable[..., Person], hal: Person) -> ProviderAccount:
    """An account of a provider that two people have confirmed."""
    known = Person.objects.filter(username="amy").first() or appoint("amy", Duty.ACCOUNTING_HEAD)
    provider_accounts.propose(
        provider=provider, holder=provider.name, bank="农行", number="62284800001", document="函1号", by=known, at=NOON
    )
    asked = ProviderAccount.objects.get(provider=provider)
    decide(asked, hal)
    return now(asked)
