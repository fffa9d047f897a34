"""What every change of the register begins and ends with: whose it is, what is locked, who is head of a household.

Order of locks, everywhere: the village that gives a number, households by id, members by id, then what hangs on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import reduce, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enrollment.models import Division, Household, Member, Relation
from enrollment.rules import relations
from office import trail
from office.models import Person
from office.rules import days

LIVING = Member.State.LIVING

Given = ParamSpec("Given")
Done = TypeVar("Done")


class CannotKeep(Exception):
    """The register stays as it was; the message is written for the clerk, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class OutOfSight(CannotKeep):
    """Somebody tries to change what he does not see."""


def in_sight(
    act: str, subject: str, refusal: type[Exception] = CannotKeep
) -> Callable[[Callable[Given, Done]], Callable[Given, Done]]:
    """A service in one transaction. What is tried out of sight raises `refusal`, and is written as an act after the
    rollback, also where no page asked. `subject` is the argument that the act is about ("coverage.member")."""

    def around(service: Callable[Given, Done]) -> Callable[Given, Done]:
        @wraps(service)
        def seen(*none: Given.args, **given: Given.kwargs) -> Done:
            try:
                with transaction.atomic():
                    return service(*none, **given)
            except OutOfSight as unseen:
                told: dict[str, Any] = given
                name, *path = subject.split(".")
                about = reduce(getattr, path, told[name])
                trail.refused(act, about, by=told["by"], at=told["at"], reason=str(unseen))
                if isinstance(unseen, refusal):
                    raise
                said = refusal(str(unseen))
                if hasattr(said, "field"):
                    said.field = unseen.field
                raise said from unseen

        return seen

    return around


def refuse_unseen(villages: Iterable[int], *, by: Person, right: str) -> None:
    """A clerk changes what lies in the townships that his station serves, and moves nothing out of them."""
    wanted = set(villages)
    seen = Division.objects.visible_to(by, right).filter(pk__in=wanted, level=Division.Level.VILLAGE)
    if seen.count() < len(wanted):
        raise OutOfSight(_("This village is not among those that your office serves."), "village")


def refuse_day(on: date, *, at: datetime, since: date | None = None, field: str = "on") -> None:
    """The register says what has happened: no day to come, and none before the thing itself began."""
    if on > days.business_day(at):
        raise CannotKeep(_("This day has not come yet."), field)
    if since is not None and on < since:
        raise CannotKeep(_("This day lies before %(since)s.") % {"since": since.isoformat()}, field)


def lock(*households: int) -> dict[int, Household]:
    """Households as they are now, locked by id, with all their members after them."""
    found = Household.objects.select_related("village").filter(pk__in=households).order_by("pk")
    return {one.pk: one for one in found.select_for_update(no_key=True, of=["self"])}


def lock_members(*households: int) -> list[Member]:
    """All members of households that are locked already, doubles too, locked by id."""
    found = Member.objects.filter(household__in=households).order_by("pk")
    return list(found.select_for_update(no_key=True, of=["self"]))


def lock_home(member: Member, *others: int) -> tuple[Member, list[Member], dict[int, Household]]:
    """A member as he is now, all members and the households: his own and `others`, under their locks."""
    home = Member.objects.values_list("household", flat=True).get(pk=member.pk)
    households = lock(home, *others)
    members = lock_members(*households)
    current = next((one for one in members if one == member), None)
    if current is None:
        raise CannotKeep(_("This member has come to another household meanwhile. Open the page again."))
    return current, members, households


def living(members: Iterable[Member], household: int) -> list[Member]:
    """Of some members those who belong to a household today."""
    return [one for one in members if one.household_id == household and one.state == LIVING]


def head_after(
    leaving: Iterable[Member], members: Iterable[Member], household: int, named: Member | None
) -> int | None:
    """Who becomes head when some leave a household; None where its head stays or nobody does.

    Whoever is left has a head: he is named together with the leaving.
    """
    gone = {one.pk for one in leaving}
    here = living(members, household)
    staying = [one for one in here if one.pk not in gone]
    if not staying or not any(one.is_head for one in here if one.pk in gone):
        return None
    if named not in staying:
        raise CannotKeep(_("Name who of the others is head of the household from now on."), "new_head")
    return named.pk


def name_head(members: Iterable[Member], household: int, head: int, *, by: Person, at: datetime) -> None:
    """Make somebody head of a household; what the others are to him follows from what they were to the one before."""
    here = [one for one in members if one.household_id == household and one.state != Member.State.MERGED]
    named = next(one for one in here if one.pk == head)
    for one in here:
        if one.pk != head and (one.is_head or one.state == LIVING):
            one.relation = relations.after(one.relation, one.sex, named.relation).value
            one.is_head = False
            touch(one, "relation", "is_head", by=by, at=at)
    named.relation, named.is_head = Relation.HEAD, True
    touch(named, "relation", "is_head", by=by, at=at)


def touch(record: Household | Member, *fields: str, by: Person, at: datetime) -> None:
    """Save some fields of a locked record, with whose change it is."""
    record.version += 1
    record.changed_by, record.changed_at = by, at
    record.save(update_fields=[*fields, "version", "changed_by", "changed_at"])


@contextmanager
def refusing(constraint: str, sentence: Callable[[], str], field: str) -> Iterator[None]:
    """Say in words what a unique key of the database refuses, also when somebody else was faster."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refusal:
        name: str = getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", None) or ""
        if not name.startswith(constraint):
            raise
        raise CannotKeep(sentence(), field) from refusal
