"""Schemes: which there are, and a new one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.filters.fund_years import SchemeFilter
from enrollment.forms.schemes import SchemeForm
from enrollment.models import Scheme
from enrollment.services import schemes
from enrollment.tables.fund_years import SchemeTable
from office.access import Request
from office.pages.forms import FormPage
from office.pages.lists import ListPage


class SchemeList(ListPage):
    permission_required = "enrollment.view_scheme"
    page_title = gettext_lazy("Schemes")
    queryset = Scheme.objects.order_by("pk")
    table_class = SchemeTable
    filterset_class = SchemeFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm("enrollment.add_scheme"):
            return []
        return [{"label": _("Add a scheme"), "url": reverse("enrollment:add_scheme"), "key": "Alt+N"}]


@permission_required("enrollment.add_scheme", raise_exception=True)
def add_scheme(request: Request) -> HttpResponse:
    """Make a scheme known."""
    page = FormPage(request, title=_("Add a scheme"), submit=_("Add"), cancel_url=reverse("enrollment:schemes"))
    form = SchemeForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            added = schemes.add_scheme(by=request.user, at=timezone.now(), **form.cleaned_data)
        except schemes.CannotAddScheme as refusal:
            page.refuse(form, "code", refusal, act="scheme.added")
        else:
            messages.success(request, _("%(scheme)s is known from now on.") % {"scheme": added})
            return redirect("enrollment:schemes")
    return page.render(form)
