"""The addresses of engagements, samples, findings and what became of them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urls_of_engagements: list[URLPattern | URLResolver] = []
