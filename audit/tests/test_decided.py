"""Every posting has its decision: each kind by its door, and each decision that is taken away is found and named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import psycopg
import pytest

from audit.rules import complete
from audit.selectors import completeness, decided
from audit.tests import entered
from audit.tests.sealed import superuser
from funds.models import Posting, PostingKind

pytestmark = pytest.mark.django_db(transaction=True)

#: What whoever owns the machine could do to any posting: another sum, another checker.
SUM: Final = "UPDATE funds_entry SET amount = amount + 1 WHERE posting_id = {p}"
CHECKER: Final = (
    "UPDATE funds_posting SET checked_by_id = (SELECT max(id) FROM office_person WHERE id NOT IN"
    " (made_by_id, checked_by_id)) WHERE id = {p}"
)
ANY: Final = (SUM, CHECKER)
OF_VOUCHER: Final = (
    *ANY,
    "DELETE FROM office_act WHERE name = 'voucher.entered' AND facts ->> 'posting' = '{p}'",
    "UPDATE funds_voucher SET posting_id = 987654 WHERE posting_id = {p}",
    'UPDATE funds_posting SET "on" = "on" + 1 WHERE id = {p}',
)
OF_COUNT: Final = (
    *OF_VOUCHER,
    "DELETE FROM office_act WHERE name = 'cash.confirmed'",
    "UPDATE funds_cashcount SET state = 'void', confirmed_by_id = NULL, confirmed_at = NULL",
    "UPDATE funds_cashcount SET counted = counted + 1",
)
OF_SLIP: Final = (
    *ANY,
    "DELETE FROM office_act WHERE name = 'slip.entered' AND facts ->> 'posting' = '{p}'",
    "UPDATE funds_slip SET posting_id = 987654 WHERE posting_id = {p}",
    "UPDATE funds_posting SET kind = CASE kind WHEN 'assisted' THEN 'subsidised' ELSE 'assisted' END WHERE id = {p}",
)
OF_SLIP_BACK: Final = (
    *ANY,
    "DELETE FROM office_act WHERE name = 'slip.taken-back'",
    "UPDATE funds_slip SET state = 'back_asked' WHERE state = 'taken_back'",
)
ROUND: Final = (
    "UPDATE funds_fundsround SET outcome = 'refused' WHERE subject_type = '{kind}'",
    "DELETE FROM funds_fundsvote WHERE round_id IN (SELECT id FROM funds_fundsround WHERE subject_type = '{kind}')",
)
TOLD: Final = (
    "DELETE FROM funds_answerline WHERE outcome = '{outcome}'",
    "UPDATE funds_answerline SET verdict = 'contradicts' WHERE outcome = '{outcome}'",
)


def of(kind: str) -> tuple[str, ...]:
    """The round of a kind of matter is refused, or has no votes."""
    return tuple(one.replace("{kind}", kind) for one in ROUND)


def told(outcome: str) -> tuple[str, ...]:
    """The bank says nothing, or what the office did not take."""
    return tuple(one.replace("{outcome}", outcome) for one in TOLD)


RELEASE: Final = (*of("funds.paymentbatch"), "UPDATE funds_fundsround SET step = 'accounting' WHERE step = 'head'")
OF_PAYMENT: Final = (*ANY, *RELEASE, "UPDATE funds_payment SET amount = amount + 1 WHERE posting_id = {p}")
NOBODY_ASKED: Final = "UPDATE funds_posting SET key = 'x' || key WHERE id = {p}"
TAKEN_AWAY: Final[dict[str, tuple[Sequence[str], str]]] = {
    "reversal by hand": (OF_VOUCHER, complete.NOT_AGREED),
    "reversal by slip": (OF_SLIP_BACK, complete.NOT_AGREED),
    "cash_difference of a count": (OF_COUNT, complete.NOT_CHECKED),
    "requested": ((*ANY, *of("funds.fundrequest")), complete.NOT_APPROVED),
    "paid": ((*OF_PAYMENT, *told("paid")), complete.NOT_PAID),
    "paid_again": ((*OF_PAYMENT, *told("paid")), complete.NOT_PAID),
    "returned": (
        (*ANY, *RELEASE, *told("returned"), "UPDATE funds_payment SET amount = 1 WHERE return_posting_id = {p}"),
        complete.NOT_PAID,
    ),
    "paid: cash fetched": ((*ANY, *RELEASE, "DELETE FROM funds_cashmove"), complete.NOT_PAID),
    "paid at the window": ((*OF_PAYMENT, "DELETE FROM funds_cashpayout"), complete.NOT_PAID),
    "paid: cash brought back": ((*ANY, *RELEASE, "DELETE FROM funds_cashmove"), complete.NOT_PAID),
    "paid: second compensation": (
        (*OF_PAYMENT, *told("paid"), *of("funds.secondrun"), "UPDATE funds_paymentorder SET kind = 'prepaid'"),
        complete.NOT_PAID,
    ),
    "prepaid": ((*OF_PAYMENT, *told("paid"), *of("funds.prepayment")), complete.NOT_DECIDED),
    "prepayment_settled": ((*OF_PAYMENT, *told("paid"), *of("funds.providerpayment")), complete.NOT_DECIDED),
    "prepayment_settled at once": ((*ANY, NOBODY_ASKED, *of("funds.providerpayment")), complete.NOT_DECIDED),
    "premium": ((*OF_PAYMENT, *told("paid"), *of("funds.premium")), complete.NOT_DECIDED),
    "recovered": ((*ANY, NOBODY_ASKED, *of("funds.recovery")), complete.NOT_DECIDED),
    "premium of an insurer": ((*ANY, NOBODY_ASKED, *of("funds.recovery")), complete.NOT_DECIDED),
    "risk_fund": ((*ANY, NOBODY_ASKED, *of("funds.riskmove")), complete.NOT_DECIDED),
    "retention_released to the fund": ((*ANY, NOBODY_ASKED, *of("funds.assessment")), complete.NOT_DECIDED),
    "retention_released": ((*OF_PAYMENT, *told("paid"), *of("funds.assessment")), complete.NOT_DECIDED),
}
BY_HAND: Final = (OF_VOUCHER, complete.NOT_CHECKED)
BY_SLIP: Final = (OF_SLIP, complete.NOT_CHECKED)

#: The kinds that each builder enters (audit/tests/entered.py); together they are all there are.
KINDS: Final[dict[Callable[[Any], entered.Found], set[str]]] = {
    entered.by_hand: {
        "opening", "borrowed", "levels", "moved", "swept", "interest", "other_income", "transferred",
        "cash_difference", "bank_fee", "reversal", "year_closed",
    },
    entered.by_slip: {
        "collected", "collected_ahead", "assisted", "subsidised", "interest", "other_income", "transferred",
        "reversal", "refunded", "year_turned",
    },
    entered.by_payment: {"requested", "paid", "returned", "paid_again"},
    entered.by_decision: {
        "prepaid", "prepayment_settled", "premium", "recovered", "risk_fund", "retention_released",
    },
    entered.by_second_run: {"paid"},
}  # fmt: skip


def undecided(connection: psycopg.Connection[Any]) -> set[tuple[int, str]]:
    """What no door answers for, as one who looks past every trigger sees it."""
    found = set()
    for promise in decided.PROMISES:
        found |= {(pk, promise.reason) for (pk,) in connection.execute(promise.query)}
    return found


def changes_of(name: str, build: Any) -> tuple[Sequence[str], str]:
    """What can be taken away of a posting, and what is said of it then."""
    if name == "reversal":
        name = "reversal by hand" if build is entered.by_hand else "reversal by slip"
    return TAKEN_AWAY.get(name) or (BY_HAND if build is entered.by_hand else BY_SLIP)


class TestEveryKind:
    def test_has_one_promise(self):
        kinds = [str(kind) for promise in decided.PROMISES for kind in promise.kinds]
        assert sorted(kinds) == sorted(PostingKind.values)
        assert set().union(*KINDS.values()) == set(PostingKind.values)

    @pytest.mark.parametrize("build", KINDS, ids=lambda build: build.__name__)
    def test_is_let_in_with_its_decision_and_named_without_it(self, build, appoint):
        made = dict(build(appoint))
        assert {one.kind for one in made.values()} == KINDS[build]
        with superuser() as connection:
            before = undecided(connection)
            assert not {pk for pk, _reason in before} & {one.pk for one in made.values()}, made
            connection.commit()
            for name, posting in made.items():
                changes, reason = changes_of(name, build)
                for change in changes:
                    connection.execute("SET LOCAL session_replication_role = replica")
                    done = connection.execute(change.replace("{p}", str(posting.pk)).encode())
                    assert done.rowcount, (name, change)
                    found = {told for pk, told in undecided(connection) if pk == posting.pk}
                    assert found == {_reason_of(posting, change, reason)}, (name, change)
                    connection.rollback()


def _reason_of(posting: Posting, change: str, reason: str) -> str:
    """A posting that is made one of another kind is missed by that kind's promise: slips' kinds have one reason."""
    return complete.NOT_CHECKED if "SET kind = CASE" in change and "funds_posting" in change else reason


class TestWithTheRest:
    def test_a_posting_past_the_services_is_named_in_the_nights_look(self, appoint):
        made = dict(entered.by_payment(appoint))
        with superuser() as connection:
            before = {(one.table, one.pk) for one in completeness.within(connection).faults}
            connection.execute(
                b'INSERT INTO funds_posting (book_id, period_id, number, key, sha256, kind, "on", summary, attachments,'
                b" made_by_id, checked_by_id, made_at, entered_at, transaction) SELECT book_id, period_id, 999, 'x',"
                b' sha256, kind, "on", summary, 0, made_by_id, checked_by_id, made_at, entered_at, transaction'
                + f" FROM funds_posting WHERE id = {made['paid'].pk} RETURNING id".encode()
            )
            found = {(one.table, one.reason) for one in completeness.within(connection).faults
                     if (one.table, one.pk) not in before}  # fmt: skip
            assert found == {("funds_posting", complete.NO_ACT), ("funds_posting", complete.NOT_PAID)}
            connection.rollback()

    def test_more_paid_than_was_released_is_named(self, appoint):
        made = dict(entered.by_payment(appoint))
        batch = made["paid"].payments.values_list("batch", flat=True).first()
        with superuser() as connection:
            connection.execute(
                f"UPDATE funds_fundsround SET amount = amount - 1 WHERE subject_type = 'funds.paymentbatch' AND"
                f" subject_id = '{batch}'".encode()
            )
            found = {(one.table, one.pk, one.reason) for one in completeness.within(connection).faults}
            assert ("funds_paymentbatch", batch, complete.PAID_MORE) in found
            connection.rollback()
