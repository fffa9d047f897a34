"""Tables of the money: books, months, postings with their balances, and who decides about them."""

from funds.models.banking import BankAccount
from funds.models.books import Account, Book, Flow, PostingKind
from funds.models.money_in import Slip, SlipLine, SubsidyLetter
from funds.models.postings import Balance, Entry, Period, Posting
from funds.models.reconciling import CashCount, Reconciliation
from funds.models.rounds import FundsRound, FundsSeat, FundsVote
from funds.models.statements import Match, MatchedEntry, MatchedLine, Statement, StatementLine

__all__ = [
    "Account",
    "Balance",
    "BankAccount",
    "Book",
    "CashCount",
    "Entry",
    "Flow",
    "FundsRound",
    "FundsSeat",
    "FundsVote",
    "Match",
    "MatchedEntry",
    "MatchedLine",
    "Period",
    "Posting",
    "PostingKind",
    "Reconciliation",
    "Slip",
    "SlipLine",
    "Statement",
    "StatementLine",
    "SubsidyLetter",
]
