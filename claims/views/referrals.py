"""Referrals: the list, the form of a hospital's desk, one with its decision, the form on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.filters.before import ReferralFilter
from claims.forms.before import ReferralForm
from claims.models import Referral
from claims.prints import before as prints
from claims.services import before as services
from claims.services import referrals
from claims.tables.before import ReferralTable
from claims.views import before
from office import access
from office.access import Request
from office.pages import records
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page

VIEW = "claims.view_referral"
TONES = {"proposed": "waiting", "approved": "done", "refused": "failed"}


class ReferralList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Referrals")
    queryset = Referral.objects.select_related(
        "member__household__village", "origin", "destination", "disease"
    ).order_by("-pk")
    table_class = ReferralTable
    filterset_class = ReferralFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(referrals.RIGHT):
            return []
        return [{"label": _("Ask for a referral"), "url": reverse("claims:referral_ask"), "key": "Alt+N"}]


@permission_required(referrals.RIGHT, raise_exception=True)
def ask(request: Request) -> HttpResponse:
    """Fill in the referral form."""
    page = FormPage(
        request, title=_("Ask for a referral"), submit=_("Ask for it"), cancel_url=reverse("claims:referrals")
    )
    form = ReferralForm(page.data, person=request.user, member=before.of_member(request), initial=_own(request))
    asked = before.sent(
        page,
        form,
        "referral.asked",
        lambda: referrals.ask(form=referrals.Form(**form.cleaned_data), by=request.user, at=timezone.now()),
    )
    if asked is None:
        return page.render(form)
    messages.success(request, _("%(number)s waits for the county office.") % {"number": asked})
    if asked.is_late:
        messages.warning(request, _("It was to be filed until %(day)s.") % {"day": asked.due_on})
    return redirect("claims:referral", asked.pk)


@permission_required(VIEW, raise_exception=True)
def referral(request: Request, pk: int) -> HttpResponse:
    """One referral."""
    found = _referral(request, pk)
    page = Page(
        subject=found,
        title=_("Referral %(number)s") % {"number": found},
        back=(_("Referrals"), reverse("claims:referrals")),
        state=(TONES.get(found.state, ""), found.get_state_display()),
        facts=[*referrals.rows(found), (_("entered by"), _entered(found))],
        actions=[Action(_("Print"), reverse("claims:referral_print", args=[pk]), "Alt+P")],
        notices=[_("Filed late: it was to be filed until %(day)s.") % {"day": found.due_on}] if found.is_late else [],
        decided=found,
    )
    return records.shown(request, page)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The referral form on paper."""
    found = _referral(request, pk)
    back = reverse("claims:referral", args=[pk])
    return paper(
        request, lambda: prints.referral(found, at=timezone.now()), name=f"referral-{found.number}.pdf", back=back
    )


def _referral(request: Request, pk: int) -> Referral:
    seen = Referral.objects.visible_to(request.user).select_related(
        "member__household__village", "origin", "destination", "disease", "scheme", "body", "proposed_by"
    )
    return get_object_or_404(seen, pk=pk)


def _entered(found: Referral) -> str:
    return f"{found.proposed_by} · {found.body}"


def _own(request: Request) -> dict[str, Any]:
    """A hospital's desk refers from its own hospital."""
    for one in access.duties_of(request.user):
        own = services.own_hospital(one.body)
        if own is not None:
            return {"origin": own}
    return {}
