"""Two people whose claims come together far more often than chance brings them (经办搭档): who takes in and who checks
first, or the two checkers. Where there is one checker alone everybody goes to him, and that is none."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen, number

SCREEN = Screen(
    code="pairs",
    title=_("Pairs who decide together"),
    sentence=_("Two people deal with the same claims far more often than chance would bring them together."),
    stories={
        "intake": _("%(times)s claims that %(one)s took in were checked first by %(other)s, %(usual)s would be usual."),
        "checks": _("%(times)s claims were checked by %(one)s and then %(other)s, %(usual)s would be usual."),
    },
    parameters=(
        number("rows", _("claims together, at least"), 30, 3, 100_000),
        number("times", _("times as many as usual"), 2, 2, 20),
    ),
    sql="""
WITH voted AS MATERIALIZED (
    SELECT claim_id, min(voter_id) FILTER (WHERE step = 'first_check') AS first_voter,
        min(voter_id) FILTER (WHERE step = 'second_check') AS second_voter
    FROM audit_voted WHERE choice IN ('approve', 'cut') GROUP BY claim_id
), together AS MATERIALIZED (
    SELECT 'intake' AS kind, s.entered_by_id AS one, v.first_voter AS other, s.id, s.asked
    FROM audit_screened s JOIN voted v ON v.claim_id = s.id WHERE s.in_span AND v.first_voter IS NOT NULL
    UNION ALL
    SELECT 'checks', v.first_voter, v.second_voter, s.id, s.asked
    FROM audit_screened s JOIN voted v ON v.claim_id = s.id
    WHERE s.in_span AND v.first_voter IS NOT NULL AND v.second_voter IS NOT NULL
), counted AS (
    SELECT kind, one, other, count(*) AS times, sum(asked) AS money FROM together GROUP BY kind, one, other
), expected AS (
    SELECT c.*, (sum(times) OVER (PARTITION BY kind, one)) * (sum(times) OVER (PARTITION BY kind, other))
        / (sum(times) OVER (PARTITION BY kind)) AS usual
    FROM counted c
)
SELECT e.kind || ':' || e.one || ',' || e.other || ':' || extract(year FROM %(last)s::date) AS key, c.claims,
    jsonb_build_object('story', e.kind, 'times', e.times, 'usual', round(e.usual, 1), 'one', a.full_name,
        'other', b.full_name) AS figures,
    e.money, least(60, 15 + 10 * e.times / e.usual) AS score, e.one AS clerk_id
FROM expected e
JOIN office_person a ON a.id = e.one
JOIN office_person b ON b.id = e.other
CROSS JOIN LATERAL (
    SELECT array_agg(t.id) FROM (
        SELECT id FROM together WHERE kind = e.kind AND one = e.one AND other = e.other ORDER BY asked DESC, id LIMIT 20
    ) t) c (claims)
WHERE e.times >= %(rows)s AND e.times >= %(times)s * e.usual
""",
    names=("clerk_id",),
    is_pointed=False,
    reads_votes=True,
)
