"""Two at the same moment: who enters while the month is being closed, who matches what another one is matching, who
releases what another one releases. The negative controls take the locks and the database's guards out, and must then
find what goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from claims.models import ClaimPart
from claims.services import settling
from conftest import NOON
from enrollment.tests.races import PATIENCE, unguarded
from funds.models import Match, PaymentBatch, Period, Posting
from funds.selectors import bank_statements
from funds.services import batches, book_checks, closing_checks, months
from funds.services.months import CannotMoveMonth
from funds.services.postings import CannotPost
from funds.services.reconciling import CannotReconcile
from funds.tests.banking import Bank, line
from funds.tests.factories import JANUARY, Counter, pair
from funds.tests.paying import Till
from office import deciding
from office.models import Act, Duty
from office.services.rounds import CannotVote
from office.trail import hash_of

pytestmark = pytest.mark.django_db(transaction=True)

REFUSALS = (CannotMoveMonth, CannotPost, CannotReconcile, CannotVote, DatabaseError)
Doing = Callable[[], object]


def meanwhile(first: Doing, then: Doing) -> list[type[Exception]]:
    """What is done and not yet written for good while something else is tried; with what it was refused."""
    begun, tried = threading.Event(), threading.Event()
    refused: list[type[Exception]] = []

    def go(act: Doing) -> None:
        try:
            act()
        except REFUSALS as refusal:
            refused.append(type(refusal))
        finally:
            connections.close_all()

    def hold() -> None:
        with transaction.atomic():
            first()
            begun.set()
            tried.wait(PATIENCE)

    def come() -> None:
        begun.wait(20)
        then()
        tried.set()

    threads = [threading.Thread(target=go, args=(one,)) for one in (hold, come)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


class TestTheMonthIsClosing:
    @pytest.fixture(autouse=True)
    def own_checks(self, monkeypatch):
        """The checks of the books alone."""
        monkeypatch.setattr(closing_checks, "_checks", {})
        book_checks.register()

    @pytest.fixture
    def acts(self, appoint) -> tuple[Doing, Doing]:
        """A voucher into January, and the asking that January be closed."""
        counter = Counter.of(appoint)
        counter.opened()
        enter = partial(counter.enter, "7", "interest", *pair("special_account", "interest_income", "12.50"))
        return enter, partial(months.ask_to_close, book=counter.book, month=JANUARY, by=counter.acc, at=NOON)

    def slipped_in(self) -> bool:
        """Whether what is voted on is not what stands in the month."""
        period = Period.objects.get(month=JANUARY)
        opened = deciding.rounds_of(period).get(state="open")
        return opened.subject_hash != hash_of(months.content(period))

    def test_what_comes_first_is_counted(self, acts):
        enter, close = acts
        assert meanwhile(enter, close) == []
        assert Posting.objects.count() == 2
        assert not self.slipped_in()

    def test_what_comes_later_is_refused(self, acts):
        enter, close = acts
        assert meanwhile(close, enter) == [CannotPost]
        assert Posting.objects.count() == 1
        assert not self.slipped_in()

    def test_without_locks_and_guards_it_slips_in(self, acts, monkeypatch):
        enter, close = acts
        with monkeypatch.context() as patched, unguarded(patched, "funds_posting.posting_is_guarded"):
            assert meanwhile(close, enter) == []
            assert self.slipped_in()

    def test_without_locks_the_database_alone_refuses_it(self, acts, monkeypatch):
        enter, close = acts
        with monkeypatch.context() as patched, unguarded(patched):
            assert meanwhile(close, enter) != []
            assert not self.slipped_in()


class TestTwoWhoMatch:
    @pytest.fixture
    def acts(self, appoint) -> tuple[Doing, Doing]:
        """Two people, one line of the bank, an entry for each."""
        bank = Bank.of(appoint)
        bank.counter.opened("1000.00")
        for number in ("a", "b"):
            bank.paid_out(number, "100.00")
        bank.keep(line(8, "-100.00"), opening="1000.00")
        paid = bank_statements.open_lines(bank.account).get(amount=-100)
        one, other = (entry for entry in bank_statements.open_entries(bank.account) if entry.posting.key in {"a", "b"})
        colleague = appoint("ann", Duty.FUND_ACCOUNTANT)
        return partial(bank.match, [paid], [one]), partial(bank.match, [paid], [other], by=colleague)

    def test_one_matches_and_the_other_is_told(self, acts):
        assert meanwhile(*acts) == [CannotReconcile]
        assert Match.objects.filter(state="held").count() == 1

    def test_without_locks_and_guards_one_line_is_two_payments(self, acts, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched, "line_matched_once"):
            assert meanwhile(*acts) == []
            assert Match.objects.filter(state="held").count() == 2

    def test_without_locks_the_database_alone_refuses_the_second(self, acts, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched):
            assert meanwhile(*acts) != []
            assert Match.objects.filter(state="held").count() == 1


class TestTwoWhoRelease:
    guards = (
        "funds_fundsseat.seat_is_guarded", "funds_fundsvote.vote_is_guarded", "funds_fundsround.round_is_guarded",
        "funds_paymentbatch.subject_is_guarded", "claims_claimpart.part_is_guarded",
    )  # fmt: skip

    @pytest.fixture
    def acts(self, appoint) -> tuple[Doing, Doing]:
        """One batch before two heads of the office, each with a code that carries its hash and its sum."""
        till = Till.of(appoint)
        till.fill()
        batch = till.batch(till.claim())
        batches.ask_release(batch=batch, by=till.acc, at=NOON)
        till.vote(batch, till.counter.head)
        return partial(till.vote, batch, till.desk.hal), partial(till.vote, batch, appoint("hob", Duty.OFFICE_HEAD))

    def released(self) -> int:
        return Act.objects.filter(name="batch.released").count()

    def test_one_releases_and_the_other_is_told(self, acts):
        assert meanwhile(*acts) == [CannotVote]
        assert (self.released(), PaymentBatch.objects.get().state) == (1, "released")

    def test_without_locks_the_database_alone_refuses_the_second(self, acts, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched):
            assert meanwhile(*acts) == [IntegrityError]
            assert self.released() == 1

    def test_without_locks_and_guards_what_is_paid_is_looked_at_once_more(self, acts, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched, *self.guards):
            assert meanwhile(*acts) == [CannotVote]
            assert self.released() == 1

    def test_without_any_of_these_it_is_released_twice(self, acts, monkeypatch):
        """The negative control."""
        monkeypatch.setattr(batches, "refuse_moved", lambda *_what: None)
        monkeypatch.setattr(settling, "COMES_FROM", dict.fromkeys(settling.COMES_FROM, tuple(ClaimPart.State)))
        with monkeypatch.context() as patched, unguarded(patched, *self.guards):
            assert meanwhile(*acts) == []
            assert self.released() == 2
