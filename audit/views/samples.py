"""Samples: the list, one with its items, planning, drawing, choosing, concluding; on paper and as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from audit import sample_words
from audit.filters.sampling import SampleFilter
from audit.forms.sampling import FORMS, ConclusionForm, PickForm, ReasonForm
from audit.models import Population, Sample, SampleItem
from audit.prints import sampling as prints
from audit.selectors import sampling as selectors
from audit.services import sample_items, samples
from audit.services.populations import MAKE, VIEW, CannotSample
from audit.services.sample_items import EXAMINE
from audit.tables.sampling import SampleTable
from audit.views.populations import TONES, population_of, tried
from office import sheets, trail
from office.access import Request
from office.pages.downloads import POWERLESS, paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page, Table, shown
from office.rules import money

SHOWN: Final = 400
State = Sample.State


class SampleList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Audit samples")
    table_class = SampleTable
    filterset_class = SampleFilter

    def get_queryset(self) -> QuerySet[Any]:
        seen = Sample.objects.visible_to(self.request.user, VIEW).select_related("population__engagement")
        return selectors.with_progress(seen).order_by("-pk")

    def page_actions(self) -> list[dict[str, str]]:
        return [{"label": _("Populations"), "url": reverse("audit:populations"), "key": "Alt+G"}]


def sample_of(request: Request, pk: int) -> Sample:
    """A sample that somebody sees."""
    seen = Sample.objects.visible_to(request.user, VIEW)
    known = seen.select_related("population__engagement", "population__scheme", "made_by", "drawn_by", "concluded_by")
    return get_object_or_404(known, pk=pk)


@permission_required(MAKE, raise_exception=True)
def plan(request: Request, population: int, method: str) -> HttpResponse:
    """Plan a sample by one method; the form has this method's fields alone."""
    if method not in FORMS:
        raise Http404
    found = population_of(request, population)
    page = FormPage(
        request,
        title=_("%(method)s of %(population)s") % {"method": Sample.Method(method).label, "population": found},
        submit=_("Fix the plan"),
        cancel_url=reverse("audit:population", args=[found.pk]),
    )
    form = FORMS[method](page.data)

    def do() -> Sample | str:
        if form.cleaned_data.get("only_size"):
            return sample_words.of_size(form.told(), samples.size_of(found, form.told()))
        return samples.plan(population=found, stated=form.told(), by=request.user, at=timezone.now())

    made = tried(page, form, do)
    if isinstance(made, Sample):
        return redirect("audit:sample", made.pk)
    if made:
        messages.info(request, made)
    return page.render(form)


@permission_required(VIEW, raise_exception=True)
def sample(request: Request, pk: int) -> HttpResponse:
    """One sample: its plan, seed and items, what was found."""
    found = sample_of(request, pk)
    page = Page(
        subject=found,
        title=_("Sample %(number)s") % {"number": found},
        back=(_("Audit samples"), reverse("audit:samples")),
        state=(TONES.get(found.state, "waiting"), str(found.get_state_display())),
        facts=[*plan_facts(found), *drawn_facts(found)],
        tables=[*_others(found), _items(found)],
        actions=_ways(request, found, selectors.progress_of(found)),
        links={pgettext("sample", "population"): reverse("audit:population", args=[found.population_id])},
    )
    tones: dict[bool | None, str] = {True: "done", False: "failed"}
    tone = tones.get((found.estimate or {}).get("holds"), "waiting")
    return shown(request, page, "audit/sampling/sample.html", found=sample_words.found(found), tone=tone)


def plan_facts(found: Sample) -> list[tuple[str, object]]:
    """What was planned."""
    of: Population = found.population
    return [
        (_("engagement"), f"{of.engagement} {of.engagement.title}"),
        (pgettext("sample", "population"), f"{of}: {sample_words.query(of)}"),
        (_("items and sum, yuan"), f"{of.items:,} · {money.shown(of.amount)}"),
        (_("what is tested"), found.purpose),
        (_("what counts as an error"), found.error_means),
        (_("method"), found.get_method_display()),
        *sample_words.aims(found),
        (pgettext("sample", "size"), sample_words.size(found)),
        (pgettext("sample", "planned by"), f"{found.made_by} · {timezone.localtime(found.made_at):%Y-%m-%d %H:%M}"),
    ]


