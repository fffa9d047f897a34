"""Publicity lists: the lists, made for a month in one go, one with its entries, posted, back, over; paper, workbook."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.filters.public import PublicityFilter
from claims.forms.before import ReasonForm
from claims.forms.public import MakeForm, PostForm, SlipForm
from claims.models import PublicityList
from claims.prints import publicity as prints
from claims.services import objections
from claims.services import publicity as services
from claims.services.publicity import MAKE, POST, VIEW
from claims.tables.public import PublicityTable
from claims.views import before
from enrollment.models import Division, Sex
from enrollment.services.keeping import CannotKeep
from office import jobs, sheets, trail
from office.access import Request
from office.pages import records
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page
from office.rules import days
from office.sentences import said

TONES = {"made": "waiting", "posted": "waiting", "over": "done", "void": "failed"}
State = PublicityList.State


class PublicityLists(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Publicity lists")
    table_class = PublicityTable
    filterset_class = PublicityFilter

    def get_queryset(self) -> QuerySet[Any]:
        seen = PublicityList.objects.visible_to(self.request.user).annotate(claims=Count("entries"))
        return seen.select_related("village__parent", "scheme").order_by("-pk")

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(MAKE):
            return []
        return [{"label": _("Make the lists of a month"), "url": reverse("claims:publicity_make"), "key": "Alt+N"}]


@permission_required(MAKE, raise_exception=True)
def make(request: Request) -> HttpResponse:
    """The lists of all villages of a township, or in a job those of the county."""
    page = FormPage(
        request,
        title=_("Make the publicity lists of a month"),
        submit=_("Make the lists"),
        cancel_url=reverse("claims:publicity"),
    )
    form = MakeForm(page.data)
    if page.is_sent and form.is_valid() and form.cleaned_data["area"].level == Division.Level.COUNTY:
        return redirect("office:job", _asked(request, form.cleaned_data).pk)
    made = before.sent(
        page,
        form,
        "publicity.made",
        lambda: services.make(**form.cleaned_data, by=request.user, at=timezone.now()),
    )
    if made is None:
        return page.render(form)
    messages.success(request, _("%(number)s lists are made: print them and have them posted.") % {"number": len(made)})
    return redirect(f"{reverse('claims:publicity')}?stage=made")


def _asked(request: Request, typed: dict[str, Any]) -> Any:
    return jobs.enqueue(
        "claims.tasks.make_publicity",
        title=said("Publicity lists of %(month)s", month=f"{typed['month']:%Y-%m}"),
        by=request.user,
        at=timezone.now(),
        scheme=typed["scheme"].pk,
        month=typed["month"].isoformat(),
        area=typed["area"].pk,
    )


@permission_required(VIEW, raise_exception=True)
def posted_list(request: Request, pk: int) -> HttpResponse:
    """One list as it is posted, with where it hung and what was said against it."""
    found = list_of(request, pk)
    entries: list[Any] = list(found.entries.prefetch_related("objections"))
    for one in entries:
        one.sex_words = Sex(one.sex).label
    page = Page(
        subject=found,
        title=_("Publicity list %(number)s") % {"number": found},
        back=(_("Publicity lists"), reverse("claims:publicity")),
        state=(TONES[found.state], found.get_state_display()),
        facts=_facts(found),
        actions=_ways(request, found),
        files=bool(found.slip_by),
    )
    may_object = found.state in objections.POSTED and request.user.has_perm(objections.TAKE)
    return records.shown(
        request, page, "claims/public/list.html", entries=entries, sums=prints.sums(entries), may_object=may_object
    )


@permission_required(POST, raise_exception=True)
def post(request: Request, pk: int) -> HttpResponse:
    """Note that a list hangs."""
    found = list_of(request, pk, POST)
    page = _form_page(request, found, _("Where and when %(number)s hangs"), _("It hangs"))
    form = PostForm(page.data)
    given: dict[str, Any] = {"made": found, "by": request.user, "at": timezone.now()}
    done = before.sent(page, form, "publicity.posted", lambda: services.post(posting=form.posting(), **given))
    if done is None:
        return page.render(form)
    messages.success(request, _("It hangs until %(day)s; then the slip comes back.") % {"day": done.posted_until})
    return redirect("claims:publicity_list", pk)


@permission_required(MAKE, raise_exception=True)
def void(request: Request, pk: int) -> HttpResponse:
    """Make a list void before it hangs."""
    found = list_of(request, pk, MAKE)
    page = _form_page(request, found, _("Make list %(number)s void"), _("Make it void"))
    form = ReasonForm(page.data)
    given: dict[str, Any] = {"made": found, "by": request.user, "at": timezone.now()}
    done = before.sent(page, form, "publicity.voided", lambda: services.void(**form.cleaned_data, **given))
    if done is None:
        return page.render(form)
    messages.success(request, _("It is void; its claims come on the next list."))
    return redirect("claims:publicity_list", pk)


@permission_required(POST, raise_exception=True)
def slip(request: Request, pk: int) -> HttpResponse:
    """Note the slip that came back."""
    found = list_of(request, pk, POST)
    page = _form_page(request, found, _("The slip of %(number)s"), _("Note it"))
    form = SlipForm(page.data, page.files)
    given: dict[str, Any] = {"posted": found, "by": request.user, "at": timezone.now()}
    done = before.saved(
        page, form, "publicity.slip-noted", lambda: services.note_slip(slip=form.slip(), **given), field="photo"
    )
    if done is None:
        return page.render(form)
    messages.success(request, _("The slip is noted; somebody else ends the list."))
    return redirect("claims:publicity_list", pk)


@require_POST
@permission_required(MAKE, raise_exception=True)
def end(request: Request, pk: int) -> HttpResponse:
    """The days are over and the slip is here: what waited for it can be paid."""
    found = list_of(request, pk, MAKE)
    try:
        _over, held = services.close(posted=found, by=request.user, at=timezone.now())
    except CannotKeep as refusal:
        messages.error(request, str(refusal))
        trail.refused("publicity.over", found, by=request.user, at=timezone.now(), reason=str(refusal))
    else:
        messages.success(request, _("The list is over."))
        if held:
            numbers = "、".join(one.number for one in held)
            messages.warning(request, _("Held, and not payable yet: %(claims)s.") % {"claims": numbers})
    return redirect("claims:publicity_list", pk)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The list on A4, with its slip below."""
    found = list_of(request, pk)
    back = reverse("claims:publicity_list", args=[pk])
    return paper(request, lambda: prints.posted(found, at=timezone.now()), name=f"{found.number}.pdf", back=back)


