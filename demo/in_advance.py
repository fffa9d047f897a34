"""What the county hospital of the demo paid its patients in advance: lists of stays, decided and checked together.
People, stays and amounts are made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from claims.models import BenefitPlan, BulkDocument, Claim, ClaimsRound, Provider
from claims.rules.registers import LIST
from claims.selectors import bulk
from claims.services import checking_together, document_settling, documents
from demo.taking_in import SHORTEST_YEAR
from enrollment.models import Coverage, FundYear, Member
from office.models import Person
from office.proof import Proof
from office.rules import days

HOSPITAL: Final = "640522001"
#: Days ago on which codes were shown for what was decided then (demo/checking.py).
DECIDED: Final = 8
#: Of so many people one lay in the hospital and was paid in advance.
ONE_OF: Final = 150
FEW: Final = 4
#: Diagnosis, nights, drugs, examinations.
STAYS: Final = (
    ("J18.9", 7, 3_460, 820), ("K29.5", 6, 2_380, 710), ("I10", 8, 3_720, 690), ("J44.9", 9, 4_150, 920),
    ("K80.2", 8, 4_900, 1_160), ("M06.9", 7, 2_900, 860), ("I63.9", 9, 4_400, 1_080),
)  # fmt: skip
FIRST_RECEIPT: Final = 810_001
GROWN: Final = timedelta(days=18 * 365)
CHECKS: Final = (("first_check", "first"), ("second_check", "second"))


@dataclass
class Lists:
    """Lists of a hospital: by whom they are handed in and decided, of whom, and on which day."""

    people: Mapping[str, Person]
    proofs: Mapping[str, Proof]
    patients: Iterator[Member]
    at: datetime
    receipt: int = FIRST_RECEIPT

    def settled(self, year: FundYear, month: date, number: int) -> BulkDocument:
        """A list of so many stays that ended in a month: handed in, decided, checked and settled."""
        by = self.people["hospital"]
        document = documents.begin(
            kind=LIST,
            scheme=year.scheme,
            provider=Provider.objects.get(code=HOSPITAL),
            month=month,
            note="演示",
            by=by,
            at=self.at,
        )
        given = [self._stay(month + timedelta(days=10 + place % 8), *stay) for place, stay in _some(number)]
        written = documents.write_rows(
            document=document, given=given, seen=document.content_version, by=by, at=self.at
        ).document
        document = documents.hand_in(document=written, seen=written.content_version, by=by, at=self.at).document
        proof = self.proofs["second"]
        seen = bulk.round_of(document).subject_hash
        documents.decide(document=document, choice="approve", hash_seen=seen, by=proof.person, at=self.at, proof=proof)
        for step, name in CHECKS:
            self._check(document, step, self.proofs[name])
        document.refresh_from_db()
        document_settling.settle(document=document, by=self.people["accountant"], at=self.at)
        return document

    def _stay(self, left: date, disease: str, nights: int, drug: int, exam: int) -> dict[str, str]:
        who = next(self.patients)
        self.receipt += 1
        came = left - timedelta(days=nights)
        said = {"kind": "住院", "disease": disease, "began_on": came.isoformat(), "ended_on": left.isoformat()}
        costs = {"drug": str(drug), "exam": str(exam), "bed": str(nights * 8), "receipt_type": "164000910"}
        known = {"book": who.household.number, "name": who.name, "receipt": f"{self.receipt:08}"}
        return said | costs | known | {"hospital_number": f"ZY{self.receipt}", "papers": "是"}

    def _check(self, document: BulkDocument, step: str, proof: Proof) -> None:
        waiting = {str(one.pk): one for one in document.claims.filter(state=step)}
        found = ClaimsRound.objects.filter(
            subject_type="claims.claim", subject_id__in=list(waiting), state="open", step=step
        )
        seen = [(waiting[one.subject_id], one.subject_hash) for one in found.order_by("pk")]
        checking_together.check_together(claims=seen, by=proof.person, at=self.at, proof=proof)


def _some(number: int) -> Iterator[tuple[int, tuple[str, int, int, int]]]:
    return ((place, STAYS[place % len(STAYS)]) for place in range(number))


def patients(year: FundYear, day: date) -> Iterator[Member]:
    """Grown people who are insured on a day and of whom nothing was asked, one of each household; no heads, of whom
    other parts of the demo tell."""
    insured = Coverage.objects.standing().filter(fund_year=year, period__contains=day)
    found = (
        Member.objects.living()
        .filter(pk__in=insured.values("member"), is_head=False, birth_date__lt=day - GROWN)
        .exclude(household__members__in=Claim.objects.values("member"))
        .select_related("household")
        .order_by("household", "pk")
    )
    return iter({one.household_id: one for one in found}.values())


def leave(year: FundYear, people: dict[str, Person], shown: Mapping[tuple[str, int], Proof], at: datetime) -> None:
    """Two lists of this year, where claims were decided: most of the hospital's stays, and a few of the month after."""
    today = days.business_day(at)
    has_plan = BenefitPlan.objects.applying_on(today).filter(scheme=year.scheme).exists()
    if not has_plan or today - year.period.lower < SHORTEST_YEAR:
        return
    proofs = {name: shown[name, DECIDED] for name in ("first", "second")}
    some = patients(year, today - SHORTEST_YEAR)
    lists = Lists(people, proofs, some, at - timedelta(days=DECIDED))
    many = max(Coverage.objects.standing().filter(fund_year=year).count() // ONE_OF, FEW)
    for month, number in zip(_months(year, today), (many, FEW), strict=True):
        lists.settled(year, month, number)


def _months(year: FundYear, today: date) -> Sequence[date]:
    """The year's first month, and the one before the last."""
    first: date = year.period.lower.replace(day=1)
    before = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return max(first, _earlier(before)), max(first, before)


def _earlier(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
