"""What waits of leads and complaints: open leads, the highest score first; complaints to give out or to answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import Complaint, Lead
from audit.selectors import complaints, leads
from audit.services.complaints import WORK as WORK_COMPLAINTS
from audit.services.leads import WORK
from office import desk, overview
from office.models import Person
from office.rules import days


def register() -> None:
    """Called once when the app is ready."""
    desk.register(
        desk.Worklist(
            name="audit.leads",
            title=gettext_lazy("Leads to look into"),
            icon="search",
            right=WORK,
            url=lambda: reverse("audit:leads"),
            waiting=open_leads,
            takes={Lead: leads_open},
        )
    )
    desk.register(
        desk.Worklist(
            name="audit.complaints",
            title=gettext_lazy("Complaints to answer"),
            icon="inbox",
            right=WORK_COMPLAINTS,
            url=lambda: reverse("audit:complaints"),
            waiting=open_complaints,
            takes={Complaint: complaints_open},
        )
    )
    overview.register_late(
        overview.Late(
            name="audit.complaints",
            title=gettext_lazy("Complaints that were to be answered"),
            right=WORK_COMPLAINTS,
            url=lambda: f"{reverse('audit:complaints')}?state=late",
            waiting=late_complaints,
        )
    )


def open_leads(person: Person, look: desk.Look) -> desk.Waiting:
    """Open leads, the highest score first."""
    return look.over(Lead.objects.filter(state=Lead.State.OPEN).order_by("-score", "-money", "-pk"), _leads)


def leads_open(numbers: Collection[str]) -> list[desk.Item]:
    """Of some leads those that are open still."""
    return desk.lines_with_subjects(list(Lead.objects.filter(state=Lead.State.OPEN, pk__in=numbers)), _leads)


def _leads(some: Sequence[Lead]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one} {leads.screen_words(one.screen)} {one.score}",
            reverse("audit:lead", args=[one.pk]),
            one.found_at,
            leads.story_of(one),
        )
        for one in some
    ]


def open_complaints(person: Person, look: desk.Look) -> desk.Waiting:
    """Complaints that are nobody's yet, and his own."""
    return look.over(complaints.open_for(person).order_by("answer_by", "pk"), _complaints)


def complaints_open(numbers: Collection[str]) -> list[desk.Item]:
    """Of some complaints those that nobody has answered."""
    found = Complaint.objects.exclude(state=Complaint.State.ANSWERED).filter(pk__in=numbers)
    return desk.lines_with_subjects(list(found), _complaints)


def _complaints(some: Sequence[Complaint]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one} {one.about}",
            reverse("audit:complaint", args=[one.pk]),
            one.received_at,
            _("until %(day)s") % {"day": one.answer_by},
        )
        for one in some
    ]


def late_complaints(person: Person, look: desk.Look) -> desk.Waiting:
    """Complaints whose answer is overdue, the latest first."""
    found = complaints.late(look.today).filter(pk__in=complaints.seen_by(person)).order_by("answer_by", "pk")
    return look.over(found, _late)


def _late(some: Sequence[Complaint]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one} {one.about}",
            reverse("audit:complaint", args=[one.pk]),
            datetime.combine(one.answer_by + timedelta(days=1), time(), days.SHANGHAI),
        )
        for one in some
    ]