@permission_required(VIEW, raise_exception=True)
def workbook(request: Request, pk: int) -> HttpResponse:
    """The list as a workbook."""
    found = list_of(request, pk)
    response = HttpResponse(sheets.workbook(prints.columns(), prints.values(found)), content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def list_of(request: Request, pk: int, right: str = VIEW) -> PublicityList:
    """A list of a village that this person serves."""
    seen = PublicityList.objects.visible_to(request.user, right)
    told = ("village__parent", "scheme", "made_by", "noted_by", "slip_noted_by", "slip_photo")
    return get_object_or_404(seen.select_related(*told), pk=pk)


def _form_page(request: Request, found: PublicityList, title: str, submit: str) -> FormPage:
    back = reverse("claims:publicity_list", args=[found.pk])
    return FormPage(request, title=title % {"number": found}, submit=submit, cancel_url=back)


def _facts(found: PublicityList) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("village"), f"{found.village.parent} {found.village}"),
        (_("scheme"), found.scheme.name),
        (_("month"), f"{found.month:%Y-%m}"),
        (_("time of posting"), found.get_timing_display()),
        (_("days of posting"), found.days),
        (_("made"), f"{found.made_on.isoformat()} · {found.made_by}"),
    ]
    if found.posted_on and found.posted_until:
        hung = _("%(first)s to %(last)s") % {"first": found.posted_on, "last": found.posted_until}
        facts += [(_("days it hangs"), f"{hung} · {found.place} · {found.posted_by}"), (_("noted by"), found.noted_by)]
    if found.slip_on:
        facts.append((_("slip"), f"{found.slip_on.isoformat()} · {found.slip_by} · {found.slip_noted_by}"))
    if found.void_reason:
        facts.append((_("void because"), found.void_reason))
    return facts


def _ways(request: Request, found: PublicityList) -> list[Action]:
    may_post, may_make = (request.user.has_perm(right) for right in (POST, MAKE))
    today = days.business_day(timezone.now())
    has_run = found.posted_until is not None and found.posted_until <= today
    ways = []
    if found.state == State.MADE and may_post:
        ways.append(Action(_("It hangs"), _to(found, "post"), "Alt+T", first=True))
    if found.state == State.POSTED and has_run and not found.slip_by and may_post:
        ways.append(Action(_("Note the slip"), _to(found, "slip"), "Alt+R", first=True))
    if found.state == State.POSTED and has_run and found.slip_by and may_make:
        ways.append(Action(_("End it"), _to(found, "end"), "Alt+E", posts=True, first=True))
    if found.state == State.MADE and may_make:
        ways.append(Action(_("Make it void"), _to(found, "void")))
    print_it = Action(_("Print"), _to(found, "print"), "Alt+P")
    return [*ways, print_it, Action(_("Excel"), _to(found, "workbook"), "Alt+X")]


def _to(found: PublicityList, what: str) -> str:
    return reverse(f"claims:publicity_{what}", args=[found.pk])
