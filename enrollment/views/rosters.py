"""Rosters: the list, sending one, its check, writing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from enrollment.filters.rosters import RosterImportFilter
from enrollment.forms.rosters import RosterForm
from enrollment.models import RosterImport
from enrollment.services import roster_jobs
from enrollment.tables.rosters import RosterImportTable
from office import attachments, trail
from office.access import Request
from office.models import Job
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.sessions import polled
from office.views.jobs import shown


class RosterImportList(ListPage):
    permission_required = "enrollment.view_rosterimport"
    page_title = gettext_lazy("Roster imports")
    queryset = RosterImport.objects.select_related("fund_year__scheme", "written_by").order_by("-written_at", "-pk")
    table_class = RosterImportTable
    filterset_class = RosterImportFilter

    def page_actions(self) -> list[dict[str, str]]:
        actions = [{"label": _("Households that are not whole"), "url": reverse("enrollment:not_whole")}]
        if self.request.user.has_perm("enrollment.add_rosterimport"):
            actions.append({"label": _("Import a roster"), "url": reverse("enrollment:new_roster"), "key": "Alt+N"})
        return actions


@permission_required("enrollment.add_rosterimport", raise_exception=True)
def new_roster(request: Request) -> HttpResponse:
    """Send a roster to be checked, as a job."""
    page = FormPage(
        request, title=_("Import a roster"), submit=_("Check"), cancel_url=reverse("enrollment:roster_imports")
    )
    form = RosterForm(page.data, page.files)
    if page.is_sent and form.is_valid():
        try:
            asked = roster_jobs.ask_for_check(
                fund_year=form.cleaned_data["fund_year"],
                upload=form.cleaned_data["file"],
                by=request.user,
                at=timezone.now(),
            )
        except attachments.CannotAttach as refusal:
            page.refuse(form, "file", refusal, act="job.asked")
        else:
            return redirect("enrollment:roster_job", asked.pk)
    return page.render(form)


@polled
@permission_required("enrollment.add_rosterimport", raise_exception=True)
def roster_job(request: Request, pk: int) -> HttpResponse:
    """A roster's check or its writing: how far it is, what came of it, and what can be done next."""
    found = _job(request, pk)
    context: dict[str, Any] = shown(request, found)
    if request.headers.get("HX-Request") and context["is_open"]:
        return render(request, "office/_job.html", context)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    context |= {
        "can_be_written": roster_jobs.can_be_written(found),
        "writing": roster_jobs.writing_of(found) if found.name == roster_jobs.CHECK else None,
        "faults": roster_jobs.first_faults(found),
        "fund_year": found.arguments["fund_year"],
    }
    return render(request, "enrollment/roster_job.html", context)


@require_POST
@permission_required("enrollment.add_rosterimport", raise_exception=True)
def write_roster(request: Request, pk: int) -> HttpResponse:
    """Have the good rows of a checked roster written."""
    check = _job(request, pk)
    try:
        asked = roster_jobs.ask_for_writing(check=check, by=request.user, at=timezone.now())
    except roster_jobs.CannotWrite as refusal:
        trail.refused("job.asked", check, by=request.user, at=timezone.now(), reason=str(refusal))
        messages.error(request, str(refusal))
        return redirect("enrollment:roster_job", pk)
    return redirect("enrollment:roster_job", asked.pk)


def _job(request: Request, pk: int) -> Job:
    seen = Job.objects.visible_to(request.user).filter(name__in=(roster_jobs.CHECK, roster_jobs.WRITE))
    return get_object_or_404(seen.select_related("asked_by", "result", "faults"), pk=pk)
