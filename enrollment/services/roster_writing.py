"""The good rows of a roster into the register, set by set: households, members, sheets with what was paid, coverages.

What was paid lies on one open sheet for each village, household by household; a number of the township's stock becomes
a receipt. A roster does not say when somebody paid: it counts as paid on the day of the import, or on the last day of
the collection window where that has passed, because a roster is of those who paid in time.

What a roster may say anew of somebody whom the register knows: household, head, relation, category, a number that was
still to come, and that he is back. Name, sex and birth date stay: who is wrong there is corrected one by one, with a
reason. What is right already is not touched, so that the same people again leave no trace.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from enrollment.models import FundYear, RosterImport
from office.models import Person

#: Every good row, and who it is; heads name their household's village (a good household has one head).
WHO = """
CREATE TEMP TABLE roster_home ON COMMIT DROP AS
    SELECT r.home, r.village_id, h.id IS NULL AS is_new,
        coalesce(h.id, nextval(pg_get_serial_sequence('enrollment_household', 'id')::regclass)) AS id
    FROM roster_row r LEFT JOIN enrollment_household h ON h.number = r.home
    WHERE r.head AND r.home NOT IN (SELECT home FROM roster_faulty) ORDER BY r.number;
ANALYZE roster_home;
CREATE TEMP TABLE roster_member ON COMMIT DROP AS
    SELECT r.*, h.id AS household_id, f.member_id IS NULL AS is_new,
        coalesce(f.member_id, nextval(pg_get_serial_sequence('enrollment_member', 'id')::regclass)) AS id
    FROM roster_row r JOIN roster_home h USING (home) LEFT JOIN roster_match f USING (number);
ANALYZE roster_member (id, household_id, is_new, category, paid);
"""
NEW_HOUSEHOLDS = """
INSERT INTO enrollment_household
    (id, number, village_id, address, registered_on, ended_on, version, changed_by_id, changed_at)
    SELECT id, home, village_id, '', %(today)s, NULL, 1, %(by)s, %(at)s FROM roster_home WHERE is_new ORDER BY id
"""
MOVED_HOUSEHOLDS = """
UPDATE enrollment_household h
    SET village_id = r.village_id, ended_on = NULL, version = h.version + 1, changed_by_id = %(by)s, changed_at = %(at)s
    FROM roster_home r
    WHERE h.id = r.id AND NOT r.is_new AND (h.village_id <> r.village_id OR h.ended_on IS NOT NULL)
"""
#: Whoever is no head any more makes room first: a household has one head at every moment.
FORMER_HEADS = """
UPDATE enrollment_member m
    SET is_head = FALSE, relation = CASE WHEN m.relation = 'head' THEN 'other' ELSE m.relation END,
        version = m.version + 1, changed_by_id = %(by)s, changed_at = %(at)s
    WHERE m.is_head AND m.state = 'living' AND m.household_id IN (SELECT id FROM roster_home WHERE NOT is_new)
        AND NOT EXISTS (
            SELECT 1 FROM roster_member r WHERE r.id = m.id AND r.head AND r.household_id = m.household_id
        )
"""
CHANGED_MEMBERS = """
UPDATE enrollment_member m
    SET household_id = r.household_id, is_head = r.head, relation = r.now_relation, category = r.now_category,
        id_number = CASE WHEN r.brings_number THEN r.person ELSE m.id_number END,
        id_given = CASE WHEN r.brings_number THEN r.id_number ELSE m.id_given END,
        state = 'living', state_on = NULL, state_reason = '',
        version = m.version + 1, changed_by_id = %(by)s, changed_at = %(at)s
    FROM (
        SELECT n.*, CASE
                WHEN n.head THEN 'head'
                WHEN n.relation NOT IN ('other', 'head') THEN n.relation
                WHEN o.relation = 'head' THEN 'other'
                ELSE o.relation
            END AS now_relation,
            CASE WHEN %(categories)s THEN n.category ELSE o.category END AS now_category,
            o.id_number IS NULL AND n.person IS NOT NULL AND n.birth_date = o.birth_date AS brings_number
        FROM roster_member n JOIN enrollment_member o ON o.id = n.id WHERE NOT n.is_new
    ) r
    WHERE m.id = r.id AND (
        (m.household_id, m.is_head, m.relation, m.category) <> (r.household_id, r.head, r.now_relation, r.now_category)
        OR r.brings_number
        OR m.state <> 'living'
    )
"""
NEW_MEMBERS = """
INSERT INTO enrollment_member
    (id, household_id, is_head, name, search_keys, id_number, id_given, sex, birth_date, relation, category, state,
        state_on, state_reason, merged_into_id, version, changed_by_id, changed_at)
    SELECT id, household_id, head, name, keys, person, id_number, sex, birth_date,
        CASE WHEN head THEN 'head' WHEN relation = 'head' THEN 'other' ELSE relation END, category, 'living', NULL, '',
        NULL, 1, %(by)s, %(at)s
    FROM roster_member WHERE is_new ORDER BY id
