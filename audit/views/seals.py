"""Seals, how sealing stands, and what the checks of the trail found."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from audit import seal_words
from audit.filters.seals import SealFilter, TrailCheckFilter
from audit.models import Seal, SealKey, TrailCheck
from audit.selectors import seals as selectors
from audit.services import checking
from audit.tables.seals import SealTable, TrailCheckTable
from office.access import Request
from office.pages.lists import ListPage
from office.pages.records import Action, Page, Table, shown

VIEW = "audit.view_seal"
VIEW_CHECKS = "audit.view_trailcheck"
TIME = "Y-m-d H:i:s"
WELL, BAD = "done", "failed"


class SealList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Seals and checkpoints")
    queryset = Seal.objects.select_related("key").order_by("-number")
    table_class = SealTable
    filterset_class = SealFilter

    def page_actions(self) -> list[dict[str, str]]:
        return [{"label": _("State of the sealing"), "url": reverse("audit:sealing"), "key": "Alt+J"}]


class TrailCheckList(ListPage):
    permission_required = VIEW_CHECKS
    page_title = gettext_lazy("Checks of the trail")
    queryset = TrailCheck.objects.select_related("by").order_by("-pk")
    table_class = TrailCheckTable
    filterset_class = TrailCheckFilter


@permission_required(VIEW, raise_exception=True)
def seal(request: Request, number: int) -> HttpResponse:
    """One seal: what it is of, its code and the picture that a phone reads."""
    found = Seal.objects.select_related("key").filter(number=number).first()
    if found is None:  # its number stands on paper: whoever looks for it must learn that it is not here
        messages.error(request, _("There is no seal with the number %(number)s.") % {"number": number})
        return redirect("audit:seals")
    batches = found.batches.select_related("form").defer("numbers", "leaves", "columns").order_by("place")
    page = Page(
        subject=found,
        title=_("Seal %(number)s") % {"number": found},
        back=(_("Seals and checkpoints"), reverse("audit:seals")),
        state=(WELL, pgettext("seal", "sealed")),
        facts=[
            (_("sealed at"), _time(found.at)),
            (_("rows"), f"{found.rows:,}"),
            (_("rows altogether"), f"{found.total:,}"),
            (_("hash of the seal"), _grouped(found.sha256)),
            (_("hash of the seal before"), _grouped(found.previous)),
            (_("hash and signature"), f"{found.hash_name} · {found.key.algorithm}"),
            (_("key of seals"), _grouped(found.key.fingerprint)),
        ],
        tables=[
            Table(
                _("Rows of this seal"),
                [_("what"), pgettext("database", "table"), _("rows"), _("from number"), _("to number")],
                [
                    [seal_words.table_in_words(one.form.table), one.form.table, *_figures(one.rows, one.low, one.high)]
                    for one in batches
                ],
                figures=(2, 3, 4),
            )
        ],
        actions=_neighbours(found),
    )
    return shown(request, page, "audit/seal.html", picture=_picture(found))


@permission_required(VIEW, raise_exception=True)
def sealing(request: Request) -> HttpResponse:
    """How the sealing stands, the newest checks, the keys."""
    now = timezone.now()
    alarm, newest = selectors.alarm(now), selectors.newest()
    facts: list[tuple[str, object]] = []
    links = {}
    if alarm is not None:
        facts += [
            (_("why"), f"{alarm.words}\n{alarm.detail}".strip()),
            (pgettext("alarm", "since"), _time(alarm.since)),
        ]
    if newest is not None:
        label = _("newest seal")
        facts += [
            (label, f"{newest} · {newest.code}"),
            (_("sealed at"), _time(newest.at)),
            (_("rows altogether"), f"{newest.total:,}"),
        ]
        links = {label: reverse("audit:seal", args=[newest.number])}
    page = Page(
        subject=newest or Seal(),
        title=_("State of the sealing"),
        back=(_("Seals and checkpoints"), reverse("audit:seals")),
        state=(BAD, _("sealing stands still")) if alarm else (WELL, _("rows are sealed")),
        facts=facts,
        links=links,
        tables=[_checks(), _keys()],
        actions=[*_ways(request), Action(_("All checks"), reverse("audit:trail_checks"), "Alt+L")],
        notices=[_notice(one) for one in selectors.newest_checks() if one.found],
    )
    return shown(request, page)


@permission_required(VIEW_CHECKS, raise_exception=True)
def trail_check(request: Request, pk: int) -> HttpResponse:
    """One check with the faults that it found."""
    found = get_object_or_404(TrailCheck.objects.select_related("by"), pk=pk)
    header, rows = seal_words.fault_header()[1:], [seal_words.fault_row(found, one)[1:] for one in found.faults]
    page = Page(
        subject=found,
        title=_("Check of %(time)s: %(kind)s") % {"time": _time(found.begun_at), "kind": found},
        back=(_("Checks of the trail"), reverse("audit:trail_checks")),
        state=(WELL, _("no fault")) if found.is_well else (BAD, _("faults found")),
        facts=[
            (_("begun at"), _time(found.begun_at)),
            (pgettext("check", "ended at"), _time(found.ended_at)),
            (pgettext("check", "asked by"), found.by or _("the clock")),
            (_("rows checked"), f"{found.rows:,}"),
            (_("not sealed yet"), f"{found.unsealed:,}"),
            (_("faults found"), f"{found.found:,}"),
        ],
        tables=[Table(_("Faults"), header, rows, _("Nothing was found."), (2,))],
        actions=_ways(request),
    )
    return shown(request, page)


@require_POST
@permission_required(checking.RIGHT, raise_exception=True)
def check_now(request: Request) -> HttpResponse:
    """Check the whole trail now, as a job."""
    return redirect("office:job", checking.ask(by=request.user, at=timezone.now()).pk)


def _neighbours(found: Seal) -> list[Action]:
    ways = []
    if found.number > 1:
        ways.append(Action(_("Seal before"), reverse("audit:seal", args=[found.number - 1]), "Alt+B"))
    if Seal.objects.filter(number=found.number + 1).exists():
        ways.append(Action(_("Seal after"), reverse("audit:seal", args=[found.number + 1]), "Alt+N"))
    return ways


def _ways(request: Request) -> list[Action]:
    ways = [Action(_("Check now"), reverse("audit:check_now"), "Alt+V", posts=True, first=True)]
    return ways if request.user.has_perm(checking.RIGHT) else []


def _checks() -> Table:
    return Table(
        _("Newest checks"),
        [_("kind of check"), _("begun at"), _("rows checked"), _("not sealed yet"), _("faults found")],
        [
            [one.get_kind_display(), _page_of(one), *_figures(one.rows, one.unsealed, one.found)]
            for one in selectors.newest_checks()
        ],
        _("The trail was not checked yet."),
        (2, 3, 4),
    )


def _page_of(check: TrailCheck) -> str:
    return format_html('<a href="{}">{}</a>', reverse("audit:trail_check", args=[check.pk]), _time(check.begun_at))


def _keys() -> Table:
    return Table(
        _("Keys of seals"),
        [pgettext("key", "since"), _("algorithm"), pgettext("key", "fingerprint"), _("introduced by")],
        [
            [_time(one.since), one.algorithm, _grouped(one.fingerprint), one.introduced_by or "—"]
            for one in SealKey.objects.select_related("introduced_by").order_by("-pk")
        ],
        _("No key has signed anything yet."),
    )


def _notice(check: TrailCheck) -> str:
    return _("%(kind)s: the check of %(time)s found %(found)s faults.") % {
        "kind": check,
        "time": _time(check.begun_at),
        "found": f"{check.found:,}",
    }


def _picture(found: Seal) -> dict[str, Any]:
    drawn = segno.make(selectors.qr_words(found), error="m").svg_inline(
        border=4, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
    return {"svg": SafeString(drawn), "code": found.code}


def _figures(*numbers: int) -> list[str]:
    return [f"{one:,}" for one in numbers]


def _time(at: Any) -> str:
    return date_format(localtime(at), TIME)


def _grouped(text: str) -> str:
    return " ".join(text[at : at + 16] for at in range(0, len(text), 16))
