"""Documents of many claims: village registers (门诊补偿登记表), hospitals' monthly lists (垫付款结算申报表)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.providers import Provider
from enrollment.models import Scheme
from office.models import Attachment, Body, Person


class BulkDocumentQuerySet(models.QuerySet["BulkDocument"]):
    def visible_to(self, person: Person, right: str = "claims.view_bulkdocument") -> BulkDocumentQuerySet:
        """Those of a person's bodies: a hospital its own, a village doctor his clinic's; the county centre all."""
        bodies = person.bodies_in_sight(right)
        return self if bodies is None else self.filter(body__in=bodies)


@pghistory.track()
class BulkDocument(models.Model):
    """A village register or a hospital's list of a month, entered or imported as one, decided as one.

    The small visits of it are decided with it, in one round; each stay goes its own route. Its content changes while it
    is a draft or came back, and then gets a new `content_version`. Amounts are in yuan.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "draft"): "",
        ("draft", "handed_in"): "",
        ("draft", "void"): "",
        ("handed_in", "approved"): "approved",
        ("handed_in", "returned"): "returned",
        ("handed_in", "refused"): "refused",
        ("returned", "handed_in"): "",
        ("returned", "void"): "",
    }
    #: States in which its rows may change.
    EDITABLE: ClassVar[tuple[str, ...]] = ("draft", "returned")

    class Kind(models.TextChoices):
        VILLAGE_REGISTER = "village_register", _("village register")
        HOSPITAL_LIST = "hospital_list", _("hospital's monthly list")

    class State(models.TextChoices):
        DRAFT = "draft", _("being filled in")
        HANDED_IN = "handed_in", _("handed in")
        APPROVED = "approved", pgettext_lazy("document", "approved")
        RETURNED = "returned", pgettext_lazy("document", "returned")
        REFUSED = "refused", pgettext_lazy("document", "refused")
        VOID = "void", pgettext_lazy("document", "void")

    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=18, choices=Kind.choices)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", verbose_name=_("provider"))
    month = models.DateField(_("month"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("entered at"))
    file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    total = models.DecimalField(_("total cost"), max_digits=16, decimal_places=2, default=0)
    proposed = models.DecimalField(_("proposed payment"), max_digits=16, decimal_places=2, null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    state_since = models.DateField(_("in this state since"))
    content_version = models.PositiveIntegerField(default=1)
    entered_on = models.DateField(_("entered on"))
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))

    objects = BulkDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of many claims")
        ordering = ["-pk"]
        permissions = [("check_bulkdocument", "Can check documents of many claims")]
        indexes = [
            models.Index(fields=["provider", "-month"], name="bulk_document_of_provider"),
            models.Index(fields=["state", "entered_on"], name="bulk_document_in_state"),
        ]
        constraints = [
            models.CheckConstraint(name="bulk_document_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(name="bulk_document_is_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="bulk_document_state_is_known",
                condition=Q(state__in=["draft", "handed_in", "approved", "returned", "refused", "void"]),
            ),
            models.CheckConstraint(
                name="bulk_document_kind_is_known", condition=Q(kind__in=["village_register", "hospital_list"])
            ),
            models.UniqueConstraint(
                fields=["file"], condition=~Q(state__in=["refused", "void"]), name="bulk_document_of_a_file_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number
