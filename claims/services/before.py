"""What all papers before a claim begin with: the desk, the scheme that insures, the number, the day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection, models
from django.db.models import Max
from django.utils.translation import gettext as _

from claims.models import Provider
from enrollment.models import Member, Scheme
from enrollment.selectors.coverage import coverage_on
from enrollment.services.keeping import CannotKeep
from office import access
from office.models import Body, Person
from office.rules import days


def desk_of(by: Person, right: str) -> Body:
    """The body at which somebody uses a right today. Raises CannotKeep where he has it nowhere."""
    for one in access.duties_of(by):
        if access.grants(one.duty, right):
            return one.body
    raise CannotKeep(_("None of your duties allows this."))


def own_hospital(body: Body) -> Provider | None:
    """The hospital whose desk a body is."""
    return Provider.objects.filter(body=body).first()


def insured_by(member: Member, day: date, field: str = "member") -> Scheme:
    """The scheme that covers a person on a day. Raises CannotKeep where none does."""
    found = coverage_on(member, day)
    if not found.covered:
        raise CannotKeep(
            _("%(name)s was not insured on %(day)s.") % {"name": member.name, "day": day.isoformat()}, field
        )
    return next(one for one in found.coverages).scheme


def refuse_days(first: date, last: date, *, at: datetime, field: str) -> None:
    """Nothing is noted of a day that has not come, nor in the wrong order. Raises CannotKeep."""
    if last > days.business_day(at):
        raise CannotKeep(_("This day has not come yet."), field)
    if first > last:
        raise CannotKeep(_("This day lies before %(since)s.") % {"since": first.isoformat()}, field)


def said(text: str, field: str) -> str:
    """Words that must not be missing. Raises CannotKeep."""
    if not text.strip():
        raise CannotKeep(_("Say it in words."), field)
    return text.strip()


def next_number(model: type[models.Model], prefix: str, day: date) -> str:
    """The next number of a year's run, such as ZZ2010-00001; one writer at a time takes one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{model._meta.db_table}:{day.year}"])
    begin = f"{prefix}{day.year}-"
    found: Any = model._default_manager.filter(number__startswith=begin).aggregate(last=Max("number"))["last"]
    return f"{begin}{int(found.removeprefix(begin)) + 1 if found else 1:05d}"
