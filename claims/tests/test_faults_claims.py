"""Bad input and faults of claims: the table of docs/rules/claims.md names for each what is said and the test that shows
it; here stand those in which the database goes in the middle.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polib
import pytest
from django.db import OperationalError, connection, connections
from django.test import Client

from claims.models import Approval, BenefitCounter, Claim, ClaimsVote, Cut, Invoice
from claims.services import checking, sitting
from claims.tests.committee import Committee
from claims.tests.deciding import Desk, now
from claims.tests.tables import rows
from claims.tests.test_views_intake import NEW, typed
from conftest import NOON, sign_in
from office import trail
from office.models import Act, Duty
from office.tests.factories import shown_by

TABLE = rows("claims.md", "fault", "what is said", "test")
TESTS = Path(__file__).parent
CATALOGUE = TESTS.parents[1] / "locale/zh_Hans/LC_MESSAGES/django.po"


@pytest.mark.rules
@pytest.mark.parametrize("row", TABLE, ids=[row["fault"] for row in TABLE])
def test_every_fault_has_its_sentence_and_its_test(row):
    """The sentence is one of the program's, in both languages; the test is there under its name."""
    known = {one.msgid: one.msgstr for one in polib.pofile(str(CATALOGUE))}
    for words in row["what is said"].split(" / "):
        [translated] = {known[msgid] for msgid in known if words in msgid}
        assert translated
    for named in row["test"].split(", "):
        file, _mark, name = named.strip("`").partition("::")
        assert f"def {name}(" in (TESTS / file).read_text(encoding="utf-8"), named


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, act: str, nth: int = 1) -> Iterator[None]:
    """The database ends the session in the middle of a service, when it writes an act for the nth time: everything was
    written by then, and nothing is committed."""
    record = trail.record
    seen: list[str] = []

    def dying(name: str, *told: Any, **facts: Any) -> Any:
        seen.append(name)
        if seen.count(act) == nth and name == act:
            end_session()
        return record(name, *told, **facts)

    with monkeypatch.context() as patched:
        patched.setattr(trail, "record", dying)
        yield
    connection.close()
    assert act in seen


def end_session() -> None:
    """Another session ends this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [number] = cursor.fetchone()

    def end() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [number])
        connections.close_all()

    other = threading.Thread(target=end)
    other.start()
    other.join(20)


def answered(client: Client, *sent: Any) -> None:
    """The page says what happened, and that what was saved is safe."""
    answer = client.post(*sent)
    assert answer.status_code == 503
    assert "数据库无响应" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
class TestTheDatabaseGoes:
    def test_while_a_claim_is_taken_in(self, appoint, monkeypatch):
        client = sign_in(Client(), appoint("ida", Duty.INTAKE_CLERK))
        sent = typed()
        with killed_at(monkeypatch, "claim.entered"):
            answered(client, NEW, sent)
        assert (Claim.objects.count(), Invoice.objects.count()) == (0, 0)
        assert not Act.objects.filter(name="claim.entered").exists()
        assert client.post(NEW, sent).status_code == 302  # the invoice is free, the number was not used up
        assert Claim.objects.get().number.endswith("0000001")

    def test_while_a_claim_is_granted(self, appoint, monkeypatch):
        desk = Desk.of(appoint)
        claim = desk.check(desk.handed_on(), desk.fay)
        client, before = sign_in(Client(), desk.sue), now(claim)
        line = claim.lines.get(position=1)
        seen = checking.round_of(claim).subject_hash
        sent = {"seen": seen, f"amount-{line.pk}": "100", f"code-{line.pk}": "over_limit"}
        with killed_at(monkeypatch, "claim.approved"):
            answered(client, f"/claims/{claim.pk}/check/cut/", sent)
        assert (now(claim).state, now(claim).proposed) == ("second_check", before.proposed)
        assert not any(one.objects.exists() for one in (Approval, BenefitCounter, Cut))
        assert ClaimsVote.objects.filter(voter=desk.sue).count() == 0
        assert client.post(f"/claims/{claim.pk}/check/cut/", sent).status_code == 302
        assert now(claim).state == "payable"
        assert Approval.objects.get().cut == 100

    def test_while_a_committee_decides(self, appoint, monkeypatch):
        """After the first of two claims was granted: neither is."""
        committee = Committee.of(appoint)
        claims = committee.several(2)
        meeting = committee.begin(*claims)
        committee.all_vote(meeting)
        proof = shown_by(committee.cai)
        with killed_at(monkeypatch, "claim.approved", nth=2), pytest.raises(OperationalError):
            sitting.decide(meeting=meeting, by=committee.cai, at=NOON, proof=proof)
        assert {now(one).state for one in claims} == {"committee"}
        assert now(meeting).state == "open"
        assert not Approval.objects.exists()
        committee.decide(meeting)
        assert {now(one).state for one in claims} == {"approved"}
