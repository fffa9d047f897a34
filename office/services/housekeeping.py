"""What helps the work is forgotten when it is old; what records the work never is."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from office.models import FormUse


def tidy(at: datetime) -> int:
    """Forget used forms that can no longer be sent, and sessions that ended. Gives how many rows went."""
    forms, _each = FormUse.objects.filter(used_at__lt=at - FormUse.OPEN_FOR).delete()
    sessions, _each = Session.objects.filter(expire_date__lt=at).delete()
    return forms + sessions
