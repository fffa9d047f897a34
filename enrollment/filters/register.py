"""What the lists of households and members can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from enrollment.models import Category, Coverage, Division, Household, Member
from enrollment.rules import search_words
from office.filters import YES_NO, search_field

STANDING = [("current", _("existing")), ("ended", _("ended"))]


class PlaceFilter(filters.FilterSet):
    """By township and village, of which only those in sight are offered, and by coverage in a year."""

    #: The way from a row to its village, and from a coverage to the row.
    village_path = "village"
    coverage_path = "member__household"
    #: The right that says which places are in sight.
    places_right = "enrollment.view_member"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Division.objects.visible_to(self.request.user, self.places_right)
        townships: dict[int, tuple[str, list[tuple[int, str]]]] = {}
        for place in places.exclude(level=Division.Level.COUNTY).order_by("code"):
            if place.level == Division.Level.TOWNSHIP:
                townships[place.pk] = (place.name, [])
            else:
                townships[place.parent_id or 0][1].append((place.pk, place.name))
        self.filters["township"].extra["choices"] = [(pk, name) for pk, (name, _villages) in townships.items()]
        self.filters["village"].extra["choices"] = list(townships.values())

    def in_township(self, rows: QuerySet[Any], field: str, township: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.village_path}__parent": township})

    def in_village(self, rows: QuerySet[Any], field: str, village: str) -> QuerySet[Any]:
        return rows.filter(**{self.village_path: village})

    def covered_in_year(self, rows: QuerySet[Any], field: str, covered: str) -> QuerySet[Any]:
        year = self.form.cleaned_data.get("year")
        if not year:
            return rows
        found = Exists(
            Coverage.objects.standing().filter(**{self.coverage_path: OuterRef("pk"), "fund_year__year": year})
        )
        return rows.filter(found if covered == "True" else ~found)

    def in_a_year(self, rows: QuerySet[Any], field: str, year: int) -> QuerySet[Any]:
        """The year alone narrows nothing: it says which year `covered` is about."""
        return rows


def _township() -> filters.ChoiceFilter:
    return filters.ChoiceFilter(method="in_township", label=_("township"))


def _village() -> filters.ChoiceFilter:
    return filters.ChoiceFilter(method="in_village", label=_("village"))


def _year() -> filters.NumberFilter:
    return filters.NumberFilter(method="in_a_year", label=_("year"), min_value=2003, max_value=2100)


def _covered() -> filters.ChoiceFilter:
    return filters.ChoiceFilter(choices=YES_NO, method="covered_in_year", label=_("covered in the year"))


class MemberFilter(PlaceFilter):
    village_path = "household__village"
    coverage_path = "member"

    name = filters.CharFilter(method="named", label=_("Full name"), widget=search_field())
    township, village = _township(), _village()
    category = filters.ChoiceFilter(choices=Category.choices, label=_("category"))
    state = filters.ChoiceFilter(choices=Member.State.choices, label=_("state"))
    year, covered = _year(), _covered()

    class Meta:
        model = Member
        fields = ("name", "township", "village", "category", "state", "year", "covered")

    def named(self, members: QuerySet[Member], field: str, name: str) -> QuerySet[Member]:
        return members.filter(name__startswith=search_words.name_of(name))


class HouseholdFilter(PlaceFilter):
    number = filters.CharFilter(lookup_expr="startswith", label=_("household number"), widget=search_field())
    township, village = _township(), _village()
    category = filters.ChoiceFilter(choices=Category.choices, method="with_category", label=_("category"))
    state = filters.ChoiceFilter(choices=STANDING, method="standing", label=_("state"))
    year, covered = _year(), _covered()

    class Meta:
        model = Household
        fields = ("number", "township", "village", "category", "state", "year", "covered")

    def with_category(self, households: QuerySet[Household], field: str, category: str) -> QuerySet[Household]:
        living = Member.objects.living().filter(household=OuterRef("pk"), category=category)
        return households.filter(Exists(living))

    def standing(self, households: QuerySet[Household], field: str, state: str) -> QuerySet[Household]:
        return households.filter(ended_on__isnull=state == "current")
