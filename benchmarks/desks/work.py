"""What people of each duty do all day, one piece of work after the other, as their pages lead them.

What a page says was done is promised: the act and the row must be there in the evening. What the office refuses in a
sentence is noted as told.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from typing import Final

from django.db import models
from django.urls import reverse
from django.utils import timezone

from audit.models import LeadNote
from benchmarks.desks import forms
from benchmarks.desks.browsing import Browser, NoPage, Page
from benchmarks.desks.noted import TOLD, Noted, Promise
from benchmarks.desks.people import DRUGS, HOSPITAL, ILLNESS, PRICES, QUANTITIES, Desk, total
from claims.models import Claim, ClaimsRound, ClaimsVote
from enrollment.models import Member, SheetEntry
from office.models import Duty
from office.rules import days

HANDED_ON: Final = "初审中"
CHECKS: Final = "claims.checks"
MOST_LOOKED_AT: Final = 12  # lines of a worklist of which somebody takes one


class Evening(Exception):
    """The day at the desks is over."""


@dataclass
class Clerk:
    """Somebody at work: his desk, his browser, and how long he thinks between two pages."""

    desk: Desk
    browser: Browser
    noted: Noted
    evening: threading.Event
    thinks: tuple[float, float]
    chance: random.Random
    pieces: int = 0  # of work after which his day is over; 0 where it ends in the evening
    count: int = 0
    works: Iterator[Callable[[Clerk], None]] = field(init=False)

    def __post_init__(self) -> None:
        self.works = cycle(WORK[self.desk.duty])

    @property
    def name(self) -> str:
        return self.desk.person.username

    def sign_in(self) -> None:
        """Name, password, code."""
        page = self.browser.get(reverse("office:sign_in"))
        form = page.form(reverse("office:sign_in"))
        page = self.browser.send(form, username=self.name, password=self.desk.password)
        if page.path == reverse("office:sign_in_code"):
            page = self.browser.send(page.form(page.path), code=self.desk.code(timezone.now()))
        if page.path != reverse("office:home"):
            raise NoPage(f"{self.name} did not come in: {page.path}")

    def day(self) -> None:
        """One piece of work after the other until the evening, or until so many are done."""
        done = 0
        try:
            self.think()  # not all begin at the same moment
            while not self.pieces or done < self.pieces:
                self._one_piece()
                done += 1
        except Evening:
            return

    def _one_piece(self) -> None:
        try:
            next(self.works)(self)
        except NoPage as fault:
            if not fault.is_noted:
                self.noted.broken.append(f"{self.name}: {fault}")
            self.think()

    def think(self) -> None:
        if self.evening.wait(self.chance.uniform(*self.thinks)):
            raise Evening

    def opens(self, name: str, *arguments: object, asked: str = "") -> Page:
        """A page, looked at for as long as he thinks."""
        page = self.browser.get(reverse(name, args=arguments) + asked)
        self.think()
        return page

    def is_told(self, page: Page, at: str) -> bool:
        """Whether a form was refused: its page is back, or the page of a conflict came."""
        refused = page.status in TOLD or page.path == at
        if refused:
            self.noted.told.append(f"{self.name}: {at}")
        return refused

    def promise(
        self,
        act: str,
        subject: object = "",
        *,
        of: type[models.Model],
        facts: dict[str, object] | None = None,
        **row: object,
    ) -> None:
        told = tuple((facts or {}).items())
        self.noted.promises.append(Promise(act, self.name, str(subject), told, of, tuple(row.items())))


# At the township's station


def find_somebody(clerk: Clerk, typed: str) -> None:
    page = clerk.opens("enrollment:search")
    clerk.browser.send(page.form(reverse("enrollment:search")), q=typed)
    clerk.think()


def collect(clerk: Clerk) -> None:
    """A household pays at the counter: it is found, paid for, and its receipt is written."""
    if not clerk.desk.homes:
        clerk.opens("enrollment:campaign")
        return
    home, head = clerk.desk.homes.pop()
    find_somebody(clerk, head)
    clerk.opens("enrollment:household", home)
    address = reverse("enrollment:household_pay", args=[home])
    page = clerk.opens("enrollment:household_pay", home)
    done = clerk.browser.send(page.form(address))
    if clerk.is_told(done, address) and done.has_post(address):
        clerk.think()  # a colleague used this number of the book meanwhile: he leaves it empty
        done = clerk.browser.send(done.form(address), receipt="")
    if done.path != address:
        clerk.promise(
            "sheet.entered",
            of=SheetEntry,
            facts={"household": f"enrollment.household:{home}"},
            household=home,
            noted_by__username=clerk.name,
        )
    clerk.think()


def add_somebody(clerk: Clerk) -> None:
    """A child is born into a household."""
    if not clerk.desk.families:
        clerk.opens("enrollment:members")
        return
    home = clerk.desk.families.pop()
    clerk.opens("enrollment:household", home)
    address = reverse("enrollment:member_add", args=[home])
    page = clerk.opens("enrollment:member_add", home)
    born = (days.business_day(timezone.now()) - timedelta(days=clerk.chance.randrange(5, 60))).isoformat()
    clerk.count += 1
    done = clerk.browser.send(
        page.form(address),
        name=f"马宝{clerk.count}",
        birth_date=born,
        sex="F",
        relation="child",
        category="ordinary",
        joined="born",
        on=born,
    )
    if not clerk.is_told(done, address):
        number = _number(done)
        clerk.promise("member.added", number, of=Member, pk=number, household=home)
    clerk.think()


def look_over_households(clerk: Clerk) -> None:
    clerk.opens("office:home")
    clerk.opens("enrollment:households")
    clerk.opens("enrollment:sheets")


# Intake


def take_in(clerk: Clerk) -> None:
    """A stay of six lines: the patient is found, the benefit shows itself beside the form, it is handed on."""
    if not clerk.desk.patients:
        clerk.opens("claims:claims")
        return
    who, name = clerk.desk.patients.pop()
    address = reverse("claims:claim_new")
    page = clerk.opens("claims:claim_new")
    form = page.form(address)
    clerk.browser.part(form, reverse("claims:claim_pick", args=["member"]), member_text=name)
    clerk.think()
    clerk.count += 1
    typed = _stay(clerk, who, name)
    answer = clerk.browser.part(form, reverse("claims:claim_preview"), **typed)
    clerk.think()
    typed["papers"] = forms.ticks(answer.text, "papers")
    clerk.browser.part(form, reverse("claims:claim_preview"), **typed)
    clerk.think()
    done = clerk.browser.send(form, **typed, hand_on="yes")
    if not clerk.is_told(done, address):
        number = _number(done)
        clerk.promise("claim.entered", number, of=Claim, pk=number, member=who)
        if HANDED_ON in done.text:
            clerk.promise("claim.handed-on", number, of=ClaimsRound, subject_id=number, step="first_check")
        else:
            clerk.noted.told.append(f"{clerk.name}: claim {number} is not handed on")
    clerk.think()


def _stay(clerk: Clerk, who: int, name: str) -> dict[str, str | list[str]]:
    """Five days in the county's hospital, typed line by line."""
    left = days.business_day(timezone.now()) - timedelta(days=clerk.chance.randrange(3, 12))
    typed: dict[str, str | list[str]] = {
        "member": str(who),
        "member_text": name,
        "provider_text": HOSPITAL,
        "disease_text": ILLNESS,
        "kind": "inpatient",
        "admitted_on": (left - timedelta(days=5)).isoformat(),
        "discharged_on": left.isoformat(),
        "i0-type_code": "164000912",
        "i0-number": f"{clerk.name[-2:]}{clerk.count:06}",
        "i0-amount": str(total()),
        "lines": str(len(DRUGS)),
    }
    for place, (code, price, many) in enumerate(zip(DRUGS, PRICES, QUANTITIES, strict=True)):
        typed |= {f"l{place}-text": code, f"l{place}-quantity": str(many), f"l{place}-price": str(price)}
    return typed


