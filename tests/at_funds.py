"""Whoever works at the money of the funds, before his own screen and without a mouse: the steps that journeys share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import FilePayload, Locator, expect

from conftest import unused_code
from funds.models import Payment, PaymentBatch, Slip
from funds.rules import bank_files
from funds.rules.bank_files import AnswerOf
from office import deciding
from office.models import Person
from office.rules import totp
from office.rules.money import shown
from office.services import factors
from tests.at_screens import assert_accessible, sign_in
from tests.at_work import Worker
from tests.keyboard import Keys


@dataclass
class Teller(Worker):
    """Somebody of the accounting, whose keys are counted."""

    keys: Keys = field(init=False)

    def __post_init__(self) -> None:
        self.keys = Keys(self.page)

    def opens(self, name: str, *args: Any) -> None:
        """A page by its address."""
        self.page.goto(reverse(name, args=args))

    def press(self, key: str) -> None:
        """A key that leads on; the page after it is there."""
        with self.page.expect_navigation():
            self.keys.press(key)

    def fits(self, name: str) -> None:
        """Without sideways scrolling, for everybody, and for the eyes."""
        page = self.page
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        assert_accessible(page)
        page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'light')")
        self.looked_at(name)

    def types(self, **fields: str) -> None:
        """Into fields by their names, in the order in which they stand."""
        for name, text in fields.items():
            self.keys.tab_to(self.page.locator(f"#id_{name}"))
            self.keys.press("Control+a")
            self.keys.type(text)

    def ticks(self, wanted: Locator) -> None:
        """What is reached by the tabulator, by the space bar."""
        self.keys.tab_to(wanted)
        self.keys.press("Space")
        expect(wanted).to_be_checked()

    def chooses(self, name: str, value: str) -> None:
        """One of a list, by the arrow down."""
        wanted = self.page.locator(f"#id_{name}")
        self.keys.tab_to(wanted)
        for _step in range(wanted.locator("option").count()):
            if wanted.input_value() == value:
                return
            self.keys.press("ArrowDown")
        assert wanted.input_value() == value


@contextmanager
def together(name: str, *workers: Teller, keys: int) -> Iterator[None]:
    """What some do one after the other takes no more than so many keys of all of them, and no click."""
    before, began = sum(one.keys.count for one in workers), time.monotonic()
    yield
    took = sum(one.keys.count for one in workers) - before
    print(f"{name}: {took} keys, 0 clicks, {time.monotonic() - began:.1f} s")
    assert took <= keys, name


def at(screens, person: Person) -> Teller:
    """Signed in with password and factor."""
    worker = Teller(person, screens())
    sign_in(worker.page, person)
    return worker


def waited_for(person: Person) -> str:
    """A code that was not used yet and is good now: whoever has used two within half a minute waits for the next."""
    while factors.live(person).last_step > totp.step_of(timezone.now()):
        time.sleep(0.5)
    return unused_code(person)


def vote(worker: Teller, subject: Any, name: str = "") -> None:
    """Read what is decided, and agree; where a code of its own is asked for, it carries hash and sum."""
    page = worker.page
    opened = deciding.rounds_of(subject).get(state="open")
    page.goto(deciding.page_of(opened))
    if opened.amount is not None:
        worker.shows(shown(opened.amount))
    if name:
        worker.fits(name)
    worker.ticks(page.get_by_label("同意", exact=True))
    if opened.own_code:
        worker.types(code=waited_for(worker.person))
    worker.press("F2")
    worker.shows("审批意见已提交")


def noted(worker: Teller, number: str, amount: str, name: str = "") -> Slip:
    """The number and the sum of a paper, and it waits to be checked."""
    worker.types(number=number, amount=amount)
    if name:
        worker.fits(name)
    worker.press("F2")
    worker.shows("由另一人与原始凭单核对后记账")
    return Slip.objects.latest("pk")


def checked(worker: Teller, slip: Slip, name: str = "") -> None:
    """Somebody else compares it with its paper."""
    worker.opens("funds:slip", slip.pk)
    if name:
        worker.fits(name)
    worker.press("Alt+a")
    worker.shows("已记账")


def batch_of(worker: Teller, words: str) -> PaymentBatch:
    """From the list to a batch that waits to be asked for."""
    worker.opens("funds:batches")
    worker.press("Alt+n")
    worker.types(words=words)
    worker.press("F2")
    made = PaymentBatch.objects.latest("pk")
    worker.shows(made.number)
    return made


def carried(worker: Teller, batch: PaymentBatch) -> list[Payment]:
    """The cashier makes the file, fetches it, carries it to the bank and notes that."""
    page = worker.page
    worker.opens("funds:batch", batch.pk)
    worker.press("F2")
    worker.press("F2")
    expect(page.get_by_role("link", name="银行文件")).to_be_visible()
    assert page.request.get(reverse("funds:batch_file", args=[batch.pk])).body().startswith(b"\xef\xbb\xbf")
    worker.press("F4")
    worker.shows("在银行")
    return list(batch.payments.order_by("line"))


def handed(worker: Teller, name: str, content: bytes) -> None:
    """A file of the bank, on the page that takes such files in."""
    file = FilePayload(name=name, mimeType="text/csv", buffer=content)
    worker.page.locator("input[type=file]").set_input_files(file)
    worker.press("F2")


def answered(worker: Teller, *told: AnswerOf) -> None:
    """The bank's answer, as a file."""
    worker.opens("funds:bank_answers")
    worker.press("Alt+n")
    handed(worker, "回单.csv", bank_files.write_answers(told))
    worker.shows("回单.csv")
