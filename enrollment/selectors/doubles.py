"""Double enrollment (重复参合): who seems to be enrolled twice in a year, on one record or on two."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    CharField,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, Lower

from enrollment.models import Coverage

#: Coverages of a year in basic schemes and the earliest other one of the same person: under the same record, that of
#: his double, or that of somebody of the same name, birth date and sex. (The same ID number, in either form, is one
#: record's or its double's.) Whoever went over from one scheme to another is enrolled once. People are compared within
#: groups of more than one, which are found by equality.
PAIRS = """
WITH covered AS MATERIALIZED (
    SELECT c.id, c.member_id, c.scheme_id, c.period, c.reason = 'transfer' OR c.ended_because = 'transfer' AS went_over,
        coalesce(m.merged_into_id, m.id) AS person, m.state <> 'merged' AS kept, m.name, m.birth_date, m.sex
    FROM enrollment_coverage c
        JOIN enrollment_fundyear y ON y.id = c.fund_year_id AND y.year = %s
        JOIN enrollment_member m ON m.id = c.member_id
    WHERE c.is_basic AND c.void_reason = ''
), several AS MATERIALIZED (
    SELECT * FROM covered JOIN (SELECT person FROM covered GROUP BY person HAVING count(*) > 1) p USING (person)
), alike AS MATERIALIZED (
    SELECT * FROM covered JOIN (
        SELECT name, birth_date, sex FROM covered WHERE kept GROUP BY name, birth_date, sex
        HAVING min(person) <> max(person)
    ) n USING (name, birth_date, sex) WHERE kept
), pairs AS (
    SELECT a.id AS later, b.id AS earlier FROM several a JOIN several b USING (person)
    WHERE b.id < a.id AND (a.period && b.period OR a.scheme_id <> b.scheme_id)
        AND (a.member_id <> b.member_id OR a.period && b.period OR NOT b.went_over)
    UNION ALL
    SELECT a.id, b.id FROM alike a JOIN alike b USING (name, birth_date, sex)
    WHERE b.id < a.id AND a.person <> b.person AND (a.period && b.period OR a.scheme_id <> b.scheme_id)
)
SELECT later, min(earlier) FROM pairs GROUP BY later
"""


class LastDay(Func):
    """The last day of a period, as text."""

    template = "(upper(%(expressions)s) - 1)::text"
    output_field = CharField()


class AtKey(Func):
    """The number that stands in an object at a key."""

    template = "(%(expressions)s)::bigint"
    arg_joiner = " ->> "
    output_field = BigIntegerField()


def enrolled_twice(year: int) -> QuerySet[Coverage]:
    """The later coverage of each such pair, with `person` and `other`: what is to be known of the earlier one."""
    pairs = _pairs(year)
    person = Coalesce("member__merged_into", "member", output_field=IntegerField())
    earlier = AtKey(Value(pairs, JSONField()), Cast("pk", CharField()))
    told: Any = Coverage.objects.filter(pk=OuterRef("earlier")).values(
        told=JSONObject(
            pk="pk",
            member="member",
            person=person,
            name="member__name",
            id_number="member__id_number",
            household="member__household__number",
            scheme="scheme__name",
            first=Cast(Lower("period"), CharField()),
            last=LastDay("period"),
        )
    )
    return (
        Coverage.objects.filter(pk__in=[int(pk) for pk in pairs])
        .annotate(person=person, earlier=earlier)
        .annotate(other=Subquery(told))
        .select_related("member__household__village", "fund_year__scheme")
        .order_by("member__household__village__code", "member__name", "pk")
    )


def _pairs(year: int) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, [year])
        return {str(later): earlier for later, earlier in cursor.fetchall()}
