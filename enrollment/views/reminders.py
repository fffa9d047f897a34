"""Reminders (督办): the townships behind a deadline, what was sent to them, what they answer."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.filters.campaign import ReminderFilter
from enrollment.forms.campaign import LAST_DAY_AFTER, AnswerForm, ReminderForm
from enrollment.models import CampaignDeadline, Division, Reminder
from enrollment.prints import reminder as prints
from enrollment.selectors import reminders as selectors
from enrollment.services import reminders
from enrollment.tables.campaign import ReminderTable
from enrollment.views import keeping
from office.access import Request
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import days

VIEW = "enrollment.view_reminder"


class ReminderList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Reminders")
    queryset = Reminder.objects.select_related("township", "deadline__fund_year__scheme").order_by("-pk")
    table_class = ReminderTable
    filterset_class = ReminderFilter


@permission_required(reminders.SEND, raise_exception=True)
def send(request: Request, deadline: int) -> HttpResponse:
    """The townships that are behind a deadline, and a reminder to those that are chosen."""
    found = get_object_or_404(CampaignDeadline.objects.standing().select_related("fund_year__scheme"), pk=deadline)
    back = f"{reverse('enrollment:campaign')}?fund_year={found.fund_year_id}"
    page = FormPage(
        request,
        title=_("Behind the deadline %(deadline)s") % {"deadline": found},
        submit=_("Send"),
        cancel_url=back,
        template="enrollment/remind.html",
    )
    today = days.business_day(timezone.now())
    behind = selectors.proposed(found, today)
    waiting = [one for one in behind if not one.is_reminded]
    form = ReminderForm(page.data, behind=waiting, last_day=selectors.last_day(today, LAST_DAY_AFTER))

    def save() -> Sequence[Reminder]:
        typed = form.cleaned_data
        return reminders.send(
            deadline=found,
            townships=list(Division.objects.filter(pk__in=typed["townships"]).order_by("code")),
            text=typed["text"],
            answer_by=typed["answer_by"],
            by=request.user,
            at=timezone.now(),
        )

    done = keeping.sent(page, form, "reminder.sent", save)
    if done is None:
        return page.render(form, deadline=found, behind=behind, waiting=waiting, is_past=found.on <= today)
    messages.success(request, _("Sent to %(count)s townships.") % {"count": len(done)})
    return redirect("enrollment:reminders")


@permission_required(VIEW, raise_exception=True)
def reminder(request: Request, pk: int) -> HttpResponse:
    """One reminder and its answer."""
    found = _reminder(request, pk, VIEW)
    shown = {
        "reminder": found,
        "late": selectors.late([found], timezone.now()).get(found.pk, 0),
        "can_answer": found.answered_at is None
        and not found.deadline.void_reason
        and Reminder.objects.visible_to(request.user, reminders.ANSWER).filter(pk=pk).exists(),
    }
    return render(request, "enrollment/reminder.html", shown)


@permission_required(reminders.ANSWER, raise_exception=True)
def answer(request: Request, pk: int) -> HttpResponse:
    """The township answers."""
    found = _reminder(request, pk, reminders.ANSWER)
    back = reverse("enrollment:reminder", args=[pk])
    page = FormPage(
        request, title=_("Answer of %(township)s") % {"township": found.township}, submit=_("Answer"), cancel_url=back
    )
    form = AnswerForm(page.data)

    def save() -> bool:
        reminders.answer(reminder=found, text=form.cleaned_data["answer"], by=request.user, at=timezone.now())
        return True

    if keeping.sent(page, form, "reminder.answered", save) is None:
        return page.render(form)
    messages.success(request, _("The answer is with the county's office."))
    return redirect(back)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The letter."""
    found = _reminder(request, pk, VIEW)
    return paper(
        request,
        lambda: prints.letter(found, at=timezone.now()),
        name=f"reminder-{pk}.pdf",
        back=reverse("enrollment:reminder", args=[pk]),
    )


def _reminder(request: Request, pk: int, right: str) -> Reminder:
    seen = Reminder.objects.visible_to(request.user, right)
    return get_object_or_404(
        seen.select_related("township", "deadline__fund_year__scheme", "sent_by", "answered_by"), pk=pk
    )
