"""The database's process is killed before every statement of the use case, and before its commits; the worker itself is
killed at any moment; the bank never de-duplicates, answers late, twice, never, or with another amount. Nothing leaves
twice, nothing is lost, the books agree with the bank, and doing it again finishes it."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection, connections, transaction

from claims.models import Claim, ClaimPart
from claims.tests import test_killed as claims_killed
from claims.tests.races import at_once
from claims.tests.test_killed import COMMIT, Killer
from conftest import NOON
from funds.models import (
    AnswerLine,
    BankAnswer,
    BankFile,
    Entry,
    FundsRound,
    FundsSeat,
    FundsVote,
    Payment,
    PaymentBatch,
    PaymentItem,
    PaymentOrder,
    Posting,
)
from funds.rules import bank_files
from funds.selectors import balances, verifying
from funds.services import answers, batches, sending
from funds.services.batches import CannotPay
from funds.services.sending import BankAway
from funds.tests.paying import Till, bound, now, said
from office import deciding
from office.models import Act
from office.services import rounds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]

TABLES = (Claim, ClaimPart, PaymentBatch, Payment, PaymentOrder, FundsRound, FundsSeat)
PLAIN = (PaymentItem, BankFile, BankAnswer, AnswerLine, Posting, Entry, FundsVote, Act)
ENOUGH = 200  # statements; no step has as many


@pytest.fixture
def till(appoint) -> Till:
    till = Till.of(appoint, amount="10000000.00")
    till.fill("5000000.00")
    return till


@dataclass
class Bank:
    """It pays whatever it is told, as often as it is told, and forgets nothing."""

    paid: list[tuple[str, Decimal]] = field(default_factory=list)
    fails: str = ""  # "before" or "after" it has paid, as a line that breaks
    log: Path | None = None

    def __call__(self, file: BankFile, content: bytes) -> None:
        if self.fails == "before":
            raise BankAway
        rows = [row.split(",") for row in content.decode("utf-8-sig").splitlines()[2:-1]]
        for row in rows:
            self.paid.append((row[1], Decimal(row[5])))
            if self.log is not None:
                with self.log.open("a", encoding="utf-8") as kept:
                    kept.write(f"{row[1]} {row[5]}\n")
        if self.fails == "after":
            raise BankAway


def standing() -> dict[str, list[Any]]:
    """Every row that a payment writes or moves, and their history."""
    kept = [one.pgh_event_model for one in TABLES]
    return {one._meta.label: list(one.objects.order_by("pk").values()) for one in (*TABLES, *PLAIN, *kept)}


def broken_off_everywhere(doing: Callable[[], object], monkeypatch) -> int:
    """Kill at every point in turn; nothing is left of any. Then let it be done. Gives at how many points."""
    before = standing()
    for point in (COMMIT, *range(1, ENOUGH)):
        if not claims_killed.killed(doing, point, monkeypatch):
            return int(point) - 1
        assert standing() == before, f"something is left of what was killed at {point}"
    raise AssertionError("it never ended")


def whole(till: Till) -> None:
    """What must hold whenever somebody looks."""
    assert list(verifying.broken()) == []
    live = PaymentItem.objects.filter(is_live=True, part__isnull=False).values_list("part", flat=True)
    assert len(live) == len(set(live))
    paid = Payment.objects.filter(state="paid").values_list("number", "amount")
    entered = Entry.objects.filter(words__in=[number for number, _ in paid], side="credit").values_list(
        "words", "amount"
    )
    assert sorted(entered) == sorted(paid)


class TestEveryStatement:
    def test_making_asking_voting_answering(self, till, monkeypatch):
        """Each is one transaction: of what was broken off nothing is left, and it is done afterwards, once."""
        claims = [till.claim(), till.claim()]
        order = till.order()
        made = partial(till.batch, *claims, orders=[order])
        points = {"make": broken_off_everywhere(made, monkeypatch)}
        batch = PaymentBatch.objects.get()
        points["ask"] = broken_off_everywhere(
            partial(batches.ask_release, batch=batch, by=till.acc, at=NOON), monkeypatch
        )
        for step, voter in (("check", till.counter.head), ("release", till.desk.hal)):
            opened = deciding.rounds_of(batch).get(state="open")
            given = {"choice": "approve", "hash_seen": opened.subject_hash, "by": voter, "at": NOON}
            proof = bound(voter, opened.bound_to)
            points[step] = broken_off_everywhere(partial(rounds.vote, round=opened, proof=proof, **given), monkeypatch)
        till.send(batch, deliver=Bank())
        told = [said(one) for one in till.payments(batch)]
        content = bank_files.write_answers(told)
        take = partial(answers.take_file, book=till.book, content=content, name="x", by=till.cas, at=NOON)
        points["answer"] = broken_off_everywhere(take, monkeypatch)
        assert min(points.values()) > 15
        assert (now(batch).state, [now(one).state for one in claims]) == ("over", ["paid", "paid"])
        whole(till)

    def test_sending(self, till, monkeypatch):
        """Several transactions with the bank between them: a payment that may have left is unknown and stays at home,
        the others leave once; the statement settles what is unknown."""
        bank, seen = Bank(), Tally()
        for at_commits in (False, True):
            for point in range(1, ENOUGH):
                batch = till.released(orders=[till.order("10.00")])
                killer = killed_in_sending(till, batch, bank, point, monkeypatch, at_commits=at_commits)
                if not killer.has_killed:
                    break
                seen[till.payments(batch)[0].state] += 1
                again(till, batch, bank)
                assert till.payments(batch)[0].state in {"sent", "unknown"}
            assert point > (3 if at_commits else 20)
        assert seen["waiting"] > 15
        assert seen["claimed"] > 5
        by_statement(till, bank)
        whole(till)

    @pytest.mark.parametrize("fails", ["before", "after"])
    def test_a_bank_that_is_gone(self, till, fails):
        bank = Bank(fails=fails)
        batch = till.released(orders=[till.order()])
        with pytest.raises(CannotPay, match="Nobody knows"):
            till.send(batch, deliver=bank)
        bank.fails = ""
        again(till, batch, bank)
        assert [one.state for one in till.payments(batch)] == ["unknown"]
        by_statement(till, bank)
        assert [one.state for one in till.payments(batch)] == [{"before": "returned", "after": "paid"}[fails]]
        whole(till)


def killed_in_sending(
    till: Till, batch: PaymentBatch, bank: Bank, point: int, monkeypatch, *, at_commits: bool
) -> Killer:
    """Kill before the n-th statement, or before the n-th commit."""
    killer = Killer("" if at_commits else point)
    commit, said_so_far = connection._commit, []

    def commit_after_all() -> None:
        said_so_far.append(1)
        if at_commits and len(said_so_far) == point:
            killer.kill()
        commit()

    connection.ensure_connection()
    with monkeypatch.context() as patched, connection.execute_wrapper(killer):
        patched.setattr(connection, "_commit", commit_after_all)
        try:
            till.send(batch, deliver=bank)
        except OperationalError:
            assert killer.has_killed
    connection.close()
    return killer


def again(till: Till, batch: PaymentBatch, bank: Bank) -> None:
    """Whoever comes next sends what still waits."""
    till.send(batch, deliver=bank)


def by_statement(till: Till, bank: Bank) -> None:
    """The bank's complete statement says of each payment whether it left; none left twice."""
    left = Tally(number for number, _amount in bank.paid)
    assert max(left.values(), default=1) == 1
    open_now = list(Payment.objects.filter(state__in=Payment.UNSETTLED).order_by("pk"))
    told = [said(one, "paid" if left[one.number] else "returned", reason="对账单无此笔") for one in open_now]
    for start in range(0, len(told), 200):
        till.answer(*told[start : start + 200], name=f"{start}")
    for one in open_now:
        assert now(one).state == ("paid" if left[one.number] else "returned")
    spent = balances.stands(till.book, "prepaid")
    assert spent == sum((amount for _number, amount in bank.paid), Decimal(0))