"""
#: What was paid or stands under somebody's double is his: it is not noted once more.
PAID = """
CREATE TEMP TABLE roster_rate (category text PRIMARY KEY, own numeric, assisted numeric, collective numeric)
    ON COMMIT DROP;
INSERT INTO roster_rate SELECT * FROM unnest(
    %(kinds)s::text[], %(owns)s::numeric[], %(assisteds)s::numeric[], %(collectives)s::numeric[]
);
CREATE TEMP TABLE roster_paid ON COMMIT DROP AS
    SELECT r.id AS member_id, r.household_id, r.birth_date, r.category, r.receipt,
        CASE WHEN r.receipt = '' THEN coalesce(single.receipt, '') ELSE r.receipt END AS slip,
        c.id IS NULL AS is_new, t.own, t.assisted, t.collective,
        coalesce(c.id, nextval(pg_get_serial_sequence('enrollment_contribution', 'id'))) AS id
    FROM roster_member r JOIN roster_rate t USING (category) LEFT JOIN enrollment_contribution c
        ON c.member_id = r.id AND c.fund_year_id = %(fund_year)s AND c.void_reason = ''
    LEFT JOIN (
        SELECT household_id, max(receipt) AS receipt FROM roster_member WHERE paid AND receipt <> ''
        GROUP BY household_id HAVING min(receipt) = max(receipt)
    ) single ON single.household_id = r.household_id
    WHERE r.paid AND NOT EXISTS (
        SELECT 1 FROM enrollment_member d JOIN enrollment_contribution p
            ON p.member_id = d.id AND p.fund_year_id = %(fund_year)s AND p.void_reason = ''
        WHERE d.merged_into_id = r.id
    );
ANALYZE roster_paid (member_id, household_id, id, is_new, slip);
"""
#: What a household paid with one receipt is an entry. Many villages write a household's only receipt in one row: it
#: then stands for all of them. Where there are several, the rows without one are an entry of their own.
ENTRIES = """
CREATE TEMP TABLE roster_entry ON COMMIT DROP AS
    SELECT nextval(pg_get_serial_sequence('enrollment_sheetentry', 'id')) AS id, paid.*, h.village_id FROM (
        SELECT household_id, slip, sum(own) AS own, count(*) FILTER (WHERE own > 0) AS people
        FROM roster_paid WHERE is_new GROUP BY household_id, slip
    ) paid JOIN roster_home h ON h.id = paid.household_id;
ANALYZE roster_entry (id, household_id, slip, village_id);
CREATE TEMP TABLE roster_sheet ON COMMIT DROP AS
    SELECT nextval(pg_get_serial_sequence('enrollment_collectionsheet', 'id')) AS id, d.id AS village_id, d.code,
        d.parent_id AS township_id
    FROM enrollment_division d WHERE d.id IN (SELECT village_id FROM roster_entry) ORDER BY d.code;
"""
NEW_SHEETS = """
INSERT INTO enrollment_collectionsheet
    (id, fund_year_id, village_id, number, collector, origin, roster_id, state, opened_on, opened_by_id, opened_at,
        deposit_slip)
    SELECT id, %(fund_year)s, village_id, %(year)s || '-' || substr(code, 7) || '-R' || %(roster)s, %(collector)s,
        'roster', %(roster)s, 'open', %(today)s, %(by)s, %(at)s, ''
    FROM roster_sheet ORDER BY code
"""
NEW_ENTRIES = """
INSERT INTO enrollment_sheetentry (id, sheet_id, household_id, paid_on, noted_by_id, noted_at)
    SELECT e.id, s.id, e.household_id, %(paid_on)s, %(by)s, %(at)s
    FROM roster_entry e JOIN roster_sheet s USING (village_id) ORDER BY e.id
"""
NEW_CONTRIBUTIONS = """
INSERT INTO enrollment_contribution
    (id, fund_year_id, member_id, own, assisted, collective, receipt, roster_id, entry_id, paid_on, noted_by_id,
        noted_at, void_reason)
    SELECT p.id, %(fund_year)s, p.member_id, p.own, p.assisted, p.collective,
        CASE WHEN p.own > 0 THEN p.slip ELSE p.receipt END, %(roster)s, e.id, %(paid_on)s, %(by)s, %(at)s, ''
    FROM roster_paid p JOIN roster_entry e ON e.household_id = p.household_id AND e.slip = p.slip
    WHERE p.is_new ORDER BY p.id
