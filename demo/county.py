"""Makes the demo county out of nothing: fictitious people in the bodies of a county office, and work waiting for them.

Each app's room adds its own part here; the order is the order in which an office would come to life.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from demo.models import DemoSignIn
from office import access, history, sheets
from office.models import Appointment, Body, Duty, Person
from office.rules import totp
from office.services import calendar, factors, printers

FIRST_DAY = date(2009, 1, 1)
CALENDAR_YEARS = range(2009, 2028)

#: Fictitious bodies, named after the county whose published totals the demo will carry.
BODIES = {
    "640522": ("海原县合管中心（演示）", Body.Kind.COUNTY_CENTRE),
    "640522-haicheng": ("海城镇合作医疗站（演示）", Body.Kind.TOWNSHIP_STATION),
    "640522-hospital": ("海原县人民医院合医办（演示）", Body.Kind.HOSPITAL),
    "640522-clinic": ("海城镇武塬村卫生室（演示）", Body.Kind.CLINIC),
    "640522-finance": ("海原县财政局社保股（演示）", Body.Kind.FINANCE_BUREAU),
    "640522-audit": ("海原县审计局（演示）", Body.Kind.AUDIT_BUREAU),
}

#: Sign-in name, fictitious name, duty, body.
PEOPLE = (
    ("township", "马小兰（演示）", Duty.TOWNSHIP_CLERK, "640522-haicheng"),
    ("hospital", "田文秀（演示）", Duty.HOSPITAL_DESK, "640522-hospital"),
    ("village", "罗成山（演示）", Duty.VILLAGE_DOCTOR, "640522-clinic"),
    ("intake", "杨秀英（演示）", Duty.INTAKE_CLERK, "640522"),
    ("first", "李国栋（演示）", Duty.FIRST_CHECKER, "640522"),
    ("second", "王玉梅（演示）", Duty.SECOND_CHECKER, "640522"),
    ("head", "马建国（演示）", Duty.OFFICE_HEAD, "640522"),
    ("member", "苏海燕（演示）", Duty.COMMITTEE_MEMBER, "640522"),
    ("chair", "张志远（演示）", Duty.COMMITTEE_CHAIR, "640522"),
    ("secretary", "何静（演示）", Duty.COMMITTEE_SECRETARY, "640522"),
    ("accountant", "冯丽萍（演示）", Duty.FUND_ACCOUNTANT, "640522"),
    ("accounting", "赵明德（演示）", Duty.ACCOUNTING_HEAD, "640522"),
    ("cashier", "白雪（演示）", Duty.CASHIER, "640522"),
    ("finance", "孙立新（演示）", Duty.FINANCE_REVIEWER, "640522-finance"),
    ("inspector", "郭正（演示）", Duty.INTERNAL_AUDITOR, "640522"),
    ("auditor", "周清（演示）", Duty.STATE_AUDITOR, "640522-audit"),
    ("system", "陈工（演示）", Duty.SYSTEM_ADMINISTRATOR, "640522"),
    ("security", "安全员林（演示）", Duty.SECURITY_ADMINISTRATOR, "640522"),
    ("secaudit", "审计员高（演示）", Duty.SECURITY_AUDITOR, "640522"),
)


@transaction.atomic
def load(at: datetime) -> bool:
    """Make the demo county in an empty database. False if somebody works in it already."""
    if Person.objects.exists():
        return False
    bodies = {code: Body.objects.create(code=code, name=name, kind=kind) for code, (name, kind) in BODIES.items()}
    people = {row[0]: _person(bodies, at, *row) for row in PEOPLE}
    with history.acting(by=people["system"]):
        _office(bodies, people, at)
    return True


def _person(bodies: dict[str, Body], at: datetime, username: str, full_name: str, duty: Duty, body: str) -> Person:
    password = f"{username}-2010"
    person = Person.objects.create_person(username=username, full_name=full_name, password=password)
    Appointment.objects.create(person=person, duty=duty, body=bodies[body], period=DateRange(FIRST_DAY, None))
    secret = _second_factor(person, at) if access.needs_second_factor(person) else ""
    DemoSignIn.objects.create(person=person, password=password, totp_secret=secret)
    return person


def _second_factor(person: Person, at: datetime) -> str:
    """A second factor whose secret everybody may know; its first code lies back, so that today's are unused."""
    secret = hashlib.sha256(f"demo {person.username}".encode()).digest()[: totp.SECRET_BYTES]
    earlier = at - timedelta(hours=1)
    factors.set_up(person=person, secret=secret, code=totp.code_at(secret, totp.step_of(earlier)), at=earlier)
    return totp.written(secret)


def _office(bodies: dict[str, Body], people: dict[str, Person], at: datetime) -> None:
    """The office's own room: the working-day table, printers, and a holiday notice that was sent with a faulty row."""
    for year in CALENDAR_YEARS:
        calendar.fill_year(year=year, by=people["system"], at=at)
    printers.add_printer(body=bodies["640522"], name="收费窗口针式打印机", by=people["system"], at=at)
    printers.add_printer(body=bodies["640522-haicheng"], name="海城站针式打印机", by=people["system"], at=at)
    calendar.ask_for_notice(year=2027, upload=_faulty_notice(), by=people["system"], at=at)


def _faulty_notice() -> SimpleUploadedFile:
    """A notice as somebody might type it in a hurry: one impossible date, one unclear word."""
    rows = [
        ("2027-01-01", "否", "元旦"),
        ("2027-02-30", "否", "春节"),
        ("2027-02-20", "也许", "春节调休"),
    ]
    return SimpleUploadedFile("2027节假日.xlsx", sheets.workbook(["日期", "上班", "说明"], rows))
