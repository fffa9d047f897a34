"""Far more claims than others of the same kind: a village, a provider of a level, a doctor, an account (排行). That
some have more than others is none; it points at a place and not at its claims."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen, number

SCREEN = Screen(
    code="top_lists",
    title=_("Far more claims than others"),
    sentence=_("A village, provider, doctor or account has far more claims than others of its kind."),
    stories={
        "village": _("%(times)s claims come from this village, %(mean)s on average from one."),
        "provider": _("%(times)s claims come from this provider, %(mean)s on average from one of its level."),
        "doctor": _("%(times)s claims are of this doctor's patients, %(mean)s on average of one."),
        "account": _("%(times)s claims are paid to account %(account)s, %(mean)s on average to one."),
    },
    parameters=(
        number("least", _("claims from"), 30, 2, 100_000),
        number("deviations", _("standard deviations above the average"), 3, 1, 20),
        number("others", _("others to compare with, at least"), 10, 3, 1_000),
    ),
    sql="""
WITH seen AS MATERIALIZED (
    SELECT s.id, s.asked, s.village_id, s.provider_id, s.level, d.doctor,
        CASE WHEN s.payee_kind <> 'provider' THEN s.payee_account ELSE '' END AS account
    FROM audit_screened s LEFT JOIN claims_admission d ON d.id = s.admission_id WHERE s.in_span AND s.is_live
), counted AS (
    SELECT 'village' AS kind, '' AS peers, village_id, NULL::bigint AS provider_id, NULL AS doctor, NULL AS account,
        count(*) AS times, sum(asked) AS money
    FROM seen GROUP BY village_id
    UNION ALL
    SELECT 'provider', level, NULL, provider_id, NULL, NULL, count(*), sum(asked) FROM seen GROUP BY level, provider_id
    UNION ALL
    SELECT 'doctor', '', NULL, NULL, doctor, NULL, count(*), sum(asked) FROM seen WHERE doctor <> '' GROUP BY doctor
    UNION ALL
    SELECT 'account', '', NULL, NULL, NULL, account, count(*), sum(asked) FROM seen WHERE account <> ''
    GROUP BY account
), spread AS (
    SELECT c.*, coalesce(village_id::text, provider_id::text, doctor, account) AS name, avg(times) OVER peers AS mean,
        stddev_pop(times) OVER peers AS deviation, count(*) OVER peers AS others
    FROM counted c WINDOW peers AS (PARTITION BY kind, peers)
)
SELECT c.kind || ':' || c.name || ':' || extract(year FROM %(last)s::date) AS key, t.claims,
    jsonb_build_object('story', c.kind, 'times', c.times, 'mean', round(c.mean, 1),
        'account', CASE c.kind WHEN 'account' THEN '**** ' || right(c.name, 4) ELSE '' END) AS figures,
    c.money, least(60, 20 + 5 * (c.times - c.mean) / greatest(c.deviation, 1)) AS score,
    c.village_id, c.provider_id, c.doctor
FROM spread c
CROSS JOIN LATERAL (
    SELECT array_agg(n.id) FROM (
        SELECT s.id FROM seen s
        WHERE s.village_id = c.village_id OR s.provider_id = c.provider_id AND s.level = c.peers
            OR s.doctor = c.doctor OR s.account = c.account
        ORDER BY s.asked DESC, s.id LIMIT 20
    ) n) t (claims)
WHERE c.others > %(others)s AND c.times >= %(least)s AND c.times > c.mean + %(deviations)s * c.deviation
""",
    names=("village_id", "provider_id", "doctor"),
    is_pointed=False,
)
