"""Lists of those helped: all of them, sending one, its check, taking it in, and comparing it with the register."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from enrollment.filters.assistance import AssistanceListFilter, ComparedFilter, UnlistedFilter
from enrollment.forms.assistance import AssistanceListForm
from enrollment.models import AssistanceList, Member
from enrollment.selectors import assistance as selectors
from enrollment.selectors.assistance import Kind
from enrollment.services import assistance_jobs
from enrollment.services.assistance_lists import RIGHT, VIEW, CannotList
from enrollment.tables.assistance import AssistanceListTable, ComparedTable, UnlistedTable
from office import attachments, trail
from office.access import Request
from office.models import Job
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.sessions import polled
from office.views.jobs import shown


class AssistanceListList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Lists of those helped")
    table_class = AssistanceListTable
    filterset_class = AssistanceListFilter

    def get_queryset(self) -> QuerySet[AssistanceList]:
        lists = AssistanceList.objects.select_related("fund_year__scheme", "brought_by").order_by("-pk")
        return selectors.in_force(lists)

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(RIGHT) or self.request.user.bodies_in_sight(RIGHT) is not None:
            return []
        return [{"label": _("Take in a list"), "url": reverse("enrollment:assistance_new"), "key": "Alt+N"}]


@permission_required(RIGHT, raise_exception=True)
def new_list(request: Request) -> HttpResponse:
    """Send a list to be checked, as a job."""
    page = FormPage(
        request, title=_("Take in a list"), submit=_("Check"), cancel_url=reverse("enrollment:assistance_lists")
    )
    form = AssistanceListForm(page.data, page.files)
    if page.is_sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            asked = assistance_jobs.ask_for_check(paper=form.paper(), upload=upload, by=request.user, at=timezone.now())
        except CannotList as refusal:
            page.refuse(form, refusal.field, refusal, act="job.asked")
        except attachments.CannotAttach as refusal:
            page.refuse(form, "file", refusal, act="job.asked")
        else:
            return redirect("enrollment:assistance_job", asked.pk)
    return page.render(form)


@polled
@permission_required(RIGHT, raise_exception=True)
def list_job(request: Request, pk: int) -> HttpResponse:
    """A list's check or its taking in: how far it is, what came of it, and what can be done next."""
    found = _job(request, pk)
    context: dict[str, Any] = shown(request, found)
    if request.headers.get("HX-Request") and context["is_open"]:
        return render(request, "office/_job.html", context)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    context |= {
        "made": assistance_jobs.list_of(found),
        "can_be_accepted": assistance_jobs.can_be_accepted(found),
        "accepting": assistance_jobs.accepting_of(found),
        "faults": assistance_jobs.first_faults(found),
    }
    return render(request, "enrollment/assistance_job.html", context)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def accept_list(request: Request, pk: int) -> HttpResponse:
    """Have the good rows of a checked list taken in."""
    check = _job(request, pk)
    try:
        asked = assistance_jobs.ask_for_accepting(check=check, by=request.user, at=timezone.now())
    except CannotList as refusal:
        trail.refused("job.asked", check, by=request.user, at=timezone.now(), reason=str(refusal))
        messages.error(request, str(refusal))
        return redirect("enrollment:assistance_job", pk)
    return redirect("enrollment:assistance_job", asked.pk)


@permission_required(VIEW, raise_exception=True)
def one_list(request: Request, pk: int) -> HttpResponse:
    """One list: by which paper, whether it is in force, and what comparing it with the register comes to."""
    found = _list(pk)
    lines = [
        {
            "label": kind.label,
            "count": selectors.compared(found, kind, request.user).count(),
            "url": reverse("enrollment:assistance_compared", args=[pk, kind]),
        }
        for kind in Kind
    ]
    unlisted = {
        "label": _("in the register with this category, on no list"),
        "count": selectors.unlisted(found, request.user).count(),
        "url": reverse("enrollment:assistance_unlisted", args=[pk]),
    }
    context = {
        "list": found,
        "lines": [*lines[:3], unlisted, *lines[3:]],
        "own_alone": request.user.bodies_in_sight(VIEW) is not None,
        "files": [one for one in attachments.of(found) if attachments.may_read(one, request.user)],
    }
    return render(request, "enrollment/assistance_list.html", context)


class Compared(ListPage):
    """What a page of a list's comparison has: the list, and whom it is about."""

    permission_required = VIEW
    label: Any = ""

    @property
    def of(self) -> AssistanceList:
        """The list that the address names."""
        known: AssistanceList | None = getattr(self, "_of", None)
        if known is None:
            known = self._of = _list(self.kwargs["pk"])
        return known

    @property
    def page_title(self) -> str:  # type: ignore[override]
        return _("%(list)s: %(what)s") % {"list": self.of, "what": self.label}

    def page_actions(self) -> list[dict[str, str]]:
        way = reverse("enrollment:assistance_list", args=[self.of.pk])
        return [{"label": _("The list"), "url": way, "key": "Alt+B"}]


class ComparedList(Compared):
    table_class = ComparedTable
    filterset_class = ComparedFilter

    @property
    def label(self) -> str:
        return str(self._kind.label)

    @property
    def _kind(self) -> Kind:
        if self.kwargs["kind"] not in Kind.values:
            raise Http404
        return Kind(self.kwargs["kind"])

    def get_queryset(self) -> QuerySet[Any]:
        return selectors.compared(self.of, self._kind, self.request.user)


class UnlistedList(Compared):
    table_class = UnlistedTable
    filterset_class = UnlistedFilter
    label = gettext_lazy("in the register with this category, on no list")

    def get_queryset(self) -> QuerySet[Member]:
        return selectors.unlisted(self.of, self.request.user)


def _list(pk: int) -> AssistanceList:
    lists = AssistanceList.objects.select_related("fund_year__scheme", "brought_by")
    return get_object_or_404(selectors.in_force(lists), pk=pk)


def _job(request: Request, pk: int) -> Job:
    seen = Job.objects.visible_to(request.user).filter(name__in=(assistance_jobs.CHECK, assistance_jobs.ACCEPT))
    return get_object_or_404(seen.select_related("asked_by", "result", "faults"), pk=pk)
