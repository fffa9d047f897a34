"""Samples (审计抽样): frozen populations, plans, what was drawn by which seed, what each item showed."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models.engagements import Engagement
from claims.models.claims import Kind
from enrollment.models import Scheme
from office.models import Job, Person

NOTHING = Decimal(0)


class PopulationQuerySet(models.QuerySet["Population"]):
    def visible_to(self, person: Person, right: str = "audit.view_sample") -> PopulationQuerySet:
        """Of the engagements whose bodies are in somebody's sight."""
        bodies = person.bodies_in_sight(right)
        return self if bodies is None else self.filter(engagement__body__in=bodies)


class SampleQuerySet(models.QuerySet["Sample"]):
    def visible_to(self, person: Person, right: str = "audit.view_sample") -> SampleQuerySet:
        """Of the engagements whose bodies are in somebody's sight."""
        bodies = person.bodies_in_sight(right)
        return self if bodies is None else self.filter(population__engagement__body__in=bodies)


class SampleItemQuerySet(models.QuerySet["SampleItem"]):
    def visible_to(self, person: Person, right: str = "audit.view_sample") -> SampleItemQuerySet:
        """Of the engagements whose bodies are in somebody's sight."""
        bodies = person.bodies_in_sight(right)
        return self if bodies is None else self.filter(sample__population__engagement__body__in=bodies)


