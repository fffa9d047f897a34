"""Prepayments to hospitals: the list, one, the form that asks for one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.filters.settling import PrepaymentFilter
from funds.forms.settling import PrepaymentForm
from funds.services import prepayments as services
from funds.services.prepayments import SUBJECT
from funds.tables.settling import PrepaymentTable
from funds.views.asked import AskedList, one, tried
from funds.views.pages import form_page
from office.access import Request

VIEW = "funds.view_prepayment"
KNOWN = ("provider",)


class PrepaymentList(AskedList):
    permission_required = VIEW
    page_title = gettext_lazy("Prepayments")
    subject = SUBJECT
    known = KNOWN
    table_class = PrepaymentTable
    filterset_class = PrepaymentFilter
    new_url = "funds:prepayment_new"
    new_label = gettext_lazy("Ask for a prepayment")


@permission_required(VIEW, raise_exception=True)
def prepayment(request: Request, pk: int) -> HttpResponse:
    """One prepayment."""
    return one(request, SUBJECT, pk, back=(_("Prepayments"), reverse("funds:prepayments")), known=KNOWN)


@permission_required(SUBJECT.right, raise_exception=True)
def ask(request: Request) -> HttpResponse:
    """Ask that a hospital gets money ahead of its settlements."""
    page = form_page(
        request, title=_("Ask for a prepayment"), submit=_("Ask for it"), cancel_url=reverse("funds:prepayments")
    )
    form = PrepaymentForm(page.data)
    asked = tried(page, form, lambda: services.propose(**form.cleaned_data, by=request.user, at=timezone.now()))
    if asked is None:
        return page.render(form)
    messages.success(request, _("%(number)s waits to be decided.") % {"number": asked})
    return redirect("funds:prepayment", asked.pk)
