"""The addresses of the audit, part by part."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from audit.engagement_urls import urls_of_engagements
from audit.lead_urls import urls_of_leads
from audit.sample_urls import urls_of_samples
from audit.seal_urls import urls_of_seals
from audit.trail_urls import urls_of_trail

app_name = "audit"

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_of_seals,
    *urls_of_leads,
    *urls_of_engagements,
    *urls_of_samples,
    *urls_of_trail,
]
