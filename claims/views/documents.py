"""Registers and lists: the list, beginning one, one with its rows, handed in, given up; a row mended or struck out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.filters.documents import DocumentFilter
from claims.forms.documents import BeginForm, ReasonForm, RowForm
from claims.models import BulkDocument, BulkRow
from claims.selectors import bulk, document_pages, picking
from claims.services import document_files, intake
from claims.services import documents as services
from claims.services.documents import ADD, CHECK, VIEW, CannotKeepDocument
from claims.tables.documents import DocumentTable
from claims.views import document_ways
from office.access import Request
from office.attachments import CannotAttach
from office.pages import records
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import days, money

Done = TypeVar("Done")
State = BulkDocument.State
ROWS_ON_A_PAGE: Final = 100
TOLD: Final = ("provider__division", "scheme", "body", "entered_by", "settlement", "file")


class DocumentList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Registers and lists")
    table_class = DocumentTable
    filterset_class = DocumentFilter

    def get_queryset(self) -> QuerySet[Any]:
        found = BulkDocument.objects.visible_to(self.request.user).select_related("provider", "scheme", "entered_by")
        faulty = Count("rows", filter=Q(rows__version=F("content_version"), rows__state="faulty"))
        return found.annotate(faulty=faulty).order_by("-pk")

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(ADD):
            return []
        kinds = [
            {"label": _("Empty table: %(kind)s") % {"kind": kind.label}, "url": _template(kind)}
            for kind in BulkDocument.Kind
        ]
        return [{"label": _("Begin one"), "url": reverse("claims:document_new"), "key": "Alt+N"}, *kinds]

    def totals(self, found: QuerySet[Any]) -> list[tuple[str, str]]:
        sums = found.order_by().aggregate(
            rows=Sum("row_count", default=0), all=Sum("total", default=0), asked=Sum("proposed", default=0)
        )
        return [
            *super().totals(found),
            (_("Rows of them"), f"{sums['rows']:,}"),
            (_("Total cost, yuan"), money.shown(sums["all"])),
            (_("Proposed payment, yuan"), money.shown(sums["asked"])),
        ]


def _template(kind: BulkDocument.Kind) -> str:
    return reverse("claims:document_template", args=[kind.value.replace("_", "-")])


@permission_required(ADD, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """Begin a register or a list: to be typed in, or out of a file that is checked first."""
    page = FormPage(
        request, title=_("Begin a register or list"), submit=_("Begin"), cancel_url=reverse("claims:documents")
    )
    form = BeginForm(page.data, page.files, own=picking.own_provider(intake.desks_of(request.user)))

    def do() -> Any:
        said = dict(form.cleaned_data)
        said |= {"by": request.user, "at": timezone.now()}
        upload = said.pop("file")
        if upload is None:
            return services.begin(**said)
        said.pop("note")
        return document_files.ask_for_check(upload=upload, **said)

    done = sent(page, form, do)
    if done is None:
        return page.render(form)
    if isinstance(done, BulkDocument):
        messages.success(request, _("%(number)s is begun.") % {"number": done})
        is_register = done.kind == BulkDocument.Kind.VILLAGE_REGISTER
        return redirect("claims:document_visits" if is_register else "claims:document_file", done.pk)
    return redirect("claims:document_job", done.pk)


@permission_required(VIEW, raise_exception=True)
def document(request: Request, pk: int) -> HttpResponse:
    """One register or list: what is asked of me, its figures, its rows, its sample, how it was decided."""
    found = document_of(request, pk)
    figures = bulk.figures_of(found)
    chosen = request.GET.get("rows", "")
    kinds = document_pages.kinds_of_rows(figures)
    if chosen not in kinds:
        chosen = "faulty" if figures.faulty else "all"
    rows = Paginator(document_pages.rows(found, chosen), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    page = document_ways.page_of(request, found, figures)
    told = document_ways.asked_of_me(request, found) | {
        "document": found,
        "figures": figures,
        "rows": [(one, bulk.faults_of(one)) for one in rows],
        "page_of_rows": rows,
        "chosen": chosen,
        "kinds": kinds.items(),
        "may_strike": document_ways.may_strike(request, found),
        "may_mend": document_ways.may_enter(request, found),
        **_sample(found),
        "open_round": "",  # it is decided here
    }
    return records.shown(request, page, "claims/document/page.html", **told)


def _sample(found: BulkDocument) -> dict[str, Any]:
    sample = bulk.sample_of(found)
    return {
        "sample": sample,
        "answers": sample.rows.select_related("row", "asked_by").order_by("row__position") if sample else (),
    }


@require_POST
@permission_required(ADD, raise_exception=True)
def hand_in(request: Request, pk: int) -> HttpResponse:
    """Give a register or list to those who decide it."""
    found = document_of(request, pk, ADD)
    seen = request.POST.get("seen", "")
    try:
        done = services.hand_in(
            document=found, seen=int(seen[:9]) if seen.isdecimal() else 0, by=request.user, at=timezone.now()
        )
    except CannotKeepDocument as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(number)s is handed in.") % {"number": found})
        if done.stays:
            words = {"stays": done.stays, "waiting": done.waiting}
            messages.info(request, _("%(stays)s stays became claims; %(waiting)s of them wait for papers.") % words)
    return redirect("claims:bulk_document", pk)


@permission_required(ADD, raise_exception=True)
def void(request: Request, pk: int) -> HttpResponse:
    """Give up a register or list that was begun by mistake."""
    found = document_of(request, pk, ADD)
    page = form_page(request, found, _("Make %(number)s void"), _("Make it void"))
    form = ReasonForm(page.data)
    given: dict[str, Any] = {"document": found, "by": request.user, "at": timezone.now()}
    if sent(page, form, lambda: services.void(**form.cleaned_data, **given)) is None:
        return page.render(form)
    messages.success(request, _("%(number)s is void.") % {"number": found})
    return redirect("claims:bulk_document", pk)


@permission_required(VIEW, raise_exception=True)
def strike(request: Request, pk: int) -> HttpResponse:
    """Strike a row out, with the reason that stands on the list of deductions."""
    right = next((one for one in (CHECK, ADD) if request.user.has_perm(one)), "")
    if not right:
        raise PermissionDenied
    row = row_of(request, pk, right)
    page = form_page(request, row.document, _("Strike a row of %(number)s out"), _("Strike it out"))
    page.template = "claims/document/row.html"
    form = ReasonForm(page.data)
    given: dict[str, Any] = {"row": row, "by": request.user, "at": timezone.now()}
    if sent(page, form, lambda: services.strike(**form.cleaned_data, **given)) is None:
        return page.render(form, row=row)
    messages.success(request, _("Row %(row)s is struck out.") % {"row": row.position})
    return redirect("claims:bulk_document", row.document_id)


@permission_required(ADD, raise_exception=True)
def mend(request: Request, pk: int) -> HttpResponse:
    """Correct one row; then the next one with faults opens by itself."""
    row = row_of(request, pk, ADD)
    found = row.document
    page = form_page(request, found, _("Mend a row of %(number)s"), _("Save"))
    page.template = "claims/document/row.html"
    form = RowForm(page.data, row=row)
    faults = [] if page.is_sent else form.told()
    if page.is_sent and row.version != found.content_version:
        form.add_error(None, _("The rows were changed meanwhile: look at them again."))

    def do() -> Any:
        others = bulk.rows_of(found)
        given = [dict(form.cleaned_data) if one.pk == row.pk else one.given for one in others]
        return services.write_rows(document=found, given=given, seen=row.version, by=request.user, at=timezone.now())

    written = sent(page, form, do)
    if written is None:
        return page.render(form, row=row, faults=faults, is_mended=True)
    return _next_faulty(request, written.document, row.position)


def _next_faulty(request: Request, found: BulkDocument, position: int) -> HttpResponse:
    """The row itself where it still has faults, the next one that has some, or the whole document."""
    faulty = bulk.rows_of(found).filter(state=BulkRow.State.FAULTY)
    following = faulty.filter(position__gte=position).first() or faulty.first()
    if following is None:
        messages.success(request, _("No row has a fault any more."))
        return redirect("claims:bulk_document", found.pk)
    return redirect("claims:document_row", following.pk)


def sent(page: FormPage, form: forms.Form, do: Callable[[], Done]) -> Done | None:
    """What the service made of a form that was sent; None where it was not sent, or is shown again with the reason."""
    if not (page.is_sent and form.is_valid()):
        return None
    try:
        return do()
    except CannotKeepDocument as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))  # recorded by the service
    except CannotAttach as refusal:
        page.refuse(form, "file", refusal, act="job.asked")
    return None


def document_of(request: Request, pk: int, right: str = VIEW) -> BulkDocument:
    """A document of a body that this person works for; of the whole county for its centre."""
    seen = BulkDocument.objects.visible_to(request.user, right)
    return get_object_or_404(seen.select_related(*TOLD), pk=pk)


def row_of(request: Request, pk: int, right: str) -> BulkRow:
    """A row of such a document."""
    seen = BulkDocument.objects.visible_to(request.user, right)
    told = ("document__provider__division", "document__scheme", "member__household", "disease")
    return get_object_or_404(BulkRow.objects.filter(document__in=seen).select_related(*told), pk=pk)


def form_page(request: Request, found: BulkDocument, title: str, submit: str) -> FormPage:
    """A form about a document."""
    back = reverse("claims:bulk_document", args=[found.pk])
    return FormPage(request, title=title % {"number": found}, submit=submit, cancel_url=back)
