"""Stays without days, without treatment or far longer than their disease needs (挂床住院).

Half of the stays for a disease are shorter than its median; where there are too few stays nobody knows it. A short stay
that cost little is none, nor a long one of a few days more.
"""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen, number

SCREEN = Screen(
    code="stay_length",
    title=_("Days of a stay"),
    sentence=_(
        "A stay has no more than a day though it cost much, is far longer than usual for its disease, or has days"
        " without treatment."
    ),
    stories={
        "short": _("%(one)s: %(days)s days for %(total)s yuan."),
        "long": _("%(one)s: %(days)s days, half of the stays for this disease end within %(median)s."),
        "untreated": _("%(one)s: %(days)s days of bed and nursing, nothing else was charged."),
        "gaps": _("%(one)s: %(days)s days, but the bed was charged for %(beds)s."),
    },
    parameters=(
        number("least", _("short stays: total from, yuan"), 500, 0, 1_000_000),
        number("times", _("long stays: times the median"), 3, 2, 20),
        number("stays", _("stays of a disease whose median counts, at least"), 20, 2, 10_000),
    ),
    sql="""
WITH stays AS MATERIALIZED (
    SELECT s.*, s.discharged_on - s.admitted_on AS days FROM audit_screened s WHERE s.is_live AND s.kind = 'inpatient'
), usual AS (
    SELECT disease_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median FROM stays
    GROUP BY disease_id HAVING count(*) >= %(stays)s
), charged AS (
    SELECT s.id, bool_or(l.item_class <> 'C' AND l."group" NOT IN ('bed', 'nursing', 'other')) AS is_treated,
        sum(l.quantity) FILTER (WHERE l."group" = 'bed') AS beds
    FROM stays s JOIN claims_claimline l ON l.claim_id = s.id AND l.version = s.content_version
    WHERE s.in_span GROUP BY s.id
), signs AS (
    SELECT s.*, c.beds, u.median, CASE
        WHEN NOT c.is_treated AND s.days > 0 THEN 'untreated'
        WHEN c.beds > 0 AND c.beds < s.days - 1 THEN 'gaps'
        WHEN s.days <= 1 AND s.total >= %(least)s THEN 'short'
        WHEN s.days > %(times)s * u.median AND s.days >= u.median + 7 THEN 'long' END AS story
    FROM stays s LEFT JOIN charged c ON c.id = s.id LEFT JOIN usual u ON u.disease_id = s.disease_id WHERE s.in_span
)
SELECT 'claim:' || s.id AS key, ARRAY[s.id] AS claims,
    jsonb_build_object('story', s.story, 'one', s.number, 'days', s.days, 'total', s.total::text,
        'median', s.median, 'beds', trunc(s.beds)) AS figures,
    s.asked AS money,
    CASE s.story WHEN 'untreated' THEN 82 WHEN 'gaps' THEN 60 WHEN 'short' THEN 45
        ELSE least(60, 30 + 3 * (s.days / greatest(s.median, 1))) END AS score
FROM signs s WHERE s.story IS NOT NULL
""",
)
