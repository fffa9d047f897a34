"""Tokens of the hospitals' door: the list, one, given and shown once, taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from claims.door_words import TOKEN_STATES
from claims.filters.door import DoorTokenFilter
from claims.forms.door_tokens import RevokeForm, TokenForm
from claims.models import DoorToken
from claims.selectors.door import tokens
from claims.services import door_tokens
from claims.services.door_tokens import GIVE, REVOKE, VIEW, CannotGive
from claims.tables.door import DoorTokenTable
from office.access import Request
from office.pages import records, shown_once, stepup
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page
from office.proof import Proof
from office.rules import days


class DoorTokens(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Tokens of the hospitals' door")
    table_class = DoorTokenTable
    filterset_class = DoorTokenFilter

    def get_queryset(self) -> QuerySet[Any]:
        known: QuerySet[Any] = tokens(timezone.now()).annotate(last_used=Max("requests__at"))
        return known.order_by("-pk")

    def default_filter(self) -> dict[str, str]:
        return {"state": "open"}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(GIVE):
            return []
        return [{"label": _("Give a token"), "url": reverse("claims:door_token_give"), "key": "Alt+N"}]


@permission_required(GIVE, raise_exception=True)
@stepup.with_proof
def give(request: Request, shown: Proof) -> HttpResponse:
    """Give a hospital a token; its text is shown on the next page, once."""
    page = FormPage(
        request, title=_("Give a token"), submit=_("Give the token"), cancel_url=reverse("claims:door_tokens")
    )
    form = TokenForm(page.data, today=days.business_day(timezone.now()))
    if page.is_sent and form.is_valid():
        try:
            token, text = door_tokens.give(stated=form.stated(), by=request.user, at=timezone.now(), proof=shown)
        except CannotGive as refusal:
            page.refuse(form, refusal.field, refusal, act="door-token.given")
        else:
            shown_once.keep(request, text)
            return redirect("claims:door_token", token.pk)
    return page.render(form)


@permission_required(VIEW, raise_exception=True)
def token(request: Request, pk: int) -> HttpResponse:
    """One token; just after it was given, its text."""
    found = _token(pk)
    text = shown_once.take(request) if request.user.has_perm(GIVE) else ""
    page = Page(
        subject=found,
        title=found.label,
        back=(_("Tokens of the hospitals' door"), reverse("claims:door_tokens")),
        state=(TOKEN_STATES[found.state][0], str(TOKEN_STATES[found.state][1])),  # type: ignore[attr-defined]
        facts=_facts(found),
        actions=_ways(request, found),
    )
    return records.shown(request, page, "claims/token.html", text=text)


@permission_required(REVOKE, raise_exception=True)
@stepup.with_proof
def revoke(request: Request, shown: Proof, pk: int) -> HttpResponse:
    """Take a token back."""
    found = _token(pk)
    page = FormPage(
        request,
        title=_("Take back %(token)s") % {"token": found},
        submit=pgettext("token", "Take it back"),
        cancel_url=reverse("claims:door_token", args=[pk]),
    )
    form = RevokeForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            door_tokens.revoke(token=found, by=request.user, at=timezone.now(), proof=shown, **form.cleaned_data)
        except CannotGive as refusal:
            page.refuse(form, refusal.field, refusal, act="door-token.revoked")
        else:
            messages.success(request, _("The token opens the door no more."))
            return redirect("claims:door_token", pk)
    return page.render(form)


def _token(pk: int) -> DoorToken:
    found: DoorToken = get_object_or_404(tokens(timezone.now()), pk=pk)
    return found


def _facts(found: DoorToken) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("provider"), found.provider),
        (_("acts for"), found.acts_for),
        (_("begins with"), f"hd_{found.prefix}_"),
        (pgettext("token", "given by"), f"{found.given_by} · {_moment(found.given_at)}"),
        (_("ends at"), _moment(found.ends_at)),
    ]
    if found.revoked_at:
        facts.append((_("revoked by"), f"{found.revoked_by} · {_moment(found.revoked_at)}"))
    return facts


def _moment(at: Any) -> str:
    return date_format(localtime(at), "Y-m-d H:i")


def _ways(request: Request, found: DoorToken) -> list[Action]:
    if found.revoked_at or not request.user.has_perm(REVOKE):
        return []
    return [Action(pgettext("token", "Take it back"), reverse("claims:door_token_revoke", args=[found.pk]), "Alt+T")]
