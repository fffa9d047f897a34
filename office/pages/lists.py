"""List pages: a declared table and filter; everything else is here, once.

A list keeps its address, pages and sorts by it, exports what is filtered, and gives its totals in a second request.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter, methodcaller
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, QueryDict
from django.http import StreamingHttpResponse as Stream
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import FilterSet
from django_filters.views import FilterView
from django_tables2 import LazyPaginator, SingleTableMixin, Table
from django_tables2.columns import BoundColumn

from office import jobs, sheets, trail
from office.access import Request
from office.models import Person
from office.pages.forms import FormPage
from office.sentences import Sentence, said

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ROWS_ON_A_PAGE = 50
EXPORTED_AT_ONCE = 5_000
CHUNK = 2_000
LONGEST_NUMBER = 19
COUNTED_UP_TO = 100_000  # rows that are counted one by one; of a larger list it is said that there are more


class ListPage(PermissionRequiredMixin, SingleTableMixin, FilterView):
    """A page over many records of one kind."""

    request: Request
    template_name = "components/list.html"
    table_pagination: ClassVar[dict[str, Any]] = {
        "per_page": ROWS_ON_A_PAGE,
        "paginator_class": LazyPaginator,
    }
    strict = False
    raise_exception = True
    page_title: StrOrPromise | Sentence = ""
    table_class: type[Table]

    def get_queryset(self) -> models.QuerySet[Any]:
        """What this person may see of it."""
        found = super().get_queryset()
        if hasattr(found, "visible_to"):
            found = found.visible_to(self.request.user)
        seen: models.QuerySet[Any] = found
        return seen

    def default_filter(self) -> dict[str, str]:
        """What the list is narrowed to when its address says nothing: usually this year."""
        return {}

    def query(self) -> QueryDict:
        """The filter in force: the address's, or the default one."""
        if self.request.GET:
            return self.request.GET
        default = QueryDict(mutable=True)
        default.update(self.default_filter())
        return default

    def get_filterset_kwargs(self, filterset_class: type[FilterSet]) -> dict[str, Any]:
        shown: dict[str, Any] = super().get_filterset_kwargs(filterset_class)
        return shown | {"data": self.query()}

    def page_actions(self) -> Sequence[dict[str, str]]:
        """Buttons beside the title: label, url and, if it has one, key."""
        return []

    def totals(self, found: models.QuerySet[Any]) -> list[tuple[str, str]]:
        """What stands under the table: by default how many there are."""
        return [(_("Rows"), counted(found))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("as", "")
        if wanted == "xlsx":
            return self._export()
        if wanted == "totals":
            rows = [{"label": label, "value": value} for label, value in self.totals(self.found())]
            return render(request, "components/_totals.html", {"totals": rows})
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def found(self) -> models.QuerySet[Any]:
        """Everything that the filter lets through."""
        filterset = self.get_filterset(self.get_filterset_class())
        found: models.QuerySet[Any] = filterset.qs
        return found

    def get_template_names(self) -> list[str]:
        return ["components/_table.html"] if self.request.htmx else [self.template_name]  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        return shown | {
            "page_title": self.page_title,
            "page_actions": self.page_actions(),
            "totals_url": self._address("totals"),
            "export_url": self._address("xlsx"),
        }

    def _address(self, wanted: str) -> str:
        query = self.query().copy()
        query["as"] = wanted
        query.pop("page", None)
        return f"{self.request.path}?{query.urlencode()}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for a large export: work away from the page begins by POST alone."""
        if request.GET.get("as") != "xlsx":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        query = request.GET.copy()
        query.pop("as")
        asked = jobs.enqueue(
            "office.tasks.export_list",
            title=self._export_title,
            by=self.request.user,
            at=timezone.now(),
            path=request.path,
            query=query.urlencode(),
        )
        return redirect("office:job", asked.pk)

    @property
    def _export_title(self) -> Sentence:
        return said("Export: %(list)s", list=self.page_title)

    def _export(self) -> HttpResponse:
        """The filtered rows as a workbook; many of them as a job, if they are asked for."""
        found = self.found()
        if found[EXPORTED_AT_ONCE:].exists():
            page = FormPage(
                self.request,
                title=str(self._export_title),
                submit=_("Make the file"),
                cancel_url=self.request.path,
                template="components/large_export.html",
            )
            return page.render(forms.Form(), rows=f"{found.count():,}")
        rows = found.count()
        trail.read("list.exported", None, by=self.request.user, at=timezone.now(), list=self.request.path, rows=rows)
        response = HttpResponse(workbook_of(self.table_class(found)), content_type=sheets.XLSX)
        response.headers["Content-Disposition"] = (
            f'attachment; filename="{self.request.path.strip("/").replace("/", "-")}.xlsx"'
        )
        return response


class NumberedPage(ListPage):
    """A list of what is only ever added to, newest first: a page is found by the number of its first row, through an
    index, however many rows lie before it. It is exported as text too (CSV, UTF-8 with its mark, as Excel reads it)."""

    table_pagination = False  # type: ignore[assignment]  # django-tables2's own way to say: none
    is_newest = is_oldest = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The page, or what is filtered as text."""
        return self._text() if request.GET.get("as") == "csv" else super().get(request, *args, **kwargs)

    def get_table_data(self) -> list[Any]:
        """The rows of this page."""
        found: models.QuerySet[Any] = self.object_list
        before, after = (_number(self.request.GET.get(name, "")) for name in ("before", "after"))
        if after is not None:
            rows = list(found.filter(pk__gt=after).order_by("pk")[: ROWS_ON_A_PAGE + 1])
            self.is_newest, self.is_oldest = len(rows) <= ROWS_ON_A_PAGE, False
            return rows[:ROWS_ON_A_PAGE][::-1]
        if before is not None:
            found = found.filter(pk__lt=before)
        rows = list(found.order_by("-pk")[: ROWS_ON_A_PAGE + 1])
        self.is_newest, self.is_oldest = before is None, len(rows) <= ROWS_ON_A_PAGE
        return rows[:ROWS_ON_A_PAGE]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = super().get_context_data(**kwargs)
        rows = shown["table"].data.data
        return shown | {
            "text_url": self._address("csv"),
            "newer_url": "" if self.is_newest or not rows else self._beside("after", rows[0]),
            "older_url": "" if self.is_oldest or not rows else self._beside("before", rows[-1]),
        }

    def _address(self, wanted: str) -> str:
        query = self.query().copy()
        for name in ("before", "after"):
            query.pop(name, None)
        query["as"] = wanted
        return f"{self.request.path}?{query.urlencode()}"

    def _beside(self, side: str, row: Any) -> str:
        query = self.query().copy()
        for name in ("before", "after", "as"):
            query.pop(name, None)
        query[side] = str(row.pk)
        return f"{self.request.path}?{query.urlencode()}"

    def _text(self) -> HttpResponseBase:
        found = self.found()
        if found[EXPORTED_AT_ONCE:].exists():
            return redirect(self._address("xlsx"))
        trail.read(
            "list.exported", None, by=self.request.user, at=timezone.now(), list=self.request.path, rows=found.count()
        )
        response = Stream(text_of(self.table_class(found)), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = (
            f'attachment; filename="{self.request.path.strip("/").replace("/", "-")}.csv"'
        )
        return response


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else None


class _Line:
    """What a csv writer writes to: the line is given back."""

    def write(self, line: str) -> str:
        return line


def text_of(table: Table) -> Iterator[bytes]:
    """A table's columns and all its rows as CSV, line by line. What a spreadsheet would read as a formula gets a mark
    before it."""
    columns = [column for column in table.columns.iterall() if not column.column.exclude_from_export]
    cells = [_cell_of(table, column) for column in columns]
    writer = csv.writer(_Line())
    yield "\ufeff".encode() + writer.writerow([str(column.header) for column in columns]).encode()
    for record in table.data.data.iterator(CHUNK):
        line = writer.writerow([sheets.harmless(cell(record)) for cell in cells])
        yield line.encode()


def counted(found: models.QuerySet[Any]) -> str:
    """How many there are, as far as that is worth counting."""
    count = found.order_by()[: COUNTED_UP_TO + 1].count()
    if count > COUNTED_UP_TO:
        return _("more than %(rows)s") % {"rows": f"{COUNTED_UP_TO:,}"}
    return f"{count:,}"


def workbook_of(table: Table, progress: Callable[[int], None] = lambda done: None) -> bytes:
    """A table's columns and all its rows as a workbook.

    A column's value is what `value_<name>` of the table says, the words of a choice, or the plain value.
    (django-tables2's own `as_values` takes ten times as long.)
    """
    columns = [column for column in table.columns.iterall() if not column.column.exclude_from_export]
    cells = [_cell_of(table, column) for column in columns]

    def rows() -> Iterator[Sequence[object]]:
        for done, record in enumerate(table.data.data.iterator(CHUNK), start=1):
            yield [cell(record) for cell in cells]
            progress(done)

    return sheets.workbook([str(column.header) for column in columns], rows())


def _cell_of(table: Table, column: BoundColumn) -> Callable[[Any], object]:
    own: Callable[[Any], object] | None = getattr(table, f"value_{column.name}", None)
    if own is not None:
        return own
    if "." in column.accessor or LOOKUP_SEP in column.accessor:
        return lambda record: column.accessor.resolve(record, quiet=True)
    if getattr(table.data.data.model, f"get_{column.accessor}_display", None):
        return methodcaller(f"get_{column.accessor}_display")
    return attrgetter(column.accessor)


def list_page_for(view: type[ListPage], request: HttpRequest, person: Person, **kwargs: Any) -> ListPage:
    """A list page as this person would open it, for work away from the browser; refused where he may not."""
    request.user = person
    page = view()
    page.setup(request, **kwargs)
    if not page.has_permission():
        raise PermissionDenied
    return page
