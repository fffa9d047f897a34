"""Reminders (督办): the office reminds townships that are behind a deadline; each answers once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.models import CampaignDeadline, Division, Reminder
from enrollment.rules.campaign import Behind
from enrollment.selectors import reminders as selectors
from enrollment.services.campaign import refuse_part_of_county
from enrollment.services.keeping import CannotKeep, OutOfSight, in_sight
from office import trail
from office.models import Person
from office.rules import days
from office.selectors import working_days

SEND = "enrollment.add_reminder"
ANSWER = "enrollment.change_reminder"


@transaction.atomic
def send(
    *,
    deadline: CampaignDeadline,
    townships: Collection[Division],
    text: str,
    answer_by: date,
    by: Person,
    at: datetime,
) -> Sequence[Reminder]:
    """Remind townships that are behind; each is reminded once of a deadline. Raises CannotKeep."""
    refuse_part_of_county(by, SEND)
    today = days.business_day(at)
    found = CampaignDeadline.objects.select_for_update(of=["self"]).select_related("fund_year__scheme")
    current = found.get(pk=deadline.pk)
    if not townships:
        raise CannotKeep(_("Say which townships."), "townships")
    if not text.strip():
        raise CannotKeep(_("Say what is asked."), "text")
    _refuse_last_day(answer_by, today)
    behind = {one.township: one for one in selectors.proposed(current, today)}
    for township in townships:
        known = behind.get(township.pk)
        if known is None:
            raise CannotKeep(_("%(township)s is not behind this deadline.") % {"township": township}, "townships")
        if known.is_reminded:
            raise CannotKeep(
                _("%(township)s was reminded of this deadline already.") % {"township": township}, "townships"
            )
    return [_sent(current, one, behind[one.pk], text.strip(), answer_by, by=by, at=at) for one in townships]


@in_sight("reminder.answered", "reminder")
def answer(*, reminder: Reminder, text: str, by: Person, at: datetime) -> None:
    """The township says what it did or will do; once. Raises CannotKeep."""
    found = Reminder.objects.select_for_update(of=["self"]).select_related("township", "deadline")
    current = found.visible_to(by, ANSWER).filter(pk=reminder.pk).first()
    if current is None:
        raise OutOfSight(_("This township is not among those that your office serves."))
    if current.answered_at is not None:
        raise CannotKeep(_("This reminder is answered already."))
    if current.deadline.void_reason:
        raise CannotKeep(_("The deadline was made void: no answer is needed any more."))
    if not text.strip():
        raise CannotKeep(_("Say what the township did or will do."), "answer")
    current.answer, current.answered_by, current.answered_at = text.strip(), by, at
    current.save(update_fields=["answer", "answered_by", "answered_at"])
    trail.record("reminder.answered", current, by=by, at=at, right=ANSWER, township=current.township)


def _sent(
    deadline: CampaignDeadline,
    township: Division,
    behind: Behind,
    text: str,
    answer_by: date,
    *,
    by: Person,
    at: datetime,
) -> Reminder:
    reminder = Reminder.objects.create(
        deadline=deadline,
        township=township,
        rate=behind.rate,
        text=text,
        answer_by=answer_by,
        sent_by=by,
        sent_at=at,
    )
    trail.record(
        "reminder.sent",
        reminder,
        by=by,
        at=at,
        right=SEND,
        township=township,
        deadline=deadline.on,
        wanted=deadline.rate,
        rate=behind.rate,
        answer_by=answer_by,
    )
    return reminder


def _refuse_last_day(answer_by: date, today: date) -> None:
    if answer_by <= today:
        raise CannotKeep(_("The last day for the answer is still to come."), "answer_by")
    try:
        works = working_days(answer_by, answer_by).is_working(answer_by)
    except days.CalendarUnknown as unknown:
        raise CannotKeep(_(unknown.sentence).format(**unknown.params), "answer_by") from unknown
    if not works:
        raise CannotKeep(_("The last day for the answer is a working day."), "answer_by")
