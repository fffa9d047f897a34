"""Makes the demo county out of nothing: fictitious people in the bodies of a county office, and work waiting for them.

Each app's room adds its own part here; the order is the order in which an office would come to life.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from demo import (
    audit_leads,
    audit_reports,
    audit_samples,
    audits,
    basics,
    before,
    benefits,
    checking,
    collecting,
    documents,
    door,
    enrolled,
    example,
    figures,
    funds_banks,
    funds_batches,
    funds_books,
    funds_figures,
    funds_last_year,
    funds_money_in,
    funds_payments,
    funds_settling,
    helped,
    in_advance,
    last_year,
    meeting,
    other_schemes,
    public,
    register,
    taking_in,
    waiting,
)
from demo.factors import show_factor
from enrollment.models import FundYear
from enrollment.services import fund_years
from office import history, sheets, worklists
from office.models import Body, Duty, OfficeRound, OneTimeCode, Person
from office.proof import Proof
from office.rules import days
from office.services import calendar, printers, requests, signing_in, work
from office.services.founding import NewPerson
from office.subjects import name_of

#: Keeps the register of the whole county.
REGISTRAR = NewPerson("registrar", "周秀兰（演示）", Duty.TOWNSHIP_CLERK, "640522")
#: Takes claims in at a township's station.
STATION = NewPerson("station", "田桂花（演示）", Duty.INTAKE_CLERK, "640522-haicheng")
CALENDAR_YEARS = range(2009, 2028)
CLAIMS_BEFORE = timedelta(minutes=11)


@transaction.atomic
def load(at: datetime) -> bool:
    """Make the demo county in an empty database. False if somebody works in it already."""
    if Person.objects.exists():
        return False
    shown: dict[tuple[str, int], Proof] = {}
    people = example.found(at, lambda people: shown.update(checking.show_earlier(people, at - CLAIMS_BEFORE)))
    _begin(people, at)
    with history.acting(by=people["accounting"]):
        basics.bring_in(people, at - timedelta(minutes=42))
    people["registrar"] = example.bring_in(REGISTRAR, at - timedelta(hours=1))
    with history.acting(by=people["registrar"]):
        year = enrolled.enroll(people, at - timedelta(minutes=40))
        before_it = last_year.begin(people, at - timedelta(minutes=39))
        waiting.leave(year, people, at - timedelta(minutes=30))
        collecting.settle(year, people, at - timedelta(minutes=25))
        collecting.collect(year, people, at - timedelta(minutes=20))
        helped.help_people(year, people, at - timedelta(minutes=15))
        before.leave(people, at - timedelta(minutes=12))
    with history.acting(by=people["intake"]):
        last_year.try_out(before_it, people, shown, at - CLAIMS_BEFORE)
    _claims(year, people, shown, at)
    _money(people, at)
    with history.acting(by=people["security"]):
        door.leave(people, at - timedelta(minutes=8))
    _audit(year, people, at)
    return True


def _begin(people: dict[str, Person], at: datetime) -> None:
    """The office's own room, the years to come and the plans."""
    with history.acting(by=people["system"]):
        _office(people, at)
        _decisions(people, at)
        _work(people, at)
        _next_year(people, at)
        benefits.adopt_plans(people, at - timedelta(minutes=43))
        benefits.adopt_this_year(people, at - timedelta(minutes=41))


def _money(people: dict[str, Person], at: datetime) -> None:
    """What is in the funds, and what leaves them."""
    with history.acting(by=people["accountant"]):
        funds_books.leave(people, at - timedelta(minutes=8, seconds=10))
        funds_last_year.enter(people, at - timedelta(minutes=7))
        funds_money_in.leave(people, at - timedelta(minutes=6, seconds=40))
        funds_payments.leave(people, at - timedelta(minutes=6, seconds=20))
        funds_settling.leave(people, at - timedelta(minutes=5, seconds=30))
        funds_batches.leave(people, at - timedelta(minutes=4, seconds=50))
        funds_banks.leave(people, at - timedelta(minutes=1, seconds=20))
        funds_figures.leave(people, at - timedelta(seconds=40))
        funds_last_year.leave(people, at - timedelta(seconds=30))


def _audit(year: FundYear, people: dict[str, Person], at: datetime) -> None:
    """What auditors have begun."""
    with history.acting(by=people["inspector"]):
        audits.leave(people, at - timedelta(minutes=1, seconds=55))
        audit_samples.leave(people, at - timedelta(seconds=20))
        audit_reports.leave(people, at - timedelta(seconds=20))
        audit_leads.leave(year, people, at - timedelta(seconds=10))


def _claims(year: FundYear, people: dict[str, Person], shown: Mapping[tuple[str, int], Proof], at: datetime) -> None:
    """Claims with intake, in every step, before the committee."""
    people["station"] = example.bring_in(STATION, at - timedelta(hours=1))
    with history.acting(by=people["intake"]):
        _decided(year, people, shown, at)
        taking_in.take_in(year, people, at - timedelta(minutes=10))
        documents.leave(year, people, at - timedelta(minutes=8))


