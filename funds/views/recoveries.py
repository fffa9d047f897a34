"""Money that came back: the list, one, the form that notes it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.filters.settling import RecoveryFilter
from funds.forms.settling import RecoveryForm
from funds.services import recoveries as services
from funds.services.recoveries import SUBJECT
from funds.tables.settling import RecoveryTable
from funds.views.asked import AskedList, one, tried
from funds.views.pages import form_page
from office.access import Request

VIEW = "funds.view_recovery"
KNOWN = ("provider", "claim", "account")


class RecoveryList(AskedList):
    permission_required = VIEW
    page_title = gettext_lazy("Money recovered")
    subject = SUBJECT
    known = KNOWN
    table_class = RecoveryTable
    filterset_class = RecoveryFilter
    new_url = "funds:recovery_new"
    new_label = gettext_lazy("Note money that came back")


@permission_required(VIEW, raise_exception=True)
def recovery(request: Request, pk: int) -> HttpResponse:
    """One sum that came back."""
    return one(request, SUBJECT, pk, back=(_("Money recovered"), reverse("funds:recoveries")), known=KNOWN)


@permission_required(SUBJECT.right, raise_exception=True)
def ask(request: Request) -> HttpResponse:
    """Note money that came back."""
    page = form_page(
        request, title=_("Note money that came back"), submit=_("Ask for it"), cancel_url=reverse("funds:recoveries")
    )
    form = RecoveryForm(page.data)
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
    return redirect("funds:recovery", asked.pk)
