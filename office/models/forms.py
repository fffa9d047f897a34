"""Forms that were sent."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from office.models.people import Person


class FormUse(models.Model):
    """One form as it was shown once, and where its sending led: a second sending leads there too and does nothing."""

    OPEN_FOR = timedelta(days=30)  # a form that lay open longer cannot be sent any more

    key = models.CharField(max_length=43, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    used_at = models.DateTimeField(db_index=True)
    led_to = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        verbose_name = _("used form")

    def __str__(self) -> str:
        return self.key
