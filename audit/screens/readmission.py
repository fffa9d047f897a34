"""Admitted again for the same disease at the same hospital within some days (分解住院). A transfer to another
hospital, a stay for another disease, and one after these days are none."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import PLAIN, Screen, number

SCREEN = Screen(
    code="readmission",
    title=_("Split stay"),
    sentence=_("Somebody was admitted again for the same disease at the same hospital within some days."),
    stories={PLAIN: _("%(other)s begins %(days)s days after %(one)s ended, for the same disease.")},
    parameters=(number("days", _("days after the discharge at most"), 10, 0, 60),),
    sql="""
SELECT 'claims:' || a.id || ',' || b.id AS key, ARRAY[b.id, a.id] AS claims,
    jsonb_build_object('one', a.number, 'other', b.number, 'days', b.admitted_on - a.discharged_on) AS figures,
    least(a.asked, b.asked) AS money,
    greatest(40, 78 - 3 * (b.admitted_on - a.discharged_on)) AS score
FROM audit_screened a
JOIN audit_screened b ON b.person = a.person AND b.provider_id = a.provider_id AND b.disease_id = a.disease_id
    AND b.id <> a.id AND b.admitted_on > a.admitted_on
    AND b.admitted_on - a.discharged_on BETWEEN 0 AND %(days)s
WHERE a.kind = 'inpatient' AND b.kind = 'inpatient' AND a.is_live AND b.is_live AND (a.in_span OR b.in_span)
""",
)
