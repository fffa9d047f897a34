"""The addresses of seals, checkpoints and what they prove."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from audit.views import seals

seal_urls = [
    path("", seals.SealList.as_view(), name="seals"),
    path("state/", seals.sealing, name="sealing"),
    path("checks/", seals.TrailCheckList.as_view(), name="trail_checks"),
    path("checks/now/", seals.check_now, name="check_now"),
    path("checks/<int:pk>/", seals.trail_check, name="trail_check"),
    path("<int:number>/", seals.seal, name="seal"),
]

urls_of_seals: list[URLPattern | URLResolver] = [path("seals/", include(seal_urls))]
