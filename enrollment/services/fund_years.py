"""Fund years: the county's paper is drafted by one person, proposed with its scan, and confirmed by another.

What stands in a year's tables is the matter of fund_year_lines.py. Order of locks: the year's rounds, then the year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.deciding import ENROLLMENT
from enrollment.models import Category, FundYear, Scheme, SubsidyRate, WageRate
from enrollment.selectors import fund_years
from office import attachments, deciding, trail, words
from office.deciding import CannotWithdraw, Matter
from office.models import Attachment, Duty, Person
from office.models.rounds import Choice, Outcome
from office.rules.rounds import Required
from office.services import rounds

ONE_DAY = timedelta(days=1)
RIGHT = "enrollment.change_fundyear"
ALIVE = (FundYear.State.DRAFT, FundYear.State.PROPOSED, FundYear.State.CONFIRMED)

#: Who entered a year never confirms it.
CONFIRMED_BY = Required(rule="enrollment.fund-year", version="1", duties=(Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD))

#: What bars a proposal, in words.
NEEDED = {
    "rates": gettext_lazy("Enter the contribution of every category, or the rate of wages of those at work."),
    "paper": gettext_lazy("Add the scan of the paper, as a picture or PDF."),
}


class CannotDraft(Exception):
    """No fund year was drafted; the message is written for the accountant."""


class CannotChange(Exception):
    """The draft stays as it was; the message is written for the accountant."""


class CannotPropose(Exception):
    """The fund year stays a draft; the message is written for the accountant."""


@dataclass(frozen=True)
class Header:
    """What the head of the county's paper says; every time has its first and its last day, both included."""

    year: int
    start: date
    end: date
    collect_from: date
    collect_until: date
    paper_number: str
    paper_date: date
    basis: str

    def fields(self) -> dict[str, Any]:
        """The same as the record keeps it."""
        return {
            "year": self.year,
            "period": DateRange(self.start, self.end + ONE_DAY),
            "collection": DateRange(self.collect_from, self.collect_until + ONE_DAY),
            "paper_number": self.paper_number,
            "paper_date": self.paper_date,
            "basis": self.basis,
        }


@transaction.atomic
def draft_fund_year(*, scheme: Scheme, header: Header, by: Person, at: datetime) -> FundYear:
    """Begin to enter what the county decided for a year. Raises CannotDraft."""
    Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
    if wrong := _fault_of(header, FundYear.objects.filter(scheme=scheme)):
        raise CannotDraft(wrong)
    drafted = FundYear.objects.create(scheme=scheme, proposed_by=by, proposed_at=at, **header.fields())
    trail.record("fund-year.drafted", drafted, by=by, at=at, right=RIGHT, scheme=scheme.code, year=header.year)
    return drafted


@transaction.atomic
def change_header(*, fund_year: FundYear, header: Header, seen: str, by: Person, at: datetime) -> None:
    """Correct the head of a draft. `seen` is what its reader saw (`header_seen`). Raises CannotChange."""
    Scheme.objects.select_for_update(no_key=True).get(pk=fund_year.scheme_id)
    current = locked_draft(fund_year)
    if seen != header_seen(current):
        raise CannotChange(_("Somebody changed the head of this draft while you were editing it: open it again."))
    if wrong := _fault_of(header, FundYear.objects.filter(scheme=current.scheme_id).exclude(pk=current.pk)):
        raise CannotChange(wrong)
    before = header_content(current)
    for name, value in header.fields().items():
        setattr(current, name, value)
    current.save()
    after = header_content(current)
    changed = [f"{name} {before[name]} → {value}" for name, value in after.items() if value != before[name]]
    if changed:
        note_change(current, "header", by=by, at=at, changed="; ".join(changed))


@transaction.atomic
def attach_paper(*, fund_year: FundYear, upload: UploadedFile[Any], by: Person, at: datetime) -> Attachment:
    """Keep the scan of the paper with its draft. Raises CannotChange, CannotAttach."""
    current = locked_draft(fund_year)
    kept = attachments.keep(subject=current, upload=upload, by=by, at=at)
    if kept.media_type not in fund_years.SCANS:
        raise CannotChange(_("The scan of a paper is a picture or a PDF."))
    note_change(current, "paper", by=by, at=at, sha256=kept.sha256)
    return kept


