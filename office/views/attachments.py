"""Files kept with something, given to those who may read it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from office import attachments, pictures, trail
from office.access import Request
from office.models import Attachment
from office.pages.downloads import download

LONGEST = 3  # digits of how near and how turned


@require_safe
def attachment(request: Request, pk: int) -> FileResponse:
    """The file as a download, never shown by the browser in this site's name."""
    found = get_object_or_404(Attachment, pk=pk)
    if not attachments.may_read(found, request.user):
        raise PermissionDenied
    trail.read("attachment.read", found, by=request.user, at=timezone.now(), sha256=found.sha256)
    return download(found)


@require_safe
def picture(request: Request, pk: int, page: int) -> HttpResponse:
    """A page of a scan as a picture that the office made; `near` and `turn` say how one looks at it."""
    found = get_object_or_404(Attachment, pk=pk)
    if not attachments.may_read(found, request.user):
        raise PermissionDenied
    near, turn = _number(request, "near", 1), _number(request, "turn", 0)
    if not pictures.can_draw(found) or near not in pictures.WIDTHS or turn not in pictures.TURNS or page < 1:
        raise Http404
    try:
        drawn = pictures.draw(found, page=page, near=near, turn=turn)
    except pictures.CannotDraw as refusal:
        raise Http404 from refusal
    trail.read("attachment.read", found, by=request.user, at=timezone.now(), sha256=found.sha256, page=page)
    response = HttpResponse(drawn, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _number(request: Request, name: str, default: int) -> int:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) <= LONGEST else default
