"""The register's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from enrollment.views import divisions, fund_year_lines, fund_years, participation, schemes

app_name = "enrollment"

division_urls = [
    path("", divisions.DivisionList.as_view(), name="divisions"),
    path("<int:pk>/station/", divisions.station, name="station"),
]
scheme_urls = [
    path("", schemes.SchemeList.as_view(), name="schemes"),
    path("add/", schemes.add_scheme, name="add_scheme"),
]
fund_year_urls = [
    path("", fund_years.FundYearList.as_view(), name="fund_years"),
    path("draft/", fund_years.draft, name="draft_fund_year"),
    path("<int:pk>/", fund_years.fund_year, name="fund_year"),
    path("<int:pk>/header/", fund_years.header, name="header"),
    path("<int:pk>/paper/", fund_years.paper, name="paper"),
    path("<int:pk>/rates/", fund_year_lines.rates, name="rates"),
    path("<int:pk>/subsidies/", fund_year_lines.subsidies, name="subsidies"),
    path("<int:pk>/populations/", fund_year_lines.populations, name="populations"),
    path("<int:pk>/populations/<int:township>/", fund_year_lines.populations, name="village_populations"),
    path("<int:pk>/populations/file/", fund_year_lines.population_file, name="population_file"),
    path("<int:pk>/targets/", fund_year_lines.targets, name="targets"),
    path("<int:pk>/propose/", fund_years.propose, name="propose"),
    path("<int:pk>/withdraw/", fund_years.withdraw, name="withdraw"),
]
participation_urls = [
    path("", participation.page, name="participation"),
    path("print/", participation.print_page, name="participation_print"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("divisions/", include(division_urls)),
    path("schemes/", include(scheme_urls)),
    path("fund-years/", include(fund_year_urls)),
    path("participation/", include(participation_urls)),
]
