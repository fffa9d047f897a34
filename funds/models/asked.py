"""What every matter of money begins with: somebody asks for it with a paper, somebody else decides it in a round."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models.books import Book
from office.models import Person


class Asked(models.Model):
    """Something that is asked for and decided (申请、审批), and done once money has moved. Only its state changes.

    `on` is the business day of the matter: the day it is asked for, or that of the bank's slip.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "approved"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "void"): "",  # taken back
        ("approved", "void"): "",  # its payment was cancelled
        ("approved", "done"): "",
        ("done", "approved"): "",  # the payment came back
    }
    LIVE: ClassVar[tuple[str, ...]] = ("proposed", "approved", "done")
    DECIDED: ClassVar[tuple[str, ...]] = ("approved", "done")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be decided")
        APPROVED = "approved", _("decided, not done")
        REFUSED = "refused", _("refused")
        DONE = "done", _("done")
        VOID = "void", pgettext_lazy("matter of money", "void")

    number = models.CharField(_("number"), max_length=40, unique=True)
    book = models.ForeignKey(Book, models.PROTECT, related_name="+", verbose_name=_("books"))
    on = models.DateField(_("day"))
    paper = models.CharField(_("paper"), max_length=100)
    words = models.CharField(_("in words"), max_length=300, blank=True, default="")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    proposed_at = models.DateTimeField(_("asked for at"))

    class Meta:
        abstract = True
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="%(class)s_has_its_paper", condition=~Q(number="") & ~Q(paper="")),
            models.CheckConstraint(
                name="%(class)s_state_is_known",
                condition=Q(state__in=["proposed", "approved", "refused", "done", "void"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number
