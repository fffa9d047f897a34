"""Complaints: the list, one taken down, one's page, and what is done about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from audit.filters.leads import ComplaintFilter
from audit.forms.leads import AnswerForm, AssignForm, ComplaintForm, ComplaintNoteForm, PointForm
from audit.models import Complaint, ComplaintNote
from audit.selectors import complaints as selectors
from audit.services import complaints as services
from audit.services.complaints import INFORMANT, TAKE, VIEW, WORK
from audit.tables.leads import ComplaintTable
from claims.models import Claim
from claims.views import before
from enrollment.services.keeping import CannotKeep
from office import access
from office.access import Request
from office.models import Appointment, Attachment, Person
from office.pages import records
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page, Table
from office.rules import days

TONES = {"received": "waiting", "assigned": "running", "answered": "done"}
TOLD = ("about_member", "about_provider", "about_person", "received_by", "assigned_to", "answered_by")
HIDDEN = "＊＊＊"


class ComplaintList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Complaints")
    table_class = ComplaintTable
    filterset_class = ComplaintFilter

    def get_queryset(self) -> QuerySet[Any]:
        return selectors.seen_by(self.request.user).select_related("assigned_to").order_by("-pk")

    def default_filter(self) -> dict[str, str]:
        return {"state": "open"}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(TAKE):
            return []
        return [{"label": _("Take a complaint down"), "url": reverse("audit:complaint_new"), "key": "Alt+N"}]


@permission_required(TAKE, raise_exception=True)
def take_down(request: Request) -> HttpResponse:
    """Take a complaint down; who may not read complaints sees its number and no more of it."""
    may_read = request.user.has_perm(VIEW)
    back = reverse("audit:complaints" if may_read else "office:home")
    page = FormPage(request, title=_("Take a complaint down"), submit=_("Take it down"), cancel_url=back)
    form = ComplaintForm(page.data, page.files, person=request.user)
    taken = before.sent(
        page,
        form,
        "complaint.taken",
        lambda: services.take_down(told=form.told(), files=form.sent_along(), by=request.user, at=timezone.now()),
    )
    if taken is None:
        return page.render(form)
    told = {"number": taken, "day": taken.answer_by}
    messages.success(request, _("%(number)s is taken down; it is to be answered until %(day)s.") % told)
    return redirect("audit:complaint", taken.pk) if may_read else redirect("office:home")


@permission_required(VIEW, raise_exception=True)
def complaint(request: Request, pk: int) -> HttpResponse:
    """One complaint, without who made it."""
    return _shown(request, _complaint(request, pk))


@require_POST
@permission_required(INFORMANT, raise_exception=True)
def informant(request: Request, pk: int) -> HttpResponse:
    """Who made it: looking is an act."""
    found = _complaint(request, pk)
    try:
        name, contact = services.show_informant(complaint=found, by=request.user, at=timezone.now())
    except CannotKeep as refusal:
        messages.error(request, str(refusal))
        return redirect("audit:complaint", pk)
    return _shown(request, found, f"{name} · {contact or '—'}")


@permission_required(WORK, raise_exception=True)
def assign(request: Request, pk: int) -> HttpResponse:
    """Give it to somebody who looks into it."""
    found = _complaint(request, pk)
    page = _page(request, found, _("Who looks into %(number)s"), _("Give it"))
    form = AssignForm(page.data, people=_investigators(found))
    given: dict[str, Any] = {"complaint": found, "by": request.user, "at": timezone.now()}
    done = before.sent(page, form, "complaint.assigned", lambda: services.assign(to=form.cleaned_data["to"], **given))
    if done is None:
        return page.render(form)
    messages.success(request, _("%(person)s has it now.") % {"person": done.assigned_to})
    return redirect("audit:complaint", pk)


@permission_required(WORK, raise_exception=True)
def note(request: Request, pk: int) -> HttpResponse:
    """Write down what was done to look into it."""
    found = _complaint(request, pk)
    page = _page(request, found, _("What was looked into: %(number)s"), _("Write it down"))
    form = ComplaintNoteForm(page.data, page.files)
    given: dict[str, Any] = {"complaint": found, "by": request.user, "at": timezone.now()}

    def write() -> ComplaintNote:
        on, words = form.cleaned_data["on"], form.cleaned_data["words"]
        return services.note(on=on, words=words, files=form.sent_along(), **given)

    done = before.sent(page, form, "complaint.noted", write)
    if done is None:
        return page.render(form)
    messages.success(request, _("It is written down."))
    return redirect("audit:complaint", pk)


@permission_required(WORK, raise_exception=True)
def answer(request: Request, pk: int) -> HttpResponse:
    """Answer it."""
    found = _complaint(request, pk)
    page = _page(request, found, _("Answer to %(number)s"), _("Answer it"))
    form = AnswerForm(page.data)
    given: dict[str, Any] = {"complaint": found, "by": request.user, "at": timezone.now()}
    done = before.sent(page, form, "complaint.answered", lambda: services.answer(**form.cleaned_data, **given))
    if done is None:
        return page.render(form)
    messages.success(request, _("%(number)s is answered.") % {"number": found})
    return redirect("audit:complaint", pk)


@permission_required(WORK, raise_exception=True)
def point_at(request: Request, pk: int) -> HttpResponse:
    """Make a lead of it."""
    found = _complaint(request, pk)
    page = _page(request, found, _("A lead from %(number)s"), _("Make the lead"))
    form = PointForm(page.data, seen=Claim.objects.visible_to(request.user))
    given: dict[str, Any] = {"complaint": found, "by": request.user, "at": timezone.now()}
    made = before.sent(page, form, "complaint.led", lambda: services.point_at(**form.cleaned_data, **given))
    if made is None:
        return page.render(form)
    messages.success(request, _("%(lead)s is open.") % {"lead": made})
    return redirect("audit:lead", made.pk)


def _complaint(request: Request, pk: int) -> Complaint:
    return get_object_or_404(selectors.seen_by(request.user).select_related(*TOLD), pk=pk)


def _page(request: Request, found: Complaint, title: str, submit: str) -> FormPage:
    back = reverse("audit:complaint", args=[found.pk])
    return FormPage(request, title=title % {"number": found}, submit=submit, cancel_url=back)


def _investigators(found: Complaint) -> QuerySet[Person]:
    """Whoever may look into it today."""
    today = days.business_day(timezone.now())
    charged = Appointment.objects.on(today).filter(duty__in=access.granting(WORK)).values("person")
    people = Person.objects.filter(pk__in=charged, left_on__isnull=True).order_by("full_name")
    return people if found.about_person_id is None else people.exclude(pk=found.about_person_id)


def _shown(request: Request, found: Complaint, who: str = "") -> HttpResponse:
    is_late = found.state != Complaint.State.ANSWERED and found.answer_by < days.business_day(timezone.now())
    overdue = _("Overdue: it was to be answered until %(day)s.") % {"day": found.answer_by}
    page = Page(
        subject=found,
        title=_("Complaint %(number)s") % {"number": found},
        back=(_("Complaints"), reverse("audit:complaints")),
        state=(TONES[found.state], found.get_result_display() or found.get_state_display()),
        facts=_facts(found, who),
        tables=[_notes(found), *_files(request, found)],
        actions=_ways(request, found, who),
        notices=[overdue] if is_late else [],
    )
    leads = list(found.leads.order_by("pk"))
    return records.shown(request, page, "audit/complaint.html", leads=leads)


def _facts(found: Complaint, who: str) -> list[tuple[str, object]]:
    about = [str(one) for one in (found.about_member, found.about_provider, found.about_person) if one]
    facts: list[tuple[str, object]] = [
        (pgettext("complaint", "words"), found.words),
        (_("whom it is about"), " · ".join(dict.fromkeys([found.about, *about]))),
        (pgettext("complaint", "came"), f"{found.get_channel_display()} · {found.received_on}"),
        (_("informant"), _("anonymous") if found.is_anonymous else who or HIDDEN),
        (_("taken down by"), found.received_by),
        (_("answer until"), found.answer_by.isoformat()),
        (_("given to"), found.assigned_to or "—"),
    ]
    if found.answered_on is not None:
        answered = f"{found.answered_on} · {found.answered_by}"
        facts += [(_("answer"), found.answer), (_("answered"), answered)]
    return facts


def _notes(found: Complaint) -> Table:
    notes = found.notes.select_related("by")
    return Table(
        _("What was looked into"),
        (_("day"), _("in words"), _("by")),
        [(one.on.isoformat(), one.words, one.by) for one in notes],
        _("Nothing was written down yet."),
    )


def _files(request: Request, found: Complaint) -> list[Table]:
    """Its files; one that shows who complained is led to for those alone who may see that."""
    sees = request.user.has_perm(INFORMANT)
    rows = [
        [
            _link(kept) if sees or not one.names_informant else _("not for you: it shows who complained"),
            one.words,
            _("with the note of %(day)s") % {"day": one.note.on} if one.note else _("with the complaint"),
            str(one.added_by),
            format_html('<code title="{}">{}…</code>', kept.sha256, kept.sha256[:12]),
        ]
        for one, kept in selectors.files_of(found)
    ]
    header = (
        _("file"),
        pgettext("complaint", "what it is"),
        pgettext("complaint", "came with"),
        _("added by"),
        "SHA-256",
    )
    return [Table(_("Files"), header, rows)] if rows else []


def _link(kept: Attachment) -> str:
    return format_html('<a href="{}">{}</a>', reverse("office:attachment", args=[kept.pk]), kept)


def _ways(request: Request, found: Complaint, who: str) -> list[Action]:
    ways = []
    at = [found.pk]
    if request.user.has_perm(WORK):
        if found.state != Complaint.State.ANSWERED:
            mine = found.assigned_to_id == request.user.pk
            ways.append(Action(_("Write a note"), reverse("audit:complaint_note", args=at), "Alt+N", first=mine))
            ways.append(
                Action(_("Give it to somebody"), reverse("audit:complaint_assign", args=at), "Alt+G", first=not mine)
            )
            ways.append(Action(_("Answer"), reverse("audit:complaint_answer", args=at), "Alt+R"))
        ways.append(Action(_("Make a lead"), reverse("audit:complaint_lead", args=at), "Alt+L"))
    if request.user.has_perm(INFORMANT) and not found.is_anonymous and not who:
        ways.append(Action(_("Show the informant"), reverse("audit:complaint_informant", args=at), posts=True))
    return ways
