"""Divisions: townships with their villages, and which station serves them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.filters.divisions import DivisionFilter
from enrollment.forms.divisions import StationForm
from enrollment.models import Division
from enrollment.services import divisions
from enrollment.tables.divisions import DivisionTable
from office.access import Request
from office.pages import stepup
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.proof import Proof


class DivisionList(ListPage):
    """The townships; the villages of one of them where the address says so."""

    permission_required = "enrollment.view_division"
    page_title = gettext_lazy("Divisions")
    queryset = (
        Division.objects.select_related("parent__station", "station")
        .annotate(villages=Count("children"))
        .order_by("code")
    )
    table_class = DivisionTable
    filterset_class = DivisionFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.query().get("township"):
            return []
        return [{"label": _("All townships"), "url": reverse("enrollment:divisions"), "key": "Alt+B"}]


@permission_required("enrollment.change_division", raise_exception=True)
@stepup.with_proof
def station(request: Request, shown: Proof, pk: int) -> HttpResponse:
    """Say which station serves a township."""
    seen = Division.objects.visible_to(request.user).filter(level=Division.Level.TOWNSHIP)
    township = get_object_or_404(seen.select_related("station"), pk=pk)
    title = _("Station of %(township)s") % {"township": township}
    page = FormPage(request, title=title, submit=_("Save"), cancel_url=reverse("enrollment:divisions"))
    form = StationForm(page.data, township=township)
    if page.is_sent and form.is_valid():
        try:
            divisions.station_serves(
                township=township, by=request.user, at=timezone.now(), proof=shown, **form.cleaned_data
            )
        except divisions.CannotStation as refusal:
            page.refuse(form, "body", refusal, act="division.stationed")
            form.see_again(township.station)
        else:
            messages.success(request, _("%(township)s is saved.") % {"township": township})
            return redirect("enrollment:divisions")
    return page.render(form)
