"""Double click = one act: a form that was sent already leads where its first sending led."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from office.models import FormUse
from office.pages import guard
from office.pages.errors import error_page

View = Callable[..., HttpResponse]


class OnceMiddleware:
    """Runs a guarded form's act and the note of its use in one transaction.

    The note comes first: a second sending at the same moment waits for the first one's transaction and then finds
    the note. An act that is refused (no redirect) takes its note back, so that the corrected form can be sent.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        sent = guard.read(request)
        if sent is None:
            return None
        if sent.person != request.user.pk:
            return error_page(request, 409, reason=_("This form was shown to somebody else. Open the page again."))
        return _act_once(sent, request, lambda: view(request, *args, **kwargs))


def _act_once(sent: guard.Guard, request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    with transaction.atomic():
        try:
            with transaction.atomic():
                use = FormUse.objects.create(key=sent.key, person_id=sent.person, used_at=timezone.now())
        except IntegrityError:
            return HttpResponseRedirect(FormUse.objects.values_list("led_to", flat=True).get(key=sent.key))
        response = act()
        if isinstance(response, HttpResponseRedirect):
            use.led_to = response.url
            use.save(update_fields=["led_to"])
        else:
            use.delete()
        return response
