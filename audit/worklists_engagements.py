"""What waits of engagements: for the auditors papers, findings, measures and reports; for the office drafts to answer
and measures to carry out. What is overdue stands on the head's page too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import AuditReport, Engagement, Finding, Rectification, WorkPaper
from audit.selectors import findings as selectors
from audit.services.auditing import ANSWER, CHECK, DRAFT, RECTIFY, REPORT, WRITE
from office import desk, overview
from office.models import Person
from office.rules import days, money

VIEW = "audit.view_rectification"
Takes = Mapping[type[Model], desk.StillWaiting]


def register() -> None:
    """Called once when the app is ready."""
    for name, title, icon, right, waiting, takes in LISTS:
        desk.register(
            desk.Worklist(
                name=f"audit.{name}",
                title=title,
                icon=icon,
                right=right,
                url=partial(reverse, "office:worklist", args=[f"audit.{name}"]),
                waiting=waiting,
                takes=takes,
            )
        )
    overview.register_late(
        overview.Late(
            name="audit.rectifications",
            title=gettext_lazy("Measures of audits that are overdue"),
            right=VIEW,
            url=lambda: f"{reverse('audit:rectifications')}?standing=overdue",
            waiting=overdue,
        )
    )


def _own(person: Person) -> QuerySet[Engagement]:
    """Engagements on which somebody works."""
    return Engagement.objects.worked_on_by(person)


def papers_to_check(person: Person, look: desk.Look) -> desk.Waiting:
    """Work papers that somebody else wrote, of engagements for which one is named."""
    found = WorkPaper.objects.filter(state="written", engagement__in=_own(person)).exclude(made_by=person)
    return look.over(found.order_by("made_at", "pk"), _papers)


def _papers(some: Sequence[WorkPaper]) -> list[desk.Item]:
    return [desk.Item(f"{one} {one.title}", reverse("audit:work_paper", args=[one.pk]), one.made_at) for one in some]


def findings_to_settle(person: Person, look: desk.Look) -> desk.Waiting:
    """Findings that were answered, or not in time, of engagements for which one is named."""
    found = _settleable(look.today).filter(engagement__in=_own(person))
    return look.over(found.order_by("sent_at", "pk"), _findings)


def _settleable(today: date) -> QuerySet[Finding]:
    over = Q(state="answered") | Q(state="commenting", comment_until__lt=today)
    return Finding.objects.filter(over, engagement__state="noticed")


def findings_to_close(person: Person, look: desk.Look) -> desk.Waiting:
    """Findings all of whose measures are closed, which somebody else drafted; and closed ones whose money was taken
    back since, to be opened again."""
    wanted = Q(pk__in=selectors.closable().exclude(drafted_by=person).values("pk")) | Q(
        pk__in=selectors.taken_back().values("pk")
    )
    return look.over(Finding.objects.visible_to(person, CHECK).filter(wanted).order_by("pk"), _findings)


def findings_to_answer(person: Person, look: desk.Look) -> desk.Waiting:
    """Drafts that were sent for comment."""
    found = Finding.objects.visible_to(person, ANSWER).filter(state="commenting")
    return look.over(found.exclude(engagement__members__person=person).order_by("comment_until", "pk"), _findings)


def _findings(some: Sequence[Finding]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one} {one.title}",
            reverse("audit:finding", args=[one.pk]),
            one.sent_at or one.drafted_at,
            _note(one),
        )
        for one in some
    ]


def _note(one: Finding) -> str:
    if one.state == Finding.State.COMMENTING:
        return _("until %(day)s") % {"day": one.comment_until}
    if one.state == Finding.State.CLOSED:
        return _("its money was taken back: open it again")
    return money.shown(one.amount) if one.amount else ""


def rectifications_to_check(person: Person, look: desk.Look) -> desk.Waiting:
    """Measures that somebody else handed in."""
    found = Rectification.objects.visible_to(person, CHECK).filter(state="handed_in").exclude(handed_in_by=person)
    return look.over(found.order_by("handed_in_at", "pk"), _rectifications)


def rectifications_to_do(person: Person, look: desk.Look) -> desk.Waiting:
    """Measures to carry out, the most urgent first."""
    found = Rectification.objects.visible_to(person, RECTIFY).filter(state="open", finding__state="final")
    return look.over(found.order_by("due_on", "pk"), _rectifications)


def overdue(person: Person, look: desk.Look) -> desk.Waiting:
    """Measures whose day is over."""
    found = Rectification.objects.visible_to(person, VIEW).overdue(look.today)
    return look.over(found.order_by("due_on", "pk"), _late)


def _rectifications(some: Sequence[Rectification]) -> list[desk.Item]:
    return [_item(one, one.handed_in_at or one.checked_at or one.asked_at) for one in some]


def _late(some: Sequence[Rectification]) -> list[desk.Item]:
    return [_item(one, datetime.combine(one.due_on + days.ONE_DAY, time(), days.SHANGHAI)) for one in some]


def _item(one: Rectification, since: datetime) -> desk.Item:
    way = reverse("audit:rectification", args=[one.pk])
    return desk.Item(f"{one} {one.measure}", way, since, _("due on %(day)s") % {"day": one.due_on})


def reports_to_issue(person: Person, look: desk.Look) -> desk.Waiting:
    """Reports that somebody else drew up, of engagements for which one is named."""
    found = AuditReport.objects.filter(state="drawn_up", engagement__in=_own(person)).exclude(made_by=person)
    return look.over(found.select_related("engagement").order_by("made_at", "pk"), _reports)


def _reports(some: Sequence[AuditReport]) -> list[desk.Item]:
    return [
        desk.Item(f"{one} {one.engagement.title}", reverse("audit:report", args=[one.pk]), one.made_at) for one in some
    ]


def _still(lines: Callable[[Sequence[Any]], list[desk.Item]], found: Callable[[], QuerySet[Any]]) -> desk.StillWaiting:
    """Of some things those that wait for anybody still."""
    return lambda numbers: desk.lines_with_subjects(list(found().filter(pk__in=numbers)), lines)


PAPERS_LEFT = _still(_papers, lambda: WorkPaper.objects.filter(state="written"))
TO_SETTLE = _still(_findings, lambda: _settleable(days.business_day(timezone.now())))
TO_CLOSE = _still(
    _findings,
    lambda: Finding.objects.filter(
        Q(pk__in=selectors.closable().values("pk")) | Q(pk__in=selectors.taken_back().values("pk"))
    ),
)
TO_CHECK = _still(_rectifications, lambda: Rectification.objects.filter(state="handed_in"))
TO_ISSUE = _still(_reports, lambda: AuditReport.objects.filter(state="drawn_up").select_related("engagement"))
TO_ANSWER = _still(_findings, lambda: Finding.objects.filter(state="commenting"))
TO_DO = _still(_rectifications, lambda: Rectification.objects.filter(state="open", finding__state="final"))

#: Name, title, icon, right, what waits, what of it can be taken.
LISTS: Sequence[tuple[str, Any, str, str, Callable[[Person, desk.Look], desk.Waiting], Takes]] = (
    (
        "papers-to-check",
        gettext_lazy("Work papers to check"),
        "file-spreadsheet",
        WRITE,
        papers_to_check,
        {WorkPaper: PAPERS_LEFT},
    ),
    (
        "findings-to-settle",
        gettext_lazy("Findings to settle"),
        "inbox",
        DRAFT,
        findings_to_settle,
        {Finding: TO_SETTLE},
    ),
    (
        "findings-to-close",
        gettext_lazy("Findings to close, or to open again"),
        "circle-check",
        CHECK,
        findings_to_close,
        {Finding: TO_CLOSE},
    ),
    (
        "rectifications-to-check",
        gettext_lazy("Measures to check"),
        "inbox",
        CHECK,
        rectifications_to_check,
        {Rectification: TO_CHECK},
    ),
    ("rectifications-overdue", gettext_lazy("Measures that are overdue"), "clock", CHECK, overdue, {}),
    (
        "reports-to-issue",
        gettext_lazy("Audit reports to issue"),
        "file-spreadsheet",
        REPORT,
        reports_to_issue,
        {AuditReport: TO_ISSUE},
    ),
    (
        "findings-to-answer",
        gettext_lazy("Findings of audits to answer"),
        "alert-triangle",
        ANSWER,
        findings_to_answer,
        {Finding: TO_ANSWER},
    ),
    (
        "rectifications-to-do",
        gettext_lazy("Measures of audits to carry out"),
        "clock",
        RECTIFY,
        rectifications_to_do,
        {Rectification: TO_DO},
    ),
)
