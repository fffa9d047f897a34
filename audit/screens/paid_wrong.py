"""Paid without an approval, paid twice, or given back by the bank and not noted (支付异常). A payment that came back
and was made again is paid once."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen

SCREEN = Screen(
    code="paid_wrong",
    title=_("Paid wrongly"),
    sentence=_("A claim was paid without being approved, paid more than once, or its money came back unnoted."),
    stories={
        "unapproved": _("%(one)s is being paid or paid, but is not approved."),
        "twice": _("%(one)s was paid %(paid)s yuan, approved are %(amount)s."),
        "returned": _("%(one)s stands as paid, but the bank gave payment %(payment)s back."),
    },
    sql="""
WITH parts AS (
    SELECT p.id, p.state, p.amount, s.id AS claim_id, s.number, s.state AS claim_state
    FROM audit_screened s
    JOIN claims_approval a ON a.claim_id = s.id
    JOIN claims_claimpart p ON p.approval_id = a.id
    WHERE s.in_span
), paid AS (
    SELECT i.part_id, sum(i.amount) FILTER (WHERE y.state = 'paid') AS sum,
        (array_agg(y.number ORDER BY y.id DESC) FILTER (WHERE y.state = 'returned'))[1] AS returned
    FROM funds_paymentitem i JOIN funds_payment y ON y.id = i.payment_id
    WHERE i.part_id IS NOT NULL AND y.state IN ('paid', 'returned') GROUP BY i.part_id
), found AS (
    SELECT p.claim_id, p.number, 'unapproved' AS story, p.amount, p.amount AS paid, '' AS payment, 99 AS score FROM
        parts p
        WHERE p.state IN ('paying', 'paid') AND p.claim_state NOT IN ('approved', 'payable', 'paying', 'paid')
    UNION ALL
    SELECT p.claim_id, p.number, 'twice', p.amount, d.sum, '', 99 FROM parts p JOIN paid d ON d.part_id = p.id
        WHERE d.sum > p.amount
    UNION ALL
    SELECT p.claim_id, p.number, 'returned', p.amount, 0, d.returned, 95 FROM parts p JOIN paid d ON d.part_id = p.id
        WHERE p.state = 'paid' AND d.sum IS NULL AND d.returned IS NOT NULL
)
SELECT 'claim:' || f.claim_id || ':' || f.story AS key, ARRAY[f.claim_id] AS claims,
    jsonb_build_object('story', f.story, 'one', f.number, 'amount', f.amount::text, 'paid', f.paid::text,
        'payment', f.payment) AS figures, f.amount AS money, f.score
FROM found f
""",
)
