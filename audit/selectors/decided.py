"""By which door each posting came into the books, and whose decision stands behind it (docs/rules/seals.md).

A door is a query of the postings that it answers for: the rows of the paper, request, batch or matter say that it was
decided, by the person who stands on the posting as its checker, and for the sum that was entered. A posting that no
door of its kind answers for was entered without a decision. Nothing trusts a trigger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, LiteralString

from psycopg import sql

from audit.rules import complete
from funds.models import PostingKind

Kind = PostingKind

#: A voucher made by hand that a second person checked; where it enters the difference of a count, two confirmed that.
VOUCHER: Final = """
SELECT p.id FROM funds_voucher v JOIN funds_posting p ON p.id = v.posting_id
WHERE v.state = 'entered' AND p.kind = v.kind AND p.kind = ANY({kinds}) AND p.book_id = v.book_id AND p."on" = v."on"
    AND p.made_by_id = v.made_by_id AND p.checked_by_id = v.checked_by_id
    AND p.reverses_id IS NOT DISTINCT FROM v.reverses_id
    AND {debit} = (
        SELECT sum((l ->> 'amount')::numeric) FROM jsonb_array_elements(v.lines) l WHERE l ->> 'side' = 'debit')
    AND EXISTS (SELECT FROM office_act a WHERE a.subject_type = 'funds.voucher' AND a.subject_id = v.id::text
        AND a.name = 'voucher.entered' AND a.kind = 'done' AND a.by_id = p.checked_by_id)
    AND (v.count_id IS NULL OR EXISTS (
        SELECT FROM funds_cashcount c JOIN office_act a ON a.subject_type = 'funds.cashcount'
            AND a.subject_id = c.id::text AND a.name = 'cash.confirmed' AND a.kind = 'done'
            AND a.by_id = c.confirmed_by_id
        WHERE c.id = v.count_id AND c.state = 'confirmed' AND {debit} = abs(c.counted - c.book_balance)))
"""

#: A slip of money in that a second person compared with its paper.
SLIP: Final = """
SELECT p.id FROM funds_slip s JOIN funds_posting p ON p.id = s.posting_id
WHERE s.state IN ('entered', 'back_asked', 'taken_back') AND p.kind = ANY({kinds}) AND p.book_id = s.book_id
    AND p."on" = s."on" AND p.made_by_id = s.noted_by_id AND p.checked_by_id = s.checked_by_id
    AND p.kind = CASE
        WHEN s.kind = 'transfer' AND s.account = 'income_account' THEN 'transferred'
        WHEN s.kind IN ('transfer', 'interest') THEN 'interest'
        WHEN s.kind IN ('deposit', 'fee', 'collective') AND s.is_ahead THEN 'collected_ahead'
        WHEN s.kind IN ('deposit', 'fee', 'collective') THEN 'collected'
        WHEN s.kind = 'assistance' THEN 'assisted'
        WHEN s.kind = 'subsidy' THEN 'subsidised'
        WHEN s.kind = 'other' THEN 'other_income'
        WHEN s.kind = 'refund' THEN 'refunded'
        WHEN s.kind = 'turn' THEN 'year_turned' END
    AND {debit} = s.amount
    AND EXISTS (SELECT FROM office_act a WHERE a.subject_type = 'funds.slip' AND a.subject_id = s.id::text
        AND a.name = 'slip.entered' AND a.kind = 'done' AND a.by_id = p.checked_by_id)
"""

#: A slip that one asked to be taken back and another agreed: its posting in red.
SLIP_BACK: Final = """
SELECT p.id FROM funds_slip s JOIN funds_posting p ON p.reverses_id = s.posting_id
WHERE s.state = 'taken_back' AND p.kind = ANY({kinds}) AND p."on" = s.back_on AND p.made_by_id = s.back_asked_by_id
    AND {debit} = s.amount
    AND EXISTS (SELECT FROM office_act a WHERE a.subject_type = 'funds.slip' AND a.subject_id = s.id::text
        AND a.name = 'slip.taken-back' AND a.kind = 'done' AND a.by_id = p.checked_by_id)
