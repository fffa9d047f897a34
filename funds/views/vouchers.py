"""Vouchers made by hand: made by one, checked and entered by another, sent back, withdrawn; postings and their taking
back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from funds.filters.books import VoucherFilter
from funds.forms.books import ReversalForm, VoucherForm, WhyForm
from funds.models import Book, CashCount, Posting, PostingKind, Voucher
from funds.prints import books as prints
from funds.rules import vouchers as rules
from funds.selectors import vouchers as selectors
from funds.services import vouchers, years
from funds.services.postings import CannotPost
from funds.services.vouchers import CHECK, MAKE, VIEW, CannotKeepVoucher
from funds.tables.books import VoucherTable
from funds.views.pages import Action, FundsList, Page, Table, book_of, form_page, shown
from office.access import Request
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.rules import money

State = Voucher.State
KNOWN = ("book", "made_by", "checked_by", "posting", "reverses", "count")
TONES = {State.NOTED: "waiting", State.ENTERED: "done", State.RETURNED: "failed", State.WITHDRAWN: "failed"}


class VoucherList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Vouchers made by hand")
    queryset = Voucher.objects.select_related(*KNOWN)
    table_class = VoucherTable
    filterset_class = VoucherFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(MAKE):
            return []
        return [
            {
                "label": _("Make a voucher: %(book)s") % {"book": one},
                "url": reverse("funds:voucher_new", args=[one.code]),
            }
            for one in Book.objects.order_by("pk")
        ]


@permission_required(VIEW, raise_exception=True)
def voucher(request: Request, pk: int) -> HttpResponse:
    """One voucher with its lines; from here it is checked."""
    found = _voucher(pk)
    accounts = {one.purpose: str(one) for one in found.book.accounts.all()}
    lines = rules.lines_of(found.lines)
    rows = [
        [
            one.words or found.summary,
            accounts.get(one.account, one.account),
            *(money.shown(one.amount) if one.side == side else "" for side in ("debit", "credit")),
        ]
        for one in lines
    ]
    left, right = rules.totals(lines)
    rows.append([_("Total"), "", money.shown(left), money.shown(right)])
    links = {}
    if found.posting:
        links[_("posting")] = reverse("funds:posting", args=[found.posting.pk])
    if found.reverses:
        links[_("takes back")] = reverse("funds:posting", args=[found.reverses.pk])
    if found.count:
        links[_("count of cash")] = reverse("funds:cash_count", args=[found.count.pk])
    page = Page(
        subject=found,
        title=_("Voucher %(voucher)s") % {"voucher": found},
        back=(_("Vouchers made by hand"), reverse("funds:vouchers")),
        state=(TONES[State(found.state)], str(found.get_state_display())),
        facts=_facts(found),
        tables=[Table(_("Lines"), prints.voucher_header(), rows, figures=(2, 3))],
        actions=_ways(request, found),
        links=links,
    )
    return shown(request, page, book=found.book)


@permission_required(MAKE, raise_exception=True)
def new(request: Request, book: str) -> HttpResponse:
    """Make a voucher of an event that has no page of its own."""
    found = book_of(book)
    count = _count(request, found)
    if count is not None:
        return _of_count(request, found, count)
    kinds = rules.BY_HAND if selectors.opening_of(found) else (PostingKind.OPENING, *rules.BY_HAND)
    page = _form(request, _("Make a voucher: %(book)s") % {"book": found}, reverse("funds:vouchers"))
    form = VoucherForm(page.data, book=found, kinds=kinds)
    made = _tried(
        page, form, lambda: vouchers.note(book=found, stated=form.stated(), by=request.user, at=timezone.now())
    )
    return redirect("funds:voucher", made.pk) if made else page.render(form, book=found)


def _count(request: Request, book: Book) -> CashCount | None:
    """The count of cash whose difference is to be entered, where the address names one."""
    asked = request.GET.get("count", "")
    found = CashCount.objects.select_related("account__book").filter(account__book=book, state="confirmed")
    return get_object_or_404(found, pk=asked if asked.isdecimal() else 0) if asked else None


def _of_count(request: Request, book: Book, count: CashCount) -> HttpResponse:
    back = reverse("funds:cash_count", args=[count.pk])
    page = _form(request, _("Enter the difference of %(day)s") % {"day": count.on}, back)
    form = VoucherForm(page.data, book=book, kinds=(PostingKind.CASH_DIFFERENCE,), count=count)
    made = _tried(
        page, form, lambda: vouchers.note(book=book, stated=form.stated(), by=request.user, at=timezone.now())
    )
    return redirect("funds:voucher", made.pk) if made else page.render(form, book=book)


@permission_required(MAKE, raise_exception=True)
def mend(request: Request, pk: int) -> HttpResponse:
    """Change one's own voucher that was sent back."""
    found = _voucher(pk)
    back = reverse("funds:voucher", args=[pk])
    page = _form(request, _("Change voucher %(voucher)s") % {"voucher": found}, back)
    form = VoucherForm(page.data, book=found.book, kinds=(found.kind,), known=found)
    made = _tried(
        page, form, lambda: vouchers.mend(voucher=found, stated=form.stated(), by=request.user, at=timezone.now())
    )
    return redirect(back) if made else page.render(form, book=found.book, reason=found.reason)


