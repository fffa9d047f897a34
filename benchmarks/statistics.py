"""Statistics over a county's years: the time of a year's sheet, and that against a bare scan of the same tables.

400,000 claims, half of them approved in each of two years, of 4,000 people in 13 townships; one in fifty taken back.
The claims are copies of one that went its way, written past the triggers, which are tested elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import psycopg
from django.db import connection, models

import tests.servers
from claims.models import Approval, Claim, Disease
from claims.rules import statistics as rules
from claims.selectors import statistics
from claims.tests.public import Office
from enrollment.models import Household, Member
from enrollment.tests import factories
from office.models import Body
from tests import restore

CLAIMS = 400_000
PEOPLE = 4_000
TOWNSHIPS = 13
DISEASES = 300
TIMES = 5
LONGEST = 15.0  # seconds for the year's sheet, at full scale
MOST = 25.0  # times the bare scan; of few claims the planning counts too
BARE = "SELECT (SELECT sum(fund_pays) FROM claims_approval), (SELECT count(level) FROM claims_claim)"
TABLES = ("claims_claim", "claims_approval", "claims_reversal")

#: What of a copied claim differs from the one it is copied from; n is its number.
CLAIM = {
    "number": "'B' || n",
    "member_id": "(SELECT ids[1 + n % cardinality(ids)] FROM people)",
    "disease_id": "(SELECT ids[1 + n % cardinality(ids)] FROM diseases)",
    "kind": "(ARRAY['inpatient', 'outpatient', 'chronic', 'outpatient', 'injury'])[1 + n % 5]",
    "level": "(ARRAY['village', 'township', 'county', 'city', 'province'])[1 + n % 5]",
    "region": "CASE WHEN n % 7 = 0 THEN 'outside' ELSE 'county' END",
    "total": "(n % 9000) + 1",
    "document_id": "NULL",
}
APPROVAL = {
    "claim_id": "c.id",
    "person_id": "c.member_id",
    "total": "c.total",
    "eligible": "c.total",
    "fund_pays": "round(c.total / 2, 2)",
    "patient_pays": "c.total - round(c.total / 2, 2)",
    "hospital_bears": "0",
    "other_payers": "0",
    "approved_on": "DATE '2009-01-01' + (c.id % 730)::integer",
}
REVERSALS = """
INSERT INTO claims_reversal (approval_id, reason, later, by_id, "on", at)
    SELECT id, 'x', '[]', approved_by_id, approved_on + 20, approved_at FROM claims_approval WHERE id % 50 = 0
"""


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    restore.remember()
    try:
        count = max(int(CLAIMS * scale), 1000)
        claim = _county(scale)
        _copies(claim, count)
        scheme = claim.scheme
        whole, found = _median(lambda: statistics.rows(scheme, rules.YEAR, date(2010, 1, 1)))
        if not {"township", "disease", "band"} <= {row.table for row in found}:
            raise LookupError("The sheet is empty.")
        bare, _none = _median(_scan)
        yield f"a year's sheet over {count:,} claims, seconds ({whole:.2f})", whole, max(LONGEST * scale, 0.5)
        yield f"the same: time against the bare scan ({bare * 1000:.0f} ms)", whole / bare, MOST
    finally:
        restore.restore()


def _county(scale: float) -> Claim:
    """An office with one approved claim, and people in every township."""
    office = Office.of(Body.objects.create(code="640522", name="Bench", kind=Body.Kind.COUNTY_CENTRE))
    claim = office.desk.approved()
    villages = [factories.division(f"6405221{number:02}201") for number in range(TOWNSHIPS)]
    noted = {"changed_by": office.desk.ian, "changed_at": claim.entered_at}
    homes = Household.objects.bulk_create(
        Household(number=f"B{number}", village=villages[number % TOWNSHIPS], registered_on=date(2008, 1, 1), **noted)
        for number in range(max(int(PEOPLE * scale), TOWNSHIPS))
    )
    Member.objects.bulk_create(
        Member(household=home, name="马", sex="F", birth_date=date(1970, 1, 1), relation="head", is_head=True, **noted)
        for home in homes
    )
    Disease.objects.bulk_create(Disease(code=f"B{number}", name=f"病{number}") for number in range(DISEASES))
    return claim


def _copies(claim: Claim, count: int) -> None:
    """So many copies of a claim and its approval; one in fifty with a reversal."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(tests.servers.owner_dsn(name), autocommit=True) as owner:
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(
            "CREATE TEMP TABLE people AS SELECT array_agg(id) AS ids FROM enrollment_member;"
            "CREATE TEMP TABLE diseases AS SELECT array_agg(id) AS ids FROM claims_disease;"
        )
        owner.execute(
            _copied(Claim, CLAIM) + f" FROM claims_claim o, generate_series(1, {count}) n WHERE o.id = {claim.pk}"
        )
        owner.execute(
            _copied(Approval, APPROVAL)
            + f" FROM claims_approval o, claims_claim c WHERE o.claim_id = {claim.pk} AND c.id <> {claim.pk}"
        )
        owner.execute(REVERSALS)
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            owner.execute(f"ANALYZE {table}")


def _copied(model: type[models.Model], other: Mapping[str, str]) -> str:
    """The beginning of a statement that copies rows `o` of a table, some columns being something else."""
    columns = [str(one.column) for one in model._meta.concrete_fields if not one.primary_key]
    named = ", ".join(f'"{one}"' for one in columns)
    values = ", ".join(other.get(one, f'o."{one}"') for one in columns)
    return f"INSERT INTO {model._meta.db_table} ({named}) SELECT {values}"


def _scan() -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE)


def _median(act: Callable[[], Any]) -> tuple[float, Any]:
    """The median time of something, and what it gave."""
    took = []
    for _time in range(TIMES):
        start = time.perf_counter()
        answer = act()
        took.append(time.perf_counter() - start)
    return sorted(took)[TIMES // 2], answer
