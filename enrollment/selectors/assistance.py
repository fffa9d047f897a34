"""A list of those helped beside the register: who is on both, who on one alone, who is there as somebody else."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, JSONObject
from django.utils.translation import gettext_lazy as _

from enrollment.models import AssistanceLine, AssistanceList, Contribution, ContributionRate, Division, Member
from office.models import Person

RIGHT = "enrollment.view_assistancelist"


class Kind(models.TextChoices):
    """What comparing a list with the register can come to, for somebody on the list."""

    AGREED = "agreed", _("on the list and in the register with this category")
    MISSING = "missing", _("on the list, not living in the register")
    OTHERWISE = "otherwise", _("on the list, in the register with another category")
    PAID = "paid", _("on the list and paid himself")


def in_force(lists: QuerySet[AssistanceList]) -> QuerySet[AssistanceList]:
    """Lists with `is_in_force`: the newest of its year and category."""
    newer = AssistanceList.objects.filter(
        fund_year=OuterRef("fund_year"), category=OuterRef("category"), pk__gt=OuterRef("pk")
    )
    return lists.annotate(is_in_force=~Exists(newer))


def compared(of: AssistanceList, kind: str, person: Person) -> QuerySet[AssistanceLine]:
    """People of a list in sight to whom this applies, each with `told` (who he is now) and `paid` (his own part).

    Who was matched when the list was taken in, or came into the register since; a double counts as the one it was
    merged into.
    """
    lines = _lines(of)
    living = Member.objects.living().filter(pk=OuterRef("who"))
    match kind:
        case Kind.AGREED:
            lines = lines.filter(Exists(living.filter(category=of.category)))
        case Kind.OTHERWISE:
            lines = lines.filter(Exists(living.exclude(category=of.category)))
        case Kind.MISSING:
            lines = lines.filter(~Exists(living))
        case _:
            lines = lines.filter(paid__gt=_own_part(of))
    return lines.filter(_in_sight(person)).order_by("row")


def unlisted(of: AssistanceList, person: Person) -> QuerySet[Member]:
    """Who has the category in the register and is not on the list."""
    listed = _lines(of).filter(who=OuterRef("pk"))
    found = Member.objects.living().filter(~Exists(listed), category=of.category).visible_to(person, RIGHT)
    return found.select_related("household__village__parent").order_by("household__village__code", "pk")


def _lines(of: AssistanceList) -> QuerySet[Any]:
    """The people of a list with `who` they are in the register."""
    same = Member.objects.exclude(state=Member.State.MERGED).filter(id_number=OuterRef("id_number"))
    lines = of.lines.annotate(
        who=Coalesce("member__merged_into", "member", Subquery(same.exclude(id_number="").values("pk")[:1]))
    )
    told = Member.objects.filter(pk=OuterRef("who")).values(
        told=JSONObject(
            pk="pk",
            name="name",
            household="household__number",
            township="household__village__parent__name",
            village="household__village__name",
            category="category",
            state="state",
        )
    )
    paid = Contribution.objects.filter(
        Q(member=OuterRef("who")) | Q(member=OuterRef("member")), fund_year=of.fund_year_id, void_reason=""
    )
    return lines.annotate(told=Subquery(told), paid=Subquery(paid.order_by("-own").values("own")[:1]))


def _own_part(of: AssistanceList) -> Any:
    """What somebody of this category pays himself."""
    rates = ContributionRate.objects.filter(fund_year=of.fund_year_id, category=of.category)
    return Subquery(rates.values("own")[:1])


def _in_sight(person: Person) -> Any:
    """His people of the register, and whoever is not in it and lives in one of his villages by the list's words."""
    if person.bodies_in_sight(RIGHT) is None:
        return Q()
    villages = Division.objects.visible_to(person, RIGHT).filter(level=Division.Level.VILLAGE)
    written = Concat("parent__name", Value(" "), "name", output_field=CharField())
    place = OuterRef("village")
    his = villages.annotate(written=written).filter(Q(name=place) | Q(code=place) | Q(written=place))
    seen = Member.objects.visible_to(person, RIGHT).filter(pk=OuterRef("who"))
    return Q(Exists(seen)) | Q(Exists(his), who__isnull=True)
