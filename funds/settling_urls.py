"""Addresses of what is settled with providers, insurers and the province, and of second compensation."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from funds.views import (
    assessments,
    premiums,
    prepayments,
    provider_payments,
    recoveries,
    retention_terms,
    risk_fund,
    second_appeals,
    second_notices,
    second_runs,
)

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


urls_of_settlements: list[URLPattern | URLResolver] = [
    path("settlements/", include(settlement_urls)),
    path("second-compensation/", include(second_urls)),
]
