"""Tables of the money: books, months, postings with their balances, and who decides about them."""

from funds.models.books import Account, Book, Flow, PostingKind
from funds.models.postings import Balance, Entry, Period, Posting
from funds.models.reserves import Premium, Recovery, RiskMove
from funds.models.rounds import FundsRound, FundsSeat, FundsVote
from funds.models.second import SecondAppeal, SecondLine, SecondNotice, SecondRun
from funds.models.settling import Assessment, Prepayment, ProviderPart, ProviderPayment, RetentionTerm

__all__ = [
    "Account",
    "Assessment",
    "Balance",
    "Book",
    "Entry",
    "Flow",
    "FundsRound",
    "FundsSeat",
    "FundsVote",
    "Period",
    "Posting",
    "PostingKind",
    "Premium",
    "Prepayment",
    "ProviderPart",
    "ProviderPayment",
    "Recovery",
    "RetentionTerm",
    "RiskMove",
    "SecondAppeal",
    "SecondLine",
    "SecondNotice",
    "SecondRun",
]
