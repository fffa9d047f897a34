"""What the audit bureau reads with a role of its own (docs/audit-access.md): claims, decisions, books, payments, acts
and people as views whose rows say by themselves what they are. No view has a password, a second factor or a token."""

from django.db import migrations

ROUNDS = ("office", "enrollment", "claims", "funds")


def decisions() -> str:
    return "\nUNION ALL\n".join(
        f"""SELECT '{app}'::text AS family, r.id AS round, r.step, r.subject_type AS subject_kind,
                   r.subject_id AS subject_number, r.amount, m.full_name AS asked_by, r.opened_at, r.state, r.outcome,
                   r.closed_at, r.void_reason, r.subject_hash
              FROM {app}_{app}round r JOIN office_person m ON m.id = r.maker_id"""
        for app in ROUNDS
    )


def votes() -> str:
    return "\nUNION ALL\n".join(
        f"""SELECT '{app}'::text AS family, v.round_id AS round, p.full_name AS voter, w.full_name AS for_whom, s.role,
                   v.choice, v.reason_code, v.reason, v.cast_at, v.hash_seen
              FROM {app}_{app}vote v JOIN office_person p ON p.id = v.voter_id
              JOIN {app}_{app}seat s ON s.id = v.seat_id LEFT JOIN office_person w ON w.id = v.for_whom_id"""
        for app in ROUNDS
    )


VIEWS = {
    "auditor_people": """
        SELECT p.id AS person, p.username, p.full_name, p.left_on, a.duty, b.name AS body, lower(a.period) AS first_day,
               upper(a.period) AS until
          FROM office_person p LEFT JOIN office_appointment a ON a.person_id = p.id
          LEFT JOIN office_body b ON b.id = a.body_id""",
    "auditor_acts": """
        SELECT a.id AS act, a.at, a.kind, a.name, a.subject_type AS subject_kind, a.subject_id AS subject_number,
               p.full_name AS done_by, w.full_name AS for_whom, a.duty, b.name AS body, a.second_factor, a.address,
               a.reason, a.facts
          FROM office_act a LEFT JOIN office_person p ON p.id = a.by_id
          LEFT JOIN office_person w ON w.id = a.for_whom_id LEFT JOIN office_body b ON b.id = a.body_id""",
    "auditor_members": """
        SELECT m.id AS member, h.number AS household, v.name AS village, t.name AS township, m.name, m.id_number, m.sex,
               m.birth_date, m.category, m.state, m.state_on
          FROM enrollment_member m JOIN enrollment_household h ON h.id = m.household_id
          JOIN enrollment_division v ON v.id = h.village_id LEFT JOIN enrollment_division t ON t.id = v.parent_id""",
    "auditor_coverages": """
        SELECT c.id AS coverage, s.code AS scheme, c.member_id AS member, lower(c.period) AS first_day,
               upper(c.period) AS until, c.reason, n.own, n.assisted, n.collective, n.receipt, n.paid_on, c.void_reason
          FROM enrollment_coverage c JOIN enrollment_scheme s ON s.id = c.scheme_id
          LEFT JOIN enrollment_contribution n ON n.id = c.contribution_id""",
    "auditor_claims": """
        SELECT c.number, s.code AS scheme, c.member_id AS member, m.name, m.id_number, h.number AS household,
               p.name AS provider, c.level, c.region, c.kind, c.admitted_on, c.discharged_on, c.diagnosis, c.total,
               a.cut, a.eligible, a.own_items, a.fund_pays, a.patient_pays, a.approved_on, b.full_name AS approved_by,
               e.full_name AS entered_by, c.entered_at, c.state, c.payee_name, c.payee_account
          FROM claims_claim c JOIN enrollment_scheme s ON s.id = c.scheme_id
          JOIN enrollment_member m ON m.id = c.member_id JOIN enrollment_household h ON h.id = m.household_id
          JOIN claims_provider p ON p.id = c.provider_id JOIN office_person e ON e.id = c.entered_by_id
          LEFT JOIN claims_approval a ON a.claim_id = c.id LEFT JOIN office_person b ON b.id = a.approved_by_id""",
    "auditor_claim_parts": """
        SELECT c.number AS claim, t.layer, t.fund, t.amount, t.state
          FROM claims_claimpart t JOIN claims_approval a ON a.id = t.approval_id
          JOIN claims_claim c ON c.id = a.claim_id""",
    "auditor_decisions": decisions(),
    "auditor_votes": votes(),
    "auditor_entries": """
        SELECT b.code AS book, d.month, p.number, p."on", p.kind, p.summary, e.line, a.code AS account, a.name AS account_name,
               CASE WHEN e.side = 'debit' THEN e.amount * CASE WHEN e.is_red THEN -1 ELSE 1 END ELSE 0 END AS debit,
               CASE WHEN e.side = 'credit' THEN e.amount * CASE WHEN e.is_red THEN -1 ELSE 1 END ELSE 0 END AS credit,
               e.words, m.full_name AS made_by, k.full_name AS checked_by, p.entered_at, p.reverses_id AS takes_back,
               p.id AS posting, p.sha256
          FROM funds_entry e JOIN funds_posting p ON p.id = e.posting_id JOIN funds_book b ON b.id = p.book_id
          JOIN funds_period d ON d.id = p.period_id JOIN funds_account a ON a.id = e.account_id
          LEFT JOIN office_person m ON m.id = p.made_by_id LEFT JOIN office_person k ON k.id = p.checked_by_id""",
    "auditor_balances": """
        SELECT b.code AS book, a.code AS account, a.name AS account_name, a.kind, s.month, s.debit, s.credit
          FROM funds_balance s JOIN funds_account a ON a.id = s.account_id JOIN funds_book b ON b.id = a.book_id""",
    "auditor_payments": """
        SELECT p.number, g.number AS batch, b.code AS book, p.payee_kind, p.payee_name, p.payee_bank, p.payee_account,
               p.amount, p.summary, p.state, p.sent_at, p.settled_on, p.reference, p.reason, p.posting_id AS posting
          FROM funds_payment p JOIN funds_paymentbatch g ON g.id = p.batch_id JOIN funds_book b ON b.id = g.book_id""",
}


class Migration(migrations.Migration):
    dependencies = [("audit", "0041_guard_samples")]

    operations = [
        migrations.RunSQL(
            "\n".join(f"CREATE VIEW {name} AS {query};" for name, query in VIEWS.items()),
            "\n".join(f"DROP VIEW {name};" for name in VIEWS),
        ),
    ]
