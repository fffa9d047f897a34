"""What only a roster's rows together, or the register, can tell: the rules of enrollment/rules/rosters.py in SQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from enrollment.models import FundYear

#: Who a row's person is in the register: by number, else by household, name and birth date, each member once.
#: A row with a number may be a member whose number is still to come; a row without one may be anybody in the household,
#: and the same again is the same person (which is a fault of its own).
BY_NUMBER = """
CREATE TEMP TABLE roster_match ON COMMIT DROP AS
    SELECT r.number, m.id AS member_id, FALSE AS by_double FROM roster_row r
        JOIN enrollment_member m ON m.id_number = r.person AND m.state <> 'merged';
"""
BY_HOUSEHOLD = """
INSERT INTO roster_match
    WITH left_over AS (
        SELECT number, home, name, birth_date,
            {place} AS place
        FROM roster_row r WHERE {rows} AND birth_date IS NOT NULL AND home NOT LIKE ' %%'
            AND NOT EXISTS (SELECT 1 FROM roster_match f WHERE f.number = r.number)
    ), free AS (
        SELECT m.id, h.number AS home, m.name, m.birth_date, row_number() OVER (
            PARTITION BY h.number, m.name, m.birth_date ORDER BY m.id_number IS NOT NULL, m.state = 'dead', m.id
        ) AS place
        FROM enrollment_member m JOIN enrollment_household h ON h.id = m.household_id
        WHERE {members} AND m.state <> 'merged' AND h.number IN (SELECT home FROM left_over)
            AND NOT EXISTS (SELECT 1 FROM roster_match f WHERE f.member_id = m.id AND NOT f.by_double)
    )
    SELECT l.number, f.id, FALSE FROM left_over l JOIN free f USING (home, name, birth_date, place);
"""
#: Whoever is found as a double is the one who is kept, so that nobody comes in a second time; and if the roster names
#: that one too, the person stands there twice. A number of one's own is nobody else's who has another.
BY_DOUBLE = """
INSERT INTO roster_match
    SELECT DISTINCT ON (r.number) r.number, d.merged_into_id, TRUE
    FROM enrollment_member d JOIN enrollment_household h ON h.id = d.household_id
        JOIN enrollment_member k ON k.id = d.merged_into_id
        JOIN roster_row r ON {same}
    WHERE d.merged_into_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM roster_match f WHERE f.number = r.number)
    ORDER BY r.number, d.id;
"""
NAMESAKE = "(r.home, r.name, r.birth_date) = (h.number, d.name, d.birth_date)"
PASSES = (
    BY_NUMBER,
    BY_DOUBLE.format(same="r.person = d.id_number"),
    BY_HOUSEHOLD.format(
        rows="r.person IS NOT NULL",
        members="m.id_number IS NULL",
        place="row_number() OVER (PARTITION BY home, name, birth_date ORDER BY number)",
    ),
    BY_DOUBLE.format(same=f"r.person IS NOT NULL AND d.id_number IS NULL AND k.id_number IS NULL AND {NAMESAKE}"),
    BY_HOUSEHOLD.format(rows="r.person IS NULL AND r.id_number = ''", members="TRUE", place="1"),
    BY_DOUBLE.format(same=f"r.person IS NULL AND r.id_number = '' AND {NAMESAKE}"),
    "ANALYZE roster_match",
)

TWICE = """
INSERT INTO roster_fault
    WITH known AS (
        SELECT number, id_number, coalesce(person, home || ' ' || name || ' ' || birth_date) AS who FROM roster_row
        WHERE person IS NOT NULL OR id_number = '' AND birth_date IS NOT NULL AND home NOT LIKE ' %%'
    ), kept AS (
        SELECT who, min(member_id) AS member_id FROM known JOIN roster_match USING (number)
        WHERE member_id IN (SELECT merged_into_id FROM enrollment_member WHERE merged_into_id IS NOT NULL) GROUP BY who
    ), meant AS (
        SELECT number, id_number, coalesce('# ' || member_id, who) AS who FROM known LEFT JOIN kept USING (who)
    ), twice AS (
        SELECT who, (array_agg(number ORDER BY number))[1:6] AS numbers FROM meant GROUP BY who HAVING count(*) > 1
    )
    SELECT number, 'id_number', 'id_twice', 'error', id_number,
        array_to_string((array_remove(numbers, number))[1:5], ' ')
    FROM meant JOIN twice USING (who);
