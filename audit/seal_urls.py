"""The addresses of seals, checkpoints and what they prove."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urls_of_seals: list[URLPattern | URLResolver] = []
