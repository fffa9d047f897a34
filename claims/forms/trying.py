"""A case to try (试算): person, stays with their cost lines, and the documents that are tried on it.

Only what the documents ask for is shown. What is typed goes to the rules as it stands; their faults come back to the
field that they are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from claims import plan_words
from claims.models import BenefitPlan
from claims.rules.faults import Fault
from claims.rules.layers import Plan, conditions
from claims.selectors import diseases
from claims.selectors import plans as selectors
from claims.selectors.diseases import Diagnosed
from office.rules import money

MOST_STAYS: Final = 9
NO_GROUP: Final = "none"  # of a disease that stands on no list
MOST_LINES: Final = 30
FIRST_LINES: Final = 3
ALWAYS_ASKED: Final = frozenset({"kind"})
NOTHING: Final = ("", "—")
YES_NO: Final = (NOTHING, ("true", _("yes")), ("false", _("no")))
USUAL_GROUPS: Final = ("drug", "herb", "exam", "treatment", "operation", "bed", "material", "implant", "blood", "other")
CLAIM_PATH: Final = re.compile(r"claims\[(\d+)\](?:\.items\[(\d+)\])?(?:\.(\w+))?$")


def _choice(label: Any, words: Iterable[tuple[str, Any]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[NOTHING, *words], required=False, **more)


def _text(label: Any, size: int = 8, **attrs: Any) -> forms.CharField:
    typing = forms.TextInput(attrs={"autocomplete": "off", "size": size, **attrs})
    return forms.CharField(label=label, required=False, max_length=40, widget=typing)


def _amount(label: Any) -> forms.CharField:
    return _text(label, 10, **{"data-amount": True, "inputmode": "decimal"})


def _day(label: Any) -> forms.CharField:
    typing = forms.DateInput(attrs={"type": "date"})
    return forms.CharField(label=label, required=False, max_length=10, widget=typing)


class PersonForm(forms.Form):
    """Whose case it is."""

    age = _text(_("age"), 4, inputmode="numeric")
    birth_date = _day(_("or birth date"))
    category = _choice(_("category"), plan_words.CATEGORIES.items())
    employment = _choice(_("employment"), plan_words.EMPLOYMENTS.items())
    years_enrolled = _text(_("years enrolled"), 4, inputmode="numeric")
    household_members = _text(_("members of the household"), 4, inputmode="numeric")
    household = _amount(_("household account, yuan"))
    personal = _amount(_("personal account, yuan"))


class StayForm(forms.Form):
    """One stay or visit."""

    kind = forms.ChoiceField(label=_("kind"), choices=list(plan_words.KINDS.items()), required=False)
    admitted = _day(_("admitted"))
    discharged = _day(_("discharged"))
    settled = _day(_("settled"))
    tier = _choice(_("tier"), plan_words.TIERS.items())
    level = _choice(_("institution's level"), plan_words.LEVELS.items())
    region = _choice(_("region"), plan_words.REGIONS.items())
    designated = forms.ChoiceField(label=_("designated"), choices=YES_NO, required=False)
    referred = forms.ChoiceField(label=_("referred"), choices=YES_NO, required=False)
    emergency = forms.ChoiceField(label=_("emergency"), choices=YES_NO, required=False)
    ground = _choice(_("ground"), plan_words.GROUNDS.items())
    tcm = forms.ChoiceField(label=_("Chinese medicine"), choices=YES_NO, required=False)
    delivery = _choice(_("delivery"), plan_words.DELIVERIES.items())
    disease = _text(_("disease code"), 8)
    other_payers = _amount(_("paid by others, yuan"))


class LineForm(forms.Form):
    """One line of cost; one without an amount does not count."""

    group = _choice(_("item group"), ())
    item_class = forms.ChoiceField(label=_("class"), choices=list(plan_words.CLASSES.items()), required=False)
    amount = _amount(_("amount, yuan"))


class PlansForm(forms.Form):
    """The basic document and those that follow it."""

    plan = forms.ModelChoiceField(label=_("plan"), queryset=BenefitPlan.objects.none(), empty_label=None)
    then = forms.ModelMultipleChoiceField(
        label=_("then"), queryset=BenefitPlan.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )


class TryForm:
    """The whole of it, whatever number of stays and lines; `data` is what was sent, or nothing."""

    def __init__(self, data: Any, plans: Sequence[BenefitPlan], chosen: BenefitPlan | None) -> None:
        self.data = None if data is None else data.copy()
        self.everything = plans
        self.faults: list[str] = []
        self.documents = self._documents(chosen)
        self.read: list[Plan] = [selectors.read_of(one) for one in self.documents]
        asked = self._asked()
        self.is_graded = "disease_group" in asked
        self._begin_with("p", FIRST_PERSON)
        self.person = self._shown(PersonForm(self.data, prefix="p", initial=FIRST_PERSON), asked)
        self.stays = [self._stay(number, asked) for number in range(self._count("stays", 1, MOST_STAYS))]

    # what is tried

    @property
    def basics(self) -> list[tuple[str, list[BenefitPlan]]]:
        """The basic documents by scheme."""
        first = [one for one in self.everything if one.position == 1]
        return [(name, list(some)) for name, some in groupby(first, key=lambda one: one.scheme.name)]

    @property
    def basic(self) -> BenefitPlan | None:
        return self.documents[0] if self.documents else None

    @property
    def followers(self) -> list[BenefitPlan]:
        """What can follow the basic document: the scheme's others that have days of it."""
        if self.basic is None:
            return []
        later = [one for one in self.everything if one.position > 1 and one.scheme_id == self.basic.scheme_id]
        return [one for one in later if _meet(one, self.basic)]

    def _documents(self, chosen: BenefitPlan | None) -> list[BenefitPlan]:
        if self.data is not None:
            wanted = {number for number in self.data.getlist("then") if number.isdecimal()}
            basic = next((one for one in self.everything if str(one.pk) == self.data.get("plan")), None)
            then = [one for one in self.everything if one.position > 1 and str(one.pk) in wanted]
        else:
            basic, then = self._usual(chosen)
        if basic is None:
            return []
        then = [one for one in then if one.scheme_id == basic.scheme_id and _meet(one, basic)]
        return [basic, *sorted(then, key=lambda one: one.position)]

    def _usual(self, chosen: BenefitPlan | None) -> tuple[BenefitPlan | None, list[BenefitPlan]]:
        """A plan with what is adopted around it; without one the newest basic plan that is adopted."""
        adopted = [one for one in self.everything if one.state == BenefitPlan.State.ADOPTED]
        around = [one for one in adopted if chosen is None or one.scheme_id == chosen.scheme_id]
        firsts = [one for one in around if one.position == 1 and (chosen is None or _meet(one, chosen))]
        basic = chosen if chosen is not None and chosen.position == 1 else next(iter(firsts), None)
        then = [one for one in around if one.position > 1 and (chosen is None or one.position != chosen.position)]
        if chosen is not None and chosen.position > 1:
            then.append(chosen)
        return basic, then

    def _asked(self) -> frozenset[str]:
        """The attributes that some rule of the documents asks for, and what they are decided and limited by."""
        found: set[str] = set(ALWAYS_ASKED)
        for plan in self.read:
            found |= {plan.decided_by, "admitted", "discharged", "other_payers"}
            for layer in plan.layers:
                found = found.union(*(one.attributes for one in conditions(layer)))
                found |= {"household_members" for one in layer.ceilings for row in one.rows if row.per_member}
                found |= {row.account for row in layer.pay if row.account}
                found |= {"age" for row in layer.pay if row.per_year_of_age}
                found |= {"disease" for one in layer.ceilings if one.counter == "disease"}
        found |= {"disease"} if "disease_group" in found else set()
        return frozenset(found | ({"birth_date"} if "age" in found else set()))

    # what is typed

    def _count(self, name: str, least: int, most: int) -> int:
        typed = self.data.get(name, "") if self.data is not None else ""
        return min(max(int(typed), least), most) if typed.isdecimal() and len(typed) < len("1000") else least

    def _begin_with(self, prefix: str, initial: Mapping[str, str]) -> None:
        """What was not on the page before, because no document asked for it, begins as on a fresh page."""
        if self.data is not None:
            for name, value in initial.items():
                self.data.setdefault(f"{prefix}-{name}", value)

    def _shown(self, form: Any, asked: frozenset[str]) -> Any:
        for name in [name for name in form.fields if name not in asked]:
            del form.fields[name]
        for field in form:
            field.field.widget.attrs["aria-describedby"] = f"{field.auto_id}_error"
        return form

    def _stay(self, number: int, asked: frozenset[str]) -> Stay:
        self._begin_with(f"s{number}", FIRST_STAY)
        head = StayForm(self.data, prefix=f"s{number}", initial=self._first_stay())
        lines = []
        for place in range(self._count(f"s{number}-lines", FIRST_LINES, MOST_LINES)):
            initial = FIRST_COSTS.get(place, {}) if not number else {}
            line: Any = LineForm(self.data, prefix=f"s{number}-{place}", initial=initial)
            self._offer(line, "group", [*dict.fromkeys([*USUAL_GROUPS, *self._named("group")])], plan_words.GROUPS)
            lines.append(self._shown(line, frozenset(line.fields)))
        return Stay(number, self._shown(head, asked), lines)

    def _offer(self, form: Any, name: str, values: Sequence[str], words: Mapping[str, Any] | None = None) -> None:
        form.fields[name].choices = [NOTHING, *((one, plan_words.word(words or {}, one)) for one in values)]

    def _named(self, attribute: str) -> list[str]:
        """The values of an attribute that the documents name."""
        found: set[str] = set()
        for plan in self.read:
            for layer in plan.layers:
                for one in conditions(layer):
                    found.update(*(allowed for name, allowed in one.tests if name == attribute))  # type: ignore[arg-type]
        return sorted(found)

    def _first_stay(self) -> dict[str, str]:
        """A stay to begin with, in the days of the basic document."""
        if self.basic is None:
            return {}
        begins = self.basic.in_force.lower + timedelta(days=59)
        return FIRST_STAY | {"admitted": f"{begins}", "discharged": f"{begins + timedelta(days=8)}"}

    # the case

    def case(self) -> dict[str, Any]:
        """What was typed as the rules read it."""
        person = _typed(self.person)
        accounts = {name: person.pop(name) for name in ("household", "personal") if name in person}
        if "birth_date" in person:
            person.pop("age", None)
        claims: list[dict[str, Any]] = [one.claim() for one in self.begun]
        for claim, disease in zip(claims, self.diagnosed, strict=False):
            claim["disease_group"] = disease.group or NO_GROUP
            if disease.code:
                claim["disease"] = disease.code
        case: dict[str, Any] = {"person": person, "claims": claims}
        return case | ({"accounts": accounts} if accounts else {})

    @cached_property
    def diagnosed(self) -> list[Diagnosed]:
        """The disease of each stay that counts, with its group of the day; none where no document grades by groups."""
        if not self.is_graded or self.basic is None:
            return []
        stays = [one.claim() for one in self.begun]
        asked = [(one.get("disease", "").upper(), one.get("kind", ""), self._day_of(one)) for one in stays]
        return diseases.diagnosed(self.basic.scheme, asked)

    def _day_of(self, stay: Mapping[str, Any]) -> date:
        """The day whose lists count: the discharge, or where none is typed the first day of the plan."""
        for name in ("discharged", "admitted"):
            try:
                return date.fromisoformat(stay.get(name, ""))
            except ValueError:
                continue
        return self.basic.in_force.lower if self.basic else date.min

    @property
    def begun(self) -> list[Stay]:
        """The stays with an amount; one that was only just added does not count yet."""
        return [one for one in self.stays if one.has_costs] or self.stays[:1]

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Say each fault at the field that it is about, or above all with the stay."""
        for fault in faults:
            words = fault.zh if (get_language() or "zh").startswith("zh") else fault.en
            field = self._field(fault.path)
            if field is not None:
                field.form.errors.setdefault(field.name, field.form.error_class()).append(words)
            elif found := CLAIM_PATH.match(fault.path):
                number = self.begun[int(found[1])].number + 1
                stay = gettext("Stay %(number)s") % {"number": number}
                self.faults.append(f"{stay}: {words}")
            else:
                self.faults.append(words)

    def _field(self, path: str) -> BoundField | None:
        """The field that a path of the case means; none for a stay as a whole."""
        owner, _dot, name = path.partition(".")
        form: Any = self.person if owner in {"person", "accounts"} else None
        if found := CLAIM_PATH.match(path):
            stay, name = self.begun[int(found[1])], found[3] or ""
            if found[2] or name in {"items", "total"}:
                form = stay.counted[int(found[2] or 0)]
                name = {"class": "item_class", "group": "group"}.get(name, "amount")
            else:
                form, name = stay.form, "disease" if name == "disease_group" else name
        return form[name] if form is not None and name in form.fields else None

    def stand_at(self, stay: int, line: int | None = None) -> None:
        """Where the cursor stands when the form is shown."""
        if stay < len(self.stays):
            found = self.stays[stay]
            form, name = (found.form, "kind") if line is None else (found.lines[line], "group")
            form.fields[name].widget.attrs["data-stands-here"] = True

    @property
    def told(self) -> list[tuple[BoundField, list[str]]]:
        """Every field that can be refused, with what is wrong with it."""
        forms_ = [self.person, *(form for stay in self.stays for form in (stay.form, *stay.lines))]
        return [(field, list(field.errors)) for form in forms_ for field in form]


class Stay:
    """One stay with its lines."""

    def __init__(self, number: int, form: Any, lines: Sequence[Any]) -> None:
        self.number = number
        self.form = form
        self.lines = lines

    @property
    def has_costs(self) -> bool:
        """Whether an amount stands in some line."""
        return any(_value(line["amount"]) for line in self.lines)

    @property
    def counted(self) -> list[Any]:
        """The lines with an amount; the others are free."""
        return [line for line in self.lines if _value(line["amount"])] or list(self.lines[:1])

    def claim(self) -> dict[str, Any]:
        """The stay as the rules read it."""
        lines = [_typed(line) for line in self.counted]
        items = [{"class": one.pop("item_class", ""), **one} for one in lines]
        return {"id": str(self.number + 1), **_typed(self.form), "items": items}


FIRST_PERSON: Final = {
    "age": "40",
    "category": "ordinary",
    "employment": "active",
    "years_enrolled": "1",
    "household_members": "4",
    "household": "100.00",
    "personal": "100.00",
}
FIRST_STAY: Final = {
    "kind": "inpatient",
    "tier": "2",
    "level": "county",
    "region": "county",
    "designated": "true",
    "referred": "true",
    "emergency": "false",
    "ground": "none",
    "tcm": "false",
}
FIRST_COSTS: Final[dict[int, dict[str, str]]] = {
    0: {"group": "drug", "item_class": "A", "amount": "2400.00"},
    1: {"group": "exam", "item_class": "B", "amount": "600.00"},
    2: {"group": "drug", "item_class": "C", "amount": "180.00"},
}


def _meet(one: BenefitPlan, other: BenefitPlan) -> bool:
    """Whether two documents are in force on a common day."""
    ends = [days.upper for days in (one.in_force, other.in_force) if days.upper is not None]
    return bool(not ends or max(one.in_force.lower, other.in_force.lower) < min(ends))


def _value(field: BoundField) -> str:
    value = field.value()
    return "" if value is None else str(value).strip()


def _typed(form: Any) -> dict[str, str]:
    """What stands in a form's fields, amounts as plain figures; blank ones are not stated."""
    found = {field.name: _value(field) for field in form}
    for field in form:
        if "data-amount" in field.field.widget.attrs:
            found[field.name] = _plain(found[field.name])
    return {name: value for name, value in found.items() if value}


def _plain(typed: str) -> str:
    """An amount as the rules read it; what is none stays, and the rules say so."""
    try:
        return f"{money.parse(typed)}" if typed else ""
    except money.CannotCount:
        return typed