def drawn_facts(found: Sample) -> list[tuple[str, object]]:
    """What was drawn and concluded."""
    facts: list[tuple[str, object]] = []
    if found.seed:
        facts += [(_("seed"), found.seed), (_("generator"), found.generator)]
    if found.drawn_by and found.drawn_at:
        facts.append((_("drawn by"), f"{found.drawn_by} · {timezone.localtime(found.drawn_at):%Y-%m-%d %H:%M:%S}"))
    if found.concluded_by and found.concluded_at:
        who = f"{found.concluded_by} · {timezone.localtime(found.concluded_at):%Y-%m-%d %H:%M}"
        facts += [(_("conclusion"), found.conclusion), (_("concluded by"), who)]
    if found.void_reason:
        facts.append((_("given up because"), found.void_reason))
    return facts


def _others(found: Sample) -> list[Table]:
    rows = [
        [_link("sample", one.pk, one.number), one.get_method_display(), one.get_state_display(), one.void_reason or "—"]
        for one in selectors.drawn_before(found)
    ]
    if not rows:
        return []
    header = [_("number"), _("method"), _("state"), _("given up because")]
    return [Table(_("Other samples of the same population"), header, rows)]


def _items(found: Sample) -> Table:
    items = list(found.items.select_related("row", "examined_by", "looked_by").order_by("position")[: SHOWN + 1])
    who = selectors.who_of(found.population, [one.row.subject_id for one in items])
    rows = [
        [
            _link("sample_item", one.pk, str(one.position)),
            one.row.number,
            who.get(one.row.subject_id, "—"),
            one.row.day.isoformat(),
            money.shown(one.amount),
            _("certain") if one.is_certain else one.reason or one.stratum,
            one.get_state_display(),
            result(one),
            one.examined_by or "—",
            one.looked_by or "—",
        ]
        for one in items[:SHOWN]
    ]
    title = _("Items: the first %(shown)s") % {"shown": SHOWN} if len(items) > SHOWN else _("Items")
    header = [
        _("no."),
        _("number"),
        _("person or payee"),
        _("day"),
        _("amount, yuan"),
        _("stratum or reason"),
        _("state"),
        _("result of examining"),
        _("examined by"),
        _("second look by"),
    ]
    return Table(title, header, rows, _("Nothing is drawn yet."), figures=(4,))


def result(item: SampleItem) -> str:
    """What an item showed, in a few words."""
    if not item.outcome:
        return "—"
    if item.outcome == SampleItem.Outcome.RIGHT:
        return str(item.get_outcome_display())
    return f"{item.get_outcome_display()} {money.shown(item.error)}: {item.why}"


def _link(name: str, pk: int, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(f"audit:{name}", args=[pk]), words)


def _ways(request: Request, found: Sample, progress: selectors.Progress) -> list[Action]:
    ways: list[Action] = []
    if request.user.has_perm(MAKE):
        ways += _making(found, progress)
    if request.user.has_perm(EXAMINE) and found.state == State.DRAWN:
        if progress.open:
            ways.append(Action(_("Examine"), _at(found, "sample_examine"), "Alt+E", first=True))
        if progress.examined:
            ways.append(Action(_("Second look"), _at(found, "sample_look"), "Alt+L"))
    if progress.items:
        ways += [
            Action(_("Print"), _at(found, "sample_print"), "Alt+P"),
            Action(_("Workbook"), _at(found, "sample_book"), "Alt+X"),
        ]
    if found.seed and found.state != State.SEEDED:
        ways.append(Action(_("Draw again to compare"), _at(found, "sample_compare"), posts=True))
    if request.user.has_perm(MAKE) and found.state in {State.PLANNED, State.DRAWN}:
        ways.append(Action(_("Give it up"), _at(found, "sample_void")))
    return ways


def _making(found: Sample, progress: selectors.Progress) -> list[Action]:
    ways: list[Action] = []
    is_open = found.state in {State.PLANNED, State.SEEDED}
    if is_open and found.is_judgement:
        ways.append(Action(_("Choose an item"), _at(found, "sample_pick"), "Alt+S", first=not progress.items))
    if is_open and (not found.is_judgement or progress.items):
        ways.append(Action(_("Draw"), _at(found, "sample_draw"), "F2", posts=True, first=True))
    if found.state == State.DRAWN and progress.agreed == progress.items:
        ways.append(Action(_("Conclude"), _at(found, "sample_conclude"), "F2", first=True))
    return ways


