"""What is locked before a document is looked at, who may touch it, and how a refusal is said."""

from __future__ import annotations

from django.utils.translation import gettext as _

from claims.models import BulkDocument
from office import deciding
from office.models import Act, Person
from office.subjects import name_of

#: The acts by which somebody has a hand in what a document says.
MAKING = ("bulk-document.begun", "bulk-document.written", "bulk-document.handed-in")


class CannotKeepDocument(Exception):
    """The document stays as it was; the message is written for whoever asked, `field` is what of his form it is
    about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


def lock_document(document: BulkDocument) -> BulkDocument:
    """A document as it is now, under the lock of its rounds and its own."""
    list(deciding.rounds_of(document).select_for_update(no_key=True, of=["self"]).order_by("pk").values_list("pk"))
    found = BulkDocument.objects.select_for_update(of=["self"])
    return found.select_related("provider", "scheme", "entered_by").get(pk=document.pk)


def refuse_unseen(document: BulkDocument, by: Person, right: str) -> None:
    """A clinic and a hospital touch their own documents, a station those entered there, the county all. Raises
    CannotKeepDocument."""
    if not BulkDocument.objects.visible_to(by, right).filter(pk=document.pk).exists():
        raise CannotKeepDocument(_("This document was entered at another desk, or none of your duties allows this."))


def makers_of(document: BulkDocument) -> list[Person]:
    """Everybody who had a hand in what a document says: none of them checks or decides it."""
    subject_type, subject_id = name_of(document)
    acts = Act.objects.filter(
        kind=Act.Kind.DONE, name__in=MAKING, subject_type=subject_type, subject_id=subject_id, by__isnull=False
    )
    return list(Person.objects.filter(pk__in=acts.values("by")).order_by("pk"))


def refuse_maker(document: BulkDocument, by: Person) -> None:
    """Nobody checks what he entered. Raises CannotKeepDocument."""
    if by.pk == document.entered_by_id or by in makers_of(document):
        raise CannotKeepDocument(_("Nobody checks what he entered himself."))
