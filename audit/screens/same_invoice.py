"""One invoice, or one admission of a hospital, claimed for twice (发票、住院号重复).

The database refuses a second living claim for the same type, number and year of an invoice; what is found here differs
in one of them. Bills of one stay that follow one another are none.
"""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen

SCREEN = Screen(
    code="same_invoice",
    title=_("Same invoice or admission"),
    sentence=_("Two claims rest on one invoice number and amount of a provider, or on one admission number of it."),
    stories={
        "invoice": _("%(one)s and %(other)s rest on invoice %(number)s of the same amount at the same provider."),
        "admission": _("%(one)s and %(other)s name admission %(number)s of the same provider."),
    },
    sql="""
SELECT 'claims:' || a.id || ',' || b.id AS key, ARRAY[a.id, b.id] AS claims,
    jsonb_build_object('story', 'invoice', 'one', a.number, 'other', b.number, 'number', i.number) AS figures,
    least(a.asked, b.asked) AS money, 95 AS score
FROM claims_invoice i
JOIN claims_invoice j ON j.number = i.number AND j.amount = i.amount AND j.is_live
JOIN audit_screened a ON a.id = i.claim_id
JOIN audit_screened b ON b.id = j.claim_id AND b.provider_id = a.provider_id AND b.id > a.id
WHERE i.is_live AND a.is_live AND b.is_live AND (a.in_span OR b.in_span)
UNION ALL
SELECT 'claims:' || a.id || ',' || b.id, ARRAY[a.id, b.id],
    jsonb_build_object('story', 'admission', 'one', a.number, 'other', b.number, 'number', a.hospital_number),
    least(a.asked, b.asked), 90
FROM audit_screened a
JOIN audit_screened b ON b.provider_id = a.provider_id AND b.hospital_number = a.hospital_number AND b.id > a.id
WHERE a.hospital_number <> '' AND a.is_live AND b.is_live AND (a.in_span OR b.in_span)
    AND NOT (b.person = a.person AND (b.admitted_on >= a.discharged_on OR a.admitted_on >= b.discharged_on))
""",
)
