"""Reconciliation sheets: the list, one made, one with its two sides, taken back, on paper."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from funds.filters.banks import SheetFilter
from funds.forms.banks import SheetForm
from funds.models import Reconciliation
from funds.prints import banks as prints
from funds.services import reconciliations
from funds.services.reconciliations import CHECK, RIGHT, VIEW
from funds.tables.banks import SheetTable
from funds.views.banks import asked_why, tone, tried
from funds.views.pages import Action, FundsList, Page, Table, form_page, shown
from office.access import Request
from office.pages.downloads import paper
from office.rules import days, money

State = Reconciliation.State


class SheetList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Reconciliation sheets")
    queryset = Reconciliation.objects.select_related("account__book", "made_by").defer("content").order_by("-on", "-pk")
    table_class = SheetTable
    filterset_class = SheetFilter

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(RIGHT):
            return []
        return [{"label": _("Make a sheet"), "url": reverse("funds:reconciliation_new"), "key": "Alt+N"}]


@permission_required(RIGHT, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """Make the sheet of an account's day."""
    back = reverse("funds:reconciliations")
    page = form_page(request, title=_("Make a reconciliation sheet"), submit=_("Make it"), cancel_url=back)
    form = SheetForm(page.data)
    made = tried(page, form, lambda: reconciliations.propose(**form.cleaned_data, by=request.user, at=timezone.now()))
    if made is None:
        return page.render(form)
    messages.success(request, _("Somebody else confirms it."))
    return redirect("funds:reconciliation", made.pk)


@permission_required(VIEW, raise_exception=True)
def reconciliation(request: Request, pk: int) -> HttpResponse:
    """One sheet: books on the left, bank on the right, and every item that hangs between them."""
    found = sheet_of(pk)
    two = [[left, money.shown(ours), right, money.shown(theirs)] for left, ours, right, theirs in prints.sides(found)]
    tables = [
        Table(_("Both sides"), [_("books"), _("yuan"), pgettext("bank", "statement"), _("yuan")], two, figures=(1, 3))
    ]
    tables += [
        Table(title, prints.items_header(), rows, _("Nothing hangs here."), (2, 3))
        for title, rows in prints.items(found)
    ]
    page = Page(
        subject=found,
        title=_("Reconciliation sheet of %(account)s, %(day)s") % {"account": found.account, "day": found.on},
        back=(_("Reconciliation sheets"), reverse("funds:reconciliations")),
        state=tone(found),
        facts=[
            (_("books of a fund"), found.account.book.name),
            (_("both sides come to"), money.shown(found.adjusted)),
            (_("hangs between them"), money.shown(found.outstanding)),
            (pgettext("paper", "made by"), f"{found.made_by} · {timezone.localtime(found.made_at):%Y-%m-%d %H:%M}"),
        ],
        tables=tables,
        notices=_changed(found),
        actions=_ways(request, found),
        decided=found,
    )
    return shown(request, page, book=found.account.book)


def _changed(found: Reconciliation) -> list[str]:
    if found.state in reconciliations.STANDING and not reconciliations.is_true(found):
        return [_("Books or statements changed since this sheet was made: it no longer says what is so.")]
    return []


def _ways(request: Request, found: Reconciliation) -> list[Action]:
    ways = [Action(_("Print"), reverse("funds:reconciliation_print", args=[found.pk]), "Alt+P")]
    if found.state == State.CONFIRMED and request.user.has_perm(CHECK):
        ways.append(Action(_("Take it back"), reverse("funds:reconciliation_withdraw", args=[found.pk]), "Alt+X"))
    return ways


@permission_required(CHECK, raise_exception=True)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a confirmed sheet back while its month is open."""
    found = sheet_of(pk)
    return asked_why(
        request,
        title=_("Take back: %(sheet)s") % {"sheet": found},
        submit=_("Take it back"),
        back=reverse("funds:reconciliation", args=[pk]),
        do=lambda reason: reconciliations.withdraw(kept=found, reason=reason, by=request.user, at=timezone.now()),
    )


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The sheet on A4, to be signed."""
    found = sheet_of(pk)
    back = reverse("funds:reconciliation", args=[pk])
    name = f"reconciliation-{found.on}-{found.pk}.pdf"
    return paper(request, lambda: prints.reconciliation(found, at=timezone.now()), name=name, back=back)


def sheet_of(pk: int) -> Reconciliation:
    """One sheet."""
    return get_object_or_404(Reconciliation.objects.select_related("account__book", "made_by"), pk=pk)
