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
from enrollment.rules.doubles import Enrolled, earlier_of

#: Whose coverages in basic schemes of a year may be two of one person: members who have several, doubles and
#: those who are kept, members of the same name, birth date and sex. (One ID number, in either form, is one record's or
#: its double's.) Everything is found by equality.
CONCERNED = """
WITH doubles AS MATERIALIZED (
    SELECT id, merged_into_id FROM enrollment_member WHERE merged_into_id IS NOT NULL
), alike AS MATERIALIZED (
    SELECT name, birth_date, sex FROM enrollment_member WHERE merged_into_id IS NULL
    GROUP BY name, birth_date, sex HAVING count(*) > 1
)
SELECT member_id FROM enrollment_coverage
    WHERE is_basic AND void_reason = ''
        AND fund_year_id = ANY(ARRAY(SELECT id FROM enrollment_fundyear WHERE year = %s))
    GROUP BY member_id HAVING count(*) > 1
UNION SELECT id FROM doubles
UNION SELECT merged_into_id FROM doubles
UNION SELECT id FROM enrollment_member JOIN alike USING (name, birth_date, sex) WHERE merged_into_id IS NULL
"""
CANDIDATES = """
SELECT c.id, m.id, coalesce(m.merged_into_id, m.id), c.scheme_id, lower(c.period), upper(c.period),
    c.reason = 'transfer' OR c.ended_because = 'transfer', m.merged_into_id IS NULL, m.name, m.birth_date, m.sex
FROM enrollment_coverage c JOIN enrollment_member m ON m.id = c.member_id
WHERE c.is_basic AND c.void_reason = '' AND c.member_id = ANY(%s)
    AND c.fund_year_id = ANY(ARRAY(SELECT id FROM enrollment_fundyear WHERE year = %s))
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
        cursor.execute(CONCERNED, [year])
        cursor.execute(CANDIDATES, [[member for (member,) in cursor.fetchall()], year])
        found = [_enrolled(*row) for row in cursor.fetchall()]
    return {str(later): earlier for later, earlier in earlier_of(found).items()}


def _enrolled(*row: Any) -> Enrolled:
    *known, kept, name, birth_date, sex = row
    coverage, member, person, scheme, first, end, went_over = known
    alike = (name, birth_date, sex) if kept else None
    return Enrolled(coverage, member, person, scheme, first, end, went_over, alike)
