"""Moves of the risk fund: the list, one, the form that asks for one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.filters.settling import RiskMoveFilter
from funds.forms.settling import RiskMoveForm
from funds.services import risk_fund as services
from funds.services.risk_fund import SUBJECT
from funds.tables.settling import RiskMoveTable
from funds.views.asked import AskedList, one, tried
from funds.views.pages import form_page
from office.access import Request

VIEW = "funds.view_riskmove"
KNOWN = ()


class RiskMoveList(AskedList):
    permission_required = VIEW
    page_title = gettext_lazy("Risk fund")
    subject = SUBJECT
    known = KNOWN
    table_class = RiskMoveTable
    filterset_class = RiskMoveFilter
    new_url = "funds:risk_move_new"
    new_label = gettext_lazy("Ask for a move of the risk fund")


@permission_required(VIEW, raise_exception=True)
def risk_move(request: Request, pk: int) -> HttpResponse:
    """One move."""
    return one(request, SUBJECT, pk, back=(_("Risk fund"), reverse("funds:risk_moves")), known=KNOWN)


@permission_required(SUBJECT.right, raise_exception=True)
def ask(request: Request) -> HttpResponse:
    """Ask for a move of the risk fund."""
    page = form_page(
        request,
        title=_("Ask for a move of the risk fund"),
        submit=_("Ask for it"),
        cancel_url=reverse("funds:risk_moves"),
    )
    form = RiskMoveForm(page.data)
    asked = tried(page, form, lambda: services.propose(**form.cleaned_data, by=request.user, at=timezone.now()))
    if asked is None:
        return page.render(form)
    messages.success(request, _("%(number)s waits to be decided.") % {"number": asked})
    return redirect("funds:risk_move", asked.pk)
