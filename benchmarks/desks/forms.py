"""The forms of a page as a browser without scripts knows them: where each is sent, and with what."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

#: Kinds of fields that are sent only where somebody presses or chooses them.
UNSENT: Final = {"submit", "button", "image", "reset", "file"}
TICKED: Final = {"checkbox", "radio"}


@dataclass
class Form:
    """A form with what stands in it."""

    action: str
    is_post: bool = True
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, typed: dict[str, str | list[str]]) -> list[tuple[str, str]]:
        """What is sent when some of it is typed anew."""
        kept = [(name, value) for name, value in self.fields if name not in typed]
        for name, value in typed.items():
            kept += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return kept

    def value(self, name: str) -> str:
        return next((value for one, value in self.fields if one == name), "")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.ticks: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._choice: tuple[str, list[tuple[str, bool]]] | None = None
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(said.get("action", ""), said.get("method", "").lower() == "post")
            self.forms.append(self._form)
        elif tag == "input":
            self._input(said)
        elif tag == "select":
            self._choice = (said.get("name", ""), [])
        elif tag == "option" and self._choice is not None:
            self._choice[1].append((said.get("value", ""), "selected" in said))
        elif tag == "textarea":
            self._area = (said.get("name", ""), [])

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._choice is not None:
            name, options = self._choice
            chosen = [value for value, is_chosen in options if is_chosen] or [value for value, _no in options[:1]]
            self._choice = None
            self._keep(name, chosen[-1] if chosen else "")
        elif tag == "textarea" and self._area is not None:
            name, words = self._area
            self._area = None
            self._keep(name, "".join(words))

    def _input(self, said: dict[str, str]) -> None:
        kind = said.get("type", "text")
        if kind in UNSENT or "disabled" in said:
            return
        if kind in TICKED:
            value = said.get("value", "on")
            self.ticks.append((said.get("name", ""), value))
            if "checked" not in said:
                return
            self._keep(said.get("name", ""), value)
            return
        self._keep(said.get("name", ""), said.get("value", ""))

    def _keep(self, name: str, value: str) -> None:
        if self._form is not None and name:
            self._form.fields.append((name, value))


def read(page: str) -> list[Form]:
    """Every form of a page, in its order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def ticks(page: str, name: str) -> list[str]:
    """What of a name can be ticked on a page, or on a part of one."""
    reader = _Reader()
    reader.feed(page)
    return [value for one, value in reader.ticks if one == name]
