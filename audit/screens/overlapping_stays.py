"""Two stays of one person overlap in time (住院时间重叠). Being moved on the day of discharge is none."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import PLAIN, Screen

SCREEN = Screen(
    code="overlapping_stays",
    title=_("Overlapping stays"),
    sentence=_("Two stays of one person overlap; a transfer on the day of discharge is none."),
    stories={PLAIN: _("%(one)s and %(other)s overlap by %(days)s days.")},
    sql="""
SELECT 'claims:' || a.id || ',' || b.id AS key, ARRAY[a.id, b.id] AS claims,
    jsonb_build_object('one', a.number, 'other', b.number, 'days', o.days) AS figures,
    least(a.asked, b.asked) AS money, least(95, 75 + 4 * o.days) AS score
FROM audit_screened a
JOIN audit_screened b ON b.person = a.person AND b.id > a.id
    AND a.admitted_on < b.discharged_on AND b.admitted_on < a.discharged_on
CROSS JOIN LATERAL (
    SELECT greatest(1, least(a.discharged_on, b.discharged_on) - greatest(a.admitted_on, b.admitted_on))) o (days)
WHERE a.is_live AND b.is_live AND a.is_stay AND b.is_stay AND (a.in_span OR b.in_span)
""",
)
