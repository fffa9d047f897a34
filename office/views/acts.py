"""The trail: what a person did, what happened to a thing, what was tried and refused."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from office import history, trail
from office.access import Request
from office.filters import ActFilter, LookFilter, RefusedFilter
from office.models import Act
from office.pages.lists import NumberedPage
from office.rules import days, masking
from office.tables import ActTable

LONGEST_QUERY = 200


class ActList(NumberedPage):
    """One list, narrowed by person, thing, day or kind. Who asks for a thing alone gets its story, where an app tells
    one (office/trail.py)."""

    permission_required = "office.view_act"
    page_title = gettext_lazy("Acts")
    queryset = Act.objects.select_related("by", "for_whom", "body")
    table_class = ActTable
    filterset_class = ActFilter

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:  # type: ignore[override]
        asked = request.GET.dict()
        if set(asked) == {"subject_type", "subject_id"} and all(asked.values()):
            story = trail.story_page(asked["subject_type"], asked["subject_id"])
            if story:
                return redirect(story)
        if "as" not in asked:
            self._note(asked)
        return super().get(request, *args, **kwargs)

    def _note(self, asked: dict[str, str]) -> None:
        """That somebody reads the trail is in the trail: which list, and what he looked up."""
        query = " ".join(f"{name}={value}" for name, value in asked.items() if value)
        trail.read(
            "trail.read",
            None,
            by=self.request.user,
            at=timezone.now(),
            list=self.request.path,
            query=masking.masked_within(query)[:LONGEST_QUERY],
        )

    def default_filter(self) -> dict[str, str]:
        return {"since": f"{days.business_day(timezone.now()).year}-01-01"}


class RefusedActs(ActList):
    """What was tried and refused: the first place where somebody who tries doors is seen."""

    page_title = gettext_lazy("Refused tries")
    filterset_class = RefusedFilter


class Looks(ActList):
    """Who looked at what: whole numbers, attachments, exports, the trail itself."""

    page_title = gettext_lazy("Who looked")
    filterset_class = LookFilter


@permission_required("office.view_act", raise_exception=True)
def state_by_state(request: Request, subject_type: str, subject_id: str) -> HttpResponse:
    """Every earlier state of one record."""
    if subject_type not in history.TRACKED:
        raise Http404
    named = Act(subject_type=subject_type, subject_id=subject_id)
    states, is_seen = history.of(subject_type, subject_id), history.is_seen(request.user, subject_type)
    context = {
        "states": states if is_seen else history.hidden(states),
        "subject": (history.subject(subject_type, subject_id) if is_seen else None) or named.subject_in_words,
        "kind": f"{named.subject_in_words} {subject_id}",
        "subject_type": subject_type,
        "subject_id": subject_id,
    }
    return render(request, "office/history.html", context)