@require_POST
@permission_required(CHECK, raise_exception=True)
def enter(request: Request, pk: int) -> HttpResponse:
    """Check a voucher: it is entered."""
    found = _voucher(pk)
    try:
        done = vouchers.enter(voucher=found, by=request.user, at=timezone.now())
    except (CannotKeepVoucher, CannotPost) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Entered as %(posting)s.") % {"posting": done.posting})
    return redirect("funds:voucher", pk)


@permission_required(CHECK, raise_exception=True)
def send_back(request: Request, pk: int) -> HttpResponse:
    """Send a voucher back to whoever made it."""
    return _with_reason(request, _voucher(pk), _("Send voucher %(voucher)s back"), vouchers.send_back)


@permission_required(MAKE, raise_exception=True)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take one's own voucher back before it is entered."""
    return _with_reason(request, _voucher(pk), _("Withdraw voucher %(voucher)s"), vouchers.withdraw)


@require_POST
@permission_required(MAKE, raise_exception=True)
def close_year(request: Request, book: str, year: int) -> HttpResponse:
    """Make the voucher that closes a year."""
    found = book_of(book)
    try:
        made = years.close_year(book=found, year=year, by=request.user, at=timezone.now())
    except CannotKeepVoucher as refusal:
        messages.error(request, str(refusal))
        return redirect("funds:months", book)
    return redirect("funds:voucher", made.pk)


@permission_required("funds.view_posting", raise_exception=True)
def posting(request: Request, pk: int) -> HttpResponse:
    """One posting as it is entered, with what took it back."""
    found = _posting(pk)
    taken_back = Posting.objects.filter(reverses=found).first()
    links = {}
    facts: list[tuple[str, object]] = [
        (_("books"), found.book.name),
        (_("day"), found.on.isoformat()),
        (_("event"), str(found.get_kind_display())),
        (_("summary"), found.summary),
        (_("papers attached"), found.attachments),
        (pgettext("voucher", "made by"), f"{found.made_by} · {timezone.localtime(found.made_at):%Y-%m-%d %H:%M}"),
        (pgettext("voucher", "checked by"), found.checked_by),
        (_("business key"), found.key),
    ]
    for label, other in ((_("takes back"), found.reverses), (_("taken back by"), taken_back)):
        if other is not None:
            facts.append((label, f"{other} · {other.on.isoformat()}"))
            links[label] = reverse("funds:posting", args=[other.pk])
    total = prints.voucher_total(found)
    rows = [*prints.voucher_rows(found), [_("Total"), "", money.shown(total), money.shown(total)]]
    actions = [Action(_("Print"), reverse("funds:posting_print", args=[pk]), "Alt+P")]
    if request.user.has_perm(MAKE) and not selectors.not_taken_back(found):
        actions.insert(0, Action(_("Take it back"), reverse("funds:posting_reverse", args=[pk]), "Alt+R"))
    page = Page(
        subject=found,
        title=_("Posting %(posting)s of %(day)s") % {"posting": found, "day": found.on},
        back=(_("Journal"), reverse("funds:journal", args=[found.book.code, f"{found.on:%Y-%m}"])),
        state=("failed", _("taken back")) if taken_back else ("done", pgettext("voucher", "entered")),
        facts=facts,
        tables=[Table(_("Lines"), prints.voucher_header(), rows, figures=(2, 3))],
        actions=actions,
        links=links,
    )
    return shown(request, page, book=found.book)


