"""Providers (医疗机构): made known, corrected, closed. Their agreements are the matter of agreements.py.

A clerk who takes claims in makes a provider outside the county known when the first invoice of it comes; whoever keeps
the providers does the rest. Order of locks: the provider, its agreements.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from claims.models import Provider
from claims.rules import searching
from claims.services.search_keys import keys_of
from office import trail
from office.models import Body, Person
from office.rules import days
from office.stale import lock_as_seen

VIEW = "claims.view_provider"
ADD = "claims.add_provider"
KEEP = "claims.change_provider"

#: What is noted of a provider.
FIELDS = ("code", "name", "level", "tier", "region", "division", "body", "phone", "address")
DESKS = (Body.Kind.HOSPITAL, Body.Kind.CLINIC)


class CannotKeepProvider(Exception):
    """The providers stay as they were; the message is written for who keeps them, `field` is what it is about."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def add_provider(*, said: Mapping[str, Any], by: Person, at: datetime) -> Provider:
    """Make a provider known; `said` has the FIELDS. Raises CannotKeepProvider."""
    fields = _fields(said)
    if not by.has_perm(KEEP) and fields["region"] != Provider.Region.OUTSIDE:
        raise CannotKeepProvider(
            _("Providers inside the county are made known by those who keep the agreements."), "region"
        )
    with _in_words():
        added = Provider.objects.create(changed_by=by, changed_at=at, **fields)
        trail.record("provider.added", added, by=by, at=at, right=ADD, **_facts(added))
    return added


def change_provider(
    *, provider: Provider, said: Mapping[str, Any], seen_version: int, by: Person, at: datetime
) -> Provider:
    """Correct what is noted of a provider. Raises Stale, CannotKeepProvider."""
    fields = _fields(said)
    with _in_words():
        current = lock_as_seen(provider, seen_version)
        before = _facts(current)
        _write(current, fields, by, at)
        now = _facts(current)
        changed: dict[str, Any] = {
            name: f"{before[name]} -> {value}" for name, value in now.items() if before[name] != value
        }
        trail.record("provider.changed", current, by=by, at=at, right=KEEP, **changed)
    return current


@transaction.atomic
def close_provider(*, provider: Provider, on: date, by: Person, at: datetime) -> Provider:
    """Note the day from which a provider treats nobody any more. Raises CannotKeepProvider."""
    current = Provider.objects.select_for_update(of=["self"]).get(pk=provider.pk)
    if current.closed_on:
        raise CannotKeepProvider(_("It is closed since %(day)s already.") % {"day": current.closed_on})
    if on > days.business_day(at):
        raise CannotKeepProvider(_("This day has not come yet."), "on")
    if beyond := current.agreements.filter(Q(period__endswith__gt=on) | Q(period__endswith__isnull=True)).first():
        raise CannotKeepProvider(
            _("The agreement %(number)s runs beyond this day: end it first.") % {"number": beyond.number}, "on"
        )
    _write(current, {"closed_on": on}, by, at)
    trail.record("provider.closed", current, by=by, at=at, right=KEEP, closed_on=on)
    return current


@transaction.atomic
def reopen_provider(*, provider: Provider, by: Person, at: datetime) -> Provider:
    """Take a closing back: the provider treats people after all. Raises CannotKeepProvider."""
    current = Provider.objects.select_for_update(of=["self"]).get(pk=provider.pk)
    if current.closed_on is None:
        raise CannotKeepProvider(_("It is not closed."))
    trail.record("provider.reopened", current, by=by, at=at, right=KEEP, was_closed_on=current.closed_on)
    _write(current, {"closed_on": None}, by, at)
    return current


def _write(current: Provider, fields: Mapping[str, Any], by: Person, at: datetime) -> None:
    for name, value in fields.items():
        setattr(current, name, value)
    current.version += 1
    current.changed_by, current.changed_at = by, at
    current.save()


def _fields(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of what was typed. Raises CannotKeepProvider."""
    fields: dict[str, Any] = {name: said.get(name) for name in FIELDS}
    fields |= {name: searching.plain(said.get(name) or "") for name in ("name", "phone", "address")}
    fields["code"] = searching.code_of(said.get("code") or "")
    for name in ("code", "name"):
        if not fields[name]:
            raise CannotKeepProvider(_("A provider has a code and a name."), name)
    if fields["tier"] not in range(1, 4):
        raise CannotKeepProvider(_("A provider is of tier 1, 2 or 3."), "tier")
    body, division = fields["body"], fields["division"]
    is_outside = fields["region"] == Provider.Region.OUTSIDE
    if is_outside and body:
        raise CannotKeepProvider(_("A provider outside the county has no desk here."), "body")
    if is_outside and division:
        raise CannotKeepProvider(_("A provider outside the county lies in none of its townships."), "division")
    if body and body.kind not in DESKS:
        raise CannotKeepProvider(_("The desk of a provider is a hospital's or a clinic's."), "body")
    return fields | {"search_keys": keys_of(fields["name"])}


def _facts(provider: Provider) -> dict[str, Any]:
    facts = {name: str(getattr(provider, name) or "") for name in FIELDS}
    return {"called": facts.pop("name"), **facts}


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """What the database refuses is said in a sentence. Raises CannotKeepProvider."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refusal:
        if "(body_id)" in str(refusal):
            raise CannotKeepProvider(_("This desk belongs to another provider."), "body") from refusal
        raise CannotKeepProvider(_("There is a provider of this code already."), "code") from refusal
