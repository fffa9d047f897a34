"""What was granted in a span, by groups: one question however many claims (docs/rules/statistics.md).

Counted is what was decided in the span. An approval counts on its day, with the whole claim; a reversal or voiding
after the approval takes the same figures off on its own day, with what an appeal had added; what a won appeal adds
counts on the day it was granted and is no further time. Whatever the later state of a claim, a span's figures are
those of its own days: a claim that was approved in March and reversed in May stands in March's sheet and comes off in
May's.

- times (人次): approvals less reversals. A stay or visit is one claim.
- total cost (总费用), eligible cost (政策范围内费用, before other payers) and own items (自费) as the approval fixed
  them: what was cut is own cost. Fund payment (补偿金额) is that of all funds of the claim; the patient's share.
- level, region and kind are the claim's own, as copied at intake; the band is that of the claim's total cost; the
  township is that where the patient's household is registered when the sheet is made; the disease is the claim's.

Sources: the indicators of statistics tables (实际补偿比 paid by total cost, 政策范围内补偿比 paid by in-scope cost,
次均费用 cost by times) and their published figures, docs/rules/published.md WE-050 to 052 and WE-187 to 193.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db import connection

from claims.rules import statistics as rules
from claims.rules.statistics import Row, Sums
from enrollment.models import Scheme

#: What a won appeal changed is the calculation with the cuts taken back less the one without (`granted`); each decision
#: of the span stands once, with its sign (`decided`); a reversal takes the appeal's figures with it.
FIGURES: Final = """
WITH granted AS (
    SELECT g.approval_id, g.granted_on, g.fund_adds, g.patient_saves,
        (g.answer->>'eligible')::numeric - (g.answer->'before'->>'eligible')::numeric AS eligible,
        (g.answer->>'own_items')::numeric - (g.answer->'before'->>'own_items')::numeric AS own_items
    FROM claims_appealgrant g
), decided AS (
    SELECT a.claim_id, a.approved_on AS "on", 1 AS times, a.total, a.eligible, a.own_items, a.fund_pays, a.patient_pays
    FROM claims_approval a
    UNION ALL
    SELECT a.claim_id, g.granted_on, 0, 0, g.eligible, g.own_items, g.fund_adds, -g.patient_saves
    FROM granted g JOIN claims_approval a ON a.id = g.approval_id
    UNION ALL
    SELECT a.claim_id, r."on", -1, -a.total, -a.eligible - coalesce(g.eligible, 0),
        -a.own_items - coalesce(g.own_items, 0), -a.fund_pays - coalesce(g.fund_adds, 0),
        -a.patient_pays + coalesce(g.patient_saves, 0)
    FROM claims_reversal r JOIN claims_approval a ON a.id = r.approval_id LEFT JOIN granted g ON g.approval_id = a.id
), placed AS (
    SELECT d.*, d."on" < %(first)s AS is_before, c.kind, c.level, c.region, c.disease_id, h.village_id,
        CASE WHEN c.kind = ANY (%(stays)s) THEN 'stay' ELSE 'visit' END AS part,
        CASE WHEN c.kind = ANY (%(stays)s)
            THEN (%(stay_bands)s::integer[])[width_bucket(c.total, %(stay_bands)s::numeric[])]
            ELSE (%(visit_bands)s::integer[])[width_bucket(c.total, %(visit_bands)s::numeric[])] END AS band
    FROM decided d JOIN claims_claim c ON c.id = d.claim_id JOIN enrollment_member m ON m.id = c.member_id
        JOIN enrollment_household h ON h.id = m.household_id
    WHERE c.scheme_id = %(scheme)s AND (d."on" BETWEEN %(first)s AND %(last)s
        OR d."on" BETWEEN %(first_before)s AND %(last_before)s)
), of_villages AS (
    SELECT is_before, part, kind, level, region, band, disease_id, village_id, grouping(kind) AS no_kind,
        grouping(level) AS no_level, grouping(region) AS no_region, grouping(band) AS no_band,
        grouping(disease_id) AS no_disease, grouping(village_id) AS no_village, sum(times) AS times,
        sum(total) AS total, sum(eligible) AS eligible, sum(own_items) AS own_items, sum(fund_pays) AS fund_pays,
        sum(patient_pays) AS patient_pays
    FROM placed
    GROUP BY is_before, part, GROUPING SETS ((), (kind), (level), (region), (band), (disease_id), (village_id))
)
SELECT v.is_before, v.part,
    CASE WHEN no_kind = 0 THEN 'kind' WHEN no_level = 0 THEN 'level' WHEN no_region = 0 THEN 'region'
        WHEN no_band = 0 THEN 'band' WHEN no_disease = 0 THEN 'disease' WHEN no_village = 0 THEN 'township'
        ELSE 'whole' END AS "table",
    coalesce(v.kind, v.level, v.region, v.band::text, i.code, t.code, '') AS key,
    coalesce(i.name, t.name, '') AS name,
    sum(times), sum(total), sum(eligible), sum(own_items), sum(fund_pays), sum(patient_pays)
FROM of_villages v LEFT JOIN claims_disease i ON i.id = v.disease_id
    LEFT JOIN enrollment_division d ON d.id = v.village_id LEFT JOIN enrollment_division t ON t.id = d.parent_id
GROUP BY 1, 2, 3, 4, 5
"""


def rows(scheme: Scheme, span: str, first: date) -> list[Row]:
    """The figures of a span beside those of the same span a year earlier. A group in which what was granted and what
    was taken back cancel out in both is left out."""
    before, last_before = rules.year_before(span, first)
    asked: dict[str, Any] = {
        "scheme": scheme.pk,
        "first": first,
        "last": rules.last_of(span, first),
        "first_before": before,
        "last_before": last_before,
        "stays": list(rules.STAYS),
        "stay_bands": list(rules.BANDS[rules.STAY]),
        "visit_bands": list(rules.BANDS[rules.VISIT]),
    }
    found: tuple[rules.Figures, rules.Figures] = ({}, {})
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, asked)
        for is_before, part, table, key, name, times, *amounts in cursor.fetchall():
            sums = Sums(int(times), *amounts)
            if sums != Sums():
                found[is_before][part, table, key] = (name, sums)
    return rules.joined(*found)
