"""What the figures of a fund rest on, in bulk and without claims: five years of books (`ledger.py`), a register whose
people have paid for each year, slips of money in, subsidies that were asked for, drawn months of claims. All made up.

Claims take most of the time and room of the whole county (`load.py`); the figures of a fund read none of them, so that
they are measured on a county of the full size without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from importlib import import_module
from random import Random
from typing import Any, Final

from benchmarks.bulk import ledger, register, streams
from benchmarks.bulk.ledger import Kept
from benchmarks.bulk.register import People
from claims.models import Kind, Provider
from enrollment.models import Division, FundYear, Population, Scheme, SubsidyRate, Target
from enrollment.tests import factories
from office.rules import days

RURAL, EMPLOYEES = 0, 2  # of register.People.of_scheme
ASSISTED_EACH: Final = 12  # one in so many is paid for by medical assistance
DOUBLES_EACH: Final = 500  # one in so many is a double of the person before
SLIPS: Final = 2_000  # deposits of a year
LEVELS: Final = ("central", "province", "county")
INSTALMENTS: Final = (1, 2)
PER_HEAD: Final = 40
AT_ONCE: Final = 5_000  # lines
CONTRIBUTIONS: Final = (
    "id, fund_year_id, member_id, own, assisted, collective, receipt, noted_by_id, noted_at, void_reason"
)
COVERAGES: Final = (
    "member_id, scheme_id, is_basic, fund_year_id, period, reason, contribution_id, ended_because, noted_by_id,"
    " noted_at, void_reason"
)
MONTHS: Final = """
INSERT INTO claims_monthsum (scheme_id, month, kind, level, region, times, total, cut, struck, eligible, own_items,
    fund_pays, patient_pays, ceilings, floors)
SELECT %(scheme)s, month::date, kind, level, region, 100, 90000, 300, 100, 80000, 5000, 45000, 45000, 2, 1
FROM generate_series(%(first)s::date, %(first)s::date + interval '59 months', interval '1 month') month,
    unnest(%(kinds)s::text[]) kind, unnest(%(levels)s::text[]) level, unnest(%(regions)s::text[]) region
"""
DOUBLES: Final = """
UPDATE enrollment_member SET merged_into_id = id - 1, state = 'merged', state_on = %(on)s, is_head = false
WHERE id %% %(each)s = 0
"""
CLAIMED: Final = """
INSERT INTO enrollment_subsidyclaim (fund_year_id, payer, rate_id, number, counted_on, heads, due, claimed_before,
    amount, by_township, made_by_id, made_at)
SELECT r.fund_year_id, r.level, r.id, r.fund_year_id || '-' || r.id, r.due_on, %(heads)s, r.per_head * %(heads)s, 0,
    r.per_head * %(heads)s, '[]', %(by)s, %(at)s FROM enrollment_subsidyrate r
"""
SLIP: Final = """
INSERT INTO funds_slip (book_id, kind, number, "on", account, amount, to_accounts, is_ahead, fund_year_id, payer,
    rate_id, words, attachments, state, noted_by_id, noted_at, checked_by_id, checked_at, posting_id, reason)"""
DEPOSITED: Final = """
SELECT %(book)s, 'deposit', 'D' || y.id || '-' || n, y."on", 'special_account', 1000, 0, false, y.id, '', NULL,
    '', 1, 'entered', %(by)s, %(at)s, %(other)s, %(at)s, row_number() OVER (), ''
FROM (SELECT id, lower(period) AS "on" FROM enrollment_fundyear WHERE scheme_id = %(scheme)s) y,
    generate_series(1, %(slips)s) n
"""
ARRIVED: Final = """
SELECT %(book)s, 'subsidy', 'S' || r.id, r.due_on, 'special_account', r.per_head * %(heads)s * 0.9, 0, false,
    r.fund_year_id, r.level, r.id, '', 1, 'entered', %(by)s, %(at)s, %(other)s, %(at)s, 1000000 + r.id, ''
