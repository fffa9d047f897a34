"""The addresses of the funds: each part has its block."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from funds.views import (
    assessments,
    books,
    budgets,
    financial_statements,
    premiums,
    prepayments,
    provider_payments,
    recoveries,
    retention_terms,
    risk_fund,
    second_appeals,
    second_notices,
    second_runs,
    answers,
    bank_statements,
    banks,
    batches,
    cash_counts,
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

# settlements
settlement_urls = [
    path("", provider_payments.ProviderPaymentList.as_view(), name="provider_payments"),
    path("to-pay/", provider_payments.to_pay, name="settlements_to_pay"),
    path("to-pay/<int:settlement>/", provider_payments.ask, name="provider_payment_new"),
    path("<int:pk>/", provider_payments.provider_payment, name="provider_payment"),
    path("prepayments/", prepayments.PrepaymentList.as_view(), name="prepayments"),
    path("prepayments/new/", prepayments.ask, name="prepayment_new"),
    path("prepayments/<int:pk>/", prepayments.prepayment, name="prepayment"),
    path("retention/", retention_terms.RetentionTermList.as_view(), name="retention_terms"),
    path("retention/new/", retention_terms.ask, name="retention_term_new"),
    path("retention/<int:pk>/", retention_terms.retention_term, name="retention_term"),
    path("assessments/", assessments.AssessmentList.as_view(), name="assessments"),
    path("assessments/new/", assessments.ask, name="assessment_new"),
    path("assessments/<int:pk>/", assessments.assessment, name="assessment"),
    path("premiums/", premiums.PremiumList.as_view(), name="premiums"),
    path("premiums/new/", premiums.ask, name="premium_new"),
    path("premiums/<int:pk>/", premiums.premium, name="premium"),
    path("risk-fund/", risk_fund.RiskMoveList.as_view(), name="risk_moves"),
    path("risk-fund/new/", risk_fund.ask, name="risk_move_new"),
    path("risk-fund/<int:pk>/", risk_fund.risk_move, name="risk_move"),
    path("recoveries/", recoveries.RecoveryList.as_view(), name="recoveries"),
    path("recoveries/new/", recoveries.ask, name="recovery_new"),
    path("recoveries/<int:pk>/", recoveries.recovery, name="recovery"),
]
second_urls = [
    path("", second_runs.SecondRunList.as_view(), name="second_runs"),
    path("new/", second_runs.draw_up, name="second_run_new"),
    path("<int:pk>/", second_runs.second_run, name="second_run"),
    path("<int:pk>/propose/", second_runs.propose, name="second_propose"),
    path("<int:pk>/order/", second_runs.order, name="second_order"),
    path("<int:pk>/void/", second_runs.void, name="second_void"),
    path("<int:pk>/hang/", second_notices.post, name="second_post"),
    path("<int:pk>/slips/<int:notice>/", second_notices.slip, name="second_slip"),
    path("<int:pk>/villages/<int:village>/print/", second_notices.print_page, name="second_notice_print"),
    path("<int:pk>/appeals/new/", second_appeals.appeal, name="second_appeal"),
    path("<int:pk>/appeals/<int:appeal>/", second_appeals.answer, name="second_answer"),
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
    path("settlements/", include(settlement_urls)),
    path("second-compensation/", include(second_urls)),
    path("batches/", include(batch_urls)),
    path("payments/", include(payment_urls)),
    path("fund-requests/", include(fund_request_urls)),
    path("bank-answers/", include(answer_urls)),
    path("banks/", include(bank_urls)),
    path("cash-counts/", include(cash_count_urls)),
    path("three-books/", include(three_books_urls)),
]
