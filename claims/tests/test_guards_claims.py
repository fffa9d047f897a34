"""What the database itself refuses of claims under decision, as the run-time role, past every service."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from claims.models import Approval, Claim, ClaimsRound, Cut, Flag
from claims.services import checking, flags, reversing, verification
from claims.services.verification import Question
from claims.tests.deciding import Desk, cut, now
from conftest import NOON
from office.models import StateMove
from office.tests.factories import shown_by

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
UNTOUCHABLE = "permission denied|only ever added to|only added to"


def sql(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(statement: str, *values: Any, words: str = UNTOUCHABLE) -> None:
    with pytest.raises(DatabaseError, match=words):
        sql(statement, *values)


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


@pytest.fixture
def claim(desk) -> Claim:
    return desk.handed_on()


def test_the_database_knows_the_same_moves():
    found = StateMove.objects.filter(table="claims_claim")
    assert {(one.before, one.after): one.outcome for one in found} == Claim.MOVES


class TestMoves:
    def test_only_those_of_the_table(self, claim):
        states = [state.value for state in Claim.State]
        for state in states:
            if ("first_check", state) not in Claim.MOVES and state != "first_check":
                refused("UPDATE claims_claim SET state = %s WHERE id = %s", state, claim.pk, words="does not go from")

    @pytest.mark.parametrize("state", ["second_check", "verification", "returned", "refused"])
    def test_not_without_the_decided_round(self, claim, state):
        refused("UPDATE claims_claim SET state = %s WHERE id = %s", state, claim.pk, words="no round has decided")

    def test_nor_with_the_round_of_an_earlier_step(self, desk, claim):
        claim = desk.check(claim, desk.fay)
        for state in ("head", "committee", "approved"):
            refused("UPDATE claims_claim SET state = %s WHERE id = %s", state, claim.pk, words="no round has decided")

    def test_a_held_claim_does_not_go_on(self, desk, claim):
        claim = desk.check(claim, desk.fay)
        claim = desk.check(claim, desk.sue)
        flags.set_flag(claim=claim, kind="audit", reason="twin", by=desk.hal, at=NOON)
        refused("UPDATE claims_claim SET state = 'paying' WHERE id = %s", claim.pk, words="moves no further")

    @pytest.mark.parametrize(
        "change", ["total = 2000", "payee_account = '622'", "provider_id = provider_id + 1", "content_version = 2"]
    )
    def test_what_is_checked_stays(self, claim, change):
        refused(f"UPDATE claims_claim SET {change} WHERE id = %s", claim.pk, words="does not change under")

    def test_what_ended_has_no_live_invoice(self, desk, claim):
        refused("UPDATE claims_claim SET state = 'void' WHERE id = %s", claim.pk, words="frees its invoices")


class TestContent:
    def test_no_line_comes_later(self, claim):
        refused(
            'INSERT INTO claims_claimline (claim_id, version, position, name, item_class, "group", amount)'
            " VALUES (%s, 1, 9, 'x', 'A', 'drug', 1)",
            claim.pk,
            words="come with their claim",
        )

    @pytest.mark.parametrize("table", ["claimline", "claimpaper"])
    def test_nor_does_one_change(self, claim, table):
        refused(f"DELETE FROM claims_{table} WHERE claim_id = %s", claim.pk)
        refused(f"UPDATE claims_{table} SET version = 2 WHERE claim_id = %s", claim.pk)

    @pytest.mark.parametrize("change", ["amount = 1", "number = 'x'", "claim_id = claim_id + 1"])
    def test_an_invoice_is_only_freed(self, claim, change):
        refused(f"UPDATE claims_invoice SET {change} WHERE claim_id = %s", claim.pk, words="stays as it was entered")


class TestCuts:
    INSERT = (
        "INSERT INTO claims_cut (claim_id, line_id, round_id, step, amount, reason_code, reason, by_id, at, counts)"
        " VALUES (%s, %s, %s, %s, %s, 'over_limit', '', %s, now(), true)"
    )

    def test_never_more_than_a_line_holds(self, desk, claim):
        opened = checking.round_of(claim)
        line = claim.lines.get(position=1)
        refused(self.INSERT, claim.pk, line.pk, opened.pk, "first_check", 1001, desk.fay.pk, words="no more is cut")

    def test_only_in_the_open_step_of_its_own_claim(self, desk, claim):
        opened = checking.round_of(claim)
        line = claim.lines.get(position=1)
        other = desk.handed_on(desk.member("2"))
        foreign = other.lines.get(position=1)
        for values in (
            (claim.pk, foreign.pk, opened.pk, "first_check", 1, desk.fay.pk),
            (other.pk, line.pk, opened.pk, "first_check", 1, desk.fay.pk),
            (claim.pk, line.pk, opened.pk, "second_check", 1, desk.fay.pk),
        ):
            refused(self.INSERT, *values, words="open step")
        desk.check(claim, desk.fay)
        refused(self.INSERT, claim.pk, line.pk, opened.pk, "first_check", 1, desk.fay.pk, words="open step")

    def test_stays_as_it_was_made(self, desk, claim):
        desk.check(claim, desk.fay, "cut", cut(claim, 1, "100"))
        made = Cut.objects.get()
        refused("UPDATE claims_cut SET amount = 1 WHERE id = %s", made.pk, words="stays as it was made")
        refused("UPDATE claims_cut SET counts = false WHERE id = %s", made.pk, words="open step")
        refused("DELETE FROM claims_cut WHERE id = %s", made.pk)


class TestVotes:
    def test_neither_the_maker_nor_one_person_in_two_steps(self, desk, claim):
        claim = desk.check(claim, desk.fay)
        opened = checking.round_of(claim)
        for person in (desk.ian, desk.fay, desk.hal):
            refused(
                "INSERT INTO claims_claimsseat (round_id, person_id, role, is_present, recusal)"
                " VALUES (%s, %s, 'member', true, '')",
                opened.pk,
                person.pk,
                words="what he made|no duty that decides",
            )

    def test_a_round_is_not_closed_by_hand(self, claim):
        refused(
            "UPDATE claims_claimsround SET state = 'closed', outcome = 'approved', closed_at = now() WHERE id = %s",
            checking.round_of(claim).pk,
            words="too few votes",
        )

    def test_nor_aimed_at_something_else(self, claim):
        opened = checking.round_of(claim)
        for change in ("subject_id = '0'", "amount = 1", "step = 'head'", "maker_id = maker_id + 1"):
            refused(f"UPDATE claims_claimsround SET {change} WHERE id = %s", opened.pk, words="does not change")
        assert ClaimsRound.objects.get(pk=opened.pk).state == "open"


class TestAskedAndHeld:
    def test_an_answer_stays(self, desk):
        desk.limit("verification", 1500, "total_cost")
        claim = desk.check(desk.handed_on(), desk.fay)
        asked = verification.ask(claim=claim, question=Question("phone", "x"), on=TODAY, by=desk.fay, at=NOON)
        refused("UPDATE claims_verification SET whom = 'y' WHERE id = %s", asked.pk, words="stays")
        verification.answer(verification=asked, outcome="differs", words="1,800", on=TODAY, by=desk.fay, at=NOON)
        refused("UPDATE claims_verification SET answer = 'z' WHERE id = %s", asked.pk, words="answered already")

    def test_a_flag_is_lifted_once(self, desk, claim):
        held = flags.set_flag(claim=claim, kind="audit", reason="twin", by=desk.hal, at=NOON)
        refused("UPDATE claims_flag SET reason = 'none' WHERE id = %s", held.pk, words="stays")
        flags.lift_flag(flag=held, reason="no", by=desk.hal, at=NOON)
        again = "UPDATE claims_flag SET lifted_at = NULL, lifted_by_id = NULL, lift_reason = '' WHERE id = %s"
        refused(again, held.pk, words="answered already")
        assert Flag.objects.get(pk=held.pk).lift_reason == "no"


class TestGranted:
    @pytest.fixture
    def granted(self, desk, claim) -> Claim:
        return desk.check(desk.check(claim, desk.fay), desk.sue)

    @pytest.mark.parametrize("table", ["approval", "countermove", "reversal"])
    def test_is_only_added_to(self, desk, granted, table):
        reversing.void(claim=granted, reason="twice", by=desk.hal, at=NOON, proof=shown_by(desk.hal))
        refused(f"DELETE FROM claims_{table}")
        refused(f"UPDATE claims_{table} SET id = id")

    @pytest.mark.parametrize("change", ["value = 0", "value = value + 1", "name = 'x'"])
    def test_a_counter_moves_with_approvals_alone(self, granted, change):
        refused(f"UPDATE claims_benefitcounter SET {change}", words="approvals and reversals alone")

    @pytest.mark.parametrize("change", ["amount = 1", "layer = 'x'", "fund = 'x'"])
    def test_a_part_stays_what_it_is(self, granted, change):
        refused(f"UPDATE claims_claimpart SET {change}", words="stays what it is")

    @pytest.mark.parametrize("state", ["paid", "reversed", "approved"])
    def test_and_goes_step_by_step(self, granted, state):
        refused("UPDATE claims_claimpart SET state = %s", state, words="does not go from")

    def test_a_second_approval(self, granted):
        fields = ", ".join(f'"{one.column}"' for one in Approval._meta.concrete_fields if one.column != "id")
        refused(
            f"INSERT INTO claims_approval ({fields}) SELECT {fields} FROM claims_approval",
            words="claim that is decided",
        )

    def test_a_move_without_a_reversal(self, granted):
        refused(
            "INSERT INTO claims_countermove (counter_id, approval_id, is_reversal, amount, at)"
            " SELECT counter_id, approval_id, true, -amount, now() FROM claims_countermove",
            words="gives back exactly",
        )
        refused(
            "INSERT INTO claims_countermove (counter_id, approval_id, is_reversal, amount, at)"
            " SELECT counter_id, approval_id, false, amount, now() FROM claims_countermove",
            words="own person's counters|counter_moves_once",
        )

    def test_another_amount_than_was_moved(self, desk, granted):
        sql(
            'INSERT INTO claims_reversal (approval_id, reason, later, by_id, "on", at)'
            " SELECT id, 'x', '[]', %s, current_date, now() FROM claims_approval",
            desk.hal.pk,
        )
        refused(
            "INSERT INTO claims_countermove (counter_id, approval_id, is_reversal, amount, at)"
            " SELECT counter_id, approval_id, true, -amount - 1, now() FROM claims_countermove",
            words="gives back exactly",
        )

    def test_figures_that_do_not_add_up(self, desk, claim):
        """An approval written by hand, with a patient who pays a yuan less and no parts."""
        claim = desk.check(claim, desk.fay)
        for fund, patient, words in ((950, 949, "approval_adds_up"), (950, 950, "sum of the parts")):
            refused(
                "INSERT INTO claims_approval (claim_id, person_id, year, plans, total, cut, eligible, own_items,"
                " first_share, deductible, fund_pays, hospital_bears, other_payers, patient_pays, answer, sha256,"
                " approved_on, approved_by_id, approved_at) VALUES (%s, %s, 2010, '[]', 1900, 0, 1900, 0, 0, 0, %s, 0,"
                " 0, %s, '{}', %s, current_date, %s, now())",
                claim.pk,
                claim.member_id,
                Decimal(fund),
                Decimal(patient),
                "0" * 64,
                desk.sue.pk,
                words=words,
            )


def test_no_claim_vanishes(claim):
    refused("DELETE FROM claims_claim WHERE id = %s", claim.pk)
    refused("DELETE FROM claims_flag")
    assert now(claim).pk == claim.pk
