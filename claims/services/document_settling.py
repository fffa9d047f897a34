"""What a provider is owed for a document, in one sum (结算单).

Order of locks: the document's rounds and the document, its claims by number, their parts by number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from claims.models import BulkDocument, Claim, ClaimPart, ClaimsVote, SettledPart, Settlement
from claims.selectors import bulk
from claims.services import before
from claims.services.document_locks import CannotKeepDocument, lock_document, makers_of
from claims.services.locks import refusing
from office import access, deciding, trail
from office.models import Person
from office.rules import days

SETTLE: Final = "claims.add_settlement"
TOGETHER: Final = 1_000
#: What is asked of a part and its claim; the calculation that an approval keeps is long and stays where it is.
OF_PART: Final = ("approval__claim",)
ASKED: Final = ("layer", "amount", "approval__claim__number")


@refusing("settlement.made", CannotKeepDocument, about="document")
def _settle(*, document: BulkDocument, by: Person, at: datetime) -> Settlement:
    current = lock_document(document)
    _refuse(current, by)
    owners = bulk.to_settle(current).values_list("approval__claim", flat=True)
    costs = _locked_costs(set(owners))
    locked = ClaimPart.objects.select_for_update(of=["self"]).filter(
        pk__in=bulk.to_settle(current).order_by().values("pk")
    )
    numbers = list(locked.order_by("pk").values_list("pk", flat=True))
    parts = list(
        bulk.to_settle(current).filter(pk__in=numbers).select_related(None).select_related(*OF_PART).only(*ASKED)
    )
    deducted = sum((one.deducted for one in bulk.deductions_of(current)), Decimal(0))
    made = Settlement.objects.create(
        number=before.next_number(Settlement, "JS", days.business_day(at)),
        document=current,
        provider=current.provider,
        scheme=current.scheme,
        month=current.month,
        claims=len(costs),
        total=sum(costs, Decimal(0)) + _outside(current),
        deducted=deducted,
        fund_pays=sum((one.amount for one in parts), Decimal(0)),
        sha256=hash_of(parts),
        made_on=days.business_day(at),
        made_by=by,
        made_at=at,
    )
    SettledPart.objects.bulk_create([SettledPart(settlement=made, part=one) for one in parts], TOGETHER)
    trail.record(
        "settlement.made",
        made,
        by=by,
        at=at,
        right=SETTLE,
        subject_hash=made.sha256,
        document=current.pk,
        claims=made.claims,
        fund_pays=made.fund_pays,
    )
    return made


def settle(*, document: BulkDocument, by: Person, at: datetime) -> Settlement:
    """Settle an approved document, once: its visits, its stays that are approved by now, and stays of the provider's
    earlier documents of the scheme that were approved since. Never by whoever entered or decided it. Raises
    CannotKeepDocument."""
    done: Settlement = _settle(document=document, by=by, at=at)
    return done


def _locked_costs(numbers: Collection[int]) -> list[Decimal]:
    """The cost of each of some claims, which are locked by number."""
    locked = Claim.objects.select_for_update(of=["self"]).filter(pk__in=numbers).order_by("pk")
    return list(locked.values_list("total", flat=True))


def hash_of(parts: Sequence[ClaimPart]) -> str:
    """The hash of a settlement: its claims' numbers, layers and amounts, in their order."""
    written = "\n".join(f"{one.approval.claim.number} {one.layer} {one.amount:.2f}" for one in parts)
    return hashlib.sha256(written.encode()).hexdigest()


def _refuse(document: BulkDocument, by: Person) -> None:
    if not any(access.grants(one.duty, SETTLE) for one in access.duties_of(by)):
        raise CannotKeepDocument(_("None of your duties allows this."))
    if (known := Settlement.objects.filter(document=document).first()) is not None:
        raise CannotKeepDocument(_("This document was settled already: %(settlement)s.") % {"settlement": known})
    if document.state != BulkDocument.State.APPROVED:
        raise CannotKeepDocument(_("This document is %(state)s.") % {"state": document.get_state_display()})
    voted = ClaimsVote.objects.filter(round__in=deciding.rounds_of(document))
    decided = {person for pair in voted.values_list("voter", "for_whom") for person in pair}
    if by.pk in decided or by in makers_of(document):
        raise CannotKeepDocument(_("Whoever entered or decided a document does not settle it."))


def _outside(document: BulkDocument) -> Decimal:
    """The cost of what the document asked for in vain: rows struck out, claims refused."""
    return sum((one.asked for one in bulk.deductions_of(document) if one.asked == one.deducted), Decimal(0))
