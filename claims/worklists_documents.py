"""What waits of registers and lists: those to finish, to sample, to decide, to settle."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import BulkDocument, ClaimsRound
from claims.selectors import bulk
from claims.services.document_settling import SETTLE
from claims.services.documents import ADD, CHECK, VIEW
from office import desk
from office.models import Person
from office.rules import days, money


def register() -> None:
    """Called once when the app is ready."""
    for name, title, icon, right, found in (
        ("to-finish", gettext_lazy("Registers and lists to finish and hand in"), "inbox", ADD, bulk.to_finish),
        ("to-sample", gettext_lazy("Registers and lists to sample"), "search", CHECK, bulk.to_sample),
        ("to-settle", gettext_lazy("Registers and lists to settle"), "inbox", SETTLE, bulk.to_settle_now),
    ):
        desk.register(_documents(name, title, icon, right, found))
    desk.register(
        desk.Worklist(
            name="claims.documents-to-decide",
            title=gettext_lazy("Registers and lists to decide"),
            icon="circle-check",
            right=VIEW,
            url=lambda: reverse("office:worklist", args=["claims.documents-to-decide"]),
            waiting=to_decide,
            takes={ClaimsRound: still_to_decide},
        )
    )


def _documents(name: str, title: Any, icon: str, right: str, found: Any) -> desk.Worklist:
    def waiting(person: Person, look: desk.Look) -> desk.Waiting:
        seen = _told(found().filter(pk__in=BulkDocument.objects.visible_to(person, right)))
        if right == CHECK:
            seen = seen.exclude(entered_by=person)
        return _with_amount(look.over(seen, _document_lines), seen, "total")

    def still(numbers: Collection[str]) -> list[desk.Item]:
        return desk.lines_with_subjects(list(_told(found().filter(pk__in=numbers))), _document_lines)

    return desk.Worklist(
        name=f"claims.documents-{name}",
        title=title,
        icon=icon,
        right=right,
        url=lambda: reverse("office:worklist", args=[f"claims.documents-{name}"]),
        waiting=waiting,
        takes={BulkDocument: still},
    )


def _told(found: QuerySet[BulkDocument]) -> QuerySet[BulkDocument]:
    return found.select_related("provider").order_by("state_since", "pk")


def _document_lines(some: Sequence[BulkDocument]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.number} {one.provider} · {one.month:%Y-%m}",
            reverse("claims:bulk_document", args=[one.pk]),
            datetime.combine(one.state_since, time.min, days.SHANGHAI),
            _("%(state)s, %(rows)s rows") % {"state": one.get_state_display(), "rows": one.row_count},
        )
        for one in some
    ]


def to_decide(person: Person, look: desk.Look) -> desk.Waiting:
    """Documents that wait for this person's decision."""
    found = bulk.waiting_for(person, look.today)
    return _with_amount(look.over(found, _round_lines), found, "amount")


def _with_amount(waiting: desk.Waiting, found: QuerySet[Any], name: str) -> desk.Waiting:
    """How much money it is about, where anything waits at all."""
    if not waiting.count:
        return waiting
    return replace(waiting, amount=found.order_by().aggregate(all=Sum(name))["all"])


def still_to_decide(numbers: Collection[str]) -> list[desk.Item]:
    """Of some rounds those that nobody has decided yet."""
    found = ClaimsRound.objects.filter(subject_type="claims.bulkdocument", state="open", pk__in=numbers)
    return desk.lines_with_subjects(list(found), _round_lines)


def _round_lines(some: Sequence[ClaimsRound]) -> list[desk.Item]:
    known = BulkDocument.objects.filter(pk__in=[one.subject_id for one in some]).select_related("provider")
    documents = {str(one.pk): one for one in known}
    return [
        desk.Item(
            f"{documents[one.subject_id].number} {documents[one.subject_id].provider}"
            f" · {documents[one.subject_id].month:%Y-%m}",
            reverse("claims:bulk_document", args=[one.subject_id]),
            one.opened_at,
            "" if one.amount is None else money.shown(one.amount),
        )
        for one in some
    ]
