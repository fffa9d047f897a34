"""The addresses of the pages of the trail and of what leaves for the audit bureau."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urls_of_trail: list[URLPattern | URLResolver] = []
