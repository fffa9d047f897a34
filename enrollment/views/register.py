"""Reading the register: the lists, one household, one person, a whole ID number."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from enrollment.filters.register import HouseholdFilter, MemberFilter
from enrollment.models import Household, HouseholdException, Member
from enrollment.rules import categories
from enrollment.selectors import contributions, register
from enrollment.selectors.coverage import told_by
from enrollment.services import readings
from enrollment.tables.register import HouseholdTable, MemberTable
from enrollment.views import keeping
from office import attachments, ways
from office.access import Request
from office.pages.lists import ListPage
from office.rules import days


class MemberList(ListPage):
    permission_required = "enrollment.view_member"
    page_title = gettext_lazy("Members")
    queryset = Member.objects.select_related("household__village__parent")
    table_class = MemberTable
    filterset_class = MemberFilter

    def default_filter(self) -> dict[str, str]:
        return {"state": Member.State.LIVING, "year": str(days.business_day(timezone.now()).year)}


class HouseholdList(ListPage):
    permission_required = "enrollment.view_household"
    page_title = gettext_lazy("Households")
    queryset = register.households_with_heads()
    table_class = HouseholdTable
    filterset_class = HouseholdFilter

    def default_filter(self) -> dict[str, str]:
        return {"state": "current", "year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        return [
            vars(one)
            for one in _open(self.request, [(_("Add a household"), "household_add", "add_household", "Alt+N")])
        ]


@permission_required("enrollment.view_household", raise_exception=True)
def household(request: Request, pk: int) -> HttpResponse:
    """One household: who is in it, what covers them this year, where it is paid to."""
    seen = Household.objects.visible_to(request.user).select_related(register.WITH_PLACE)
    found = get_object_or_404(seen, pk=pk)
    today = days.business_day(timezone.now())
    members = list(register.members_of(found, today.year))
    excepted = {one.member_id: one for one in register.exceptions_of(members, today.year)}
    context = {
        "household": found,
        "rows": [_row(one, excepted.get(one.pk), request) for one in members],
        "head": next((one for one in members if one.is_head and one.state == Member.State.LIVING), None),
        "year": today.year,
        "payee_accounts": register.payee_accounts_of(found),
        "contributions": contributions.of_household(found, today=today),
        "accounts": register.accounts_of(found),
        "files": attachments.of(found),
        "ways": [
            *([] if found.ended_on else _open(request, _household_ways(), pk)),
            *ways.ways_from(found, request.user),
        ],
    }
    return render(request, "enrollment/household.html", context)


def _row(member: Member, exception: HouseholdException | None, request: Request) -> dict[str, Any]:
    """A member as the household's page shows him."""
    of_year: Any = member.of_year  # type: ignore[attr-defined]  # fetched along
    further = ways.ways_from(member, request.user)
    return {"member": member, "coverages": of_year, "exception": exception, "further": further}


@permission_required("enrollment.view_member", raise_exception=True)
def member(request: Request, pk: int) -> HttpResponse:
    """One person: is he covered today and why, then everything else that the register knows of him."""
    return _member_page(request, _member_of(request, pk, "enrollment.view_member"))


@require_POST
@permission_required(readings.RIGHT, raise_exception=True)
def show_id_number(request: Request, pk: int) -> HttpResponse:
    """The whole ID number, in its place on the page; looking at it is an act."""
    found = _member_of(request, pk, readings.RIGHT)
    shown: dict[str, object] = {}
    try:
        shown["whole_id"] = readings.show_id_number(member=found, by=request.user, at=timezone.now())
    except readings.CannotShow as refusal:
        shown["refusal"] = refusal
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "enrollment/_id_number.html", {"member": found, **shown})
    return _member_page(request, found, **shown)


def _member_of(request: Request, pk: int, right: str) -> Member:
    seen = Member.objects.visible_to(request.user, right)
    return get_object_or_404(seen.select_related(f"household__{register.WITH_PLACE}", "merged_into"), pk=pk)


def _member_page(request: Request, found: Member, **more: object) -> HttpResponse:
    today = days.business_day(timezone.now())
    coverages = list(register.coverages_of(found))
    context = {
        "member": found,
        "household": found.household,
        "age": categories.age_on(found.birth_date, today),
        "on_day": told_by(found, coverages, today),
        "coverages": coverages,
        "exceptions": register.exceptions_of([found], today.year),
        "accounts": register.accounts_of(found.household, found),
        "doubles": found.doubles.all(),
        "files": attachments.of(found),
        "contributions": contributions.of_member(found, today=today),
        "further": ways.ways_from(found, request.user),
        "ways": [*keeping.way_to_pay(request, found), *_open(request, _member_ways(found), found.pk)],
    }
    return render(request, "enrollment/member.html", context | more)


def _household_ways() -> list[tuple[str, str, str, str]]:
    return [
        (_("Note a payment"), "household_pay", "change_collectionsheet", "Alt+J"),
        (_("Add a member"), "member_add", "add_member", "Alt+N"),
        (_("Move"), "household_move", "change_household", ""),
        (_("Split"), "household_split", "change_household", ""),
        (_("Another head"), "household_head", "change_member", ""),
        (_("Payee account"), "payee_account_propose", "add_payeeaccount", ""),
        (_("Files"), "household_files", "change_household", ""),
        (_("End the household"), "household_end", "change_household", ""),
    ]


def _member_ways(found: Member) -> list[tuple[str, str, str, str]]:
    correct = (_("Correct"), "member_correct", "change_member", "Alt+E")
    coverage = (_("Coverage"), "coverage", "view_coverage", "Alt+C")
    merge = (_("Is a double"), "merge_propose", "add_membermerge", "")
    death = (_("Has died"), "member_death", "change_member", "")
    back = (_("Is back"), "member_return", "change_member", "")
    kept = (_("Files"), "member_files", "change_member", "")
    match found.state:
        case Member.State.LIVING:
            move = (_("To another household"), "member_move", "change_member", "")
            away = (_("Moves away"), "member_away", "change_member", "")
            return [coverage, correct, move, away, death, merge, kept]
        case Member.State.MOVED_AWAY:
            return [coverage, correct, back, death, merge, kept]
        case Member.State.DEAD:
            return [coverage, correct, back, merge, kept]
        case _:
            return [coverage]


def _open(request: Request, buttons: list[tuple[str, str, str, str]], *args: int) -> list[ways.Way]:
    """Of some buttons (words, name of the page, right, key) those that open to this person."""
    return [
        ways.Way(label, reverse(f"enrollment:{name}", args=args), key)
        for label, name, right, key in buttons
        if request.user.has_perm(f"enrollment.{right}")
    ]
