"""Catalogues: their editions, one with its entries, and taking one in; diseases from a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.filters.providers import CatalogueEntryFilter, CatalogueFilter
from claims.forms.catalogues import CatalogueForm, DiseaseFileForm
from claims.models import Catalogue, CatalogueEntry
from claims.services import imports
from claims.services.catalogues import RIGHT, VIEW, CannotTakeIn
from claims.services.imports import CannotImport
from claims.tables.providers import CatalogueEntryTable, CatalogueTable
from office import attachments, trail, words
from office.access import Request
from office.models import Job
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.sessions import polled
from office.views.jobs import shown


class CatalogueList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Catalogues")
    queryset = Catalogue.objects.select_related("scheme", "imported_by").order_by("-period", "scheme", "kind")
    table_class = CatalogueTable
    filterset_class = CatalogueFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(RIGHT):
            return []
        return [{"label": _("Take an edition in"), "url": reverse("claims:catalogue_new"), "key": "Alt+N"}]


class CatalogueEntryList(ListPage):
    """The entries of one edition."""

    permission_required = VIEW
    table_class = CatalogueEntryTable
    filterset_class = CatalogueEntryFilter

    @property
    def of(self) -> Catalogue:
        """The edition that the address names."""
        known: Catalogue | None = getattr(self, "_of", None)
        if known is None:
            known = self._of = get_object_or_404(Catalogue.objects.select_related("scheme"), pk=self.kwargs["pk"])
        return known

    @property
    def page_title(self) -> str:  # type: ignore[override]
        """Scheme, kind and days."""
        return f"{self.of.scheme} · {self.of.get_kind_display()} · {words.period(self.of.period)}"

    def get_queryset(self) -> QuerySet[Any]:
        return CatalogueEntry.objects.filter(catalogue=self.of)

    def page_actions(self) -> list[dict[str, str]]:
        actions = [{"label": _("All editions"), "url": reverse("claims:catalogues"), "key": "Alt+B"}]
        file = attachments.of(self.of).first()
        if file:
            actions.append({"label": _("The file"), "url": reverse("office:attachment", args=[file.pk])})
        return actions


@permission_required(RIGHT, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """Send an edition to be checked, as a job."""
    page = FormPage(
        request, title=_("Take an edition in"), submit=_("Check the file"), cancel_url=reverse("claims:catalogues")
    )
    form = CatalogueForm(page.data, page.files)
    if page.is_sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            asked = imports.ask_for_catalogue(edition=form.edition(), upload=upload, by=request.user, at=timezone.now())
        except CannotTakeIn as refusal:
            page.refuse(form, refusal.field, refusal, act="job.asked")
        except attachments.CannotAttach as refusal:
            page.refuse(form, "file", refusal, act="job.asked")
        else:
            return redirect("claims:import_job", asked.pk)
    return page.render(form)


@permission_required(RIGHT, raise_exception=True)
def new_diseases(request: Request) -> HttpResponse:
    """Send a file of diseases to be checked, as a job."""
    page = FormPage(
        request, title=_("Bring diseases in"), submit=_("Check the file"), cancel_url=reverse("claims:diseases")
    )
    form = DiseaseFileForm(page.data, page.files)
    if page.is_sent and form.is_valid():
        try:
            asked = imports.ask_for_diseases(upload=form.cleaned_data["file"], by=request.user, at=timezone.now())
        except attachments.CannotAttach as refusal:
            page.refuse(form, "file", refusal, act="job.asked")
        else:
            return redirect("claims:import_job", asked.pk)
    return page.render(form)


@polled
@permission_required(RIGHT, raise_exception=True)
def import_job(request: Request, pk: int) -> HttpResponse:
    """A file's check or its taking in: how far it is, what came of it, and what can be done next."""
    found = _job(request, pk)
    context: dict[str, Any] = shown(request, found)
    if request.headers.get("HX-Request") and context["is_open"]:
        return render(request, "office/_job.html", context)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    is_catalogue = found.name in {imports.CHECK_CATALOGUE, imports.TAKE_CATALOGUE}
    context |= {
        "is_catalogue": is_catalogue,
        "is_check": found.name in imports.TAKES,
        "edition": imports.edition_of(found) if is_catalogue else None,
        "can_be_taken": imports.can_be_taken(found),
        "taking": imports.taking_of(found),
        "faults": imports.first_faults(found),
    }
    return render(request, "claims/import_job.html", context)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def take_in(request: Request, pk: int) -> HttpResponse:
    """Have a checked file taken in."""
    check = _job(request, pk)
    try:
        asked = imports.ask_for_taking(check=check, by=request.user, at=timezone.now())
    except CannotImport as refusal:
        trail.refused("job.asked", check, by=request.user, at=timezone.now(), reason=str(refusal))
        messages.error(request, str(refusal))
        return redirect("claims:import_job", pk)
    return redirect("claims:import_job", asked.pk)


def _job(request: Request, pk: int) -> Job:
    names = (*imports.TAKES, *imports.TAKES.values())
    seen = Job.objects.visible_to(request.user).filter(name__in=names)
    return get_object_or_404(seen.select_related("asked_by", "result", "faults"), pk=pk)
