"""Photos and scans kept with households and members: the household book, the card, the certificate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from enrollment.models import Household, Member
from enrollment.services import keeping
from enrollment.services.keeping import CannotKeep
from office import attachments
from office.models import Attachment, Person

TAKEN = frozenset({"image/jpeg", "image/png", "image/tiff", "application/pdf"})


@keeping.in_sight("attachment.kept", "subject")
def keep_file(*, subject: Household | Member, upload: UploadedFile[Any], by: Person, at: datetime) -> Attachment:
    """Keep a photo or scan with a household or a member. Raises CannotKeep."""
    is_member = isinstance(subject, Member)
    village = subject.household.village_id if isinstance(subject, Member) else subject.village_id
    right = "enrollment.change_member" if is_member else "enrollment.change_household"
    keeping.refuse_unseen([village], by=by, right=right)
    try:
        kept = attachments.keep(subject=subject, upload=upload, by=by, at=at)
    except attachments.CannotAttach as refusal:
        raise CannotKeep(str(refusal), "file") from refusal
    if kept.media_type not in TAKEN:
        raise CannotKeep(_("Here the office takes photos and scans: JPEG, PNG, TIFF or PDF."), "file")
    return kept


def register() -> None:
    """Called once when the app is ready: whoever sees a household or a member may read its files."""
    attachments.register("enrollment.household", _sees_household)
    attachments.register("enrollment.member", _sees_member)


def _sees_household(person: Person, number: str) -> bool:
    return Household.objects.visible_to(person).filter(pk=number).exists()


def _sees_member(person: Person, number: str) -> bool:
    return Member.objects.visible_to(person).filter(pk=number).exists()
