"""Providers: the list, one with its agreements, made known, corrected, closed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.filters.providers import ProviderFilter
from claims.forms.providers import TIERS, AccountForm, AgreementForm, CloseForm, EndAgreementForm, ProviderForm
from claims.models import Agreement, Provider, ProviderAccount
from claims.selectors import costs
from claims.selectors import providers as selectors
from claims.services import agreements, provider_accounts, providers
from claims.services.agreements import CannotAgree
from claims.services.providers import ADD, KEEP, VIEW, CannotKeepProvider
from claims.tables.providers import ProviderTable
from claims.views import before
from office import trail, ways
from office.access import Request
from office.pages import guard
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import days
from office.stale import Stale

YEARS = range(1990, 2101)


class ProviderList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Providers")
    table_class = ProviderTable
    filterset_class = ProviderFilter

    def get_queryset(self) -> QuerySet[Any]:
        found = Provider.objects.select_related("division").order_by("region", "code")
        return selectors.with_schemes(found, days.business_day(timezone.now()))

    def default_filter(self) -> dict[str, str]:
        return {"state": "open"}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(ADD):
            return []
        return [{"label": _("Make a provider known"), "url": reverse("claims:provider_add"), "key": "Alt+N"}]


@permission_required(VIEW, raise_exception=True)
def provider(request: Request, pk: int) -> HttpResponse:
    """One provider: what is noted of it, and its agreements."""
    found = _provider(pk)
    today = days.business_day(timezone.now())
    shown = {
        "provider": found,
        "tier": dict(TIERS)[found.tier],
        "today": today,
        "agreements": found.agreements.select_related("scheme", "changed_by").order_by("-period", "scheme"),
        "accounts": found.accounts.select_related("proposed_by").exclude(state=ProviderAccount.State.REFUSED),
        "form_guard": guard.field(request),
        "ways": ways.ways_from(found, request.user),
    }
    if request.user.has_perm(costs.RIGHT):
        asked = request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and int(asked[:9]) in YEARS else today.year
        shown |= {"found": costs.of_provider(found, year, request.user), "before": year - 1, "after": year + 1}
    return render(request, "claims/provider.html", shown)


@permission_required(ADD, raise_exception=True)
def add(request: Request) -> HttpResponse:
    """Make a provider known."""
    page = FormPage(
        request, title=_("Make a provider known"), submit=_("Note it"), cancel_url=reverse("claims:providers")
    )
    form = ProviderForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            added = providers.add_provider(said=form.typed(), by=request.user, at=timezone.now())
        except CannotKeepProvider as refusal:
            page.refuse(form, refusal.field, refusal, act="provider.added")
        else:
            messages.success(request, _("%(provider)s is known from now on.") % {"provider": added})
            return redirect("claims:provider", added.pk)
    return page.render(form)


@permission_required(KEEP, raise_exception=True)
def change(request: Request, pk: int) -> HttpResponse:
    """Correct what is noted of a provider."""
    found = _provider(pk)
    page = _page(request, found, _("Correct %(provider)s"), _("Save"))
    form = ProviderForm(page.data, instance=found)
    if page.is_sent and form.is_valid():
        try:
            providers.change_provider(
                provider=found,
                said=form.typed(),
                seen_version=form.seen_version,
                by=request.user,
                at=timezone.now(),
            )
        except Stale as stale:
            page.show_stale(form, stale)
        except CannotKeepProvider as refusal:
            page.refuse(form, refusal.field, refusal, act="provider.changed")
        else:
            return _done(request, found, _("%(provider)s is saved."))
    return page.render(form)


@permission_required(KEEP, raise_exception=True)
def close(request: Request, pk: int) -> HttpResponse:
    """Note that a provider treats nobody any more."""
    found = _provider(pk)
    page = _page(request, found, _("Close %(provider)s"), _("Note its closing"))
    form = CloseForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            providers.close_provider(provider=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except CannotKeepProvider as refusal:
            page.refuse(form, refusal.field, refusal, act="provider.closed")
        else:
            return _done(request, found, _("%(provider)s is closed."))
    return page.render(form)


@require_POST
@permission_required(KEEP, raise_exception=True)
def reopen(request: Request, pk: int) -> HttpResponse:
    """Take a closing back."""
    found = _provider(pk)
    try:
        providers.reopen_provider(provider=found, by=request.user, at=timezone.now())
    except CannotKeepProvider as refusal:
        trail.refused("provider.reopened", found, by=request.user, at=timezone.now(), reason=str(refusal))
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(provider)s is open again.") % {"provider": found})
    return redirect("claims:provider", pk)


@permission_required(agreements.RIGHT, raise_exception=True)
def sign(request: Request, pk: int) -> HttpResponse:
    """Note an agreement with a provider."""
    found = _provider(pk)
    page = _page(request, found, _("Agreement with %(provider)s"), _("Note it"))
    form = AgreementForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            agreements.sign_agreement(provider=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except CannotAgree as refusal:
            page.refuse(form, refusal.field, refusal, act="agreement.signed")
        else:
            return _done(request, found, _("The agreement with %(provider)s is noted."))
    return page.render(form)


@permission_required(agreements.RIGHT, raise_exception=True)
def end(request: Request, pk: int) -> HttpResponse:
    """End an agreement earlier than was agreed."""
    agreement = get_object_or_404(Agreement.objects.select_related("provider", "scheme"), pk=pk)
    found = agreement.provider
    page = _page(request, found, _("End the agreement with %(provider)s"), _("End early"))
    page.context["page_title"] += f" · {agreement.scheme} · {agreement}"
    form = EndAgreementForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            agreements.end_agreement(agreement=agreement, by=request.user, at=timezone.now(), **form.cleaned_data)
        except CannotAgree as refusal:
            page.refuse(form, refusal.field, refusal, act="agreement.ended")
        else:
            return _done(request, found, _("The agreement with %(provider)s ends early."))
    return page.render(form)


@permission_required(provider_accounts.RIGHT, raise_exception=True)
def account(request: Request, pk: int) -> HttpResponse:
    """Enter the account to which a provider is paid."""
    found = _provider(pk)
    page = _page(request, found, _("Account of %(provider)s"), _("Give it to be confirmed"))
    form = AccountForm(page.data)
    asked = before.sent(
        page,
        form,
        "provider-account.proposed",
        lambda: provider_accounts.propose(provider=found, by=request.user, at=timezone.now(), **form.cleaned_data),
    )
    if asked is None:
        return page.render(form)
    return _done(request, found, _("The account of %(provider)s is entered; somebody else confirms it."))


def _provider(pk: int) -> Provider:
    return get_object_or_404(Provider.objects.select_related("division__parent", "body", "changed_by"), pk=pk)


def _page(request: Request, of: Provider, title: str, submit: str) -> FormPage:
    way = reverse("claims:provider", args=[of.pk])
    return FormPage(request, title=title % {"provider": of}, submit=submit, cancel_url=way)


def _done(request: Request, of: Provider, words: str) -> HttpResponse:
    messages.success(request, words % {"provider": of})
    return redirect("claims:provider", of.pk)
