"""Tables of the money: books, months, postings with their balances, and who decides about them."""

from funds.models.books import Account, Book, Flow, PostingKind
from funds.models.postings import Balance, Entry, Period, Posting
from funds.models.rounds import FundsRound, FundsSeat, FundsVote
from funds.models.vouchers import PeriodRequest, Voucher

__all__ = [
    "Account",
    "Balance",
    "Book",
    "Entry",
    "Flow",
    "FundsRound",
    "FundsSeat",
    "FundsVote",
    "Period",
    "PeriodRequest",
    "Posting",
    "PostingKind",
    "Voucher",
]
