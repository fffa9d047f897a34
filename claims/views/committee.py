"""Who belongs to the large-claim committee, and by which rules it decides."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.forms.meetings import CommitteeRuleForm
from claims.models import CommitteeRule
from claims.selectors import meetings as selectors
from claims.services import committee as services
from claims.views import before
from office import deciding
from office.access import Request
from office.models.rounds import Majority
from office.pages.forms import FormPage
from office.rules import days

VIEW = "claims.view_committeerule"


@permission_required(VIEW, raise_exception=True)
def committee(request: Request) -> HttpResponse:
    """The committee of today and later: its members with their days, who leads, what it takes to decide."""
    today = days.business_day(timezone.now())
    asks = selectors.asked_on(today)
    told = {
        "page_title": _("The committee"),
        "members": selectors.membership(today),
        "quorum": CommitteeRule.Quorum(asks.quorum).label,
        "majority": Majority(asks.majority).label,
        "least": asks.least,
        "rules": list(CommitteeRule.objects.select_related("proposed_by")),
        "may_enter": request.user.has_perm(services.RIGHT),
    }
    return render(request, "claims/meeting/committee.html", told)


@permission_required(services.RIGHT, raise_exception=True)
def new_rule(request: Request) -> HttpResponse:
    """Enter what a paper asks of the committee from a day on."""
    page = FormPage(
        request,
        title=_("Enter a rule of the committee"),
        submit=_("Give it to be confirmed"),
        cancel_url=reverse("claims:committee"),
    )
    form = CommitteeRuleForm(page.data, initial={"since": days.business_day(timezone.now())})
    asked = before.sent(
        page,
        form,
        "committee-rule.proposed",
        lambda: services.propose(by=request.user, at=timezone.now(), **form.cleaned_data),
    )
    if asked is None:
        return page.render(form)
    messages.success(request, _("Somebody else confirms it."))
    return redirect(deciding.page_of(deciding.rounds_of(asked).latest("pk")))
