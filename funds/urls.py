"""The addresses of the funds, part by part."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from funds.bank_urls import urls_of_banks
from funds.book_urls import urls_of_books
from funds.figure_urls import urls_of_figures
from funds.money_in_urls import urls_of_money_in
from funds.payment_urls import urls_of_payments
from funds.settling_urls import urls_of_settlements

app_name = "funds"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_of_books,
    *urls_of_money_in,
    *urls_of_payments,
    *urls_of_settlements,
    *urls_of_banks,
    *urls_of_figures,
from funds.views import (
    answers,
    assessments,
    batches,
    books,
    budgets,
    financial_statements,
    fund_requests,
    ledgers,
    months,
    payments,
    premiums,
    prepayments,
    provider_payments,
    recoveries,
    retention_terms,
    risk_fund,
    second_appeals,
    second_notices,
    second_runs,
    vouchers,
)


# books
book_urls = [
    path("", books.BookList.as_view(), name="books"),
    path("<slug:book>/chart/", books.Chart.as_view(), name="chart"),
    path("open/", books.open_book, name="book_open"),
    path("accounts/<int:pk>/", books.rename, name="account_rename"),
    path("<slug:book>/identity/", books.identity, name="identity"),
    path("<slug:book>/months/", months.of_book, name="months"),
    path("<slug:book>/months/<str:month>/", months.month_of_book, name="month_of"),
    path("<slug:book>/months/<str:month>/close/", months.close, name="month_close"),
    path("<slug:book>/years/<int:year>/close/", vouchers.close_year, name="year_close"),
    path("<slug:book>/journal/<str:month>/", ledgers.journal, name="journal"),
    path("<slug:book>/journal/<str:month>/print/", ledgers.print_journal, name="journal_print"),
    path("<slug:book>/journal/<str:month>/vouchers/", ledgers.print_vouchers, name="vouchers_print"),
    path("<slug:book>/trial/<str:month>/", ledgers.trial, name="trial"),
    path("<slug:book>/trial/<str:month>/print/", ledgers.print_trial, name="trial_print"),
    path("<slug:book>/accounts/<str:account>/<str:month>/", ledgers.detail, name="detail"),
    path("<slug:book>/accounts/<str:account>/<str:month>/print/", ledgers.print_detail, name="detail_print"),
    path("<slug:book>/general/<int:year>/", ledgers.general, name="general"),
    path("<slug:book>/general/<int:year>/print/", ledgers.print_general, name="general_print"),
    path("<slug:book>/vouchers/new/", vouchers.new, name="voucher_new"),
    path("<slug:book>/financial-statements/", financial_statements.financial_statements, name="financial_statements"),
    path("<slug:book>/financial-statements/print/", financial_statements.print_page, name="financial_statements_print"),
    path(
        "<slug:book>/financial-statements/workbook/",
        financial_statements.workbook,
        name="financial_statements_workbook",
    ),
]

# vouchers made by hand, postings, months by number
voucher_urls = [
    path("", vouchers.VoucherList.as_view(), name="vouchers"),
    path("<int:pk>/", vouchers.voucher, name="voucher"),
    path("<int:pk>/change/", vouchers.mend, name="voucher_mend"),
    path("<int:pk>/enter/", vouchers.enter, name="voucher_enter"),
    path("<int:pk>/send-back/", vouchers.send_back, name="voucher_send_back"),
    path("<int:pk>/withdraw/", vouchers.withdraw, name="voucher_withdraw"),
]
posting_urls = [
    path("<int:pk>/", vouchers.posting, name="posting"),
    path("<int:pk>/print/", vouchers.print_posting, name="posting_print"),
    path("<int:pk>/take-back/", vouchers.reverse_posting, name="posting_reverse"),
]
month_urls = [
    path("<int:pk>/", months.month, name="month"),
    path("<int:pk>/reopen/", months.reopen, name="month_reopen"),
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

    path("books/", include(book_urls)),
    path("vouchers/", include(voucher_urls)),
    path("postings/", include(posting_urls)),
    path("months/", include(month_urls)),
    path("budgets/", include(budget_urls)),
    path("final-accounts/", include(final_account_urls)),
    path("settlements/", include(settlement_urls)),
    path("second-compensation/", include(second_urls)),
    path("batches/", include(batch_urls)),
    path("payments/", include(payment_urls)),
    path("fund-requests/", include(fund_request_urls)),
    path("bank-answers/", include(answer_urls)),
]
