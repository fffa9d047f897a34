"""Screens and how they are set, screenings and what came of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.filters.leads import ScreeningFilter
from audit.forms.leads import ScreeningForm, SettingForm
from audit.models import Screening, ScreenSetting
from audit.screens.registry import SCREENS
from audit.selectors import leads
from audit.selectors import screens as selectors
from audit.services import screen_settings, screening
from audit.services.screen_settings import SET, CannotSet
from audit.services.screening import RUN, CannotScreen
from audit.tables.leads import ScreeningTable
from office.access import Request
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import days

VIEW = "audit.view_screensetting"
VIEW_RUNS = "audit.view_screening"
SUMMED = ("hits", "kept", "fresh", "seconds")


@permission_required(VIEW, raise_exception=True)
def screens(request: Request) -> HttpResponse:
    """All screens: what each looks for, and how it is set today."""
    known = selectors.in_force(days.business_day(timezone.now()))
    rows = [
        {
            "number": number,
            "screen": screen,
            "parameters": [(one, known.get((code, one.name))) for one in screen.parameters_of()],
        }
        for number, (code, screen) in enumerate(SCREENS.items(), 1)
    ]
    may_set = request.user.has_perm(SET)
    return render(request, "audit/screens.html", {"page_title": _("Screens"), "rows": rows, "may_set": may_set})


@permission_required(SET, raise_exception=True)
def set_screen(request: Request, code: str) -> HttpResponse:
    """Set a parameter of a screen from a day on."""
    screen = selectors.known(code)
    if screen is None:
        raise Http404
    page = FormPage(
        request,
        title=_("Set: %(screen)s") % {"screen": screen.title},
        submit=_("Set it"),
        cancel_url=reverse("audit:screens"),
        template="audit/screen_form.html",
    )
    form = SettingForm(page.data, screen=screen)
    if page.is_sent and form.is_valid():
        try:
            screen_settings.set_value(screen=screen, by=request.user, at=timezone.now(), **form.cleaned_data)
        except CannotSet as refusal:
            page.refuse(form, refusal.field, refusal, act="screen.set")
        else:
            messages.success(request, _("It is set; the next screening goes by it."))
            return redirect("audit:screens")
    labels = {one.name: one.label for one in screen.parameters_of()}
    earlier: list[Any] = list(ScreenSetting.objects.filter(screen=code).select_related("set_by").order_by("-pk"))
    for one in earlier:
        one.label = labels.get(one.name, one.name)
    return page.render(form, screen=screen, earlier=earlier)


class ScreeningList(ListPage):
    permission_required = VIEW_RUNS
    page_title = gettext_lazy("Screenings")
    table_class = ScreeningTable
    filterset_class = ScreeningFilter

    def get_queryset(self) -> QuerySet[Any]:
        summed = Screening.objects.annotate(
            done=Count("results"),
            hits=Sum("results__hits"),
            fresh=Sum("results__fresh"),
            seconds=Sum("results__seconds"),
        )
        return summed.select_related("asked_by").order_by("-pk")

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(RUN):
            return []
        return [{"label": _("Screen"), "url": reverse("audit:screening_new"), "key": "Alt+N"}]


@permission_required(VIEW_RUNS, raise_exception=True)
def one_screening(request: Request, pk: int) -> HttpResponse:
    """One screening, screen by screen."""
    found = get_object_or_404(Screening.objects.select_related("asked_by", "job"), pk=pk)
    results = {one.screen: one for one in found.results.all()}
    rows = [{"title": leads.screen_words(code), "code": code, "result": results.get(code)} for code in found.screens]
    sums = {name: sum(getattr(one, name) for one in results.values()) for name in SUMMED}
    told = {"found": found, "rows": rows, "done": len(results), "sums": sums}
    return render(request, "audit/screening.html", told)


@permission_required(RUN, raise_exception=True)
def ask(request: Request) -> HttpResponse:
    """Ask for a screening over some days."""
    today = days.business_day(timezone.now())
    page = FormPage(
        request, title=_("Screen the claims of some days"), submit=_("Screen"), cancel_url=reverse("audit:screenings")
    )
    begin = {"first": today.replace(month=1, day=1), "last": today, "screens": list(SCREENS)}
    form = ScreeningForm(page.data, initial=begin)
    if page.is_sent and form.is_valid():
        try:
            asked = screening.ask(
                span=form.span(), screens=form.cleaned_data["screens"], by=request.user, at=timezone.now()
            )
        except CannotScreen as refusal:
            page.refuse(form, refusal.field, refusal, act="screening.begun")
        else:
            return redirect("office:job", asked.pk)
    return page.render(form)
