"""Batches of payments: the list, one made, one with its payments, asked for, sent, on paper."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.models import Claim
from funds.filters.paying import BatchFilter
from funds.forms.paying import BatchForm, CashForm, ReasonForm, SendForm
from funds.models import Payment, PaymentBatch, Place
from funds.prints import payments as prints
from funds.selectors import paying
from funds.services import batches, cash, sending
from funds.services.batches import MAKE, CannotPay
from funds.services.sending import SEND
from funds.tables.paying import BatchTable
from funds.templatetags.paying import payment_tone
from funds.views.pages import Action, FundsList, Page, form_page, shown
from funds.views.paying import VIEW, done, form_of, tried
from office import attachments, deciding, trail
from office.access import Request
from office.pages.downloads import download, paper
from office.rules import days, money

ON_A_PAGE: Final = 100
#: No batch has more payments: a bank's file and a decision are of a size that people can oversee.
MOST: Final = 5_000
State = PaymentBatch.State


class BatchList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Payment batches")
    table_class = BatchTable
    filterset_class = BatchFilter

    def get_queryset(self) -> QuerySet[Any]:
        kept = ~Q(payments__state=Payment.State.STOPPED)
        told = PaymentBatch.objects.select_related("book", "made_by")
        return told.annotate(
            count=Count("payments", filter=kept), amount=Sum("payments__amount", filter=kept)
        ).order_by("-pk")

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(MAKE):
            return []
        return [{"label": _("Make a batch"), "url": reverse("funds:batch_new"), "key": "Alt+N"}]

    def totals(self, found: QuerySet[Any]) -> list[tuple[str, str]]:
        kept = Payment.objects.filter(batch__in=found.order_by().values("pk")).exclude(state=Payment.State.STOPPED)
        total = kept.aggregate(all=Sum("amount", default=0))["all"]
        return [*super().totals(found), (_("Sum, yuan"), money.shown(total))]


@permission_required(MAKE, raise_exception=True)
def make(request: Request) -> HttpResponse:
    """Put what waits and what nothing stops into a batch."""
    page = form_page(request, title=_("Make a batch"), submit=_("Make it"), cancel_url=reverse("funds:batches"))
    form = BatchForm(page.data)
    made = tried(page, form, lambda: _make(request, form.cleaned_data))
    if made is None:
        return page.render(form)
    batch, left = made
    messages.success(request, _("%(number)s is made: look at it, then ask for its release.") % {"number": batch})
    if left:
        messages.warning(
            request, _("%(count)s are stopped and stay out of it: see what is to be paid.") % {"count": left}
        )
    return redirect("funds:batch", batch.pk)


def _make(request: Request, typed: dict[str, Any]) -> tuple[PaymentBatch, int]:
    book, what = typed["book"], typed["what"]
    given = {"book": book, "words": typed["words"], "by": request.user, "at": timezone.now()}
    if what == BatchForm.ORDERS:
        place = typed["place"] or paying.place_of(book)
        orders = paying.order_standings(paying.open_orders(book).filter(place=place)[:MOST])
        free = [one.order for one in orders if not one.stop]
        return batches.make_batch(**given, place=place, orders=free), len(orders) - len(free)
    parts = paying.payable_parts(book)
    if typed["kind"]:
        parts = parts.filter(approval__claim__kind=typed["kind"])
    in_cash = Q(approval__claim__payee_kind=Claim.Payee.MEMBER)
    parts = parts.filter(in_cash) if what == BatchForm.CASH else parts
    place = Place.CASH if what == BatchForm.CASH else paying.place_of(book)
    standings = paying.standings(book, parts[:MOST])
    going = [one.part for one in standings if not one.stop and one.place == place]
    return batches.make_batch(**given, place=place, parts=going), sum(bool(one.stop) for one in standings)


@permission_required(VIEW, raise_exception=True)
def batch(request: Request, pk: int) -> HttpResponse:
    """One batch: how it stands, what is asked of me, its payments."""
    found = _batch(pk)
    kept = found.payments.exclude(state=Payment.State.STOPPED)
    sums = kept.aggregate(count=Count("pk"), all=Sum("amount", default=0))
    file = getattr(found, "file", None)
    facts: list[tuple[str, object]] = [
        (_("books"), found.book.name),
        (_("paid from"), found.get_place_display()),
        (_("in words"), found.words),
        (_("payments"), f"{sums['count']:,}"),
        (_("sum, yuan"), f"{money.shown(sums['all'])}\n{money.capitals(sums['all'])}"),
        (_("made by"), f"{found.made_by} · {found.made_on.isoformat()}"),
    ]
    if file is not None:
        facts.append((_("file for the bank"), f"{file.name} · {file.lines:,} · {money.shown(file.total)}"))
        facts.append((_("SHA-256"), file.sha256))
    facts += [
        (str(one.get_kind_display()), f"{money.shown(one.amount)} · {one.on.isoformat()} · {one.slip}")
        for one in found.cash.order_by("pk")
    ]
    page = Page(
        subject=found,
        title=_("Payment batch %(number)s") % {"number": found},
        back=(_("Payment batches"), reverse("funds:batches")),
        state=(payment_tone(found.state), str(found.get_state_display())),
        facts=facts,
        actions=_ways(request, found),
        notices=_notices(found),
        decided=found,
    )
    payments = Paginator(found.payments.order_by("line"), ON_A_PAGE).get_page(request.GET.get("page"))
    return shown(request, page, "funds/paying/batch.html", book=found.book, payments=payments)


def _notices(found: PaymentBatch) -> list[str]:
    if found.state not in {State.MADE, State.ASKED, State.WITH_HEAD}:
        unknown = found.payments.filter(state=Payment.State.UNKNOWN).count()
        said = _("Of %(count)s payments nobody knows what became: only the bank's answer settles them.")
        return [said % {"count": unknown}] if unknown else []
    waiting = list(found.payments.filter(state=Payment.State.WAITING).order_by("pk")[:MOST])
    faults = batches.faults_of(found, waiting)
    return [_("%(number)s: %(why)s") % {"number": number, "why": why} for number, why in list(faults.items())[:10]]


def _ways(request: Request, found: PaymentBatch) -> list[Action]:
    ways = []
    state, person = found.state, request.user
    if person.has_perm(MAKE) and state == State.MADE:
        ways += [
            Action(_("Ask for its release"), reverse("funds:batch_ask", args=[found.pk]), "F2", posts=True, first=True),
            Action(_("Give it up"), reverse("funds:batch_void", args=[found.pk])),
        ]
    if person.has_perm(MAKE) and state in {State.ASKED, State.WITH_HEAD}:
        ways.append(Action(_("Take it back"), reverse("funds:batch_withdraw", args=[found.pk]), posts=True))
    if person.has_perm(SEND) and state == State.RELEASED:
        ways += _ways_to_send(found)
    if person.has_perm("funds.view_bankfile") and getattr(found, "file", None) is not None:
        ways.append(Action(_("The bank's file"), reverse("funds:batch_file", args=[found.pk]), "Alt+F"))
    name = _("Sheet to sign") if found.place == Place.CASH else _("Print the list")
    return [*ways, Action(name, reverse("funds:batch_print", args=[found.pk]), "Alt+P")]


def _ways_to_send(found: PaymentBatch) -> list[Action]:
    if found.place == Place.CASH:
        fetched = found.cash.filter(kind="fetched").exists()
        name, words = ("batch_back", _("Cash brought back")) if fetched else ("batch_fetch", _("Cash fetched"))
        return [Action(words, reverse(f"funds:{name}", args=[found.pk]), "F2", first=True)]
    ways = []
    if found.payments.filter(state=Payment.State.WAITING).exists():
        url = reverse("funds:batch_send", args=[found.pk])
        ways.append(Action(_("Make the bank's file"), url, "F2", first=True))
    if found.payments.filter(state=Payment.State.CLAIMED).exists():
        url = reverse("funds:batch_hand_over", args=[found.pk])
        ways.append(Action(_("Handed to the bank"), url, "F4", posts=True, first=True))
    return ways


@require_POST
@permission_required(MAKE, raise_exception=True)
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask for the release."""
    found = _batch(pk)
    return done(
        request,
        lambda: batches.ask_release(batch=found, by=request.user, at=timezone.now()),
        _("It waits for those who release it."),
        reverse("funds:batch", args=[pk]),
    )


