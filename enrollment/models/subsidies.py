"""Who is paid for by others, and what the levels of government owe (资助名单、补助资金申请)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models.households import Member
from enrollment.models.schemes import Category, FundYear, SubsidyRate
from office.models import Attachment, Person


class AssistanceList(models.Model):
    """A list of civil affairs or another bureau: who of a category is helped in a year (资助对象名单).

    The newest list of a category is the one in force. Only ever added to.
    """

    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))
    category = models.CharField(_("category"), max_length=16, choices=Category.choices)
    paper_number = models.CharField(_("number of the paper"), max_length=60)
    paper_date = models.DateField(_("date of the paper"))
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("file"))
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(_("rows"))
    brought_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("brought by"))
    brought_at = models.DateTimeField(_("brought at"))

    class Meta:
        verbose_name = _("list of those helped")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund_year", "category", "sha256"], name="assistance_list_once"),
            models.CheckConstraint(name="assistance_list_has_a_paper", condition=~Q(paper_number="")),
            models.CheckConstraint(
                name="assistance_list_is_of_a_group",
                condition=Q(category__in=["five_guarantees", "low_income", "veteran", "disabled"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.fund_year}"


class AssistanceLine(models.Model):
    """One person on such a list as it names him, and who he is in the register. Only ever added to."""

    list = models.ForeignKey(AssistanceList, models.PROTECT, related_name="lines", verbose_name=_("list"))
    row = models.PositiveIntegerField(_("row"))
    name = models.CharField(_("name"), max_length=60)
    id_number = models.CharField(_("ID number"), max_length=18, blank=True, default="")
    village = models.CharField(_("village"), max_length=60, blank=True, default="")
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("register", "member"),
    )

    class Meta:
        verbose_name = _("person on a list")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["list", "row"], name="assistance_line_once"),
            models.UniqueConstraint(fields=["list", "member"], name="assistance_line_one_for_a_member"),
            models.CheckConstraint(name="assistance_line_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class SubsidyClaim(models.Model):
    """What the office asks of one payer for a fund year (补助资金申请): heads times rate, as counted on a day, in yuan.

    The payer is a level of government with its instalment, or medical assistance for those it pays for. What a later
    count changes is asked for by a further claim for the difference; a claim is only ever added. `by_township` keeps
    the count behind it, township by township: code, name, people, and what is due for them in yuan.
    """

    class Payer(models.TextChoices):
        CENTRAL = "central", _("central")
        PROVINCE = "province", _("province or region")
        CITY = "city", _("city")
        COUNTY = "county", _("county")
        ASSISTANCE = "assistance", _("medical assistance")

    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))
    payer = models.CharField(_("payer"), max_length=12, choices=Payer.choices)
    rate = models.ForeignKey(
        SubsidyRate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instalment")
    )
    number = models.CharField(_("number of the claim"), max_length=40, unique=True)
    counted_on = models.DateField(_("counted on"))
    heads = models.PositiveIntegerField(_("people"))
    due = models.DecimalField(_("due altogether"), max_digits=14, decimal_places=2)
    claimed_before = models.DecimalField(_("claimed before"), max_digits=14, decimal_places=2, default=Decimal(0))
    amount = models.DecimalField(_("claimed now"), max_digits=14, decimal_places=2)
    by_township = models.JSONField(_("by township"))
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("claim for subsidies")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="subsidy_claim_is_for_a_payer",
                condition=Q(payer="assistance", rate__isnull=True)
                | Q(payer__in=["central", "province", "city", "county"], rate__isnull=False),
            ),
            models.CheckConstraint(
                name="subsidy_claim_adds_up", condition=Q(amount=F("due") - F("claimed_before")) & ~Q(amount=Decimal(0))
            ),
            models.CheckConstraint(name="subsidy_claim_has_a_number", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def places(self) -> list[tuple[str, str, int, Decimal]]:
        """The count behind it: code and name of each township, people, and what is due for them in yuan."""
        return [(code, name, heads, Decimal(due)) for code, name, heads, due in self.by_township]
