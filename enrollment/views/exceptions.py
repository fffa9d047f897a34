"""Whole households: who is left out for a listed reason, and which households are not whole."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from enrollment.filters.coverage import ExceptionFilter, NotWholeFilter
from enrollment.models import FundYear, Household, HouseholdException
from enrollment.selectors import wholeness
from enrollment.selectors.search import head_of
from enrollment.services import coverage
from enrollment.tables.coverage import ExceptionTable, NotWholeTable
from enrollment.views.coverage import EXCEPT
from office import trail
from office.access import Request
from office.pages.lists import ListPage


class ExceptionList(ListPage):
    permission_required = "enrollment.view_coverage"
    page_title = gettext_lazy("Exceptions to whole households")
    queryset = HouseholdException.objects.select_related(
        "member__household__village", "fund_year__scheme", "noted_by"
    ).order_by("-pk")
    table_class = ExceptionTable
    filterset_class = ExceptionFilter

    def default_filter(self) -> dict[str, str]:
        return {"holds": "yes"}


class NotWholeList(ListPage):
    permission_required = "enrollment.view_household"
    page_title = gettext_lazy("Households that are not whole")
    table_class = NotWholeTable
    filterset_class = NotWholeFilter

    def default_filter(self) -> dict[str, str]:
        known: dict[str, str] | None = getattr(self, "_newest", None)
        if known is None:
            years = FundYear.objects.confirmed().of_households().order_by("-year", "scheme")
            newest = years.values_list("pk", flat=True).first()
            known = self._newest = {"fund_year": str(newest)} if newest else {}
        return known

    def get_queryset(self) -> QuerySet[Household]:
        asked = self.query().get("fund_year", "") or self.default_filter().get("fund_year", "")
        year = FundYear.objects.confirmed().filter(pk=asked).first() if asked.isdecimal() else None
        if year is None:
            return Household.objects.none()
        found: QuerySet[Household] = wholeness.not_whole(year).annotate(head_name=head_of(OuterRef("pk")))
        return found.visible_to(self.request.user)  # type: ignore[attr-defined,no-any-return]


@require_POST
@permission_required(EXCEPT, raise_exception=True)
def end_exception(request: Request, pk: int) -> HttpResponse:
    """An exception holds no longer."""
    seen = HouseholdException.objects.visible_to(request.user, EXCEPT).select_related("member")
    found = get_object_or_404(seen, pk=pk)
    try:
        coverage.end_exception(exception=found, by=request.user, at=timezone.now())
    except coverage.CannotExcept as refusal:
        trail.refused("exception.ended", found.member, by=request.user, at=timezone.now(), reason=str(refusal))
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is taken back."))
    return redirect("enrollment:coverage", found.member_id)
