"""Files kept with what they belong to: checked by content, stored by hash outside static, given only to those who may.

An app says who may read the files of its subjects: `attachments.register("office.job", may_read)`; what nobody
registered, nobody may read.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext as _

from office import trail
from office.models import Attachment, Person
from office.rules import files
from office.subjects import name_of

MayRead = Callable[[Person, str], bool]

_readers: dict[str, MayRead] = {}


class CannotAttach(Exception):
    """The file was not kept; the message is written for the person who sent it."""


def register(subject_type: str, may_read: MayRead) -> None:
    """Say who may read the files of a kind of subject: a question with the person and the subject's number."""
    _readers[subject_type] = may_read


def may_read(attachment: Attachment, person: Person) -> bool:
    """Whether this person may have this file."""
    asked = _readers.get(attachment.subject_type)
    return asked is not None and asked(person, attachment.subject_id)


def of(subject: models.Model) -> models.QuerySet[Attachment]:
    """The files kept with a subject."""
    subject_type, subject_id = name_of(subject)
    return Attachment.objects.filter(subject_type=subject_type, subject_id=subject_id)


def keep(*, subject: models.Model, upload: UploadedFile[Any], by: Person, at: datetime) -> Attachment:
    """Keep a file that a person sent, if its content is what its name says and of a kind the office takes."""
    content = upload.read()
    name = files.clean_name(upload.name or "")
    try:
        kind = files.recognise(content, name, upload.size or 0, largest=settings.ATTACHMENT_LARGEST)
    except files.CannotAccept as refusal:
        raise CannotAttach(_(refusal.sentence).format(**refusal.params)) from refusal
    return keep_made(subject=subject, name=name, content=content, media_type=kind.media_type, by=by, at=at)


def keep_made(
    *, subject: models.Model, name: str, content: bytes, media_type: str, by: Person, at: datetime
) -> Attachment:
    """Keep a file that the system itself made."""
    subject_type, subject_id = name_of(subject)
    attachment = Attachment(
        subject_type=subject_type,
        subject_id=subject_id,
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        added_by=by,
        added_at=at,
    )
    _store(attachment.path, content)
    attachment.save()
    trail.record("attachment.kept", subject, by=by, at=at, file=name, size=len(content), sha256=attachment.sha256)
    return attachment


def _store(path: Path, content: bytes) -> None:
    """Whole or not at all, on the disk before the row is written; a second writer of the same bytes changes nothing."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
