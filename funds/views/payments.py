"""Payments one by one, what is to be paid and what stops it, orders of payment, payees that two people confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from claims.models import Claim
from funds.filters.paying import OrderFilter, PayableFilter, PaymentFilter
from funds.forms.paying import PaperForm, PayeeForm, PayoutForm, ReasonForm
from funds.models import Payment, PaymentBatch, PaymentOrder, Place
from funds.selectors import paying
from funds.services import batches, cash, confirmations, orders, papers
from funds.services.batches import MAKE
from funds.services.cash import PAY_OUT, ReceiverOf
from funds.tables.paying import OrderTable, PayableTable, PaymentTable
from funds.templatetags.paying import payment_tone
from funds.views.pages import Action, FundsList, Page, Table, book_of, form_page, shown
from funds.views.paying import VIEW, form_of, tried
from office.access import Request
from office.deciding import page_of, rounds_of
from office.rules import days, masking, money

VIEW_PAYMENT = "funds.view_payment"
VIEW_ORDER = "funds.view_paymentorder"
State = Payment.State


class PaymentList(FundsList):
    permission_required = VIEW_PAYMENT
    page_title = gettext_lazy("Payments")
    queryset = Payment.objects.select_related("batch").order_by("-pk")
    table_class = PaymentTable
    filterset_class = PaymentFilter

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def totals(self, found: QuerySet[Any]) -> list[tuple[str, str]]:
        total = found.order_by().aggregate(all=Sum("amount", default=0))["all"]
        return [*super().totals(found), (_("Sum, yuan"), money.shown(total))]


class PayableList(FundsList):
    """What these books have to pay of claims, and what stops it."""

    permission_required = VIEW
    table_class = PayableTable
    filterset_class = PayableFilter

    def get_queryset(self) -> QuerySet[Any]:
        return paying.payable_parts(book_of(self.kwargs["book"]))

    @property
    def page_title(self) -> str:  # type: ignore[override]
        return _("To be paid: %(book)s") % {"book": self.book()}

    def get_table(self, **kwargs: Any) -> Any:
        table = super().get_table(**kwargs)
        told = paying.standings(book_of(self.kwargs["book"]), [row.record for row in table.paginated_rows])
        table.standings = {one.part.pk: one for one in told}
        return table

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(MAKE):
            return []
        return [{"label": _("Make a batch"), "url": reverse("funds:batch_new"), "key": "Alt+N"}]

    def totals(self, found: QuerySet[Any]) -> list[tuple[str, str]]:
        total = found.order_by().aggregate(all=Sum("amount", default=0))["all"]
        return [*super().totals(found), (_("Sum, yuan"), money.shown(total))]


class OrderList(FundsList):
    permission_required = VIEW_ORDER
    page_title = gettext_lazy("Orders of payment")
    queryset = PaymentOrder.objects.select_related("book", "ordered_by").order_by("-pk")
    table_class = OrderTable
    filterset_class = OrderFilter

    def totals(self, found: QuerySet[Any]) -> list[tuple[str, str]]:
        total = found.order_by().aggregate(all=Sum("amount", default=0))["all"]
        return [*super().totals(found), (_("Sum, yuan"), money.shown(total))]


@permission_required(VIEW_PAYMENT, raise_exception=True)
def payment(request: Request, pk: int) -> HttpResponse:
    """One payment: to whom, for what, what the bank said, where it stands in the books."""
    found = _payment(pk)
    items = found.items.select_related("part__approval__claim", "order").order_by("pk")
    rows = [
        [
            str(one.part.approval.claim) if one.part else str(one.order),
            one.part.layer if one.part else str(one.order and one.order.summary),
            money.shown(one.amount),
        ]
        for one in items
    ]
    told = [
        [
            str(one.answer), str(one.get_outcome_display()), money.shown(one.amount), one.on.isoformat(),
            one.reference, one.reason, str(one.get_verdict_display()),
        ]
        for one in found.answers.select_related("answer").order_by("pk")
    ]  # fmt: skip
    page = Page(
        subject=found,
        title=_("Payment %(number)s") % {"number": found},
        back=(_("Batch %(number)s") % {"number": found.batch}, reverse("funds:batch", args=[found.batch_id])),
        state=(payment_tone(found.state), str(found.get_state_display())),
        facts=_facts(found),
        tables=[
            Table(_("What it pays"), [_("claim or order"), _("layer or words"), _("amount, yuan")], rows, figures=(2,)),
            Table(
                _("What the bank said"),
                [
                    _("answer"),
                    _("outcome"),
                    _("amount, yuan"),
                    _("day"),
                    _("reference"),
                    _("reason"),
                    _("what came of it"),
                ],
                told,
                _("The bank has said nothing of it yet."),
                figures=(2,),
            ),
        ],
        actions=_ways(request, found),
    )
    return shown(request, page, book=found.batch.book)


def _facts(found: Payment) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("payee"), f"{found.payee_name} · {found.get_payee_kind_display()}"),
        (_("bank"), found.payee_bank or "—"),
        (pgettext("bank", "account"), found.masked_account or "—"),
        (_("amount, yuan"), f"{money.shown(found.amount)}\n{money.capitals(found.amount)}"),
        (_("for what"), found.summary),
    ]
    if found.settled_on:
        facts.append((_("settled on"), found.settled_on.isoformat()))
    if found.reason:
        facts.append((_("reason"), found.reason))
    for label, posting in ((_("posting"), found.posting), (_("posting of the return"), found.return_posting)):
        if posting is not None:
            facts.append((label, f"{posting} · {posting.on.isoformat()} · {posting.summary}"))
    payout = getattr(found, "payout", None)
    if payout is not None:
        facts.append((_("received by"), f"{payout.receiver} · {payout.relation} · {payout.paper}"))
    return facts


def _ways(request: Request, found: Payment) -> list[Action]:
    ways = []
    person, batch = request.user, found.batch
    if person.has_perm(MAKE) and batch.state == PaymentBatch.State.MADE and found.state == State.WAITING:
        ways.append(Action(_("Take it out"), reverse("funds:payment_strike", args=[found.pk]), "Alt+X"))
    to_pay_out = batch.place == Place.CASH and batch.state == PaymentBatch.State.RELEASED
    if person.has_perm(PAY_OUT) and to_pay_out and found.state == State.WAITING:
        ways.append(Action(_("Pay it out"), reverse("funds:payment_payout", args=[found.pk]), "F2", first=True))
    if person.has_perm(papers.RIGHT) and found.state in {*Payment.UNSETTLED, State.PAID} and batch.place != Place.CASH:
        ways.append(Action(_("The bank says on paper"), reverse("funds:payment_paper", args=[found.pk]), "Alt+B"))
    return ways


@permission_required(MAKE, raise_exception=True)
def strike(request: Request, pk: int) -> HttpResponse:
    """Take a payment out of its batch."""
    found = _payment(pk)
    page = form_of(request, found, _("Take %(number)s out"), _("Take it out"))
    form = ReasonForm(page.data)
    given: dict[str, Any] = {"payment": found, "by": request.user, "at": timezone.now()}
    if tried(page, form, lambda: batches.strike(**given, **form.cleaned_data)) is None:
        return page.render(form, book=found.batch.book)
    messages.success(request, _("%(number)s is taken out.") % {"number": found})
    return redirect("funds:batch", found.batch_id)


@permission_required(PAY_OUT, raise_exception=True)
def pay_out(request: Request, pk: int) -> HttpResponse:
    """Give the payee his money."""
    found = _payment(pk)
    page = form_of(request, found, _("Pay %(number)s out"), _("He has signed"))
    form = PayoutForm(page.data, payee=found.payee_name)

    def do() -> Any:
        typed = form.cleaned_data
        receiver = ReceiverOf(typed["name"], typed["relation"], typed["paper"])
        return cash.pay_out(payment=found, receiver=receiver, on=typed["on"], by=request.user, at=timezone.now())

    if tried(page, form, do) is None:
        return page.render(form, book=found.batch.book)
    messages.success(request, _("%(amount)s yuan paid out.") % {"amount": money.shown(found.amount)})
    return redirect("funds:batch", found.batch_id)


@permission_required(papers.RIGHT, raise_exception=True)
def paper_answer(request: Request, pk: int) -> HttpResponse:
    """Note what the bank says on paper; somebody else confirms it."""
    found = _payment(pk)
    page = form_of(request, found, _("What the bank says of %(number)s"), _("Note it"))
    form = PaperForm(page.data)
    given: dict[str, Any] = {"payment": found, "by": request.user, "at": timezone.now()}
    asked = tried(page, form, lambda: papers.note(**given, **form.cleaned_data))
    if asked is None:
        return page.render(form, book=found.batch.book)
    messages.success(request, _("Noted; somebody else confirms it."))
    return redirect("funds:payment", pk)


@permission_required(VIEW_ORDER, raise_exception=True)
def order(request: Request, pk: int) -> HttpResponse:
    """One order: to whom, for what, what is entered when it is paid."""
    found = get_object_or_404(PaymentOrder.objects.select_related("book", "ordered_by", "checked_by"), pk=pk)
    lines = [
        [str(one.account), str(one.get_side_display()), money.shown(one.amount), one.words]
        for one in found.lines.select_related("account").order_by("line")
    ]
    items = found.items.filter(part__isnull=True).select_related("payment").order_by("pk")
    paid = [[str(one.payment), str(one.payment.get_state_display()), one.payment.reason] for one in items]
    actions = []
    if request.user.has_perm(orders.RIGHT) and found.state == PaymentOrder.State.ORDERED:
        actions.append(Action(_("Cancel it"), reverse("funds:payment_order_cancel", args=[pk])))
    if request.user.has_perm(confirmations.RIGHT) and found.state == PaymentOrder.State.ORDERED:
        actions.append(Action(_("Confirm a payee"), f"{reverse('funds:payee_new')}?order={pk}"))
    parts = found.parts.count()
    page = Page(
        subject=found,
        title=_("Order of payment %(number)s") % {"number": found},
        back=(_("Orders of payment"), reverse("funds:payment_orders")),
        state=(payment_tone(found.state), str(found.get_state_display())),
        facts=[
            (_("kind"), found.get_kind_display()),
            (_("paid from"), found.get_place_display()),
            (_("payee"), f"{found.payee_name} · {found.get_payee_kind_display()}"),
            (pgettext("bank", "account"), f"{found.payee_bank} {found.masked_account}".strip() or "—"),
            (_("amount, yuan"), f"{money.shown(found.amount)}\n{money.capitals(found.amount)}"),
            (_("for what"), found.summary),
            *([(_("parts of claims that it pays"), f"{parts:,}")] if parts else []),
            (_("ordered by"), f"{found.ordered_by} · {found.ordered_on.isoformat()}"),
            (pgettext("slip", "checked by"), found.checked_by),
            *([(_("cancelled because"), found.cancelled_because)] if found.cancelled_because else []),
        ],
        tables=[
            Table(
                _("What is entered beside the bank"),
                [pgettext("books", "account"), _("side"), _("amount, yuan"), _("in words")],
                lines,
                figures=(2,),
            ),
            Table(_("Payments of it"), [_("number"), _("state"), _("reason")], paid, _("It is in no payment yet.")),
        ],
        actions=actions,
    )
    return shown(request, page, book=found.book)


@permission_required(orders.RIGHT, raise_exception=True)
def cancel_order(request: Request, pk: int) -> HttpResponse:
    """Take an order back."""
    found = get_object_or_404(PaymentOrder.objects.select_related("book"), pk=pk)
    back = reverse("funds:payment_order", args=[pk])
    page = form_page(request, title=_("Cancel %(number)s") % {"number": found}, submit=_("Cancel it"), cancel_url=back)
    form = ReasonForm(page.data)
    given: dict[str, Any] = {"order": found, "by": request.user, "at": timezone.now()}
    if tried(page, form, lambda: orders.cancel_order(**given, **form.cleaned_data)) is None:
        return page.render(form, book=found.book)
    messages.success(request, _("%(number)s is cancelled.") % {"number": found})
    return redirect(back)


@permission_required(confirmations.RIGHT, raise_exception=True)
def payee(request: Request) -> HttpResponse:
    """Name the account that a claim or an order is paid to; somebody else confirms it."""
    found = _of(request)
    if found is None:
        messages.error(request, _("Begin from the claim or the order whose payee it is."))
        return redirect("funds:batches")
    of, back = found
    page = form_page(
        request, title=_("Payee of %(of)s") % {"of": of}, submit=_("Ask for confirmation"), cancel_url=back
    )
    form = PayeeForm(page.data)
    given: dict[str, Any] = {"of": of, "by": request.user, "at": timezone.now()}
    asked = tried(page, form, lambda: confirmations.propose(**given, **form.cleaned_data))
    if asked is None:
        return page.render(form, before=masking.masked_account(of.payee_account) if of.payee_account else "")
    messages.success(request, _("Somebody else confirms it."))
    opened = rounds_of(asked).first()
    return redirect(page_of(opened)) if opened is not None else redirect(back)


def _of(request: Request) -> tuple[Claim | PaymentOrder, str] | None:
    claim, order_number = request.GET.get("claim", ""), request.GET.get("order", "")
    if claim.isdecimal():
        found = get_object_or_404(Claim.objects.visible_to(request.user), pk=claim)
        return found, reverse("claims:claim", args=[found.pk])
    if order_number.isdecimal():
        ordered = get_object_or_404(PaymentOrder, pk=order_number)
        return ordered, reverse("funds:payment_order", args=[ordered.pk])
    return None


def _payment(pk: int) -> Payment:
    told = ("batch__book", "posting", "return_posting", "payout")
    return get_object_or_404(Payment.objects.select_related(*told), pk=pk)
