"""What keeps a claim from its appeal, an appeal from its grant or its answer, an objection from being taken down; and
the branches beside them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from claims.models import Appeal, AppealGrant, Claim, ClaimPart, DecisionNotice, Objection
from claims.services import granting, notices, objections, provider_accounts, reversing
from claims.services.notices import CannotNotice
from claims.tests import public
from claims.tests.deciding import HALF, Desk, decide, now, provider
from claims.tests.documents import pay_in_advance
from conftest import NOON
from enrollment.models import Member
from enrollment.services import accounts
from enrollment.services.keeping import CannotKeep
from office import deciding
from office.models import Act, Body, Duty, Person
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

#: Half for ordinary members alone.
ORDINARY = HALF.replace("when: {kind: [inpatient, injury]}", "when: {kind: inpatient, category: ordinary}")
#: Half, and nothing beside it.
ALONE = HALF.partition("  - code: relief")[0]
#: What half leaves is paid from the household's account.
FROM_ACCOUNT = HALF.replace("      - {ratio: 0.1}\n", "      - {account: household}\n")


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


@pytest.fixture
def cleo(appoint) -> Person:
    """Heads the accounts; decided nothing."""
    return appoint("cleo", Duty.ACCOUNTING_HEAD)


@pytest.fixture
def lin(appoint) -> Person:
    """Keeps the committee's papers and the office's notices."""
    return appoint("lin", Duty.COMMITTEE_SECRETARY)


@pytest.fixture
def elsewhere() -> Body:
    """A hospital that has nothing to do with it."""
    return Body.objects.create(code="640522H9", name="乙院", kind=Body.Kind.HOSPITAL)


def appealed(claim: Claim, desk: Desk, lin: Person, back: str = "400") -> Appeal:
    """An appeal against the cut of a claim, filed on the day its notice was served."""
    public.served(claim, lin)
    return public.filed(claim, desk.ian, back_=back)


def won(appeal: Appeal, desk: Desk, cleo: Person) -> Appeal:
    public.vote(appeal, desk.hal)
    return public.vote(appeal, cleo)


def parts_of(appeal: Appeal) -> list[tuple[str, Decimal, str]]:
    return list(ClaimPart.objects.filter(appeal=appeal).order_by("pk").values_list("layer", "amount", "state"))


class TestAppeal:
    @pytest.mark.parametrize("made", [public.cut_claim, public.refused], ids=["cut", "refused"])
    def test_none_at_another_desk(self, desk, lin, appoint, elsewhere, made):
        claim = made(desk)
        public.served(claim, lin)
        other = appoint("ivy", Duty.INTAKE_CLERK, body=elsewhere)
        with pytest.raises(CannotKeep, match=r"^This claim was taken in at another desk\.$"):
            public.filed(claim, other)
        assert not Appeal.objects.exists()
        assert public.filed(claim, desk.ian).state == "received"

    def test_what_the_plan_no_longer_answers_takes_the_vote_back(self, appoint, lin, cleo):
        desk = Desk.of(appoint, ORDINARY)
        appeal = appealed(public.cut_claim(desk), desk, lin)
        Member.objects.filter(pk=appeal.claim.member_id).update(category="low_income")
        public.vote(appeal, desk.hal)
        with pytest.raises(CannotVote, match="category=low_income"):
            public.vote(appeal, cleo)
        assert (now(appeal).state, deciding.rounds_of(appeal).get().state) == ("received", "open")
        assert not AppealGrant.objects.exists()
        Member.objects.filter(pk=appeal.claim.member_id).update(category="ordinary")
        assert public.vote(appeal, cleo).state == "won"

    def test_an_account_is_debited_by_what_it_adds_alone(self, appoint, lin, cleo):
        """The ceiling was used up by another claim, so the account paid; that claim is void now, and so the ceiling
        pays: the further part is the fund's, and the account stays what it is."""
        desk = Desk.of(appoint, FROM_ACCOUNT)
        member = desk.member()
        account = accounts.account_of(scheme=desk.scheme, owner=member.household)
        before = desk.approved(member, ("12000",))
        accounts.credit(account=account, amount=Decimal(1500), on=public.TODAY, reference="划入", by=desk.ian, at=NOON)
        appeal = appealed(public.cut_claim(desk, member=member), desk, lin)
        reversing.void(claim=before, reason="重复", by=desk.hal, at=NOON, proof=shown_by(desk.hal))
        account.refresh_from_db()
        assert account.balance == Decimal(0)
        won(appeal, desk, cleo)
        account.refresh_from_db()
        assert [(layer, amount) for layer, amount, _state in parts_of(appeal)] == [("inpatient", Decimal(200))]
        assert account.balance == Decimal(0)

    def test_what_an_account_gives_out_at_this_moment_takes_the_vote_back(self, appoint, lin, cleo, monkeypatch):
        desk = Desk.of(appoint, FROM_ACCOUNT)
        member = desk.member()
        account = accounts.account_of(scheme=desk.scheme, owner=member.household)
        accounts.credit(account=account, amount=Decimal(5000), on=public.TODAY, reference="划入", by=desk.ian, at=NOON)
        appeal = appealed(public.cut_claim(desk, member=member), desk, lin)
        public.vote(appeal, desk.hal)

        def spent(**_given: object) -> None:
            raise accounts.CannotDebit("The account holds 0.00 yuan alone.")

        monkeypatch.setattr(granting.accounts, "debit", spent)
        with pytest.raises(CannotVote, match=r"^The account holds 0\.00 yuan alone\.$"):
            public.vote(appeal, cleo)
        assert (now(appeal).state, parts_of(appeal)) == ("received", [])

    def test_before_its_publicity_the_further_part_waits_with_the_others(self, desk, lin, cleo):
        claim = public.cut_claim(desk, kind="injury")
        appeal = won(appealed(claim, desk, lin), desk, cleo)
        assert (appeal.state, now(claim).state) == ("won", "approved")
        assert parts_of(appeal) == [("inpatient", Decimal(200), "approved")]

    def test_a_paid_claim_to_which_nothing_is_added_stays_paid(self, appoint, lin, cleo):
        desk = Desk.of(appoint, ALONE)
        claim = public.cut_claim(desk, amounts=("13000", "900"))
        appeal = appealed(claim, desk, lin)
        public.paid(claim, desk.hal)
        assert won(appeal, desk, cleo).state == "won"
        assert (now(claim).state, parts_of(appeal)) == ("paid", [])
        assert AppealGrant.objects.get(appeal=appeal).fund_adds == Decimal(0)


