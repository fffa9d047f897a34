"""Files that belong to something."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from office.models.people import Person


class Attachment(models.Model):
    """A paper, picture or table kept with its subject (附件). The bytes lie outside static, named by their SHA-256."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    name = models.CharField(_("file name"), max_length=160)
    media_type = models.CharField(_("kind of file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, db_index=True)
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("attachment")
        ordering = ["added_at", "pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="attachment_of_subject")]
        constraints = [
            models.CheckConstraint(name="attachment_has_bytes", condition=Q(size__gt=0)),
            models.CheckConstraint(name="attachment_hash_is_sha256", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the bytes lie; equal contents lie once."""
        return settings.ATTACHMENTS_DIR / self.sha256[:2] / self.sha256
