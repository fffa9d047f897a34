"""Terms of retention: the list, one, the form that enters them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.filters.settling import RetentionTermFilter
from funds.forms.settling import RetentionTermForm
from funds.services import retention_terms as services
from funds.services.retention_terms import SUBJECT
from funds.tables.settling import RetentionTermTable
from funds.views.asked import AskedList, one, tried
from funds.views.pages import form_page
from office.access import Request

VIEW = "funds.view_retentionterm"
KNOWN = ("provider",)


class RetentionTermList(AskedList):
    permission_required = VIEW
    page_title = gettext_lazy("Terms of retention")
    subject = SUBJECT
    known = KNOWN
    table_class = RetentionTermTable
    filterset_class = RetentionTermFilter
    new_url = "funds:retention_term_new"
    new_label = gettext_lazy("Enter terms of retention")


@permission_required(VIEW, raise_exception=True)
def retention_term(request: Request, pk: int) -> HttpResponse:
    """One paper's terms."""
    return one(request, SUBJECT, pk, back=(_("Terms of retention"), reverse("funds:retention_terms")), known=KNOWN)


@permission_required(SUBJECT.right, raise_exception=True)
def ask(request: Request) -> HttpResponse:
    """Enter what is kept back of providers from a day on."""
    page = form_page(
        request,
        title=_("Enter terms of retention"),
        submit=_("Ask for it"),
        cancel_url=reverse("funds:retention_terms"),
    )
    form = RetentionTermForm(page.data)
    asked = tried(page, form, lambda: services.propose(**form.told(), by=request.user, at=timezone.now()))
    if asked is None:
        return page.render(form)
    messages.success(request, _("%(number)s waits to be decided.") % {"number": asked})
    return redirect("funds:retention_term", asked.pk)
