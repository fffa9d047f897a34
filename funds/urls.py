"""The addresses of the funds: each part has its block."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from funds.views import books

app_name = "funds"

# books
book_urls = [
    path("", books.BookList.as_view(), name="books"),
    path("<slug:book>/chart/", books.Chart.as_view(), name="chart"),
    path("<slug:book>/identity/", books.identity, name="identity"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("books/", include(book_urls)),
]
