"""The addresses of the pages of the trail and of what leaves for the audit bureau."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from audit.views import exports, reports, trail

trail_urls = [
    path("things/<str:kind>/<str:number>/", trail.story, name="story"),
    path("days/", trail.person_day, name="person_day"),
]

report_urls = [
    path("", reports.report, name="report"),
    path("<int:year>/<slug:span>/print/", reports.report_print, name="report_print"),
    path("texts/", reports.ReportTextList.as_view(), name="report_texts"),
    path("texts/new/", reports.report_text_new, name="report_text_new"),
    path("texts/<int:pk>/", reports.report_text, name="report_text"),
]

urls_of_trail: list[URLPattern | URLResolver] = [
    path("trail/", include(trail_urls)),
    path("export/", exports.export, name="export"),
    path("reports/", include(report_urls)),
]
