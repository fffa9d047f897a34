"""Addresses of payments: batches, orders, fund requests, answers of the bank."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from funds.views import answers, batches, fund_requests, payments

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


urls_of_payments: list[URLPattern | URLResolver] = [
    path("batches/", include(batch_urls)),
    path("payments/", include(payment_urls)),
    path("fund-requests/", include(fund_request_urls)),
    path("bank-answers/", include(answer_urls)),
]
