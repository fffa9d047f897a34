"""What columns are called whose models leave it to Django, and which of them nobody reads outside the program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: Columns that hold a secret, or the trace of one: never exported, not read by the auditor's role.
SECRETS: Final[dict[str, frozenset[str]]] = {
    "claims_doortoken": frozenset({"sha256"}),
    "office_factor": frozenset({"secret"}),
    "office_onetimecode": frozenset({"hash"}),
    "office_person": frozenset({"password"}),
    "office_resetrequest": frozenset({"first_hash"}),
    "office_signin": frozenset({"session_key"}),
}

NAMES: Final[dict[str, StrPromise]] = {
    "address": _("address"),
    "after": pgettext_lazy("column", "after"),
    "arguments": _("what the work was given"),
    "at": _("time"),
    "barred": _("who may not decide"),
    "before": pgettext_lazy("column", "before"),
    "by_seats": _("decided by named people"),
    "columns": pgettext_lazy("column", "hashes of the columns"),
    "confirmed_hash": _("hash that was confirmed"),
    "content_version": _("version of the content"),
    "counts": pgettext_lazy("column", "counts"),
    "done_steps": _("steps done"),
    "ended_at": _("ended at"),
    "ended_because": _("ended because"),
    "entry": pgettext_lazy("column", "entry"),
    "faults": _("file of faults"),
    "first_hash": _("hash of the first answer"),
    "hash": _("hash"),
    "hash_seen": _("hash that the voter saw"),
    "high": pgettext_lazy("column", "last number"),
    "id": _("number of the row"),
    "introduction": pgettext_lazy("column", "introduced by the key before"),
    "is_basic": _("basic coverage"),
    "is_live": _("still holds"),
    "is_pointed": pgettext_lazy("column", "about somebody"),
    "is_reversal": _("takes back"),
    "issued_at": _("issued at"),
    "key": pgettext_lazy("column", "key"),
    "kind": _("kind"),
    "language": pgettext_lazy("column", "language"),
    "last_step": _("last step of the clock"),
    "leaves": pgettext_lazy("column", "hashes of the rows"),
    "led_to": _("page it led to"),
    "line": pgettext_lazy("column", "line"),
    "low": pgettext_lazy("column", "first number"),
    "match": pgettext_lazy("column", "match"),
    "members": pgettext_lazy("column", "how many rows"),
    "name": _("name"),
    "note": _("note"),
    "numbers": pgettext_lazy("column", "numbers of the rows"),
    "outcome": pgettext_lazy("column", "outcome"),
    "own_code": _("with a code of its own"),
    "paper": pgettext_lazy("column", "work paper"),
    "password": _("password"),
    "person": _("person"),
    "place": pgettext_lazy("column", "place in the seal"),
    "public": pgettext_lazy("column", "public key"),
    "rectification": pgettext_lazy("column", "measure"),
    "refusal": _("reason of the refusal"),
    "request": pgettext_lazy("column", "request"),
    "result": pgettext_lazy("column", "result"),
    "round": pgettext_lazy("column", "round"),
    "search_keys": _("keys of the search"),
    "seat": pgettext_lazy("column", "seat"),
    "secret": pgettext_lazy("column", "secret"),
    "seen_at": _("seen at"),
    "sent_at": _("sent at"),
    "session_key": _("key of the session"),
    "sha256": _("SHA-256 of the content"),
    "sheet": pgettext_lazy("column", "evidence sheet"),
    "signature": pgettext_lazy("column", "signature"),
    "subject_hash": _("hash of the subject"),
    "subject_id": _("number of the subject"),
    "subject_type": _("kind of the subject"),
    "succeeded": pgettext_lazy("column", "succeeded"),
    "table": pgettext_lazy("column", "table"),
    "total_steps": _("steps in all"),
    "transaction": _("number of the transaction"),
    "used_at": _("used at"),
    "version": pgettext_lazy("column", "version"),
    "waiver": pgettext_lazy("column", "waiver"),
}

CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")


def is_named(field: models.Field[Any, Any]) -> bool:
    """Whether the model itself says what the column is called."""
    return str(field.verbose_name).lower().replace("-", "") != field.name.replace("_", " ")


def label(field: models.Field[Any, Any]) -> str:
    """What a column is called, in the language of whoever reads."""
    if not is_named(field) and field.name in NAMES:
        return str(NAMES[field.name])
    return str(field.verbose_name)
