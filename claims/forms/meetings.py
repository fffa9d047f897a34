"""What the pages of the committee accept: a meeting, its agenda, who came, each member's sheet, minutes, notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from claims.forms.checking import AMOUNT, TYPED
from claims.forms.plans import day_field
from claims.models import AgendaItem, Claim, ClaimLine, CommitteeRule, Cut, DecisionNotice, Invitee
from claims.services.checking import CutOf
from claims.services.meetings import MeetingOf
from claims.services.notices import Service
from claims.services.sitting import BallotOf
from office.models import Person
from office.models.rounds import Choice, Majority

#: Rows for cuts under each claim; more come with those that are filled.
ROWS: Final = 3
MOST_ROWS: Final = 60
NEEDS_WORDS: Final = (Choice.REFUSE, Choice.RETURN, Choice.DEFER)


def _line(label: Any, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.TextInput(attrs=TYPED), **more)


class MeetingForm(forms.Form):
    """What the notice of a meeting says."""

    number = _line(gettext_lazy("number of the meeting"), 40)
    held_on = day_field(gettext_lazy("held on"))
    begins_at = forms.TimeField(
        label=gettext_lazy("begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = _line(gettext_lazy("place of the meeting"), 60)
    notice_on = day_field(gettext_lazy("notice given on"))

    def stated(self) -> MeetingOf:
        return MeetingOf(**self.cleaned_data)


class CommitteeRuleForm(forms.Form):
    """What a paper asks of the committee from a day on."""

    since = day_field(gettext_lazy("in force from"))
    quorum = forms.ChoiceField(
        label=gettext_lazy("quorum"), choices=CommitteeRule.Quorum.choices, initial=CommitteeRule.Quorum.TWO_THIRDS
    )
    majority = forms.ChoiceField(label=gettext_lazy("majority"), choices=Majority.choices, initial=Majority.HALF)
    least = forms.IntegerField(label=gettext_lazy("members at least"), min_value=3, max_value=99, initial=3)
    document = _line(
        gettext_lazy("paper"), 100, help_text=gettext_lazy("As it stands on the paper, such as 海政发〔2009〕88号.")
    )


class AgendaForm(forms.Form):
    """Which of the claims that wait come on the agenda, in the order in which they wait."""

    claims = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, error_messages={"required": gettext_lazy("Choose at least one claim.")}
    )

    def __init__(self, *args: Any, waiting: Sequence[Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = waiting
        field: Any = self.fields["claims"]
        field.choices = [(str(one.pk), one.number) for one in waiting]

    def chosen(self) -> list[Claim]:
        typed = set(self.cleaned_data["claims"])
        return [one for one in self.waiting if str(one.pk) in typed]


class AttendanceForm(forms.Form):
    """Who of those called is there."""

    present = forms.MultipleChoiceField(
        label=gettext_lazy("is there"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, called: Sequence[Invitee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["present"]
        field.choices = [
            (str(one.person_id), _("%(person)s, %(role)s") % {"person": one.person, "role": one.get_role_display()})
            for one in called
        ]
        field.initial = [str(one.person_id) for one in called if one.is_present is not False]

    def there(self) -> set[int]:
        return {int(one) for one in self.cleaned_data["present"]}


class RecusalForm(forms.Form):
    """Who withdraws from a claim, and why."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("who withdraws"), queryset=Person.objects.none(), empty_label=None
    )
    reason = _line(gettext_lazy("reason"), 200)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = Person.objects.filter(pk__in=[one.pk for one in people]).order_by("full_name")
        if len(people) == 1:
            field.initial = people[0].pk
            field.widget = forms.HiddenInput()


class NumberForm(forms.Form):
    """The number of a paper of the office (文号)."""

    number = _line(gettext_lazy("document number"), 60)


class NoticeForm(forms.Form):
    """A decision notice: its number and its day."""

    number = _line(gettext_lazy("number of the notice"), 60)
    on = day_field(pgettext_lazy("notice", "issued on"))


class ServiceForm(forms.Form):
    """How a notice reached whom, and when."""

    way = forms.ChoiceField(label=gettext_lazy("way of service"), choices=DecisionNotice.Way.choices)
    served_to = _line(gettext_lazy("served to"), 60)
    served_on = day_field(gettext_lazy("served on"))

    def service(self) -> Service:
        return Service(**self.cleaned_data)


@dataclass(frozen=True)
class CutRow:
    """One row for a cut under a claim."""

    line: BoundField
    amount: BoundField
    code: BoundField


@dataclass(frozen=True)
class SheetRow:
    """A claim of a member's sheet with its fields."""

    item: AgendaItem
    lines: Sequence[ClaimLine]
    choice: BoundField
    words: BoundField
    cuts: Sequence[CutRow]
    seen: BoundField

    @property
    def is_cut(self) -> bool:
        return bool(self.choice.value() == Choice.CUT)


