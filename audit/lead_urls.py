"""The addresses of screenings, leads and complaints."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urls_of_leads: list[URLPattern | URLResolver] = []
