"""Subjects: what an act or a file is about, named as (type, number) text, so that no arrow points up the stream."""

from __future__ import annotations

from django.db import models

Name = tuple[str, str]


def name_of(subject: models.Model) -> Name:
    """A record as (type, number) text: ("office.job", "7")."""
    return subject._meta.label_lower, str(subject.pk)
