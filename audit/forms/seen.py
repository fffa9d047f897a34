"""Forms over what somebody else may change at the same moment: they carry what their reader saw."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core import signing
from django.db import models

from audit.services import auditing
from office.pages.forms import SEEN_SALT, Difference
from office.rules import money


class SeenForm(forms.Form):
    """A form that says what of a record was on the screen, so that a later change is shown and never overwritten unseen
    (`office.stale`). `watched` are the columns that count."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    watched: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, record: models.Model, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        self.initial["seen"] = self._sealed()

    @property
    def types_it(self) -> bool:
        """Whether what is watched is typed here; who checks a paper types none of it."""
        return any(name in self.fields for name in self.watched)

    @property
    def was_seen(self) -> Mapping[str, str]:
        """The columns as they were on the screen; nothing where the form does not say."""
        told: Mapping[str, str] = self._seen().get("was", {})
        return told

    def differences(self, current: models.Model) -> list[Difference]:
        """Column by column what was seen, what it is now and what was typed, where somebody changed it."""
        seen = self._seen().get("shown", {})
        found = []
        for name in self.watched:
            was, now = seen.get(name, ""), _shown(current, name)
            yours = self._typed(current, name) if name in self.fields else now
            if now != was or yours != was:
                found.append(Difference(str(_column(current, name).verbose_name), was, now, yours))
        return found

    def see_again(self, current: models.Model) -> None:
        """From now on the reader has seen the current record."""
        self.record = current
        typed: Any = self.data
        typed = typed.copy()
        typed["seen"] = self._sealed()
        self.data = typed

    def _sealed(self) -> str:
        shown = {name: _shown(self.record, name) for name in self.watched}
        told = {"was": auditing.content_of(self.record, self.watched), "shown": shown}
        return signing.dumps(told, salt=SEEN_SALT)

    def _seen(self) -> Mapping[str, Any]:
        try:
            said: Mapping[str, Any] = signing.loads(self.data.get("seen", ""), salt=SEEN_SALT)
        except signing.BadSignature:
            return {}
        return said

    def _typed(self, current: models.Model, name: str) -> str:
        value = self.cleaned_data.get(name)
        return _words(dict(_column(current, name).flatchoices).get(value, value) if isinstance(value, str) else value)


def _column(record: models.Model, name: str) -> Any:
    return record._meta.get_field(name)


def _shown(record: models.Model, name: str) -> str:
    display = getattr(record, f"get_{name}_display", None)
    return _words(display() if display else getattr(record, name))


def _words(value: object) -> str:
    if isinstance(value, Decimal):
        return money.shown(value)
    return "" if value is None else str(value)