"""
#: Who is born in the year is covered from birth.
NEW_COVERAGES = """
INSERT INTO enrollment_coverage
    (member_id, scheme_id, is_basic, fund_year_id, period, reason, contribution_id, ended_because, noted_by_id,
        noted_at, void_reason)
    SELECT p.member_id, %(scheme)s, %(is_basic)s, %(fund_year)s,
        daterange(greatest(lower(y.period), p.birth_date), upper(y.period)),
        CASE WHEN p.category = 'newborn' AND p.birth_date >= lower(y.period) THEN 'newborn'
            WHEN p.own = 0 AND p.assisted + p.collective > 0 THEN 'assisted' ELSE 'paid' END,
        p.id, '', %(by)s, %(at)s, ''
    FROM roster_paid p CROSS JOIN (SELECT %(period)s::daterange AS period) y
    WHERE NOT EXISTS (
        SELECT 1 FROM enrollment_coverage c
        WHERE c.member_id = p.member_id AND c.scheme_id = %(scheme)s AND c.void_reason = '' AND c.period && y.period
    ) AND NOT EXISTS (
        SELECT 1 FROM enrollment_member d JOIN enrollment_coverage c ON c.member_id = d.id
            AND c.scheme_id = %(scheme)s AND c.void_reason = '' AND c.period && y.period
        WHERE d.merged_into_id = p.member_id
    ) ORDER BY p.id
"""
#: Who writes a receipt holds its book (services/receipts.py); a number that is written already stays as it is.
BOOKS = """
SELECT 1 FROM enrollment_receiptbook WHERE id IN (SELECT book_id FROM roster_slip) ORDER BY id FOR UPDATE
"""
NEW_RECEIPTS = """
INSERT INTO enrollment_receipt
    (book_id, serial, number, entry_id, amount, people, dated, state, void_reason, printed, roster_id, written_by_id,
        written_at)
    SELECT DISTINCT ON (l.book_id, l.serial) l.book_id, l.serial, e.slip, e.id, e.own, e.people, %(paid_on)s, 'used',
        '', 0, %(roster)s, %(by)s, %(at)s
    FROM roster_entry e JOIN roster_sheet s USING (village_id)
        JOIN roster_slip l ON l.receipt = e.slip AND l.township_id = s.township_id
    WHERE e.own > 0 AND NOT EXISTS (SELECT 1 FROM enrollment_receipt r WHERE r.number = e.slip)
    ORDER BY l.book_id, l.serial, e.id
"""
NAMED_OTHERWISE = """
SELECT count(*) FROM roster_member r JOIN enrollment_member m ON m.id = r.id WHERE NOT r.is_new AND m.name <> r.name
"""
ONE_DAY = timedelta(days=1)
COLLECTOR = 60  # characters of the roster's name, which stands where a sheet has its collector


@dataclass(frozen=True)
class Wrote:
    """How many records of each kind came in or changed; `named_otherwise` are known people with another name."""

    households: int
    moved_households: int
    members: int
    changed_members: int
    contributions: int
    coverages: int
    sheets: int
    receipts: int
    named_otherwise: int


@dataclass(frozen=True)
class Writing:
    """What holds for all rows of one import. `with_categories`: the roster has that column, so it may change it.

    Without `roster` nobody has paid: the register is brought along when the office begins.
    """

    fund_year: FundYear
    roster: RosterImport | None
    by: Person
    at: datetime
    today: date
    with_categories: bool

    def write(self, cursor: Any, step: Callable[[int], None]) -> Wrote:
        """Write every good row; `step` is told how many of 100 parts of the writing are done."""
        facts = self._facts()

        def run(statement: str, done: int) -> int:
            cursor.execute(statement, facts)
            step(done)
            return int(cursor.rowcount)

        run(WHO, 10)
        households, moved = run(NEW_HOUSEHOLDS, 20), run(MOVED_HOUSEHOLDS, 22)
        cursor.execute(NAMED_OTHERWISE)
        named_otherwise = cursor.fetchone()[0]
        run(FORMER_HEADS, 25)
        changed, members = run(CHANGED_MEMBERS, 30), run(NEW_MEMBERS, 55)
        run(PAID, 58)
        run(ENTRIES, 60)
        sheets = run(NEW_SHEETS, 61)
        run(NEW_ENTRIES, 65)
        contributions, coverages = run(NEW_CONTRIBUTIONS, 77), run(NEW_COVERAGES, 95)
        run(BOOKS, 95)
        receipts = run(NEW_RECEIPTS, 100)
        return Wrote(households, moved, members, changed, contributions, coverages, sheets, receipts, named_otherwise)

    def _facts(self) -> dict[str, object]:
        rates = self.fund_year.contributionrates.all()
        return {
            "by": self.by.pk,
            "at": self.at,
            "today": self.today,
            "categories": self.with_categories,
            "fund_year": self.fund_year.pk,
            "year": f"{self.fund_year.scheme.code.upper()}{self.fund_year.year}",
            "paid_on": min(self.today, self.fund_year.collection.upper - ONE_DAY),
            "collector": self.roster.name[:COLLECTOR] if self.roster else "",
            "scheme": self.fund_year.scheme_id,
            "is_basic": self.fund_year.scheme.is_basic,
            "period": self.fund_year.period,
            "roster": self.roster and self.roster.pk,
            "kinds": [rate.category for rate in rates],
            "owns": [rate.own for rate in rates],
            "assisteds": [rate.assisted for rate in rates],
            "collectives": [rate.collective for rate in rates],
        }
