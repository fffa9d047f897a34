"""The claim as intake types it: person, stay, invoices, costs by group and class, papers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import claim_words, plan_words
from claims.forms.cost_lines import CostLines, lines_of
from claims.models import Claim, ClaimLine, Kind
from claims.selectors import picking
from claims.selectors.asking import sentence
from claims.selectors.intake_content import Bill, Content, Line, Look
from claims.selectors.picking import Choice
from enrollment.models import Scheme
from office.models import Person
from office.rules import days, money

GROUPS: Final = (
    *("drug", "herb", "exam", "large_exam", "treatment", "operation", "bed", "nursing", "material", "implant"),
    *("blood", "other"),
)
CLASSES: Final = ("A", "B", "C")
MOST_INVOICES: Final = 30
FIRST_INVOICES: Final = 2
LONGEST_TYPED: Final = 80
MOST_DIGITS: Final = 18
ANSWER: Final = "answer-"  # what the fields begin with in which a paper is answered in words
LONGEST_ANSWER: Final = 200
TYPED: Final = {"autocomplete": "off"}
AMOUNT: Final = {**TYPED, "data-amount": True, "inputmode": "decimal"}


class AmountField(forms.Field):
    """An amount in yuan; blank is nothing."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={**AMOUNT, "size": 10})
        super().__init__(required=False, widget=widget, **more)

    def to_python(self, value: Any) -> Any:
        typed = str(value or "").strip()
        if not typed:
            return Decimal(0)
        try:
            return money.parse(typed)
        except money.CannotCount as fault:
            raise forms.ValidationError(_(fault.sentence).format(**fault.params)) from fault

    def prepare_value(self, value: Any) -> Any:
        return money.shown(value) if isinstance(value, Decimal) else value


def _text(label: Any, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, widget=forms.TextInput(attrs=TYPED), **more)


class DayField(forms.DateField):
    """A day typed by the number pad: 20100111, or 0111 for the last 11 January; also as it is written."""

    input_formats = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d")
    widget = forms.DateInput(
        attrs={**TYPED, "inputmode": "numeric", "placeholder": gettext_lazy("YYYYMMDD"), "size": 10}
    )

    def to_python(self, value: Any) -> Any:
        typed = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value
        if isinstance(typed, str) and re.fullmatch(r"[0-9]{4}", typed):
            today = days.business_day(timezone.now())
            with suppress(ValueError):  # 0229 of a common year: the sentence below says that it is no day
                day = date(today.year, int(typed[:2]), int(typed[2:]))
                return day if day <= today else day.replace(year=today.year - 1)
        return super().to_python(typed)

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


def _day(label: Any, **more: Any) -> forms.DateField:
    return DayField(label=label, **more)


class Pick(NamedTuple):
    """A field in which something is found: what was typed, what is chosen, what there is to choose from."""

    name: str
    text: BoundField
    chosen: str
    choices: Sequence[Choice]
    errors: Sequence[str]


class PaperRow(NamedTuple):
    """A paper on the form: there, on record in the office, asked for when the claim came back, answered in words."""

    code: str
    words: str
    is_there: bool
    is_held: bool
    is_asked: bool
    answer: str


