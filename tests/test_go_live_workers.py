"""A worker killed while it writes what an office brings along leaves nothing half-written; the next does it whole."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from claims.models import Claim, CounterOpening
from claims.tests import beginning as files
from claims.tests import taking_in
from config.embedded import valkey
from conftest import NOON
from enrollment.models import Account, AccountEntry, Contribution, Coverage, FundYear, GoLiveProtocol, Household, Member
from enrollment.rules import id_numbers
from enrollment.services import go_live, go_live_jobs
from enrollment.tests import factories
from office import deciding
from office.models import Duty, Job
from office.services import rounds
from office.tests.factories import shown_by, tess
from tests import servers
from tests.test_workers import Worker, state, swept_until_done, wait

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]

MANY = 12_000
CLAIMS = 30
BORN = date(1970, 1, 1)


@pytest.fixture
def worker(tmp_path):
    valkey.client(servers.place()).flushall()
    worker = Worker(tmp_path / "worker.log")
    worker.start()
    yield worker
    worker.kill()


def people() -> list[Member]:
    """Heads of as many households, each with a number of his own."""
    noted: dict[str, Any] = {"changed_by": tess(), "changed_at": NOON}
    village = factories.division()
    homes = Household.objects.bulk_create(
        Household(number=f"H{number}", village=village, registered_on=BORN, **noted) for number in range(MANY)
    )
    return Member.objects.bulk_create(
        _head(home, BORN + timedelta(days=place), noted) for place, home in enumerate(homes)
    )


def _head(home: Household, born: date, noted: dict[str, Any]) -> Member:
    seventeen = f"640522{born:%Y%m%d}001"
    number = seventeen + id_numbers.check_digit(seventeen)
    who = {"name": "马大山", "id_number": number, "sex": "M", "birth_date": born, "relation": "head", "is_head": True}
    return Member(household=home, **who, **noted)


@pytest.mark.parametrize(("kind", "moment"), [("coverage", 60), ("balances", 50)])
def test_a_killed_writing_is_done_whole_by_the_next_worker(kind, moment, worker, appoint):
    """Killed after reading and while writing: all or nothing, once, and the protocol says so."""
    fay, head = appoint("fay", Duty.FUND_ACCOUNTANT), factories.head()
    year = factories.fund_year(factories.scheme("kept", account="household"))
    protocol = signed(kind, year, people(), fay, head)
    writing = go_live.write_jobs(protocol)[0]
    wait(lambda: Job.objects.values_list("done_steps", flat=True).get(pk=writing.pk) >= moment)
    worker.kill()
    counted = [Coverage.objects.count(), Contribution.objects.count(), AccountEntry.objects.count()]
    assert counted == [0, 0, 0] or state(writing) == Job.State.DONE
    worker.start()
    swept_until_done(writing)
    protocol.refresh_from_db()
    assert protocol.state == GoLiveProtocol.State.WRITTEN
    if kind == "coverage":
        assert Coverage.objects.count() == Contribution.objects.count() == MANY
    else:
        assert AccountEntry.objects.count() == MANY
        assert set(Account.objects.values_list("balance", flat=True)) == {3}


def of_claims(kind: str) -> bytes:
    """A file of unpaid claims, or of year counters, one for each of many people."""
    insured = [taking_in.insured(f"{number:04}", has_account=False) for number in range(CLAIMS)]
    if kind == "counters":
        rows = ([one.id_number, one.name, "inpatient.year", 10 + place] for place, one in enumerate(insured))
        return files.as_csv(files.COUNTERS, *rows)
    return files.claims(*(files.claim(one, str(place), str(place)) for place, one in enumerate(insured)))


@pytest.mark.parametrize(("kind", "model"), [("claims", Claim), ("counters", CounterOpening)])
def test_a_killed_writing_of_claims_is_done_whole_by_the_next_worker(kind, model, worker, appoint):
    """Killed after reading: all or nothing; the next worker enters each claim once and opens each counter once."""
    ann, head = appoint("ann", Duty.FUND_ACCOUNTANT), factories.head()
    content = of_claims(kind)
    protocol = brought(kind, FundYear.objects.confirmed().get(), content, ann, head)
    writing = go_live.write_jobs(protocol)[0]
    wait(lambda: Job.objects.values_list("done_steps", flat=True).get(pk=writing.pk) >= 40)
    worker.kill()
    assert model.objects.count() == 0 or state(writing) == Job.State.DONE
    worker.start()
    swept_until_done(writing)
    protocol.refresh_from_db()
    assert (protocol.state, model.objects.count()) == (GoLiveProtocol.State.WRITTEN, CLAIMS)
    if kind == "counters":
        assert sum(one.amount - one.counter.value for one in CounterOpening.objects.select_related("counter")) == 0


def signed(kind, year, members, fay, head) -> GoLiveProtocol:
    """A file of coverages or balances that was checked by the worker, brought and signed; its writing is asked for."""
    if kind == "coverage":
        rows = ["身份证号,姓名,缴费金额", *(f"{one.id_number},{one.name},20" for one in members)]
    else:
        rows = ["户编号,账户余额", *(f"{one.household.number},3" for one in members)]
    return brought(kind, year, "\n".join(rows).encode(), fay, head)


def brought(kind, year, content: bytes, fay, head) -> GoLiveProtocol:
    """A file that was checked by the worker, brought and signed."""
    now = timezone.now()
    checked = go_live_jobs.ask_for_check(
        kind=kind,
        fund_year=year,
        as_of=date(2010, 3, 1),
        upload=SimpleUploadedFile("a.csv", content),
        by=fay,
        at=now,
    )
    wait(lambda: state(checked) == Job.State.DONE)
    checked.refresh_from_db()
    protocol = go_live_jobs.propose(checked=checked, by=fay, at=now)
    opened = deciding.rounds_of(protocol).get()
    rounds.vote(
        round=opened, choice="approve", hash_seen=opened.subject_hash, by=head, at=now, proof=shown_by(head, now)
    )
    return protocol
