"""Tables of the money: books, months, postings with their balances, payments, and who decides about them."""

from funds.models.answers import AnswerLine, BankAnswer, BankFile, CashMove, CashPayout, PaperAnswer
from funds.models.banking import BankAccount
from funds.models.books import Account, Book, Flow, PostingKind
from funds.models.budgets import Budget, BudgetLine, FinalAccount
from funds.models.money_in import Slip, SlipLine, SubsidyLetter
from funds.models.orders import (
    FundRequest,
    FundRequestLine,
    OrderLine,
    OrderPart,
    PayeeConfirmation,
    PayeeKind,
    Paying,
    PaymentOrder,
    Place,
)
from funds.models.payments import Payment, PaymentBatch, PaymentItem
from funds.models.postings import Balance, Entry, Period, Posting
from funds.models.reconciling import CashCount, Reconciliation
from funds.models.reserves import Premium, Recovery, RiskMove
from funds.models.rounds import FundsRound, FundsSeat, FundsVote
from funds.models.second import SecondAppeal, SecondLine, SecondNotice, SecondRun
from funds.models.settling import Assessment, Prepayment, ProviderPart, ProviderPayment, RetentionTerm
from funds.models.statements import Match, MatchedEntry, MatchedLine, Statement, StatementLine
from funds.models.vouchers import PeriodRequest, Voucher
from funds.models.warnings import WarningLevel

__all__ = [
    "Account",
    "AnswerLine",
    "Assessment",
    "Balance",
    "BankAccount",
    "BankAnswer",
    "BankFile",
    "Book",
    "Budget",
    "BudgetLine",
    "CashCount",
    "CashMove",
    "CashPayout",
    "Entry",
    "FinalAccount",
    "Flow",
    "FundRequest",
    "FundRequestLine",
    "FundsRound",
    "FundsSeat",
    "FundsVote",
    "Match",
    "MatchedEntry",
    "MatchedLine",
    "OrderLine",
    "OrderPart",
    "PaperAnswer",
    "PayeeConfirmation",
    "PayeeKind",
    "Paying",
    "Payment",
    "PaymentBatch",
    "PaymentItem",
    "PaymentOrder",
    "Period",
    "PeriodRequest",
    "Place",
    "Posting",
    "PostingKind",
    "Premium",
    "Prepayment",
    "ProviderPart",
    "ProviderPayment",
    "Reconciliation",
    "Recovery",
    "RetentionTerm",
    "RiskMove",
    "SecondAppeal",
    "SecondLine",
    "SecondNotice",
    "SecondRun",
    "Slip",
    "SlipLine",
    "Statement",
    "StatementLine",
    "SubsidyLetter",
    "Voucher",
    "WarningLevel",
]
