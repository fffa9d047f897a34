"""Complaints as pages and worklists ask for them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from audit.models import Complaint, ComplaintFile
from office.models import Attachment, Person


def open_for(person: Person) -> QuerySet[Complaint]:
    """Those that nobody has answered and that are not about this person: nobody's yet, and his own."""
    opened = Complaint.objects.exclude(state=Complaint.State.ANSWERED)
    return opened.filter(Q(assigned_to__isnull=True) | Q(assigned_to=person)).exclude(about_person=person)


def seen_by(person: Person) -> QuerySet[Complaint]:
    """Those that somebody who may read complaints sees: none that is about himself."""
    return Complaint.objects.exclude(about_person=person)


def files_of(complaint: Complaint) -> list[tuple[ComplaintFile, Attachment]]:
    """The files of a complaint, each with its content, the oldest first."""
    files = {str(one.pk): one for one in complaint.files.select_related("note", "added_by")}
    kept = Attachment.objects.filter(subject_type=ComplaintFile._meta.label_lower, subject_id__in=files)
    return [(files[one.subject_id], one) for one in kept.order_by("pk")]


def may_read_file(person: Person, number: str) -> bool:
    """Whether somebody may have a file of a complaint: he sees the complaint, and may see who complained where the file
    shows that."""
    found = ComplaintFile.objects.filter(pk=number, complaint__in=seen_by(person)).first()
    if found is None or not person.has_perm("audit.view_complaint"):
        return False
    return not found.names_informant or person.has_perm("audit.show_informant")


def late(today: date) -> QuerySet[Complaint]:
    """Those that should have been answered."""
    return Complaint.objects.exclude(state=Complaint.State.ANSWERED).filter(answer_by__lt=today)
