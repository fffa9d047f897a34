"""Sessions as pages see them: begun, waiting for the code, seen, over, and led to the second factor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.auth import SESSION_KEY as SIGNED_IN
from django.contrib.auth import login
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from office import access, proof
from office.models import Person, SignIn
from office.pages import address
from office.services import sessions

View = Callable[..., HttpResponse]
SomeView = TypeVar("SomeView", bound=Callable[..., Any])

PENDING = "waits_for_code"
PENDING_FOR = timedelta(minutes=5)


@dataclass(frozen=True)
class Pending:
    """Somebody whose password was right and whose code is still to come. He is not signed in."""

    person: int
    since: str
    goal: str
    kept: str = ""


def polled(view: SomeView) -> SomeView:
    """Marks a page that asks again by itself: its asking does not keep a session open."""
    view.is_polled = True  # type: ignore[attr-defined]
    return view


def without_second_factor(view: SomeView) -> SomeView:
    """Marks a page that is open to somebody who still has to set up his second factor."""
    view.without_second_factor = True  # type: ignore[attr-defined]
    return view


def wait_for_code(request: HttpRequest, person: Person, *, goal: str, kept: str) -> None:
    """Remember whose code is to come."""
    request.session[PENDING] = asdict(Pending(person.pk, timezone.now().isoformat(), goal, kept))


def pending(request: HttpRequest) -> tuple[Person, Pending] | None:
    """Whose code is to come; nobody's after five minutes."""
    said = request.session.get(PENDING)
    if not said:
        return None
    waits = Pending(**said)
    since = parse_datetime(waits.since)
    person = Person.objects.filter(pk=waits.person, left_on__isnull=True).first()
    if person is None or since is None or timezone.now() - since > PENDING_FOR:
        del request.session[PENDING]
        return None
    return person, waits


def begin(request: HttpRequest, person: Person, shown: proof.Proof | None = None) -> None:
    """Sign the person in, in a session with nothing of the one before. Raises CannotSignIn."""
    now = timezone.now()
    if request.session.session_key:
        sessions.end(session_key=request.session.session_key, because=SignIn.End.SIGNED_OUT, at=now)
    request.session.flush()
    login(request, person)
    request.session.update(sessions.marks(now, shown))
    sessions.begin(
        person=person,
        session_key=str(request.session.session_key),
        address=address.of(request),
        browser=request.headers.get("User-Agent", ""),
        at=now,
    )


def renew(request: HttpRequest, shown: proof.Proof) -> None:
    """The session goes on with a new key and remembers the second factor that was shown."""
    before = str(request.session.session_key)
    request.session.cycle_key()
    request.session.update(proof.mark(shown))
    sessions.moved(before=before, after=str(request.session.session_key))


class SessionEndMiddleware:
    """Ends a session that nobody sat at for SESSION_IDLE, or that is older than SESSION_LONGEST."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SIGNED_IN in request.session:
            now = timezone.now()
            why = sessions.has_ended(request.session, now)
            if why is not None:
                sessions.end(session_key=str(request.session.session_key), because=why, at=now)
                request.session.flush()
                request.user = AnonymousUser()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """What a person does keeps the session open; what a page does by itself does not."""
        asks_by_itself = getattr(view, "is_polled", False) and "HX-Request" in request.headers
        if request.user.is_authenticated and not asks_by_itself:
            sessions.see(request.session, timezone.now())


class SecondFactorMiddleware:
    """Whoever needs a second factor and has none sets it up, and can do nothing else before."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        is_open = getattr(view, "without_second_factor", False) or not getattr(view, "login_required", True)
        if is_open or proof.SESSION_KEY in request.session or not isinstance(request.user, Person):
            return None
        if not access.needs_second_factor(request.user):
            return None
        back = request.get_full_path() if request.method == "GET" and "HX-Request" not in request.headers else ""
        goal = reverse("office:factor") + (f"?{urlencode({'next': back})}" if back else "")
        if "HX-Request" in request.headers:
            return HttpResponse(status=204, headers={"HX-Redirect": goal})
        return HttpResponseRedirect(goal)
