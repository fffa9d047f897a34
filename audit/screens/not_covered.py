"""Dead, or not insured, on the day of admission (死亡或未参保). Who died in the stay is none; the coverage may stand
under any record of the person."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen

SCREEN = Screen(
    code="not_covered",
    title=_("Dead or not insured"),
    sentence=_("The patient was dead, or not insured by the claim's scheme, on the day of admission."),
    stories={
        "dead": _("%(one)s: admitted on %(on)s, but dead since %(since)s."),
        "uncovered": _("%(one)s: not insured by its scheme on %(on)s."),
    },
    sql="""
WITH bare AS MATERIALIZED (
    SELECT s.id, s.person, s.number, s.scheme_id, s.admitted_on, s.asked FROM audit_screened s
    WHERE s.in_span AND s.is_live AND NOT EXISTS (
        SELECT FROM enrollment_coverage v WHERE v.member_id = s.member_id AND v.scheme_id = s.scheme_id
            AND v.void_reason = '' AND v.period @> s.admitted_on)
)
SELECT 'claim:' || s.id AS key, ARRAY[s.id] AS claims,
    jsonb_build_object('story', 'dead', 'one', s.number, 'on', s.admitted_on, 'since', s.died_on) AS figures,
    s.asked AS money, 98 AS score
FROM audit_screened s WHERE s.in_span AND s.is_live AND s.died_on < s.admitted_on
UNION ALL
SELECT 'claim:' || b.id, ARRAY[b.id],
    jsonb_build_object('story', 'uncovered', 'one', b.number, 'on', b.admitted_on), b.asked, 88
FROM bare b WHERE NOT EXISTS (
    SELECT FROM enrollment_member m JOIN enrollment_coverage v ON v.member_id = m.id
    WHERE (m.id = b.person OR m.merged_into_id = b.person) AND v.scheme_id = b.scheme_id
        AND v.void_reason = '' AND v.period @> b.admitted_on)
""",
)
