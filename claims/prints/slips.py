"""What intake prints: the slip that the papers were received (受理单), the notice of what is missing (一次性告知)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim, ClaimPaper
from claims.selectors import asking
from office import printing
from office.models import Person
from office.rules import masking, money


def received(claim: Claim, *, by: Person, at: datetime) -> bytes:
    """The slip for whoever brought the papers. Raises CannotPrint."""
    papers = claim.papers.filter(version=claim.content_version).order_by("pk")
    invoices = claim.invoices.filter(version=claim.content_version).order_by("pk")
    data = {
        "office": claim.body.name,
        "title": _("Slip: papers received"),
        "facts": [[_("claim number"), claim.number], *_facts(claim)],
        "papers_title": _("Papers"),
        "papers_header": [_("Papers"), _("there")],
        "papers": [[asking.words_of(claim, one.paper), _there(one)] for one in papers],
        "invoices_title": _("Invoices"),
        "invoices_header": [_("type code"), _("number of the invoice"), _("invoice date"), _("amount, yuan")],
        "invoices": [
            [one.type_code, one.number, one.issued_on.isoformat(), money.shown(one.amount)] for one in invoices
        ],
        "total": ["", "", _("total"), money.shown(claim.total)],
        "capitals": money.capitals(claim.total),
        "figures": claim.total,
        "notes": [_("Keep this slip: with its number the office says how far the claim is.")],
        "labels": [_("Received by"), _("Brought by"), _("Date")],
        "by": by.full_name,
    }
    return printing.render("claims/print/slip.typ", data, at=at)


def missing(claim: Claim, *, lacking: Sequence[str], by: Person, at: datetime) -> bytes:
    """The notice that names everything that is missing at once. Raises CannotPrint."""
    data = {
        "office": claim.body.name,
        "title": _("Notice of missing papers"),
        "facts": [[_("claim number"), claim.number], *_facts(claim)],
        "says": _("For this claim the following papers are missing. This list is complete: nothing else is needed."),
        "header": [_("no."), _("Papers")],
        "papers": _numbered(lacking),
        "after": _("Bring them to the desk named above. The claim keeps its number and its day until then."),
        "labels": [_("Told by"), _("Told to"), _("Date")],
        "by": by.full_name,
    }
    return printing.render("claims/print/missing.typ", data, at=at)


def _there(paper: ClaimPaper) -> str:
    return _("yes") if paper.is_there else paper.answer or _("not there")


def _facts(claim: Claim) -> list[list[Any]]:
    member = claim.member
    return [
        [_("patient"), f"{member.name} {masking.masked(member.id_number or '')}".strip()],
        [_("household"), f"{member.household.village.parent} {member.household.village} {member.household.number}"],
        [_("scheme"), claim.scheme.name],
        [_("kind of claim"), str(claim.get_kind_display())],
        [_("provider"), claim.provider.name],
        [_("days"), f"{claim.admitted_on.isoformat()} – {claim.discharged_on.isoformat()}"],
        [_("diagnosis"), claim.disease.name],
        [_("taken in"), f"{claim.entered_on.isoformat()} · {claim.body.name}"],
    ]


def _numbered(words: Sequence[str]) -> list[list[str]]:
    return [[str(place), one] for place, one in enumerate(words, start=1)]
