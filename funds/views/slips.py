"""Slips of money in: the list, one with what stands behind it, what can be done with it, the slip on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from funds.filters.slips import SlipFilter
from funds.forms.money_in import BackForm, ReasonForm, SeenForm
from funds.models import Book, Slip
from funds.prints import slips as prints
from funds.services import slips as services
from funds.services.postings import CannotPost
from funds.services.slips import CHECK, NOTE, CannotNote
from funds.tables.slips import SlipTable
from funds.views.pages import Action, FundsList, Page, Table, form_page, shown
from office.access import Request
from office.pages.downloads import paper
from office.rules import money

VIEW = "funds.view_slip"
State = Slip.State
TONES = {State.NOTED: "waiting", State.BACK_ASKED: "waiting", State.ENTERED: "done"}


class SlipList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Money in")
    queryset = Slip.objects.select_related("book", "fund_year__scheme", "noted_by").order_by("-on", "-pk")
    table_class = SlipTable
    filterset_class = SlipFilter

    def page_actions(self) -> list[dict[str, str]]:
        wanted = self.query().get("book") or ""
        kept = Book.objects.filter(pk=wanted) if wanted.isdecimal() else Book.objects.all()
        book = kept.order_by("pk").first()
        if book is None or not self.request.user.has_perm(NOTE):
            return []
        return [
            {"label": _("Pay sheets in"), "url": reverse("funds:slip_deposit", args=[book.code]), "key": "Alt+N"},
            {
                "label": _("Note a paper"),
                "url": reverse("funds:slip_note", args=[book.code, "subsidy"]),
                "key": "Alt+M",
            },
            {"label": _("Give contributions back"), "url": reverse("funds:slip_give_back", args=[book.code])},
        ]

    def totals(self, found: QuerySet[Slip]) -> list[tuple[str, str]]:
        sums = found.order_by().aggregate(amount=Sum("amount", default=0))
        return [*super().totals(found), (_("amount, yuan"), money.shown(sums["amount"]))]


@permission_required(VIEW, raise_exception=True)
def slip(request: Request, pk: int) -> HttpResponse:
    """One slip, with what stands behind it and how it is entered."""
    found = _slip(pk)
    page = Page(
        subject=found,
        title=str(found),
        back=(_("Money in"), reverse("funds:slips")),
        state=(TONES.get(State(found.state), ""), str(found.get_state_display())),
        facts=prints.facts(found),
        tables=_tables(found),
        actions=_actions(request, found),
        notices=_notices(found),
    )
    return shown(request, page, book=found.book)


@permission_required(VIEW, raise_exception=True)
def print_slip(request: Request, pk: int) -> HttpResponse:
    """The slip on paper."""
    found = _slip(pk)
    return paper(
        request,
        lambda: prints.slip(found, at=timezone.now()),
        name=f"slip-{pk}.pdf",
        back=reverse("funds:slip", args=[pk]),
    )


@require_POST
@permission_required(CHECK, raise_exception=True)
def check(request: Request, pk: int) -> HttpResponse:
    """The paper was compared: enter it."""
    return _at_once(
        request, pk, lambda found: services.check(slip=found, by=request.user, at=timezone.now()), _("It is entered.")
    )


@require_POST
@permission_required(CHECK, raise_exception=True)
def take_back(request: Request, pk: int) -> HttpResponse:
    """Agree that a slip is taken back."""
    return _at_once(
        request,
        pk,
        lambda found: services.take_back(slip=found, by=request.user, at=timezone.now()),
        _("It is taken back in red."),
    )


@require_POST
@permission_required(VIEW, raise_exception=True)
def leave(request: Request, pk: int) -> HttpResponse:
    """Leave a slip entered that somebody wanted back: whoever checks, or whoever asked."""
    _refuse_watchers(request)
    return _at_once(
        request,
        pk,
        lambda found: services.leave(slip=found, by=request.user, at=timezone.now()),
        _("It stays entered."),
    )


@permission_required(VIEW, raise_exception=True)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """A slip that is not entered yet is not right: whoever noted it or compares it says so."""
    _refuse_watchers(request)
    return _asked(
        request,
        pk,
        (_("Withdraw %(slip)s"), _("Withdraw it"), "slip.withdrawn"),
        ReasonForm,
        lambda found, typed: services.withdraw(slip=found, by=request.user, at=timezone.now(), **typed),
    )


@permission_required(NOTE, raise_exception=True)
def ask_back(request: Request, pk: int) -> HttpResponse:
    """What was entered is wrong."""
    return _asked(
        request,
        pk,
        (_("Take %(slip)s back"), _("Ask for it"), "slip.back-asked"),
        BackForm,
        lambda found, typed: services.ask_back(slip=found, by=request.user, at=timezone.now(), **typed),
    )


@permission_required(NOTE, raise_exception=True)
def seen(request: Request, pk: int) -> HttpResponse:
    """The statement shows it; or, where it did, it was another's money."""
    found = _slip(pk)
    if found.seen_on is None:
        return _asked(
            request,
            pk,
            (_("%(slip)s is on the statement"), _("Note it"), "slip.seen"),
            SeenForm,
            lambda found, typed: services.mark_seen(slip=found, by=request.user, at=timezone.now(), **typed),
        )
    return _asked(
        request,
        pk,
        (_("%(slip)s is not on the statement"), _("Note it"), "slip.unseen"),
        ReasonForm,
        lambda found, typed: services.mark_unseen(slip=found, by=request.user, at=timezone.now(), **typed),
    )


