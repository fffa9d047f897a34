"""The addresses of populations and samples."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from audit.views import populations, sample_items, samples

population_urls = [
    path("", populations.PopulationList.as_view(), name="populations"),
    path("new/", populations.ask, name="population_new"),
    path("<int:pk>/", populations.population, name="population"),
    path("<int:pk>/rows/", populations.rows, name="population_rows"),
    path("<int:population>/samples/<slug:method>/", samples.plan, name="sample_new"),
]
sample_urls = [
    path("", samples.SampleList.as_view(), name="samples"),
    path("redraw/", samples.script, name="sample_script"),
    path("<int:pk>/", samples.sample, name="sample"),
    path("<int:pk>/draw/", samples.draw, name="sample_draw"),
    path("<int:pk>/compare/", samples.compare, name="sample_compare"),
    path("<int:pk>/items/new/", samples.pick, name="sample_pick"),
    path("<int:pk>/examine/", sample_items.examine_next, name="sample_examine"),
    path("<int:pk>/look/", sample_items.look_next, name="sample_look"),
    path("<int:pk>/conclude/", samples.conclude, name="sample_conclude"),
    path("<int:pk>/give-up/", samples.give_up, name="sample_void"),
    path("<int:pk>/print/", samples.print_page, name="sample_print"),
    path("<int:pk>/workbook/", samples.book, name="sample_book"),
    path("items/<int:pk>/", sample_items.sample_item, name="sample_item"),
]

urls_of_samples: list[URLPattern | URLResolver] = [
    path("populations/", include(population_urls)),
    path("samples/", include(sample_urls)),
]
