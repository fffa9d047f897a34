"""What a provider is owed for a document, in one sum (结算单).

Order of locks: the document, its claims by number, their parts by number.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from claims.models import BulkDocument, Settlement
from office.models import Person

SETTLE: Final = "claims.add_settlement"


def settle(*, document: BulkDocument, by: Person, at: datetime) -> Settlement:
    """Settle an approved document, once: its visits, its stays that are approved by now, and stays of the provider's
    earlier documents of the scheme that were approved since. Never by whoever entered or decided it. Raises
    CannotKeepDocument."""
    raise NotImplementedError
