"""A person's year on paper, one plain page: what was asked, paid, cut and why, what is left, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.prints import sheets
from claims.selectors import person_year
from claims.selectors.person_year import OfKind, PersonYear
from enrollment.models import Account
from enrollment.prints.bulletin import issuer
from office import printing
from office.models import Person
from office.rules import masking, money

STAYS = "stays"  # the one counter that is no amount


def paper(found: PersonYear, *, by: Person, at: datetime) -> bytes:
    """The page for the person. Raises CannotPrint."""
    member = found.person
    data = {
        "office": issuer(),
        "title": _("Claims of the year %(year)s") % {"year": found.year},
        "number": None,
        "facts": [
            [_("person"), f"{member.name} {masking.masked(member.id_number or '')}".strip()],
            [_("household"), f"{member.household.village} {member.household.number}"],
            [_("claims"), str(found.whole.count)],
            [_("total cost, yuan"), money.shown(found.whole.total)],
            [_("the funds pay, yuan"), money.shown(found.whole.granted)],
        ],
        "sections": [*_sections(found)],
        "labels": [_("Printed by"), _("Given to"), _("Date")],
        "by": by.full_name,
    }
    return printing.render("claims/print/before.typ", data, at=at)


def counters(found: PersonYear) -> list[list[str]]:
    """The counters in words: scheme and counter, used, the most, what is left."""
    return [
        [
            f"{of.scheme.name} · {sheets.counter(of.plans, one.name)}",
            *(_figure(one.name, each) for each in (one.used, one.most, one.left)),
        ]
        for of in found.schemes
        for one in of.counters
    ]


def cuts(found: PersonYear) -> list[list[str]]:
    """What was cut, and what was refused, each with its reason."""
    rows = [
        [
            one.claim.number,
            one.line.name,
            money.shown(one.amount),
            f"{one.get_reason_code_display()} {one.reason}".strip(),
            f"{one.get_step_display()} · {one.by}",
        ]
        for one in found.cuts
    ]
    return rows + [
        [claim.number, _("the whole claim"), money.shown(claim.total), reason or "—", claim.get_state_display()]
        for claim, reason in found.refusals
    ]


def _sections(found: PersonYear) -> list[dict[str, Any]]:
    parts = [
        _part(
            _("By kind"),
            [_("kind"), _("claims"), _("total cost, yuan"), _("cut, yuan"), _("the funds pay, yuan")],
            [_of_kind(one) for one in found.kinds],
        ),
        _part(
            _("Claims"),
            [_("number"), _("days"), _("provider"), _("total cost, yuan"), _("the funds pay, yuan"), _("state")],
            [_claim(one) for one in found.claims],
        ),
        _part(
            _("What was cut and why"),
            [_("claim"), _("item"), _("amount, yuan"), _("reason"), _("by")],
            cuts(found),
        ),
        _part(
            _("What the year has used, and what is left"),
            [_("counter"), pgettext("counter", "used"), _("at most"), _("left")],
            counters(found) + [_account(one) for one in found.accounts],
        ),
    ]
    return [one for one in parts if one["rows"]]


def _account(one: Account) -> list[str]:
    name = _("household account") if one.household_id else _("personal account")
    return [f"{one.scheme.name} · {name}", "", "", money.shown(one.balance)]


def _part(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    return {"title": title, "text": "", "header": list(header), "rows": [list(row) for row in rows]}


def _of_kind(one: OfKind) -> list[str]:
    return [one.kind, str(one.count), *(money.shown(each) for each in (one.total, one.cut, one.granted))]


def _claim(claim: Any) -> list[str]:
    approval = person_year.approval_of(claim)
    return [
        claim.number,
        f"{claim.admitted_on.isoformat()} – {claim.discharged_on.isoformat()}",
        claim.provider.name,
        money.shown(claim.total),
        money.shown(approval.fund_pays) if approval else "—",
        claim.get_state_display(),
    ]


def _figure(name: str, amount: Decimal | None) -> str:
    """Stays are a number, everything else is yuan."""
    if amount is None:
        return "—"
    return str(int(amount)) if name == STAYS else money.shown(amount)
