"""Tables of the money: books, months, postings with their balances, and who decides about them."""

from funds.models.banking import BankAccount
from funds.models.books import Account, Book, Flow, PostingKind
from funds.models.postings import Balance, Entry, Period, Posting
from funds.models.rounds import FundsRound, FundsSeat, FundsVote

__all__ = [
    "Account",
    "Balance",
    "BankAccount",
    "Book",
    "Entry",
    "Flow",
    "FundsRound",
    "FundsSeat",
    "FundsVote",
    "Period",
    "Posting",
    "PostingKind",
]
