"""Household and personal accounts: the list, and what was booked on one."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.filters.coverage import AccountEntryFilter, AccountFilter
from enrollment.models import Account, AccountEntry
from enrollment.selectors import accounts
from enrollment.tables.coverage import AccountEntryTable, AccountTable
from office.pages.lists import ListPage
from office.rules import money
from office.sentences import Sentence, said


class AccountList(ListPage):
    permission_required = "enrollment.view_account"
    page_title = gettext_lazy("Household and personal accounts")
    queryset = accounts.with_owners().order_by("pk")
    table_class = AccountTable
    filterset_class = AccountFilter

    def totals(self, found: QuerySet[Account]) -> list[tuple[str, str]]:
        return [*super().totals(found), (_("Balance, yuan"), money.shown(accounts.sum_of(found)))]


class AccountPage(ListPage):
    """What was booked on one account."""

    permission_required = "enrollment.view_account"
    table_class = AccountEntryTable
    filterset_class = AccountEntryFilter

    @property
    def account(self) -> Account:
        """The account that the address names, if this person sees it."""
        known: Account | None = getattr(self, "_account", None)
        if known is None:
            seen = accounts.with_owners().visible_to(self.request.user)  # type: ignore[attr-defined]
            known = self._account = get_object_or_404(seen, pk=self.kwargs["pk"])
        return known

    @property
    def page_title(self) -> Sentence:  # type: ignore[override]
        one = self.account
        return said(
            "Account of %(owner)s: %(scheme)s, %(balance)s yuan",
            owner=one.member or one.household,
            scheme=one.scheme,
            balance=money.shown(one.balance),
        )

    def page_actions(self) -> list[dict[str, str]]:
        one = self.account
        name, pk = ("household", one.household_id) if one.household_id else ("member", one.member_id)
        return [
            {"label": _("Whose it is"), "url": reverse(f"enrollment:{name}", args=[pk])},
            {"label": _("All accounts"), "url": reverse("enrollment:accounts"), "key": "Alt+B"},
        ]

    def get_queryset(self) -> QuerySet[AccountEntry]:
        return AccountEntry.objects.filter(account=self.account).select_related("by").order_by("-pk")
