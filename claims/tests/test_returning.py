"""Returning a claim: what is missing is ticked and told once; intake answers each of it before it goes on again."""

from __future__ import annotations

from io import BytesIO

import pypdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from claims.models import AskedPaper, Claim
from claims.selectors.asking import asked_of, lacking
from claims.services import checking, intake
from claims.services.returning import CannotCheck
from claims.tests import taking_in
from claims.tests.committee import Committee
from claims.tests.deciding import now
from claims.tests.test_views_intake import typed
from conftest import NOON, proof_of, sign_in
from office.models import Duty

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def ida(appoint):
    return appoint("ida", Duty.INTAKE_CLERK)


@pytest.fixture
def fay(appoint):
    return appoint("fay", Duty.FIRST_CHECKER)


@pytest.fixture
def claim(ida) -> Claim:
    """In first check."""
    entered = taking_in.entered(ida)
    intake.hand_on(claim=entered, seen=1, by=ida, at=NOON)
    return now(entered)


def send_back(claim: Claim, fay, *papers: str, reason: str = "", choice: str = "return") -> Claim:
    opened = checking.round_of(claim)
    checking.check(
        claim=claim, choice=choice, hash_seen=opened.subject_hash, by=fay, at=NOON, proof=proof_of(fay),
        papers=papers, reason=reason,
    )  # fmt: skip
    return now(claim)


@pytest.fixture
def returned(claim, fay) -> Claim:
    """Ticked and in words, from the checker's page."""
    checker = sign_in(Client(), fay)
    address = f"/claims/{claim.pk}/check/return/"
    assert 'value="fee_list"' in checker.get(address).content.decode()
    seen = {"seen": checking.round_of(claim).subject_hash, "for_whom": fay.pk}
    assert checker.post(address, seen).status_code == 422
    given = {**seen, "papers": ["fee_list", "bank_book"], "reason": "护理记录"}
    assert checker.post(address, given).status_code == 302
    return now(claim)


def test_one_notice_has_all_of_it(returned, ida):
    assert returned.state == "returned"
    asked = [("fee_list", ""), ("bank_book", ""), ("other", "护理记录")]
    assert list(returned.asked_papers.values_list("paper", "words")) == asked
    desk = sign_in(Client(), ida)
    page = desk.get(f"/claims/{returned.pk}/").content.decode()
    notice = desk.get(f"/claims/{returned.pk}/missing/").content
    text = "".join(one.extract_text() for one in pypdf.PdfReader(BytesIO(notice)).pages).replace("\n", "")
    for words in ("费用明细清单", "收款存折或银行卡复印件", "护理记录"):
        assert words in page
        assert words in text


def test_each_of_it_is_there_or_answered_before_it_goes_on(returned, ida, fay):
    desk, address = sign_in(Client(), ida), f"/claims/{returned.pk}/change/"
    form = desk.get(address).content.decode()
    assert "缺 3 份材料" in form
    for code, is_ticked in (("fee_list", False), ("other", False), ("invoice", True)):
        assert (f'value="{code}" checked' in form) is is_ticked, code
    papers = taking_in.ALL_PAPERS - {"bank_book"}
    anew = typed(member=returned.member_id, seen="1", papers=sorted(papers - {"other"}))
    desk.post(address, anew)
    claim = now(returned)
    assert (claim.state, intake.missing_of(claim)) == ("entered", ["bank_book", "other"])
    with pytest.raises(intake.CannotHandOn, match="护理记录"):
        intake.hand_on(claim=claim, seen=2, by=ida, at=NOON)
    with pytest.raises(DatabaseError, match="there or answered"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE claims_claim SET state = 'first_check' WHERE id = %s", [claim.pk])
    anew |= {"seen": "2", "papers": sorted(papers), "answer-bank_book": "账户已在系统登记", "hand_on": "yes"}
    desk.post(address, anew)
    claim = now(claim)
    answered = claim.papers.get(version=3, paper="bank_book")
    assert (claim.state, answered.is_there, answered.answer) == ("first_check", False, "账户已在系统登记")
    assert "账户已在系统登记" in sign_in(Client(), fay).get(f"/claims/{claim.pk}/").content.decode()
    with pytest.raises(CannotCheck):
        send_back(claim, fay, "fee_list")


@pytest.mark.parametrize(
    ("papers", "reason", "choice"),
    [((), " ", "return"), (("unknown",), "", "return"), (("other",), "", "return"), (("fee_list",), "x", "refuse")],
)
def test_what_is_no_list(claim, fay, papers, reason, choice):
    with pytest.raises(CannotCheck):
        send_back(claim, fay, *papers, reason=reason, choice=choice)
    assert now(claim).state == "first_check"
    assert not AskedPaper.objects.exists()


def test_the_database_takes_them_in_an_open_step_alone(claim, fay, ida):
    opened = checking.round_of(claim)
    claim = send_back(claim, fay, "fee_list")
    row = {"claim": claim, "round": opened, "version": 1, "by": ida, "at": NOON}
    with pytest.raises(DatabaseError, match="open step"), transaction.atomic():
        AskedPaper.objects.create(paper="card", **row)
    with pytest.raises(DatabaseError, match=r"permission denied|only ever added to"), transaction.atomic():
        AskedPaper.objects.update(words="x")


def test_a_committee_says_once_and_in_full_what_it_asks_for(appoint):
    committee = Committee.of(appoint)
    claim = committee.waiting()
    meeting = committee.begin(claim)
    said = ["the operation's report", "the operation's report", "a bill by day"]
    for member, words in zip(committee.members, said, strict=False):
        committee.vote(meeting, member, committee.on(meeting, claim, "return", reason=words))
    for member in committee.members[len(said) :]:
        committee.vote(meeting, member)
    committee.decide(meeting)
    [asked] = asked_of(now(claim))
    assert (asked.paper, asked.words) == ("other", "the operation's report；a bill by day")
    assert lacking(now(claim)) == [asked.words]
