"""What every service of an engagement begins with: the right, the engagement as it stands, who is named for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext as _

from audit.models import Engagement
from audit.selectors import own_work
from office import access
from office.models import Act, Person
from office.stale import Stale
from office.subjects import Name

PLAN: Final = "audit.add_engagement"
WRITE: Final = "audit.add_workpaper"
DRAFT: Final = "audit.add_finding"
CHECK: Final = "audit.add_rectificationcheck"
DEMAND: Final = "audit.add_demand"
WAIVE: Final = "audit.add_waiver"
REPORT: Final = "audit.add_auditreport"
ANSWER: Final = "audit.add_findinganswer"
RECTIFY: Final = "audit.change_rectification"


class CannotAudit(Exception):
    """Nothing was changed; the message is written for whoever asked, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


def refuse_without(by: Person, right: str) -> None:
    """Raises CannotAudit where none of a person's duties gives a right."""
    if not any(access.grants(one.duty, right) for one in access.duties_of(by)):
        raise CannotAudit(_("None of your duties allows this."))


def said(text: str, field: str) -> str:
    """Words that must not be missing. Raises CannotAudit."""
    if not text.strip():
        raise CannotAudit(_("Say it in words."), field)
    return text.strip()


def content_of(record: models.Model, names: Iterable[str]) -> dict[str, str]:
    """Columns of a record as plain text, to say later whether somebody changed them."""
    columns = {one.name: one.attname for one in record._meta.concrete_fields}
    return {name: str(getattr(record, columns[name])) for name in names}


def refuse_stale(current: models.Model, seen: Mapping[str, str] | None) -> None:
    """Raises Stale where a record is not as it was on the screen; `seen` are the columns that stood there, None where
    nobody looked."""
    if seen is None or (seen and content_of(current, seen) == seen):
        return
    last = Act.objects.filter(subject_type=current._meta.label_lower, subject_id=str(current.pk), kind=Act.Kind.DONE)
    changed = last.order_by("-pk").select_related("by").first()
    current.changed_by, current.changed_at = (changed.by, changed.at) if changed else (None, None)  # type: ignore[attr-defined]
    raise Stale(current)


def locked(engagement: Engagement, *states: str) -> Engagement:
    """An engagement in one of these states, which it keeps until the end of the transaction. Raises CannotAudit."""
    current = Engagement.objects.select_for_update(of=["self"], no_key=True).get(pk=engagement.pk)
    if current.state not in states:
        raise CannotAudit(_("This engagement is %(state)s.") % {"state": current.get_state_display()})
    return current


def is_named(engagement: Engagement, person: Person) -> bool:
    """Whether somebody works on an engagement: is named for it, and was not taken off."""
    return engagement.members.there().filter(person=person).exists()


def was_named(engagement: Engagement, person: Person) -> bool:
    """Whether somebody works on an engagement, or did."""
    return engagement.members.filter(person=person).exists()


def in_the_field(engagement: Engagement, by: Person, right: str) -> Engagement:
    """An engagement that is under way, locked, for somebody of its people. Raises CannotAudit."""
    refuse_without(by, right)
    current = locked(engagement, Engagement.State.NOTICED)
    refuse_strangers(current, by)
    return current


def hold_for(engagement: Engagement, by: Person) -> None:
    """Hold an engagement in whatever state for somebody of its people, who is not taken off before the end of the
    transaction. Raises CannotAudit."""
    current = Engagement.objects.select_for_update(of=["self"], no_key=True).get(pk=engagement.pk)
    refuse_strangers(current, by)


def refuse_strangers(engagement: Engagement, by: Person) -> None:
    """Raises CannotAudit where somebody is not named for an engagement."""
    if not is_named(engagement, by):
        if was_named(engagement, by):
            raise CannotAudit(_("You were taken off this engagement."))
        raise CannotAudit(_("You are not named for this engagement."))


def refuse_own_work(by: Person, subject: Name, field: str = "number") -> None:
    """Raises CannotAudit where somebody would look at what he entered, checked or decided himself."""
    if own_work.had_a_hand(by, subject):
        raise CannotAudit(_("You had a hand in this yourself: somebody else of the engagement looks at it."), field)
