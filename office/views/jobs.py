"""Jobs: what I asked for, how far it is, what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from office import jobs, prints, trail
from office.access import Request
from office.filters import JobFilter
from office.models import Job
from office.pages import guard
from office.pages.downloads import paper
from office.pages.lists import ListPage
from office.pages.sessions import polled
from office.tables import JobTable


class JobList(ListPage):
    permission_required = "office.view_job"
    page_title = gettext_lazy("Jobs")
    queryset = Job.objects.all()
    table_class = JobTable
    filterset_class = JobFilter


@polled
@permission_required("office.view_job", raise_exception=True)
def job(request: Request, pk: int) -> HttpResponse:
    """One job; the page asks again by itself until the job has ended."""
    found = get_object_or_404(
        Job.objects.visible_to(request.user).select_related("asked_by", "result", "faults"), pk=pk
    )
    if jobs.page_of(found) != "office:job":
        return redirect(jobs.page_of(found), pk)
    context = shown(request, found)
    return render(
        request,
        "office/_job.html" if request.headers.get("HX-Request") else "office/job.html",
        context,
    )


def shown(request: Request, found: Job) -> dict[str, object]:
    """What every page of a job shows."""
    return {
        "job": found,
        "is_open": found.finished_at is None,
        "jobs_reachable": found.state != Job.State.WAITING or jobs.workers_are_reachable(),
        "form_guard": guard.field(request),
    }


@require_POST
@permission_required("office.view_job", raise_exception=True)
def noted(request: Request, pk: int) -> HttpResponse:
    """The person has read how it ended: it leaves his worklist."""
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    jobs.mark_seen(job=found, at=timezone.now())
    return redirect("office:home")


@require_POST
@permission_required("office.view_job", raise_exception=True)
def restart(request: Request, pk: int) -> HttpResponse:
    """Begin failed work again."""
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    try:
        jobs.restart(job=found, by=request.user, at=timezone.now())
    except jobs.CannotRestart as refusal:
        trail.refused("job.restarted", found, by=request.user, at=timezone.now(), reason=str(refusal))
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The work begins again."))
    return redirect("office:job", pk)


@permission_required("office.view_job", raise_exception=True)
def report(request: Request, pk: int) -> HttpResponse:
    """The job's slip on paper."""
    found = get_object_or_404(Job.objects.visible_to(request.user).select_related("asked_by", "faults"), pk=pk)
    return paper(
        request,
        lambda: prints.job_slip(found, by=request.user, at=timezone.now()),
        name=f"job-{pk}.pdf",
        back=reverse("office:job", args=[pk]),
    )