@require_POST
@permission_required(MAKE, raise_exception=True)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a batch back before it is released."""
    found = _batch(pk)
    take_back = deciding.matter_of("funds.paymentbatch").withdraw
    return done(
        request,
        lambda: take_back and take_back(found, request.user, timezone.now()),
        _("Taken back."),
        reverse("funds:batch", args=[pk]),
    )


@permission_required(MAKE, raise_exception=True)
def void(request: Request, pk: int) -> HttpResponse:
    """Give a batch up."""
    found = _batch(pk)
    page = form_of(request, found, _("Give %(number)s up"), _("Give it up"))
    form = ReasonForm(page.data)
    given: dict[str, Any] = {"batch": found, "by": request.user, "at": timezone.now()}
    if tried(page, form, lambda: batches.void_batch(**given, **form.cleaned_data)) is None:
        return page.render(form, book=found.book)
    messages.success(request, _("%(number)s is given up.") % {"number": found})
    return redirect("funds:batch", pk)


@permission_required(SEND, raise_exception=True)
def send(request: Request, pk: int) -> HttpResponse:
    """Make the file that is carried to the bank."""
    found = _batch(pk)
    page = form_of(request, found, _("Bank's file of %(number)s"), _("Make it"))
    form = SendForm(page.data)

    def do() -> bool:
        made = sending.send(batch=found, door=form.cleaned_data["door"], by=request.user, at=timezone.now())
        if made is None:
            raise CannotPay(_("Nothing of this batch waits to be sent."))
        return True

    if tried(page, form, do) is None:
        return page.render(form, book=found.book)
    stopped = found.payments.filter(state=Payment.State.STOPPED).count()
    messages.success(request, _("The file is made: fetch it, carry it to the bank, then note that."))
    if stopped:
        messages.warning(request, _("%(count)s payments were stopped and are not in it.") % {"count": stopped})
    return redirect("funds:batch", pk)


@require_POST
@permission_required(SEND, raise_exception=True)
def hand_over(request: Request, pk: int) -> HttpResponse:
    """The bank has the file."""
    found = _batch(pk)
    return done(
        request,
        lambda: sending.note_handed_over(batch=found, by=request.user, at=timezone.now()),
        _("Noted. What the bank answers comes next."),
        reverse("funds:batch", args=[pk]),
    )


@permission_required("funds.view_bankfile", raise_exception=True)
def file(request: Request, pk: int) -> FileResponse | HttpResponse:
    """The file as it was made; fetching it is an act."""
    made = getattr(_batch(pk), "file", None)
    kept = attachments.of(made).first() if made is not None else None
    if made is None or kept is None:
        messages.error(request, _("No file is made of this batch yet."))
        return redirect("funds:batch", pk)
    trail.read("bank-file.fetched", made, by=request.user, at=timezone.now(), sha256=made.sha256)
    return download(kept)


@permission_required(SEND, raise_exception=True)
def fetch(request: Request, pk: int) -> HttpResponse:
    """Cash fetched from the bank."""
    return _cash(request, pk, _("Cash fetched for %(number)s"), cash.fetch)


@permission_required(SEND, raise_exception=True)
def bring_back(request: Request, pk: int) -> HttpResponse:
    """What nobody fetched, brought back to the bank."""
    return _cash(request, pk, _("Cash of %(number)s brought back"), cash.bring_back)


def _cash(request: Request, pk: int, title: str, service: Any) -> HttpResponse:
    found = _batch(pk)
    page = form_of(request, found, title, _("Note it"))
    form = CashForm(page.data)
    given: dict[str, Any] = {"batch": found, "by": request.user, "at": timezone.now()}
    moved = tried(page, form, lambda: service(**given, **form.cleaned_data))
    if moved is None:
        return page.render(form, book=found.book)
    messages.success(request, _("%(amount)s yuan noted.") % {"amount": money.shown(moved.amount)})
    return redirect("funds:batch", pk)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The list of payments, or the sheet on which payees sign."""
    found = _batch(pk)
    back = reverse("funds:batch", args=[pk])
    return paper(request, lambda: prints.batch(found, at=timezone.now()), name=f"{found.number}.pdf", back=back)


def _batch(pk: int) -> PaymentBatch:
    return get_object_or_404(PaymentBatch.objects.select_related("book", "made_by", "file"), pk=pk)
