"""What the pages of banks and cash share, and the bank accounts of the books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.forms.before import ReasonForm
from funds.filters.banks import BankAccountFilter
from funds.forms.banks import BankAccountForm
from funds.models import BankAccount
from funds.services import bank_accounts
from funds.services.bank_accounts import BankAccountOf
from funds.services.reconciling import CannotReconcile
from funds.tables.banks import BankAccountTable
from funds.views.pages import FundsList, Page, form_page, shown
from office.access import Request
from office.pages.forms import FormPage

Done = TypeVar("Done")
TONES = {
    "proposed": "waiting",
    "noted": "waiting",
    "confirmed": "done",
    "kept": "done",
    "held": "done",
    "replaced": "",
}


def tone(record: Any) -> tuple[str, str]:
    """The tone and the words of a record's state."""
    return TONES.get(record.state, "failed"), str(record.get_state_display())


def tried(page: FormPage, form: forms.Form, do: Callable[[], Done]) -> Done | None:
    """What a sent form did; a refusal stands on the form, and the service has written it as an act."""
    if not (page.is_sent and form.is_valid()):
        return None
    try:
        return do()
    except CannotReconcile as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return None


def asked_why(request: Request, *, title: str, submit: str, back: str, do: Callable[[str], Any]) -> HttpResponse:
    """A page that asks why something is undone, and undoes it."""
    page = form_page(request, title=title, submit=submit, cancel_url=back)
    form = ReasonForm(page.data)
    if tried(page, form, lambda: do(form.cleaned_data["reason"])) is None:
        return page.render(form)
    messages.success(request, _("It is undone."))
    return redirect(back)


def at_once(request: Request, do: Callable[[], str], back: str) -> HttpResponse:
    """Something done by a button: what came of it, or why it was refused, is said on the page one came from."""
    try:
        messages.success(request, do())
    except CannotReconcile as refusal:
        messages.error(request, str(refusal))
    return redirect(back)


class BankAccountList(FundsList):
    permission_required = bank_accounts.VIEW
    page_title = gettext_lazy("Bank accounts")
    queryset = BankAccount.objects.select_related("account__book", "proposed_by").order_by("account", "-pk")
    table_class = BankAccountTable
    filterset_class = BankAccountFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(bank_accounts.RIGHT):
            return []
        return [{"label": _("Enter a bank account"), "url": reverse("funds:bank_account_new"), "key": "Alt+N"}]


@permission_required(bank_accounts.RIGHT, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """Enter which bank account an account of the books is."""
    page = form_page(
        request,
        title=_("Enter a bank account"),
        submit=_("Give it to be confirmed"),
        cancel_url=reverse("funds:bank_accounts"),
    )
    form = BankAccountForm(page.data)
    made = tried(
        page,
        form,
        lambda: bank_accounts.propose(stated=BankAccountOf(**form.cleaned_data), by=request.user, at=timezone.now()),
    )
    if made is None:
        return page.render(form)
    messages.success(request, _("Somebody else confirms it."))
    return redirect("funds:bank_account", made.pk)


@permission_required(bank_accounts.VIEW, raise_exception=True)
def bank_account(request: Request, pk: int) -> HttpResponse:
    """One bank account with who entered and who confirmed it."""
    found = get_object_or_404(BankAccount.objects.select_related("account__book", "proposed_by"), pk=pk)
    page = Page(
        subject=found,
        title=_("Bank account of %(account)s") % {"account": found.account},
        back=(_("Bank accounts"), reverse("funds:bank_accounts")),
        state=tone(found),
        facts=[*bank_accounts.rows(found), (_("entered by"), found.proposed_by)],
        decided=found,
    )
    return shown(request, page, book=found.account.book)
