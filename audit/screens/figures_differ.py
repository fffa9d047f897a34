"""Figures that do not agree (金额不符): the list's sum and the invoices', a price above the catalogue's limit, more
eligible than there was, parts that are not what was approved. What a checker cut stays in the list and is none."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen

SCREEN = Screen(
    code="figures_differ",
    title=_("Figures that do not agree"),
    sentence=_("List, invoices, prices, eligible cost or parts of a claim do not agree with each other."),
    stories={
        "list": _("%(one)s asks for %(total)s yuan, its list comes to %(other)s."),
        "invoices": _("%(one)s asks for %(total)s yuan, its invoices come to %(other)s."),
        "price": _("%(one)s: %(item)s at %(total)s yuan, the limit is %(other)s."),
        "eligible": _("%(one)s: %(other)s yuan eligible of %(total)s."),
        "parts": _("%(one)s: %(total)s yuan were approved, its parts come to %(other)s."),
    },
    sql="""
WITH asked AS (
    SELECT s.id, s.number, s.total, s.asked, s.content_version, s.is_live FROM audit_screened s WHERE s.in_span
), lines AS (
    SELECT l.claim_id, l.version, sum(l.amount) AS sum FROM claims_claimline l GROUP BY l.claim_id, l.version
), dear AS (
    SELECT DISTINCT ON (l.claim_id) l.claim_id, l.version, l.name AS item, l.price, e.price_limit,
        sum((l.price - e.price_limit) * l.quantity) OVER (PARTITION BY l.claim_id, l.version) AS above
    FROM claims_claimline l JOIN claims_catalogueentry e ON e.id = l.entry_id AND l.price > e.price_limit
    ORDER BY l.claim_id, l.version DESC, l.price - e.price_limit DESC
), found AS (
    SELECT a.id, a.number, 'list' AS story, a.total, l.sum AS other, '' AS item, abs(a.total - l.sum) AS money,
        95 AS score FROM asked a JOIN lines l ON l.claim_id = a.id AND l.version = a.content_version
        WHERE a.is_live AND l.sum <> a.total
    UNION ALL
    SELECT a.id, a.number, 'price', d.price, d.price_limit, d.item, d.above, 70
        FROM asked a JOIN dear d ON d.claim_id = a.id AND d.version = a.content_version WHERE a.is_live
    UNION ALL
    SELECT a.id, a.number, 'invoices', a.total, i.sum, '', abs(a.total - i.sum), 95 FROM asked a JOIN (
        SELECT claim_id, sum(amount) AS sum FROM claims_invoice WHERE is_live GROUP BY claim_id) i ON i.claim_id = a.id
        WHERE a.is_live AND i.sum <> a.total
    UNION ALL
    SELECT a.id, a.number, 'eligible', p.total, p.eligible, '', p.eligible - p.total, 95
        FROM asked a JOIN claims_approval p ON p.claim_id = a.id WHERE p.eligible > p.total
    UNION ALL
    SELECT a.id, a.number, 'parts', p.fund_pays, coalesce(x.sum, 0), '', abs(p.fund_pays - coalesce(x.sum, 0)), 95
        FROM asked a JOIN claims_approval p ON p.claim_id = a.id LEFT JOIN (
            SELECT approval_id, sum(amount) AS sum FROM claims_claimpart WHERE appeal_id IS NULL GROUP BY approval_id
        ) x ON x.approval_id = p.id WHERE coalesce(x.sum, 0) <> p.fund_pays
)
SELECT 'claim:' || f.id || ':' || f.story AS key, ARRAY[f.id] AS claims,
    jsonb_build_object('story', f.story, 'one', f.number, 'total', round(f.total, 2)::text,
        'other', round(f.other, 2)::text, 'item', f.item) AS figures, f.money, f.score
FROM found f
""",
)