"""

#: A fund request that finance approved.
REQUEST: Final = """
SELECT p.id FROM funds_fundrequest f JOIN funds_posting p ON p.id = f.posting_id
JOIN ({votes}) d ON d.kind = 'funds.fundrequest' AND d.number = f.id::text AND d.voter = p.checked_by_id
WHERE f.state = 'arrived' AND p.kind = ANY({kinds}) AND p.book_id = f.book_id AND {debit} = f.amount
"""

#: Payments that left together: each of a batch that its last step released, each told of by the bank or signed for at
#: the window, each of the posting's kind; an order's own matter was decided besides.
PAYMENTS: Final = """
SELECT p.id FROM funds_posting p JOIN funds_payment y ON y.posting_id = p.id
JOIN funds_paymentbatch b ON b.id = y.batch_id
LEFT JOIN ({votes}) d ON d.kind = 'funds.paymentbatch' AND d.number = b.id::text AND d.voter = p.checked_by_id
    AND d.step = CASE b.place WHEN 'special' THEN 'finance' ELSE 'head' END
LEFT JOIN funds_paymentitem i ON i.payment_id = y.id AND i.order_id IS NOT NULL AND i.part_id IS NULL
LEFT JOIN funds_paymentorder o ON o.id = i.order_id
LEFT JOIN funds_secondline l ON o.subject_type = 'funds.secondline' AND l.id::text = o.subject_id
LEFT JOIN (SELECT DISTINCT kind, number, voter FROM ({votes}) voted) od ON od.voter = o.checked_by_id
    AND od.kind = CASE WHEN l.id IS NULL THEN o.subject_type ELSE 'funds.secondrun' END
    AND od.number = CASE WHEN l.id IS NULL THEN o.subject_id ELSE l.run_id::text END
WHERE p.kind = ANY({kinds})
GROUP BY p.id HAVING bool_and(
    d.voter IS NOT NULL AND p.book_id = b.book_id
    AND p.kind = CASE WHEN y.is_again THEN 'paid_again' ELSE coalesce(o.kind, 'paid') END
    AND (o.id IS NULL OR od.voter IS NOT NULL)
    AND (EXISTS (SELECT FROM funds_answerline n WHERE n.payment_id = y.id AND n.outcome = 'paid'
            AND n.verdict = 'taken')
        OR EXISTS (SELECT FROM funds_cashpayout w WHERE w.payment_id = y.id)))
AND sum(y.amount) = (
    SELECT sum(e.amount) FROM funds_entry e JOIN funds_account a ON a.id = e.account_id
    WHERE e.posting_id = p.id AND e.side = 'credit' AND a.place <> '')
"""

#: Payments of released batches of which the bank says that they came back.
RETURNS: Final = """
SELECT p.id FROM funds_posting p JOIN funds_payment y ON y.return_posting_id = p.id
JOIN funds_paymentbatch b ON b.id = y.batch_id
LEFT JOIN ({votes}) d ON d.kind = 'funds.paymentbatch' AND d.number = b.id::text AND d.voter = p.checked_by_id
    AND d.step = CASE b.place WHEN 'special' THEN 'finance' ELSE 'head' END
WHERE p.kind = ANY({kinds}) AND p.kind = 'returned'
GROUP BY p.id HAVING bool_and(
    d.voter IS NOT NULL AND p.book_id = b.book_id
    AND EXISTS (SELECT FROM funds_answerline n WHERE n.payment_id = y.id AND n.outcome = 'returned'
        AND n.verdict = 'taken'))
AND sum(y.amount) = (SELECT sum(e.amount) FROM funds_entry e WHERE e.posting_id = p.id AND e.side = 'debit')
"""

#: Cash fetched from the bank for a released batch, or brought back.
CASH: Final = """
SELECT p.id FROM funds_cashmove m JOIN funds_posting p ON p.id = m.posting_id
JOIN funds_paymentbatch b ON b.id = m.batch_id AND b.place = 'cash' AND b.book_id = p.book_id
JOIN ({votes}) d ON d.kind = 'funds.paymentbatch' AND d.number = b.id::text AND d.voter = p.checked_by_id
    AND d.step = 'head'
