"""What every page of the funds shows of the books: {% load books %}."""

from __future__ import annotations

from django import template
from django.template import Context

from funds.models import Book
from funds.selectors import identities as selectors
from funds.selectors.identities import OfBook, Term

register = template.Library()


@register.simple_tag(takes_context=True)
def identities(context: Context, book: Book | str | None = None) -> list[OfBook]:
    """The two sides of one set of books, or of all; nothing for whoever may not see books."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.has_perm("funds.view_book"):
        return []
    return selectors.identities(book or None)  # type: ignore[arg-type]


@register.filter
def held_terms(one: OfBook) -> list[Term]:
    """Where the money is, term by term."""
    return selectors.held_terms(one.identity)


@register.filter
def owned_terms(one: OfBook) -> list[Term]:
    """Whose it is, term by term."""
    return selectors.owned_terms(one.identity)
