"""Pages that ask for the second factor again: what decides, pays or administers rides on one of the last 15 minutes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from office import proof
from office.access import Request
from office.pages import kept
from office.proof import Proof

Rest = ParamSpec("Rest")


def with_proof(
    view: Callable[Concatenate[Request, Proof, Rest], HttpResponse],
) -> Callable[Concatenate[Request, Rest], HttpResponse]:
    """Gives a form page the proof of this session; without a fresh one, what was typed is kept and a code is asked for.

    The page must open by GET too: that is where the person comes back to. Stands below the question for the right.
    """

    @wraps(view)
    def asking(request: Request, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        shown = proof.fresh(request.session, timezone.now())
        if shown is not None:
            return view(request, shown, *args, **kwargs)
        return ask(request)

    return asking  # type: ignore[return-value]  # wraps hides that the first argument is not named


def ask(request: Request) -> HttpResponse:
    """Lead to the page that asks for a code, and back; what was typed is kept."""
    if request.method == "POST":
        kept.give_back(request, kept.seal(request))
    return HttpResponseRedirect(f"{reverse('office:show_code')}?{urlencode({'next': request.get_full_path()})}")
