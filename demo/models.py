"""What makes a database the demo county."""

from __future__ import annotations

from django.db import models

from office.models import Person


class DemoSignIn(models.Model):
    """A fictitious person whose password everybody may know. Such rows exist in a demo database only."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    password = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.person.username
