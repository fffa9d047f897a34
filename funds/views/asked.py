"""What the pages of everything that is asked for with a paper share: list, one record, the form that asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from funds.models import PaymentOrder
from funds.services import asking
from funds.services.asking import CannotAsk, Subject
from funds.services.orders import CannotOrder
from funds.views.pages import Action, FundsList, Page, Table, shown
from office.access import Request
from office.pages.forms import FormPage
from office.rules import money
from office.subjects import name_of

TONES = {"proposed": "waiting", "approved": "waiting", "done": "done", "refused": "failed", "void": "failed"}


class AskedList(FundsList):
    """A list of what is asked for, newest first, with the way to ask."""

    subject: ClassVar[Subject]
    known: ClassVar[tuple[str, ...]] = ()
    new_url: ClassVar[str]
    new_label: ClassVar[Any]

    def get_queryset(self) -> QuerySet[Any]:
        return self.subject.model._default_manager.select_related("book", "proposed_by", *self.known).order_by("-pk")

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(self.subject.right):
            return []
        return [{"label": str(self.new_label), "url": reverse(self.new_url), "key": "Alt+N"}]


def one(
    request: Request,
    subject: Subject,
    pk: int,
    *,
    back: tuple[str, str],
    known: Sequence[str] = (),
    tables: Callable[[Any], Sequence[Table]] = lambda asked: (),
    links: Callable[[Any], dict[str, str]] = lambda asked: {},
    actions: Callable[[Any], Sequence[Action]] = lambda asked: (),
    more: Callable[[Any], Sequence[tuple[str, object]]] = lambda asked: (),
) -> HttpResponse:
    """One record: what it says, its payments, who decided it."""
    found = get_object_or_404(subject.model._default_manager.select_related("book", "proposed_by", *known), pk=pk)
    page = Page(
        subject=found,
        title=_("%(kind)s %(number)s") % {"kind": subject.title, "number": found},
        back=back,
        state=(TONES[found.state], str(found.get_state_display())),
        facts=[*asking.rows(found), *more(found), (_("asked for by"), str(found.proposed_by))],
        tables=[*tables(found), *_orders(found, subject)],
        actions=actions(found),
        decided=found,
        links=links(found),
    )
    return shown(request, page, book=found.book)


def _orders(found: Any, subject: Subject) -> list[Table]:
    if not subject.pays:
        return []
    subject_type, subject_id = name_of(found)
    orders = PaymentOrder.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("pk")
    rows = [
        [_order_link(one), str(one.get_state_display()), one.payee_name, one.masked_account, money.shown(one.amount)]
        for one in orders
    ]
    header = [_("number"), _("state"), _("payee"), _("account"), _("amount, yuan")]
    return [Table(pgettext("money", "Orders of payment"), header, rows, _("No payment is ordered yet."), figures=(4,))]


def _order_link(order: PaymentOrder) -> str:
    return format_html('<a href="{}">{}</a>', reverse("funds:payment_order", args=[order.pk]), order.number)


def tried(page: FormPage, form: Any, do: Callable[[], Any]) -> Any:
    """What a sent form did; a refusal stands at its field, written as an act by the service."""
    if not (page.is_sent and form.is_valid()):
        return None
    try:
        return do()
    except CannotAsk as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


def done(request: Request, do: Callable[[], str], back: str) -> HttpResponse:
    """Something done at once by a button; what came of it, or why not, stands on the page it leads to."""
    try:
        told = do()
    except (CannotAsk, CannotOrder) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect(back)
