"""The addresses of the pages of the trail and of what leaves for the audit bureau."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from audit.views import exports, fund_reports, trail

trail_urls = [
    path("things/<str:kind>/<str:number>/", trail.story, name="story"),
    path("days/", trail.person_day, name="person_day"),
]

report_urls = [
    path("", fund_reports.report, name="fund_report"),
    path("<int:year>/<slug:span>/print/", fund_reports.report_print, name="fund_report_print"),
    path("texts/", fund_reports.ReportTextList.as_view(), name="report_texts"),
    path("texts/new/", fund_reports.report_text_new, name="report_text_new"),
    path("texts/<int:pk>/", fund_reports.report_text, name="report_text"),
]

urls_of_trail: list[URLPattern | URLResolver] = [
    path("trail/", include(trail_urls)),
    path("export/", exports.export, name="export"),
    path("export/<int:pk>/proof/", exports.proof, name="export_proof"),
    path("fund-reports/", include(report_urls)),
]