def _refuse_watchers(request: Request) -> None:
    if not (request.user.has_perm(CHECK) or request.user.has_perm(NOTE)):
        raise PermissionDenied


def _slip(pk: int) -> Slip:
    found = Slip.objects.select_related(
        "book", "fund_year__scheme", "rate", "assistance_list", "noted_by", "checked_by", "back_asked_by", "posting"
    )
    return get_object_or_404(found, pk=pk)


def _at_once(request: Request, pk: int, do: Callable[[Slip], Any], done: str) -> HttpResponse:
    try:
        do(_slip(pk))
    except (CannotNote, CannotPost) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("funds:slip", pk)


def _asked(
    request: Request,
    pk: int,
    words: tuple[str, str, str],
    form_class: type[forms.Form],
    do: Callable[[Slip, dict[str, Any]], None],
) -> HttpResponse:
    found = _slip(pk)
    title, submit, act = words
    page = form_page(request, title=title % {"slip": found}, submit=submit, cancel_url=reverse("funds:slip", args=[pk]))
    form = form_class(page.data)
    if page.is_sent and form.is_valid():
        try:
            do(found, form.cleaned_data)
        except CannotNote as refusal:
            page.refuse(form, refusal.field if refusal.field in form.fields else None, refusal, act=act)
        else:
            return redirect("funds:slip", pk)
    return page.render(form, book=found.book)


def _actions(request: Request, found: Slip) -> list[Action]:
    notes, checks = request.user.has_perm(NOTE), request.user.has_perm(CHECK)
    own = found.noted_by == request.user
    asked = found.back_asked_by == request.user

    def to(name: str) -> str:
        return reverse(f"funds:{name}", args=[found.pk])

    offered = [
        (
            found.state == State.NOTED and checks and not own,
            Action(pgettext("money in", "Enter it"), to("slip_check"), "Alt+A", posts=True, first=True),
        ),
        (
            found.state == State.NOTED and (notes or checks),
            Action(pgettext("money in", "Withdraw"), to("slip_withdraw"), "Alt+W"),
        ),
        (
            found.state == State.BACK_ASKED and checks and not asked,
            Action(_("Take it back"), to("slip_take_back"), "Alt+A", posts=True, first=True),
        ),
        (found.state == State.BACK_ASKED and (notes or checks), Action(_("Leave it"), to("slip_leave"), posts=True)),
        (
            found.state == State.ENTERED and notes and found.seen_on is None,
            Action(_("On the statement"), to("slip_seen")),
        ),
        (found.seen_on is not None and notes, Action(_("Not on the statement"), to("slip_seen"))),
        (
            found.state == State.ENTERED and notes and found.seen_on is None and not found.goes_out,
            Action(_("Take back"), to("slip_ask_back")),
        ),
        (True, Action(_("Print"), to("slip_print"), "Alt+P")),
    ]
    return [action for is_offered, action in offered if is_offered]


def _notices(found: Slip) -> list[str]:
    if found.state == State.NOTED:
        return [_("Somebody else compares this with its paper; then it is entered.")]
    if found.state == State.BACK_ASKED:
        return [_("Somebody else decides whether this is taken back.")]
    return []


def _tables(found: Slip) -> list[Table]:
    tables = []
    if rows := prints.rows_behind(found):
        tables.append(Table(_("What stands behind it"), [_("what"), _("of"), _("amount, yuan")], rows, figures=(2,)))
    if found.posting is not None:
        lines = found.posting.entries.select_related("account").order_by("line")
        entered = [[str(one.account), one.get_side_display(), money.shown(one.amount)] for one in lines]
        title = _("Entered as %(posting)s") % {"posting": found.posting}
        tables.append(Table(title, [_("account"), _("side"), _("amount, yuan")], entered, figures=(2,)))
    return tables
