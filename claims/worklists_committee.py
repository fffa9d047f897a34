"""What the committee has waiting: claims for an agenda, meetings, sheets to confirm, notices to issue and serve."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.models import Claim, DecisionNotice, Meeting
from claims.selectors import meetings, notices
from claims.services import meetings as keeping
from claims.services import notices as answering
from office import desk
from office.models import Person
from office.rules import money
from office.rules.days import SHANGHAI

State = Meeting.State
ATTEND = "claims.attend_meeting"
KEPT = (State.CALLED, State.OPEN, State.DECIDED)


def register() -> None:
    """Called once when the app is ready."""
    desk.register(
        desk.Worklist(
            name="claims.for-committee",
            title=gettext_lazy("Claims that wait for a meeting of the committee"),
            icon="inbox",
            right=keeping.KEEP,
            url=lambda: reverse("office:worklist", args=["claims.for-committee"]),
            waiting=for_committee,
            takes={Claim: still_for_committee},
        )
    )
    desk.register(
        desk.Worklist(
            name="claims.meetings",
            title=gettext_lazy("Committee meetings to keep"),
            icon="clock",
            right=keeping.KEEP,
            url=lambda: reverse("office:worklist", args=["claims.meetings"]),
            waiting=to_keep,
            takes={Meeting: still_to_keep},
        )
    )
    desk.register(
        desk.Worklist(
            name="claims.sheets",
            title=gettext_lazy("Committee meetings that ask for me"),
            icon="circle-check",
            right=ATTEND,
            url=lambda: reverse("office:worklist", args=["claims.sheets"]),
            waiting=to_attend,
        )
    )
    desk.register(
        desk.Worklist(
            name="claims.notices-to-issue",
            title=gettext_lazy("Decisions to answer in writing"),
            icon="file-alert",
            right=answering.RIGHT,
            url=lambda: reverse("office:worklist", args=["claims.notices-to-issue"]),
            waiting=to_issue,
            takes={Claim: still_to_issue},
        )
    )
    desk.register(
        desk.Worklist(
            name="claims.notices-to-serve",
            title=gettext_lazy("Decision notices to serve"),
            icon="inbox",
            right=answering.RIGHT,
            url=lambda: f"{reverse('claims:notices')}?served=no",
            waiting=to_serve,
            takes={DecisionNotice: still_to_serve},
        )
    )


def for_committee(person: Person, look: desk.Look) -> desk.Waiting:
    """Claims before the committee that are on no agenda."""
    found = meetings.waiting_claims()
    waiting = look.over(found, _claim_lines)
    return replace(waiting, amount=found.order_by().aggregate(all=Sum("proposed"))["all"])


def still_for_committee(numbers: Collection[str]) -> list[desk.Item]:
    """Of some claims those that wait for a meeting still."""
    return desk.lines_with_subjects(list(meetings.waiting_claims().filter(pk__in=numbers)), _claim_lines)


def _claim_lines(some: Sequence[Any]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.number} {one.member.name} · {one.provider}",
            reverse("claims:claim", args=[one.pk]),
            datetime.combine(one.state_since, time.min, SHANGHAI),
            "" if one.proposed is None else money.shown(one.proposed),
        )
        for one in some
    ]


def to_keep(person: Person, look: desk.Look) -> desk.Waiting:
    """Meetings that were called, are in session, or wait for their minutes; not those in which this person votes."""
    return look.over(_kept().exclude(invitees__person=person), _meeting_lines)


def still_to_keep(numbers: Collection[str]) -> list[desk.Item]:
    """Of some meetings those that are to be kept still."""
    return desk.lines_with_subjects(list(_kept().filter(pk__in=numbers)), _meeting_lines)


def _kept() -> QuerySet[Meeting]:
    found = Meeting.objects.filter(state__in=KEPT).order_by("held_on", "pk")
    return found.annotate(claims=Count("agenda", filter=Q(agenda__round__state="open"), distinct=True))


def _meeting_lines(some: Sequence[Any]) -> list[desk.Item]:
    return [
        desk.Item(
            _("Meeting %(meeting)s on %(day)s, %(place)s")
            % {"meeting": one, "day": one.held_on.isoformat(), "place": one.place},
            reverse("claims:meeting", args=[one.pk]),
            one.called_at,
            _what_is_kept(one),
        )
        for one in some
    ]


def _what_is_kept(one: Any) -> str:
    if one.state == State.DECIDED:
        return _("minutes to be frozen")
    if not one.claims:
        return _("nothing is on the agenda")
    words = ngettext("%(claims)s claim", "%(claims)s claims", one.claims) % {"claims": one.claims}
    return f"{one.get_state_display()} · {words}"


def to_attend(person: Person, look: desk.Look) -> desk.Waiting:
    """Meetings to which this person is called; in session those that wait for his sheet, or for him to close them."""
    return look.over(meetings.asking(person), _attend_lines(person))


def _attend_lines(person: Person) -> Any:
    def lines(some: Sequence[Any]) -> list[desk.Item]:
        return [
            desk.Item(
                _("Meeting %(meeting)s on %(day)s, %(place)s")
                % {"meeting": one, "day": f"{one.held_on.isoformat()} {one.begins_at:%H:%M}", "place": one.place},
                reverse("claims:meeting_sheet" if one.asks_for_sheet else "claims:meeting", args=[one.pk]),
                one.called_at,
                _what_is_asked(one),
            )
            for one in some
        ]

    return lines


def _what_is_asked(one: Any) -> str:
    if one.state == State.CALLED:
        return _("called to it")
    return _("your sheet") if one.asks_for_sheet else _("to be closed")


def to_issue(person: Person, look: desk.Look) -> desk.Waiting:
    """Claims that were cut, refused or decided by the committee, and have no notice of it yet."""
    return look.over(notices.owed(), _owed_lines)


def still_to_issue(numbers: Collection[str]) -> list[desk.Item]:
    """Of some claims those that have no notice still."""
    return desk.lines_with_subjects(list(notices.owed().filter(pk__in=numbers)), _owed_lines)


def _owed_lines(some: Sequence[Any]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.number} {one.member.name} · {one.provider}",
            reverse("claims:notice_issue", args=[one.pk]),
            datetime.combine(one.state_since, time.min, SHANGHAI),
            str(one.get_state_display()),
        )
        for one in some
    ]


def to_serve(person: Person, look: desk.Look) -> desk.Waiting:
    """Notices that reached nobody yet."""
    return look.over(_unserved(), _notice_lines)


def still_to_serve(numbers: Collection[str]) -> list[desk.Item]:
    """Of some notices those that reached nobody yet."""
    return desk.lines_with_subjects(list(_unserved().filter(pk__in=numbers)), _notice_lines)


def _unserved() -> QuerySet[DecisionNotice]:
    return DecisionNotice.objects.filter(way="").select_related("claim__member").order_by("issued_on", "pk")


def _notice_lines(some: Sequence[DecisionNotice]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.number} {one.claim.member.name}",
            reverse("claims:notice_serve", args=[one.pk]),
            datetime.combine(one.issued_on, time.min, SHANGHAI),
            one.claim.number,
        )
        for one in some
    ]
