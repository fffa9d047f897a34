"""What the pages of the books accept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from claims.forms.before import line, text
from claims.forms.intake import AmountField
from enrollment.forms.fields import day_field
from enrollment.models import Scheme
from funds.models import Account, Book, CashCount, PostingKind, Voucher
from funds.rules import vouchers as rules
from funds.rules.postings import Line, credit, debit
from funds.services.vouchers import VoucherOf
from office.rules import days

ROWS: Final = 8
MOST_ROWS: Final = 60
NOTHING: Final = ("", "—")
ROW: Final = re.compile(r"r([0-9]{1,3})-account")


class OpenForm(forms.Form):
    """Open the books of a scheme."""

    scheme = forms.ModelChoiceField(
        queryset=Scheme.objects.exclude(pk__in=Book.objects.values("scheme")), label=gettext_lazy("scheme")
    )
    chart = forms.ChoiceField(label=gettext_lazy("chart of accounts"))
    begins_on = day_field(
        gettext_lazy("kept since"),
        help_text=gettext_lazy("The first day of a month; opening balances are of this day."),
    )
    pays = forms.ChoiceField(choices=Book.Pays.choices, label=pgettext_lazy("books", "who pays"))
    collects = forms.ChoiceField(choices=Book.Collects.choices, label=gettext_lazy("who collects"))

    def __init__(self, *args: Any, charts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chart"].choices = [*charts.items()]  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    """The code and name of an account as the county's own chart has them."""

    code = line(gettext_lazy("code"), 12)
    name = line(gettext_lazy("name"), 60)


class WhyForm(forms.Form):
    """A reason."""

    reason = text(gettext_lazy("reason"), 200, 2)


class ReversalForm(WhyForm):
    """On which day a posting is taken back, and why."""

    on = day_field(gettext_lazy("day"))
    field_order = ("on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = days.business_day(timezone.now())


class VoucherForm(forms.Form):
    """A voucher with its lines: account, words, debit, credit; rows that are empty are none."""

    fields_template = "funds/books/_voucher_lines.html"

    kind = forms.ChoiceField(label=gettext_lazy("event"))
    on = day_field(gettext_lazy("day"))
    summary = line(gettext_lazy("summary"), 200)
    attachments = forms.IntegerField(
        label=gettext_lazy("papers attached"), min_value=0, max_value=999, initial=0, required=False
    )

    def __init__(
        self,
        *args: Any,
        book: Book,
        kinds: tuple[str, ...],
        known: Voucher | None = None,
        count: CashCount | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.count = count
        labels = dict(PostingKind.choices)
        self.fields["kind"].choices = [(one, labels[PostingKind(one)]) for one in kinds]  # type: ignore[attr-defined]
        accounts = Account.objects.filter(book=book, is_entered_on=True).order_by("code")
        choices = [NOTHING, *((one.purpose, str(one)) for one in accounts)]
        lines = rules.lines_of(known.lines) if known is not None else _lines_of(count)
        self.rows = min(max(len(lines) + 2, ROWS, _rows_in(self.data)), MOST_ROWS)
        for place in range(self.rows):
            self._add_row(place, choices, lines[place] if place < len(lines) else None)
        if known is not None:
            self.initial = dict(self.initial) | {
                name: getattr(known, name) for name in ("kind", "on", "summary", "attachments")
            }
        elif count is not None:
            self.initial = dict(self.initial) | {"on": count.on, "summary": count.explanation, "attachments": 1}

    def _add_row(self, place: int, choices: list[tuple[str, str]], one: Line | None) -> None:
        number = {"number": place + 1}
        self.fields |= {
            f"r{place}-words": line(_("in words, line %(number)s") % number, 120, required=False),
            f"r{place}-account": forms.ChoiceField(
                choices=choices, label=_("account, line %(number)s") % number, required=False
            ),
            f"r{place}-debit": AmountField(label=_("debit, line %(number)s") % number),
            f"r{place}-credit": AmountField(label=_("credit, line %(number)s") % number),
        }
        if one is not None:
            self.initial = dict(self.initial) | {
                f"r{place}-words": one.words,
                f"r{place}-account": one.account,
                f"r{place}-{one.side}": one.amount,
            }

    def head(self) -> list[forms.BoundField]:
        """The fields over the lines."""
        return [self[name] for name in ("kind", "on", "summary", "attachments")]

    def table(self) -> list[list[forms.BoundField]]:
        """The lines as the page shows them."""
        names = ("words", "account", "debit", "credit")
        return [[self[f"r{place}-{name}"] for name in names] for place in range(self.rows)]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        found = []
        for place in range(self.rows):
            account = said.get(f"r{place}-account", "")
            left, right = (said.get(f"r{place}-{side}") or Decimal(0) for side in ("debit", "credit"))
            if not account and not left and not right:
                continue
            if not account:
                self.add_error(f"r{place}-account", _("Choose the account of this line."))
            elif bool(left) == bool(right):
                self.add_error(f"r{place}-debit", _("A line is of one side: debit or credit."))
            else:
                words = said.get(f"r{place}-words", "")
                found.append(debit(account, left, words) if left else credit(account, right, words))
        return said | {"lines": found}

    def stated(self) -> VoucherOf:
        """What is to be entered."""
        said = self.cleaned_data
        return VoucherOf(said["kind"], said["on"], said["summary"], said["lines"], said["attachments"] or 0, self.count)


def _lines_of(count: CashCount | None) -> list[Line]:
    """How the difference of a count of cash is entered."""
    return rules.of_difference(count.difference, count.account.purpose, "") if count is not None else []


def _rows_in(data: Any) -> int:
    """How many rows were sent."""
    numbers = [int(found[1]) for name in data or {} if (found := ROW.fullmatch(name))]
    return max(numbers, default=-1) + 1


def month_of(text: str) -> date | None:
    """A month as addresses write it, 2010-03."""
    year, dash, month = text.partition("-")
    if not (dash and year.isdecimal() and month.isdecimal() and len(text) == 7 and 1 <= int(month) <= 12):  # noqa: PLR2004
        return None
    return date(int(year), int(month), 1) if int(year) else None
