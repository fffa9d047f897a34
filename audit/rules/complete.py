"""What the nightly look asks for besides the seals, in words: sentences that stand in a check and are read later."""

from __future__ import annotations

from typing import Final

NOT_THE_LAST_STATE: Final = "the record is not what its last state in the history says"
NO_STATE: Final = "the record has no state in the history"
NO_RECORD: Final = "the history has states of a record that is not there"
NO_ACT: Final = "entered without an act that tells of it"
NOT_RELEASED: Final = "paid although nobody released the batch"
NOT_APPROVED: Final = "entered although the request was not approved"
NOT_CHECKED: Final = "entered although nobody else checked its paper"
NOT_AGREED: Final = "taken back although nobody else agreed"
NOT_PAID: Final = "entered although no released payment stands behind it that the bank or a receipt tells of"
NOT_DECIDED: Final = "entered although it was not decided, or its payment not released"
PAID_MORE: Final = "more was paid than was released"
NO_ROUND: Final = "approved without a round of votes"
NO_VOTES: Final = "decided otherwise than its votes say"
REASONS: Final = (
    NOT_THE_LAST_STATE, NO_STATE, NO_RECORD, NO_ACT, NOT_RELEASED, NOT_APPROVED, NOT_CHECKED, NOT_AGREED, NOT_PAID,
    NOT_DECIDED, PAID_MORE, NO_ROUND, NO_VOTES,
)  # fmt: skip
