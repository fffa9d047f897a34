"""The addresses of the funds: each part has its block."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from funds.views import (
    answers,
    bank_statements,
    banks,
    batches,
    books,
    budgets,
    cash_counts,
    financial_statements,
    fund_requests,
    matching,
    payments,
    reconciliations,
    three_books,
)

app_name = "funds"

# books
book_urls = [
    path("", books.BookList.as_view(), name="books"),
    path("<slug:book>/chart/", books.Chart.as_view(), name="chart"),
    path("<slug:book>/identity/", books.identity, name="identity"),
    path("<slug:book>/financial-statements/", financial_statements.financial_statements, name="financial_statements"),
    path("<slug:book>/financial-statements/print/", financial_statements.print_page, name="financial_statements_print"),
    path(
        "<slug:book>/financial-statements/workbook/",
        financial_statements.workbook,
        name="financial_statements_workbook",
    ),
]

# budgets and final accounts
budget_urls = [
    path("", budgets.BudgetList.as_view(), name="budgets"),
    path("new/", budgets.draft, name="budget_draft"),
    path("<int:pk>/", budgets.budget, name="budget"),
    path("<int:pk>/lines/", budgets.lines, name="budget_lines"),
    path("<int:pk>/propose/", budgets.propose, name="budget_propose"),
    path("<int:pk>/withdraw/", budgets.withdraw, name="budget_withdraw"),
]
final_account_urls = [
    path("", budgets.FinalAccountList.as_view(), name="final_accounts"),
    path("new/", budgets.make_final_account, name="final_account_make"),
    path("<int:pk>/", budgets.final_account, name="final_account"),
    path("<int:pk>/withdraw/", budgets.withdraw_final_account, name="final_account_withdraw"),
]

# payments
batch_urls = [
    path("", batches.BatchList.as_view(), name="batches"),
    path("new/", batches.make, name="batch_new"),
    path("<int:pk>/", batches.batch, name="batch"),
    path("<int:pk>/ask/", batches.ask, name="batch_ask"),
    path("<int:pk>/withdraw/", batches.withdraw, name="batch_withdraw"),
    path("<int:pk>/void/", batches.void, name="batch_void"),
    path("<int:pk>/send/", batches.send, name="batch_send"),
    path("<int:pk>/hand-over/", batches.hand_over, name="batch_hand_over"),
    path("<int:pk>/file/", batches.file, name="batch_file"),
    path("<int:pk>/fetch/", batches.fetch, name="batch_fetch"),
    path("<int:pk>/back/", batches.bring_back, name="batch_back"),
    path("<int:pk>/print/", batches.print_page, name="batch_print"),
]
payment_urls = [
    path("", payments.PaymentList.as_view(), name="payments"),
    path("<int:pk>/", payments.payment, name="payment"),
    path("<int:pk>/strike/", payments.strike, name="payment_strike"),
    path("<int:pk>/pay-out/", payments.pay_out, name="payment_payout"),
    path("<int:pk>/paper/", payments.paper_answer, name="payment_paper"),
    path("payee/", payments.payee, name="payee_new"),
    path("orders/", payments.OrderList.as_view(), name="payment_orders"),
    path("orders/<int:pk>/", payments.order, name="payment_order"),
    path("orders/<int:pk>/cancel/", payments.cancel_order, name="payment_order_cancel"),
    path("of/<slug:book>/", payments.PayableList.as_view(), name="payable"),
]
fund_request_urls = [
    path("", fund_requests.FundRequestList.as_view(), name="fund_requests"),
    path("new/", fund_requests.ask, name="fund_request_new"),
    path("<int:pk>/", fund_requests.fund_request, name="fund_request"),
    path("<int:pk>/arrival/", fund_requests.arrival, name="fund_request_arrival"),
    path("<int:pk>/withdraw/", fund_requests.withdraw, name="fund_request_withdraw"),
    path("<int:pk>/print/", fund_requests.print_page, name="fund_request_print"),
]
answer_urls = [
    path("", answers.AnswerList.as_view(), name="bank_answers"),
    path("new/", answers.take, name="bank_answer_new"),
    path("<int:pk>/", answers.answer, name="bank_answer"),
]

# banks and cash
bank_urls = [
    path("accounts/", banks.BankAccountList.as_view(), name="bank_accounts"),
    path("accounts/new/", banks.new, name="bank_account_new"),
    path("accounts/<int:pk>/", banks.bank_account, name="bank_account"),
    path("statements/", bank_statements.StatementList.as_view(), name="statements"),
    path("statements/new/", bank_statements.new, name="statement_new"),
    path("statements/<int:pk>/", bank_statements.statement, name="statement"),
    path("statements/<int:pk>/void/", bank_statements.void, name="statement_void"),
    path("matching/<int:pk>/", matching.matching, name="matching"),
    path("matching/<int:pk>/certain/", bank_statements.compare, name="compare"),
    path("matching/<int:pk>/chosen/", matching.match_chosen, name="match_chosen"),
    path("matches/", matching.MatchList.as_view(), name="matches"),
    path("matches/<int:pk>/", matching.match, name="match"),
    path("matches/<int:pk>/undo/", matching.undo, name="match_undo"),
    path("sheets/", reconciliations.SheetList.as_view(), name="reconciliations"),
    path("sheets/new/", reconciliations.new, name="reconciliation_new"),
    path("sheets/<int:pk>/", reconciliations.reconciliation, name="reconciliation"),
    path("sheets/<int:pk>/withdraw/", reconciliations.withdraw, name="reconciliation_withdraw"),
    path("sheets/<int:pk>/print/", reconciliations.print_page, name="reconciliation_print"),
]
cash_count_urls = [
    path("", cash_counts.CountList.as_view(), name="cash_counts"),
    path("new/", cash_counts.new, name="cash_count_new"),
    path("day/", cash_counts.daily, name="daily_cash"),
    path("day/print/", cash_counts.daily_print, name="daily_cash_print"),
    path("<int:pk>/", cash_counts.count, name="cash_count"),
    path("<int:pk>/confirm/", cash_counts.confirm, name="cash_count_confirm"),
    path("<int:pk>/void/", cash_counts.void, name="cash_count_void"),
    path("<int:pk>/print/", cash_counts.print_page, name="cash_count_print"),
]
three_books_urls = [
    path("", three_books.three_books, name="three_books"),
    path("<slug:book>/<slug:code>/", three_books.behind, name="three_books_behind"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("books/", include(book_urls)),
    path("budgets/", include(budget_urls)),
    path("final-accounts/", include(final_account_urls)),
    path("batches/", include(batch_urls)),
    path("payments/", include(payment_urls)),
    path("fund-requests/", include(fund_request_urls)),
    path("bank-answers/", include(answer_urls)),
    path("banks/", include(bank_urls)),
    path("cash-counts/", include(cash_count_urls)),
    path("three-books/", include(three_books_urls)),
]
