"""The words of a plan's conditions and values, as clerks say them: 二级医疗机构, 不满12岁, 未经转诊."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from office.rules import money

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Tree = Mapping[str, Any]

KINDS: dict[str, StrPromise] = {
    "inpatient": gettext_lazy("inpatient stay"),
    "delivery": gettext_lazy("delivery in hospital"),
    "chronic": gettext_lazy("outpatient, chronic disease"),
    "outpatient": gettext_lazy("outpatient visit"),
    "injury": gettext_lazy("accidental injury"),
    "special": gettext_lazy("special outpatient treatment"),
}
LEVELS: dict[str, StrPromise] = {
    "village": pgettext_lazy("institution", "village"),
    "township": pgettext_lazy("institution", "township"),
    "county": pgettext_lazy("institution", "county"),
    "city": pgettext_lazy("institution", "city"),
    "province": pgettext_lazy("institution", "province"),
}
TIERS: dict[str, StrPromise] = {
    "1": gettext_lazy("first-tier institution"),
    "2": gettext_lazy("second-tier institution"),
    "3": gettext_lazy("third-tier institution"),
}
REGIONS: dict[str, StrPromise] = {
    "county": gettext_lazy("inside the county"),
    "outside": gettext_lazy("outside the county"),
}
DELIVERIES: dict[str, StrPromise] = {
    "normal": gettext_lazy("normal delivery"),
    "caesarean": gettext_lazy("caesarean"),
}
GROUNDS: dict[str, StrPromise] = {
    "none": gettext_lazy("no ground"),
    "referred": gettext_lazy("on referral"),
    "emergency": gettext_lazy("as an emergency"),
    "migrant_work": gettext_lazy("works elsewhere"),
}
CATEGORIES: dict[str, StrPromise] = {
    "ordinary": gettext_lazy("ordinary"),
    "five_guarantees": gettext_lazy("five guarantees"),
    "low_income": gettext_lazy("low income"),
    "veteran": gettext_lazy("veteran"),
    "disabled": gettext_lazy("disabled"),
    "student": gettext_lazy("student"),
    "minor": gettext_lazy("minor"),
    "newborn": gettext_lazy("newborn"),
}
EMPLOYMENTS: dict[str, StrPromise] = {
    "active": gettext_lazy("at work"),
    "retired": gettext_lazy("retired"),
    "none": gettext_lazy("not employed"),
}
CLASSES: dict[str, StrPromise] = {
    "A": gettext_lazy("class A"),
    "B": gettext_lazy("class B"),
    "C": gettext_lazy("class C (outside the catalogue)"),
}
GROUPS: dict[str, StrPromise] = {
    "drug": gettext_lazy("drugs"),
    "herb": gettext_lazy("herbs"),
    "exam": gettext_lazy("examinations"),
    "large_exam": gettext_lazy("large instruments"),
    "treatment": gettext_lazy("treatment"),
    "operation": gettext_lazy("operation"),
    "bed": gettext_lazy("bed"),
    "nursing": gettext_lazy("nursing"),
    "material": gettext_lazy("materials"),
    "implant": gettext_lazy("implants"),
    "blood": gettext_lazy("blood"),
    "package": gettext_lazy("service package"),
    "other": gettext_lazy("other items"),
}
DISEASE_GROUPS: dict[str, StrPromise] = {
    "serious_class_1": gettext_lazy("serious diseases, class 1"),
    "serious_class_2": gettext_lazy("serious diseases, class 2"),
    "serious_class_3": gettext_lazy("serious diseases, class 3"),
    "listed_chronic": gettext_lazy("listed chronic diseases"),
    "basic_services": gettext_lazy("diseases of the basic services"),
}
#: A group's code where it stands as a word of its own.
GROUP = re.compile(rf"(?<![\w.\[])(?:{'|'.join(sorted(GROUPS, key=len, reverse=True))})(?=[：:,、 ])")
FUNDS: dict[str, StrPromise] = {
    "ncms": gettext_lazy("rural cooperative fund"),
    "urbmi": gettext_lazy("residents' fund"),
    "uebmi": gettext_lazy("employees' pooled fund"),
    "injury": gettext_lazy("work injury fund"),
    "maternity": gettext_lazy("maternity fund"),
    "cii": gettext_lazy("critical illness insurance"),
    "large_sum": gettext_lazy("large-sum fund"),
    "assistance": gettext_lazy("medical assistance"),
    "household_account": gettext_lazy("household account"),
    "personal_account": gettext_lazy("personal account"),
}
ACCOUNTS: dict[str, StrPromise] = {
    "household": gettext_lazy("household account"),
    "personal": gettext_lazy("personal account"),
}
FLAGS: dict[str, tuple[StrPromise, StrPromise]] = {
    "designated": (gettext_lazy("designated institution"), gettext_lazy("not designated")),
    "referred": (gettext_lazy("referred"), gettext_lazy("not referred")),
    "emergency": (gettext_lazy("emergency"), gettext_lazy("no emergency")),
    "tcm": (gettext_lazy("Chinese medicine"), gettext_lazy("not Chinese medicine")),
    "case_paid": (gettext_lazy("paid by the case"), gettext_lazy("not paid by the case")),
}
WORDS: dict[str, Mapping[str, StrPromise]] = {
    "kind": KINDS,
    "tier": TIERS,
    "level": LEVELS,
    "region": REGIONS,
    "delivery": DELIVERIES,
    "ground": GROUNDS,
    "category": CATEGORIES,
    "employment": EMPLOYMENTS,
    "class": CLASSES,
    "group": GROUPS,
    "disease_group": DISEASE_GROUPS,
}
#: How a value stands in its condition, and a number with its unit.
SAID: dict[str, StrPromise] = {
    "level": gettext_lazy("%(value)s level"),
    "disease": gettext_lazy("disease %(value)s"),
    "disease_group": gettext_lazy("disease group %(value)s"),
    "stay": gettext_lazy("stay %(value)s of the year"),
    "years_enrolled": gettext_lazy("enrolled %(value)s"),
}
UNITS: dict[str, StrPromise] = {
    "age": gettext_lazy("%(number)s years"),
    "years_enrolled": gettext_lazy("%(number)s years"),
    "stay": gettext_lazy("no. %(number)s"),
}
LIMITS: dict[tuple[str, ...], StrPromise] = {
    ("from",): gettext_lazy("%(from)s and more"),
    ("to",): gettext_lazy("up to %(to)s"),
    ("under",): gettext_lazy("under %(under)s"),
    ("over",): gettext_lazy("over %(over)s"),
    ("from", "to"): gettext_lazy("%(from)s to %(to)s"),
    ("from", "under"): gettext_lazy("%(from)s and more, under %(under)s"),
    ("over", "to"): gettext_lazy("over %(over)s, up to %(to)s"),
    ("over", "under"): gettext_lazy("over %(over)s, under %(under)s"),
}


def condition(when: Tree | None, *, nothing: str = "") -> str:
    """For whom a rule is; `nothing` is said of one that is for all."""
    parts = [_part(name, value) for name, value in (when or {}).items()]
    return " · ".join(parts) or nothing or _("all")


def yuan(amount: str) -> str:
    """An amount as a sentence says it: 1,500.00 元."""
    return _("%(amount)s yuan") % {"amount": money.shown(Decimal(amount))}


def percent(ratio: str) -> str:
    """A ratio as people say it: 85 %."""
    return f"{(Decimal(ratio) * 100).normalize():f} %"


def plain(number: str) -> str:
    """A number without needless zeros."""
    return f"{Decimal(number).normalize():f}"


def word(words: Mapping[str, StrPromise], value: str) -> str:
    """A value's word, or the value itself where the office has one of its own."""
    return str(words.get(value, value))


def in_words(sentence: str) -> str:
    """A sentence of the rules with the words of item groups in place of their codes: 甲类 药品."""
    return GROUP.sub(lambda found: str(GROUPS[found[0]]), sentence)


def _part(name: str, value: Any) -> str:
    if name == "not":
        return _("not (%(condition)s)") % {"condition": condition(value)}
    if isinstance(value, Mapping):
        said = _range(name, value)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        said = _("%(first)s or %(last)s") % {
            "first": _(", ").join(_value(name, one) for one in value[:-1]),
            "last": _value(name, value[-1]),
        } if len(value) > 1 else _value(name, value[0])  # fmt: skip
    else:
        said = _value(name, value)
    return str(SAID[name]) % {"value": said} if name in SAID else said


def _value(name: str, value: str) -> str:
    if name in FLAGS:
        return str(FLAGS[name][0 if value == "true" else 1])
    if name in UNITS:
        return str(UNITS[name]) % {"number": value}
    return word(WORDS.get(name, {}), value)


def _range(name: str, limits: Tree) -> str:
    known = tuple(one for one in ("from", "over", "to", "under") if one in limits)
    numbers = {one: _value(name, limits[one]) for one in known}
    return str(LIMITS[known]) % numbers
