"""In another place on a day of a stay: an outpatient visit between admission and discharge (挂床、冒名). A visit on
the day of admission or of discharge is none; somebody of the family may fetch drugs of a chronic disease."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import PLAIN, Screen

SCREEN = Screen(
    code="elsewhere",
    title=_("Elsewhere during a stay"),
    sentence=_("A visit falls between the day of admission and the day of discharge of a stay of the same person."),
    stories={PLAIN: _("Visit %(one)s of %(on)s falls into stay %(other)s.")},
    sql="""
SELECT 'claims:' || v.id || ',' || s.id AS key, ARRAY[s.id, v.id] AS claims,
    jsonb_build_object('one', v.number, 'other', s.number, 'on', v.admitted_on) AS figures, s.asked AS money,
    CASE WHEN v.kind = 'chronic' THEN 40 WHEN v.provider_id = s.provider_id THEN 65 ELSE 82 END AS score
FROM audit_screened s
JOIN audit_screened v ON v.person = s.person AND v.admitted_on > s.admitted_on AND v.discharged_on < s.discharged_on
WHERE s.is_stay AND NOT v.is_stay AND s.is_live AND v.is_live AND (s.in_span OR v.in_span)
""",
)