@pghistory.track()
class Population(models.Model):
    """What a sample is drawn from (抽样总体), frozen: what was asked for, how many, their sum in yuan, the hash of all.

    `sha256` is of the text of all rows (docs/rules/samples.md). Frozen once, it and its rows never change.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset({("", "asked"), ("asked", "frozen"), ("asked", "empty")})

    class Source(models.TextChoices):
        CLAIMS = "claims", _("approved claims")
        PAYMENTS = "payments", pgettext_lazy("population", "payments made")
        CONTRIBUTIONS = "contributions", pgettext_lazy("population", "contributions")

    class State(models.TextChoices):
        ASKED = "asked", _("being frozen")
        FROZEN = "frozen", _("frozen")
        EMPTY = "empty", _("nothing was found")

    number = models.CharField(_("number"), max_length=40, unique=True)
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="populations", verbose_name=_("engagement"))
    source = models.CharField(_("population of"), max_length=13, choices=Source.choices)
    scheme = models.ForeignKey(
        Scheme, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("scheme")
    )
    since = models.DateField(_("days from"))
    until = models.DateField(_("days until"))
    kind = models.CharField(_("kind of claim"), max_length=10, choices=Kind.choices, blank=True, default="")
    least = models.DecimalField(_("at least, yuan"), max_digits=14, decimal_places=2, default=NOTHING)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.ASKED)
    items = models.PositiveIntegerField(_("number of items"), default=0)
    amount = models.DecimalField(_("sum, yuan"), max_digits=16, decimal_places=2, default=NOTHING)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, default="")
    job = models.ForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("job"))
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    asked_at = models.DateTimeField(_("asked for at"))
    frozen_at = models.DateTimeField(_("frozen since"), null=True, blank=True)

    objects = PopulationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("sample", "population")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="population_source_is_known", condition=Q(source__in=["claims", "payments", "contributions"])
            ),
            models.CheckConstraint(
                name="population_state_is_known", condition=Q(state__in=["asked", "frozen", "empty"])
            ),
            models.CheckConstraint(
                name="population_is_of_days",
                condition=~Q(number="") & Q(until__gte=F("since"), least__gte=NOTHING),
            ),
            models.CheckConstraint(
                name="population_frozen_is_whole",
                condition=Q(state="frozen", items__gt=0, sha256__regex="^[0-9a-f]{64}$", frozen_at__isnull=False)
                | ~Q(state="frozen") & Q(items=0, sha256="", frozen_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PopulationRow(models.Model):
    """One item of a population as it was when it was frozen; only ever added to. `subject_id` is the record's key."""

    population = models.ForeignKey(
        Population, models.PROTECT, related_name="rows", verbose_name=pgettext_lazy("sample", "population")
    )
    place = models.PositiveIntegerField(_("place"))
    subject_id = models.PositiveBigIntegerField(_("record"))
    number = models.CharField(_("number"), max_length=60)
    day = models.DateField(_("day"))
    amount = models.DecimalField(_("amount, yuan"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("item of a population")
        ordering = ["population", "place"]
        constraints = [
            models.UniqueConstraint(fields=["population", "place"], name="population_row_once"),
            models.CheckConstraint(name="population_row_is_no_debt", condition=Q(place__gte=1, amount__gte=NOTHING)),
        ]

    def __str__(self) -> str:
        return self.number


@pghistory.track()
class Sample(models.Model):
    """A sample of a population (样本): its plan, the seed the database drew for it, what it says about the population.

    The plan stays as it was made. Rates and confidence are percent, amounts yuan. `bounds` part the strata by amount,
    `shares` are how many of each are drawn; a stratum drawn whole is certain. `estimate` is what was found, in figures.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {
            ("", "planned"),
            ("planned", "seeded"),
            ("planned", "drawn"),  # chosen by judgement: no seed
            ("planned", "void"),
            ("seeded", "drawn"),
            ("drawn", "void"),
            ("drawn", "concluded"),
        }
    )
    LIVE: ClassVar[tuple[str, ...]] = ("planned", "seeded", "drawn")

    class Method(models.TextChoices):
        ATTRIBUTE = "attribute", _("attribute sampling")
        MONEY = "money", _("monetary-unit sampling")
        RANDOM = "random", _("simple random sampling")
        STRATA = "strata", _("stratified sampling")
        JUDGEMENT = "judgement", _("chosen by judgement")

    class Model(models.TextChoices):
        BINOMIAL = "binomial", _("binomial")
        POISSON = "poisson", _("Poisson")
        HYPERGEOMETRIC = "hypergeometric", _("hypergeometric")

    class Estimator(models.TextChoices):
        DIFFERENCE = "difference", _("by differences")
        RATIO = "ratio", _("by the ratio")
        MEAN = "mean", _("by the mean")

    class Allocation(models.TextChoices):
        NUMBER = "number", _("by number of items")
        AMOUNT = "amount", _("by amount")
        SPREAD = "spread", _("by number and spread")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("sample", "planned")
        SEEDED = "seeded", _("seed drawn")
        DRAWN = "drawn", _("drawn, being examined")
        CONCLUDED = "concluded", _("concluded")
        VOID = "void", pgettext_lazy("sample", "given up")

    number = models.CharField(_("number"), max_length=40, unique=True)
    population = models.ForeignKey(
        Population, models.PROTECT, related_name="samples", verbose_name=pgettext_lazy("sample", "population")
    )
    purpose = models.CharField(_("what is tested"), max_length=200)
    error_means = models.CharField(_("what counts as an error"), max_length=300)
    method = models.CharField(_("method"), max_length=9, choices=Method.choices)
    model = models.CharField(_("chance by"), max_length=14, choices=Model.choices, blank=True, default="")
    estimator = models.CharField(_("estimated"), max_length=10, choices=Estimator.choices, blank=True, default="")
    allocation = models.CharField(_("shared out"), max_length=6, choices=Allocation.choices, blank=True, default="")
    confidence = models.DecimalField(_("confidence, percent"), max_digits=4, decimal_places=2, null=True, blank=True)
    tolerable_rate = models.DecimalField(_("tolerable rate"), max_digits=5, decimal_places=2, null=True, blank=True)
    expected_rate = models.DecimalField(_("expected rate"), max_digits=5, decimal_places=2, null=True, blank=True)
    tolerable = models.DecimalField(_("tolerable error"), max_digits=16, decimal_places=2, null=True, blank=True)
    expected = models.DecimalField(_("expected error"), max_digits=16, decimal_places=2, null=True, blank=True)
    bounds = ArrayField(models.PositiveIntegerField(), verbose_name=_("bounds of strata, yuan"), default=list)
    shares = ArrayField(models.PositiveIntegerField(), verbose_name=_("of each stratum"), default=list)
    computed = models.PositiveIntegerField(_("size by the formula"), null=True, blank=True)
    bears = models.DecimalField(_("errors it bears"), max_digits=8, decimal_places=2, null=True, blank=True)
    size = models.PositiveIntegerField(pgettext_lazy("sample", "size"), null=True, blank=True)
    size_reason = models.CharField(_("why another size"), max_length=300, blank=True, default="")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PLANNED)
    made_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("sample", "planned by")
    )
    made_at = models.DateTimeField(pgettext_lazy("sample", "planned at"))
    generator = models.CharField(_("generator"), max_length=20, blank=True, default="")
    seed = models.CharField(_("seed"), max_length=64, blank=True, default="")
    drawn_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("drawn by")
    )
    drawn_at = models.DateTimeField(_("drawn at"), null=True, blank=True)
    estimate = models.JSONField(_("what was found"), null=True, blank=True)
    conclusion = models.CharField(_("conclusion"), max_length=500, blank=True, default="")
    concluded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("concluded by")
    )
    concluded_at = models.DateTimeField(_("concluded at"), null=True, blank=True)
    void_reason = models.CharField(_("given up because"), max_length=300, blank=True, default="")

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit sample")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state"], name="sample_by_state")]
        constraints = [
            models.CheckConstraint(
                name="sample_says_what", condition=~Q(number="") & ~Q(purpose="") & ~Q(error_means="")
            ),
            models.CheckConstraint(
                name="sample_state_is_known",
                condition=Q(state__in=["planned", "seeded", "drawn", "concluded", "void"]),
            ),
            models.CheckConstraint(
                name="sample_method_has_its_own",
                condition=Q(method="judgement", confidence__isnull=True, size__isnull=True, model="", estimator="")
                | Q(
                    method="attribute",
                    model__in=["binomial", "poisson", "hypergeometric"],
                    tolerable_rate__isnull=False,
                    expected_rate__isnull=False,
                    tolerable_rate__gt=F("expected_rate"),
                    expected_rate__gte=NOTHING,
                    tolerable__isnull=True,
                    expected__isnull=True,
                )
                | (Q(method="money", estimator="") | Q(method__in=["random", "strata"]) & ~Q(estimator=""))
                & Q(estimator__in=["", "difference", "ratio", "mean"], model="")
                & Q(tolerable__isnull=False, expected__isnull=False)
                & Q(tolerable__gt=F("expected"), expected__gte=NOTHING),
            ),
            models.CheckConstraint(
                name="sample_size_has_its_reasons",
                condition=Q(method="judgement", computed__isnull=True)
                | Q(size__isnull=False, computed__isnull=False, confidence__isnull=False)
                & Q(size__gte=1, computed__gte=1, confidence__gte=50, confidence__lt=100)
                & (Q(size__gte=F("computed")) | ~Q(size_reason="")),
            ),
            models.CheckConstraint(
                name="sample_strata_have_bounds",
                condition=Q(method="strata", bounds__len__gte=1, allocation__in=["number", "amount", "spread"])
                | ~Q(method="strata") & Q(bounds=[], shares=[], allocation=""),
            ),
            models.CheckConstraint(
                name="sample_has_a_seed_once_it_was_drawn",
                condition=Q(method="judgement", seed="", generator="")
                | Q(state="planned", seed="", generator="", drawn_by__isnull=True, drawn_at__isnull=True)
                | Q(state="void", seed="", generator="")
                | Q(seed__regex="^[0-9a-f]{64}$", drawn_by__isnull=False, drawn_at__isnull=False)
                & ~Q(generator="")
                & ~Q(state="planned"),
            ),
            models.CheckConstraint(
                name="sample_concluded_says_what",
                condition=Q(state="concluded", estimate__isnull=False, concluded_by__isnull=False)
                & Q(concluded_at__isnull=False)
                & ~Q(conclusion="")
                | ~Q(state="concluded")
                & Q(estimate__isnull=True, concluded_by__isnull=True, concluded_at__isnull=True, conclusion=""),
            ),
            models.CheckConstraint(
                name="sample_given_up_says_why",
                condition=Q(state="void") & ~Q(void_reason="") | ~Q(state="void") & Q(void_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_judgement(self) -> bool:
        """Whether people chose its items, so that it says nothing about the others."""
        return self.method == Sample.Method.JUDGEMENT


@pghistory.track()
class SampleItem(models.Model):
    """One item of a sample (样本项目): what examining it showed, and that somebody else looked at it too.

    `amount` is the population's, `right_amount` what would have been right. Sent back, it is examined again.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {("", "open"), ("open", "examined"), ("examined", "agreed"), ("examined", "open")}
    )

    class State(models.TextChoices):
        OPEN = "open", _("to be examined")
        EXAMINED = "examined", _("to be looked at by another")
        AGREED = "agreed", _("agreed")

    class Outcome(models.TextChoices):
        RIGHT = "right", _("right")
        WRONG = "wrong", pgettext_lazy("sample", "wrong")

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="items", verbose_name=_("audit sample"))
    row = models.ForeignKey(PopulationRow, models.PROTECT, related_name="+", verbose_name=_("item of a population"))
    position = models.PositiveIntegerField(_("position"))
    stratum = models.PositiveSmallIntegerField(_("stratum"), default=1)
    is_certain = models.BooleanField(_("certain"), default=False)
    reason = models.CharField(_("chosen because"), max_length=300, blank=True, default="")
    amount = models.DecimalField(_("amount, yuan"), max_digits=14, decimal_places=2)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(_("result of examining"), max_length=5, choices=Outcome.choices, blank=True, default="")
    right_amount = models.DecimalField(_("right amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    why = models.CharField(_("what is wrong"), max_length=500, blank=True, default="")
    paper = models.CharField(_("work paper"), max_length=60, blank=True, default="")
    examined_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("examined by")
    )
    examined_at = models.DateTimeField(_("examined at"), null=True, blank=True)
    looked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("second look by")
    )
    looked_at = models.DateTimeField(_("second look at"), null=True, blank=True)
    remark = models.CharField(_("remark of the second look"), max_length=300, blank=True, default="")

    objects = SampleItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a sample")
        ordering = ["sample", "position"]
        indexes = [models.Index(fields=["state", "sample"], name="sample_item_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["sample", "position"], name="sample_item_has_its_position"),
            models.UniqueConstraint(fields=["sample", "row"], name="sample_item_once"),
            models.CheckConstraint(
                name="sample_item_is_examined_whole",
                condition=Q(state="open", outcome="", right_amount__isnull=True, examined_by__isnull=True)
                | ~Q(state="open")
                & Q(right_amount__isnull=False, examined_by__isnull=False, examined_at__isnull=False)
                & Q(right_amount__gte=NOTHING)
                & (Q(outcome="right", right_amount=F("amount")) | Q(outcome="wrong") & ~Q(why="")),
            ),
            models.CheckConstraint(
                name="sample_item_is_looked_at_by_another",
                condition=Q(examined_by__isnull=True) | Q(looked_by__isnull=True) | ~Q(looked_by=F("examined_by")),
            ),
            models.CheckConstraint(
                name="sample_item_agreed_says_by_whom",
                condition=~Q(state="agreed") | Q(looked_by__isnull=False, looked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample} {self.position}"

    @property
    def error(self) -> Decimal:
        """What was paid too much, in yuan; below nothing where it was too little; nothing while it is open."""
        return NOTHING if self.right_amount is None else self.amount - self.right_amount
