"""What the page of a register or list says and offers: its facts, what is asked of whoever looks, what he can do."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claims.models import BulkDocument, BulkRow
from claims.selectors import bulk
from claims.selectors.bulk import Figures
from claims.services.document_settling import SETTLE
from claims.services.documents import ADD, CHECK
from office.access import Request
from office.pages.records import Action, Page
from office.rules import money
from office.services import rounds

State = BulkDocument.State
TONES = {
    State.DRAFT: "running",
    State.HANDED_IN: "waiting",
    State.RETURNED: "waiting",
    State.APPROVED: "done",
    State.REFUSED: "failed",
    State.VOID: "",
}


def page_of(request: Request, found: BulkDocument, figures: Figures) -> Page:
    """The page's head."""
    settled = getattr(found, "settlement", None)
    links = {_("settlement"): reverse("claims:settlement", args=[settled.pk])} if settled else {}
    if found.file is not None:
        links[_("file")] = reverse("office:attachment", args=[found.file.pk])
    return Page(
        subject=found,
        title=f"{capfirst(str(found.get_kind_display()))} {found}",
        back=(_("Registers and lists"), reverse("claims:documents")),
        state=(TONES[State(found.state)], found.get_state_display()),
        facts=_facts(found, figures),
        actions=_ways(request, found, figures),
        notices=_notices(found, figures),
        decided=found,
        links=links,
    )


def _facts(found: BulkDocument, figures: Figures) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("provider"), found.provider),
        (_("month"), f"{found.month:%Y-%m} · {found.scheme.name}"),
        (_("rows"), _rows(figures)),
        (_("total cost, yuan"), money.shown(figures.total)),
        (_("proposed payment, yuan"), money.shown(figures.proposed)),
        (_("entered by"), f"{found.entered_on.isoformat()} · {found.entered_by} · {found.body}"),
        (_("in this state since"), found.state_since.isoformat()),
    ]
    if figures.struck:
        facts.append((_("struck out, yuan"), money.shown(figures.struck_total)))
    if found.file is not None:
        facts.append((_("file"), found.file.name))
    if found.note:
        facts.append((_("note"), found.note))
    if settled := getattr(found, "settlement", None):
        facts.append((_("settlement"), settled.number))
    return facts


def _rows(figures: Figures) -> str:
    words = {"rows": figures.rows, "faulty": figures.faulty, "struck": figures.struck}
    return _("%(rows)s, %(faulty)s with faults, %(struck)s struck out") % words


def _notices(found: BulkDocument, figures: Figures) -> list[str]:
    if found.state in BulkDocument.EDITABLE and figures.faulty:
        return [_("Rows with faults: mend them or strike them out; then it can be handed in.")]
    if found.state == State.HANDED_IN and (why := bulk.not_ready(found)):
        return [why]
    return []


def _ways(request: Request, found: BulkDocument, figures: Figures) -> list[Action]:
    enters, checks = may_enter(request, found), request.user.has_perm(CHECK)
    is_register = found.kind == BulkDocument.Kind.VILLAGE_REGISTER
    ways = _mending(found) if enters and figures.faulty else []
    if enters and is_register:
        ways.append(Action(_("Enter visits"), _to(found, "visits"), "Alt+E", first=not found.row_count))
    if enters:
        ways.append(Action(_("Send a file"), _to(found, "file"), "Alt+F"))
    if checks and found.state == State.HANDED_IN:
        ways += _sampling(found)
    if enters:
        ways.append(Action(_("Make it void"), _to(found, "void")))
    if found.state == State.APPROVED and request.user.has_perm(SETTLE) and not hasattr(found, "settlement"):
        ways.append(Action(_("Settle it"), _to(found, "settle"), "Alt+E", posts=True, first=True))
    ways.append(Action(_("Deductions"), _to(found, "deductions"), "Alt+L"))
    return [*ways, Action(_("Print"), _to(found, "print"), "Alt+P")]


def _mending(found: BulkDocument) -> list[Action]:
    """The first row with faults; from there the next one opens by itself."""
    first = bulk.rows_of(found).filter(state=BulkRow.State.FAULTY).values_list("pk", flat=True).first()
    return [Action(_("Mend the faults"), reverse("claims:document_row", args=[first]), "Alt+M", first=True)]


def _sampling(found: BulkDocument) -> list[Action]:
    """The sample is drawn, then answered; nothing where it is or where there is nothing to draw."""
    if not bulk.not_ready(found):
        return []
    is_drawn = bulk.sample_of(found) is not None
    label, where = (_("Answer the sample"), "sample") if is_drawn else (_("Draw the sample"), "draw")
    return [Action(label, _to(found, where), "Alt+S", first=True)]


def _to(found: BulkDocument, what: str) -> str:
    return reverse(f"claims:document_{what}", args=[found.pk])


def may_enter(request: Request, found: BulkDocument) -> bool:
    """Whether whoever looks may change the rows now."""
    return found.state in BulkDocument.EDITABLE and _has(request, found, ADD)


def may_strike(request: Request, found: BulkDocument) -> bool:
    """Whether whoever looks may strike rows out: whoever enters while it is filled in, whoever checks afterwards."""
    if found.state == State.HANDED_IN:
        return _has(request, found, CHECK) and found.entered_by_id != request.user.pk
    return may_enter(request, found)


def _has(request: Request, found: BulkDocument, right: str) -> bool:
    bodies = request.user.bodies_in_sight(right)
    return request.user.has_perm(right) and (bodies is None or found.body_id in bodies)


def asked_of_me(request: Request, found: BulkDocument) -> dict[str, Any]:
    """Whether this person hands it in or decides it now, and as what it is seen."""
    opened = bulk.round_of(found) if found.state == State.HANDED_IN else None
    people = rounds.capacities(round=opened, by=request.user, at=timezone.now()) if opened else []
    return {
        "decides": people,
        "seen": opened.subject_hash if opened else "",
        "not_ready": bulk.not_ready(found) if people else "",
        "may_hand_in": may_enter(request, found) and bool(found.row_count),
    }
