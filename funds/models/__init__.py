"""Tables of the money: books, months, postings with their balances, and who decides about them."""

from funds.models.books import Account, Book, Flow, PostingKind
from funds.models.budgets import Budget, BudgetLine, FinalAccount
from funds.models.money_in import Slip, SlipLine, SubsidyLetter
from funds.models.postings import Balance, Entry, Period, Posting
from funds.models.rounds import FundsRound, FundsSeat, FundsVote
from funds.models.warnings import WarningLevel

__all__ = [
    "Account",
    "Balance",
    "Book",
    "Budget",
    "BudgetLine",
    "Entry",
    "FinalAccount",
    "Flow",
    "FundsRound",
    "FundsSeat",
    "FundsVote",
    "Period",
    "Posting",
    "PostingKind",
    "Slip",
    "SlipLine",
    "SubsidyLetter",
    "WarningLevel",
]
