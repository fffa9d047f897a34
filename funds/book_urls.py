"""Addresses of the books: ledgers, vouchers, months, budgets, final accounts."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from funds.views import books, budgets, financial_statements, ledgers, months, vouchers

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


urls_of_books: list[URLPattern | URLResolver] = [
    path("books/", include(book_urls)),
    path("vouchers/", include(voucher_urls)),
    path("postings/", include(posting_urls)),
    path("months/", include(month_urls)),
    path("budgets/", include(budget_urls)),
    path("final-accounts/", include(final_account_urls)),
]
