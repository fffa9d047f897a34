"""The go-live protocol on paper (初始化确认书): what was brought, by whom, and who signed it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from enrollment.models import GoLiveProtocol
from enrollment.services import go_live
from office import access, deciding, printing
from office.models import Person
from office.models.rounds import Choice
from office.rules import money


def sheet(protocol: GoLiveProtocol, *, by: Person, at: datetime) -> bytes:
    """The protocol as PDF. Raises CannotPrint."""
    duties = access.duties_of(by)
    data = {
        "office": duties[0].body.name if duties else "",
        "title": _("Go-live protocol"),
        "number": protocol.pk,
        "facts": [*map(list, go_live.told(protocol)), [_("state"), str(protocol.get_state_display())]],
        "capitals": money.capitals(protocol.total),
        "figures": money.shown(protocol.total),
        "has_sum": protocol.kind != GoLiveProtocol.Kind.REGISTER,
        "heading": _("Brought and signed"),
        "header": [_("what"), _("who"), _("time"), _("remark")],
        "rows": _people(protocol),
        "labels": [_("Brought by"), _("Signed by"), _("Person in charge")],
    }
    return printing.render("enrollment/print/go_live.typ", data, at=at)


def _people(protocol: GoLiveProtocol) -> list[list[object]]:
    """Who brought the file and who said what to it, in order."""
    rows: list[list[object]] = [[_("brought"), str(protocol.proposed_by), protocol.proposed_at, ""]]
    for one in deciding.rounds_of(protocol).order_by("pk").prefetch_related("votes__voter", "votes__for_whom"):
        for vote in one.votes.all():
            acted = _("for %(person)s") % {"person": vote.for_whom} if vote.for_whom else ""
            said = _("signed") if vote.choice == Choice.APPROVE else str(vote.get_choice_display())
            rows.append([said, str(vote.voter), vote.cast_at, " ".join(filter(None, [acted, vote.reason]))])
    return rows