"""
HEADS = """
INSERT INTO roster_fault
    WITH wrong AS (
        SELECT home, min(number) AS first, count(*) FILTER (WHERE head) AS heads FROM roster_row GROUP BY home
        HAVING count(*) FILTER (WHERE head) <> 1 OR home LIKE ' %%'
    ), several AS (
        SELECT home, array_to_string((array_agg(number ORDER BY number))[1:5], ' ') AS numbers FROM roster_row
        WHERE head AND home IN (SELECT home FROM wrong WHERE heads > 1) GROUP BY home
    )
    SELECT first, CASE WHEN home LIKE ' %%' THEN 'household' ELSE 'head' END,
        CASE WHEN heads > 1 THEN 'head_twice' ELSE 'head_missing' END, 'error',
        CASE WHEN home LIKE ' %%' THEN '' ELSE home END,
        CASE WHEN home LIKE ' %%' THEN 'household_missing' ELSE coalesce(numbers, '') END
    FROM wrong LEFT JOIN several USING (home);
"""
DEAD = """
INSERT INTO roster_fault
    SELECT r.number, 'id_number', 'dead', 'error', r.id_number, m.state_on::text
    FROM roster_match f JOIN roster_row r USING (number) JOIN enrollment_member m ON m.id = f.member_id
    WHERE m.state = 'dead';
"""
ELSEWHERE = """
INSERT INTO roster_fault
    SELECT DISTINCT ON (r.number) r.number, 'id_number', 'id_in_other_scheme', 'error', r.id_number, s.code
    FROM (
        SELECT number, member_id FROM roster_match
        UNION ALL SELECT f.number, d.id FROM roster_match f JOIN enrollment_member d ON d.merged_into_id = f.member_id
    ) f JOIN roster_row r USING (number)
        JOIN enrollment_coverage c ON c.member_id = f.member_id AND c.is_basic AND c.void_reason = ''
            AND c.scheme_id <> %(scheme)s AND c.period && %(period)s
        JOIN enrollment_scheme s ON s.id = c.scheme_id
    ORDER BY r.number, c.id;
"""
OUT_OF_SIGHT = """
CREATE TEMP TABLE roster_sight (village_id bigint PRIMARY KEY) ON COMMIT DROP;
INSERT INTO roster_sight SELECT unnest(%(villages)s::bigint[]);
INSERT INTO roster_fault
    SELECT r.number, 'village_code', 'village_unknown', 'error', r.village, 'out_of_sight' FROM roster_row r
        LEFT JOIN enrollment_household own ON own.number = r.home
        LEFT JOIN roster_match f ON f.number = r.number
        LEFT JOIN enrollment_member m ON m.id = f.member_id
        LEFT JOIN enrollment_household his ON his.id = m.household_id
    WHERE r.village_id IS NOT NULL AND (
        own.village_id NOT IN (SELECT village_id FROM roster_sight)
        OR his.village_id NOT IN (SELECT village_id FROM roster_sight)
    );
"""
#: Which receipt of a roster lies in which book in use. A receipt is looked at only where the township has such a book.
SLIPS = """
CREATE TEMP TABLE roster_stock ON COMMIT DROP AS
    SELECT b.id AS book_id, b.township_id, left(d.code, 9) AS township, b.series, b.digits, b.first, b.last
    FROM enrollment_receiptbook b JOIN enrollment_division d ON d.id = b.township_id WHERE b.state = 'in_use';
CREATE TEMP TABLE roster_slip ON COMMIT DROP AS
    WITH given AS (
        SELECT DISTINCT receipt, left(village, 9) AS township FROM roster_row
        WHERE receipt <> '' AND left(village, 9) IN (SELECT township FROM roster_stock)
    ), written AS (
        SELECT *, left(receipt, length(receipt) - length(serial)) AS series FROM (
            SELECT *, coalesce(substring(receipt FROM '[0-9]{1,18}$'), '') AS serial FROM given
        ) ending
    )
    SELECT w.receipt, w.township, s.township_id, s.book_id, nullif(w.serial, '')::bigint AS serial FROM written w
        LEFT JOIN roster_stock s ON s.township = w.township AND s.series = w.series AND s.digits = length(w.serial)
            AND nullif(w.serial, '')::bigint BETWEEN s.first AND s.last;
