"""Publicity (公示): which claims were posted in which village, when, with what proof; objections to them."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.checking import Flag
from claims.models.claims import Claim
from enrollment.models import Division, Scheme
from enrollment.models.divisions import in_sight
from office.models import Attachment, Person


class PublicityListQuerySet(models.QuerySet["PublicityList"]):
    def visible_to(self, person: Person, right: str = "claims.view_publicitylist") -> PublicityListQuerySet:
        """Those of the villages that a person serves; the county centre's people see all."""
        return self.filter(in_sight(person, right, "village__"))


@pghistory.track()
class PublicityList(models.Model):
    """A village's list of a month (公示表): made, posted, its days over. Without ID number, disease, phone, account.

    It is posted before payment for the kinds set so, for the others after it. The village gives a slip back
    (公示回执): when it was taken down, who says so, a photograph.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {("", "made"), ("made", "posted"), ("made", "void"), ("posted", "over")}
    )

    class Timing(models.TextChoices):
        BEFORE = "before", _("before payment")
        AFTER = "after", _("after payment")

    class State(models.TextChoices):
        MADE = "made", _("to be posted")
        POSTED = "posted", _("posted")
        OVER = "over", _("over")
        VOID = "void", pgettext_lazy("list", "void")

    number = models.CharField(_("number"), max_length=40, unique=True)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("village"))
    month = models.DateField(_("month"))
    timing = models.CharField(_("time of posting"), max_length=8, choices=Timing.choices)
    days = models.PositiveSmallIntegerField(_("days of posting"))
    made_on = models.DateField(_("made on"))
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.MADE)
    posted_on = models.DateField(_("posted on"), null=True, blank=True)
    posted_until = models.DateField(_("posted until"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True, default="")
    posted_by = models.CharField(_("posted by"), max_length=60, blank=True, default="")
    noted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("posting noted by")
    )
    slip_on = models.DateField(_("slip came back on"), null=True, blank=True)
    slip_by = models.CharField(_("slip signed by"), max_length=60, blank=True, default="")
    slip_photo = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("photograph")
    )
    slip_noted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("slip noted by")
    )
    void_reason = models.CharField(_("void because"), max_length=200, blank=True, default="")

    objects = PublicityListQuerySet.as_manager()

    class Meta:
        verbose_name = _("publicity list")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["village", "-month"], name="publicity_of_village")]
        constraints = [
            models.CheckConstraint(name="publicity_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(name="publicity_is_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(name="publicity_lasts_some_days", condition=Q(days__range=(1, 90))),
            models.CheckConstraint(
                name="publicity_state_is_known", condition=Q(state__in=["made", "posted", "over", "void"])
            ),
            models.CheckConstraint(
                name="publicity_is_posted_whole",
                condition=Q(
                    state__in=["made", "void"],
                    posted_on__isnull=True,
                    posted_until__isnull=True,
                    place="",
                    posted_by="",
                )
                | Q(state__in=["posted", "over"], posted_on__gte=F("made_on"), posted_until__gt=F("posted_on"))
                & Q(noted_by__isnull=False)
                & ~Q(place="")
                & ~Q(posted_by=""),
            ),
            models.CheckConstraint(
                name="publicity_slip_is_whole",
                condition=Q(slip_on__isnull=True, slip_by="", slip_photo__isnull=True, slip_noted_by__isnull=True)
                | Q(slip_on__gte=F("posted_until"), slip_noted_by__isnull=False) & ~Q(slip_by=""),
            ),
            models.CheckConstraint(name="publicity_is_over_with_its_slip", condition=~Q(state="over") | ~Q(slip_by="")),
            models.CheckConstraint(
                name="publicity_is_void_with_a_reason",
                condition=Q(state="void") & ~Q(void_reason="") | ~Q(state="void") & Q(void_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PublicityEntry(models.Model):
    """A claim on a list, with the columns as they were posted; only ever added to, while the list is made."""

    list = models.ForeignKey(PublicityList, models.PROTECT, related_name="entries", verbose_name=_("list"))
    position = models.PositiveIntegerField(_("row"))
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="publicity", verbose_name=_("claim"))
    head = models.CharField(_("head of household"), max_length=60)
    patient = models.CharField(_("patient"), max_length=60)
    sex = models.CharField(_("sex"), max_length=1)
    age = models.PositiveSmallIntegerField(_("age"))
    provider = models.CharField(_("provider"), max_length=120)
    total = models.DecimalField(_("total cost"), max_digits=14, decimal_places=2)
    paid = models.DecimalField(_("payment"), max_digits=14, decimal_places=2)
    on = models.DateField(_("paid or approved on"))

    class Meta:
        verbose_name = _("entry of a publicity list")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["list", "position"], name="publicity_position_once"),
            models.UniqueConstraint(fields=["list", "claim"], name="publicity_claim_once"),
            models.CheckConstraint(
                name="publicity_entry_is_no_debt", condition=Q(total__gt=Decimal(0), paid__gte=Decimal(0))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list} {self.position}"


@pghistory.track()
class Objection(models.Model):
    """What somebody says against an entry that was posted (异议), and the answer. The claim is held until then.

    Whoever took the objection down does not answer it, nor does anybody who decided the claim.
    """

    class Result(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        DISMISSED = "dismissed", _("dismissed")

    number = models.CharField(_("number"), max_length=40, unique=True)
    entry = models.ForeignKey(PublicityEntry, models.PROTECT, related_name="objections", verbose_name=_("entry"))
    by_name = models.CharField(_("objection by"), max_length=60)
    contact = models.CharField(_("how to reach"), max_length=80, blank=True, default="")
    words = models.CharField(_("objection"), max_length=1000)
    made_on = models.DateField(_("made on"))
    answer_by = models.DateField(_("answer until"))
    received_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("received by"))
    received_at = models.DateTimeField(_("received at"))
    flag = models.OneToOneField(
        Flag, models.PROTECT, null=True, blank=True, related_name="objection", verbose_name=_("flag")
    )
    result = models.CharField(_("result"), max_length=10, choices=Result.choices, blank=True, default="")
    answer = models.CharField(_("answer"), max_length=1000, blank=True, default="")
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )

    class Meta:
        verbose_name = _("objection")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="objection_is_whole",
                condition=~Q(number="") & ~Q(by_name="") & ~Q(words="") & Q(answer_by__gt=F("made_on")),
            ),
            models.CheckConstraint(
                name="objection_is_answered_whole",
                condition=Q(result="", answer="", answered_on__isnull=True, answered_by__isnull=True)
                | ~Q(result="") & ~Q(answer="") & Q(answered_on__gte=F("made_on"), answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="objection_is_answered_by_another",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("received_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.number
