"""Diseases and the lists on which some of them stand."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.filters.providers import DiseaseFilter, ListedDiseaseFilter
from claims.forms.catalogues import EndListingForm, ListingForm
from claims.models import Disease, ListedDisease
from claims.services import diseases, imports
from claims.services.diseases import LIST, VIEW, CannotList
from claims.tables.providers import DiseaseTable, ListedDiseaseTable
from office.access import Request
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import days


class DiseaseList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Diseases")
    queryset = Disease.objects.order_by("code")
    table_class = DiseaseTable
    filterset_class = DiseaseFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(imports.RIGHT):
            return []
        return [{"label": _("Bring diseases in"), "url": reverse("claims:diseases_new"), "key": "Alt+N"}]


class ListedDiseaseList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Disease lists")
    queryset = ListedDisease.objects.select_related("scheme", "disease").order_by(
        "scheme", "kind", "disease", "-period"
    )
    table_class = ListedDiseaseTable
    filterset_class = ListedDiseaseFilter

    def default_filter(self) -> dict[str, str]:
        return {"on": days.business_day(timezone.now()).isoformat()}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(LIST):
            return []
        return [{"label": _("Put a disease on a list"), "url": reverse("claims:listing_new"), "key": "Alt+N"}]


@permission_required(LIST, raise_exception=True)
def put_on_list(request: Request) -> HttpResponse:
    """Put a disease on a list."""
    page = FormPage(
        request, title=_("Put a disease on a list"), submit=_("Enter it"), cancel_url=reverse("claims:listings")
    )
    form = ListingForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            listed = diseases.list_disease(by=request.user, at=timezone.now(), **form.cleaned_data)
        except CannotList as refusal:
            page.refuse(form, refusal.field, refusal, act="disease.listed")
        else:
            messages.success(request, _("%(disease)s is on the list.") % {"disease": listed.disease})
            return redirect("claims:listings")
    return page.render(form)


@permission_required(LIST, raise_exception=True)
def take_off_list(request: Request, pk: int) -> HttpResponse:
    """Take a disease off its list."""
    listed = get_object_or_404(ListedDisease.objects.select_related("disease", "scheme"), pk=pk)
    title = _("Take %(disease)s off the list") % {"disease": listed.disease}
    page = FormPage(
        request,
        title=f"{title} · {listed.scheme} · {listed.get_kind_display()}",
        submit=_("Take off"),
        cancel_url=reverse("claims:listings"),
    )
    form = EndListingForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            diseases.end_listing(listed=listed, by=request.user, at=timezone.now(), **form.cleaned_data)
        except CannotList as refusal:
            page.refuse(form, refusal.field, refusal, act="listed-disease.ended")
        else:
            last = form.cleaned_data["last"]
            said = _("%(disease)s is on the list until %(day)s.") % {"disease": listed.disease, "day": last}
            messages.success(request, said)
            return redirect("claims:listings")
    return page.render(form)
