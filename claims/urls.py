"""The addresses of reviewing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from claims.views import drafts, plans, trying

app_name = "claims"

plan_urls = [
    path("", plans.PlanList.as_view(), name="plans"),
    path("new/", drafts.new, name="plan_new"),
    path("<int:pk>/", plans.plan, name="plan"),
    path("<int:pk>/copy/", drafts.copy, name="plan_copy"),
    path("<int:pk>/document/", plans.document, name="plan_document"),
    path("<int:pk>/document/edit/", drafts.edit, name="plan_document_edit"),
    path("<int:pk>/paper/", drafts.paper, name="plan_paper"),
    path("<int:pk>/doubts/", drafts.doubts, name="plan_doubts"),
    path("<int:pk>/propose/", drafts.propose, name="plan_propose"),
    path("<int:pk>/withdraw/", drafts.withdraw, name="plan_withdraw"),
    path("<int:pk>/beside/", plans.choose, name="plan_choose"),
    path("<int:pk>/beside/<int:other>/", plans.compare, name="plan_compare"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("plans/", include(plan_urls)),
    path("try/", trying.page, name="try"),
    path("try/print/", trying.print_page, name="try_print"),
]
