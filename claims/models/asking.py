"""What a checker asked for when he returned a claim (退回补正): papers by their list, one thing in his own words."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.rounds import ClaimsRound
from office.models import Person


class AskedPaper(models.Model):
    """A paper that was asked for with the return of a claim. `paper` is its code on the list; `words` says what
    is wrong with it, or, without a code, what else is missing. Only ever added to."""

    #: The code under which a claim's papers hold what was asked for in words alone.
    OTHER: ClassVar[str] = "other"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="asked_papers", verbose_name=_("claim"))
    round = models.ForeignKey(ClaimsRound, models.PROTECT, related_name="+", verbose_name=_("round"))
    version = models.PositiveIntegerField(_("content version"))
    paper = models.CharField(_("paper"), max_length=30)
    words = models.CharField(_("in words"), max_length=500, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("paper that was asked for")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "version", "paper"], name="asked_paper_once"),
            models.CheckConstraint(
                name="asked_paper_is_named", condition=~Q(paper="") & (~Q(paper="other") | ~Q(words=""))
            ),
        ]

    def __str__(self) -> str:
        return self.words or self.paper
