"""A newcomer's ten minutes: the demo county, signed in as each duty with what the sign-in page shows; everybody finds
work and opens it by one key, and does his main piece of work by keyboard, each key counted (tests/journeys.py);
by a paper of money the books move, and the auditor reads who checked it.

With PICTURES=docs/pictures the pictures of docs/clerks are made anew, and the table of what a piece of work takes.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from demo import county, signins
from funds.models import Balance, Slip
from office.models import Duty, Person
from office.rules import totp
from office.services import factors
from office.signin import ShownSignIn
from tests import journeys
from tests.at_work import Worker
from tests.journeys import JOURNEYS, Taken

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Who has nothing to do as long as nothing is wrong.
CALM = {Duty.SECURITY_AUDITOR}


def first_of(duty: str) -> ShownSignIn:
    return next(one for one in signins.shown() if one.duty_code == duty)


def signed_in(page: Page, shown: ShownSignIn) -> Worker:
    """With the name, the password and, where there is one, the secret that the sign-in page shows."""
    person = Person.objects.get(username=shown.username)
    page.goto("/sign-in/")
    page.get_by_label("用户名").fill(shown.username)
    page.get_by_label("密码").fill(shown.password)
    page.keyboard.press("Enter")
    if shown.totp_secret:
        expect(page.get_by_label("动态验证码")).to_be_focused()
        factor = factors.live(person)
        assert factor is not None
        step = max(totp.step_of(timezone.now()), factor.last_step + 1)
        page.keyboard.type(totp.code_at(totp.read(shown.totp_secret), step))
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(person.full_name)
    return Worker(person, page)


def balance_of(slip: Slip) -> Decimal:
    """What stands on the account that a slip is about, all months together."""
    found = Balance.objects.filter(account__book=slip.book, account__purpose=slip.account)
    return sum((one.debit - one.credit for one in found), Decimal(0))


def finds_work(worker: Worker, duty: str) -> None:
    """Home, a picture of it, and what waits longest by one key."""
    page = worker.page
    page.set_viewport_size({"width": 1366, "height": 768})
    worker.looked_at(f"home-{duty}", whole=False)
    if duty not in CALM:
        home = page.url
        page.keyboard.press("Alt+j")
        expect(page).not_to_have_url(home)
        expect(page.get_by_role("heading", level=1)).not_to_have_text("500")


def test_everybody_finds_and_does_his_work_the_books_move_and_the_trail_tells_who(page: Page) -> None:
    assert county.load(timezone.now())
    assert set(JOURNEYS) == set(Duty) - CALM
    taken, slip = [], None
    for duty in (*JOURNEYS, *CALM):
        page.context.clear_cookies()  # one screen, whoever sits down before it
        worker = signed_in(page, first_of(duty))
        finds_work(worker, duty)
        if duty == Duty.ACCOUNTING_HEAD:
            made, slip = the_books_move(worker)
            taken.append(made)
        elif duty in JOURNEYS:
            taken.append(journeys.walked(worker, duty))
        if duty == Duty.STATE_AUDITOR:
            assert slip is not None
            the_trail_tells_who(worker, slip)
    journeys.write(taken)


def the_books_move(head: Worker) -> tuple[Taken, Slip]:
    """The head of accounting compares a slip with its paper: its sum stands in the books at once."""
    waiting = Slip.objects.filter(state="noted").exclude(noted_by=head.person)
    before = {slip: balance_of(slip) for slip in waiting}
    taken = journeys.walked(head, Duty.ACCOUNTING_HEAD)
    [slip] = [slip for slip in before if not waiting.filter(pk=slip.pk).exists()]
    assert balance_of(slip) - before[slip] == slip.amount
    return taken, slip


def the_trail_tells_who(auditor: Worker, slip: Slip) -> None:
    """The auditor reads in the story of the slip who checked it."""
    head = Person.objects.get(username=first_of(Duty.ACCOUNTING_HEAD).username)
    auditor.page.goto(reverse("audit:story", args=["funds.slip", slip.pk]))
    auditor.shows(head.full_name)
