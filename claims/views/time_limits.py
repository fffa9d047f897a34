"""Time limits: the list, a new row."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.filters.before import TimeLimitFilter
from claims.forms.before import TimeLimitForm
from claims.models import TimeLimit
from claims.services import time_limits
from claims.tables.before import TimeLimitTable
from claims.views import before
from office import deciding
from office.access import Request
from office.pages.forms import FormPage
from office.pages.lists import ListPage

VIEW = "claims.view_timelimit"


class TimeLimitList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Time limits")
    queryset = TimeLimit.objects.select_related("scheme", "proposed_by").order_by("-pk")
    table_class = TimeLimitTable
    filterset_class = TimeLimitFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(time_limits.RIGHT):
            return []
        return [{"label": _("Enter a time limit"), "url": reverse("claims:time_limit_new"), "key": "Alt+N"}]


@permission_required(time_limits.RIGHT, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """Enter how many days a paper gives for something."""
    page = FormPage(
        request,
        title=_("Enter a time limit"),
        submit=_("Give it to be confirmed"),
        cancel_url=reverse("claims:time_limits"),
    )
    form = TimeLimitForm(page.data)
    asked = before.sent(
        page,
        form,
        "time-limit.proposed",
        lambda: time_limits.propose(by=request.user, at=timezone.now(), **form.cleaned_data),
    )
    if asked is None:
        return page.render(form)
    messages.success(request, _("Somebody else confirms it."))
    return redirect(deciding.page_of(deciding.rounds_of(asked).latest("pk")))
