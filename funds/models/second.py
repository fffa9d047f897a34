"""Second compensation (二次补偿): a yearly run over a surplus, its list of people, village notices, appeals."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models import Division, Member
from funds.models.books import Book
from office.models import Person

NOTHING = Decimal(0)


@pghistory.track()
class SecondRun(models.Model):
    """One year's second compensation: what its paper gives, the surplus it rests on, how far it has come.

    Of the run only its state changes; the list lies in its lines. `bands` are pairs of an upper end and a ratio,
    counted from above the threshold; `papers_by` is until when people bring their papers and appeal.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "drawn_up"): "",
        ("drawn_up", "posted"): "",
        ("drawn_up", "void"): "",
        ("posted", "proposed"): "",
        ("posted", "void"): "",
        ("proposed", "approved"): "approved",
        ("proposed", "posted"): "returned",
        ("proposed", "refused"): "refused",
        ("approved", "done"): "",
        ("done", "approved"): "",  # a payment came back
    }
    LIVE: ClassVar[tuple[str, ...]] = ("drawn_up", "posted", "proposed", "approved", "done")

    class State(models.TextChoices):
        DRAWN_UP = "drawn_up", _("drawn up")
        POSTED = "posted", _("posted in the villages")
        PROPOSED = "proposed", _("to be decided")
        APPROVED = "approved", _("decided, being paid")
        REFUSED = "refused", _("refused")
        DONE = "done", _("paid")
        VOID = "void", pgettext_lazy("list", "void")

    number = models.CharField(_("number"), max_length=40, unique=True)
    book = models.ForeignKey(Book, models.PROTECT, related_name="+", verbose_name=_("books"))
    year = models.PositiveSmallIntegerField(_("fund year"))
    paper = models.CharField(_("paper"), max_length=100)
    threshold = models.DecimalField(_("burden above"), max_digits=12, decimal_places=2)
    bands = models.JSONField(_("bands"))
    ceiling = models.DecimalField(_("at most a person"), max_digits=12, decimal_places=2, null=True, blank=True)
    year_percent = models.DecimalField(_("year's surplus over, percent"), max_digits=5, decimal_places=2)
    cumulative_percent = models.DecimalField(_("gathered surplus from, percent"), max_digits=5, decimal_places=2)
    income = models.DecimalField(_("income of the year"), max_digits=16, decimal_places=2)
    spending = models.DecimalField(_("spending of the year"), max_digits=16, decimal_places=2)
    cumulative = models.DecimalField(_("gathered surplus"), max_digits=16, decimal_places=2)
    budget = models.DecimalField(_("to be given out"), max_digits=14, decimal_places=2)
    papers_by = models.DateField(_("papers until"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAWN_UP)
    drawn_up_on = models.DateField(_("drawn up on"))
    drawn_up_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("drawn up by"))
    drawn_up_at = models.DateTimeField(_("drawn up at"))

    class Meta:
        verbose_name = _("second compensation")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="second_run_has_its_paper", condition=~Q(number="") & ~Q(paper="")),
            models.CheckConstraint(
                name="second_run_is_of_something",
                condition=Q(budget__gt=NOTHING, threshold__gte=NOTHING, papers_by__gt=F("drawn_up_on"))
                & (Q(ceiling__isnull=True) | Q(ceiling__gt=NOTHING)),
            ),
            models.CheckConstraint(
                name="second_run_state_is_known",
                condition=Q(state__in=["drawn_up", "posted", "proposed", "approved", "refused", "done", "void"]),
            ),
            models.UniqueConstraint(
                fields=["book", "year"],
                condition=Q(state__in=["drawn_up", "posted", "proposed", "approved", "done"]),
                name="second_run_once_a_year",
            ),
        ]

    def __str__(self) -> str:
        return self.number


