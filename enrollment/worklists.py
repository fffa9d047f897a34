"""What the register has waiting: receipts that nobody has received yet, reminders that a township answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from enrollment.models import ReceiptBook, Reminder
from enrollment.selectors.reminders import late
from enrollment.services import receipts, reminders
from office import desk, overview
from office.models import Person
from office.rules.days import SHANGHAI

STATE = ReceiptBook.State.ISSUED
SEE_REMINDERS: Final = "enrollment.view_reminder"
ONE_DAY: Final = timedelta(days=1)


def register() -> None:
    """Called once when the app is ready."""
    desk.register(
        desk.Worklist(
            name="enrollment.receipts",
            title=gettext_lazy("Receipts to receive"),
            icon="inbox",
            right=receipts.RECEIVE,
            url=lambda: f"{reverse('enrollment:receipt_books')}?state={STATE}",
            waiting=to_receive,
            takes={ReceiptBook: still_to_receive},
        )
    )
    desk.register(
        desk.Worklist(
            name="enrollment.reminders",
            title=gettext_lazy("Reminders to answer"),
            icon="alert-triangle",
            right=reminders.ANSWER,
            url=lambda: f"{reverse('enrollment:reminders')}?answered=no",
            waiting=reminders_to_answer,
            takes={Reminder: reminders_still_waiting},
        )
    )


def to_receive(person: Person, look: desk.Look) -> desk.Waiting:
    """Receipts that a township was issued, for its clerks."""
    found = ReceiptBook.objects.visible_to(person, receipts.RECEIVE).filter(state=STATE)
    return look.over(found.select_related("township", "issued_by").order_by("issued_at", "pk"), _books)


def still_to_receive(numbers: Collection[str]) -> list[desk.Item]:
    """Of some books those that nobody has received yet."""
    found = ReceiptBook.objects.filter(state=STATE, pk__in=numbers).select_related("township", "issued_by")
    return desk.lines_with_subjects(list(found), _books)


def _books(books: Sequence[ReceiptBook]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.township} {one}",
            reverse("enrollment:receipt_book", args=[one.pk]),
            one.issued_at,
            one.issued_by.full_name,
        )
        for one in books
    ]


def reminders_to_answer(person: Person, look: desk.Look) -> desk.Waiting:
    """Reminders to the townships of a clerk that wait for their answer."""
    found = Reminder.objects.visible_to(person, reminders.ANSWER).unanswered()
    return look.over(
        found.select_related("township", "deadline").order_by("sent_at", "pk"), lambda some: _reminders(some, look.at)
    )


def reminders_still_waiting(numbers: Collection[str]) -> list[desk.Item]:
    """Of some reminders those that nobody has answered yet."""
    found = Reminder.objects.unanswered().filter(pk__in=numbers).select_related("township", "deadline")
    return desk.lines_with_subjects(list(found), lambda some: _reminders(some, timezone.now()))


def _reminders(some: Sequence[Reminder], at: datetime) -> list[desk.Item]:
    overdue = late(some, at)
    return [
        desk.Item(
            str(one), reverse("enrollment:reminder", args=[one.pk]), one.sent_at, _until(one, overdue.get(one.pk, 0))
        )
        for one in some
    ]


def _until(one: Reminder, days_late: int) -> str:
    if days_late:
        return ngettext("%(days)s working day late", "%(days)s working days late", days_late) % {"days": days_late}
    return _("answer by %(day)s") % {"day": one.answer_by}


def reminders_late(person: Person, look: desk.Look) -> desk.Waiting:
    """Reminders that no township answered in time, of the townships that a person sees."""
    found = Reminder.objects.visible_to(person, SEE_REMINDERS).unanswered().filter(answer_by__lt=look.today)
    return look.over(found.select_related("township", "deadline").order_by("answer_by", "pk"), _late_lines)


def _late_lines(some: Sequence[Reminder]) -> list[desk.Item]:
    return [
        desk.Item(
            str(one),
            reverse("enrollment:reminder", args=[one.pk]),
            datetime.combine(one.answer_by, time.min, SHANGHAI) + ONE_DAY,
            _("answer by %(day)s") % {"day": one.answer_by},
        )
        for one in some
    ]


REMINDERS_LATE: Final = overview.Late(
    name="enrollment.reminders",
    title=gettext_lazy("Reminders that townships have not answered"),
    right=SEE_REMINDERS,
    url=lambda: reverse("enrollment:reminders"),
    waiting=reminders_late,
)
