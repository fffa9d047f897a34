"""Above the ceiling of the year (超年度封顶线), all records of a person together. Up to the ceiling is none; ceilings
of a household go by its size and are left aside."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import PLAIN, Screen

SCREEN = Screen(
    code="over_ceiling",
    title=_("Above the year's ceiling"),
    sentence=_("What a person was granted in a year is above the ceiling of the plan."),
    stories={PLAIN: _("%(used)s yuan were used of a ceiling of %(amount)s in %(year)s.")},
    sql="""
WITH used AS (
    SELECT coalesce(m.merged_into_id, m.id) AS person, c.scheme_id, c.year, c.name, sum(c.value) AS used
    FROM (SELECT DISTINCT scheme_id, year, counter FROM audit_threshold WHERE kind = 'year') t
    JOIN claims_benefitcounter c ON c.scheme_id = t.scheme_id AND c.year = t.year AND c.name = t.counter
    JOIN enrollment_member m ON m.id = c.member_id
    GROUP BY 1, 2, 3, 4
), above AS (
    SELECT u.person, u.scheme_id, u.year, u.name, u.used, max(t.amount) AS amount
    FROM used u JOIN audit_threshold t ON t.kind = 'year' AND t.scheme_id = u.scheme_id AND t.year = u.year
        AND t.counter = u.name
    GROUP BY 1, 2, 3, 4, 5 HAVING u.used > max(t.amount)
)
SELECT 'person:' || a.person || ':' || a.scheme_id || ':' || a.year || ':' || a.name AS key, s.claims,
    jsonb_build_object('used', a.used::text, 'amount', a.amount::text, 'year', a.year::text) AS figures, a.used -
        a.amount AS money,
    95 AS score, a.person AS member_id
FROM above a
CROSS JOIN LATERAL (
    SELECT (array_agg(s.id ORDER BY s.id DESC))[1:50] FROM audit_screened s
    WHERE s.person = a.person AND s.scheme_id = a.scheme_id AND s.is_live
        AND extract(year FROM s.discharged_on) = a.year) s (claims)
WHERE s.claims IS NOT NULL
""",
    names=("member_id",),
)
