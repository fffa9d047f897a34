"""How a person likes the pages: light or dark. Kept in a cookie, so that the sign-in page knows it too."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600


def theme(request: HttpRequest) -> str:
    """The chosen colours, or light."""
    chosen = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return chosen if chosen in THEMES else THEMES[0]


def remember_theme(response: HttpResponse, chosen: str) -> None:
    """Keep the choice for a year; anything else than a theme is ignored."""
    if chosen in THEMES:
        response.set_cookie(
            settings.THEME_COOKIE_NAME,
            chosen,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
