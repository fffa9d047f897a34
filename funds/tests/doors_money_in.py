"""The doors of money in, and who may open each."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from conftest import NOON
from enrollment.models import SubsidyClaim
from enrollment.tests import factories as register
from funds.models import Slip, SubsidyLetter
from funds.services import noting, subsidy_letters
from funds.services.noting import SlipOf
from funds.tests.doors_books import ACCOUNTANT, WATCHERS, book
from funds.tests.slips import TODAY
from office.models import Duty, Job
from office.rules import days
from office.tests.factories import tess

HEAD = frozenset({Duty.ACCOUNTING_HEAD})

DOORS: dict[str, frozenset[str]] = {
    "funds:slips": WATCHERS,
    "funds:slip": WATCHERS,
    "funds:slip_print": WATCHERS,
    "funds:slip_check": HEAD,
    "funds:slip_withdraw": ACCOUNTANT | HEAD,
    "funds:slip_ask_back": ACCOUNTANT,
    "funds:slip_take_back": HEAD,
    "funds:slip_leave": ACCOUNTANT | HEAD,
    "funds:slip_seen": ACCOUNTANT,
    "funds:ahead": WATCHERS,
    "funds:ahead_turn": ACCOUNTANT,
    "funds:slip_note": ACCOUNTANT,
    "funds:slip_deposit": ACCOUNTANT,
    "funds:slip_give_back": ACCOUNTANT,
    "funds:owed": WATCHERS,
    "funds:subsidy_letters": WATCHERS,
    "funds:subsidy_letter_print": WATCHERS,
    "funds:subsidy_letter_write": ACCOUNTANT,
}
POST_ONLY = {"funds:slip_check", "funds:slip_take_back", "funds:slip_leave"}


def slip() -> Slip:
    """Interest that nobody has checked."""
    of = book()
    number = str(Slip.objects.count())
    told = SlipOf(of, "interest", number, TODAY, "special_account", Decimal(1))
    return noting.note(book=of, told=told, by=tess(), at=NOON)


def year() -> int:
    """A confirmed year of the books."""
    of = book().scheme
    return (register.FundYear.objects.confirmed().filter(scheme=of).first() or register.fund_year(of)).pk


def letter() -> SubsidyLetter:
    """Assistance was asked for."""
    known = SubsidyLetter.objects.first()
    if known is not None:
        return known
    of = register.FundYear.objects.get(pk=year())
    if not SubsidyClaim.objects.filter(fund_year=of, payer="assistance").exists():
        register.subsidy_claim(of)
    return subsidy_letters.write(
        book=book(), fund_year=of, payer="assistance", number="1", pay_by=TODAY + days.ONE_DAY * 9, by=tess(), at=NOON
    )


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""
    of_slip = [name for name in DOORS if name.startswith("funds:slip_") or name == "funds:slip"]
    of_book = ("funds:slip_deposit", "funds:slip_give_back")
    return {
        **{name: lambda duty: [slip().pk] for name in of_slip},
        **{name: lambda duty: [book().code] for name in of_book},
        "funds:slip_note": lambda duty: [book().code, "interest"],
        "funds:ahead_turn": lambda duty: [book().code, year()],
        "funds:subsidy_letter_print": lambda duty: [letter().pk],
        "funds:subsidy_letter_write": lambda duty: [book().code, year(), "assistance"],
    }