@transaction.atomic
def propose(*, fund_year: FundYear, by: Person, at: datetime) -> Any:
    """Give a draft that says everything needed to those who confirm it; gives its round. Raises CannotPropose."""
    try:
        opened = rounds.open_round(subject=fund_year, by=by, at=at)
    except rounds.CannotOpen as refusal:
        raise CannotPropose(str(refusal)) from refusal
    current = FundYear.objects.get(pk=fund_year.pk)  # under the lock of its round's opening
    if current.state not in {FundYear.State.DRAFT, FundYear.State.PROPOSED}:
        raise CannotPropose(_("This fund year is no draft: it is %(state)s.") % {"state": current.get_state_display()})
    if missing := [str(NEEDED[part]) for part in fund_years.parts_of(current).missing if part in NEEDED]:
        raise CannotPropose(" ".join(missing))
    if current.state == FundYear.State.DRAFT:
        _move(current, FundYear.State.PROPOSED)
    trail.record(
        "fund-year.proposed", current, by=by, at=at, right=RIGHT, subject_hash=opened.subject_hash, year=current.year
    )
    return opened


@transaction.atomic
def withdraw(*, fund_year: FundYear, by: Person, at: datetime) -> None:
    """Whoever entered a year takes it back before it is confirmed. Raises CannotWithdraw."""
    rounds.void(subject=fund_year, by=by, at=at, reason=_("withdrawn"))
    current = FundYear.objects.select_for_update(of=["self"]).get(pk=fund_year.pk)
    if current.state not in {FundYear.State.DRAFT, FundYear.State.PROPOSED}:
        raise CannotWithdraw(_("This has been decided already."))
    if by not in fund_years.makers_of(current):
        raise CannotWithdraw(_("Whoever entered it takes it back."))
    _move(current, FundYear.State.WITHDRAWN)
    trail.record("fund-year.withdrawn", current, by=by, at=at, right=RIGHT, year=current.year)


def locked_draft(fund_year: FundYear) -> FundYear:
    """The year under its lock, if it still is a draft. Raises CannotChange."""
    current = FundYear.objects.select_for_update(of=["self"]).select_related("scheme").get(pk=fund_year.pk)
    if current.state != FundYear.State.DRAFT:
        raise CannotChange(
            _("Only a draft is changed: this fund year is %(state)s.") % {"state": current.get_state_display()}
        )
    return current


def note_change(fund_year: FundYear, part: str, *, by: Person, at: datetime, **facts: Any) -> None:
    """Write that a part of a draft was changed."""
    trail.record("fund-year.changed", fund_year, by=by, at=at, right=RIGHT, part=part, **facts)


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=FundYear,
            family=ENROLLMENT,
            title=gettext_lazy("Fund year"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda fund_year: CONFIRMED_BY,
            barred=lambda fund_year: list(fund_years.makers_of(fund_year)),
            choices=(Choice.APPROVE, Choice.REFUSE, Choice.RETURN),
            page="enrollment:fund_year",
            withdraw=lambda fund_year, by, at: withdraw(fund_year=fund_year, by=by, at=at),
        )
    )
    attachments.register("enrollment.fundyear", lambda person, number: person.has_perm("enrollment.view_fundyear"))


def header_content(fund_year: FundYear) -> dict[str, object]:
    """What the head of a fund year says."""
    return {
        "scheme": fund_year.scheme.code,
        "year": fund_year.year,
        "from": fund_year.period.lower,
        "to": fund_year.period.upper,
        "collected-from": fund_year.collection.lower,
        "collected-to": fund_year.collection.upper,
        "paper": fund_year.paper_number,
        "paper-date": fund_year.paper_date,
        "basis": fund_year.basis,
    }


def header_seen(fund_year: FundYear) -> str:
    """The head as a reader saw it, in a word."""
    return trail.hash_of(header_content(fund_year))