FROM enrollment_subsidyrate r
"""
TABLES: Final = (
    *("enrollment_household", "enrollment_member", "enrollment_contribution", "enrollment_coverage"),
    *("enrollment_population", "enrollment_yearsum", "claims_monthsum", "funds_slip"),
)


def fill(scale: float, at: datetime) -> Kept:
    """Books and register of the five years that end at a moment; 1 is the whole county."""
    kept = ledger.fill(scale, at)
    rural, first = kept.book.scheme, kept.book.begins_on
    employees = factories.scheme("employees", insures="person", contribution="wages")
    register.bring_divisions()
    villages = list(Division.objects.filter(level=Division.Level.VILLAGE))
    years = [_rural_year(rural, first.year + place, villages, scale) for place in range(ledger.YEARS)]
    of_wages = [factories.fund_year(employees, one.year) for one in years]
    with streams.without_plain_indexes(TABLES), streams.connected() as db:
        people = register.fill(db, scale, first.year, kept.by.pk, at.isoformat())
        _paid(db, people, years, kept.by.pk, at)
        _covered(db, people.of_scheme[EMPLOYEES], of_wages, kept.by.pk, at)
        _money(db, kept, len(people.of_scheme[RURAL]), at)
    with streams.connected() as db:
        db.execute("SET session_replication_role = origin")
        db.execute(import_module("enrollment.migrations.0013_move_year_sums").UNTIL_NOW)
        for table in TABLES:
            db.execute(f"VACUUM (ANALYZE) {table}")
        db.execute("ANALYZE")
    return kept


def _rural_year(scheme: Scheme, year: int, villages: Sequence[Division], scale: float) -> FundYear:
    """A confirmed year with who should enroll, what is wanted and what levels of government add."""
    drafted = factories.draft_year(scheme, year)
    heads = round(400_000 * scale / len(villages)) + 1
    Population.objects.bulk_create(Population(fund_year=drafted, division=one, heads=heads) for one in villages)
    townships = {one.parent_id for one in villages}
    Target.objects.bulk_create(Target(fund_year=drafted, division_id=one, heads=heads) for one in townships)
    SubsidyRate.objects.bulk_create(
        SubsidyRate(fund_year=drafted, level=level, instalment=part, per_head=PER_HEAD, due_on=date(year, 3 * part, 1))
        for level in LEVELS
        for part in INSTALMENTS
    )
    return factories.confirm(drafted)


def _paid(db: Any, people: People, years: Sequence[FundYear], by: int, at: datetime) -> None:
    """Everybody of the rural scheme has paid for each year, or medical assistance has for him."""
    rural, chance = people.of_scheme[RURAL], Random(3)  # noqa: S311 -- repeatable on purpose
    helped = [chance.randrange(ASSISTED_EACH) == 0 for _one in rural]

    def contributions() -> Iterator[str]:
        for place, year in enumerate(years):
            end = f"\t0\t\t{by}\t{at.isoformat()}\t\n"
            for number, (person, is_helped) in enumerate(zip(rural, helped, strict=True), start=place * len(rural) + 1):
                paid = "0\t20" if is_helped else "20\t0"
                yield f"{number}\t{year.pk}\t{person}\t{paid}{end}"

    def coverages() -> Iterator[str]:
        for place, year in enumerate(years):
            period = f"[{year.year}-01-01,{year.year + 1}-01-01)"
            start, end = f"\t{year.scheme_id}\tt\t{year.pk}\t{period}\t", f"\t\t{by}\t{at.isoformat()}\t\n"
            for number, (person, is_helped) in enumerate(zip(rural, helped, strict=True), start=place * len(rural) + 1):
                yield f"{person}{start}{'assisted' if is_helped else 'paid'}\t{number}{end}"

    _copy(db, f"enrollment_contribution ({CONTRIBUTIONS})", contributions())
    _copy(db, f"enrollment_coverage ({COVERAGES})", coverages())
    db.execute(DOUBLES, {"each": DOUBLES_EACH, "on": days.business_day(at)})


def _covered(db: Any, people: Sequence[int], years: Sequence[FundYear], by: int, at: datetime) -> None:
    """Employees are insured without a contribution of their own in the register."""
    rows = (
        f"{one}\t{year.scheme_id}\tt\t{year.pk}\t[{year.year}-01-01,{year.year + 1}-01-01)\tgo_live\t\\N\t\t{by}"
        f"\t{at.isoformat()}\t\n"
        for year in years
        for one in people
    )
    _copy(db, f"enrollment_coverage ({COVERAGES})", rows)


def _copy(db: Any, into: str, lines: Iterator[str]) -> None:
    with db.cursor().copy(f"COPY {into} FROM STDIN") as rows:
        some: list[str] = []
        for line in lines:
            some.append(line)
            if len(some) == AT_ONCE:
                rows.write("".join(some))
                some.clear()
        rows.write("".join(some))


def _money(db: Any, kept: Kept, heads: int, at: datetime) -> None:
    """Subsidies that were asked for and what of them arrived, deposits, months of claims."""
    given = {
        "book": kept.book.pk,
        "scheme": kept.book.scheme_id,
        "by": kept.by.pk,
        "other": kept.checked_by.pk,
        "heads": heads,
        "at": at,
        "slips": SLIPS,
        "first": kept.book.begins_on,
        "kinds": Kind.values,
        "levels": Provider.Level.values,
        "regions": Provider.Region.values,
    }
    for statement in (CLAIMED, SLIP + DEPOSITED, SLIP + ARRIVED, MONTHS):
        db.execute(statement, given)
