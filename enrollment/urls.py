"""The register's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "enrollment"

urlpatterns: list[URLPattern | URLResolver] = []
