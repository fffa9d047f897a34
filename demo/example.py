"""The example office: fictitious people, a sign-in for every duty, passwords and factors known to all; no household."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import get_hasher
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from demo import register
from demo.factors import secret_of, show_factor
from demo.models import DemoSignIn
from demo.register import OPEN_YEARS, Year
from office import access, deciding, history
from office.models import Appointment, Body, Duty, Person
from office.proof import Proof
from office.rules import duties, totp
from office.services import factors, founding, requests, rounds
from office.services.founding import NewBody, NewPerson

FIRST_DAY = date(2009, 1, 1)
#: So long ago those who work with claims set up their second factors: what they decided since shows one.
FACTORS_SINCE = timedelta(days=400)

#: Fictitious bodies, named after the county whose published totals the demo will carry.
BODIES = (
    NewBody("640522", "海原县合管中心（演示）", Body.Kind.COUNTY_CENTRE),
    NewBody("640522-haicheng", "海城镇合作医疗站（演示）", Body.Kind.TOWNSHIP_STATION),
    NewBody("640522-jiatang", "贾塘乡合作医疗站（演示）", Body.Kind.TOWNSHIP_STATION),
    NewBody("640522-qiying", "七营镇合作医疗站（演示）", Body.Kind.TOWNSHIP_STATION),
    NewBody("640522-hospital", "海原县人民医院合医办（演示）", Body.Kind.HOSPITAL),
    NewBody("640522-clinic", "海城镇武塬村卫生室（演示）", Body.Kind.CLINIC),
    NewBody("640522-finance", "海原县财政局社保股（演示）", Body.Kind.FINANCE_BUREAU),
    NewBody("640522-civil", "海原县民政局（演示）", Body.Kind.CIVIL_AFFAIRS_BUREAU),
    NewBody("640522-audit", "海原县审计局（演示）", Body.Kind.AUDIT_BUREAU),
    NewBody("640522-committee", "海原县合作医疗监督委员会（演示）", Body.Kind.SUPERVISION_COMMITTEE),
    NewBody("640522-bank", "海原县农村信用社柜台（演示）", Body.Kind.BANK),
)

ADMINISTRATORS = (
    NewPerson("system", "陈工（演示）", Duty.SYSTEM_ADMINISTRATOR, "640522"),
    NewPerson("system2", "吴工（演示）", Duty.SYSTEM_ADMINISTRATOR, "640522"),
    NewPerson("security", "安全员林（演示）", Duty.SECURITY_ADMINISTRATOR, "640522"),
    NewPerson("security2", "安全员沈（演示）", Duty.SECURITY_ADMINISTRATOR, "640522"),
    NewPerson("secaudit", "审计员高（演示）", Duty.SECURITY_AUDITOR, "640522"),
)

#: Everybody else, in the order of the work.
COLLEAGUES = (
    NewPerson("township", "马小兰（演示）", Duty.TOWNSHIP_CLERK, "640522-haicheng"),
    NewPerson("hospital", "田文秀（演示）", Duty.HOSPITAL_DESK, "640522-hospital"),
    NewPerson("village", "罗成山（演示）", Duty.VILLAGE_DOCTOR, "640522-clinic"),
    NewPerson("intake", "杨秀英（演示）", Duty.INTAKE_CLERK, "640522"),
    NewPerson("first", "李国栋（演示）", Duty.FIRST_CHECKER, "640522"),
    NewPerson("second", "王玉梅（演示）", Duty.SECOND_CHECKER, "640522"),
    NewPerson("head", "马建国（演示）", Duty.OFFICE_HEAD, "640522"),
    NewPerson("member", "苏海燕（演示）", Duty.COMMITTEE_MEMBER, "640522"),
    NewPerson("member2", "丁学文（演示）", Duty.COMMITTEE_MEMBER, "640522-finance"),
    NewPerson("member3", "罗玉兰（演示）", Duty.COMMITTEE_MEMBER, "640522-civil"),
    NewPerson("member4", "田永清（演示）", Duty.COMMITTEE_MEMBER, "640522-audit"),
    NewPerson("chair", "张志远（演示）", Duty.COMMITTEE_CHAIR, "640522"),
    NewPerson("secretary", "何静（演示）", Duty.COMMITTEE_SECRETARY, "640522"),
    NewPerson("accountant", "冯丽萍（演示）", Duty.FUND_ACCOUNTANT, "640522"),
    NewPerson("accounting", "赵明德（演示）", Duty.ACCOUNTING_HEAD, "640522"),
    NewPerson("cashier", "白雪（演示）", Duty.CASHIER, "640522"),
    NewPerson("finance", "孙立新（演示）", Duty.FINANCE_REVIEWER, "640522-finance"),
    NewPerson("inspector", "郭正（演示）", Duty.INTERNAL_AUDITOR, "640522"),
    NewPerson("auditor", "周清（演示）", Duty.STATE_AUDITOR, "640522-audit"),
)


def is_there() -> bool:
    """Whether this database holds the example office."""
    return DemoSignIn.objects.exists()


@transaction.atomic
def found(
    at: datetime,
    first: Callable[[dict[str, Person]], object] = lambda people: None,
    *,
    since: date = FIRST_DAY,
    years: Sequence[Year] = OPEN_YEARS,
) -> dict[str, Person]:
    """Found the example office where nobody works, as a real one is founded; what lies days back is done `first`. Its
    people have their duties `since` a day, `years` are open. Raises CannotFound."""
    earlier = at - timedelta(hours=1)
    founded = founding.found(bodies=BODIES, people=ADMINISTRATORS, on=since, at=earlier)
    people = {one.person.username: one.person for one in founded}
    for administrator in people.values():
        _make_known(administrator, earlier)
    maker, voter = people["security"], people["security2"]
    maker_shown, voter_shown = (show_factor(one, earlier + timedelta(minutes=2)) for one in (maker, voter))
    for one in COLLEAGUES:
        if duties.is_given_by_two(one.duty):
            people[one.username] = _person(one.username, one.name)
            body = Body.objects.get(code=one.body)
            give(people[one.username], one.duty, body, maker=maker_shown, voter=voter_shown, since=since)
            _make_known(people[one.username], earlier - FACTORS_SINCE)
        else:
            people[one.username] = bring_in(one, earlier, since)
    first(people)
    with history.acting(by=people["accountant"]):
        register.begin(people, earlier + timedelta(minutes=4), years)
    return people


def bring_in(one: NewPerson, at: datetime, since: date = FIRST_DAY) -> Person:
    """Somebody with a duty that one administrator gives, whose sign-in everybody may know."""
    person = _person(one.username, one.name)
    body = Body.objects.get(code=one.body)
    Appointment.objects.create(person=person, duty=one.duty, body=body, period=DateRange(since, None))
    _make_known(person, at)
    return person


def give(person: Person, duty: str, body: Body, *, maker: Proof, voter: Proof, since: date = FIRST_DAY) -> None:
    """A duty that two give, as they give it: one asks, the other decides."""
    asked = requests.propose_duty(
        person=person,
        duty=duty,
        body=body,
        start=since,
        reason="演示数据",
        by=maker.person,
        at=maker.at,
        proof=maker,
    )
    opened = deciding.rounds_of(asked).get()
    rounds.vote(
        round=opened,
        choice="approve",
        hash_seen=opened.subject_hash,
        by=voter.person,
        at=voter.at,
        proof=voter,
    )


def set_up_factor(person: Person, at: datetime) -> Proof:
    """Somebody whom the sign-in page does not name sets up his second factor, and shows it by that."""
    code = totp.code_at(secret_of(person), totp.step_of(at))
    return factors.first_proof(factors.set_up(person=person, secret=secret_of(person), code=code, at=at), at)


def _person(username: str, name: str) -> Person:
    return Person.objects.create_person(username=username, full_name=name, password=None)


def _make_known(person: Person, at: datetime) -> None:
    """A password, and where the duty needs one a second factor, that everybody may know."""
    password = f"{person.username}-2010"
    person.password = _cheaply_hashed(password)
    person.save(update_fields=["password"])
    vars(person).pop("_duties_today", None)  # asked before the duty was given
    secret = ""
    if access.needs_second_factor(person):
        secret = totp.written(secret_of(person))
        code = totp.code_at(secret_of(person), totp.step_of(at))
        factors.set_up(person=person, secret=secret_of(person), code=code, at=at)
    DemoSignIn.objects.create(person=person, password=password, totp_secret=secret)


def _cheaply_hashed(password: str) -> str:
    """What everybody may know is worth no second of work; whoever signs in with it has it hashed as all others."""
    hasher = copy(get_hasher())
    vars(hasher).update(time_cost=1, memory_cost=8, parallelism=1)  # the least that Argon2 does
    return hasher.encode(password, hasher.salt())
