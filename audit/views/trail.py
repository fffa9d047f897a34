"""The trail as stories: what happened to a thing, in words, before and after; what a person did on a day."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import fact_words, subjects
from audit.forms.trail import DayForm, StoryForm
from audit.selectors import person_days, states, stories
from audit.selectors.stories import Moment, Story
from audit.trail_rooms import story_address
from office import sheets, trail
from office.access import Request
from office.models import Act, Person
from office.pages.lists import EXPORTED_AT_ONCE
from office.rules import days

SEE: Final = "office.view_act"
LONGEST_NUMBER: Final = 19


@permission_required(SEE, raise_exception=True)
def story(request: Request, kind: str, number: str) -> HttpResponse:
    """What happened to a thing and what belongs to it; to read it is an act on it."""
    if fact_words.model_of(kind) is None:
        raise Http404
    form = StoryForm(request.GET)
    form.is_valid()
    chosen, until = form.cleaned_data.get("kind", ""), form.cleaned_data.get("until")
    before = _number(request) or (stories.number_after(until) if until else None)
    wanted = request.GET.get("as", "")
    if wanted in {"xlsx", "csv"}:
        return _exported(request, (kind, number), chosen, before, wanted)
    subject = stories.subject_of(kind, number)
    found = stories.story((kind, number), reader=request.user, before=before, kind=chosen)
    trail.read(
        "story.read", subject, by=request.user, at=timezone.now(), looked="" if subject else f"{kind}:{number}"[:100]
    )
    moments = [_shown(one, (kind, number)) for one in found.moments]
    context = {
        "page_title": _title(kind, number, subject if stories.sees(request.user, kind) else None),
        "kind": kind,
        "number": number,
        "form": form,
        "story": found,
        "moments": moments,
        "changes": any(one["states"] for one in moments),
        "parts": _parts(found),
        "older_url": _address(request, before=found.older) if found.older else "",
        "newest_url": _address(request) if _number(request) else "",
        "exports": {name: _address(request, **{"as": name}) for name in ("xlsx", "csv")},
        "thing_url": subjects.page_of(kind, number) if subject else "",
        "list_url": f"{reverse('office:acts')}?{urlencode({'subject_type': kind, 'subject_id': number, 'kind': ''})}",
    }
    return render(request, "audit/story.html", context)


@permission_required(SEE, raise_exception=True)
def person_day(request: Request) -> HttpResponse:
    """What a person did, tried and looked at on a day; to read it is an act on him."""
    today = days.business_day(timezone.now())
    asked = {"person": str(request.user.pk), "day": today.isoformat()} | request.GET.dict()
    form = DayForm(asked)
    context: dict[str, Any] = {"page_title": _("A person's day"), "form": form}
    if form.is_valid():
        person, day = form.cleaned_data["person"], form.cleaned_data["day"]
        found = person_days.of(person, day, form.cleaned_data["kind"])
        rows, older = person_days.page(found, _number(request))
        trail.read("person-day.read", person, by=request.user, at=timezone.now(), day=day)
        context |= {
            "person": person,
            "day": day,
            "tallies": person_days.tallies(found),
            "moments": [_shown(one, None) for one in stories.told(rows)],
            "older_url": _address(request, before=older) if older else "",
            "newest_url": _address(request) if _number(request) else "",
            "days": _days_beside(person, day, today),
            "looks_url": f"{reverse('office:looks')}?by={person.pk}",
            "refused_url": f"{reverse('office:refused_acts')}?by={person.pk}",
        }
    return render(request, "audit/person_day.html", context)


def _title(kind: str, number: str, subject: models.Model | None) -> str:
    """What a story is of: by the thing's own number or name where the reader sees it, else by that of its row."""
    words = fact_words.kind_words(kind)
    if subject is None:
        return f"{words} {number}"
    own = subjects.words_of(kind, subject) or states.name_of(type(subject), subject, number)
    return f"{words} {number if '*' in own else own.removeprefix(words).strip()}"


def _days_beside(person: Person, day: date, today: date) -> list[tuple[str, str]]:
    beside = [(_("the day before"), day - timedelta(days=1)), (_("the day after"), day + timedelta(days=1))]
    return [
        (words, f"{reverse('audit:person_day')}?{urlencode({'person': person.pk, 'day': one.isoformat()})}")
        for words, one in beside
        if one <= today
    ]


def _number(request: Request) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else None


def _address(request: Request, **more: Any) -> str:
    query = {name: value for name, value in request.GET.items() if name not in {"before", "as"}}
    return f"{request.path}?{urlencode(query | more)}"


def _parts(found: Story) -> list[tuple[str, str]]:
    """What belongs to the thing: its words and the address of its own story."""
    return [(f"{fact_words.kind_words(kind)} {number}", story_address(kind, number)) for kind, number in found.parts]


def _shown(moment: Moment, of: stories.Subject | None) -> dict[str, Any]:
    """A moment as a page shows it; the thing itself is not named again in its own story."""
    act = moment.act
    other = act is not None and act.subject_type and (act.subject_type, act.subject_id) != of
    return {
        "at": moment.at,
        "act": act,
        "name": trail.words_for(act.name) if act is not None else _("changed without an act of its own"),
        "subject": f"{fact_words.kind_words(act.subject_type)} {act.subject_id}" if other and act is not None else "",
        "subject_url": story_address(act.subject_type, act.subject_id) if other and act is not None else "",
        "facts": moment.facts,
        "states": [
            {"state": one, "name": "" if one.subject == of else one.subject_in_words}
            for one in moment.states
            if one.changes
        ],
        "by_url": _day_url(act) if act is not None and act.by_id else "",
    }


def _day_url(act: Act) -> str:
    query = urlencode({"person": act.by_id, "day": days.business_day(act.at).isoformat()})
    return f"{reverse('audit:person_day')}?{query}"


def _exported(request: Request, subject: stories.Subject, kind: str, before: int | None, wanted: str) -> HttpResponse:
    """The whole story as a file: a row for each act, and one for each column that changed."""
    found = stories.story(subject, reader=request.user, before=before, kind=kind, most=EXPORTED_AT_ONCE)
    header = [_("time"), _("by"), _("duty"), _("act"), _("kind"), _("subject"), _("facts"), _("reason"), _("row"),
              _("Field"), _("Before"), _("After")]  # fmt: skip
    rows = [row for moment in found.moments for row in _rows(moment)]
    thing = get_object_or_404(fact_words.model_of(subject[0]), pk=int(subject[1])) if subject[1].isdecimal() else None  # type: ignore[arg-type]
    trail.read("story.exported", thing, by=request.user, at=timezone.now(), rows=len(rows))
    name = f"{subject[0]}-{subject[1]}"
    if wanted == "xlsx":
        response = HttpResponse(sheets.workbook(header, rows), content_type=sheets.XLSX)
    else:
        response = HttpResponse(_text(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{wanted}"'
    return response


def _rows(moment: Moment) -> Iterator[Sequence[object]]:
    act = moment.act
    facts = "; ".join(f"{one.label} {one.value}" for one in moment.facts)
    if act is not None:
        who = act.by.full_name if act.by else ""
        subject = f"{fact_words.kind_words(act.subject_type)} {act.subject_id}".strip()
        words = trail.words_for(act.name)
        yield [moment.at, who, act.get_duty_display(), words, act.get_kind_display(), subject, facts, act.reason,
               "", "", "", ""]  # fmt: skip
    for state in moment.states:
        for one in state.changes:
            yield [state.at, state.by, "", "", "", "", "", "", state.subject_in_words, one.label, one.before, one.after]


def _text(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([[sheets.harmless(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
