"""Complaints as pages and worklists ask for them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from audit.models import Complaint
from office.models import Person


def open_for(person: Person) -> QuerySet[Complaint]:
    """Those that nobody has answered and that are not about this person: nobody's yet, and his own."""
    opened = Complaint.objects.exclude(state=Complaint.State.ANSWERED)
    return opened.filter(Q(assigned_to__isnull=True) | Q(assigned_to=person)).exclude(about_person=person)


def seen_by(person: Person) -> QuerySet[Complaint]:
    """Those that somebody who may read complaints sees: none that is about himself."""
    return Complaint.objects.exclude(about_person=person)


def late(today: date) -> QuerySet[Complaint]:
    """Those that should have been answered."""
    return Complaint.objects.exclude(state=Complaint.State.ANSWERED).filter(answer_by__lt=today)
