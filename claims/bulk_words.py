"""The columns of registers and lists, and what can be wrong with a row of one, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: The columns as a screen calls them; files call them as claims/rules/registers.py does.
COLUMNS: dict[str, StrPromise] = {
    "kind": _("kind"),
    "id_number": _("ID number"),
    "book": _("household number"),
    "name": _("patient"),
    "disease": _("diagnosis"),
    "began_on": _("day of the visit or admission"),
    "ended_on": _("discharged on"),
    "hospital_number": _("number at the hospital"),
    "receipt_type": _("type code"),
    "receipt": _("number of the receipt"),
    "total": _("total cost"),
    "referred": _("referred"),
    "emergency": _("emergency"),
    "papers": _("papers complete"),
    "drug": pgettext_lazy("cost", "drugs"),
    "drug_b": pgettext_lazy("cost", "drugs of class B"),
    "herb": pgettext_lazy("cost", "herbs"),
    "exam": pgettext_lazy("cost", "examinations"),
    "treatment": pgettext_lazy("cost", "treatment"),
    "operation": pgettext_lazy("cost", "operation"),
    "bed": pgettext_lazy("cost", "bed"),
    "material": pgettext_lazy("cost", "material"),
    "package": pgettext_lazy("cost", "consultation"),
    "other": pgettext_lazy("cost", "other"),
    "own": pgettext_lazy("cost", "own items"),
}

CODES: dict[str, StrPromise] = {
    "cost_missing": _("no cost"),
    "cost_unreadable": _("no sum"),
    "day_to_come": _("day to come"),
    "disease_unknown": _("unknown diagnosis"),
    "ended_before": _("discharge before admission"),
    "kind_unknown": _("unknown kind of claim"),
    "no_agreement": _("no agreement on the day"),
    "no_certificate": _("no certificate in force"),
    "no_answer": _("the plan gives no answer"),
    "not_covered": _("not covered on the day"),
    "nothing_left": _("nothing is left to be paid"),
    "other_name": _("another name at this number"),
    "other_scheme": _("covered by another scheme"),
    "outside_month": _("outside the document's month"),
    "patient_missing": _("nobody is meant"),
    "pays_not_in_advance": _("the provider pays nobody in advance"),
    "patient_unknown": _("patient not found"),
    "receipt_elsewhere": _("receipt in another document"),
    "receipt_repeated": _("receipt twice in the document"),
    "receipt_used": _("receipt used already"),
    "receipt_used_before": _("receipt used before this system"),
    "stay_on_register": _("a stay on a village register"),
    "too_late": _("handed in too late"),
    "total_differs": _("total is not the sum"),
    "visit_of_days": _("a visit of several days"),
    "yes_or_no": _("yes or no is asked for"),
}

#: By code and detail; a detail that is data has the detail "" here and stands in the words.
REASONS: dict[tuple[str, str], StrPromise] = {
    ("cost_missing", ""): _("Enter what the visit or stay cost."),
    ("cost_unreadable", ""): _("This is no amount in yuan and whole fen."),
    ("day_to_come", ""): _("This day has not come yet."),
    ("disease_unknown", ""): _("The office knows no disease by this code or name."),
    ("ended_before", ""): _("The discharge lies before the admission."),
    ("kind_unknown", ""): _("Write 住院, 外伤, 顺产, 剖宫产, 门诊, 慢病 or 特殊门诊."),
    ("no_agreement", ""): _("The provider has no agreement with the scheme on %(detail)s."),
    ("no_answer", ""): _("The plan gives no answer for this row (%(detail)s)."),
    ("no_answer", "no_plan"): _("No benefit plan is in force on this day."),
    ("no_certificate", ""): _("No certificate of this disease is in force on this day."),
    ("not_covered", ""): _("Not covered on this day."),
    ("not_covered", "not_born"): _("Not born yet on this day."),
    ("not_covered", "dead"): _("Died before this day."),
    ("not_covered", "moved_away"): _("Moved away before this day."),
    ("not_covered", "not_begun"): _("The coverage begins later."),
    ("not_covered", "ended"): _("The coverage ended before."),
    ("not_covered", "not_renewed"): _("Not enrolled for this year."),
    ("not_covered", "never"): _("Never enrolled."),
    ("nothing_left", ""): _("The plan pays nothing for it: the limit of the year or the account is used up."),
    ("other_name", ""): _("By the number this is %(detail)s."),
    ("other_scheme", ""): _("This person is covered by %(detail)s."),
    ("outside_month", ""): _("The document is of %(detail)s."),
    ("pays_not_in_advance", ""): _("By its agreement the provider does not pay patients in advance."),
    ("patient_missing", ""): _("Enter the ID number, or the household number and the name."),
    ("patient_unknown", ""): _("The register has nobody like that, or several."),
    ("receipt_elsewhere", ""): _("Document %(detail)s has this receipt."),
    ("receipt_repeated", ""): _("Row %(detail)s has the same receipt."),
    ("receipt_used", ""): _("Claim %(detail)s rests on this receipt."),
    ("receipt_used_before", ""): _("This receipt was paid before this system was used."),
    ("stay_on_register", ""): _("A village register has visits alone."),
    ("too_late", ""): _("Claims of this day were handed in until %(detail)s."),
    ("total_differs", ""): _("The columns come to %(detail)s."),
    ("visit_of_days", ""): _("A visit is of one day."),
    ("yes_or_no", ""): _("Write 是 or 否."),
}
