"""Forms: how they look, and how a form page goes from shown to saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.db import models
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from office import trail
from office.access import Request
from office.pages import guard, kept
from office.stale import Stale

SEEN_SALT = "office.seen"


class StyledField(BoundField):
    """A field that knows the look of its widget and of its refusal."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        look = "form-control"
        if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
            look = "form-check-input"
        elif isinstance(widget, forms.Select):
            look = "form-select"
        if self.errors:
            look += " is-invalid"
        built["class"] = f"{widget.attrs.get('class', '')} {look}".strip()
        return built


class Renderer(TemplatesSetting):
    """Django's own form rendering with the house's field template."""

    field_template_name = "components/field.html"
    bound_field_class = StyledField


@dataclass(frozen=True)
class Difference:
    """One field that two people see differently."""

    label: str
    seen: str
    now: str
    yours: str


class EditForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form over a versioned record; it carries what its reader saw, so that a later change can be shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self._sealed()

    @property
    def seen_version(self) -> int:
        """The version that was on the screen; 0 if the form does not say."""
        return int(self._seen().get("version", 0))

    def typed(self) -> dict[str, Any]:
        """What is to be saved: the model's own fields."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.cleaned_data}

    def differences(self, current: models.Model) -> list[Difference]:
        """Field by field what was seen, what it is now and what was typed; only fields that somebody changed."""
        seen = self._seen().get("shown", {})
        found = []
        for name, label in self._labels().items():
            now, yours = self._shown(current, name), self._typed_text(name)
            if now != seen.get(name, "") or yours != seen.get(name, ""):
                found.append(Difference(label, seen.get(name, ""), now, yours))
        return found

    def see_again(self, current: models.Model) -> None:
        """From now on the reader has seen the current record: saving again overwrites it knowingly."""
        self.instance = current
        typed: Any = self.data
        typed = typed.copy()
        typed[self.add_prefix("seen")] = self._sealed()
        self.data = typed

    def _sealed(self) -> str:
        shown = {name: self._shown(self.instance, name) for name in self._labels()}
        return signing.dumps({"version": self.instance.version, "shown": shown}, salt=SEEN_SALT)

    def _seen(self) -> Mapping[str, Any]:
        try:
            said: Mapping[str, Any] = signing.loads(self.data.get(self.add_prefix("seen"), ""), salt=SEEN_SALT)
        except signing.BadSignature:
            return {}
        return said

    def _labels(self) -> dict[str, str]:
        return {name: str(self.fields[name].label or name) for name in self._meta.fields or () if name in self.fields}

    def _shown(self, record: models.Model, name: str) -> str:
        display = getattr(record, f"get_{name}_display", None)
        return _words(display() if display else getattr(record, name))

    def _typed_text(self, name: str) -> str:
        value = self.cleaned_data.get(name)
        choices = dict(getattr(self.fields[name], "choices", []) or [])
        return _words(choices.get(value, value) if isinstance(value, str) else value)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


class FormPage:
    """A page with one form: shown, refused and kept, stale, or given back after the session ended."""

    def __init__(
        self,
        request: Request,
        *,
        title: str,
        submit: str,
        cancel_url: str,
        template: str = "components/form_page.html",
    ) -> None:
        self.request = request
        self.template = template
        self._kept = kept.take(request)
        self.context: dict[str, Any] = {
            "page_title": title,
            "submit_label": submit,
            "cancel_url": cancel_url,
            "kept": self._kept is not None,
        }
        self.status = 200

    @property
    def is_sent(self) -> bool:
        return self.request.method == "POST"

    @property
    def data(self) -> Any:
        """What the form is bound to: what was sent, what was kept, or nothing."""
        return self.request.POST if self.is_sent else self._kept

    @property
    def files(self) -> Any:
        return self.request.FILES if self.is_sent else None

    def refuse(self, form: forms.BaseForm, field: str | None, refusal: Exception, *, act: str) -> None:
        """Say on the form why the service refused, and write that it did."""
        form.add_error(field, str(refusal))
        trail.refused(act, None, by=self.request.user, at=timezone.now(), reason=str(refusal))

    def show_stale(self, form: EditForm, stale: Stale) -> None:
        """Show what the other person changed; saving once more is then knowingly."""
        self.status = 409
        self.context |= {
            "stale": form.differences(stale.current),
            "changed_by": getattr(stale.current, "changed_by", None),
            "changed_at": getattr(stale.current, "changed_at", None),
        }
        form.see_again(stale.current)

    def render(self, form: forms.BaseForm, **more: Any) -> HttpResponse:
        """The page, with status 422 where the form was refused."""
        if self.is_sent and self.status == 200 and form.errors:  # noqa: PLR2004
            self.status = 422
        context = self.context | {"form": form, "form_guard": guard.field(self.request)} | more
        return render(self.request, self.template, context, status=self.status)
