"""Books of a fund are opened with their chart (建账): accounts, and the pairs that each event may move."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Final

import yaml
from django.utils.translation import gettext as _

from claims.services.locks import refusing
from enrollment.models import Scheme
from funds.models import Account, Book, Flow, Paying
from funds.rules import charts
from funds.rules.charts import BadChart, Chart
from office import trail
from office.models import Person

RIGHT: Final = "funds.add_book"
RENAME: Final = "funds.change_account"


class CannotOpen(Exception):
    """No books were opened; the message is written for the accountant."""


@cache
def shipped(code: str) -> Chart:
    """A chart that comes with the program, read once by each process. Raises BadChart."""
    file = resources.files("funds") / "data" / "charts" / f"{code}.yaml"
    if not code.replace("-", "").isalnum() or not file.is_file():
        raise BadChart(f"there is no chart {code}")
    return charts.read(yaml.safe_load(file.read_text(encoding="utf-8")))


def charts_at_hand() -> list[Chart]:
    """The charts that come with the program, by their codes."""
    folder = resources.files("funds") / "data" / "charts"
    codes = sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))
    return [shipped(code) for code in codes]


@refusing("book.opened", CannotOpen, about="scheme")
def open_book(
    *,
    scheme: Scheme,
    chart: Chart,
    begins_on: date,
    by: Person,
    at: datetime,
    pays: str = Book.Pays.OFFICE,
    collects: str = Book.Collects.OFFICE,
) -> Book:
    """Open the books of a scheme's fund with a chart. Raises CannotOpen."""
    if Book.objects.filter(scheme=scheme).exists():
        raise CannotOpen(_("The books of %(scheme)s are open already.") % {"scheme": scheme})
    if begins_on.day != 1:
        raise CannotOpen(_("Books begin with a month."))
    book = Book.objects.create(
        code=scheme.code,
        name=chart.name["zh-hans"],
        scheme=scheme,
        begins_on=begins_on,
        pays=pays,
        collects=collects,
    )
    accounts = _accounts(book, chart)
    Flow.objects.bulk_create(
        Flow(book=book, kind=kind, debit=accounts[debit], credit=accounts[credit])
        for kind, debit, credit in charts.flows(chart)
    )
    Paying.objects.bulk_create(
        Paying(book=book, fund=fund, account=accounts[purpose]) for fund, purpose in chart.pays.items()
    )
    trail.record("book.opened", book, by=by, at=at, right=RIGHT, chart=chart.code, accounts=len(accounts))
    return book


def _accounts(book: Book, chart: Chart) -> dict[str, Account]:
    """The accounts by purpose; a parent before its parts, a fund before what is closed to it."""
    made: dict[str, Account] = {}
    for one in sorted(chart.accounts, key=lambda one: (one.kind in charts.OF_A_YEAR, len(one.code), one.code)):
        made[one.purpose] = Account.objects.create(
            book=book,
            code=one.code,
            name=one.name,
            purpose=one.purpose,
            kind=one.kind,
            place=one.place,
            parent=made.get(one.parent),
            closes_to=made.get(one.closes_to),
            is_entered_on=not one.children,
            never_negative=one.never_negative,
            source=one.source,
        )
    return made


@refusing("account.changed", CannotOpen, about="account")
def rename_account(*, account: Account, code: str, name: str, by: Person, at: datetime) -> Account:
    """Give an account the code and name that the county's own chart has: codes that no paper was seen for are
    assumed. What it is for, and what is entered on it, stays. Raises CannotOpen."""
    Book.objects.select_for_update(no_key=True).get(pk=account.book_id)
    current = Account.objects.select_for_update(of=["self"]).get(pk=account.pk)
    if not name.strip():
        raise CannotOpen(_("Name the account."))
    if not re.fullmatch(r"[0-9]{4,12}", code):
        raise CannotOpen(_("The code of an account has four to twelve digits."))
    others = Account.objects.filter(book=current.book_id).exclude(pk=current.pk)
    if others.filter(code=code).exists():
        raise CannotOpen(_("Another account has this code."))
    parent = current.parent
    if parent is not None and not (code.startswith(parent.code) and code != parent.code):
        raise CannotOpen(_("The code of a sub-account begins with that of its account, %(code)s.") % {"code": parent})
    if any(not one.code.startswith(code) for one in current.children.all()):
        raise CannotOpen(_("Its sub-accounts begin with its code: change theirs first."))
    before = str(current)
    current.code, current.name = code, name.strip()
    current.save(update_fields=["code", "name"])
    trail.record("account.changed", current, by=by, at=at, right=RENAME, before=before, after=str(current))
    return current