def _decided(year: FundYear, people: dict[str, Person], shown: Mapping[tuple[str, int], Proof], at: datetime) -> None:
    """Claims on their way to a decision; then what of them is in public and on appeal."""
    checking.leave(year, people, shown, at - CLAIMS_BEFORE)
    meeting.leave(year, people, shown, at - CLAIMS_BEFORE)
    public.leave(year, people, shown, at - timedelta(minutes=9))
    figures.leave(year, people, shown, at - timedelta(minutes=8))
    in_advance.leave(year, people, shown, at - CLAIMS_BEFORE)


def _next_year(people: dict[str, Person], at: datetime) -> None:
    """The other schemes' years are open; the rural scheme's year after the one that is collected waits to be
    confirmed."""
    earlier = at - timedelta(minutes=45)
    other_schemes.open_years(other_schemes.years_until(at), people, earlier)
    today = days.business_day(at)
    paper = replace(
        register.NEXT_YEAR,
        year=today.year + 2,
        paper_number=f"海政发〔{today.year}〕12号（演示，全部为假设）",
        paper_date=today - timedelta(days=5),
    )
    drafted = register.draft(paper, by=people["accountant"], at=earlier)
    fund_years.propose(fund_year=drafted, by=people["accountant"], at=earlier)


def _office(people: dict[str, Person], at: datetime) -> None:
    """The office's own room: the working-day table, printers, and a holiday notice that was sent with a faulty row."""
    for year in CALENDAR_YEARS:
        calendar.fill_year(year=year, by=people["system"], at=at)
    bodies = Body.objects.in_bulk(field_name="code")
    printers.add_printer(body=bodies["640522"], name="收费窗口针式打印机", by=people["system"], at=at)
    printers.add_printer(body=bodies["640522-haicheng"], name="海城站针式打印机", by=people["system"], at=at)
    calendar.ask_for_notice(year=2027, upload=_faulty_notice(), by=people["system"], at=at)


def _decisions(people: dict[str, Person], at: datetime) -> None:
    """What waits to be decided: a duty for somebody new, a lost second factor; and a head who is ill for a week."""
    earlier = at - timedelta(minutes=50)
    today = days.business_day(at)
    asking = show_factor(people["security"], earlier)
    new = Person.objects.create_person(username="newcomer", full_name="丁晓梅（演示）", password=None)
    county = Body.objects.get(code="640522")
    requests.propose_duty(
        person=new,
        duty=Duty.FUND_ACCOUNTANT,
        body=county,
        start=today,
        reason="海合管字〔2010〕3号（演示）：新任会计",
        by=people["security"],
        at=earlier,
        proof=asking,
    )
    requests.propose_reset(
        person=people["cashier"],
        kind=OneTimeCode.Kind.FACTOR,
        reason="手机遗失，本人到场（演示）",
        by=people["security"],
        at=earlier,
        proof=asking,
    )
    requests.delegate(
        to=people["chair"],
        duty=Duty.OFFICE_HEAD,
        start=today,
        end=today + timedelta(days=6),
        reason="病假一周（演示）",
        by=people["head"],
        at=earlier,
        proof=show_factor(people["head"], earlier),
    )


def _work(people: dict[str, Person], at: datetime) -> None:
    """Somebody takes work and gives it on; an administrator leaves with work taken and something asked for."""
    earlier = at - timedelta(minutes=40)
    county = Body.objects.get(code="640522")
    maker, voter = (show_factor(people[name], earlier) for name in ("security", "security2"))
    left = Person.objects.create_person(username="former", full_name="丁守义（演示）", password=None)
    example.give(left, Duty.SECURITY_ADMINISTRATOR, county, maker=maker, voter=voter)
    duty, reset = (name_of(one) for one in OfficeRound.objects.open().order_by("pk"))
    work.take(worklist=worklists.ROUNDS, subject=duty, by=left, at=earlier)
    requests.propose_reset(
        person=Person.objects.get(username="newcomer"),
        kind=OneTimeCode.Kind.PASSWORD,
        reason="新到岗，首次登录（演示）",
        by=left,
        at=earlier,
        proof=example.set_up_factor(left, earlier),
    )
    work.take(worklist=worklists.ROUNDS, subject=reset, by=people["chair"], at=at)
    work.reassign(
        worklist=worklists.ROUNDS,
        subject=reset,
        seen=people["chair"],
        to=people["security2"],
        reason="主任委员今日下乡（演示）",
        by=people["head"],
        at=at,
    )
    signing_in.leave(
        person=left,
        on=days.business_day(earlier),  # in the first minutes of a day that is the day before
        by=people["system"],
        at=earlier,
        proof=show_factor(people["system"], earlier),
    )


def _faulty_notice() -> SimpleUploadedFile:
    """A notice as somebody might type it in a hurry: one impossible date, one unclear word."""
    rows = [
        ("2027-01-01", "否", "元旦"),
        ("2027-02-30", "否", "春节"),
        ("2027-02-20", "也许", "春节调休"),
    ]
    return SimpleUploadedFile("2027节假日.xlsx", sheets.workbook(["日期", "上班", "说明"], rows))
