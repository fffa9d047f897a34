"""The addresses of reviewing."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from claims.before_urls import before_urls
from claims.meeting_urls import committee_urls
from claims.public_urls import public_urls
from claims.views import (
    catalogues,
    checking,
    claims,
    diseases,
    drafts,
    holding,
    intake,
    limits,
    packages,
    person_years,
    plans,
    providers,
    scans,
    trying,
    verification,
)

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
provider_urls = [
    path("", providers.ProviderList.as_view(), name="providers"),
    path("new/", providers.add, name="provider_add"),
    path("<int:pk>/", providers.provider, name="provider"),
    path("<int:pk>/change/", providers.change, name="provider_change"),
    path("<int:pk>/close/", providers.close, name="provider_close"),
    path("<int:pk>/reopen/", providers.reopen, name="provider_reopen"),
    path("<int:pk>/agreements/new/", providers.sign, name="agreement_sign"),
    path("<int:pk>/account/", providers.account, name="provider_account"),
    path("agreements/<int:pk>/end/", providers.end, name="agreement_end"),
]
catalogue_urls = [
    path("catalogues/", catalogues.CatalogueList.as_view(), name="catalogues"),
    path("catalogues/new/", catalogues.new, name="catalogue_new"),
    path("catalogues/<int:pk>/", catalogues.CatalogueEntryList.as_view(), name="catalogue"),
    path("diseases/", diseases.DiseaseList.as_view(), name="diseases"),
    path("diseases/new/", catalogues.new_diseases, name="diseases_new"),
    path("diseases/lists/", diseases.ListedDiseaseList.as_view(), name="listings"),
    path("diseases/lists/new/", diseases.put_on_list, name="listing_new"),
    path("diseases/lists/<int:pk>/end/", diseases.take_off_list, name="listing_end"),
    path("catalogues/imports/<int:pk>/", catalogues.import_job, name="import_job"),
    path("catalogues/imports/<int:pk>/take/", catalogues.take_in, name="import_take"),
]
claim_urls = [
    path("all/", claims.ClaimList.as_view(), name="claims"),
    path("new/", intake.new, name="claim_new"),
    path("preview/", intake.preview, name="claim_preview"),
    path("find/<slug:name>/", intake.pick, name="claim_pick"),
    path("<int:pk>/", claims.claim, name="claim"),
    path("<int:pk>/change/", intake.change, name="claim_change"),
    path("<int:pk>/hand-on/", claims.hand_on, name="claim_hand_on"),
    path("<int:pk>/void/", claims.void, name="claim_void"),
    path("<int:pk>/scans/", scans.viewer, name="claim_scans"),
    path("<int:pk>/files/", claims.files, name="claim_files"),
    path("<int:pk>/slip/", claims.slip, name="claim_slip"),
    path("<int:pk>/sheet/", claims.approval_sheet, name="claim_sheet"),
    path("<int:pk>/missing/", claims.missing, name="claim_missing"),
    path("<int:pk>/check/<slug:choice>/", checking.decide, name="claim_check"),
    path("next/", checking.following, name="check_next"),
    path("together/", checking.together, name="check_together"),
    path("<int:pk>/hospital/", verification.ask, name="verification_ask"),
    path("answers/<int:pk>/", verification.answer, name="verification_answer"),
    path("letters/<int:pk>/", verification.letter, name="verification_letter"),
    path("<int:pk>/hold/", holding.hold, name="flag_set"),
    path("flags/<int:pk>/lift/", holding.let_go, name="flag_lift"),
    path("<int:pk>/take-back/", holding.take_back, name="claim_take_back"),
    path("limits/", limits.LimitList.as_view(), name="limits"),
    path("limits/new/", limits.new, name="limit_new"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    *claim_urls,
    path("people/<int:pk>/", person_years.page, name="person_year"),
    path("people/<int:pk>/print/", person_years.print_page, name="person_year_print"),
    path("plans/", include(plan_urls)),
    path("packages/", packages.shelf, name="packages"),
    path("packages/<slug:code>/", packages.package, name="package"),
    path("providers/", include(provider_urls)),
    *catalogue_urls,
    *before_urls,
    *public_urls,
    *committee_urls,
    path("try/", trying.page, name="try"),
    path("try/print/", trying.print_page, name="try_print"),
]
