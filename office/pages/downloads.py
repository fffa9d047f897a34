"""What leaves the site as a file."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse

from office.models import Attachment

#: A file from outside must never act in this site's name.
POWERLESS = "default-src 'none'; sandbox"


def download(attachment: Attachment) -> FileResponse:
    """A kept file, always to be saved and not shown."""
    response = FileResponse(
        attachment.path.open("rb"), as_attachment=True, filename=attachment.name, content_type=attachment.media_type
    )
    response.headers["Content-Security-Policy"] = POWERLESS
    response.headers["Cache-Control"] = "private, no-store"
    return response


def pdf(content: bytes, name: str) -> HttpResponse:
    """A print, shown by the browser's own viewer so that it can go to the printer at once."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
