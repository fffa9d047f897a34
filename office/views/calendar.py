"""The working-day table: read, correct, bring in the year's notice, print."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office import attachments, prints
from office.access import Request
from office.filters import WorkingDayFilter
from office.forms import NoticeForm, WorkingDayForm, YearForm
from office.models import WorkingDay
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import days
from office.services import calendar
from office.stale import Stale
from office.tables import WorkingDayTable


class WorkingDayList(ListPage):
    permission_required = "office.view_workingday"
    page_title = gettext_lazy("Working days")
    queryset = WorkingDay.objects.select_related("changed_by").order_by("day")
    table_class = WorkingDayTable
    filterset_class = WorkingDayFilter

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        year = self.query().get("year", "")
        actions = []
        if year.isdecimal():
            label = _("Print %(year)s") % {"year": year}
            actions.append(
                {
                    "label": label,
                    "url": reverse("office:working_days_print", args=[year]),
                    "key": "Alt+P",
                }
            )
        if self.request.user.has_perm("office.change_workingday"):
            actions += [
                {"label": _("Bring in a notice"), "url": reverse("office:notice"), "key": "Alt+N"},
                {"label": _("Add a year"), "url": reverse("office:add_year"), "key": "Alt+Y"},
            ]
        return actions

    def totals(self, found: models.QuerySet[WorkingDay]) -> list[tuple[str, str]]:
        return [
            *super().totals(found),
            (_("Working days"), f"{found.filter(is_working=True).count():,}"),
        ]


@permission_required("office.change_workingday", raise_exception=True)
def change_day(request: Request, pk: int) -> HttpResponse:
    """Set one day by the office's own decision."""
    day = get_object_or_404(WorkingDay, pk=pk)
    page = FormPage(
        request,
        title=_("Working day %(day)s") % {"day": day},
        submit=_("Save"),
        cancel_url=_list_of(day),
    )
    form = WorkingDayForm(page.data, instance=day)
    if page.is_sent and form.is_valid():
        try:
            calendar.change_working_day(
                day=day,
                seen_version=form.seen_version,
                by=request.user,
                at=timezone.now(),
                **form.typed(),
            )
        except Stale as stale:
            page.show_stale(form, stale)
        else:
            messages.success(request, _("%(day)s is saved.") % {"day": day})
            return redirect(_list_of(day))
    return page.render(form)


@permission_required("office.change_workingday", raise_exception=True)
def add_year(request: Request) -> HttpResponse:
    """Enter the days of a year that the table does not have."""
    page = FormPage(request, title=_("Add a year"), submit=_("Add"), cancel_url=reverse("office:working_days"))
    form = YearForm(page.data)
    if page.is_sent and form.is_valid():
        year = form.cleaned_data["year"]
        added = calendar.fill_year(year=year, by=request.user, at=timezone.now())
        messages.success(request, _("%(added)s days of %(year)s were added.") % {"added": added, "year": year})
        return redirect(f"{reverse('office:working_days')}?year={year}")
    return page.render(form)


@permission_required("office.change_workingday", raise_exception=True)
def notice(request: Request) -> HttpResponse:
    """Bring in the year's holiday notice from a file, as a job."""
    page = FormPage(
        request,
        title=_("Holiday notice"),
        submit=_("Check and bring in"),
        cancel_url=reverse("office:working_days"),
    )
    form = NoticeForm(page.data, page.files)
    if page.is_sent and form.is_valid():
        try:
            asked = calendar.ask_for_notice(
                year=form.cleaned_data["year"],
                upload=form.cleaned_data["file"],
                by=request.user,
                at=timezone.now(),
            )
        except attachments.CannotAttach as refusal:
            page.refuse(form, "file", refusal, act="job.asked")
        else:
            return redirect("office:job", asked.pk)
    return page.render(form)


@permission_required("office.view_workingday", raise_exception=True)
def print_year(request: Request, year: int) -> HttpResponse:
    """The year's working-day table on one sheet."""
    return paper(
        request,
        lambda: prints.year_sheet(year, by=request.user, at=timezone.now()),
        name=f"working-days-{year}.pdf",
        back=reverse("office:working_days"),
    )


def _list_of(day: WorkingDay) -> str:
    return f"{reverse('office:working_days')}?year={day.day.year}"
