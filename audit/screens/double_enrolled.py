"""Insured twice, in two basic schemes under two records (重复参保). People with the same name and birth date who both
have an ID number of their own are two people; so are twins, whose names differ."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen

SCREEN = Screen(
    code="double_enrolled",
    title=_("Insured twice"),
    sentence=_("Somebody who claims seems to be insured in another basic scheme too, under another record."),
    stories={
        "insured": _("%(name)s is insured under record %(member)s as well, in %(scheme)s; %(times)s claims."),
        "claims": _("%(name)s claims under record %(member)s as well, in %(scheme)s; %(times)s claims here."),
    },
    sql="""
WITH pairs AS MATERIALIZED (
    SELECT m.id AS person, o.id AS other FROM enrollment_member m
    JOIN enrollment_member o ON o.name = m.name AND o.birth_date = m.birth_date AND o.sex = m.sex AND o.id <> m.id
    WHERE m.merged_into_id IS NULL AND o.merged_into_id IS NULL AND (m.id_number IS NULL OR o.id_number IS NULL)
), both_insured AS (
    SELECT DISTINCT s.id, s.person, p.other, s.member_id, s.asked, v.scheme_id FROM audit_screened s
    JOIN pairs p ON p.person = s.person
    JOIN enrollment_coverage v ON v.member_id = p.other AND v.is_basic AND v.void_reason = ''
        AND v.period @> s.admitted_on AND v.scheme_id <> s.scheme_id
    WHERE s.is_live AND s.in_span
), grouped AS (
    SELECT person, other, min(scheme_id) AS scheme_id, array_agg(id ORDER BY asked DESC, id) AS claims,
        sum(asked) AS money, count(*) AS times
    FROM both_insured GROUP BY person, other
)
SELECT 'people:' || g.person || ',' || g.other || ':' || extract(year FROM %(last)s::date) AS key, g.claims,
    jsonb_build_object('story', CASE WHEN c.claims_too THEN 'claims' ELSE 'insured' END, 'name', m.name,
        'member', g.other::text, 'scheme', h.name, 'times', g.times) AS figures,
    g.money, CASE WHEN c.claims_too THEN 85 ELSE 60 END AS score, g.person AS member_id
FROM grouped g
JOIN enrollment_member m ON m.id = g.person
JOIN enrollment_scheme h ON h.id = g.scheme_id
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM audit_screened o WHERE o.person = g.other AND o.is_live)) c (claims_too)
""",
    names=("member_id",),
)
