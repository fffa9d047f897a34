"""What password validation asks besides length and likeness: no word that everybody in the office would try."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from office.models import Body, Person
from office.rules import passwords


class OfficeWordValidator:
    """Refuses a password that holds a word of the office, a name of one of its bodies, or one told in the settings."""

    def __init__(self, words: Sequence[str] = ()) -> None:
        self.words = words

    def validate(self, password: str, user: Person | None = None) -> None:
        """Raises ValidationError with the word to leave out."""
        del user  # any person's
        bodies = Body.objects.values_list("name", flat=True)
        word = passwords.office_word_in(password, (*passwords.OFFICE_WORDS, *self.words, *bodies))
        if word is not None:
            raise ValidationError(
                _("“%(word)s” is a word of this office that anybody would try: leave it out."),
                code="password_office_word",
                params={"word": word},
            )

    def get_help_text(self) -> str:
        """What the page says beside the field."""
        return _("No words of this office: its name, its funds, its duties.")
