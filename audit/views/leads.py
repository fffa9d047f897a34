"""Leads: the list, one lead's page with its claims side by side, and what is done about it; top lists, the ranking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from audit.filters.leads import LeadFilter
from audit.forms.leads import DecideForm, LeadHoldForm, WordsForm
from audit.models import Lead
from audit.selectors import leads as selectors
from audit.services import leads as services
from audit.services.leads import VIEW, WORK, CannotDecide
from audit.tables.leads import LeadTable
from office.access import Request
from office.pages import records
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page
from office.rules import money

CITED = pgettext_lazy("lead", "cited in the finding")
TONES = {"open": "waiting", "cleared": "done", "confirmed": "failed"}


class LeadList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Leads")
    table_class = LeadTable
    filterset_class = LeadFilter
    queryset = Lead.objects.select_related("member", "provider").order_by("-score", "-money", "-pk")

    def default_filter(self) -> dict[str, str]:
        return {"state": "open"}

    def page_actions(self) -> list[dict[str, str]]:
        ways = [{"label": _("Claims by rank"), "url": reverse("audit:ranking"), "key": "Alt+R"}]
        return [*ways, {"label": _("Top lists"), "url": reverse("audit:leads_by", args=["provider"]), "key": "Alt+T"}]


@permission_required(VIEW, raise_exception=True)
def lead(request: Request, pk: int) -> HttpResponse:
    """One lead: its evidence, its claims side by side, what was found out, and what can be done."""
    found = _lead(pk)
    sides = selectors.sides_of(found)
    earlier, later = selectors.beside(found)
    page = Page(
        subject=found,
        title=f"{found} {selectors.screen_words(found.screen)}",
        back=(_("Leads"), reverse("audit:leads")),
        state=(TONES[found.state], found.get_state_display()),
        facts=_facts(found),
        actions=[*_ways(request, found, sides), *_beside(earlier, later)],
        links=_links(request, found),
    )
    more: dict[str, Any] = {
        "sides": sides,
        "lines": selectors.compared(sides),
        "all_claims": found.lead_claims.count(),
        "notes": found.notes.select_related("by"),
        "claims_url": f"{reverse('audit:leads')}?claim=",
    }
    return records.shown(request, page, "audit/lead.html", **more)


@permission_required(WORK, raise_exception=True)
def decide(request: Request, pk: int) -> HttpResponse:
    """Clear or confirm a lead; the next open one opens by itself."""
    found = _lead(pk)
    page = _page(request, found, _("What came of %(lead)s"), _("Decide"))
    form = DecideForm(page.data)
    if page.is_sent and form.is_valid():
        service = services.clear if form.cleaned_data["outcome"] == "clear" else services.confirm
        _earlier, later = selectors.beside(found)
        reason = form.cleaned_data["reason"]
        if _done(page, form, lambda: service(lead=found, reason=reason, by=request.user, at=timezone.now())):
            messages.success(request, _("%(lead)s is decided.") % {"lead": found})
            return redirect("audit:lead", later.pk) if later else redirect("audit:leads")
    return _shown(page, form, found)


@permission_required(WORK, raise_exception=True)
def note(request: Request, pk: int) -> HttpResponse:
    """Write down what was looked into."""
    return _words(request, _lead(pk), services.note, "words", _("Note on %(lead)s"), _("Write it down"))


@permission_required(WORK, raise_exception=True)
def reopen(request: Request, pk: int) -> HttpResponse:
    """Open a lead again that was decided."""
    return _words(request, _lead(pk), services.reopen, "reason", _("Open %(lead)s again"), _("Open it again"))


@permission_required(WORK, raise_exception=True)
def let_go(request: Request, pk: int) -> HttpResponse:
    """Let all claims go that a lead holds."""
    return _words(request, _lead(pk), services.let_go, "reason", _("Let the claims of %(lead)s go"), _("Let them go"))


@permission_required(WORK, raise_exception=True)
def hold(request: Request, pk: int) -> HttpResponse:
    """Hold claims of a lead before they are paid."""
    found = _lead(pk)
    page = _page(request, found, _("Hold claims of %(lead)s"), _("Hold them"))
    form = LeadHoldForm(page.data, claims=selectors.that_can_be_held(found))
    if page.is_sent and form.is_valid():
        numbers, reason = [one.pk for one in form.cleaned_data["claims"]], form.cleaned_data["reason"]
        given: dict[str, Any] = {"claims": numbers, "reason": reason, "by": request.user, "at": timezone.now()}
        if _done(page, form, lambda: services.hold(lead=found, **given)):
            messages.success(request, _("%(count)s claims are held.") % {"count": len(numbers)})
            return redirect("audit:lead", pk)
    return _shown(page, form, found)


@permission_required(VIEW, raise_exception=True)
def leads_by(request: Request, kind: str) -> HttpResponse:
    """Who or what most leads are about."""
    if kind not in selectors.GROUPS:
        raise Http404
    shown = {
        "page_title": _("Leads by %(group)s") % {"group": selectors.GROUPS[kind][0]},
        "kind": kind,
        "kinds": [
            (one, words, reverse("audit:leads_by", args=[one])) for one, (words, _of) in selectors.GROUPS.items()
        ],
        "rows": selectors.grouped(kind),
        "leads_url": reverse("audit:leads"),
    }
    return render(request, "audit/leads_by.html", shown)


@permission_required(VIEW, raise_exception=True)
def ranking(request: Request) -> HttpResponse:
    """The claims that rank highest by all that open leads say of them."""
    rows = [
        {
            "claim": one.claim,
            "rank": f"{one.rank / 100:.1f}",
            "leads": [(lead, selectors.screen_words(lead.screen)) for lead in one.leads],
        }
        for one in selectors.ranked()
    ]
    return render(request, "audit/ranking.html", {"page_title": _("Claims by rank"), "rows": rows})


def _lead(pk: int) -> Lead:
    return get_object_or_404(Lead.objects.select_related(*selectors.TOLD, "decided_by", "village__parent"), pk=pk)


def _page(request: Request, found: Lead, title: str, submit: str) -> FormPage:
    return FormPage(
        request,
        title=title % {"lead": found},
        submit=submit,
        cancel_url=reverse("audit:lead", args=[found.pk]),
        template="audit/lead_form.html",
    )


def _shown(page: FormPage, form: forms.Form, found: Lead) -> HttpResponse:
    return page.render(form, lead=found, story=selectors.story_of(found))


def _done(page: FormPage, form: forms.Form, act: Callable[[], Any]) -> bool:
    """Whether the service did it; else the form says why not."""
    try:
        act()
    except CannotDecide as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _words(
    request: Request, found: Lead, service: Callable[..., Any], name: str, title: str, submit: str
) -> HttpResponse:
    page = _page(request, found, title, submit)
    form = WordsForm(page.data)
    if page.is_sent and form.is_valid():
        given: dict[str, Any] = {name: form.cleaned_data["words"], "by": request.user, "at": timezone.now()}
        if _done(page, form, lambda: service(lead=found, **given)):
            messages.success(request, _("It is written down."))
            return redirect("audit:lead", found.pk)
    return _shown(page, form, found)


def _facts(found: Lead) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (pgettext("lead", "evidence"), selectors.story_of(found)),
        (pgettext("lead", "score"), f"{found.score} / 100"),
        (_("money concerned"), f"¥{money.shown(found.money)}"),
        (_("found on"), found.found_on.isoformat()),
    ]
    about = (
        (_("patient"), found.member),
        (_("provider"), found.provider),
        (_("village"), f"{found.village.parent} {found.village}" if found.village else None),
        (_("clerk"), found.clerk),
        (_("doctor"), found.doctor),
        (_("complaint"), found.complaint),
    )
    facts += [(label, value) for label, value in about if value]
    if cited := selectors.findings_of(found):
        facts += [(str(CITED), "、".join(str(one) for one in cited))]
    if found.decided_at is not None:
        decided = f"{found.decided_by} · {timezone.localtime(found.decided_at):%Y-%m-%d %H:%M}"
        facts += [(_("decided by"), decided), (_("why"), found.reason)]
    return facts


def _links(request: Request, found: Lead) -> dict[str, str]:
    links = {}
    if found.member_id and request.user.has_perm("enrollment.view_member"):
        links[_("patient")] = reverse("enrollment:member", args=[found.member_id])
    if found.provider_id and request.user.has_perm("claims.view_provider"):
        links[_("provider")] = reverse("claims:provider", args=[found.provider_id])
    if found.complaint_id and request.user.has_perm("audit.view_complaint"):
        links[_("complaint")] = reverse("audit:complaint", args=[found.complaint_id])
    if request.user.has_perm("audit.view_finding") and (cited := selectors.findings_of(found)):
        links[str(CITED)] = reverse("audit:finding", args=[cited[0].pk])
    return links


def _ways(request: Request, found: Lead, sides: list[selectors.Side]) -> list[Action]:
    if not request.user.has_perm(WORK):
        return []
    ways = [Action(_("Write a note"), reverse("audit:lead_note", args=[found.pk]), "Alt+N")]
    if found.state == Lead.State.OPEN:
        ways.insert(0, Action(_("Decide"), reverse("audit:lead_decide", args=[found.pk]), "Alt+D", first=True))
    else:
        ways.append(Action(_("Open again"), reverse("audit:lead_reopen", args=[found.pk]), "Alt+O"))
    if found.state != Lead.State.CLEARED and selectors.that_can_be_held(found).exists():
        ways.append(Action(_("Hold claims"), reverse("audit:lead_hold", args=[found.pk]), "Alt+P"))
    if found.holds.filter(flag__lifted_at__isnull=True).exists():
        ways.append(Action(_("Let claims go"), reverse("audit:lead_let_go", args=[found.pk]), "Alt+G"))
    return ways


def _beside(earlier: Lead | None, later: Lead | None) -> list[Action]:
    ways = []
    if earlier is not None:
        ways.append(Action(pgettext("lead", "Previous"), reverse("audit:lead", args=[earlier.pk]), "Alt+K"))
    if later is not None:
        ways.append(Action(pgettext("lead", "Next"), reverse("audit:lead", args=[later.pk]), "Alt+J"))
    return ways
