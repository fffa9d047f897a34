"""Work papers and evidence sheets: written, checked, signed, with their files, on paper."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit import subjects
from audit.forms.engagements import CheckForm, EvidenceForm, PaperForm, RewriteForm, SheetForm, SignatureForm, WhyForm
from audit.models import Engagement, EvidenceSheet, WorkPaper
from audit.prints import engagements as prints
from audit.services import evidence
from audit.services import papers as services
from audit.services.auditing import WRITE, is_named
from audit.views.engagements import PAPERS, address_of, engagement_of
from audit.views.pages import Action, Page, evidence_table, form_view, moment, shown, state_of
from office.access import Request
from office.pages.downloads import paper as on_paper

State = WorkPaper.State
Signed = EvidenceSheet.State


def _paper_of(request: Request, pk: int) -> WorkPaper:
    seen = Engagement.objects.visible_to(request.user, PAPERS)
    known = WorkPaper.objects.select_related("engagement", "made_by", "checked_by")
    return get_object_or_404(known.filter(engagement__in=seen), pk=pk)


def _sheet_of(request: Request, pk: int) -> EvidenceSheet:
    seen = Engagement.objects.visible_to(request.user, PAPERS)
    known = EvidenceSheet.objects.select_related("engagement", "paper", "taken_by", "noted_by")
    return get_object_or_404(known.filter(engagement__in=seen), pk=pk)


@permission_required(PAPERS, raise_exception=True)
def work_paper(request: Request, pk: int) -> HttpResponse:
    """One work paper with its evidence."""
    found = _paper_of(request, pk)
    of, subject = _("what it is of"), found.subject_type
    way = subjects.page_of(subject, found.subject_id) if subject else ""
    facts: list[tuple[str, object]] = [
        (_("engagement"), found.engagement),
        (_("title"), found.title),
        *([(of, found.subject_words)] if subject else []),
        (pgettext("work paper", "what was done"), found.procedure),
        (pgettext("audit", "what was found"), found.facts),
        (pgettext("audit", "conclusion"), found.conclusion),
        (pgettext("audit", "written by"), f"{found.made_by} · {moment(found.made_at)}"),
        *(
            [(pgettext("work paper", "checked by"), f"{found.checked_by} · {moment(found.checked_at)}")]
            if found.checked_by
            else []
        ),
        *([(pgettext("work paper", "remark of the check"), found.remark)] if found.remark else []),
    ]
    page = Page(
        subject=found,
        title=_("Work paper %(number)s") % {"number": found},
        back=(_("Engagement %(number)s") % {"number": found.engagement}, address_of(found.engagement)),
        state=state_of(found),
        facts=facts,
        tables=[evidence_table(found.evidence.select_related("attachment", "added_by"))],
        actions=_ways_of_paper(request, found),
        links={_("engagement"): address_of(found.engagement), **({of: way} if way else {})},
    )
    return shown(request, page)


def _ways_of_paper(request: Request, found: WorkPaper) -> list[Action]:
    ways: list[Action] = []
    if _works(request, found.engagement):
        if found.state == State.WRITTEN and found.made_by_id != request.user.pk:
            way = reverse("audit:work_paper_check", args=[found.pk])
            ways.append(Action(pgettext("audit", "Check it"), way, "Alt+C", first=True))
        if found.state == State.RETURNED and found.made_by_id == request.user.pk:
            way = reverse("audit:work_paper_rewrite", args=[found.pk])
            ways.append(Action(_("Rewrite it"), way, "Alt+C", first=True))
        if found.state != State.CHECKED:
            ways.append(Action(_("Add evidence"), reverse("audit:work_paper_evidence", args=[found.pk]), "Alt+E"))
    ways.append(Action(_("Print"), reverse("audit:work_paper_print", args=[found.pk]), "Alt+P"))
    return ways


def _works(request: Request, engagement: Engagement) -> bool:
    """Whether somebody writes papers of an engagement now."""
    under_way = engagement.state == Engagement.State.NOTICED
    return under_way and request.user.has_perm(WRITE) and is_named(engagement, request.user)


@permission_required(WRITE, raise_exception=True)
def new(request: Request, pk: int) -> HttpResponse:
    """Write a work paper."""
    of = engagement_of(request, pk)

    def do(form: PaperForm) -> tuple[str, str]:
        made = services.write_paper(engagement=of, stated=form.told(), by=request.user, at=timezone.now())
        return _page(made), _("Work paper %(number)s waits to be checked by another person.") % {"number": made}

    return form_view(
        request,
        title=_("Write a work paper"),
        submit=_("Save"),
        back=address_of(of),
        form=lambda page: PaperForm(page.data),
        do=do,
    )


def _page(record: WorkPaper | EvidenceSheet) -> str:
    name = "audit:work_paper" if isinstance(record, WorkPaper) else "audit:evidence_sheet"
    return reverse(name, args=[record.pk])


@permission_required(WRITE, raise_exception=True)
def rewrite(request: Request, pk: int) -> HttpResponse:
    """Write a paper anew that was sent back."""
    found = _paper_of(request, pk)

    def do(form: RewriteForm) -> tuple[str, str]:
        stated, seen = form.told(), form.was_seen
        services.rewrite_paper(paper=found, stated=stated, seen=seen, by=request.user, at=timezone.now())
        return _page(found), _("Work paper %(number)s waits to be checked by another person.") % {"number": found}

    initial = {name: getattr(found, name) for name in ("title", "procedure", "facts", "conclusion")}
    return form_view(
        request,
        title=_("Rewrite work paper %(number)s") % {"number": found},
        submit=_("Save"),
        back=_page(found),
        form=lambda page: RewriteForm(page.data, record=found, initial=initial),
        do=do,
    )


@permission_required(WRITE, raise_exception=True)
def check(request: Request, pk: int) -> HttpResponse:
    """Check a paper that somebody else wrote."""
    found = _paper_of(request, pk)

    def do(form: CheckForm) -> tuple[str, str]:
        agrees = form.cleaned_data["agrees"] == "yes"
        remark, seen = form.cleaned_data["remark"], form.was_seen
        services.check_paper(paper=found, agrees=agrees, remark=remark, seen=seen, by=request.user, at=timezone.now())
        return _page(found), _("Checked.") if agrees else _("Sent back.")

    return form_view(
        request,
        title=_("Check work paper %(number)s") % {"number": found},
        submit=_("Save"),
        back=_page(found),
        form=lambda page: CheckForm(page.data, record=found),
        do=do,
    )


@permission_required(WRITE, raise_exception=True)
def add_to_paper(request: Request, pk: int) -> HttpResponse:
    """Keep a file with a work paper."""
    found = _paper_of(request, pk)
    return _evidence(request, found, lambda told: evidence.add_to_paper(paper=found, **told))


@permission_required(WRITE, raise_exception=True)
def add_to_sheet(request: Request, pk: int) -> HttpResponse:
    """Keep a file with an evidence sheet."""
    found = _sheet_of(request, pk)
    return _evidence(request, found, lambda told: evidence.add_to_sheet(sheet=found, **told))


def _evidence(request: Request, found: WorkPaper | EvidenceSheet, keep: Any) -> HttpResponse:
    def do(form: EvidenceForm) -> tuple[str, str]:
        keep({"stated": form.told(), "by": request.user, "at": timezone.now()})
        return _page(found), _("The file is kept.")

    return form_view(
        request,
        title=_("Add evidence to %(number)s") % {"number": found},
        submit=_("Keep it"),
        back=_page(found),
        form=lambda page: EvidenceForm(page.data, page.files),
        do=do,
    )


@permission_required(PAPERS, raise_exception=True)
def print_paper(request: Request, pk: int) -> HttpResponse:
    """The work paper on A4."""
    found = _paper_of(request, pk)
    name = f"{found.number}.pdf"
    return on_paper(request, lambda: prints.work_paper(found, at=timezone.now()), name=name, back=_page(found))


@permission_required(PAPERS, raise_exception=True)
def evidence_sheet(request: Request, pk: int) -> HttpResponse:
    """One evidence sheet, how it was signed, its files."""
    found = _sheet_of(request, pk)
    told: list[tuple[str, object]] = [
        (_("engagement"), found.engagement),
        (_("work paper"), found.paper),
        (_("title"), found.title),
        (pgettext("audit", "facts"), found.facts),
        (_("taken down on"), found.dated_on),
        (pgettext("audit", "taken down by"), f"{found.taken_by} · {moment(found.taken_at)}"),
        (_("signed by"), found.confirmed_by),
        (_("signed on"), found.confirmed_on),
        (_("what he said to it"), found.words),
        (_("noted by"), found.noted_by),
    ]
    links = {_("engagement"): address_of(found.engagement)}
    if found.paper is not None:
        links[_("work paper")] = _page(found.paper)
    page = Page(
        subject=found,
        title=_("Evidence sheet %(number)s") % {"number": found},
        back=(_("Engagement %(number)s") % {"number": found.engagement}, address_of(found.engagement)),
        state=state_of(found),
        facts=[(label, value) for label, value in told if value],
        tables=[evidence_table(found.evidence.select_related("attachment", "added_by"))],
        actions=_ways_of_sheet(request, found),
        links=links,
    )
    return shown(request, page)


def _ways_of_sheet(request: Request, found: EvidenceSheet) -> list[Action]:
    ways: list[Action] = []
    if _works(request, found.engagement):
        if found.state == Signed.TAKEN:
            way = reverse("audit:evidence_sheet_sign", args=[found.pk])
            ways.append(Action(_("Note the signature"), way, "Alt+S", first=True))
            ways.append(Action(_("Make it void"), reverse("audit:evidence_sheet_void", args=[found.pk])))
        if found.state != Signed.VOID:
            ways.append(Action(_("Add evidence"), reverse("audit:evidence_sheet_evidence", args=[found.pk]), "Alt+E"))
    ways.append(Action(_("Print"), reverse("audit:evidence_sheet_print", args=[found.pk]), "Alt+P"))
    return ways


@permission_required(WRITE, raise_exception=True)
def take(request: Request, pk: int) -> HttpResponse:
    """Take facts down."""
    of = engagement_of(request, pk)

    def do(form: SheetForm) -> tuple[str, str]:
        made = services.take_evidence(engagement=of, stated=form.told(), by=request.user, at=timezone.now())
        return _page(made), _("Print sheet %(number)s, and have it signed.") % {"number": made}

    return form_view(
        request,
        title=_("Take evidence down"),
        submit=_("Save"),
        back=address_of(of),
        form=lambda page: SheetForm(page.data, engagement=of),
        do=do,
    )


@permission_required(WRITE, raise_exception=True)
def sign(request: Request, pk: int) -> HttpResponse:
    """Note that a sheet came back."""
    found = _sheet_of(request, pk)

    def do(form: SignatureForm) -> tuple[str, str]:
        services.note_signature(sheet=found, stated=form.told(), by=request.user, at=timezone.now())
        return _page(found), _("Noted.")

    return form_view(
        request,
        title=_("Signature of sheet %(number)s") % {"number": found},
        submit=_("Note it"),
        back=_page(found),
        form=lambda page: SignatureForm(page.data),
        do=do,
    )


@permission_required(WRITE, raise_exception=True)
def void(request: Request, pk: int) -> HttpResponse:
    """Make a sheet void that nobody signed."""
    found = _sheet_of(request, pk)

    def do(form: WhyForm) -> tuple[str, str]:
        services.void_sheet(sheet=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return _page(found), _("Sheet %(number)s is void.") % {"number": found}

    return form_view(
        request,
        title=_("Make sheet %(number)s void") % {"number": found},
        submit=_("Make it void"),
        back=_page(found),
        form=lambda page: WhyForm(page.data),
        do=do,
    )


@permission_required(PAPERS, raise_exception=True)
def print_sheet(request: Request, pk: int) -> HttpResponse:
    """The evidence sheet (取证单) on A4, to be signed."""
    found = _sheet_of(request, pk)
    name = f"{found.number}.pdf"
    return on_paper(request, lambda: prints.evidence_sheet(found, at=timezone.now()), name=name, back=_page(found))