@pghistory.track()
class SecondLine(models.Model):
    """One person of a run: the year's burden as it was found, what the bands give, what the budget grants.

    Burden and figures change with an appeal, while the run is posted; the payee is copied when payment is ordered.
    """

    run = models.ForeignKey(SecondRun, models.PROTECT, related_name="lines", verbose_name=_("second compensation"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("person"))
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("village"))
    head = models.CharField(_("head of household"), max_length=60)
    burden = models.DecimalField(_("burden of the year"), max_digits=14, decimal_places=2)
    entitled = models.DecimalField(_("by the bands"), max_digits=14, decimal_places=2)
    granted = models.DecimalField(_("granted"), max_digits=14, decimal_places=2)
    is_paid = models.BooleanField(_("paid"), default=False)

    class Meta:
        verbose_name = _("person of a second compensation")
        ordering = ["village__code", "-granted", "pk"]
        indexes = [models.Index(fields=["member"], name="second_line_of_member")]
        constraints = [
            models.UniqueConstraint(fields=["run", "member"], name="second_line_once"),
            models.CheckConstraint(
                name="second_line_is_no_debt",
                condition=Q(burden__gte=NOTHING, granted__gte=NOTHING, granted__lte=F("entitled")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.member}"


@pghistory.track()
class SecondNotice(models.Model):
    """A village's list of a run as it hangs (公示): posted, taken down, its slip back with who signed it."""

    run = models.ForeignKey(SecondRun, models.PROTECT, related_name="notices", verbose_name=_("second compensation"))
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("village"))
    posted_on = models.DateField(_("posted on"))
    posted_until = models.DateField(_("posted until"))
    place = models.CharField(_("place"), max_length=120)
    posted_by = models.CharField(_("posted by"), max_length=60)
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("posting noted by"))
    slip_on = models.DateField(_("slip came back on"), null=True, blank=True)
    slip_by = models.CharField(_("slip signed by"), max_length=60, blank=True, default="")
    slip_noted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("slip noted by")
    )

    class Meta:
        verbose_name = _("notice of a second compensation")
        ordering = ["village__code"]
        constraints = [
            models.UniqueConstraint(fields=["run", "village"], name="second_notice_once"),
            models.CheckConstraint(
                name="second_notice_hangs_for_days",
                condition=Q(posted_until__gt=F("posted_on")) & ~Q(place="") & ~Q(posted_by=""),
            ),
            models.CheckConstraint(
                name="second_notice_slip_is_whole",
                condition=Q(slip_on__isnull=True, slip_by="", slip_noted_by__isnull=True)
                | Q(slip_on__gte=F("posted_until"), slip_noted_by__isnull=False) & ~Q(slip_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.village}"


@pghistory.track()
class SecondAppeal(models.Model):
    """Somebody says that his burden was counted wrong, or that he is missing (申诉); answered by another person.

    Upheld, `burden` is the year's burden as it is right.
    """

    class Result(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        DISMISSED = "dismissed", _("dismissed")

    run = models.ForeignKey(SecondRun, models.PROTECT, related_name="appeals", verbose_name=_("second compensation"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("person"))
    by_name = models.CharField(_("appeal by"), max_length=60)
    words = models.CharField(_("what is said"), max_length=500)
    made_on = models.DateField(_("made on"))
    received_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("received by"))
    received_at = models.DateTimeField(_("received at"))
    result = models.CharField(_("result"), max_length=10, choices=Result.choices, blank=True, default="")
    answer = models.CharField(_("answer"), max_length=500, blank=True, default="")
    burden = models.DecimalField(_("burden as it is right"), max_digits=14, decimal_places=2, null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )

    class Meta:
        verbose_name = _("appeal against a second compensation")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="second_appeal_is_whole", condition=~Q(by_name="") & ~Q(words="")),
            models.CheckConstraint(
                name="second_appeal_is_answered_whole",
                condition=Q(
                    result="", answer="", burden__isnull=True, answered_on__isnull=True, answered_by__isnull=True
                )
                | (Q(result="upheld", burden__gte=NOTHING) | Q(result="dismissed", burden__isnull=True))
                & ~Q(answer="")
                & Q(answered_on__gte=F("made_on"), answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="second_appeal_is_answered_by_another",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("received_by")),
            ),
            models.UniqueConstraint(
                fields=["run", "member"], condition=Q(result=""), name="second_appeal_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.by_name}"
