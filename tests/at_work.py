"""An office whose people work at claims in browsers of their own, and what each part of their way took."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import Page, expect

from claims.models import Claim, Disease, Provider
from claims.rules import shipped
from claims.selectors.intake_content import Line
from claims.services import checking, intake, limits, verification
from claims.services.limits import LimitOf
from claims.services.verification import Question
from claims.tests import basics, taking_in
from claims.tests import factories as plans
from claims.tests.deciding import decide, now
from conftest import NOON
from enrollment.models import Member, Scheme
from enrollment.tests import factories as register
from enrollment.tests.keeping import station
from office.models import Duty, Person
from office.rules import days
from office.tests.factories import shown_by
from tests.at_screens import sign_in
from tests.keyboard import Keys

#: Who works here, by username: name, duty.
PEOPLE: dict[str, tuple[str, Duty]] = {
    "station": ("田桂花", Duty.INTAKE_CLERK),
    "intake": ("杨秀英", Duty.INTAKE_CLERK),
    "first": ("李国栋", Duty.FIRST_CHECKER),
    "second": ("王玉梅", Duty.SECOND_CHECKER),
    "head": ("马建国", Duty.OFFICE_HEAD),
    "secretary": ("何静", Duty.COMMITTEE_SECRETARY),
    "chair": ("张志远", Duty.COMMITTEE_CHAIR),
    "su": ("苏海燕", Duty.COMMITTEE_MEMBER),
    "tian": ("田文", Duty.COMMITTEE_MEMBER),
    "luo": ("罗成", Duty.COMMITTEE_MEMBER),
    "bai": ("白雪", Duty.COMMITTEE_MEMBER),
}
#: Scheme, step, what it looks at, from which amount.
LIMITS = (
    ("ncms", "verification", "total_cost", 10_000),
    ("ncms", "head", "proposed_payment", 5_000),
    ("employees", "verification", "total_cost", 30_000),
    ("employees", "head", "proposed_payment", 10_000),
    ("employees", "committee", "proposed_payment", 30_000),
)


@dataclass
class Part:
    """A part of the way: what it took of whom."""

    keys: Keys
    name: str
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


@dataclass
class Worker:
    """Somebody before his own screen, without a mouse."""

    person: Person
    page: Page

    @contextmanager
    def part(self, name: str, *, keys: int, seconds: int) -> Iterator[Keys]:
        """What is done within it takes no more than so many keys and seconds, and no click."""
        part = Part(Keys(self.page), name)
        yield part.keys
        took = part.seconds
        print(f"{name}: {part.keys.count} keys, 0 clicks, {took:.1f} s")
        assert part.keys.count <= keys, name
        assert took <= seconds, name

    def home(self, keys: Keys) -> None:
        """Home, where what waits longest has a key."""
        self.page.goto("/") if self.page.url == "about:blank" else keys.press("Alt+h")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(self.person.full_name)

    def longest(self, keys: Keys) -> None:
        """From home to what waits longest."""
        self.home(keys)
        keys.press("Alt+j")
        expect(self.page.get_by_role("heading", level=1)).not_to_contain_text(self.person.full_name)

    def shows(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)

    def is_at(self, claim: Claim) -> None:
        expect(self.page).to_have_url(re.compile(f"/claims/{claim.pk}/$"))

    def looked_at(self, name: str, *, whole: bool = True) -> None:
        """A picture for the eyes, where somebody asks for one: of the whole page, or of what a screen shows of it."""
        if folder := os.environ.get("PICTURES"):
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=whole)


@dataclass
class Office:
    """A county with a station, two schemes with the plans of the county's report, limits, hospitals, patients."""

    people: dict[str, Person]
    screens: Callable[[], Page]
    schemes: dict[str, Scheme]
    workers: dict[str, Worker] = field(default_factory=dict)

    @classmethod
    def of(cls, appoint: Callable[..., Person], screens: Callable[[], Page]) -> Office:
        bodies = {"station": station()}
        people = {
            username: appoint(username, duty, full_name=name, body=bodies.get(username))
            for username, (name, duty) in PEOPLE.items()
        }
        employees = register.scheme("employees", insures="person", account="personal", contribution="wages")
        office = cls(people, screens, {"ncms": register.scheme(account="household"), "employees": employees})
        office._lay_down()
        return office

    def _lay_down(self) -> None:
        """Plans of the report, limits by two people, hospitals under agreement, illnesses."""
        for code, text in (("ncms", "haiyuan-ncms-2010"), ("employees", "haiyuan-uebmi-2010")):
            plans.adopted(shipped.text(text), self.schemes[code])
            register.fund_year(self.schemes[code])
        for code, step, basis, amount in LIMITS:
            stated = LimitOf(self.schemes[code], step, basis, Decimal(amount), date(2010, 1, 1), None, "1号")
            decide(limits.propose(stated=stated, by=self.people["intake"], at=NOON), self.people["head"])
        county = basics.provider("H1", "海原县人民医院")
        province = basics.provider("H3", "宁夏医科大学总医院", level="province", tier=3, region="outside")
        for scheme in self.schemes.values():
            basics.agreement(county, scheme)
            basics.agreement(province, scheme)
        basics.disease("J18.9", "肺炎")
        basics.disease("J44.9", "慢性阻塞性肺病")
        basics.disease("I63.9", "脑梗死")

    def patient(self, number: str, name: str, scheme: str = "ncms") -> Member:
        """Somebody insured in a scheme in 2010, in a household of his own."""
        who = register.member(register.household(number), name)
        year = register.FundYear.objects.get(scheme=self.schemes[scheme])
        register.brought_along(who, year)
        return who

    def at(self, username: str) -> Worker:
        """Somebody signed in before his own screen."""
        if username not in self.workers:
            worker = Worker(self.people[username], self.screens())
            sign_in(worker.page, worker.person)
            self.workers[username] = worker
        return self.workers[username]

    def entered(self, who: Member, number: str, cost: int, at: datetime | None = None) -> Claim:
        """A stay in the county hospital that intake took in and handed on, now or on an earlier day."""
        at = at or timezone.now()
        content = replace(
            taking_in.content(who, provider=Provider.objects.get(code="H1"), invoices=[taking_in.bill(number, cost)]),
            disease=Disease.objects.get(code="J18.9"),
            lines=[Line("西药", "A", "drug", Decimal(cost))],
        )
        claim = intake.enter_claim(content=content, by=self.people["intake"], at=at)
        intake.hand_on(claim=claim, seen=1, by=self.people["intake"], at=at)
        return now(claim)

    def written_to(self, claim: Claim, at: datetime) -> None:
        """The first checker agreed and wrote to the hospital, which had ten days to answer."""
        first = self.people["first"]
        opened = checking.round_of(claim)
        checking.check(
            claim=claim,
            choice="approve",
            hash_seen=opened.subject_hash,
            by=first,
            at=at,
            proof=shown_by(first, at),
        )
        on = days.business_day(at)
        letter = Question("letter", "医务科", letter_number="海合管函7号", deadline_on=on + timedelta(days=10))
        verification.ask(claim=now(claim), question=letter, on=on, by=first, at=at)
