"""A clerk's day: all that waits for him, what he takes, puts back and hands over; and who holds what, for the head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from office import desk, trail
from office.access import Request
from office.forms import ColleagueForm, ReassignForm
from office.models import Lease, Person
from office.pages import goals
from office.pages.forms import FormPage
from office.services import work
from office.subjects import Name
from office.templatetags import figures

SEEN_AT_ONCE = 20
PAGE = 50
DIGITS = 6  # of the highest page number that is taken for one


@permission_required("office.view_lease", raise_exception=True)
def my_work(request: Request) -> HttpResponse:
    """All my worklists."""
    seen = desk.look_at(request.user, desk.worklists_of(request.user), most=SEEN_AT_ONCE)
    lists = [_on_page(request.user, one, waiting) for one, waiting in seen if waiting.count]
    return render(request, "office/work.html", {"lists": _with_keys(lists), "page_title": _("My work")})


@permission_required("office.view_lease", raise_exception=True)
def one_worklist(request: Request, name: str) -> HttpResponse:
    """One of my worklists, page by page."""
    found = next((one for one in desk.worklists_of(request.user) if one.name == name), None)
    if found is None:
        raise Http404
    asked = request.GET.get("page", "")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) <= DIGITS else 1
    [(one, waiting)] = desk.look_at(request.user, [found], start=(number - 1) * PAGE, most=PAGE)
    context = {
        "lists": _with_keys([_on_page(request.user, one, waiting)]),
        "page_title": str(one.title),
        "is_alone": True,
        "before": number - 1,
        "after": number + 1 if waiting.count > number * PAGE else 0,
    }
    return render(request, "office/work.html", context)


@require_POST
@permission_required("office.view_lease", raise_exception=True)
def take(request: Request) -> HttpResponse:
    """I work on this now."""
    name, subject = _named(request)
    try:
        taken = work.take(worklist=name, subject=subject, by=request.user, at=timezone.now())
    except work.CannotTake as refusal:
        _refused(request, "work.taken", refusal, name, subject)
    else:
        messages.success(request, work.with_whom(taken))
    return _back(request)


@require_POST
@permission_required("office.view_lease", raise_exception=True)
def put_back(request: Request) -> HttpResponse:
    """Others may take it."""
    name, subject = _named(request)
    try:
        work.put_back(worklist=name, subject=subject, by=request.user, at=timezone.now())
    except work.CannotPutBack as refusal:
        _refused(request, "work.put-back", refusal, name, subject)
    else:
        messages.success(request, _("It waits for all again."))
    return _back(request)


@permission_required("office.view_lease", raise_exception=True)
def hand_over(request: Request, name: str, kind: str, number: str) -> HttpResponse:
    """I give what I took to a colleague."""
    subject, now = (kind, number), timezone.now()
    item = desk.sees(request.user, name, subject, now)
    if item is None:
        messages.error(request, _("This does not wait for you, or not any more."))
        return redirect("office:work")
    title = _("Hand over: %(item)s") % {"item": item.label}
    page = FormPage(request, title=title, submit=_("Hand over"), cancel_url=reverse("office:work"))
    form = ColleagueForm(page.data, people=desk.who_sees(name, subject, now, but=[request.user]))
    if page.is_sent and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            work.hand_over(worklist=name, subject=subject, to=to, by=request.user, at=now)
        except work.CannotHandOver as refusal:
            page.refuse(form, None, refusal, act="work.handed-over")
        else:
            messages.success(request, _("%(person)s has it now.") % {"person": to})
            return redirect("office:work")
    return page.render(form)


@permission_required("office.reassign_work", raise_exception=True)
def of_people(request: Request) -> HttpResponse:
    """Who works on what, and what those who left have left behind."""
    now = timezone.now()
    bodies = request.user.bodies_in_sight("office.reassign_work")
    people = Person.objects.all()
    if bodies is not None:
        people = people.filter(appointments__body__in=bodies).distinct()
    mine = set(people.values_list("pk", flat=True))
    left = list(people.filter(left_on__isnull=False).order_by("-left_on", "full_name"))
    behind = desk.open_work(left, now)
    context = {
        "held": [(one, item) for one, item in desk.held_work(now) if item.lease and item.lease.holder_id in mine],
        "leavers": [{"person": one, "open_work": behind[one.pk]} for one in left if behind[one.pk]],
        "page_title": _("Work of all"),
    }
    return render(request, "office/work_of_people.html", context)


@permission_required("office.reassign_work", raise_exception=True)
def reassign(request: Request, name: str, kind: str, number: str) -> HttpResponse:
    """The head gives somebody's work to somebody else."""
    subject, now = (kind, number), timezone.now()
    item = desk.item_of(name, subject)
    back = reverse("office:work_of_people")
    if item is None:
        messages.error(request, _("This waits for nobody any more."))
        return redirect(back)
    lease = Lease.objects.held(now).over(subject).filter(worklist=name).select_related("holder").first()
    holder = lease.holder if lease else None
    page = FormPage(
        request,
        title=_("Reassign: %(item)s") % {"item": item.label},
        submit=_("Reassign"),
        cancel_url=back,
        template="office/reassign.html",
    )
    people = desk.who_sees(name, subject, now, but=[holder] if holder else [])
    form = ReassignForm(page.data, people=people, initial={"seen": holder.pk if holder else ""})
    if page.is_sent and form.is_valid():
        typed = form.cleaned_data
        who: dict[str, Any] = {"to": typed["to"], "seen": form.seen_person(), "by": request.user, "at": now}
        try:
            work.reassign(worklist=name, subject=subject, reason=typed["reason"], **who)
        except work.CannotReassign as refusal:
            page.refuse(form, None, refusal, act="work.reassigned")
        else:
            messages.success(request, _("%(person)s has it now.") % {"person": typed["to"]})
            return redirect(back)
    return page.render(form, said=work.with_whom(lease) if lease else _("Nobody works on this."), nobody=not people)


def _on_page(person: Person, one: desk.Worklist, waiting: desk.Waiting) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "icon": one.icon,
        "url": reverse("office:worklist", args=[one.name]),
        "count": waiting.count,
        "amount": "" if waiting.amount is None else figures.money(waiting.amount),
        "rows": [_row(person, one, item) for item in waiting.items],
    }


def _row(person: Person, one: desk.Worklist, item: desk.Item) -> dict[str, Any]:
    can_be_taken = item.subject is not None and one.kind_of(item.subject) is not None
    is_mine = item.lease is not None and item.lease.holder_id == person.pk
    return {
        "item": item,
        "worklist": one.name,
        "is_mine": is_mine,
        "is_free": can_be_taken and item.lease is None,
    }


def _with_keys(lists: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """The keys act on the first free thing, and on the first of one's own."""
    rows = [row for one in lists for row in one["rows"]]
    for mark in ("is_mine", "is_free"):
        for row in [row for row in rows if row[mark]][:1]:
            row["has_keys"] = True
    return lists


def _named(request: Request) -> tuple[str, Name]:
    """Which thing of which worklist a button named."""
    sent = request.POST
    return sent.get("worklist", ""), (sent.get("kind", ""), sent.get("number", ""))


def _refused(request: Request, act: str, refusal: Exception, name: str, subject: Name) -> None:
    messages.error(request, str(refusal))
    trail.refused(
        act, None, by=request.user, at=timezone.now(), reason=str(refusal), worklist=name, item=":".join(subject)
    )


def _back(request: Request) -> HttpResponse:
    goal = request.POST.get("next", "")
    return HttpResponseRedirect(goals.inside(request, goal) if goal else reverse("office:work"))