def look_over_claims(clerk: Clerk) -> None:
    clerk.opens("office:home")
    clerk.opens("claims:claims")


# Checking


def check(clerk: Clerk) -> None:
    """A claim that waits is taken, read and agreed to; where all are taken, the one that waits longest."""
    work = clerk.opens("office:worklist", CHECKS)
    waiting = _free(work)
    if waiting:
        taken = clerk.chance.choice(waiting[:MOST_LOOKED_AT])
        clerk.browser.send(taken.form(reverse("office:take_work")))
        clerk.think()
        number = taken.path
        page = clerk.opens("claims:claim", number)
    else:
        page = clerk.opens("claims:check_next")
        number = _number(page)
    address = reverse("claims:claim_check", args=[number, "approve"]) if number else ""
    if not page.has_post(address):
        return  # nothing waits for him, or a colleague was faster
    done = clerk.browser.send(page.form(address))
    if not clerk.is_told(done, address):
        clerk.promise("claim.checked", number, of=ClaimsVote, round__subject_id=number, voter__username=clerk.name)
        clerk.promise("round.voted", number, of=Claim, pk=number)
    clerk.think()


def _free(work: Page) -> list[Page]:
    """Rows of a worklist that nobody has taken, each as a page of its own under the number of its claim."""
    rows = [(re.search(r'href="/claims/([0-9]+)/"', row), row) for row in work.text.split("<tr")]
    found = [Page(number.group(1), work.status, row) for number, row in rows if number]
    return [
        one
        for one in found
        if one.has_post(reverse("office:take_work")) and reverse("office:put_back_work") not in one.text
    ]


