"""Made void or taken back and entered again for more, or entered anew after the approval (作废重录、审批后改动). The
same stay entered again for the same or less is a correction."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen, number

SCREEN = Screen(
    code="entered_again",
    title=_("Entered again for more"),
    sentence=_("A claim was made void and its stay entered again for more, or it was changed after its approval."),
    stories={
        "void": _("%(one)s was made void; %(other)s of the same stay asks for %(percent)s %% more."),
        "reversed": _("%(one)s was reversed; %(other)s of the same stay asks for %(percent)s %% more."),
        "changed": _("%(one)s was entered anew after its approval."),
    },
    parameters=(number("percent", _("more than before, percent"), 5, 1, 1_000),),
    sql="""
SELECT 'claims:' || a.id || ',' || b.id AS key, ARRAY[b.id, a.id] AS claims,
    jsonb_build_object('story', a.state, 'one', a.number, 'other', b.number,
        'percent', round(100 * (b.total / a.total - 1), 1)) AS figures,
    b.total - a.total AS money,
    CASE a.state WHEN 'reversed' THEN 70 ELSE least(65, 45 + round(10 * (b.total / a.total - 1))) END AS score
FROM audit_screened a
JOIN audit_screened b ON b.person = a.person AND b.provider_id = a.provider_id AND b.admitted_on = a.admitted_on
    AND b.is_live AND b.id > a.id
WHERE a.state IN ('void', 'reversed') AND (a.in_span OR b.in_span) AND b.total >= a.total * (1 + %(percent)s / 100.0)
UNION ALL
SELECT 'claim:' || s.id || ':changed', ARRAY[s.id], jsonb_build_object('story', 'changed', 'one', s.number), s.asked, 92
FROM office_act t
JOIN audit_screened s ON s.subject = t.subject_id
JOIN claims_approval p ON p.claim_id = s.id AND p.approved_at < t.at
WHERE t.name = 'claim.changed' AND t.subject_type = 'claims.claim' AND t.kind = 'done' AND s.in_span
""",
)
