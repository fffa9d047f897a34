"""The addresses of money in."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from funds.views import noting, slips, subsidies

in_urls = [
    path("", slips.SlipList.as_view(), name="slips"),
    path("<int:pk>/", slips.slip, name="slip"),
    path("<int:pk>/print/", slips.print_slip, name="slip_print"),
    path("<int:pk>/check/", slips.check, name="slip_check"),
    path("<int:pk>/withdraw/", slips.withdraw, name="slip_withdraw"),
    path("<int:pk>/ask-back/", slips.ask_back, name="slip_ask_back"),
    path("<int:pk>/take-back/", slips.take_back, name="slip_take_back"),
    path("<int:pk>/leave/", slips.leave, name="slip_leave"),
    path("<int:pk>/statement/", slips.seen, name="slip_seen"),
    path("ahead/", noting.ahead, name="ahead"),
    path("ahead/<slug:book>/<int:year>/", noting.turn, name="ahead_turn"),
    path("note/<slug:book>/<slug:kind>/", noting.note, name="slip_note"),
    path("deposit/<slug:book>/", noting.deposit, name="slip_deposit"),
    path("refunds/<slug:book>/", noting.give_back, name="slip_give_back"),
]
owed_urls = [
    path("", subsidies.owed, name="owed"),
    path("letters/", subsidies.LetterList.as_view(), name="subsidy_letters"),
    path("letters/<int:pk>/print/", subsidies.print_letter, name="subsidy_letter_print"),
    path("<slug:book>/<int:year>/<slug:payer>/", subsidies.write, name="subsidy_letter_write"),
]
urls_of_money_in: list[URLPattern | URLResolver] = [
    path("in/", include(in_urls)),
    path("owed/", include(owed_urls)),
]