WHERE p.kind = ANY({kinds}) AND p.kind = 'paid' AND p.made_by_id = m.by_id AND p."on" = m."on" AND {debit} = m.amount
"""

#: What is asked for and decided in one round, and entered with the decision itself: moves of the risk fund, money that
#: comes back, what a hospital forfeits, a settlement of which nothing is left to pay. The event is named by the number.
ASKED: Final = """
SELECT p.id FROM (
    SELECT 'funds.riskmove' AS subject, id, book_id, proposed_by_id, state, amount AS entered,
        'risk-fund:' || number AS key, 'risk_fund' AS kind FROM funds_riskmove
    UNION ALL SELECT 'funds.recovery', id, book_id, proposed_by_id, state, amount,
        'recovery:' || number, CASE source WHEN 'insurer' THEN 'premium' ELSE 'recovered' END FROM funds_recovery
    UNION ALL SELECT 'funds.assessment', id, book_id, proposed_by_id, state, retained - amount,
        'assessment:' || number || ':forfeited', 'retention_released' FROM funds_assessment
    UNION ALL SELECT 'funds.providerpayment', id, book_id, proposed_by_id, state, gross,
        'settlement:' || number, 'prepayment_settled' FROM funds_providerpayment WHERE amount = 0
) m JOIN funds_posting p ON p.key = m.key AND p.kind = m.kind AND p.book_id = m.book_id
JOIN ({votes}) d ON d.kind = m.subject AND d.number = m.id::text AND d.voter = p.checked_by_id
WHERE m.state IN ('approved', 'done', 'void') AND p.kind = ANY({kinds}) AND p.made_by_id = m.proposed_by_id
    AND {debit} = m.entered
"""

#: Who agreed in a round that approved, by kind and number of its subject. What an order of payment rests on may lie in
#: the register's rounds too: the year of a fund, by whose paper its benefits are ordered.
VOTES: Final = """
SELECT r.subject_type AS kind, r.subject_id AS number, r.step, v.voter_id AS voter
FROM funds_fundsround r JOIN funds_fundsvote v ON v.round_id = r.id
WHERE r.state = 'closed' AND r.outcome = 'approved' AND v.choice = 'approve'
UNION SELECT r.subject_type, r.subject_id, r.step, v.voter_id
FROM enrollment_enrollmentround r JOIN enrollment_enrollmentvote v ON v.round_id = r.id
WHERE r.state = 'closed' AND r.outcome = 'approved' AND v.choice = 'approve'
"""

DEBIT: Final = "(SELECT sum(e.amount) FROM funds_entry e WHERE e.posting_id = p.id AND e.side = 'debit')"


@dataclass(frozen=True)
class Promise:
    """Kinds of postings, the doors by which they come in, and what is said of one that came by none of them."""

    kinds: Sequence[str]
    doors: Sequence[LiteralString]
    reason: str

    @property
    def query(self) -> sql.Composed:
        """The postings of these kinds that no door answers for."""
        kinds = sql.SQL("{}::text[]").format(sql.Literal([str(one) for one in self.kinds]))
        parts = {"kinds": kinds, "votes": sql.SQL(VOTES), "debit": sql.SQL(DEBIT)}
        doors = sql.SQL(" UNION ALL ").join(sql.SQL("({})").format(sql.SQL(one).format(**parts)) for one in self.doors)
        return sql.SQL("SELECT p.id FROM funds_posting p WHERE p.kind = ANY({}) EXCEPT ({})").format(kinds, doors)


PROMISES: Final = (
    Promise(
        (Kind.OPENING, Kind.YEAR_CLOSED, Kind.BORROWED, Kind.LEVELS, Kind.MOVED, Kind.SWEPT, Kind.CASH_DIFFERENCE,
         Kind.BANK_FEE),
        (VOUCHER,),
        complete.NOT_CHECKED,
    ),
    Promise(
        (Kind.COLLECTED, Kind.COLLECTED_AHEAD, Kind.YEAR_TURNED, Kind.ASSISTED, Kind.SUBSIDISED, Kind.REFUNDED),
        (SLIP,),
        complete.NOT_CHECKED,
    ),
    Promise((Kind.TRANSFERRED, Kind.INTEREST, Kind.OTHER_INCOME), (SLIP, VOUCHER), complete.NOT_CHECKED),
    Promise((Kind.REVERSAL,), (VOUCHER, SLIP_BACK), complete.NOT_AGREED),
    Promise((Kind.REQUESTED,), (REQUEST,), complete.NOT_APPROVED),
    Promise((Kind.PAID, Kind.PAID_AGAIN), (PAYMENTS, CASH), complete.NOT_PAID),
    Promise((Kind.RETURNED,), (RETURNS,), complete.NOT_PAID),
    Promise(
        (Kind.PREPAID, Kind.PREPAYMENT_SETTLED, Kind.RETENTION_RELEASED, Kind.PREMIUM, Kind.RECOVERED, Kind.RISK_FUND),
        (PAYMENTS, ASKED),
        complete.NOT_DECIDED,
    ),
)  # fmt: skip
