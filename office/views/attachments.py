"""Files kept with something, given to those who may read it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from office import attachments, trail
from office.access import Request
from office.models import Attachment
from office.pages.downloads import download


@require_safe
def attachment(request: Request, pk: int) -> FileResponse:
    """The file as a download, never shown by the browser in this site's name."""
    found = get_object_or_404(Attachment, pk=pk)
    if not attachments.may_read(found, request.user):
        raise PermissionDenied
    trail.read("attachment.read", found, by=request.user, at=timezone.now(), sha256=found.sha256)
    return download(found)
