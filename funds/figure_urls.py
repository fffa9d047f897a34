"""The addresses of indicators, of the outlook of a fund, and of the levels of its warnings."""

from __future__ import annotations

from django.urls import include, path

from funds.views import figures, warning_levels

figure_urls = [
    path("indicators/", figures.indicators_page, name="indicators"),
    path("indicators/<slug:scheme>/<int:year>/<slug:code>/", figures.behind, name="indicator"),
    path("outlook/<slug:book>/", figures.outlook_page, name="outlook"),
    path("levels/", warning_levels.WarningLevelList.as_view(), name="warning_levels"),
    path("levels/new/", warning_levels.new, name="warning_level_new"),
]

urls_of_figures = [path("figures/", include(figure_urls))]
