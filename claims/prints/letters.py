"""The letter in which a hospital is asked whether a claim's invoices are its own (协查函)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from claims.models import Verification
from office import printing
from office.models import Person
from office.rules import money


def inquiry(asked: Verification, *, by: Person, at: datetime) -> bytes:
    """The letter of a question. Raises CannotPrint."""
    claim = asked.claim
    invoices = claim.invoices.filter(version=claim.content_version).order_by("pk")
    deadline = asked.deadline_on.isoformat() if asked.deadline_on else ""
    data = {
        "office": claim.body.name,
        "title": _("Letter of inquiry"),
        "facts": [
            [_("number of the letter"), asked.letter_number],
            [_("addressed to"), asked.whom],
            [_("patient"), claim.member.name],
            [_("number at the hospital"), claim.hospital_number or "—"],
            [_("days"), f"{claim.admitted_on.isoformat()} – {claim.discharged_on.isoformat()}"],
        ],
        "says": _(
            "The invoices below were handed in for payment from the insurance fund. Please say whether they were issued"
            " by you, and whether patient, days and amounts are as stated, by %(day)s."
        )
        % {"day": deadline},
        "header": [_("type code"), _("number of the invoice"), _("invoice date"), _("amount, yuan")],
        "invoices": [
            [one.type_code, one.number, one.issued_on.isoformat(), money.shown(one.amount)] for one in invoices
        ],
        "total": ["", "", _("total"), money.shown(claim.total)],
        "after": _("Answer (mark one): genuine / differs as follows / not found."),
        "labels": [_("Letter by"), _("Answered by (stamp)"), _("Date")],
        "by": by.full_name,
    }
    return printing.render("claims/print/inquiry.typ", data, at=at)