class ClaimForm(forms.Form):
    """What is entered of a claim besides invoices and costs."""

    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=Kind.choices, initial=Kind.INPATIENT)
    member_text = _text(gettext_lazy("patient"), LONGEST_TYPED)
    provider_text = _text(gettext_lazy("provider"), LONGEST_TYPED)
    admitted_on = _day(gettext_lazy("admitted on"))
    discharged_on = _day(gettext_lazy("discharged on"), required=False)
    disease_text = _text(gettext_lazy("diagnosis"), LONGEST_TYPED)
    hospital_number = _text(gettext_lazy("number at the hospital"), 40)
    is_referred = forms.BooleanField(label=gettext_lazy("referred"), required=False)
    is_emergency = forms.BooleanField(label=gettext_lazy("emergency"), required=False)
    is_tcm = forms.BooleanField(label=gettext_lazy("Chinese medicine"), required=False)
    ground = forms.ChoiceField(
        label=gettext_lazy("ground for care outside"), choices=Claim.Ground.choices, required=False
    )
    delivery = forms.ChoiceField(
        label=gettext_lazy("delivery"), choices=[("", "—"), *Claim.Delivery.choices], required=False
    )
    employment = forms.ChoiceField(
        label=gettext_lazy("employment"),
        choices=[("", "—"), *Claim.Employment.choices],
        required=False,
    )
    scheme = forms.ModelChoiceField(
        label=gettext_lazy("scheme"),
        queryset=Scheme.objects.all(),
        required=False,
        empty_label=gettext_lazy("the one that covers him"),
    )
    payee_kind = forms.ChoiceField(
        label=gettext_lazy("paid to"), choices=Claim.Payee.choices, initial=Claim.Payee.HOUSEHOLD, required=False
    )
    settled_on = _day(gettext_lazy("settled with the hospital on"), required=False)
    other_payers = AmountField(label=gettext_lazy("paid by others, yuan"))
    department = _text(gettext_lazy("department"), 40)
    diagnosis = _text(gettext_lazy("diagnosis in words"), 200)
    phone = _text(gettext_lazy("phone"), 40)
    note = _text(gettext_lazy("note"), 500)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    #: In the order of the screen: what every claim has, and what only some have.
    ALWAYS: Final = ("kind", "admitted_on", "discharged_on")
    SOMETIMES: Final = (
        *("is_referred", "is_emergency", "is_tcm", "ground", "delivery", "employment", "scheme", "payee_kind"),
        *("settled_on", "other_payers", "hospital_number", "department", "diagnosis", "phone", "note"),
    )
    PICKS: Final = ("member", "provider", "disease")

    def __init__(self, *args: Any, by: Person, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.choices: dict[str, list[Choice]] = {}
        self.found: dict[str, Any] = {}
        self.ways: dict[str, tuple[Callable[[int], Any], Callable[[str], list[Choice]]]] = {
            "member": (lambda pk: picking.patient(pk, by=by), lambda typed: picking.patients(typed, by=by, day=today)),
            "provider": (picking.provider, picking.some_providers),
            "disease": (picking.disease, picking.some_diseases),
        }

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.PICKS:
            typed[name] = self.found[name] = self._picked(name)
        if typed.get("discharged_on") is None and "discharged_on" not in self.errors:
            typed["discharged_on"] = typed.get("admitted_on")  # a visit is of one day
        return typed

    def _picked(self, name: str) -> Any:
        """What was chosen, or the only one that is meant by what was typed."""
        by_number, by_words = self.ways[name]
        number = self.data.get(name, "")
        words = self.data.get(f"{name}_text", "").strip()
        found = by_number(int(number)) if number.isdecimal() and len(number) <= MOST_DIGITS else None
        if found is not None:
            return found
        self.choices[name] = by_words(words)
        if len(self.choices[name]) == 1:
            return by_number(self.choices[name].pop().pk)
        if self.choices[name]:
            self.add_error(f"{name}_text", _("Several are meant by this: choose one."))
        else:
            self.add_error(f"{name}_text", _("Nothing is found by this.") if words else _("This is needed."))
        return None

    def picks(self) -> dict[str, Pick]:
        """The three fields in which something is found."""
        return {name: self._pick(name) for name in self.PICKS}

    def _pick(self, name: str) -> Pick:
        chosen = self.found.get(name) or self.initial.get(name)
        errors = [str(one) for one in self.errors.get(f"{name}_text", ())] if self.is_bound else []
        number = str(chosen.pk) if chosen else ""
        return Pick(name, self[f"{name}_text"], number, self.choices.get(name, []), errors)

    def always(self) -> list[BoundField]:
        return [self[name] for name in self.ALWAYS]

    def sometimes(self) -> list[BoundField]:
        return [self[name] for name in self.SOMETIMES]


class InvoiceForm(forms.Form):
    """One invoice; one without number and amount does not count. Without a day it is that of the discharge."""

    type_code = _text(gettext_lazy("type code"), 20)
    number = _text(gettext_lazy("number of the invoice"), 24)
    amount = AmountField(label=gettext_lazy("amount, yuan"))
    issued_on = _day(gettext_lazy("invoice date"), required=False)

    @property
    def counts(self) -> bool:
        return bool(self.cleaned_data.get("number") or self.cleaned_data.get("amount"))

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not (typed.get("number") or typed.get("amount")):
            return typed
        for name in ("type_code", "number", "amount"):
            if not typed.get(name) and name not in self.errors:
                self.add_error(name, _("This is needed."))
        return typed


class CostsForm(forms.Form):
    """Costs by group and class, each a field; blank is nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in GROUPS:
            for class_ in CLASSES:
                self.fields[f"{group}-{class_}"] = AmountField(
                    label=f"{plan_words.GROUPS[group]} · {plan_words.CLASSES[class_]}"
                )

    def rows(self) -> list[tuple[str, list[BoundField]]]:
        """The grid: a group in words with its classes."""
        return [(str(plan_words.GROUPS[one]), [self[f"{one}-{class_}"] for class_ in CLASSES]) for one in GROUPS]

    def lines(self) -> list[Line]:
        """What costs something; items are called as documents call them."""
        typed = getattr(self, "cleaned_data", {})
        with translation.override("zh-hans"):
            return [
                Line(str(plan_words.GROUPS[group]), class_, group, amount)
                for group in GROUPS
                for class_ in CLASSES
                if (amount := typed.get(f"{group}-{class_}"))
            ]


class IntakeForm:
    """The whole of it; `data` is what was sent or kept, or nothing."""

    def __init__(self, data: Any, *, by: Person, today: date, claim: Claim | None = None) -> None:
        self.data = data
        self.today = today
        self.lines_differ = False
        self.main = ClaimForm(data, by=by, today=today, initial=_initial(claim) if claim else {})
        bills = _bills_of(claim) if claim else []
        count = max(self._asked("invoices"), len(bills), FIRST_INVOICES)
        self.invoices = [
            InvoiceForm(data, prefix=f"i{place}", initial=bills[place] if place < len(bills) else {})
            for place in range(min(count, MOST_INVOICES))
        ]
        lines = lines_of(claim) if claim else []
        self.items = CostLines(data, lines=[one for one in lines if one.entry is not None])
        self.costs = CostsForm(data, prefix="c", initial=_costs_of(one for one in lines if one.entry is None))
        self.kept_papers = papers_of(claim) if claim and data is None else []
        there = [one.code for one in self.kept_papers if one.is_there] if data is None else data.getlist("papers")
        self.papers_there = frozenset(there)
        self.answers = answered(data) if data is not None else {}

    def _asked(self, name: str) -> int:
        asked = (self.data or {}).get(name, "")
        return int(asked[:3]) if asked.isdecimal() else 0

    @property
    def parts(self) -> list[Any]:
        return [self.main, self.costs, *self.invoices, self.items]

    def is_valid(self) -> bool:
        """Whether everything that was typed can be read; all parts are looked at."""
        self.main.is_valid()
        typed = getattr(self.main, "cleaned_data", {})
        day = typed.get("discharged_on") or typed.get("admitted_on") or self.today
        if any(one.counts for one in self.items.forms):
            self.items.find(typed.get("scheme") or picking.scheme_of(typed.get("member"), day), day)
        valid = [one.is_valid() for one in self.parts]  # every part says what is wrong with it
        return all(valid)

    def content(self) -> Content | None:
        """The claim as far as it was typed; nothing before patient, provider, diagnosis and days are known."""
        typed = getattr(self.main, "cleaned_data", {})
        needed = ("member", "provider", "disease", "admitted_on", "discharged_on", "kind")
        if not all(typed.get(name) for name in needed):
            return None
        names = ("hospital_number", "department", "diagnosis", "is_referred", "is_emergency", "is_tcm", "delivery")
        more = ("settled_on", "scheme", "phone", "note")
        return Content(
            **{name: typed[name] for name in needed},
            **{name: typed[name] for name in (*names, *more) if name in typed},
            ground=typed.get("ground") or Claim.Ground.NONE,
            employment=typed.get("employment") or Claim.Employment.NONE,
            other_payers=typed.get("other_payers") or Decimal(0),
            payee_kind=typed.get("payee_kind") or Claim.Payee.HOUSEHOLD,
            lines=[*self.items.lines(), *self.costs.lines()],
            invoices=self._bills(typed["discharged_on"]),
            papers=self.papers_there,
            answers=self.answers,
        )

    def _bills(self, day: date) -> list[Bill]:
        return [
            Bill(one["type_code"], one["number"], one["amount"], one.get("issued_on") or day)
            for form in self.invoices
            if form.is_valid() and form.counts
            for one in [form.cleaned_data]
        ]

    def papers(self, look: Look | None) -> list[PaperRow]:
        """The papers that are asked for; those that came back with the claim can be answered in words."""
        if look is None:
            return self.kept_papers
        asked = {one.paper: one for one in look.asked}
        held = look.before.on_record - set(asked)
        return [
            PaperRow(
                one.code,
                sentence(asked[one.code]) if one.code in asked else claim_words.paper(one.code),
                one.code in self.papers_there,
                one.code in held,
                one.code in asked,
                self.answers.get(one.code, ""),
            )
            for one in look.papers
        ]


def papers_of(claim: Claim) -> list[PaperRow]:
    """The papers of a claim as its version has them; what it came back for is ticked anew."""
    kept = {one.paper: one for one in claim.papers.filter(version=claim.content_version).order_by("pk")}
    asked = {one.paper: one for one in claim.asked_papers.order_by("pk")}
    is_back = claim.state == Claim.State.RETURNED
    rows = []
    for code in dict.fromkeys([*kept, *asked]):
        known = kept.get(code)
        is_there = known is not None and known.is_there and not (is_back and code in asked)
        words = sentence(asked[code]) if code in asked else claim_words.paper(code)
        answer = known.answer if known else ""
        rows.append(PaperRow(code, words, is_there, is_held=False, is_asked=code in asked, answer=answer))
    return rows


def answered(data: Any) -> dict[str, str]:
    """What was typed instead of papers that do not come."""
    typed = {name.removeprefix(ANSWER): data[name].strip()[:LONGEST_ANSWER] for name in data if name.startswith(ANSWER)}
    return {paper: answer for paper, answer in typed.items() if answer}


def _initial(claim: Claim) -> dict[str, Any]:
    names = (*ClaimForm.ALWAYS, *ClaimForm.SOMETIMES, *ClaimForm.PICKS)
    found = {name: getattr(claim, name) for name in names}
    found["employment"] = "" if claim.employment == Claim.Employment.NONE else claim.employment
    texts = {"member_text": claim.member.name, "provider_text": claim.provider.name}
    return {**found, **texts, "disease_text": claim.disease.name, "seen": claim.content_version}


def _bills_of(claim: Claim) -> list[dict[str, Any]]:
    live = claim.invoices.filter(version=claim.content_version)
    return [dict(one) for one in live.order_by("pk").values("type_code", "number", "amount", "issued_on")]


def _costs_of(lines: Iterable[ClaimLine]) -> dict[str, Decimal]:
    """What lines without an entry of a catalogue come to by group and class."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        key = f"{line.group}-{line.item_class}"
        sums[key] = sums.get(key, Decimal(0)) + line.amount
    return sums
