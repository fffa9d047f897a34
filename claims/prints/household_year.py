"""A household's year in words for its page and its paper: no illness, no number of a card or account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.prints import person_year as prints
from claims.selectors.household_year import HouseholdYear
from claims.selectors.person_year import granted_of
from enrollment.models import Account
from enrollment.prints.bulletin import issuer
from office import printing
from office.models import Person
from office.rules import money


def facts(found: HouseholdYear) -> list[tuple[str, str]]:
    """Whose page it is, and its sums."""
    home = found.household
    return [
        (_("household"), f"{home.village.parent} {home.village} {home.number}"),
        (_("head of household"), found.head),
        (_("household members"), "、".join(one.person.name for one in found.people)),
        (_("claims"), str(len(found.claims))),
        (_("the funds pay, yuan"), money.shown(found.granted)),
    ]


def tables(found: HouseholdYear) -> list[tuple[str, list[str], list[list[str]], tuple[int, ...]]]:
    """Title, header, rows and the columns of amounts of what the page shows; what is empty is left out but the
    claims."""
    whole = [
        (
            _("What was asked and paid"),
            [_("patient"), _("days"), _("hospital"), _("total cost, yuan"), _("the funds pay, yuan"), _("state")],
            _claims(found),
            (3, 4),
        ),
        (
            _("What was cut and why"),
            [_("patient"), _("claim"), _("item"), _("amount, yuan"), _("reason")],
            [[one.person.name, *row[:4]] for one in found.people for row in prints.cuts(one)],
            (3,),
        ),
        (
            _("What the year has used, and what is left"),
            [_("patient"), _("counter"), pgettext("counter", "used"), _("at most"), _("left")],
            [[one.person.name, *row] for one in found.people for row in prints.counters(one)],
            (2, 3, 4),
        ),
        (
            _("What the accounts hold"),
            [_("account"), _("balance, yuan")],
            [[_account(one), money.shown(one.balance)] for one in found.accounts],
            (1,),
        ),
    ]
    return [one for place, one in enumerate(whole) if one[2] or not place]


def paper(found: HouseholdYear, *, by: Person, at: datetime) -> bytes:
    """The page that the household keeps. Raises CannotPrint."""
    data = {
        "office": issuer(),
        "title": _("Household page of the year %(year)s") % {"year": found.year},
        "number": None,
        "facts": [[label, value] for label, value in facts(found)],
        "sections": [_section(*one[:3]) for one in tables(found) if one[2]],
        "labels": [_("Printed by"), _("Given to"), _("Date")],
        "by": by.full_name,
    }
    return printing.render("claims/print/before.typ", data, at=at)


def _section(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    return {"title": title, "text": "", "header": list(header), "rows": [list(row) for row in rows]}


def _claims(found: HouseholdYear) -> list[list[str]]:
    rows = []
    for one in found.people:
        for claim in one.claims:
            granted = granted_of(claim)
            rows.append(
                [
                    one.person.name,
                    f"{claim.admitted_on.isoformat()} – {claim.discharged_on.isoformat()}",
                    claim.provider.name,
                    money.shown(claim.total),
                    "—" if granted is None else money.shown(granted),
                    str(claim.get_state_display()),
                ]
            )
    return rows


def _account(one: Account) -> str:
    name = _("household account") if one.household_id else _("personal account")
    return f"{one.scheme.name} · {name}" + (f" · {one.member.name}" if one.member else "")
