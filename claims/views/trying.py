"""Trying a case (试算): the sheet with its trace, computed again as one types; nothing is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.forms.trying import MOST_LINES, MOST_STAYS, TryForm
from claims.models import BenefitPlan
from claims.prints import sheet_paper
from claims.prints import sheets as sheet_prints
from claims.prints.sheets import Document, Sheet
from claims.rules import cases
from claims.selectors import plans as selectors
from claims.views.plans import VIEW
from office.access import Request
from office.pages import kept
from office.pages.downloads import paper


@permission_required(VIEW, raise_exception=True)
def page(request: Request) -> HttpResponse:
    """The form with the sheets of what stands in it; `?plan=` says which plan is tried first."""
    sent = request.POST if request.method == "POST" else kept.take(request)
    form = _form(request, _with_more(sent) if sent is not None else None)
    _stand(form, sent or {})
    return render(request, _template(request, sent or {}), _shown(form))


@require_POST
@permission_required(VIEW, raise_exception=True)
def print_page(request: Request) -> HttpResponse:
    """The sheets of what was typed, on paper."""
    form = _form(request, request.POST)
    sheets = _sheets(form)
    if not sheets:
        messages.error(request, _("There is nothing to print yet: the case has faults."))
        return redirect("claims:try")
    return paper(
        request,
        lambda: sheet_paper.paper(sheets, title=_("Trial of a sheet"), by=request.user, at=timezone.now()),
        name="try.pdf",
        back=reverse("claims:try"),
    )


def _form(request: Request, data: Any) -> TryForm:
    plans = list(selectors.to_try())
    asked = request.GET.get("plan", "")
    return TryForm(data, plans, next((one for one in plans if str(one.pk) == asked), None))


def _with_more(sent: Any) -> Any:
    """What was sent, with a stay or a line more where that was asked for."""
    data = sent.copy()
    if "add_stay" in data:
        data["stays"] = str(min(_number(data, "stays") + 1, MOST_STAYS))
    if "drop_stay" in data:
        data["stays"] = str(max(_number(data, "stays") - 1, 1))
    if (stay := data.get("add_line", "")).isdecimal():
        data[f"s{stay}-lines"] = str(min(_number(data, f"s{stay}-lines") + 1, MOST_LINES))
    return data


def _stand(form: TryForm, sent: Any) -> None:
    """The cursor stands in the stay or line that was just added."""
    if "add_stay" in sent:
        form.stand_at(len(form.stays) - 1)
    elif (stay := sent.get("add_line", "")).isdecimal():
        form.stand_at(int(stay), -1)


def _template(request: Request, sent: Any) -> str:
    """The page; of it the form with its sheets where the form itself changes, else the sheets and faults alone."""
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    if not htmx:
        return "claims/try.html"
    changes = set(sent) & {"add_stay", "add_line", "drop_stay"} or htmx.trigger_name in {"plan", "then"}
    return "claims/_try.html" if changes else "claims/_try_answer.html"


def _number(data: Any, name: str) -> int:
    typed = data.get(name, "")
    return int(typed[:3]) if typed.isdecimal() else 1


def _shown(form: TryForm) -> dict[str, Any]:
    """What the page shows: the form, and each sheet with its sums."""
    return {"try": form, "sheets": [(one, sheet_paper.amounts(one)) for one in _sheets(form)]}


def _sheets(form: TryForm) -> list[Sheet]:
    """The sheets of what stands in the form; none where it has faults, which then stand at their fields."""
    if not form.documents:
        return []
    documents = [_document(one) for one in form.documents]
    try:
        found = sheet_prints.sheets_of(form.case(), form.read, documents)
    except cases.Faulty as refusal:
        form.refuse(refusal.faults)
        return []
    graded = form.diagnosed
    return [sheet_prints.graded(one, disease) for one, disease in zip(found, graded, strict=True)] if graded else found


def _document(plan: BenefitPlan) -> Document:
    words = f"{plan} · {plan.paper_number}" if plan.paper_number else str(plan)
    return Document(words, reverse("claims:plan", args=[plan.pk]))
