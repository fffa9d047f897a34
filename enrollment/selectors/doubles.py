"""Double enrollment (重复参合): who seems to be enrolled twice in a year, on one record or on two."""

from __future__ import annotations

from django.db import connection
from django.db.models import CharField, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, JSONObject, Lower

from enrollment.models import Coverage

#: Coverages of a year in basic schemes whose person has another one there: the same one, his double, or somebody of
#: the same name, birth date and village. Whoever went over from one scheme to another is enrolled once.
CANDIDATES = """
WITH covered AS (
    SELECT c.id, c.reason, coalesce(m.merged_into_id, m.id) AS person, m.state, m.name, m.birth_date, h.village_id
    FROM enrollment_coverage c
        JOIN enrollment_fundyear y ON y.id = c.fund_year_id AND y.year = %s
        JOIN enrollment_member m ON m.id = c.member_id
        JOIN enrollment_household h ON h.id = m.household_id
    WHERE c.is_basic AND c.void_reason = ''
), several AS (
    SELECT person FROM covered GROUP BY person HAVING count(*) > 1
), alike AS (
    SELECT name, birth_date, village_id FROM covered WHERE state <> 'merged' GROUP BY name, birth_date, village_id
    HAVING count(DISTINCT person) > 1
)
SELECT id FROM covered WHERE person IN (SELECT person FROM several)
UNION SELECT c.id FROM covered c JOIN alike a USING (name, birth_date, village_id) WHERE c.state <> 'merged'
"""


class LastDay(Func):
    """The last day of a period, as text."""

    template = "(upper(%(expressions)s) - 1)::text"
    output_field = CharField()


def enrolled_twice(year: int) -> QuerySet[Coverage]:
    """The later coverage of each such pair, with `person` and `other`: what is to be known of the earlier one."""
    candidates = _candidates(year)
    person = Coalesce("member__merged_into", "member", output_field=IntegerField())
    earlier = (
        Coverage.objects.standing()
        .filter(pk__in=candidates, pk__lt=OuterRef("pk"))
        .annotate(person=person)
        .filter(_pair())
        .order_by("pk")
    )
    told = earlier.values(
        told=JSONObject(
            pk="pk",
            member="member",
            person="person",
            name="member__name",
            id_number="member__id_number",
            household="member__household__number",
            scheme="scheme__name",
            first=Cast(Lower("period"), CharField()),
            last=LastDay("period"),
        )
    )
    return (
        Coverage.objects.standing()
        .filter(pk__in=candidates)
        .annotate(person=person)
        .annotate(other=Subquery(told[:1]))
        .filter(other__isnull=False)
        .select_related("member__household__village", "fund_year__scheme")
        .order_by("member__household__village__code", "member__name", "pk")
    )


def _candidates(year: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, [year])
        return [pk for (pk,) in cursor.fetchall()]


def _pair() -> Q:
    """Two coverages that one person should not have."""
    alike = {name: OuterRef(name) for name in ("member__name", "member__birth_date", "member__household__village")}
    same = Q(person=OuterRef("person")) | Q(**alike, member__merged_into__isnull=True)
    overlap = Q(period__overlap=OuterRef("period"))
    went_over = Q(member=OuterRef("member")) & ~overlap & (Q(ended_because="transfer") | Q(reason="transfer"))
    return same & (overlap | ~Q(scheme=OuterRef("scheme"))) & ~went_over
