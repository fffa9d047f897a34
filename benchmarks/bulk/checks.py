"""What the database's triggers would have refused, counted over all rows: each count is nothing."""

from __future__ import annotations

from typing import Any, Final

from benchmarks.bulk import streams

CHECKS: Final[dict[str, str]] = {
    "a claim is the sum of its lines": """
        SELECT count(*) FROM claims_claim c LEFT JOIN (
            SELECT claim_id, version, sum(amount) AS lines FROM claims_claimline GROUP BY 1, 2) l
          ON l.claim_id = c.id AND l.version = c.content_version WHERE l.lines IS DISTINCT FROM c.total""",
    "a claim is the sum of its invoices, or has freed them": """
        SELECT count(*) FROM claims_claim c LEFT JOIN (
            SELECT claim_id, sum(amount) AS live FROM claims_invoice WHERE is_live GROUP BY 1) i ON i.claim_id = c.id
          WHERE coalesce(i.live, 0) <> CASE WHEN c.state IN ('refused', 'void', 'reversed') THEN 0 ELSE c.total END""",
    "total = funds + patient + hospital + others, as the claim has it": """
        SELECT count(*) FROM claims_approval a JOIN claims_claim c ON c.id = a.claim_id
          WHERE (a.total, a.other_payers, a.fund_pays) IS DISTINCT FROM (c.total, c.other_payers, c.proposed)
            OR a.total <> a.fund_pays + a.hospital_bears + a.other_payers + a.patient_pays""",
    "the funds pay the sum of the parts": """
        SELECT count(*) FROM claims_approval a LEFT JOIN (
            SELECT approval_id, sum(amount) AS parts FROM claims_claimpart GROUP BY 1) p ON p.approval_id = a.id
          WHERE coalesce(p.parts, 0) <> a.fund_pays""",
    "parts stand as their claim does": """
        SELECT count(*) FROM claims_claimpart p JOIN claims_approval a ON a.id = p.approval_id
          JOIN claims_claim c ON c.id = a.claim_id WHERE p.state <> c.state""",
    "an approval knows what was cut": """
        SELECT count(*) FROM claims_approval a LEFT JOIN (
            SELECT claim_id, sum(amount) AS off FROM claims_cut WHERE counts GROUP BY 1) k ON k.claim_id = a.claim_id
          WHERE coalesce(k.off, 0) <> a.cut""",
    "no more is cut than a line holds": """
        SELECT count(*) FROM claims_claimline l JOIN (
            SELECT line_id, claim_id, sum(amount) AS off FROM claims_cut WHERE counts GROUP BY 1, 2) k
          ON k.line_id = l.id WHERE k.off > l.amount OR k.claim_id <> l.claim_id""",
    "a counter is the sum of its moves": """
        SELECT count(*) FROM claims_benefitcounter b FULL JOIN (
            SELECT counter_id, sum(amount) AS moved FROM claims_countermove GROUP BY 1) m ON m.counter_id = b.id
          WHERE b.value IS DISTINCT FROM m.moved""",
    "an approval moves its own person's counters of its year": """
        SELECT count(*) FROM claims_countermove m JOIN claims_approval a ON a.id = m.approval_id
          JOIN claims_claim c ON c.id = a.claim_id JOIN claims_benefitcounter b ON b.id = m.counter_id
          WHERE (b.member_id, b.year, b.scheme_id) IS DISTINCT FROM (a.person_id, a.year, c.scheme_id)
            OR a.person_id <> c.member_id OR a.year <> extract(year FROM c.discharged_on)""",
    "nobody is above the year's ceiling": """
        SELECT count(*) FROM claims_benefitcounter b JOIN enrollment_scheme s ON s.id = b.scheme_id
          WHERE s.code = 'ncms' AND b.name = 'inpatient.year' AND b.value > 25000
            OR b.name = 'inpatient.year' AND b.value > 60000""",
    "no household is above what its visits are paid": """
        SELECT count(*) FROM (SELECT m.household_id, b.year, sum(b.value) AS used FROM claims_benefitcounter b
            JOIN enrollment_member m ON m.id = b.member_id WHERE b.name = 'outpatient.household' GROUP BY 1, 2) h
          WHERE used > 50 * (SELECT count(*) FROM enrollment_member m WHERE m.household_id = h.household_id)""",
    "who claims is covered on the days of admission and discharge": """
        SELECT count(*) FROM claims_claim c CROSS JOIN LATERAL (VALUES (c.admitted_on), (c.discharged_on)) d (day)
          WHERE NOT EXISTS (SELECT FROM enrollment_coverage v WHERE v.member_id = c.member_id
            AND v.scheme_id = c.scheme_id AND v.void_reason = '' AND v.period @> d.day)""",
    "what is paid or can be was approved, and nothing else": """
        SELECT count(*) FROM claims_claim c LEFT JOIN claims_approval a ON a.claim_id = c.id
          WHERE (a.id IS NOT NULL) <> (c.state IN ('approved', 'payable', 'paying', 'paid'))""",
    "an approved claim went by every step of its route": """
        SELECT count(*) FROM claims_claim c JOIN claims_approval a ON a.claim_id = c.id
          WHERE cardinality(c.route) <> (SELECT count(*) FROM claims_claimsround r
              WHERE r.subject_type = 'claims.claim' AND r.subject_id = c.id::text AND r.outcome = 'approved'
                AND r.step = ANY (c.route))
            + (SELECT count(DISTINCT v.claim_id) FROM claims_verification v WHERE v.claim_id = c.id
              AND v.outcome <> '' AND 'verification' = ANY (c.route))""",
    "routes are what the limits say": """
        SELECT count(*) FROM claims_claim c JOIN claims_limit l ON l.scheme_id = c.scheme_id AND l.state = 'confirmed'
            AND l.kind IN ('', c.kind) AND l.region IN ('', c.region) AND l.period @> c.entered_on
          CROSS JOIN LATERAL (SELECT CASE l.basis WHEN 'total_cost' THEN c.total ELSE c.proposed END) f (figure)
          WHERE (l.step = ANY (c.route)) <> CASE l.step WHEN 'verification' THEN f.figure >= l.amount
            ELSE f.figure > l.amount END AND c.state <> 'void'""",
    "steps that no limit asks for are the two checks": """
        SELECT count(*) FROM claims_claim c WHERE NOT c.route @> '{first_check,second_check}'
          OR c.kind <> 'inpatient' AND cardinality(c.route) <> 2""",
    "no two stays of a person are so near that they are added up": """
        SELECT count(*) FROM (SELECT discharged_on - lag(discharged_on) OVER (PARTITION BY member_id, scheme_id
            ORDER BY discharged_on) AS apart FROM claims_claim WHERE kind = 'inpatient') s WHERE apart <= 30""",
    "a claim in a step has that step's round open, and no other": """
        SELECT count(*) FROM claims_claim c FULL JOIN (SELECT subject_id::bigint AS id, step FROM claims_claimsround
            WHERE subject_type = 'claims.claim' AND state = 'open') r ON r.id = c.id
          WHERE (c.state IN ('first_check', 'second_check', 'head', 'committee')) IS DISTINCT FROM (r.id IS NOT NULL)
            OR r.step <> c.state""",
    "a closed round has the votes it asks for, and comes to what they say": """
        SELECT count(*) FROM claims_claimsround r JOIN LATERAL (SELECT count(*) AS given,
              count(*) FILTER (WHERE choice IN ('approve', 'cut')) AS agreeing,
              count(*) FILTER (WHERE choice = 'refuse') AS refusing,
              count(*) FILTER (WHERE choice = 'return') AS sent_back
            FROM claims_claimsvote v WHERE v.round_id = r.id) v ON true
          JOIN LATERAL (SELECT count(*) AS present FROM claims_claimsseat s
            WHERE s.round_id = r.id AND s.is_present AND s.recusal = '') s ON true
          WHERE r.state = 'closed' AND r.subject_type = 'claims.claim' AND (v.given < r.count OR s.present < r.quorum
            OR r.outcome <> office_outcome_of(s.present, v.agreeing, v.refusing, v.sent_back, r.majority))""",
    "who votes sits there, has the duty on the day, saw what was decided, and made nothing of it": """
        SELECT count(*) FROM claims_claimsvote v JOIN claims_claimsround r ON r.id = v.round_id
          JOIN claims_claimsseat s ON s.id = v.seat_id
          WHERE r.subject_type = 'claims.claim' AND (s.round_id <> r.id OR s.person_id <> v.voter_id
            OR v.voter_id = r.maker_id OR v.voter_id = ANY (r.barred) OR v.hash_seen <> r.subject_hash
            OR NOT EXISTS (SELECT FROM office_appointment p WHERE p.person_id = v.voter_id AND p.duty = ANY (r.duties)
              AND p.period @> (v.cast_at AT TIME ZONE 'Asia/Shanghai')::date))""",
    "nobody decides two steps of a claim": """
        SELECT count(*) FROM (SELECT FROM claims_claimsvote v JOIN claims_claimsround r ON r.id = v.round_id
            WHERE r.subject_type = 'claims.claim' GROUP BY r.subject_id, v.voter_id
            HAVING count(DISTINCT r.step) > 1) twice""",
    "a notice answers a refusal or a cut, by the round that decided": """
        SELECT count(*) FROM claims_decisionnotice n JOIN claims_claim c ON c.id = n.claim_id
          JOIN claims_claimsround r ON r.id = n.round_id
          WHERE (r.subject_type, r.subject_id, r.state) IS DISTINCT FROM ('claims.claim', c.id::text, 'closed')
            OR r.outcome <> 'refused' AND NOT EXISTS (SELECT FROM claims_cut k WHERE k.claim_id = c.id AND k.counts)
            OR n.issued_on < (r.closed_at AT TIME ZONE 'Asia/Shanghai')::date OR n.served_on < n.issued_on""",
    "each notice stands in the trail": """
        SELECT abs((SELECT count(*) FROM office_act WHERE name = 'notice.issued')
            - (SELECT count(*) FROM claims_decisionnotice))
          + abs((SELECT count(*) FROM office_act WHERE name = 'notice.served')
            - (SELECT count(*) FROM claims_decisionnotice WHERE way <> ''))""",
    "whoever enters has the duty at that desk": """
        SELECT count(*) FROM claims_claim c WHERE NOT EXISTS (SELECT FROM office_appointment p
            WHERE p.person_id = c.entered_by_id AND p.body_id = c.body_id AND p.duty = 'intake_clerk'
              AND p.period @> c.entered_on)""",
    "numbers of a year follow one another": """
        SELECT count(*) FROM (SELECT left(number, 4), count(*) <> max(right(number, 7)::int) AS has_a_gap
            FROM claims_claim GROUP BY 1) y WHERE has_a_gap""",
    "each claim's trail begins with intake": """
        SELECT count(*) FROM claims_claim c FULL JOIN (SELECT subject_id::bigint AS id, by_id, count(*) AS times
            FROM office_act WHERE name = 'claim.entered' GROUP BY 1, 2) a ON a.id = c.id
          WHERE a.times IS DISTINCT FROM 1 OR a.by_id IS DISTINCT FROM c.entered_by_id""",
    "each vote stands in the trail": """
        SELECT abs((SELECT count(*) FROM office_act WHERE name = 'round.voted' AND subject_type = 'claims.claim')
          - (SELECT count(*) FROM claims_claimsvote v JOIN claims_claimsround r ON r.id = v.round_id
              WHERE r.subject_type = 'claims.claim'))""",
    "each approval stands in the trail by its hash": """
        SELECT count(*) FROM claims_approval a FULL JOIN (SELECT subject_id::bigint AS id, subject_hash
            FROM office_act WHERE name = 'claim.approved') t ON t.id = a.claim_id AND t.subject_hash = a.sha256
          WHERE a.id IS NULL OR t.id IS NULL""",
}
FOREIGN_KEYS: Final = """
SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, b.attname FROM pg_constraint c
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
  JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
  WHERE c.contype = 'f' AND c.conrelid = ANY (%s::regclass[]) ORDER BY 1, 2
"""


def violations() -> dict[str, int]:
    """By rule, how many rows break it."""
    with streams.connected() as db:
        db.execute("SET work_mem = '256MB'")
        found = {name: _count(db, sql) for name, sql in CHECKS.items()}
        for table, column, other, key in db.execute(FOREIGN_KEYS, [list(streams.TABLES)]).fetchall():
            found[f"{table}.{column} names a row"] = _count(
                db,
                f"SELECT count(*) FROM {table} one WHERE one.{column} IS NOT NULL"  # noqa: S608  names of the catalogue
                f" AND NOT EXISTS (SELECT FROM {other} two WHERE two.{key} = one.{column})",
            )
    return found


def of_rule(name: str) -> int:
    """How many rows break one rule."""
    with streams.connected() as db:
        return _count(db, CHECKS[name])


def _count(db: Any, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])
