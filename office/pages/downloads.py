"""What leaves the site as a file."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect

from office.models import Attachment
from office.printing import CannotPrint

#: A file from outside must never act in this site's name.
POWERLESS = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"


def download(attachment: Attachment) -> FileResponse:
    """A kept file, always to be saved and not shown."""
    response = FileResponse(
        attachment.path.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type,
    )
    response.headers["Content-Security-Policy"] = POWERLESS
    response.headers["Cache-Control"] = "private, no-store"
    return response


def paper(request: HttpRequest, make: Callable[[], bytes], *, name: str, back: str) -> HttpResponse:
    """A print, shown by the browser's own viewer so that it can go to the printer at once.

    What cannot be printed is said in words on the page that `back` names.
    """
    try:
        content = make()
    except CannotPrint as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