def content(fund_year: FundYear) -> Mapping[str, object]:
    """What a vote on a fund year is about: its head, every line of its tables, its papers to the byte."""
    parts = fund_years.parts_of(fund_year)
    return (
        header_content(fund_year)
        | {f"rate:{one.category}": f"{one.own} {one.assisted} {one.collective}" for one in parts.rates}
        | {f"wages:{one.group}": f"{one.employer} {one.person} {one.floor} {one.ceiling}" for one in parts.wages}
        | {f"subsidy:{one.level}:{one.instalment}": f"{one.per_head} {one.due_on}" for one in parts.subsidies}
        | {f"population:{one.division.code}": one.heads for one in parts.populations}
        | {f"target:{one.division.code if one.division else ''}:{one.sub_group}": one.heads for one in parts.targets}
        | {f"paper:{number}": one.sha256 for number, one in enumerate(parts.papers)}
    )


def rows(fund_year: FundYear) -> Sequence[tuple[str, str]]:
    """What a voter reads; the tables stand on the year's own page."""
    parts = fund_years.parts_of(fund_year)
    return [
        (_("scheme"), fund_year.scheme.name),
        (_("year"), str(fund_year.year)),
        (_("period"), words.period(fund_year.period)),
        (_("collection window"), words.period(fund_year.collection)),
        (_("paper"), f"{fund_year.paper_number} · {fund_year.paper_date:%Y-%m-%d}"),
        (_("basis of the population"), str(fund_year.get_basis_display())),
        *((_contribution_of(Category(one.category).label), f"{one.amount:,.2f}") for one in parts.rates),
        *((_contribution_of(WageRate.Group(one.group).label), _wages_told(one)) for one in parts.wages),
        *((_subsidy_of(one), f"{one.per_head:,.2f}") for one in parts.subsidies),
        (_("should enroll"), f"{parts.heads:,}"),
        (_("scans"), ", ".join(one.name for one in parts.papers)),
    ]


def _contribution_of(whom: object) -> str:
    return _("contribution: %(whom)s") % {"whom": whom}


def _subsidy_of(rate: SubsidyRate) -> str:
    level = SubsidyRate.Level(rate.level).label
    return _("subsidy a head: %(level)s, instalment %(number)s") % {"level": level, "number": rate.instalment}


def _wages_told(rate: WageRate) -> str:
    return _("employer %(employer)s %%, person %(person)s %% of %(floor)s to %(ceiling)s yuan a month") % {
        "employer": rate.employer,
        "person": rate.person,
        "floor": f"{rate.floor:,.2f}",
        "ceiling": f"{rate.ceiling:,.2f}",
    }


def _decided(fund_year: FundYear, outcome: str, by: Person, at: datetime) -> str:
    """Confirmed it lays down the year; returned it is a draft again; deferred it waits for another round."""
    after = {
        Outcome.APPROVED: FundYear.State.CONFIRMED,
        Outcome.REFUSED: FundYear.State.REFUSED,
        Outcome.RETURNED: FundYear.State.DRAFT,
    }.get(Outcome(outcome))
    if after is not None:
        _move(fund_year, after)
    trail.record("fund-year.decided", fund_year, by=by, at=at, outcome=outcome, year=fund_year.year)
    return ""


def _move(fund_year: FundYear, state: str) -> None:
    fund_year.state = state
    fund_year.save(update_fields=["state"])


def _fault_of(header: Header, others: Any) -> str:
    """What keeps a head from being one, beside the scheme's other years; nothing where nothing does."""
    if header.end < header.start or header.collect_until < header.collect_from:
        return _("The last day comes before the first.")
    if not header.start.year <= header.year <= header.end.year:
        return _("The period does not lie in the year %(year)s.") % {"year": header.year}
    clash = others.filter(Q(year=header.year) | Q(period__overlap=header.fields()["period"]), state__in=ALIVE).first()
    if clash is not None:
        return _("%(other)s (%(state)s) has these days already: take it back first.") % {
            "other": clash,
            "state": clash.get_state_display(),
        }
    return ""
