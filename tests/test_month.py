"""A hundredth of a county's month through the services, killed in the middle and begun again: nothing double, and the
same sums as without; together a claim asks far less than alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Count, Sum
from django.test.utils import CaptureQueriesContext

from benchmarks import month
from benchmarks.months import made, played
from benchmarks.months.made import Size
from claims.models import Approval, BulkDocument, BulkRow, Claim, CounterMove, Invoice, SettledPart, Settlement
from office.models import Act, Person
from office.tests.factories import shown_by

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]

CHECKOUT = Path(__file__).resolve().parent.parent
SIZE = Size(0.01)
#: After how many claims the month's work is killed: in the first register, in the second, in the list.
MOMENTS = (0, 150, 350)
ALONE = 5


def begun(log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "benchmarks.months", str(SIZE.scale)],
            cwd=CHECKOUT, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=dict(os.environ),
        )  # fmt: skip


def killed_after(claims: int, log: Path) -> bool:
    """The month's work is killed once there are so many claims and its next document is begun; whether it was alive."""
    process = begun(log)
    documents = BulkDocument.objects.count()
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        if Claim.objects.count() >= claims and BulkDocument.objects.count() > documents:
            break
        time.sleep(0.005)
    alive = process.poll() is None
    process.kill()
    process.wait()
    return alive


def sums() -> dict[str, object]:
    return {
        "claims": Claim.objects.count(),
        "paid": Approval.objects.aggregate(whole=Sum("fund_pays"))["whole"],
        "counted": CounterMove.objects.aggregate(whole=Sum("amount"))["whole"],
        "settled": Settlement.objects.aggregate(whole=Sum("fund_pays"))["whole"],
        "states": dict(Claim.objects.values_list("state").annotate(Count("pk")).order_by()),
    }


def test_killed_in_the_middle_and_begun_again_nothing_is_double(appoint, tmp_path):
    made.make(SIZE)
    shown_by(Person.objects.get(username="sue"))
    log = tmp_path / "month.log"
    assert [killed_after(claims, log) for claims in MOMENTS] == [True] * 3, log.read_text()
    done = begun(log)
    assert done.wait(300) == 0, log.read_text()
    assert sums() == {
        "claims": SIZE.visits + SIZE.stays,
        "paid": Decimal(12 * SIZE.visits),
        "counted": Decimal(12 * SIZE.visits),
        "settled": Decimal(12 * SIZE.visits),
        "states": {"payable": SIZE.visits, "first_check": SIZE.stays},
    }
    documents = BulkDocument.objects.filter(state="approved")
    assert (
        documents.count() == Settlement.objects.count() == SIZE.registers + SIZE.lists == BulkDocument.objects.count()
    )
    assert Invoice.objects.values("type_code", "number").distinct().count() == SIZE.visits + SIZE.stays
    assert BulkRow.objects.present().filter(claim__isnull=False).count() == SIZE.visits + SIZE.stays
    assert SettledPart.objects.count() == SIZE.visits
    assert Act.objects.filter(name="claim.approved").values("subject_id").distinct().count() == SIZE.visits
    assert month.apart() == 0
    played.play(SIZE)  # once more: everything is there
    assert Claim.objects.count() == SIZE.visits + SIZE.stays


def asked(work: Callable[[], object]) -> int:
    """How many statements some work takes."""
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)


def test_together_a_claim_asks_a_tenth_of_what_it_asks_alone():
    """How fast that is on this machine says the row of `make bench`; what is asked is the same on any."""
    made.make(SIZE)
    alone = asked(lambda: month.one_by_one(ALONE)) / ALONE
    visits = asked(lambda: played.play(SIZE, ("village_register",))) / SIZE.visits
    stays = asked(lambda: played.play(SIZE, ("hospital_list",))) / SIZE.stays
    print(f"statements a claim: alone {alone:.1f}, on a register {visits:.2f}, on a list {stays:.2f}")
    assert max(visits, stays) * 10 < alone
    assert month.apart() == 0
