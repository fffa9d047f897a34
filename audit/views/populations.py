"""Populations: the list, one with its samples, asking for one, fetching its rows."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from audit import sample_words
from audit.filters.sampling import PopulationFilter
from audit.forms.sampling import FORMS, PopulationForm
from audit.models import Population, Sample
from audit.selectors import sampling as selectors
from audit.services import populations
from audit.services.populations import MAKE, VIEW, CannotSample
from audit.tables.sampling import PopulationTable
from office.access import Request
from office.pages.downloads import POWERLESS
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page, Table, shown
from office.rules import money

TONES = {"frozen": "done", "concluded": "done", "void": "failed", "empty": "failed"}


class PopulationList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Populations of samples")
    table_class = PopulationTable
    filterset_class = PopulationFilter

    def get_queryset(self) -> QuerySet[Any]:
        seen = Population.objects.visible_to(self.request.user, VIEW)
        return seen.select_related("engagement", "asked_by").order_by("-pk")

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(MAKE):
            return []
        return [{"label": _("Freeze a population"), "url": reverse("audit:population_new"), "key": "Alt+N"}]


@permission_required(MAKE, raise_exception=True)
def ask(request: Request) -> HttpResponse:
    """Ask for a population to be frozen."""
    page = FormPage(
        request, title=_("Freeze a population"), submit=_("Freeze it"), cancel_url=reverse("audit:populations")
    )
    form = PopulationForm(page.data, person=request.user)
    made = tried(
        page,
        form,
        lambda: populations.ask(
            engagement=form.cleaned_data["engagement"], stated=form.told(), by=request.user, at=timezone.now()
        ),
    )
    return redirect("audit:population", made.pk) if made else page.render(form)


def tried(page: FormPage, form: Any, do: Any) -> Any:
    """What a sent form did; a refusal stands at its field, written as an act by the service."""
    if not (page.is_sent and form.is_valid()):
        return None
    try:
        return do()
    except CannotSample as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


def population_of(request: Request, pk: int) -> Population:
    """A population that somebody sees."""
    seen = Population.objects.visible_to(request.user, VIEW)
    return get_object_or_404(seen.select_related("engagement", "scheme", "asked_by", "job"), pk=pk)


@permission_required(VIEW, raise_exception=True)
def population(request: Request, pk: int) -> HttpResponse:
    """One population: what it is, its hash, the samples drawn from it."""
    found = population_of(request, pk)
    page = Page(
        subject=found,
        title=_("Population %(number)s") % {"number": found},
        back=(_("Populations of samples"), reverse("audit:populations")),
        state=(TONES.get(found.state, "waiting"), str(found.get_state_display())),
        facts=[
            (_("engagement"), f"{found.engagement} {found.engagement.title}"),
            (_("what it holds"), sample_words.query(found)),
            (_("number of items"), f"{found.items:,}"),
            (_("sum, yuan"), money.shown(found.amount)),
            ("SHA-256", found.sha256 or "—"),
            (_("asked for by"), f"{found.asked_by} · {timezone.localtime(found.asked_at):%Y-%m-%d %H:%M}"),
            (_("frozen since"), f"{timezone.localtime(found.frozen_at):%Y-%m-%d %H:%M:%S}" if found.frozen_at else "—"),
        ],
        tables=[_samples(found)],
        actions=_ways(request, found),
        notices=_waits(found),
    )
    return shown(request, page)


def _waits(found: Population) -> list[str]:
    if found.state == Population.State.ASKED:
        return [_("It is being frozen away from this page; open the page again to see whether it is done.")]
    return []


def _samples(found: Population) -> Table:
    rows = [
        [
            format_html('<a href="{}">{}</a>', reverse("audit:sample", args=[one.pk]), one.number),
            one.get_method_display(),
            one.get_state_display(),
            one.drawn_items,
            one.agreed_items,
            one.wrong_items,
            one.void_reason or one.conclusion or "—",
        ]
        for one in selectors.with_progress(Sample.objects.filter(population=found)).order_by("pk")
    ]
    header = [
        _("number"),
        _("method"),
        _("state"),
        _("number of items"),
        _("agreed"),
        pgettext("sample", "wrong"),
        _("conclusion or reason"),
    ]
    return Table(_("Samples of this population"), header, rows, _("No sample is planned yet."), figures=(3, 4, 5))


def _ways(request: Request, found: Population) -> list[Action]:
    if found.state != Population.State.FROZEN:
        return [Action(_("The job"), reverse("office:job", args=[found.job_id]))] if _is_own(request, found) else []
    ways = [Action(_("Fetch the rows"), reverse("audit:population_rows", args=[found.pk]), "Alt+R")]
    if request.user.has_perm(MAKE):
        ways += [
            Action(
                capfirst(str(Sample.Method(method).label)),
                reverse("audit:sample_new", args=[found.pk, method]),
                f"Alt+{key}",
            )
            for key, method in enumerate(FORMS, start=1)
        ]
    return ways


def _is_own(request: Request, found: Population) -> bool:
    return found.job_id is not None and found.asked_by_id == request.user.pk


@permission_required(VIEW, raise_exception=True)
def rows(request: Request, pk: int) -> StreamingHttpResponse:
    """The rows of a population as the file whose hash was frozen."""
    found = get_object_or_404(Population.objects.visible_to(request.user, VIEW), pk=pk, state=Population.State.FROZEN)
    populations.fetched(population=found, by=request.user, at=timezone.now())
    response = StreamingHttpResponse(selectors.written(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.csv"'
    response.headers["Content-Security-Policy"] = POWERLESS
    return response
