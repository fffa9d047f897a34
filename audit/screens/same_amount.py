"""The same amount twice for one person within some days (同人同额). Drugs of a chronic disease cost the same each month
and are left aside; many visits have a fixed price, so that two of them say less than two stays."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import PLAIN, Screen, number

SCREEN = Screen(
    code="same_amount",
    title=_("Same person, same amount"),
    sentence=_("Two claims of one person have the same total within some days; chronic diseases are left aside."),
    stories={PLAIN: _("%(one)s and %(other)s both come to %(total)s yuan, %(days)s days apart.")},
    parameters=(
        number("days", _("days between them at most"), 30, 0, 366),
        number("least", _("total from, yuan"), 100, 0, 1_000_000),
    ),
    sql="""
SELECT 'claims:' || a.id || ',' || b.id AS key, ARRAY[a.id, b.id] AS claims,
    jsonb_build_object('one', a.number, 'other', b.number, 'total', a.total::text,
        'days', abs(b.discharged_on - a.discharged_on)) AS figures,
    least(a.asked, b.asked) AS money,
    CASE WHEN a.is_stay AND b.is_stay THEN 45 ELSE 25 END
        + CASE WHEN a.provider_id = b.provider_id THEN 15 ELSE 0 END
        + CASE WHEN a.is_stay AND b.is_stay AND a.total <> trunc(a.total, -1) THEN 20 ELSE 0 END AS score
FROM audit_screened a
JOIN audit_screened b ON b.person = a.person AND b.total = a.total AND b.id > a.id
WHERE a.is_live AND b.is_live AND (a.in_span OR b.in_span) AND a.kind <> 'chronic' AND b.kind <> 'chronic'
    AND a.total >= %(least)s AND abs(b.discharged_on - a.discharged_on) <= %(days)s
""",
)
