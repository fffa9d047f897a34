"""Which tables leave for the audit bureau, which rows of a year, and what each of their columns is called and means.

Every table of register, claims and books goes, and of the office's own what says who decided and did what. Nothing
secret does (`column_words.SECRETS`), nor what only helps the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db import connection, models
from django.db.models import QuerySet
from django.utils.translation import override

from audit import column_words
from office import history
from office.models import Act
from office.rules import days, masking

LANGUAGES: Final = ("en", "zh-hans")
ACT: Final = "audit-export.made"

#: Tables that stay, and why.
STAY: Final[dict[str, str]] = {
    "audit_sealingstate": "how the sealing stands just now; the seals go",
    "audit_sealprogress": "how far the sealer has come; the seals go",
    "claims_doortoken": "how hospitals' programs are let in; who gave them stands in the acts",
    "claims_monthmove": "made by the database out of approvals; the sums go",
    "demo_demosignin": "passwords of the demo",
    "enrollment_yearmove": "made by the database out of contributions; the sums go",
    "office_attachment": "names of files; the files are read in the office",
    "office_factor": "second factors",
    "office_formuse": "guards of forms",
    "office_job": "progress of work; what it did stands in the acts",
    "office_lease": "who had taken which work for an hour",
    "office_onetimecode": "one-time codes",
    "office_printer": "printers",
    "office_printeroffset": "printers",
    "office_resetrequest": "lost passwords; who asked stands in the acts",
    "office_signin": "sessions; signing in and out stands in the acts",
}

#: Tables that grow with the years, and the column that says of which year a row is; the others go whole.
OF_YEAR: Final[dict[str, str]] = {
    "claims_approval": "claim__entered_on",
    "claims_claim": "entered_on",
    "claims_claimline": "claim__entered_on",
    "claims_claimpaper": "claim__entered_on",
    "claims_claimpart": "approval__claim__entered_on",
    "claims_cut": "claim__entered_on",
    "claims_invoice": "claim__entered_on",
    "claims_monthsum": "month",
    "enrollment_contribution": "fund_year__year",
    "enrollment_coverage": "fund_year__year",
    "funds_balance": "month",
    "funds_entry": "posting__on",
    "funds_payment": "batch__made_on",
    "funds_paymentbatch": "made_on",
    "funds_paymentitem": "payment__batch__made_on",
    "funds_paymentorder": "ordered_on",
    "funds_period": "month",
    "funds_posting": "on",
    "office_act": "at",
    **{f"{app}_{app}round": "opened_at" for app in ("office", "enrollment", "claims", "funds")},
    **{f"{app}_{app}{kind}": "round__opened_at" for app in ("office", "enrollment", "claims", "funds")
       for kind in ("seat", "vote")},
}  # fmt: skip

#: How a column is masked in SQL, by how it is masked on pages.
MASKED: Final[dict[Callable[[str], str], str]] = {
    masking.masked: "CASE length({0}) WHEN 18 THEN left({0}, 6) || '********' || right({0}, 4)"
    " WHEN 15 THEN left({0}, 6) || '******' || right({0}, 3) ELSE regexp_replace({0}, '[0-9]', '*', 'g') END",
    masking.masked_account: "CASE {0} WHEN '' THEN '' ELSE '**** ' || right({0}, 4) END",
    masking.masked_phone: "regexp_replace(left({0}, greatest(length({0}) - 4, 0)), '[0-9]', '*', 'g') || right({0}, 4)",
}

UNITS: Final[dict[str, str]] = {
    "average": "yuan", "cumulative_percent": "%", "down_mm": "mm", "floor_score": "points", "full_score": "points",
    "level": "as the warning is measured", "percent": "%", "person_days": "days", "quantity": "units", "rate": "%",
    "right_mm": "mm", "score": "points", "size": "bytes", "year_percent": "%",
}  # fmt: skip
#: Of wages, what is paid by whom is in percent of them.
OF_WAGES: Final = frozenset({("enrollment_wagerate", "employer"), ("enrollment_wagerate", "person")})
UNITS_ZH: Final[dict[str, str]] = {
    "": "", "%": "%", "as the warning is measured": "随预警项目", "bytes": "字节", "day": "日期", "days": "工日",
    "mm": "毫米", "points": "分", "time in Asia/Shanghai": "时间（北京时间）", "units": "数量单位", "yuan": "元",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column as the dictionary tells it: names and codes in both languages, in the order of LANGUAGES."""

    name: str
    labels: tuple[str, str]
    kind: str
    unit: str
    may_be_empty: bool
    codes: tuple[str, str]
    points_to: str
    mask: str


