"""First digits that no honest amounts have (本福特定律): mean absolute deviation of a provider's uncapped totals.

Of amounts that nobody capped, 1 is the first digit in 30.1 %, 9 in 4.6 %. Only stays, without those of a fixed price,
and only of at least a thousand: fewer say nothing (Nigrini, Benford's Law, 2012: not conforming above 0.015).
"""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import PLAIN, Screen, number

SCREEN = Screen(
    code="benford",
    title=_("First digits of amounts"),
    sentence=_("The first digits of a provider's uncapped totals are not spread as those of honest amounts are."),
    stories={PLAIN: _("The first digits of %(rows)s totals deviate by %(deviation)s thousandths on average.")},
    parameters=(
        number("rows", _("totals, at least"), 1_000, 1_000, 1_000_000),
        number("deviation", _("deviation in thousandths from"), 15, 6, 100),
    ),
    sql="""
WITH totals AS (
    SELECT provider_id, id, asked, left(trunc(total)::text, 1)::integer AS digit
    FROM audit_screened WHERE in_span AND is_live AND kind = 'inpatient' AND total >= 1
), places AS (
    SELECT provider_id, count(*) AS rows, sum(asked) AS money, (array_agg(id ORDER BY asked DESC, id))[1:20] AS claims
    FROM totals GROUP BY provider_id HAVING count(*) >= %(rows)s
), apart AS (
    SELECT p.provider_id, p.rows, p.money, p.claims,
        1000 * avg(abs(coalesce(t.count, 0)::numeric / p.rows - log(1 + 1.0 / d.digit))) AS deviation
    FROM places p CROSS JOIN generate_series(1, 9) d (digit) LEFT JOIN (
        SELECT provider_id, digit, count(*) AS count FROM totals GROUP BY provider_id, digit
    ) t ON t.provider_id = p.provider_id AND t.digit = d.digit
    GROUP BY p.provider_id, p.rows, p.money, p.claims
)
SELECT 'provider:' || provider_id || ':' || extract(year FROM %(last)s::date) AS key, claims,
    jsonb_build_object('rows', rows, 'deviation', round(deviation, 1)) AS figures, money,
    least(60, 20 + deviation - %(deviation)s) AS score, provider_id
FROM apart WHERE deviation > %(deviation)s
""",
    names=("provider_id",),
    is_pointed=False,
)
