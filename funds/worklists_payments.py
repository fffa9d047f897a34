"""What waits of payments: claims to pay, money to note, batches to finish, to send and to pay out, answers to look
into. What is to be released stands among the decisions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.models import AnswerLine, BankAnswer, Book, FundRequest, Payment, PaymentBatch, Place
from funds.selectors import paying
from funds.services.answers import TAKE
from funds.services.batches import MAKE
from funds.services.fund_requests import ASK
from funds.services.sending import SEND
from office import desk
from office.models import Person
from office.rules import money

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Found = Callable[[], QuerySet[Any]]


def register() -> None:
    """Called once when the app is ready."""
    desk.register(
        desk.Worklist(
            name="funds.to-pay",
            title=gettext_lazy("Claims and orders to put into a batch"),
            icon="inbox",
            right=MAKE,
            url=lambda: reverse("funds:batch_new"),
            waiting=to_pay,
        )
    )
    for name, title, right, model, found, lines in (
        ("batches-to-ask", gettext_lazy("Batches to finish"), MAKE, PaymentBatch, to_ask, batch_lines),
        (
            "requests-to-arrive",
            gettext_lazy("Money of fund requests to note"),
            ASK,
            FundRequest,
            to_arrive,
            request_lines,
        ),
        ("batches-to-send", gettext_lazy("Batches to carry to the bank"), SEND, PaymentBatch, to_send, batch_lines),
        ("batches-to-pay-out", gettext_lazy("Cash to pay out"), SEND, PaymentBatch, to_pay_out, batch_lines),
        (
            "payments-unknown",
            gettext_lazy("Payments that the bank has to answer"),
            TAKE,
            Payment,
            to_answer,
            payment_lines,
        ),
        (
            "answers-doubtful",
            gettext_lazy("Answers of the bank to look into"),
            TAKE,
            BankAnswer,
            doubtful,
            answer_lines,
        ),
    ):
        desk.register(_worklist(name, title, right, model, found, lines))


def _worklist(
    name: str,
    title: StrPromise,
    right: str,
    model: Any,
    found: Found,
    lines: Callable[[Sequence[Any]], list[desk.Item]],
) -> desk.Worklist:
    def waiting(person: Person, look: desk.Look) -> desk.Waiting:
        return look.over(found(), lines)

    def still(numbers: Collection[str]) -> list[desk.Item]:
        return desk.lines_with_subjects(list(found().filter(pk__in=numbers)), lines)

    return desk.Worklist(
        name=f"funds.{name}",
        title=title,
        icon="inbox",
        right=right,
        url=lambda: reverse("office:worklist", args=[f"funds.{name}"]),
        waiting=waiting,
        takes={model: still},
    )


def to_pay(person: Person, look: desk.Look) -> desk.Waiting:
    """What each set of books has to pay and has in no batch yet; what stops one of it stands on its page."""
    items, count = [], 0
    for book in Book.objects.order_by("pk"):
        parts = paying.payable_parts(book).order_by()
        told = parts.aggregate(sum=Sum("amount"))["sum"]
        waiting = parts.count() + paying.open_orders(book).count()
        if not waiting:
            continue
        count += waiting
        oldest = paying.payable_parts(book).values_list("approval__approved_at", flat=True).first()
        note = _("%(count)s, %(amount)s yuan of claims") % {"count": waiting, "amount": money.shown(told or 0)}
        items.append(desk.Item(str(book), reverse("funds:payable", args=[book.code]), oldest or look.at, note))
    return desk.Waiting(count, items)


def to_ask() -> QuerySet[PaymentBatch]:
    """Batches that are made and that nobody was asked to release."""
    return PaymentBatch.objects.filter(state=PaymentBatch.State.MADE).order_by("pk")


def to_arrive() -> QuerySet[FundRequest]:
    """Requests that finance approved and whose money is not noted."""
    return FundRequest.objects.filter(state=FundRequest.State.APPROVED).order_by("pk")


def to_send() -> QuerySet[PaymentBatch]:
    """Released batches with something that is not at the bank."""
    left = Payment.objects.filter(batch=OuterRef("pk"), state__in=["waiting", "claimed"])
    released = PaymentBatch.objects.filter(state=PaymentBatch.State.RELEASED).exclude(place=Place.CASH)
    return released.filter(Exists(left)).order_by("pk")


def to_pay_out() -> QuerySet[PaymentBatch]:
    """Released batches of cash."""
    return PaymentBatch.objects.filter(state=PaymentBatch.State.RELEASED, place=Place.CASH).order_by("pk")


def to_answer() -> QuerySet[Payment]:
    """Payments of which nobody knows what became."""
    return Payment.objects.filter(state=Payment.State.UNKNOWN).select_related("batch").order_by("pk")


def doubtful() -> QuerySet[BankAnswer]:
    """Answers with a line that settles nothing, about a payment that is not settled since."""
    open_line = AnswerLine.objects.filter(answer=OuterRef("pk"), verdict__in=AnswerLine.DOUBTFUL).exclude(
        payment__state__in=[Payment.State.PAID, Payment.State.RETURNED]
    )
    return BankAnswer.objects.filter(Exists(open_line)).order_by("pk")


def batch_lines(some: Sequence[PaymentBatch]) -> list[desk.Item]:
    """Batches as lines."""
    return [
        desk.Item(
            f"{one.number} {one.words}",
            reverse("funds:batch", args=[one.pk]),
            one.made_at,
            str(one.get_state_display()),
        )
        for one in some
    ]


def request_lines(some: Sequence[FundRequest]) -> list[desk.Item]:
    """Fund requests as lines."""
    return [
        desk.Item(
            f"{one.number} {one.month:%Y-%m}",
            reverse("funds:fund_request", args=[one.pk]),
            one.made_at,
            money.shown(one.amount),
        )
        for one in some
    ]


def payment_lines(some: Sequence[Payment]) -> list[desk.Item]:
    """Payments as lines."""
    return [
        desk.Item(
            f"{one.number} {one.payee_name}",
            reverse("funds:payment", args=[one.pk]),
            one.claimed_at or one.batch.made_at,
            money.shown(one.amount),
        )
        for one in some
    ]


def answer_lines(some: Sequence[BankAnswer]) -> list[desk.Item]:
    """Answers as lines."""
    return [
        desk.Item(
            one.name,
            reverse("funds:bank_answer", args=[one.pk]),
            one.taken_at,
            _("%(lines)s lines") % {"lines": one.lines},
        )
        for one in some
    ]
