"""Households and their members (家庭户、参合人员): the register, whatever scheme they are in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models.divisions import Division, in_sight
from enrollment.models.schemes import Category
from office.models import Person
from office.rules import masking


class Relation(models.TextChoices):
    """What a member is to the head (与户主关系); the same as in enrollment/rules/categories.py."""

    HEAD = "head", _("head")
    SPOUSE = "spouse", _("spouse")
    SON = "son", _("son")
    DAUGHTER = "daughter", _("daughter")
    SON_IN_LAW = "son_in_law", _("son-in-law")
    DAUGHTER_IN_LAW = "daughter_in_law", _("daughter-in-law")
    GRANDCHILD = "grandchild", _("grandchild")
    PARENT = "parent", _("parent")
    PARENT_IN_LAW = "parent_in_law", _("parent-in-law")
    GRANDPARENT = "grandparent", _("grandparent")
    SIBLING = "sibling", _("sibling")
    OTHER = "other", _("other")


class Sex(models.TextChoices):
    """As the identity number tells it."""

    MALE = "M", _("male")
    FEMALE = "F", _("female")


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_household") -> HouseholdQuerySet:
        """The households of the townships that a person's bodies serve."""
        return self.filter(in_sight(person, right, "village__"))


@pghistory.track(level=pgtrigger.Statement)
class Household(models.Model):
    """People who enroll together (家庭户): all members or none (domain rule: 以户为单位)."""

    number = models.CharField(_("household number"), max_length=24, unique=True)
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("village"))
    address = models.CharField(_("address"), max_length=120, blank=True, default="")
    registered_on = models.DateField(_("registered on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"))

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["number"], name="household_number_prefix", opclasses=["text_pattern_ops"]),
            models.Index(fields=["-id"], condition=Q(ended_on__isnull=False), name="household_ended"),
        ]
        constraints = [
            models.CheckConstraint(name="household_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="household_ends_after_it_began",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("registered_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_member") -> MemberQuerySet:
        """The members of the townships that a person's bodies serve."""
        return self.filter(in_sight(person, right, "household__village__"))

    def records_of(self, people: Iterable[int]) -> MemberQuerySet:
        """The records of some people, by number: their own and those of their doubles. What stands under them is looked
        for in two steps, because no index serves "his own or of one whose record was merged into his" in one."""
        numbers = list(people)
        return self.filter(Q(pk__in=numbers) | Q(merged_into__in=numbers))

    def living(self) -> MemberQuerySet:
        """Those who belong to a household today."""
        return self.filter(state=Member.State.LIVING)


@pghistory.track(level=pgtrigger.Statement)
class Member(models.Model):
    """A person in the register (参合人员). Never deleted: dies, moves away, or is found to be another one's double."""

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {
            ("", "living"),
            ("living", "dead"),
            ("living", "moved_away"),
            ("living", "merged"),
            ("dead", "living"),  # it was another one
            ("dead", "merged"),
            ("moved_away", "living"),  # came back
            ("moved_away", "dead"),
            ("moved_away", "merged"),
        }
    )

    class State(models.TextChoices):
        LIVING = "living", _("living here")
        DEAD = "dead", _("dead")
        MOVED_AWAY = "moved_away", _("moved away")
        MERGED = "merged", _("a double of another record")

    household = models.ForeignKey(Household, models.PROTECT, related_name="members", verbose_name=_("household"))
    is_head = models.BooleanField(_("head of the household"), default=False)
    name = models.CharField(_("name"), max_length=60)
    search_keys = ArrayField(models.CharField(max_length=12), default=list, editable=False)
    id_number = models.CharField(_("ID number"), max_length=18, null=True, blank=True)  # noqa: DJ001  one person's, or none
    id_given = models.CharField(_("ID number as given"), max_length=18, blank=True, default="")
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True, default="")
    birth_date = models.DateField(_("birth date"))
    relation = models.CharField(_("relation to the head"), max_length=16, choices=Relation.choices)
    category = models.CharField(_("category"), max_length=16, choices=Category.choices, default=Category.ORDINARY)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.LIVING)
    state_on = models.DateField(_("since"), null=True, blank=True)
    state_reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="doubles", verbose_name=_("double of")
    )
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"))

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("register", "member")
        ordering = ["pk"]
        permissions = [("show_id_number", "Can see whole ID numbers")]
        indexes = [
            models.Index(fields=["name"], name="member_name_prefix", opclasses=["text_pattern_ops"]),
            models.Index(fields=["id_number"], name="member_id_prefix", opclasses=["text_pattern_ops"]),
            models.Index(OpClass(Reverse("id_number"), "text_pattern_ops"), name="member_id_tail"),
            GinIndex(fields=["search_keys"], name="member_search_keys"),
            models.Index(fields=["name"], name="member_by_name"),
            models.Index(fields=["birth_date"], name="member_by_birth_date"),
            models.Index(fields=["category", "-id"], condition=~Q(category="ordinary"), name="member_of_category"),
            models.Index(fields=["state", "-id"], condition=~Q(state="living"), name="member_no_longer_living"),
        ]
        constraints = [
            models.CheckConstraint(name="member_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="member_id_number_is_one",
                condition=Q(id_number__isnull=True) | Q(id_number__regex=r"^[0-9]{17}[0-9X]$"),
            ),
            models.UniqueConstraint(
                fields=["id_number"], condition=~Q(state="merged"), name="member_id_number_is_one_persons"
            ),
            models.UniqueConstraint(
                fields=["household"], condition=Q(is_head=True, state="living"), name="member_one_head_in_a_household"
            ),
            models.CheckConstraint(
                name="member_state_is_known", condition=Q(state__in=["living", "dead", "moved_away", "merged"])
            ),
            models.CheckConstraint(
                name="member_state_has_its_day", condition=Q(state="living") | Q(state_on__isnull=False)
            ),
            models.CheckConstraint(
                name="member_double_names_the_other",
                condition=Q(state="merged", merged_into__isnull=False)
                | ~Q(state="merged") & Q(merged_into__isnull=True),
            ),
            models.CheckConstraint(
                name="member_is_no_double_of_itself", condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk"))
            ),
            models.CheckConstraint(name="member_sex_is_known", condition=Q(sex__in=["", "M", "F"])),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_id(self) -> str:
        """The ID number as lists show it; empty while it is to be added (待补)."""
        return masking.masked(self.id_number) if self.id_number else ""
