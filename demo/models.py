"""What makes a database the demo county."""

from __future__ import annotations

from django.db import models

from office.models import Person


class DemoSignIn(models.Model):
    """A fictitious person whose password and second factor everybody may know. Such rows are in a demo only."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    password = models.CharField(max_length=40)
    totp_secret = models.CharField(max_length=40, blank=True, default="")

    def __str__(self) -> str:
        return self.person.username