@dataclass(frozen=True)
class Table:
    """A table that leaves: its columns, and the query of its rows."""

    model: type[models.Model]
    labels: tuple[str, str]
    columns: Sequence[Column]

    @property
    def name(self) -> str:
        """What it is called in the database."""
        return self.model._meta.db_table

    @property
    def words(self) -> str:
        """What it is called in the language of whoever reads."""
        return str(self.model._meta.verbose_name)

    @property
    def amounts(self) -> list[str]:
        """The columns of money, whose sums stand in the manifest."""
        return [one.name for one in self.columns if one.unit == "yuan"]

    def is_narrowed(self, year: int | None) -> bool:
        """Whether only the rows of that year go."""
        return year is not None and bool(OF_YEAR.get(self.name))

    def rows(self, year: int | None) -> models.QuerySet[Any]:
        """The rows that go, in the order of their numbers."""
        found = self.model._default_manager.order_by("pk")
        path = OF_YEAR.get(self.name, "")
        if year is not None and path:
            found = found.filter(**_of_year(self.model, path, year))
        return found


@cache
def tables() -> tuple[Table, ...]:
    """Every table that leaves, app by app."""
    return tuple(
        _table(model)
        for app in ("enrollment", "claims", "funds", "office", "audit")
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "pgh_tracked_model") and model._meta.db_table not in STAY
    )


def made() -> QuerySet[Act]:
    """The acts by which exports were made, the newest first."""
    return Act.objects.filter(name=ACT, kind=Act.Kind.DONE).select_related("by").order_by("-pk")


def _of_year(model: type[models.Model], path: str, year: int) -> dict[str, object]:
    field = model._meta.get_field(path.partition("__")[0])
    for name in path.split("__")[1:]:
        field = field.related_model._meta.get_field(name)  # type: ignore[union-attr]
    first, last = date(year, 1, 1), date(year + 1, 1, 1)
    if isinstance(field, models.DateTimeField):
        return {f"{path}__gte": days.beginning_of(first), f"{path}__lt": days.beginning_of(last)}
    if isinstance(field, models.DateField):
        return {f"{path}__gte": first, f"{path}__lt": last}
    return {path: year}


def _table(model: type[models.Model]) -> Table:
    hidden = column_words.SECRETS.get(model._meta.db_table, frozenset())
    fields = [one for one in model._meta.concrete_fields if one.name not in hidden and one.name != "search_keys"]
    return Table(model, _both(lambda: str(model._meta.verbose_name)), [_column(model, one) for one in fields])


def _column(model: type[models.Model], field: models.Field[Any, Any]) -> Column:
    mask = history.mask_of(model._meta.label_lower, field.name)
    target = field.related_model
    return Column(
        name=str(field.column),
        labels=_both(lambda: column_words.label(field)),
        kind=str(field.db_type(connection) or ""),
        unit=unit_of(model._meta.db_table, field),
        may_be_empty=field.null,
        codes=_both(lambda: "; ".join(_codes(field))),
        points_to=target._meta.db_table if isinstance(target, type) else "",
        mask=MASKED[mask] if mask is not None else "",
    )


def unit_of(table: str, field: models.Field[Any, Any]) -> str:
    """What a number counts; days and times by themselves."""
    if isinstance(field, models.DateTimeField):
        return "time in Asia/Shanghai"
    if isinstance(field, models.DateField):
        return "day"
    if (table, field.name) in OF_WAGES:
        return "%"
    if field.name in UNITS:
        return UNITS[field.name] if isinstance(field, models.DecimalField | models.IntegerField) else ""
    return "yuan" if isinstance(field, models.DecimalField) else ""


def _codes(field: models.Field[Any, Any]) -> Iterator[str]:
    return (f"{code}={words}" for code, words in (field.flatchoices or ()) if code not in ("", None))


def _both(say: Any) -> tuple[str, str]:
    found = []
    for language in LANGUAGES:
        with override(language):
            found.append(say())
    return found[0], found[1]
