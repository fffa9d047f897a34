"""The made-up office that worked for five years: bodies, people with their duties, providers, plans, limits, years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.backends.postgresql.psycopg_any import DateRange

from benchmarks.bulk import register
from claims.models import Agreement, BenefitPlan, Disease, Provider
from claims.rules import shipped
from claims.rules.layers import Plan
from claims.rules.routes import LimitRow
from claims.selectors import plans as plan_selectors
from claims.services import limits
from claims.services.limits import LimitOf
from claims.services.search_keys import keys_of
from claims.tests import factories as plans
from enrollment.models import Division, Scheme
from enrollment.tests import factories
from office import deciding
from office.models import Body, Duty, Person
from office.services import rounds
from office.tests.factories import give, shown_by

#: Schemes in the order of `register.People.schemes`, and the shipped document that stands for each.
SCHEMES: Final = ("ncms", "residents", "employees")
DOCUMENTS: Final = ("haiyuan-ncms-2010", "haiyuan-urbmi-2010", "haiyuan-uebmi-2010")
PAPER: Final = "海医发〔2010〕1号（编造）"
#: Step, basis, region, amount: for stays.
LIMITS: Final = (
    ("verification", "total_cost", "county", 10_000),
    ("verification", "total_cost", "outside", 3_000),
    ("head", "proposed_payment", "", 10_000),
    ("committee", "proposed_payment", "", 30_000),
)
DISEASES: Final = (
    ("J06.9", "急性上呼吸道感染"),
    ("J20.9", "急性支气管炎"),
    ("K29.5", "慢性胃炎"),
    ("I10", "原发性高血压"),
    ("M54.5", "腰痛"),
    ("L30.9", "皮炎"),
    ("A09", "胃肠炎"),
    ("N39.0", "泌尿道感染"),
    ("J18.9", "肺炎"),
    ("K35.9", "急性阑尾炎"),
    ("K80.2", "胆囊结石"),
    ("I63.9", "脑梗死"),
    ("S82.9", "小腿骨折"),
    ("O80.9", "顺产"),
    ("O82.9", "剖宫产"),
)
CHECKERS, MEMBERS = 4, 5


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of the office as his acts name him."""

    pk: int
    duty: str
    body: int
    has_factor: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A provider as claims copy it."""

    pk: int
    name: str
    level: str
    tier: int
    region: str
    schemes: tuple[int, ...]  # with an agreement


@dataclass(frozen=True)
class Office:
    """Who works where, by what papers."""

    desks: dict[str, Worker]  # intake by township, "" is the county's
    first: Sequence[Worker]
    second: Sequence[Worker]
    heads: Sequence[Worker]
    committee: Sequence[tuple[Worker, str]]
    cashier: Worker
    secretary: Worker
    clinics: dict[str, Place]  # by village
    centres: dict[str, Place]  # by township
    county: Sequence[Place]
    outside: Sequence[Place]
    schemes: tuple[int, ...]
    fund_years: dict[int, tuple[tuple[int, int], ...]]
    documents: dict[tuple[int, int], tuple[BenefitPlan, Plan]]  # by place of the scheme and year
    limits: tuple[list[LimitRow], ...]
    diseases: Sequence[Disease]


def found(years: Sequence[int], at: datetime) -> Office:
    """An office with all that claims of some years need, in an empty database."""
    head = factories.head()
    body = head.appointments.get().body
    since = date(years[0], 1, 1)
    townships = register.townships()
    stations = {code: _station(code, name) for code, name in townships}
    register.bring_divisions(stations)
    schemes = tuple(_scheme(code) for code in SCHEMES)
    limited = _limits(schemes, since, head, _appointed("bulk-accountant", Duty.FUND_ACCOUNTANT, body, since), at)
    desks = {code: _worker(f"intake-{code}", Duty.INTAKE_CLERK, one, since) for code, one in stations.items()}
    desks[""] = _worker("intake-county", Duty.INTAKE_CLERK, body, since)
    seats = [_worker(f"member-{place}", Duty.COMMITTEE_MEMBER, body, since) for place in range(MEMBERS)]
    chair = _worker("bulk-chair", Duty.COMMITTEE_CHAIR, body, since)
    providers = _Providers(schemes, head, at, since)
    return Office(
        desks=desks,
        first=[_worker(f"first-{place}", Duty.FIRST_CHECKER, body, since) for place in range(CHECKERS)],
        second=[_worker(f"second-{place}", Duty.SECOND_CHECKER, body, since) for place in range(CHECKERS)],
        heads=[_worker("bulk-head", Duty.OFFICE_HEAD, body, since)],
        committee=[(chair, "chair"), *((one, "member") for one in seats)],
        cashier=_worker("bulk-cashier", Duty.CASHIER, body, since),
        secretary=_worker("bulk-secretary", Duty.COMMITTEE_SECRETARY, body, since),
        clinics=providers.clinics(),
        centres=providers.centres(),
        county=[providers.one(f"H{place}", f"海原第{place}医院", "county", 2) for place in range(1, 5)],
        outside=[providers.one(f"O{place}", f"区外第{place}医院", "city", 3, "outside") for place in range(1, 6)],
        schemes=tuple(one.pk for one in schemes),
        fund_years={year: tuple((one.pk, factories.fund_year(one, year).pk) for one in schemes) for year in years},
        documents={
            (place, year): _adopted(DOCUMENTS[place], scheme, year)
            for place, scheme in enumerate(schemes)
            for year in years
        },
        limits=limited,
        diseases=Disease.objects.bulk_create(Disease(code=c, name=n, search_keys=keys_of(n)) for c, n in DISEASES),
    )


def _station(code: str, name: str) -> Body:
    return Body.objects.create(code=f"station-{code}", name=f"{name}站（编造）", kind=Body.Kind.TOWNSHIP_STATION)


def _scheme(code: str) -> Scheme:
    more: dict[str, Any] = {"insures": "person", "contribution": "wages"} if code == "employees" else {}
    return factories.scheme(code, **more)


def _appointed(username: str, duty: Duty, body: Body, since: date) -> Person:
    person = Person.objects.create_person(username=username, full_name=f"{username}（编造）", password=None)
    give(person, duty, body, start=since)
    return person


def _worker(username: str, duty: Duty, body: Body, since: date) -> Worker:
    has_factor = duty not in {Duty.INTAKE_CLERK}
    return Worker(_appointed(username, duty, body, since).pk, duty.value, body.pk, has_factor)


def _adopted(code: str, scheme: Scheme, year: int) -> tuple[BenefitPlan, Plan]:
    """A shipped document with another year's days."""
    text = shipped.text(code).replace("-2010", f"-{year}").replace("2010-", f"{year}-")
    plan = plans.adopted(text, scheme)
    return plan, plan_selectors.read_of(plan)