def _number(page: Page) -> str:
    """What a page is about, by the number in its address."""
    found = re.search(r"/([0-9]+)/$", page.path)
    return found.group(1) if found else ""


# Books, audit, head


def look_over_books(clerk: Clerk) -> None:
    clerk.opens("office:home")
    page = clerk.opens("funds:vouchers")
    _one_of(clerk, page, "funds:voucher")
    clerk.opens("funds:indicators")
    page = clerk.opens("funds:journal", "ncms", f"{days.business_day(timezone.now()):%Y-%m}")
    _one_of(clerk, page, "funds:posting")


def look_over_leads(clerk: Clerk) -> None:
    clerk.opens("office:home")
    page = clerk.opens("audit:leads")
    number = _one_of(clerk, page, "audit:lead")
    if number:
        clerk.opens("audit:story", "audit.lead", number)


def note_on_lead(clerk: Clerk) -> None:
    """The internal auditor writes down what he looked into."""
    page = clerk.opens("audit:leads")
    number = _one_of(clerk, page, "audit:lead")
    if not number:
        return
    address = reverse("audit:lead_note", args=[number])
    page = clerk.opens("audit:lead_note", number)
    clerk.count += 1
    words = f"电话核实第{clerk.count}次（{clerk.name}）"
    done = clerk.browser.send(page.form(address), words=words)
    if not clerk.is_told(done, address):
        clerk.promise("lead.noted", number, of=LeadNote, lead=number, words=words)
    clerk.think()


def look_over_county(clerk: Clerk) -> None:
    clerk.opens("office:home")
    clerk.opens("office:overview")
    clerk.opens("enrollment:participation")
    clerk.opens("funds:indicators")


def _one_of(clerk: Clerk, page: Page, name: str) -> str:
    """One of the things on a list is opened; its number, or nothing where the list is empty."""
    pattern = re.escape(reverse(name, args=[0])).replace("0", "([0-9]+)")
    numbers = sorted(set(re.findall(f'href="{pattern}"', page.text)))
    if not numbers:
        return ""
    number: str = clerk.chance.choice(numbers)
    clerk.opens(name, number)
    return number


#: What people of each duty do in turn.
WORK: Final[dict[str, tuple[Callable[[Clerk], None], ...]]] = {
    Duty.TOWNSHIP_CLERK: (collect, collect, add_somebody, collect, look_over_households),
    Duty.INTAKE_CLERK: (take_in, take_in, look_over_claims),
    Duty.FIRST_CHECKER: (check, check, check, look_over_claims),
    Duty.SECOND_CHECKER: (check, check, check, look_over_claims),
    Duty.FUND_ACCOUNTANT: (look_over_books,),
    Duty.INTERNAL_AUDITOR: (look_over_leads, note_on_lead),
    Duty.STATE_AUDITOR: (look_over_leads,),
    Duty.OFFICE_HEAD: (look_over_county,),
}
