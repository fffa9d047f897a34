"""The list of people who seem to be enrolled twice."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from enrollment.filters.coverage import DoubleFilter
from enrollment.models import Coverage
from enrollment.models.divisions import in_sight
from enrollment.selectors import doubles
from enrollment.tables.coverage import DoubleTable
from office.pages.lists import ListPage
from office.rules import days

RIGHT = "enrollment.view_coverage"
YEARS = range(2003, 2101)


class DoubleList(ListPage):
    permission_required = RIGHT
    page_title = gettext_lazy("Double enrollment")
    table_class = DoubleTable
    filterset_class = DoubleFilter

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def get_queryset(self) -> QuerySet[Coverage]:
        """Those of whom this person sees the one record or the one that is kept."""
        asked = self.query().get("year", "")
        year = int(asked) if asked.isdecimal() and int(asked) in YEARS else int(self.default_filter()["year"])
        person = self.request.user
        kept = in_sight(person, RIGHT, "member__merged_into__household__village__")
        return doubles.enrolled_twice(year).filter(in_sight(person, RIGHT, "member__household__village__") | kept)
