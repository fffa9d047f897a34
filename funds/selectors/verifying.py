"""Everything the books promise, looked up anew over all rows (`manage.py verify_books`); nothing trusts a trigger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection

from funds.rules import postings as rules

#: What is wrong, by table: a query of the numbers of the rows that break the promise.
PROMISES: Final[Mapping[tuple[str, str], str]] = {
    ("funds_posting", "debit is not credit, or fewer than two lines"): """
        SELECT p.id FROM funds_posting p LEFT JOIN funds_entry e ON e.posting_id = p.id GROUP BY p.id
        HAVING count(e.id) < 2 OR sum(CASE e.side WHEN 'debit' THEN e.amount ELSE -e.amount END) <> 0""",
    ("funds_posting", "numbers of a month have a gap"): """
        SELECT id FROM (SELECT id, number, row_number() OVER (PARTITION BY period_id ORDER BY number) AS place
            FROM funds_posting) counted WHERE number <> place""",
    ("funds_posting", "not of the month of its day, or of other books"): """
        SELECT p.id FROM funds_posting p JOIN funds_period m ON m.id = p.period_id
        WHERE m.book_id <> p.book_id OR m.month <> date_trunc('month', p."on")::date""",
    ("funds_posting", "not the mirror of what it takes back"): """
        SELECT DISTINCT p.id FROM funds_posting p JOIN LATERAL (
            SELECT 1 FROM (SELECT line, account_id, side, amount FROM funds_entry WHERE posting_id = p.reverses_id) o
            FULL JOIN (SELECT line, account_id, side, amount, is_red FROM funds_entry WHERE posting_id = p.id) r
                USING (line)
            WHERE o.account_id IS DISTINCT FROM r.account_id OR o.amount IS DISTINCT FROM r.amount
                OR o.side IS NOT DISTINCT FROM r.side OR r.is_red IS NOT TRUE) apart ON true
        WHERE p.reverses_id IS NOT NULL""",
    ("funds_posting", "moves accounts that no such event moves"): """
        WITH moved AS MATERIALIZED (SELECT p.id, p.book_id, p.kind,
                array_agg(DISTINCT e.account_id) FILTER (WHERE e.side = 'debit') AS debits,
                array_agg(DISTINCT e.account_id) FILTER (WHERE e.side = 'credit') AS credits
            FROM funds_posting p JOIN funds_entry e ON e.posting_id = p.id WHERE p.reverses_id IS NULL GROUP BY p.id),
        wrong AS MATERIALIZED (
            SELECT * FROM (SELECT DISTINCT book_id, kind, debits, credits FROM moved) m
            WHERE EXISTS (SELECT FROM unnest(m.debits) d WHERE NOT EXISTS (SELECT FROM funds_flow f WHERE
                    (f.book_id, f.kind, f.debit_id) = (m.book_id, m.kind, d) AND f.credit_id = ANY (m.credits)))
                OR EXISTS (SELECT FROM unnest(m.credits) c WHERE NOT EXISTS (SELECT FROM funds_flow f WHERE
                    (f.book_id, f.kind, f.credit_id) = (m.book_id, m.kind, c) AND f.debit_id = ANY (m.debits))))
        SELECT m.id FROM moved m JOIN wrong w ON (m.book_id, m.kind) = (w.book_id, w.kind)
            AND m.debits IS NOT DISTINCT FROM w.debits AND m.credits IS NOT DISTINCT FROM w.credits""",
    ("funds_entry", "on an account of other books, or one that holds no entries"): """
        SELECT e.id FROM funds_entry e JOIN funds_posting p ON p.id = e.posting_id
            JOIN funds_account a ON a.id = e.account_id WHERE a.book_id <> p.book_id OR NOT a.is_entered_on""",
    ("funds_account", "its balances are not the sum of its entries"): """
        SELECT DISTINCT coalesce(s.account_id, b.account_id) FROM (
            SELECT e.account_id, date_trunc('month', p."on")::date AS month,
                sum(CASE WHEN e.side = 'debit' AND NOT e.is_red THEN e.amount
                         WHEN e.side = 'credit' AND e.is_red THEN -e.amount ELSE 0 END) AS debit,
                sum(CASE WHEN e.side = 'credit' AND NOT e.is_red THEN e.amount
                         WHEN e.side = 'debit' AND e.is_red THEN -e.amount ELSE 0 END) AS credit
            FROM funds_entry e JOIN funds_posting p ON p.id = e.posting_id GROUP BY 1, 2) s
        FULL JOIN funds_balance b ON b.account_id = s.account_id AND b.month = s.month
        WHERE (s.debit, s.credit) IS DISTINCT FROM (b.debit, b.credit)""",
    ("funds_account", "below zero, which it may not be"): """
        SELECT DISTINCT account_id FROM (
            SELECT b.account_id, sum(CASE WHEN a.kind IN ('asset', 'spending') THEN b.debit - b.credit
                ELSE b.credit - b.debit END) OVER (PARTITION BY b.account_id ORDER BY b.month) AS stands
            FROM funds_balance b JOIN funds_account a ON a.id = b.account_id AND a.never_negative) r
        WHERE stands < 0""",
    ("funds_book", "where the money is and whose it is differ"): """
        SELECT a.book_id FROM funds_balance b JOIN funds_account a ON a.id = b.account_id
        GROUP BY a.book_id HAVING sum(b.debit) <> sum(b.credit)""",
    ("funds_period", "closed before an earlier month"): """
        SELECT p.id FROM funds_period p WHERE p.state IN ('closed', 'reopening') AND EXISTS (
            SELECT FROM funds_period q WHERE q.book_id = p.book_id AND q.month < p.month
                AND q.state NOT IN ('closed', 'reopening'))""",
    ("enrollment_fundyear", "its sums are not those of its coverages and contributions"): """
        SELECT fund_year_id FROM (
            SELECT fund_year_id, coverages, own, assisted, collective FROM enrollment_yearsum
            UNION ALL SELECT fund_year_id, coverages, own, assisted, collective FROM enrollment_yearmove
            UNION ALL SELECT fund_year_id, -1, 0, 0, 0 FROM enrollment_coverage
                WHERE void_reason = '' AND reason IN ('paid', 'assisted')
            UNION ALL SELECT fund_year_id, 0, -own, -assisted, -collective FROM enrollment_contribution
                WHERE void_reason = '') told
        GROUP BY 1 HAVING (sum(coverages), sum(own), sum(assisted), sum(collective)) <> (0, 0, 0, 0)""",
    ("funds_slip", "accounts of households or people were not credited with what it gives them"): """
        SELECT coalesce(s.id, e.slip) FROM (
            SELECT s.id, CASE WHEN s.state IN ('entered', 'back_asked') THEN s.to_accounts ELSE 0 END AS given
            FROM funds_slip s JOIN funds_book b ON b.id = s.book_id JOIN enrollment_scheme c ON c.id = b.scheme_id
            WHERE s.kind IN ('deposit', 'turn') AND c.account <> 'none') s
        FULL JOIN (
            SELECT split_part(reference, ' ', 2)::bigint AS slip, sum(amount) AS amount FROM enrollment_accountentry
            WHERE reference ~ '^slip [0-9]+( back)?$' GROUP BY 1) e ON e.slip = s.id
        WHERE coalesce(s.given, 0) <> coalesce(e.amount, 0)""",
    ("claims_monthsum", "not what was decided about claims in the month"): """
        SELECT coalesce(s.id, 0) FROM claims_monthsum s FULL JOIN (
            SELECT c.scheme_id, date_trunc('month', d."on")::date AS month, c.kind, c.level, c.region,
                sum(d.times) AS times, sum(d.total) AS total, sum(d.fund_pays) AS fund_pays,
                sum(d.patient_pays) AS patient_pays
            FROM (
                SELECT claim_id, approved_on AS "on", 1 AS times, total, fund_pays, patient_pays FROM claims_approval
                UNION ALL
                SELECT a.claim_id, g.granted_on, 0, 0, g.fund_adds, -g.patient_saves
                FROM claims_appealgrant g JOIN claims_approval a ON a.id = g.approval_id
                UNION ALL
                SELECT a.claim_id, r."on", -1, -a.total, -a.fund_pays - coalesce(g.fund_adds, 0),
                    coalesce(g.patient_saves, 0) - a.patient_pays
                FROM claims_reversal r JOIN claims_approval a ON a.id = r.approval_id
                    LEFT JOIN claims_appealgrant g ON g.approval_id = a.id) d
            JOIN claims_claim c ON c.id = d.claim_id GROUP BY 1, 2, 3, 4, 5) told
        USING (scheme_id, month, kind, level, region)
        WHERE coalesce(s.times, 0) <> coalesce(told.times, 0) OR coalesce(s.total, 0) <> coalesce(told.total, 0)
            OR coalesce(s.fund_pays, 0) <> coalesce(told.fund_pays, 0)
            OR coalesce(s.patient_pays, 0) <> coalesce(told.patient_pays, 0)""",
}

#: What each posting says, its lines written as they are hashed.
TOLD: Final = """
SELECT p.id, p.sha256, b.code, p.kind, p."on", p.summary,
    array_agg(concat_ws('|', a.purpose, e.side, e.amount, e.words) ORDER BY e.line)
