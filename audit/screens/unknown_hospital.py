"""A large invoice from outside, of a hospital that hardly anybody claims from and that nobody has asked
(外地陌生医院大额 票据). One that the hospital called genuine is none, nor one under an agreement."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen, number

SCREEN = Screen(
    code="unknown_hospital",
    title=_("Unknown hospital outside"),
    sentence=_("An invoice comes from a hospital outside that hardly anybody claims from and that nobody has asked."),
    stories={
        "unasked": _("%(one)s: %(total)s yuan at a hospital with %(times)s claims in all; it was not asked."),
        "denied": _("%(one)s: %(total)s yuan; the hospital did not confirm its invoice."),
    },
    parameters=(
        number("least", _("total from, yuan"), 1_000, 0, 1_000_000),
        number("times", _("claims of a hospital that is hardly known, at most"), 3, 1, 1_000),
    ),
    sql="""
WITH known AS (
    SELECT provider_id, count(*) AS times FROM audit_screened WHERE region = 'outside' AND is_live GROUP BY provider_id
)
SELECT 'claim:' || s.id AS key, ARRAY[s.id] AS claims,
    jsonb_build_object('story', CASE WHEN a.denied THEN 'denied' ELSE 'unasked' END, 'one', s.number, 'total',
        s.total::text,
        'times', k.times) AS figures,
    s.asked AS money,
    CASE WHEN a.denied THEN 92 ELSE 35 + CASE WHEN p.phone = '' THEN 12 ELSE 0 END
        + CASE WHEN s.total >= 10000 THEN 12 ELSE 0 END END AS score
FROM audit_screened s
JOIN known k ON k.provider_id = s.provider_id
JOIN claims_provider p ON p.id = s.provider_id
CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(v.outcome = 'genuine'), false), coalesce(bool_or(v.outcome IN ('not_found', 'refused')),
        false)
    FROM claims_verification v WHERE v.claim_id = s.id) a (genuine, denied)
WHERE s.in_span AND s.is_live AND s.region = 'outside' AND NOT s.is_designated AND NOT a.genuine
    AND s.total >= %(least)s AND (a.denied OR k.times <= %(times)s)
""",
)
