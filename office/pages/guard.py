"""The hidden field that every form carries: which showing of the form this is, and to whom it was shown.

With it a double click is one act (`once`), and what somebody typed is given back to him alone (`kept`).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from office.models import FormUse

FIELD = "form_guard"
SALT = "office.form"


@dataclass(frozen=True)
class Guard:
    """One showing of a form."""

    key: str
    person: int


def field(request: HttpRequest) -> SafeString:
    """The hidden input for a form shown to the person of this request."""
    sealed = signing.dumps({"k": secrets.token_urlsafe(16), "p": request.user.pk}, salt=SALT)
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, sealed)


def read(request: HttpRequest) -> Guard | None:
    """The guard that came with a form, if it came with a genuine one."""
    try:
        said = signing.loads(request.POST.get(FIELD, ""), salt=SALT, max_age=FormUse.OPEN_FOR)
    except signing.BadSignature:
        return None
    return Guard(said["k"], said["p"])
