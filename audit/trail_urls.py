"""The addresses of the pages of the trail and of what leaves for the audit bureau."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from audit.views import trail

trail_urls = [
    path("things/<str:kind>/<str:number>/", trail.story, name="story"),
    path("days/", trail.person_day, name="person_day"),
]

urls_of_trail: list[URLPattern | URLResolver] = [path("trail/", include(trail_urls))]
