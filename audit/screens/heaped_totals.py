"""Totals heap up on one side of a deductible or of a limit (金额堆积): a histogram of each provider about each of them.
Few stays, and about as many on both sides, are none; it points at a place."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen, number

SCREEN = Screen(
    code="heaped_totals",
    title=_("Totals heap up at a threshold"),
    sentence=_(
        "A provider's totals lie just above a deductible, or just under a limit, far more often than beside it."
    ),
    stories={
        "deductible": _("%(many)s totals lie just above the deductible of %(amount)s, %(few)s just below it."),
        "limit": _("%(many)s totals lie just under the limit of %(amount)s, %(few)s just above it."),
        "ceiling": _("%(many)s totals lie just under the ceiling of %(amount)s, %(few)s just above it."),
    },
    parameters=(
        number("band", _("width of the band, percent of the threshold"), 5, 1, 20),
        number("rows", _("stays in the band, at least"), 10, 3, 10_000),
        number("times", _("times as many as on the other side"), 4, 2, 50),
    ),
    sql="""
WITH sides AS (
    SELECT t.kind, t.amount, s.provider_id, s.id, s.asked, s.total >= t.amount AS is_above
    FROM audit_threshold t
    JOIN audit_screened s ON s.scheme_id = t.scheme_id AND s.discharged_on BETWEEN t.first AND t.last
        AND s.total BETWEEN t.amount * (1 - %(band)s / 100.0) AND t.amount * (1 + %(band)s / 100.0)
    WHERE s.in_span AND s.is_live AND s.is_stay AND t.kind IN ('deductible', 'limit', 'ceiling')
), counted AS (
    SELECT kind, amount, provider_id, count(*) FILTER (WHERE is_above = (kind = 'deductible')) AS many,
        count(*) FILTER (WHERE is_above <> (kind = 'deductible')) AS few,
        sum(asked) FILTER (WHERE is_above = (kind = 'deductible')) AS money,
        (array_agg(id ORDER BY id DESC) FILTER (WHERE is_above = (kind = 'deductible')))[1:20] AS claims
    FROM sides GROUP BY kind, amount, provider_id
)
SELECT kind || ':' || amount || ':' || provider_id || ':' || extract(year FROM %(last)s::date) AS key, claims,
    jsonb_build_object('story', kind, 'many', many, 'few', few, 'amount', amount::text) AS figures, money,
    least(60, 20 + 2 * many / greatest(few, 1)) AS score, provider_id
FROM counted WHERE many >= %(rows)s AND many >= %(times)s * greatest(few, 1)
""",
    names=("provider_id",),
    is_pointed=False,
)
