"""Levels of warnings: the list, and one that is entered with its paper."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.filters.warning_levels import WarningLevelFilter
from funds.forms.figures import LevelForm
from funds.models import WarningLevel
from funds.services import warning_levels
from funds.services.warning_levels import RIGHT, VIEW, CannotPropose
from funds.tables.warning_levels import WarningLevelTable
from funds.views.pages import FundsList, form_page
from office import deciding
from office.access import Request


class WarningLevelList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Levels of warnings")
    queryset = WarningLevel.objects.select_related("book", "proposed_by").order_by("book", "code", "-since", "-pk")
    table_class = WarningLevelTable
    filterset_class = WarningLevelFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(RIGHT):
            return []
        return [{"label": _("Enter a level"), "url": reverse("funds:warning_level_new"), "key": "Alt+N"}]


@permission_required(RIGHT, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """Enter a level with its paper; somebody else confirms it."""
    page = form_page(
        request, title=_("Enter a level"), submit=_("Enter it"), cancel_url=reverse("funds:warning_levels")
    )
    form = LevelForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            made = warning_levels.propose(
                book=form.cleaned_data["book"], stated=form.stated(), by=request.user, at=timezone.now()
            )
        except CannotPropose as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The level waits to be confirmed by somebody else."))
            return redirect(deciding.page_of(deciding.rounds_of(made).get()))
    return page.render(form)
