"""Addresses of banks and cash: accounts, statements, matches, sheets, counts, the three books side by side."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from funds.views import bank_statements, banks, cash_counts, matching, reconciliations, three_books

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


urls_of_banks: list[URLPattern | URLResolver] = [
    path("banks/", include(bank_urls)),
    path("cash-counts/", include(cash_count_urls)),
    path("three-books/", include(three_books_urls)),
]
