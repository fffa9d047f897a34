"""The site map that a person sees: sections and entries, shown to those whose duties open them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from demo import signins
from office import access
from office.models import Person
from office.pages import preferences

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Entry:
    """One page in the navigation and the right that opens it."""

    label: StrPromise
    url_name: str
    right: str


@dataclass(frozen=True)
class Section:
    """Pages that belong together."""

    label: StrPromise
    icon: str
    entries: tuple[Entry, ...]


SECTIONS = (
    Section(
        gettext_lazy("Register"),
        "inbox",
        (Entry(gettext_lazy("Roster imports"), "enrollment:roster_imports", "enrollment.view_rosterimport"),),
    ),
    Section(
        gettext_lazy("Office"),
        "building",
        (
            Entry(gettext_lazy("My work"), "office:work", "office.view_lease"),
            Entry(gettext_lazy("Work of all"), "office:work_of_people", "office.reassign_work"),
            Entry(gettext_lazy("Decisions"), "office:decisions", "office.view_officeround"),
            Entry(gettext_lazy("People"), "office:people", "office.view_person"),
            Entry(gettext_lazy("Bodies"), "office:bodies", "office.view_body"),
            Entry(gettext_lazy("Jobs"), "office:jobs", "office.view_job"),
            Entry(gettext_lazy("Working days"), "office:working_days", "office.view_workingday"),
            Entry(gettext_lazy("Printers"), "office:printers", "office.view_printer"),
        ),
    ),
    Section(
        gettext_lazy("Trail"),
        "history",
        (
            Entry(gettext_lazy("Acts"), "office:acts", "office.view_act"),
            Entry(gettext_lazy("Refused tries"), "office:refused_acts", "office.view_act"),
        ),
    ),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """What every page shows around its content, asked once a request however many templates it takes."""
    known: dict[str, Any] | None = getattr(request, "surroundings", None)
    if known is None:
        known = _surroundings(request)
        request.surroundings = known  # type: ignore[attr-defined]
    return known


def _surroundings(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    person = user if isinstance(user, Person) else None
    return {
        "navigation": _sections(person, request.path) if person else [],
        "duties": [one.get_duty_display() for one in access.duties_of(person)] if person else [],
        "theme": preferences.theme(request),
        "demo_county": gettext("Demo county") if signins.is_demo() else "",
    }


def _sections(person: Person, path: str) -> list[dict[str, Any]]:
    rights = access.rights_of(person)
    addresses = [reverse(entry.url_name) for section in SECTIONS for entry in section.entries]
    current = max((address for address in addresses if path.startswith(address)), key=len, default="")
    shown = []
    for section in SECTIONS:
        entries = [
            {"label": entry.label, "url": url, "is_current": url == current}
            for entry in section.entries
            if entry.right in rights and (url := reverse(entry.url_name))
        ]
        if entries:
            shown.append({"label": section.label, "icon": section.icon, "entries": entries})
    return shown
