"""The addresses of publicity, objections, appeals, a household's page and statistics."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from claims.views import appeals, household_years, objections, publicity, statistics

publicity_urls = [
    path("", publicity.PublicityLists.as_view(), name="publicity"),
    path("make/", publicity.make, name="publicity_make"),
    path("<int:pk>/", publicity.posted_list, name="publicity_list"),
    path("<int:pk>/post/", publicity.post, name="publicity_post"),
    path("<int:pk>/void/", publicity.void, name="publicity_void"),
    path("<int:pk>/slip/", publicity.slip, name="publicity_slip"),
    path("<int:pk>/end/", publicity.end, name="publicity_end"),
    path("<int:pk>/print/", publicity.print_page, name="publicity_print"),
    path("<int:pk>/workbook/", publicity.workbook, name="publicity_workbook"),
    path("entries/<int:pk>/objection/", objections.take_down, name="objection_take"),
]
objection_urls = [
    path("", objections.ObjectionList.as_view(), name="objections"),
    path("<int:pk>/", objections.objection, name="objection"),
    path("<int:pk>/answer/", objections.answer, name="objection_answer"),
    path("<int:pk>/print/", objections.print_page, name="objection_print"),
]
appeal_urls = [
    path("", appeals.AppealList.as_view(), name="appeals"),
    path("of/<int:pk>/", appeals.file, name="appeal_file"),
    path("<int:pk>/", appeals.appeal, name="appeal"),
    path("<int:pk>/withdraw/", appeals.withdraw, name="appeal_withdraw"),
    path("<int:pk>/answer/", appeals.answer, name="appeal_answer"),
]
statistics_urls = [
    path("", statistics.SheetList.as_view(), name="statistics"),
    path("figures/", statistics.figures, name="statistics_new"),
    path("make/", statistics.make, name="statistics_make"),
    path("<int:pk>/", statistics.sheet, name="statistics_sheet"),
    path("<int:pk>/correct/", statistics.correct, name="statistics_correct"),
    path("<int:pk>/print/", statistics.print_page, name="statistics_print"),
    path("<int:pk>/workbook/", statistics.workbook, name="statistics_workbook"),
]
public_urls: list[URLPattern | URLResolver] = [
    path("publicity/", include(publicity_urls)),
    path("objections/", include(objection_urls)),
    path("appeals/", include(appeal_urls)),
    path("statistics/", include(statistics_urls)),
    path("households/<int:pk>/", household_years.page, name="household_year"),
    path("households/<int:pk>/print/", household_years.print_page, name="household_year_print"),
]
