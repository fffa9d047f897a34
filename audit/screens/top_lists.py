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
WITH seen AS (
    SELECT s.id, s.asked, s.village_id, s.provider_id, s.level, s.payee_account, s.payee_kind,
        coalesce(nullif(d.doctor, ''), '') AS doctor
    FROM audit_screened s LEFT JOIN claims_admission d ON d.id = s.admission_id WHERE s.in_span AND s.is_live
), counted AS (
    SELECT 'village' AS kind, '' AS peers, village_id::text AS name, village_id, NULL::bigint AS provider_id,
        '' AS doctor, count(*) AS times, sum(asked) AS money, (array_agg(id ORDER BY asked DESC, id))[1:20] AS claims
    FROM seen GROUP BY village_id
    UNION ALL
    SELECT 'provider', level, provider_id::text, NULL, provider_id, '', count(*), sum(asked),
        (array_agg(id ORDER BY asked DESC, id))[1:20] FROM seen GROUP BY level, provider_id
    UNION ALL
    SELECT 'doctor', '', doctor, NULL, NULL, doctor, count(*), sum(asked),
        (array_agg(id ORDER BY asked DESC, id))[1:20] FROM seen WHERE doctor <> '' GROUP BY doctor
    UNION ALL
    SELECT 'account', '', payee_account, NULL, NULL, '', count(*), sum(asked),
        (array_agg(id ORDER BY asked DESC, id))[1:20] FROM seen
    WHERE payee_account <> '' AND payee_kind <> 'provider' GROUP BY payee_account
), spread AS (
    SELECT c.*, avg(times) OVER peers AS mean, stddev_pop(times) OVER peers AS deviation, count(*) OVER peers AS others
    FROM counted c WINDOW peers AS (PARTITION BY kind, peers)
)
SELECT c.kind || ':' || c.name || ':' || extract(year FROM %(last)s::date) AS key, c.claims,
    jsonb_build_object('story', c.kind, 'times', c.times, 'mean', round(c.mean, 1),
        'account', CASE c.kind WHEN 'account' THEN '**** ' || right(c.name, 4) ELSE '' END) AS figures,
    c.money, least(60, 20 + 5 * (c.times - c.mean) / greatest(c.deviation, 1)) AS score,
    c.village_id, c.provider_id, c.doctor
FROM spread c
WHERE c.others > %(others)s AND c.times >= %(least)s AND c.times > c.mean + %(deviations)s * c.deviation
""",
    names=("village_id", "provider_id", "doctor"),
    is_pointed=False,
)
