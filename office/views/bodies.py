"""Bodies: the offices, stations and hospitals that have people in the system."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office.access import Request
from office.filters import BodyFilter
from office.forms import BodyForm, RenameBodyForm
from office.models import Body
from office.pages import stepup
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.proof import Proof
from office.services import people
from office.tables import BodyTable


class BodyList(ListPage):
    permission_required = "office.view_body"
    page_title = gettext_lazy("Bodies")
    queryset = Body.objects.all()
    table_class = BodyTable
    filterset_class = BodyFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm("office.add_body"):
            return []
        return [{"label": _("Add a body"), "url": reverse("office:add_body"), "key": "Alt+N"}]


@permission_required("office.add_body", raise_exception=True)
@stepup.with_proof
def add_body(request: Request, shown: Proof) -> HttpResponse:
    """Make a body known."""
    page = FormPage(request, title=_("Add a body"), submit=_("Add"), cancel_url=reverse("office:bodies"))
    form = BodyForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            added = people.add_body(by=request.user, at=timezone.now(), proof=shown, **form.cleaned_data)
        except people.CannotAddBody as refusal:
            page.refuse(form, "code", refusal, act="body.added")
        else:
            messages.success(request, _("%(body)s is known from now on.") % {"body": added})
            return redirect("office:bodies")
    return page.render(form)


@permission_required("office.change_body", raise_exception=True)
@stepup.with_proof
def rename_body(request: Request, shown: Proof, pk: int) -> HttpResponse:
    """Give a body another name."""
    body = get_object_or_404(Body, pk=pk)
    name = body.name
    title = _("Rename %(body)s") % {"body": name}
    page = FormPage(request, title=title, submit=_("Rename"), cancel_url=reverse("office:bodies"))
    form = RenameBodyForm(page.data, instance=body, initial={"seen": name})
    if page.is_sent and form.is_valid():
        try:
            people.rename_body(body=body, by=request.user, at=timezone.now(), proof=shown, **form.cleaned_data)
        except people.CannotRenameBody as refusal:
            page.refuse(form, "name", refusal, act="body.renamed")
            form.see_again(name)
        else:
            return redirect("office:bodies")
    return page.render(form)
