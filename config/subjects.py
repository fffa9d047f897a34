"""Where a subject's page is: acts and attachments name it as (type, number), here that becomes an address."""

from django.urls import reverse

#: By model label, the URL name of its page.
ADDRESSES = {"office.job": "office:job"}


def address(subject_type: str, subject_id: str) -> str:
    """The page of a subject, or nothing where it has none."""
    name = ADDRESSES.get(subject_type)
    return reverse(name, args=[subject_id]) if name else ""