ANALYZE roster_slip;
"""
#: A receipt is one household's, once: its members may all name it. One that is void, or was used for another year, is
#: nobody's. Of others at most five are named, so that a file with one receipt on every row is looked at in time.
RECEIPTS = """
INSERT INTO roster_fault
    WITH given AS (
        SELECT r.number, r.home, r.receipt, s.book_id FROM roster_row r
            JOIN roster_slip s ON s.receipt = r.receipt AND s.township = left(r.village, 9)
    ), shared AS (
        SELECT receipt FROM (
            SELECT receipt, home FROM given
            UNION SELECT c.receipt, h.number FROM enrollment_contribution c
                JOIN enrollment_member m ON m.id = c.member_id JOIN enrollment_household h ON h.id = m.household_id
                WHERE c.void_reason = '' AND c.receipt IN (SELECT receipt FROM given)
            UNION SELECT r.number,
                CASE WHEN r.state = 'used' AND t.fund_year_id = %(fund_year)s THEN h.number ELSE '' END
                FROM enrollment_receipt r LEFT JOIN enrollment_sheetentry e ON e.id = r.entry_id
                LEFT JOIN enrollment_collectionsheet t ON t.id = e.sheet_id
                LEFT JOIN enrollment_household h ON h.id = e.household_id
                WHERE r.number IN (SELECT receipt FROM roster_slip WHERE book_id IS NOT NULL)
        ) used GROUP BY receipt HAVING count(DISTINCT home) > 1
    ), ranked AS (
        SELECT number, home, receipt, row_number() OVER (PARTITION BY receipt, home ORDER BY number) AS place,
            min(number) OVER (PARTITION BY receipt, home) AS first
        FROM given JOIN shared USING (receipt)
    ), named AS (
        SELECT *, dense_rank() OVER (PARTITION BY receipt ORDER BY first) AS home_place FROM ranked WHERE place <= 5
    )
    SELECT g.number, 'receipt', 'receipt_twice', 'error', g.receipt, coalesce(
        array_to_string((array_agg(o.number ORDER BY o.number) FILTER (WHERE o.number IS NOT NULL))[1:5], ' '), ''
    ) FROM given g JOIN shared USING (receipt)
        LEFT JOIN named o ON o.receipt = g.receipt AND o.home <> g.home AND o.home_place <= 6
    GROUP BY g.number, g.receipt
    UNION ALL SELECT number, 'receipt', 'receipt_unknown', 'warning', receipt, '' FROM given WHERE book_id IS NULL;
"""
GOOD = """
ANALYZE roster_fault (number);
CREATE TEMP TABLE roster_faulty ON COMMIT DROP AS
    SELECT DISTINCT number, home FROM roster_row JOIN roster_fault USING (number) WHERE level = 'error';
ANALYZE roster_faulty;
"""
COUNTED = """
SELECT (SELECT count(*) FROM roster_faulty),
    (SELECT count(*) FROM roster_row r WHERE home IN (SELECT home FROM roster_faulty)),
    (SELECT count(*) FROM (
        SELECT home FROM roster_row WHERE home NOT IN (SELECT home FROM roster_faulty)
        GROUP BY home HAVING bool_or(paid) AND NOT bool_and(paid)
    ) parted)
"""


@dataclass(frozen=True)
class Counts:
    """How many rows have an error or are kept back by others, and how many households are only paid for in part."""

    faulty: int
    held: int
    not_whole: int


def compare(cursor: Any, fund_year: FundYear, *, sight: Collection[int] | None) -> Counts:
    """Find what the rows together and the register tell.

    `sight` are the villages that the person sees, None for all.
    """
    for statement in PASSES:
        cursor.execute(statement)
    cursor.execute(TWICE)
    cursor.execute(HEADS)
    cursor.execute(DEAD)
    if fund_year.scheme.is_basic:
        cursor.execute(ELSEWHERE, {"scheme": fund_year.scheme_id, "period": fund_year.period})
    if sight is not None:
        cursor.execute(OUT_OF_SIGHT, {"villages": list(sight)})
    cursor.execute(SLIPS)
    cursor.execute(RECEIPTS, {"fund_year": fund_year.pk})
    cursor.execute(GOOD)
    cursor.execute(COUNTED)
    faulty, in_faulty_homes, not_whole = cursor.fetchone()
    return Counts(faulty, in_faulty_homes - faulty, not_whole)
