"""What seals and checks say, in words: the names of acts, the sentences that are kept with what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from audit.models import TrailCheck
from audit.rules import complete
from audit.verifying import told

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "trail.seals_checked": gettext_lazy("checked the trail by its seals"),
    "trail.states_checked": gettext_lazy("checked that the trail is complete"),
}

#: The sentences of the verifier and of the look for what is missing, by the words that are kept.
REASONS: dict[str, StrPromise] = {
    told.ALTERED: gettext_lazy("the row was altered after it was sealed"),
    told.GONE: gettext_lazy("the row was sealed and is not there any more"),
    told.INSERTED: gettext_lazy("the row was put in behind the seals"),
    told.NO_COLUMN: gettext_lazy("columns that were sealed are gone or of another kind"),
    told.BAD_BATCH: gettext_lazy("what is remembered of the rows was altered"),
    told.BAD_SEAL: gettext_lazy("the seal was altered"),
    told.BAD_CHAIN: gettext_lazy("a seal before this one is missing or another"),
    told.BAD_SIGNATURE: gettext_lazy("the signature is not that of the key"),
    told.BAD_KEY: gettext_lazy("the key was not introduced by the one before it"),
    told.CUT: gettext_lazy("a checkpoint outside knows a seal that is not here"),
    told.REWRITTEN: gettext_lazy("a checkpoint outside knows another seal of this number"),
    complete.NOT_THE_LAST_STATE: gettext_lazy("the record is not what its last state in the history says"),
    complete.NO_STATE: gettext_lazy("the record has no state in the history"),
    complete.NO_RECORD: gettext_lazy("the history has states of a record that is not there"),
    complete.NO_ACT: gettext_lazy("entered without an act that tells of it"),
    complete.NOT_RELEASED: gettext_lazy("paid although nobody released the batch"),
    complete.NOT_APPROVED: gettext_lazy("entered although the request was not approved"),
    complete.NOT_CHECKED: gettext_lazy("entered although nobody else checked its paper"),
    complete.NOT_AGREED: gettext_lazy("taken back although nobody else agreed"),
    complete.NOT_PAID: gettext_lazy(
        "entered although no released payment stands behind it that the bank or a receipt tells of"
    ),
    complete.NOT_DECIDED: gettext_lazy("entered although it was not decided, or its payment not released"),
    complete.PAID_MORE: gettext_lazy("more was paid than was released"),
    complete.NO_ROUND: gettext_lazy("approved without a round of votes"),
    complete.NO_VOTES: gettext_lazy("decided otherwise than its votes say"),
}


def reason_in_words(kept: str) -> str:
    """A reason that was kept with a fault, as it is read."""
    return str(REASONS.get(kept, kept))


def table_in_words(table: str) -> str:
    """A table as the office calls what stands in it; of a history, of what it is the history."""
    model = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    if model is None:
        return table
    tracked = getattr(model, "pgh_tracked_model", None)
    if tracked is not None:
        return _("%(what)s (history)") % {"what": tracked._meta.verbose_name}
    return str(model._meta.verbose_name)


def columns_in_words(table: str, columns: list[str]) -> str:
    """Columns as screens call them, where they have a name there."""
    model = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    known = {} if model is None else {one.column: str(one.verbose_name) for one in model._meta.concrete_fields}
    return _(", ").join(known.get(one, one) for one in columns)


def fault_header() -> list[str]:
    """What the columns of a list of faults are."""
    return [_("kind of check"), _("what"), pgettext("database", "table"), _("number"), _("columns"), _("fault")]


def fault_row(check: TrailCheck, fault: Mapping[str, Any]) -> tuple[object, ...]:
    """One fault as a line of a list."""
    table, columns = str(fault["table"]), list(fault["columns"])
    return (
        check.get_kind_display(),
        table_in_words(table),
        table,
        "" if fault["pk"] is None else fault["pk"],
        columns_in_words(table, columns),
        reason_in_words(str(fault["reason"])),
    )
