"""Items of a sample: examined one after the other, looked at a second time; the next one opens by itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from audit.forms.sampling import LookForm, ResultForm
from audit.models import Population, SampleItem, WorkPaper
from audit.selectors import sampling as selectors
from audit.services import sample_items
from audit.services.auditing import WRITE
from audit.services.populations import VIEW
from audit.services.sample_items import EXAMINE
from audit.views.engagements import PAPERS
from audit.views.populations import TONES, tried
from audit.views.samples import result, sample_of
from enrollment.models import Contribution
from office import ways
from office.access import Request
from office.pages.forms import FormPage
from office.pages.records import Action, Page, shown
from office.rules import money
from office.subjects import name_of

State = SampleItem.State


@permission_required(EXAMINE, raise_exception=True)
def examine_next(request: Request, pk: int) -> HttpResponse:
    """The first item of a sample that waits to be examined."""
    return _next(request, pk, selectors.to_examine(request.user), 0)


@permission_required(EXAMINE, raise_exception=True)
def look_next(request: Request, pk: int) -> HttpResponse:
    """The first item of a sample that waits for a second look of this person."""
    return _next(request, pk, selectors.to_look_at(request.user), 0)


def _next(request: Request, pk: int, waiting: QuerySet[SampleItem], after: int) -> HttpResponse:
    """On to the next item that waits; after the last one back to the sample."""
    found = sample_of(request, pk)
    item = selectors.next_of(waiting, found, after)
    if item is None:
        messages.info(request, _("Nothing of this sample waits for you any more."))
        return redirect("audit:sample", pk)
    return redirect("audit:sample_item", item.pk)


@permission_required(VIEW, raise_exception=True)
def sample_item(request: Request, pk: int) -> HttpResponse:
    """One item: what it is, what was found; the form for whoever examines it, or looks a second time."""
    seen = SampleItem.objects.visible_to(request.user, VIEW)
    known = seen.select_related("sample__population__engagement", "row__population", "examined_by", "looked_by")
    found = get_object_or_404(known, pk=pk)
    may = request.user.has_perm(EXAMINE) and found.sample.state == "drawn"
    if may and found.state == State.OPEN:
        return _examine(request, found)
    if may and found.state == State.EXAMINED and found.examined_by_id != request.user.pk:
        return _look(request, found)
    return shown(request, _page(request, found), "audit/sampling/item.html")


def _examine(request: Request, found: SampleItem) -> HttpResponse:
    page = _form_page(request, _("Note it"))
    form = ResultForm(page.data, page.files)
    done = tried(
        page,
        form,
        lambda: sample_items.examine(item=found, stated=form.told(), by=request.user, at=timezone.now()),
    )
    if done is None:
        return _with_form(request, found, page, form)
    messages.success(request, _("Item %(position)s is examined.") % {"position": found.position})
    return _next(request, found.sample_id, selectors.to_examine(request.user), found.position)


def _look(request: Request, found: SampleItem) -> HttpResponse:
    page = _form_page(request, _("Note it"))
    form = LookForm(page.data)

    def do() -> SampleItem:
        service = {"agree": sample_items.agree, "send_back": sample_items.send_back}[form.cleaned_data["answer"]]
        remark = form.cleaned_data["remark"]
        return service(item=found, remark=remark, by=request.user, at=timezone.now())

    done = tried(page, form, do)
    if done is None:
        return _with_form(request, found, page, form)
    told = _("Item %(position)s is agreed.") if done.state == State.AGREED else _("Item %(position)s is sent back.")
    messages.success(request, told % {"position": found.position})
    return _next(request, found.sample_id, selectors.to_look_at(request.user), found.position)


def _form_page(request: Request, submit: str) -> FormPage:
    return FormPage(request, title="", submit=submit, cancel_url="", template="audit/sampling/item.html")


def _with_form(request: Request, found: SampleItem, page: FormPage, form: Any) -> HttpResponse:
    """The item with a form below it; refused it says 422, as every form does."""
    answer = shown(
        request,
        _page(request, found),
        "audit/sampling/item.html",
        **page.context,
        form=form,
    )
    if page.is_sent:
        answer.status_code = 422
    return answer


def _page(request: Request, found: SampleItem) -> Page:
    row, sample = found.row, found.sample
    who = selectors.who_of(row.population, [row.subject_id]).get(row.subject_id, "—")
    facts: list[tuple[str, object]] = [
        (_("number"), row.number),
        (_("person or payee"), who),
        (_("day"), row.day.isoformat()),
        (_("amount, yuan"), money.shown(found.amount)),
        (_("place in the population"), f"{row.place:,} / {row.population.items:,}"),
        (_("drawn"), _drawn(found)),
        (_("what counts as an error"), sample.error_means),
    ]
    if found.outcome:
        facts += [
            (_("result of examining"), result(found)),
            (_("right amount, yuan"), money.shown(found.right_amount or 0)),
            (_("number of the work paper"), found.paper or "—"),
            (_("examined by"), str(found.examined_by)),
        ]
    if request.user.has_perm(PAPERS):
        facts.append((_("Work papers"), _papers(found)))
    if found.looked_by:
        facts.append((_("second look"), " · ".join(filter(None, [str(found.looked_by), found.remark]))))
    return Page(
        subject=found,
        title=_("Item %(position)s of %(sample)s") % {"position": found.position, "sample": sample},
        back=(_("Sample %(number)s") % {"number": sample}, reverse("audit:sample", args=[sample.pk])),
        state=(
            TONES.get(found.state, "done" if found.state == State.AGREED else "waiting"),
            str(found.get_state_display()),
        ),
        facts=facts,
        actions=_ways(request, found),
        files=True,
        links={_("number"): _record(request, found)},
    )


def _papers(found: SampleItem) -> SafeString | str:
    """The work papers that are of an item, and how a paper cites it."""
    subject_type, subject_id = name_of(found)
    papers = WorkPaper.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("pk")
    links = [
        format_html('<a href="{}">{}</a>', reverse("audit:work_paper", args=[one.pk]), f"{one.number} {one.title}")
        for one in papers
    ]
    if links:
        return format_html_join("、", "{}", [[link] for link in links])
    return _("None yet; a paper cites this item as %(number)s.") % {"number": f"{found.sample} {found.position}"}


def _drawn(found: SampleItem) -> str:
    if found.reason:
        return found.reason
    if found.is_certain:
        return _("for certain")
    return _("by chance") if not found.sample.bounds else _("by chance, stratum %(number)s") % {"number": found.stratum}


def _ways(request: Request, found: SampleItem) -> list[Action]:
    items = found.sample.items.order_by("position").values_list("pk", flat=True)
    neighbours = [
        (_("Item before"), "Alt+PageUp", items.filter(position=found.position - 1).first()),
        (_("Next item"), "Alt+PageDown", items.filter(position=found.position + 1).first()),
    ]
    paper = reverse("audit:work_paper_new", args=[found.sample.population.engagement_id])
    writes = [Action(_("Write a work paper"), paper, "Alt+W")] if request.user.has_perm(WRITE) else []
    later = [Action(way.label, way.url, way.key) for way in ways.ways_from(found, request.user)]
    return [
        *(Action(label, reverse("audit:sample_item", args=[pk]), key) for label, key, pk in neighbours if pk),
        *writes,
        *later,
    ]


def _record(request: Request, found: SampleItem) -> str:
    """The page of the record itself, where this person may open it."""
    key, source = found.row.subject_id, found.row.population.source
    if source == Population.Source.CLAIMS:
        name, right = "claims:claim", "claims.view_claim"
    elif source == Population.Source.PAYMENTS:
        name, right = "funds:payment", "funds.view_payment"
    else:
        name, right = "enrollment:member", "enrollment.view_member"
        key = Contribution.objects.values_list("member", flat=True).get(pk=key)
    return reverse(name, args=[key]) if request.user.has_perm(right) else ""