class TestAnswer:
    @pytest.mark.parametrize("off", [-1, 2])
    def test_the_written_answer_is_dated_between_decision_and_today(self, desk, lin, cleo, off):
        appeal = won(appealed(public.cut_claim(desk), desk, lin), desk, cleo)
        known = DecisionNotice.objects.count()
        given = {"appeal": appeal, "number": "海合复1", "by": lin, "at": public.after(1)}
        with pytest.raises(CannotNotice, match=r"^A notice is dated between the decision and today\.$") as refusal:
            notices.answer_appeal(on=public.TODAY + timedelta(days=off), **given)
        assert (refusal.value.field, DecisionNotice.objects.count()) == ("on", known)
        assert notices.answer_appeal(on=public.TODAY + timedelta(days=1), **given).number == "海合复1"


class TestObjection:
    @pytest.fixture
    def hanging(self, desk, lin):
        claim = public.paid(desk.approved(), desk.hal)
        return public.posted(public.lists(desk, claim.member, lin)[0], lin)

    def test_none_to_the_list_of_a_village_that_another_office_serves(self, hanging, appoint, elsewhere):
        other = appoint("tod", Duty.TOWNSHIP_CLERK, body=elsewhere)
        with pytest.raises(CannotKeep, match=r"^This village is not among those that your office serves\.$"):
            public.objection(hanging, other)
        assert not Objection.objects.exists()

    @pytest.mark.parametrize("result", ["dismissed", "upheld"])
    def test_where_nothing_is_held_the_answer_lets_nothing_go(self, desk, hanging, lin, result):
        taken = public.objection(hanging, lin)
        assert taken.flag is None
        done = objections.answer(objection=taken, result=result, words="经查", by=desk.hal, at=NOON)
        assert (done.result, hanging.entries.get().claim.state) == (result, "paid")
        assert not Act.objects.filter(name__in=["claim.let-go", "claim.payable"]).filter(by=desk.hal).exists()


class TestProviderAccount:
    def rows(self, asked) -> dict[str, str]:
        return dict(provider_accounts.rows(now(asked)))

    def test_whoever_confirms_it_reads_the_whole_number_and_nobody_after_him(self, desk, appoint):
        known = pay_in_advance(provider(), appoint, desk.hal)
        amy = Person.objects.get(username="amy")
        assert (self.rows(known)["account number"], self.rows(known)["account in force"]) == (known.masked_number, "—")
        asked = provider_accounts.propose(
            provider=provider(),
            holder="医院",
            bank="工行",
            number="6222-0000 １234",
            document="函2号",
            by=amy,
            at=NOON,
        )
        opened = deciding.rounds_of(asked).get()
        assert (opened.rule, opened.count) == ("claims.provider-account-by-a-second", 1)
        assert self.rows(asked) == {
            "provider": provider().name,
            "account holder": "医院",
            "bank": "工行",
            "account number": "6222 0000 1234",
            "account in force": str(known),
            "paper": "函2号",
        }
        decide(asked, desk.hal)
        assert (now(asked).state, now(known).state) == ("confirmed", "replaced")
        assert self.rows(asked)["account number"] == now(asked).masked_number != "6222 0000 1234"
