"""The addresses of the funds: each part has its block."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from funds.views import books, budgets, figures, financial_statements, warning_levels

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

# figures
figure_urls = [
    path("indicators/", figures.indicators_page, name="indicators"),
    path("indicators/<slug:scheme>/<int:year>/<slug:code>/", figures.behind, name="indicator"),
    path("outlook/<slug:book>/", figures.outlook_page, name="outlook"),
    path("levels/", warning_levels.WarningLevelList.as_view(), name="warning_levels"),
    path("levels/new/", warning_levels.new, name="warning_level_new"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("books/", include(book_urls)),
    path("budgets/", include(budget_urls)),
    path("final-accounts/", include(final_account_urls)),
    path("figures/", include(figure_urls)),
]
