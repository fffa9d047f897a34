"""Words that are written now and read later, perhaps in another language: the sentence and its figures are kept apart.

    said("Row %(row)s has no name.", row=3)

is one sentence of the catalogue with what stands in its places. It is read in the language of whoever reads it, and it
is kept as `{"say": sentence, "with": figures}`. Work away from the page says everything so: what it is called, how far
it is, what came of it, why it ended without its purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.db.models.lookups import IContains, In
from django.utils.functional import Promise
from django.utils.translation import gettext, override

Plain: TypeAlias = "str | int"


@dataclass(frozen=True)
class Sentence:
    """A sentence as it stands in the code, the key of its translations, and the figures in its places: numbers, names,
    and whole sentences or several of them."""

    sentence: str
    figures: tuple[tuple[str, Figure], ...] = ()

    def __str__(self) -> str:
        words = gettext(self.sentence) if self.sentence else ""
        if not self.figures:
            return words
        told = {name: shown(figure) for name, figure in self.figures}
        return words % told if "%(" in words else words.format(**told)


Figure: TypeAlias = "Plain | Sentence | tuple[Sentence, ...]"


def said(sentence: str | Promise, **figures: object) -> Sentence:
    """A sentence to be read later. What of its figures is marked for translation is translated for whoever reads."""
    return Sentence(_untranslated(sentence), tuple((name, _figure(value)) for name, value in figures.items()))


def of(refusal: Exception) -> Sentence:
    """What an exception says, as it was said."""
    told = refusal.args[0] if refusal.args else ""
    return told if isinstance(told, Sentence) else Sentence(str(told))


def kept(figure: Figure) -> Any:
    """A sentence, or a figure, as it is kept."""
    match figure:
        case Sentence():
            return {"say": figure.sentence, "with": {name: kept(value) for name, value in figure.figures}}
        case tuple():
            return [kept(one) for one in figure]
        case _:
            return figure


def read(value: Any) -> Figure:
    """What was kept."""
    match value:
        case {"say": str() as said_, "with": Mapping() as figures}:
            return Sentence(said_, tuple((name, read(figure)) for name, figure in figures.items()))
        case list():
            return tuple(sentence(one) for one in value)
        case _:
            return value  # type: ignore[no-any-return]  # a plain figure


def sentence(value: Any) -> Sentence:
    """What was kept, as a sentence; a text alone is said as it stands."""
    found = read(value)
    return found if isinstance(found, Sentence) else Sentence(str(found))


class SentenceField(models.JSONField):
    """A sentence in a row; an empty text for none. A text that is given instead is said as it stands."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", str)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return read(super().from_db_value(value, expression, connection))

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str | Promise) and value:
            value = said(value)
        return super().get_prep_value(kept(value))


def saying(field: str, word: str, rows: models.QuerySet[Any]) -> models.Q:
    """Which of some rows say a word in a field, as they are read now: in the sentence itself, or in its figures."""
    key = KT(f"{field}__say")
    known = rows.order_by().annotate(_said=key).values_list("_said", flat=True).distinct()
    sentences = [one for one in known if one and word.casefold() in gettext(one).casefold()]
    figures = models.Func(field, template="jsonb_path_query_array(%(expressions)s, '$.with.*')")
    return models.Q(In(key, sentences)) | models.Q(IContains(Cast(figures, models.TextField()), word))


def _figure(value: object) -> Figure:
    match value:
        case Sentence() | int():
            return value
        case Promise():
            return said(value)
        case list() | tuple():
            return tuple(said(one) for one in value)
        case _:
            return str(value)


def shown(figure: Figure) -> str:
    """A figure as it is read."""
    return gettext(", ").join(map(str, figure)) if isinstance(figure, tuple) else str(figure)


def _untranslated(words: str | Promise) -> str:
    with override(None):
        return str(words)
