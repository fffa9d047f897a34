"""Taking a claim in (受理): one form by keyboard, with coverage, warnings and the benefit beside it as one types."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.forms.cost_lines import MORE_LINES, MOST_LINES
from claims.forms.intake import MOST_INVOICES, ClaimForm, IntakeForm
from claims.models import Claim
from claims.selectors import intake as selectors
from claims.selectors import picking
from claims.services import intake
from claims.services.intake import ADD, CannotEnter, CannotHandOn
from claims.views.claims import claim_of
from enrollment.selectors.coverage import coverage_on
from office.access import Request
from office.pages import guard, kept
from office.rules import days

REFUSED = 422
ROW_DIGITS = 3
#: The buttons that ask for more rows: what counts them, how many more, how many at most.
MORE = {"add_invoice": ("invoices", 1, MOST_INVOICES), "add_lines": ("lines", MORE_LINES, MOST_LINES)}


@permission_required(ADD, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """A new claim; `?member=` says of whom."""
    return _page(request, None)


@permission_required(ADD, raise_exception=True)
def change(request: Request, pk: int) -> HttpResponse:
    """A claim that is with intake, entered anew."""
    claim = claim_of(request, pk, ADD)
    if claim.state not in Claim.EDITABLE and request.method != "POST":
        return redirect("claims:claim", pk)
    return _page(request, claim)


@require_POST
@permission_required(ADD, raise_exception=True)
def preview(request: Request) -> HttpResponse:
    """What is known of the claim as far as it is typed; nothing is written."""
    asked = request.POST.get("claim", "")
    claim = claim_of(request, int(asked), ADD) if asked.isdecimal() else None
    form = _form(request, request.POST, claim)
    form.is_valid()
    context = _beside(request, form, claim) | {"is_answer": True}
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    context["papers_change"] = htmx.trigger_name != "papers"
    return render(request, "claims/intake/_answer.html", context)


@require_POST
@permission_required(ADD, raise_exception=True)
def pick(request: Request, name: str) -> HttpResponse:
    """What is found by what was typed into a search field; a line of costs names its row as `row`."""
    today = days.business_day(timezone.now())
    if name == "item":
        return _pick_item(request, today)
    typed = request.POST.get(f"{name}_text", "").strip()[:80]
    ways = {
        "member": lambda: picking.patients(typed, by=request.user, day=today),
        "provider": lambda: picking.some_providers(typed),
        "disease": lambda: picking.some_diseases(typed),
    }
    if name not in ways:
        raise Http404
    context = {"name": name, "choices": ways[name]() if typed else [], "typed": typed}
    return render(request, "claims/intake/_choices.html", context)


def _pick_item(request: Request, today: date) -> HttpResponse:
    """Drugs and services in the edition that is in force for this patient on the day of discharge."""
    row = request.GET.get("row", "")
    if not (row.isdecimal() and len(row) <= ROW_DIGITS):
        raise Http404
    form = ClaimForm(request.POST, by=request.user, today=today)
    form.is_valid()
    typed = form.cleaned_data
    day = typed.get("discharged_on") or typed.get("admitted_on") or today
    scheme = typed.get("scheme") or picking.scheme_of(typed.get("member"), day)
    words = request.POST.get(f"l{row}-text", "").strip()[:80]
    context = {"name": f"l{row}-entry", "choices": picking.some_items(words, scheme, day), "typed": words}
    return render(request, "claims/intake/_choices.html", context)


def _page(request: Request, claim: Claim | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else kept.take(request)
    wants_row = data is not None and any(name in data for name in MORE)
    if wants_row and data is not None:
        data = _with_more(data)
    form = _form(request, data, claim)
    if request.method == "POST" and not wants_row:
        saved = _save(request, form, claim)
        if saved is not None:
            return saved
    is_refused = request.method == "POST" and not wants_row
    context = {
        **_beside(request, form, claim),
        "claim": claim,
        "kept": request.method != "POST" and data is not None,
        "is_refused": is_refused,
        "is_fresh": data is None,
        "form_guard": guard.field(request),
    }
    return render(request, "claims/intake/entry.html", context, status=REFUSED if is_refused else 200)


def _with_more(data: Any) -> Any:
    """What was typed, with room for another invoice or more lines."""
    more = data.copy()
    for button, (name, step, most) in MORE.items():
        if button in data:
            more[name] = str(min(_count(data, name) + step, most))
    return more


def _count(data: Any, name: str) -> int:
    typed = data.get(name, "")
    return int(typed[:3]) if typed.isdecimal() else 0


def _form(request: Request, data: Any, claim: Claim | None) -> IntakeForm:
    form = IntakeForm(data, by=request.user, today=days.business_day(timezone.now()), claim=claim)
    if data is None and claim is None:
        _begin(request, form.main)
    elif data is not None:
        form.is_valid()
    return form


def _begin(request: Request, form: ClaimForm) -> None:
    """A new claim begins with the desk's own provider, and with the person from whose page one comes."""
    own = picking.own_provider(intake.desks_of(request.user))
    asked = request.GET.get("member", "")
    who = picking.patient(int(asked), by=request.user) if asked.isdecimal() and len(asked) <= 18 else None  # noqa: PLR2004
    for name, found in (("provider", own), ("member", who)):
        if found is not None:
            form.initial[name], form.initial[f"{name}_text"] = found, found.name


def _save(request: Request, form: IntakeForm, claim: Claim | None) -> HttpResponse | None:
    """The claim written, and where to go; None with the reasons on the form."""
    content = form.content() if form.is_valid() else None
    if content is None:
        return None
    said: dict[str, Any] = {"content": content, "by": request.user, "at": timezone.now()}
    said["scans"] = request.FILES.getlist("scans")
    try:
        if claim is None:
            saved = intake.enter_claim(**said)
        else:
            saved = intake.change_claim(claim=claim, seen=form.main.cleaned_data["seen"] or 0, **said)
    except CannotEnter as refusal:
        for one in refusal.faults:
            form.main.add_error(_field(one.field), one.sentence)
        return None
    messages.success(request, _("Taken in: claim %(number)s.") % {"number": saved.number})
    if "hand_on" in request.POST:
        _hand_on(request, saved)
    return redirect("claims:claim", saved.pk)


def _field(name: str | None) -> str | None:
    """Where on the form a fault stands; those of invoices and costs stand above it."""
    if name in ClaimForm.PICKS:
        return f"{name}_text"
    return name if name in ClaimForm.base_fields else None


def _hand_on(request: Request, claim: Claim) -> None:
    try:
        intake.hand_on(claim=claim, seen=claim.content_version, by=request.user, at=timezone.now())
    except CannotHandOn as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Handed on to be checked."))


def _beside(request: Request, form: IntakeForm, claim: Claim | None) -> dict[str, Any]:
    """What stands beside the form: the person's coverage, other claims, warnings, the benefit."""
    is_opened = form.data is None and claim is not None
    content = selectors.entered_as(claim) if is_opened else form.content()  # type: ignore[arg-type]
    look = selectors.look(content, by=request.user, at=timezone.now(), but=claim) if content else None
    who = form.main.found.get("member") or form.main.initial.get("member")
    typed = getattr(form.main, "cleaned_data", {})
    day = typed.get("admitted_on") or (claim.admitted_on if claim else form.today)
    return {
        "intake": form,
        "look": look,
        "member": who,
        "on_day": look.covered if look else coverage_on(who, day) if who else None,
        "papers": form.papers(look),
        "urls": {"preview": reverse("claims:claim_preview")},
    }