def _at(found: Sample, name: str) -> str:
    return reverse(f"audit:{name}", args=[found.pk])


@require_POST
@permission_required(MAKE, raise_exception=True)
def draw(request: Request, pk: int) -> HttpResponse:
    """Let the seed be drawn, and by it the items."""
    found = sample_of(request, pk)
    try:
        drawn = samples.draw(sample=found, by=request.user, at=timezone.now())
    except CannotSample as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(items)s items are drawn.") % {"items": drawn.items.count()})
    return redirect("audit:sample", pk)


@require_POST
@permission_required(VIEW, raise_exception=True)
def compare(request: Request, pk: int) -> HttpResponse:
    """Draw a sample again from its population and seed, and say whether it comes out the same."""
    found = sample_of(request, pk)
    if not found.seed:
        messages.error(request, _("This sample was not drawn by a seed."))
    elif samples.is_drawn_again(found):
        messages.success(request, _("The rows are those that were frozen, and the seed draws exactly these items."))
    else:
        messages.error(request, _("The seed does not draw these items: this sample proves nothing. Give it up."))
    return redirect("audit:sample", pk)


@permission_required(MAKE, raise_exception=True)
def pick(request: Request, pk: int) -> HttpResponse:
    """Choose an item by judgement; the next one can be chosen at once."""
    found = sample_of(request, pk)
    page = _form_page(request, found, _("Choose an item for %(number)s"), _("Choose it"))
    form = PickForm(page.data)
    made = tried(
        page,
        form,
        lambda: samples.pick(sample=found, by=request.user, at=timezone.now(), **form.cleaned_data),
    )
    if made is None:
        return page.render(form)
    messages.success(request, _("Item %(position)s is chosen.") % {"position": made.position})
    return redirect("audit:sample_pick", pk)


@permission_required(MAKE, raise_exception=True)
def give_up(request: Request, pk: int) -> HttpResponse:
    """Give a sample up, with the reason."""
    found = sample_of(request, pk)
    page = _form_page(request, found, _("Give sample %(number)s up"), _("Give it up"))
    form = ReasonForm(page.data)

    def do() -> bool:
        samples.give_up(sample=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return True

    if not tried(page, form, do):
        return page.render(form)
    messages.success(request, _("%(number)s is given up.") % {"number": found})
    return redirect("audit:sample", pk)


@permission_required(MAKE, raise_exception=True)
def conclude(request: Request, pk: int) -> HttpResponse:
    """Conclude a sample; what it says is computed and kept."""
    found = sample_of(request, pk)
    page = _form_page(request, found, _("Conclude %(number)s"), _("Conclude"))
    form = ConclusionForm(page.data)
    made = tried(
        page,
        form,
        lambda: sample_items.conclude(sample=found, by=request.user, at=timezone.now(), **form.cleaned_data),
    )
    return redirect("audit:sample", pk) if made else page.render(form)


def _form_page(request: Request, found: Sample, title: str, submit: str) -> FormPage:
    return FormPage(
        request, title=title % {"number": found}, submit=submit, cancel_url=reverse("audit:sample", args=[found.pk])
    )


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The sample on paper, with the script that draws it again."""
    found = sample_of(request, pk)
    return paper(
        request,
        lambda: prints.sheet(found, [*plan_facts(found), *drawn_facts(found)], at=timezone.now()),
        name=f"{found.number}.pdf",
        back=reverse("audit:sample", args=[pk]),
    )


@permission_required(VIEW, raise_exception=True)
def book(request: Request, pk: int) -> HttpResponse:
    """The items as a workbook."""
    found = sample_of(request, pk)
    header, rows = prints.table(found)
    trail.read("list.exported", found, by=request.user, at=timezone.now(), list=request.path, rows=len(rows))
    response = HttpResponse(sheets.workbook(header, rows), content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.xlsx"'
    return response


@permission_required(VIEW, raise_exception=True)
def script(request: Request) -> HttpResponse:
    """The script that draws a sample again, to be run anywhere."""
    content = (Path(__file__).parents[1] / "redraw.py").read_bytes()
    response = HttpResponse(content, content_type="text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="redraw.py"'
    response.headers["Content-Security-Policy"] = POWERLESS
    return response
