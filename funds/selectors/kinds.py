"""Lines of certain kinds of events, such as those that open books or close a year, with what takes them back."""

from __future__ import annotations

from django.db.models import QuerySet

from funds.models import Book, Entry, Posting


def lines_of(book: Book, kind: str) -> QuerySet[Entry]:
    """Lines of the postings of a kind, and of those that take them back.

    For kinds of which there are few: their postings are looked up first. Asked for with an OR over all lines, the
    database would read every line of the years for them.
    """
    told = Posting.objects.filter(book=book, kind=kind).order_by()
    back = Posting.objects.filter(book=book, reverses__in=told).order_by()
    return Entry.objects.filter(posting__in=told.values("pk").union(back.values("pk")))
