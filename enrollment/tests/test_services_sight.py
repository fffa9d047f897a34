"""What somebody changes whom he does not see: refused by every service of the register, and written in the trail."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from enrollment import services
from enrollment.models import Household, HouseholdException, Member, Receipt, ReceiptBook
from enrollment.services import (
    coverage,
    files,
    households,
    keeping,
    members,
    merges,
    payee_accounts,
    readings,
    receipts,
    sheets,
)
from enrollment.services.sheets import Paid
from enrollment.tests import factories
from enrollment.tests.keeping import FAR_VILLAGE, NOON, PNG, TODAY, by, entry, family, station
from office.models import Act, Duty, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class Place:
    """Households of two townships; the clerk serves the near one alone."""

    def __init__(self) -> None:
        self.year = factories.fund_year()
        self.other_year = factories.fund_year(factories.scheme("residents", insures="person"))
        self.village = factories.division(FAR_VILLAGE)
        self.home, self.head, self.wife, self.son = family("far", self.village)
        self.near, self.near_head, *_others = family("near")
        self.empty = factories.household("empty", self.village)
        self.gone = factories.member(self.home, "马去", sex="M")
        Member.objects.filter(pk=self.gone.pk).update(state="moved_away", state_on=date(2009, 1, 1))
        self.baby = factories.member(self.home, "马宝", date(2010, 2, 1), category="newborn")
        self.covered = factories.pay(self.wife, self.year)
        self.exception = HouseholdException.objects.create(
            member=self.head, fund_year=self.year, reason="x", noted_by=factories.tess(), noted_at=NOON
        )
        self.photo = SimpleUploadedFile("a.png", PNG)
        self.sheet = factories.sheet(self.year, self.village)
        self.entry = self.sheet.entries.create(
            household=self.home, paid_on=TODAY, noted_by=factories.tess(), noted_at=NOON
        )
        self.entry.contributions.create(
            member=self.son, fund_year=self.year, own=20, paid_on=TODAY, noted_by=factories.tess(), noted_at=NOON
        )

    def book(self, *, in_use: bool = True) -> ReceiptBook:
        """Receipts of the far township."""
        return factories.receipt_book(self.village.parent, in_use=in_use)

    def receipt(self) -> Receipt:
        """The receipt of what was paid there."""
        given: dict[str, Any] = {"dated": TODAY, "written_by": factories.tess(), "written_at": NOON}
        return Receipt.objects.create(
            book=self.book(), serial=1, number="000001", entry=self.entry, amount=20, people=1, **given
        )


def again(receipt: Receipt) -> dict[str, Any]:
    return {"receipt": receipt, "book": receipt.book}


ON = {"on": TODAY}
ACTS: list[tuple[Callable[..., Any], str, Callable[[Place], dict[str, Any]]]] = [
    (households.add_household, "household.added", lambda at: {"village": at.village, "head": entry(), **ON}),
    (
        households.move_household,
        "household.moved",
        lambda at: {"household": at.home, "seen_version": 1, "village": at.near.village, "address": "x", **ON},
    ),
    (
        households.move_household,
        "household.moved",
        lambda at: {"household": at.near, "seen_version": 1, "village": at.village, "address": "x", **ON},
    ),
    (
        households.split_household,
        "household.split",
        lambda at: {"household": at.home, "members": [at.wife], "head": at.wife, "village": at.near.village, **ON},
    ),
    (households.change_head, "member.head-changed", lambda at: {"household": at.home, "head": at.wife}),
    (households.end_household, "household.ended", lambda at: {"household": at.empty, **ON}),
    (members.add_member, "member.added", lambda at: {"household": at.home, "entry": entry(), "joined": "born", **ON}),
    (
        members.correct_member,
        "member.corrected",
        lambda at: {"member": at.son, "seen_version": 1, "entry": entry(name="马一一")},
    ),
    (members.note_death, "member.died", lambda at: {"member": at.son, **ON}),
    (members.note_moved_away, "member.left", lambda at: {"member": at.son, "reason": "x", **ON}),
    (members.note_return, "member.returned", lambda at: {"member": at.gone, "relation": "son", "reason": "x", **ON}),
    (members.move_member, "member.moved", lambda at: {"member": at.son, "household": at.near, "relation": "son", **ON}),
    (
        members.move_member,
        "member.moved",
        lambda at: {
            "member": at.near_head,
            "household": at.home,
            "relation": "other",
            "new_head": at.near.members.exclude(pk=at.near_head.pk)[0],
            **ON,
        },
    ),
    (
        merges.propose_merge,
        "member.merge-proposed",
        lambda at: {"double": at.son, "kept": at.near_head, "reason": "x"},
    ),
    (
        merges.propose_merge,
        "member.merge-proposed",
        lambda at: {"double": at.near.members.last(), "kept": at.son, "reason": "x"},
    ),
    (
        payee_accounts.propose,
        "payee-account.proposed",
        lambda at: {"household": at.home, "holder": "x", "bank": "x", "number": "12345678", "reason": "x"},
    ),
    (files.keep_file, "attachment.kept", lambda at: {"subject": at.home, "upload": at.photo}),
    (files.keep_file, "attachment.kept", lambda at: {"subject": at.son, "upload": at.photo}),
    (readings.show_id_number, "id-number.shown", lambda at: {"member": at.head}),
    (
        sheets.enter,
        "sheet.entered",
        lambda at: {"sheet": at.sheet, "household": at.home, "paid": [Paid(at.head.pk)], **ON},
    ),
    (
        sheets.pay_at_counter,
        "sheet.entered",
        lambda at: {"household": at.home, "fund_year": at.year, "paid": [Paid(at.head.pk)], **ON},
    ),
    (sheets.take_back, "sheet.taken-back", lambda at: {"entry": at.entry, "reason": "x"}),
    (sheets.hand_in, "sheet.handed-in", lambda at: {"sheet": at.sheet, "cash": Decimal(20), **ON}),
    (
        sheets.cancel,
        "sheet.cancelled",
        lambda at: {"sheet": factories.sheet(at.year, at.village, "S2"), "reason": "x"},
    ),
    (sheets.write_receipt, "receipt.written", lambda at: {"entry": at.entry, "book": at.book()}),
    (receipts.receive, "receipt-book.received", lambda at: {"book": at.book(in_use=False)}),
    (receipts.spoil, "receipt.spoiled", lambda at: {"book": at.book(), "reason": "x"}),
    (receipts.reissue, "receipt.written", lambda at: {**again(at.receipt()), "reason": "x"}),
    (receipts.note_printed, "receipt.printed", lambda at: {"receipt": at.receipt()}),
    (coverage.cover_newborn, "coverage.begun", lambda at: {"member": at.baby, "fund_year": at.year}),
    (coverage.transfer, "coverage.begun", lambda at: {"member": at.wife, "to": at.other_year, **ON}),
    (coverage.leave_scheme, "coverage.ended", lambda at: {"coverage": at.covered, **ON}),
    (coverage.void, "coverage.voided", lambda at: {"coverage": at.covered, "reason": "x"}),
    (coverage.note_exception, "exception.noted", lambda at: {"member": at.son, "fund_year": at.year, "reason": "x"}),
    (coverage.end_exception, "exception.ended", lambda at: {"exception": at.exception}),
]  # fmt: skip
#: Inside another service's transaction and sight; a refund, of what has left its sheet (test_services_refunds.py);
#: acts of the county's office alone; reads; books of accounts, which whoever may decide a claim moves without seeing
#: the register.
ELSEWHERE = {
    "accounts.account_of", "accounts.give_back", "contributions.cover_together", "contributions.own_of",
    "coverage.end_all", "coverage.first_day_of", "identity.read", "keeping.head_after", "keeping.in_sight",
    "keeping.living", "keeping.lock", "keeping.lock_home", "keeping.lock_members", "keeping.name_head",
    "keeping.touch", "merges.rows", "receipts.close", "receipts.void", "receipts.write", "refunds.propose",
    "schemes.add_scheme",
}  # fmt: skip
ABOUT = {
    "member", "household", "coverage", "exception", "double", "subject", "sheet", "entry", "book", "receipt",
    "contribution",
}  # fmt: skip


@pytest.fixture
def at(county) -> Place:
    return Place()


@pytest.fixture
def clerk(appoint) -> Person:
    return appoint("lan", Duty.TOWNSHIP_CLERK, body=station())


def does(service: Callable[..., Any], given: dict[str, Any], person: Person) -> Any:
    return service(**given, **by(person))


@pytest.mark.parametrize(
    ("service", "act", "given"), ACTS, ids=[f"{number}-{one[0].__name__}" for number, one in enumerate(ACTS)]
)
class TestOutOfSight:
    def test_it_is_refused_and_written(self, at, clerk, service, act, given):
        wanted = given(at)
        before = Act.objects.filter(kind=Act.Kind.DONE).count(), Household.objects.count(), Member.objects.count()
        with pytest.raises(Exception, match=r"your office|may not see") as caught:
            does(service, wanted, clerk)
        assert type(caught.value).__name__.startswith(("Cannot", "OutOfSight"))
        assert caught.value.__class__.__module__.startswith("enrollment.services")
        written = Act.objects.get(kind=Act.Kind.REFUSED)
        assert (written.name, written.by, written.reason) == (act, clerk, str(caught.value))
        assert written.subject_id
        after = Act.objects.filter(kind=Act.Kind.DONE).count(), Household.objects.count(), Member.objects.count()
        assert after == before

    def test_whoever_sees_the_whole_county_does_it(self, at, ada, service, act, given):
        does(service, given(at), ada)
        assert not Act.objects.filter(kind=Act.Kind.REFUSED).exists()


def test_no_service_is_forgotten():
    """Every service that is given somebody or a household is tried above."""
    found = set()
    for module in pkgutil.iter_modules(services.__path__):
        loaded = import_module(f"enrollment.services.{module.name}")
        for name, service in inspect.getmembers(loaded, inspect.isfunction):
            takes = ABOUT & set(inspect.signature(service).parameters)
            if service.__module__ == loaded.__name__ and not name.startswith("_") and takes:
                found.add(f"{module.name}.{name}")
    tried = {f"{one.__module__.rpartition('.')[2]}.{one.__name__}" for one, _act, _given in ACTS}
    assert found - ELSEWHERE == tried - {"households.add_household"}


def test_a_refusal_of_another_kind_is_the_page_s_to_write(at, ada):
    with pytest.raises(keeping.CannotKeep), override("en"):
        does(members.note_death, {"member": at.gone, "on": date(2030, 1, 1)}, ada)
    assert not Act.objects.filter(kind=Act.Kind.REFUSED).exists()