FROM funds_posting p JOIN funds_book b ON b.id = p.book_id JOIN funds_entry e ON e.posting_id = p.id
    JOIN funds_account a ON a.id = e.account_id
WHERE p.id >= %s AND p.id < %s GROUP BY p.id, b.code ORDER BY p.id"""
AT_ONCE: Final = 5_000  # postings


@dataclass(frozen=True)
class Broken:
    """A row that breaks what the books promise."""

    table: str
    pk: int
    reason: str


def broken() -> Iterator[Broken]:
    """Every row that breaks a promise, in the order of the promises."""
    with connection.cursor() as cursor:
        for (table, reason), query in PROMISES.items():
            cursor.execute(query)
            for (number,) in cursor.fetchall():
                yield Broken(table, number, reason)
    yield from _hashes()


def _hashes() -> Iterator[Broken]:
    """Postings whose hash is not that of what they say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM funds_posting")
        last = cursor.fetchone()[0]
        for first in range(1, last + 1, AT_ONCE):
            cursor.execute(TOLD, [first, first + AT_ONCE])
            for number, said, book, kind, on, summary, lines in cursor.fetchall():
                if said != rules.sha256_of(book, kind, on, summary, lines):
                    yield Broken("funds_posting", number, "not what its hash is of")


def rows() -> int:
    """How many rows were looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM funds_posting) + (SELECT count(*) FROM funds_entry)"
            " + (SELECT count(*) FROM funds_balance)"
        )
        return int(cursor.fetchone()[0])