def work(numbers: list[int], log: Path, till: Till) -> None:
    """A worker: sends every batch that still has something to send, one after the other."""
    for number in numbers:
        batch = PaymentBatch.objects.get(pk=number)
        try:
            till.send(batch, deliver=Bank(log=log))
        except CannotPay:
            continue


def forked(doing: Callable[[], None]) -> int:
    """A process of its own with a connection of its own. Gives its number."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            doing()
        finally:
            os._exit(0)
    return child


def kills(till: Till, log: Path, times: int, seed: int) -> int:
    """So many workers are killed at some moment of their work; two are always at it together."""
    chance = Random(seed)
    killed = 0
    while killed < times:
        wanted = [till.released(orders=[till.order("10.00")]).pk for _number in range(6)]
        workers = [forked(partial(work, chance.sample(wanted, len(wanted)), log, till)) for _number in range(2)]
        for one in workers:
            time.sleep(chance.uniform(0.01, 0.25))
            os.kill(one, signal.SIGKILL)
            _pid, status = os.waitpid(one, 0)
            killed += os.WIFSIGNALED(status)
        waiting = PaymentBatch.objects.filter(pk__in=wanted).values_list("pk", flat=True)
        os.waitpid(forked(partial(work, list(waiting), log, till)), 0)
    return killed


def checked(till: Till, log: Path) -> Tally[str]:
    """How the payments stood before the statement; after it they agree with the bank."""
    before = Tally(Payment.objects.values_list("state", flat=True))
    bank = Bank()
    if log.exists():
        bank.paid = [(row.split()[0], Decimal(row.split()[1])) for row in log.read_text().splitlines()]
    assert set(before) <= {"sent", "unknown"}
    by_statement(till, bank)
    whole(till)
    return before


def test_killed_workers(till, tmp_path):
    log = tmp_path / "bank.log"
    assert kills(till, log, 4, seed=1) >= 4
    checked(till, log)


@pytest.mark.soak
def test_two_hundred_killed_workers(till, tmp_path, capsys):
    log = tmp_path / "bank.log"
    killed = kills(till, log, 200, seed=2)
    before = checked(till, log)
    with capsys.disabled():
        print(f"\n{killed} workers killed, {sum(before.values())} payments, 0 double; before: {dict(before)}")


def test_a_worker_that_sends_without_claiming_pays_twice(till):
    """The negative control: whoever marks a payment only after it left sends it again after a crash."""
    bank = Bank()
    batch = till.released(orders=[till.order()])
    payments = till.payments(batch)
    for _try in range(2):  # the second one comes after a crash before the mark
        bank.paid += [(one.number, one.amount) for one in payments if now(one).state == "waiting"]
    with pytest.raises(AssertionError):
        by_statement(till, bank)


ATTACKS = """
INSERT INTO funds_orderpart (order_id, part_id) SELECT o.id, c.id FROM funds_paymentorder o, claims_claimpart c
INSERT INTO funds_orderline (order_id, line, account_id, side, amount, words) \
SELECT order_id, 9, account_id, 'debit', 1, '' FROM funds_orderline
UPDATE funds_paymentorder SET state = 'paid'
UPDATE funds_paymentbatch SET state = 'void'
"""


@pytest.mark.parametrize("sql", ATTACKS.strip().splitlines())
def test_lines_come_with_what_they_are_of(till, sql):
    till.release(till.batch(till.claim(), orders=[till.order()]))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_late_twice_never_and_with_another_amount(till):
    claims = [till.claim() for _number in range(4)]
    batch = till.released(*claims)
    till.send(batch, deliver=Bank())
    late, twice, never, other = till.payments(batch)
    till.answer(said(twice), said(other, amount="0.01"), name="1")
    till.answer(said(twice, reference="B9"), name="2")
    till.answer(said(late), name="3")
    assert [now(one).state for one in (late, twice, never, other)] == ["paid", "paid", "sent", "unknown"]
    assert sending.send(batch=batch, door="csv", by=till.cas, at=NOON, deliver=Bank()) is None
    assert now(batch).state == "released"
    whole(till)


def test_two_batches_of_one_claim_and_two_senders_of_one_batch_at_the_same_moment(till):
    """One of each has it; the other is told so, or finds nothing left to do."""
    claim, order = till.claim(), till.order()
    refused = at_once(*(partial(till.batch, claim, orders=[order]) for _one in range(4)), refusals=(CannotPay,))
    assert len(refused) == 3
    assert PaymentItem.objects.filter(is_live=True).count() == 2
    bank, batch = Bank(), till.release(PaymentBatch.objects.get())
    at_once(*(partial(till.send, batch, deliver=bank) for _one in range(4)), refusals=(CannotPay,))
    assert len(bank.paid) == 2
    assert {one.state for one in till.payments(batch)} == {"sent"}
