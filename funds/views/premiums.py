"""Premiums for critical-illness cover: the list, one, the form that asks for one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.filters.settling import PremiumFilter
from funds.forms.settling import PremiumForm
from funds.services import premiums as services
from funds.services.premiums import SUBJECT
from funds.tables.settling import PremiumTable
from funds.views.asked import AskedList, one, tried
from funds.views.pages import form_page
from office.access import Request

VIEW = "funds.view_premium"
KNOWN = ()


class PremiumList(AskedList):
    permission_required = VIEW
    page_title = gettext_lazy("Critical-illness premiums")
    subject = SUBJECT
    known = KNOWN
    table_class = PremiumTable
    filterset_class = PremiumFilter
    new_url = "funds:premium_new"
    new_label = gettext_lazy("Ask for a premium")


@permission_required(VIEW, raise_exception=True)
def premium(request: Request, pk: int) -> HttpResponse:
    """One instalment of a premium."""
    return one(request, SUBJECT, pk, back=(_("Critical-illness premiums"), reverse("funds:premiums")), known=KNOWN)


@permission_required(SUBJECT.right, raise_exception=True)
def ask(request: Request) -> HttpResponse:
    """Ask that an instalment of a premium is paid."""
    page = form_page(
        request, title=_("Ask for a premium"), submit=_("Ask for it"), cancel_url=reverse("funds:premiums")
    )
    form = PremiumForm(page.data)
    asked = tried(
        page,
        form,
        lambda: services.propose(
            book=form.cleaned_data["book"], stated=form.told(), by=request.user, at=timezone.now()
        ),
    )
    if asked is None:
        return page.render(form)
    messages.success(request, _("%(number)s waits to be decided.") % {"number": asked})
    return redirect("funds:premium", asked.pk)
