"""Stays outside: the list, a report noted, one of them, made void."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.filters.before import OutsideStayFilter
from claims.forms.before import OutsideStayForm, ReasonForm
from claims.models import OutsideStay
from claims.services import outside_stays
from claims.tables.before import OutsideStayTable
from claims.views import before
from office.access import Request
from office.pages import records
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page

VIEW = "claims.view_outsidestay"


class OutsideStayList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Stays outside")
    queryset = OutsideStay.objects.select_related("member__household__village").order_by("-pk")
    table_class = OutsideStayTable
    filterset_class = OutsideStayFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(outside_stays.RIGHT):
            return []
        return [{"label": _("Note a stay outside"), "url": reverse("claims:outside_stay_note"), "key": "Alt+N"}]


@permission_required(outside_stays.RIGHT, raise_exception=True)
def note(request: Request) -> HttpResponse:
    """Somebody calls or comes: his stay outside is noted."""
    page = FormPage(
        request, title=_("Note a stay outside"), submit=_("Note it"), cancel_url=reverse("claims:outside_stays")
    )
    form = OutsideStayForm(page.data, person=request.user, member=before.of_member(request))
    noted = before.sent(
        page,
        form,
        "outside-stay.noted",
        lambda: outside_stays.note(
            report=outside_stays.Report(**form.cleaned_data), by=request.user, at=timezone.now()
        ),
    )
    if noted is None:
        return page.render(form)
    messages.success(request, _("%(number)s is noted: tell the caller this number.") % {"number": noted})
    if noted.is_late:
        messages.warning(request, _("It was to be reported until %(day)s.") % {"day": noted.due_on})
    return redirect("claims:outside_stay", noted.pk)


@permission_required(VIEW, raise_exception=True)
def outside_stay(request: Request, pk: int) -> HttpResponse:
    """One reported stay."""
    found = _stay(request, pk)
    actions = []
    if not found.void_reason and request.user.has_perm(outside_stays.VOID):
        actions.append(Action(_("Make void"), reverse("claims:outside_stay_void", args=[pk])))
    facts: list[tuple[str, object]] = [
        *before.about(found.member),
        (_("scheme"), found.scheme),
        (_("hospital"), found.hospital),
        (_("admitted on"), found.admitted_on.isoformat()),
        (_("illness"), found.illness or "—"),
        (_("phone"), found.phone),
        (_("reported on"), found.reported_on.isoformat()),
        (_("reported by"), found.reported_by),
        (_("to be reported until"), found.due_on.isoformat() if found.due_on else "—"),
        (_("note"), found.note or "—"),
        (_("taken by"), f"{found.taken_by} · {found.body}"),
    ]
    if found.void_reason:
        facts.append((_("void because"), f"{found.void_reason} · {found.voided_by}"))
    page = Page(
        subject=found,
        title=_("Stay outside %(number)s") % {"number": found},
        back=(_("Stays outside"), reverse("claims:outside_stays")),
        state=_state(found),
        facts=facts,
        actions=actions,
    )
    return records.shown(request, page)


@permission_required(outside_stays.VOID, raise_exception=True)
def void(request: Request, pk: int) -> HttpResponse:
    """It was noted by mistake."""
    found = _stay(request, pk)
    back = reverse("claims:outside_stay", args=[pk])
    page = FormPage(
        request, title=_("Make %(number)s void") % {"number": found}, submit=_("Make void"), cancel_url=back
    )
    form = ReasonForm(page.data)

    def save() -> bool:
        outside_stays.make_void(stay=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return True

    if before.sent(page, form, "outside-stay.voided", save):
        return redirect(back)
    return page.render(form)


def _stay(request: Request, pk: int) -> OutsideStay:
    seen = OutsideStay.objects.visible_to(request.user).select_related(
        "member__household__village", "provider", "scheme", "body", "taken_by", "voided_by"
    )
    return get_object_or_404(seen, pk=pk)


def _state(found: OutsideStay) -> tuple[str, str]:
    if found.void_reason:
        return "", _("void")
    return ("waiting", _("reported late")) if found.is_late else ("done", _("reported in time"))
