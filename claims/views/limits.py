"""Limits: the list, and one that is entered with its paper."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.filters.limits import LimitFilter
from claims.forms.limits import LimitForm
from claims.models import Limit
from claims.services import limits
from claims.services.limits import RIGHT, CannotPropose
from claims.tables.limits import LimitTable
from office import deciding
from office.access import Request
from office.pages.forms import FormPage
from office.pages.lists import ListPage

VIEW = "claims.view_limit"


class LimitList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Limits")
    queryset = Limit.objects.select_related("scheme", "proposed_by").order_by("scheme", "step", "-period", "-pk")
    table_class = LimitTable
    filterset_class = LimitFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(RIGHT):
            return []
        return [{"label": _("Enter a limit"), "url": reverse("claims:limit_new"), "key": "Alt+N"}]


@permission_required(RIGHT, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """Enter a limit with its paper; somebody else confirms it."""
    page = FormPage(request, title=_("Enter a limit"), submit=_("Enter it"), cancel_url=reverse("claims:limits"))
    form = LimitForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            limit = limits.propose(stated=form.stated(), by=request.user, at=timezone.now())
        except CannotPropose as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The limit waits to be confirmed by somebody else."))
            return redirect(deciding.page_of(deciding.rounds_of(limit).get()))
    return page.render(form)
