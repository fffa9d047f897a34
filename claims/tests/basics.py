"""Providers, catalogues and diseases that tests need on the way to something else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from claims.models import Agreement, Catalogue, CatalogueEntry, Disease, ListedDisease, Provider
from claims.services.search_keys import keys_of
from conftest import NOON
from enrollment.models import Scheme
from enrollment.tests.factories import scheme
from office import attachments
from office.models import Attachment
from office.tests.factories import tess

FROM_2009 = DateRange(date(2009, 1, 1), None)
HASH = "0" * 64

#: What a provider's form sends.
SAID: dict[str, Any] = {
    "code": "H1",
    "name": "海原县人民医院",
    "level": "county",
    "tier": 2,
    "region": "county",
    "phone": "0955-4010001",
    "address": "",
}


def provider(code: str = "H1", name: str = "海原县人民医院", **more: Any) -> Provider:
    """A county hospital."""
    keys = keys_of(name)
    given = SAID | {"code": code, "name": name, "search_keys": keys, "changed_by": tess(), "changed_at": NOON}
    return Provider.objects.create(**(given | more))


def agreement(of: Provider, with_scheme: Scheme | None = None, **more: Any) -> Agreement:
    """An agreement that runs until it is ended."""
    given = {"number": "1号", "period": FROM_2009, "changed_by": tess(), "changed_at": NOON}
    return Agreement.objects.create(provider=of, scheme=with_scheme or scheme(), **(given | more))


def edition(*entries: tuple[Any, ...], of: Scheme | None = None, **more: Any) -> Catalogue:
    """An edition with entries of class A, each with its code and name, and what else it says."""
    given = {
        "kind": "drugs",
        "period": FROM_2009,
        "document": "1号",
        "file_name": "a.csv",
        "sha256": HASH,
        "entries_count": len(entries),
        "imported_by": tess(),
        "imported_at": NOON,
    }
    made = Catalogue.objects.create(scheme=of or scheme(), **(given | more))
    CatalogueEntry.objects.bulk_create(entry_of(made, *one[:2], **dict(*one[2:])) for one in entries)
    return made


def entry_of(made: Catalogue, code: str, name: str, **more: Any) -> CatalogueEntry:
    """An entry that is not stored yet."""
    given = {"search_keys": keys_of(name), "item_class": "A", "group": "drug"}
    return CatalogueEntry(catalogue=made, code=code, name=name, **(given | more))


def disease(code: str = "I10", name: str = "原发性高血压", **more: Any) -> Disease:
    """A disease in use."""
    return Disease.objects.create(code=code, name=name, search_keys=keys_of(name), **more)


def listed(of: Disease, with_scheme: Scheme | None = None, **more: Any) -> ListedDisease:
    """A disease on the list of chronic ones."""
    given = {"kind": "chronic", "group": "慢性病", "document": "1号", "period": FROM_2009}
    given |= {"changed_by": tess(), "changed_at": NOON}
    return ListedDisease.objects.create(disease=of, scheme=with_scheme or scheme(), **(given | more))


def table(*rows: Sequence[object], encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    return "".join(",".join(map(str, row)) + "\r\n" for row in rows).encode(encoding)


def kept(content: bytes, name: str = "a.csv") -> Attachment:
    """A file that was sent."""
    return attachments.keep_made(subject=tess(), name=name, content=content, media_type="text/csv", by=tess(), at=NOON)


def path_of(content: bytes, folder: Path, name: str = "a.csv") -> Path:
    """A file in a folder of the test."""
    path = folder / name
    path.write_bytes(content)
    return path