@permission_required(MAKE, raise_exception=True)
def reverse_posting(request: Request, pk: int) -> HttpResponse:
    """Make the voucher that takes a posting back in red."""
    found = _posting(pk)
    back = reverse("funds:posting", args=[pk])
    title = _("Take back %(posting)s of %(day)s") % {"posting": found, "day": found.on}
    page = form_page(request, title=title, submit=_("Give it to be checked"), cancel_url=back)
    form = ReversalForm(page.data)
    given: dict[str, Any] = {"posting": found, "by": request.user, "at": timezone.now()}
    made = _tried(page, form, lambda: vouchers.note_reversal(**form.cleaned_data, **given))
    return redirect("funds:voucher", made.pk) if made else page.render(form, book=found.book)


@permission_required("funds.view_posting", raise_exception=True)
def print_posting(request: Request, pk: int) -> HttpResponse:
    """A posting on paper, in the form of a voucher."""
    found = _posting(pk)
    back = reverse("funds:posting", args=[pk])
    name = f"{found.book.code}-{found.on:%Y-%m}-{found.number:04d}.pdf"
    return paper(request, lambda: prints.vouchers([found], at=timezone.now()), name=name, back=back)


def _with_reason(request: Request, found: Voucher, title: str, do: Callable[..., Voucher]) -> HttpResponse:
    back = reverse("funds:voucher", args=[found.pk])
    page = form_page(request, title=title % {"voucher": found}, submit=_("Confirm"), cancel_url=back)
    form = WhyForm(page.data)
    given: dict[str, Any] = {"voucher": found, "by": request.user, "at": timezone.now()}
    made = _tried(page, form, lambda: do(**form.cleaned_data, **given))
    return redirect(back) if made else page.render(form, book=found.book)


def _form(request: Request, title: str, back: str) -> FormPage:
    submit = _("Give it to be checked")
    return form_page(request, title=title, submit=submit, cancel_url=back, template="funds/books/voucher_form.html")


def _tried(page: FormPage, form: Any, do: Callable[[], Voucher]) -> Voucher | None:
    """The voucher that a sent form made or moved; a refusal, written as an act by the service, stands where it
    belongs."""
    if not (page.is_sent and form.is_valid()):
        return None
    try:
        return do()
    except CannotKeepVoucher as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


def _facts(found: Voucher) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("books"), found.book.name),
        (_("day"), found.on.isoformat()),
        (_("event"), str(found.get_kind_display())),
        (_("summary"), found.summary),
        (_("papers attached"), found.attachments),
        (pgettext("voucher", "made by"), f"{found.made_by} · {timezone.localtime(found.made_at):%Y-%m-%d %H:%M}"),
    ]
    if found.checked_by and found.checked_at:
        facts.append(
            (
                pgettext("voucher", "checked by"),
                f"{found.checked_by} · {timezone.localtime(found.checked_at):%Y-%m-%d %H:%M}",
            )
        )
    if found.reason:
        facts.append((_("reason"), found.reason))
    if found.reverses:
        facts.append((_("takes back"), f"{found.reverses} · {found.reverses.on.isoformat()}"))
    if found.count:
        facts.append((_("count of cash"), f"{found.count.on.isoformat()} · {money.shown(found.count.difference)}"))
    if found.posting:
        facts.append((_("posting"), f"{found.posting} · {found.posting.on.isoformat()}"))
    return facts


def _ways(request: Request, found: Voucher) -> list[Action]:
    own = found.made_by_id == request.user.pk
    ways: list[Action] = []

    def to(name: str) -> str:
        return reverse(f"funds:voucher_{name}", args=[found.pk])

    if found.state == State.NOTED and not own and request.user.has_perm(CHECK):
        ways = [
            Action(
                _("Checked: enter it"), reverse("funds:voucher_enter", args=[found.pk]), "F2", posts=True, first=True
            ),
            Action(_("Send back"), reverse("funds:voucher_send_back", args=[found.pk]), "Alt+B"),
        ]
    if own and found.state in selectors.WAITING:
        if found.state == State.RETURNED and found.reverses_id is None:
            ways.append(Action(_("Change it"), to("mend"), "Alt+R", first=True))
        ways.append(Action(pgettext("voucher", "Withdraw"), to("withdraw")))
    return ways


def _voucher(pk: int) -> Voucher:
    return get_object_or_404(Voucher.objects.select_related(*KNOWN), pk=pk)


def _posting(pk: int) -> Posting:
    found = Posting.objects.select_related("book", "made_by", "checked_by", "reverses")
    return get_object_or_404(found.prefetch_related("entries__account"), pk=pk)