def _limits(
    schemes: Sequence[Scheme], since: date, head: Person, accountant: Person, at: datetime
) -> tuple[list[LimitRow], ...]:
    """Limits that the accountant entered and the head confirmed."""
    found = []
    for scheme in schemes:
        rows = []
        for step, basis, region, amount in LIMITS:
            stated = LimitOf(scheme, step, basis, Decimal(amount), since, None, PAPER, kind="inpatient", region=region)
            limit = limits.propose(stated=stated, by=accountant, at=at)
            opened = deciding.rounds_of(limit).get()
            proof = shown_by(head, at)
            rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, by=head, at=at, proof=proof)
            rows.append(LimitRow(step, basis, limit.amount, limit.kind, limit.region, limit.pk))
        found.append(rows)
    return tuple(found)


@dataclass(frozen=True)
class _Providers:
    """Makes providers known, with their agreements."""

    schemes: tuple[Scheme, ...]
    by: Person
    at: datetime
    since: date

    def one(self, code: str, name: str, level: str, tier: int, region: str = "county") -> Place:
        name = f"{name}（编造）"
        changed = {"changed_by": self.by, "changed_at": self.at}
        made = Provider.objects.create(
            code=code, name=name, search_keys=keys_of(name), level=level, tier=tier, region=region, **changed
        )
        agreed = range(0 if region == "outside" else 1 if level == "village" else len(self.schemes))
        period = DateRange(self.since, None)
        for place in agreed:
            number = f"{code}-{place}号（编造）"
            Agreement.objects.create(provider=made, scheme=self.schemes[place], number=number, period=period, **changed)
        return Place(made.pk, name, level, tier, region, tuple(agreed))

    def clinics(self) -> dict[str, Place]:
        villages = Division.objects.filter(level=Division.Level.VILLAGE).order_by("code")
        return {one.code: self.one(one.code, f"{one.name}卫生室", "village", 1) for one in villages}

    def centres(self) -> dict[str, Place]:
        return {code: self.one(code[:9], f"{name}卫生院", "township", 1) for code, name in register.townships()}