class SheetForm(forms.Form):
    """A member's votes on every claim in which he has a voice, with the code that confirms them."""

    agenda = forms.CharField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=12,
        help_text=gettext_lazy("It confirms exactly this sheet."),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false", "data-code": True}
        ),
    )

    def __init__(
        self, *args: Any, items: Sequence[AgendaItem], lines: Mapping[int, Sequence[ClaimLine]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.lines = items, lines
        self.fields["agenda"].initial = self.as_shown
        for one in items:
            self._add(one)

    @property
    def as_shown(self) -> str:
        """Which claims the sheet has."""
        return ",".join(str(one.claim_id) for one in self.items)

    def _add(self, item: AgendaItem) -> None:
        number, name = item.claim_id, {"claim": item.claim.number}
        self.fields[f"seen-{number}"] = forms.CharField(
            widget=forms.HiddenInput, initial=item.round.subject_hash, max_length=64, required=False
        )
        self.fields[f"choice-{number}"] = forms.ChoiceField(
            label=_("vote on %(claim)s") % name,
            choices=[("", "—"), *Choice.choices],
            error_messages={"required": _("Vote on this claim.")},
        )
        self.fields[f"words-{number}"] = _line(_("why, %(claim)s") % name, 500, required=False)
        for place in range(self._rows_of(number)):
            words = {**name, "row": place + 1}
            self.fields[f"line-{number}-{place}"] = forms.IntegerField(
                label=_("%(claim)s, row %(row)s: line") % words,
                required=False,
                min_value=1,
                widget=forms.TextInput(attrs={**TYPED, "inputmode": "numeric"}),
            )
            self.fields[f"amount-{number}-{place}"] = forms.DecimalField(
                label=_("%(claim)s, row %(row)s: cut, yuan") % words,
                max_digits=14,
                decimal_places=2,
                required=False,
                widget=forms.TextInput(attrs=AMOUNT),
            )
            self.fields[f"code-{number}-{place}"] = forms.ChoiceField(
                label=_("%(claim)s, row %(row)s: reason") % words,
                choices=[("", "—"), *Cut.Reason.choices],
                required=False,
            )

    def _rows_of(self, number: int) -> int:
        """Three more than are filled."""
        filled = [place for place in range(MOST_ROWS) if self.data.get(f"amount-{number}-{place}")]
        return max(filled, default=-1) + 1 + ROWS

    def rows(self) -> list[SheetRow]:
        """Each claim with its fields."""
        return [
            SheetRow(
                item=one,
                lines=self.lines.get(one.claim_id, []),
                choice=self[f"choice-{one.claim_id}"],
                words=self[f"words-{one.claim_id}"],
                seen=self[f"seen-{one.claim_id}"],
                cuts=[
                    CutRow(*(self[f"{name}-{one.claim_id}-{place}"] for name in ("line", "amount", "code")))
                    for place in range(self._rows_of(one.claim_id))
                ],
            )
            for one in self.items
        ]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("agenda") != self.as_shown:
            self._see_again()
            raise forms.ValidationError(_("The agenda has changed since you opened the sheet. Look at it again."))
        for one in self.items:
            self._clean_claim(one.claim_id, typed)
        return typed

    def _see_again(self) -> None:
        """From now on the member has seen the agenda as it is."""
        seen: Any = self.data
        seen = seen.copy()
        seen["agenda"] = self.as_shown
        for one in self.items:
            seen[f"seen-{one.claim_id}"] = one.round.subject_hash
        self.data = seen

    def _clean_claim(self, number: int, typed: dict[str, Any]) -> None:
        choice = typed.get(f"choice-{number}")
        if choice in NEEDS_WORDS and not typed.get(f"words-{number}"):
            self.add_error(f"words-{number}", _("Say why."))
        if choice != Choice.CUT:
            return
        known = {one.position for one in self.lines.get(number, [])}
        filled = [place for place in range(self._rows_of(number)) if typed.get(f"amount-{number}-{place}")]
        if not filled:
            self.add_error(f"choice-{number}", _("Say what is cut."))
        for place in filled:
            if typed.get(f"line-{number}-{place}") not in known:
                self.add_error(f"line-{number}-{place}", _("No such line."))
            if not typed.get(f"code-{number}-{place}"):
                self.add_error(f"code-{number}-{place}", _("Say why."))

    def ballots(self) -> list[BallotOf]:
        """The votes, with what was seen of each claim."""
        typed = self.cleaned_data
        return [
            BallotOf(
                claim=one.claim_id,
                choice=typed[f"choice-{one.claim_id}"],
                hash_seen=typed[f"seen-{one.claim_id}"],
                reason=typed[f"words-{one.claim_id}"],
                cuts=self._cuts(one.claim_id),
            )
            for one in self.items
        ]

    def _cuts(self, number: int) -> list[CutOf]:
        typed = self.cleaned_data
        if typed[f"choice-{number}"] != Choice.CUT:
            return []
        lines = {one.position: one.pk for one in self.lines.get(number, [])}
        return [
            CutOf(
                lines[typed[f"line-{number}-{place}"]],
                typed[f"amount-{number}-{place}"],
                typed[f"code-{number}-{place}"],
                typed[f"words-{number}"][:200],
            )
            for place in range(self._rows_of(number))
            if typed[f"amount-{number}-{place}"]
        ]
