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
]
