"""Go-live: the list of protocols, a file that is brought, its check, its protocol."""

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

from enrollment.filters.go_live import ProtocolFilter
from enrollment.forms.go_live import GoLiveForm
from enrollment.models import GoLiveProtocol
from enrollment.prints import go_live as prints
from enrollment.services import go_live, go_live_jobs
from enrollment.services.go_live_files import CannotBring
from enrollment.tables.go_live import ProtocolTable
from office import attachments, deciding, trail
from office.access import Request
from office.models import Job
from office.models.rounds import State
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.sessions import polled
from office.views.jobs import shown

VIEW = "enrollment.view_goliveprotocol"


class ProtocolList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Go-live")
    queryset = GoLiveProtocol.objects.select_related("fund_year__scheme", "file", "proposed_by")
    table_class = ProtocolTable
    filterset_class = ProtocolFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(go_live.RIGHT):
            return []
        return [{"label": _("Bring a file"), "url": reverse("enrollment:go_live_new"), "key": "Alt+N"}]


@permission_required(go_live.RIGHT, raise_exception=True)
def new_file(request: Request) -> HttpResponse:
    """Send a file to be checked, as a job."""
    page = FormPage(request, title=_("Bring a file"), submit=_("Check"), cancel_url=reverse("enrollment:go_live"))
    form = GoLiveForm(page.data, page.files)
    if page.is_sent and form.is_valid():
        typed = form.cleaned_data
        try:
            asked = go_live_jobs.ask_for_check(
                kind=typed["kind"],
                fund_year=typed["fund_year"],
                as_of=typed["as_of"],
                upload=typed["file"],
                by=request.user,
                at=timezone.now(),
            )
        except (CannotBring, attachments.CannotAttach) as refusal:
            page.refuse(form, "file", refusal, act="job.asked")
        else:
            return redirect("enrollment:go_live_job", asked.pk)
    return page.render(form)


@polled
@permission_required(go_live.RIGHT, raise_exception=True)
def check_job(request: Request, pk: int) -> HttpResponse:
    """The check of a file: how far it is, what came of it, and what can be done next."""
    found = _check(request, pk)
    context: dict[str, Any] = shown(request, found)
    if request.headers.get("HX-Request") and context["is_open"]:
        return render(request, "office/_job.html", context)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    context |= {
        "can_be_proposed": go_live_jobs.can_be_proposed(found),
        "protocol": go_live_jobs.protocol_of(found),
    }
    return render(request, "enrollment/go_live_job.html", context)


@require_POST
@permission_required(go_live.RIGHT, raise_exception=True)
def propose(request: Request, pk: int) -> HttpResponse:
    """Bring a checked file to those who sign."""
    checked = _check(request, pk)
    try:
        asked = go_live_jobs.propose(checked=checked, by=request.user, at=timezone.now())
    except CannotBring as refusal:
        trail.refused("go-live.proposed", checked, by=request.user, at=timezone.now(), reason=str(refusal))
        messages.error(request, str(refusal))
        return redirect("enrollment:go_live_job", pk)
    messages.success(request, _("The protocol waits to be signed by somebody else."))
    return redirect("enrollment:go_live_protocol", asked.pk)


@permission_required(VIEW, raise_exception=True)
def protocol(request: Request, pk: int) -> HttpResponse:
    """One protocol: the file, its fingerprint and sums, who signed it, and what came of the writing."""
    found = _protocol(pk)
    rounds = list(deciding.rounds_of(found).prefetch_related("votes__voter", "votes__for_whom"))
    work = go_live.write_jobs(found)
    open_states = {GoLiveProtocol.State.PROPOSED, GoLiveProtocol.State.SIGNED}
    context = {
        "protocol": found,
        "rows": go_live.told(found),
        "files": attachments.of(found),
        "history": [{"round": one, "votes": list(one.votes.all())} for one in rounds],
        "open_round": next((deciding.page_of(one) for one in rounds if one.state == State.OPEN), ""),
        "can_be_withdrawn": found.state in open_states and found.proposed_by_id == request.user.pk,
        "refusal": work[0].refusal if work and found.state == GoLiveProtocol.State.SIGNED else "",
    }
    return render(request, "enrollment/go_live_protocol.html", context)


@require_POST
@permission_required(go_live.RIGHT, raise_exception=True)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Whoever brought a file takes it back."""
    found = _protocol(pk)
    try:
        go_live.withdraw(protocol=found, by=request.user, at=timezone.now())
    except deciding.CannotWithdraw as refusal:
        trail.refused("go-live.withdrawn", found, by=request.user, at=timezone.now(), reason=str(refusal))
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is taken back."))
    return redirect("enrollment:go_live_protocol", pk)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The protocol on paper."""
    found = _protocol(pk)
    return paper(
        request,
        lambda: prints.sheet(found, by=request.user, at=timezone.now()),
        name=f"go-live-{pk}.pdf",
        back=reverse("enrollment:go_live_protocol", args=[pk]),
    )


def _protocol(pk: int) -> GoLiveProtocol:
    known = GoLiveProtocol.objects.select_related("fund_year__scheme", "file", "proposed_by")
    return get_object_or_404(known, pk=pk)


def _check(request: Request, pk: int) -> Job:
    seen = Job.objects.visible_to(request.user).filter(name=go_live_jobs.CHECK)
    return get_object_or_404(seen.select_related("asked_by", "result", "faults"), pk=pk)
