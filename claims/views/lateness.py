"""Late claims: the list of those that the head let be taken in, and a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.filters.before import LateAllowanceFilter
from claims.forms.before import LateAllowanceForm
from claims.models import LateAllowance
from claims.services import lateness
from claims.tables.before import LateAllowanceTable
from claims.views import before
from office.access import Request
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.stepup import with_proof
from office.proof import Proof
from office.rules import days

VIEW = "claims.view_lateallowance"


class LateAllowanceList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Late claims")
    table_class = LateAllowanceTable
    filterset_class = LateAllowanceFilter

    def get_queryset(self) -> QuerySet[Any]:
        found = LateAllowance.objects.visible_to(self.request.user)
        return found.select_related("member__household__village", "allowed_by").order_by("-pk")

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(lateness.RIGHT):
            return []
        return [{"label": _("Allow a late claim"), "url": reverse("claims:late_allow"), "key": "Alt+N"}]


@permission_required(lateness.RIGHT, raise_exception=True)
@with_proof
def allow(request: Request, proof: Proof) -> HttpResponse:
    """The head lets a claim be taken in although its last day is over."""
    page = FormPage(
        request, title=_("Allow a late claim"), submit=_("Allow it"), cancel_url=reverse("claims:late_allowances")
    )
    form = LateAllowanceForm(page.data, person=request.user, member=before.of_member(request))
    allowed = before.sent(
        page,
        form,
        "late-claim.allowed",
        lambda: lateness.allow(by=request.user, at=timezone.now(), proof=proof, **form.cleaned_data),
    )
    if allowed is None:
        return page.render(form)
    messages.success(request, _("The claim may be taken in now: tell the desk."))
    return redirect("claims:late_allowances")
