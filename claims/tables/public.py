"""The lists of publicity, objections and appeals."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy

from claims.models import Appeal, Objection, PublicityList
from claims.tables.before import NUMBER, STATE, WHOLE, StateTable, page_column
from office.pages.columns import Fragment


class PublicityTable(StateTable):
    """Village lists of a month, each with `claims`: how many stand on it."""

    number = page_column("publicity_list")
    state = Fragment("claims/public/_state.html", verbose_name=gettext_lazy("state"), orderable=False)
    township = tables.Column(accessor="village__parent", verbose_name=gettext_lazy("township"), orderable=False)
    village = tables.Column(orderable=False)
    scheme = tables.Column(orderable=False)
    month = tables.DateColumn(format="Y-m", attrs=WHOLE)
    timing = tables.Column(orderable=False, attrs=WHOLE)
    claims = tables.Column(verbose_name=gettext_lazy("claims"), orderable=False, attrs=NUMBER)
    posted_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    posted_until = tables.DateColumn(format="Y-m-d", attrs=WHOLE)

    class Meta:
        model = PublicityList
        fields = (
            "number", "state", "township", "village", "scheme", "month", "timing", "claims", "posted_on",
            "posted_until",
        )  # fmt: skip
        empty_text = gettext_lazy("No list like that was made.")


class ObjectionTable(tables.Table):
    """Objections to what was posted."""

    number = page_column("objection")
    result = Fragment("claims/public/_result.html", verbose_name=gettext_lazy("state"), orderable=False)
    village = tables.Column(accessor="entry__list__village", verbose_name=gettext_lazy("village"), orderable=False)
    patient = tables.Column(accessor="entry__patient", verbose_name=gettext_lazy("patient"), orderable=False)
    words = tables.Column(orderable=False)
    made_on = tables.DateColumn(format="Y-m-d", verbose_name=gettext_lazy("objected on"), attrs=WHOLE)
    answer_by = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    answered_by = tables.Column(orderable=False)

    class Meta:
        model = Objection
        fields = ("number", "result", "village", "patient", "words", "made_on", "answer_by", "answered_by")
        empty_text = gettext_lazy("No objection like that was taken down.")

    def value_result(self, record: Any) -> str:
        return str(record.get_result_display())


class AppealTable(StateTable):
    """Appeals."""

    number = page_column("appeal")
    state = Fragment(STATE, verbose_name=gettext_lazy("state"), orderable=False)
    claim = tables.Column(accessor="claim__number", verbose_name=gettext_lazy("claim"), orderable=False, attrs=WHOLE)
    member = tables.Column(
        accessor="claim__member__name", verbose_name=gettext_lazy("patient"), orderable=False, attrs=WHOLE
    )
    grounds = tables.Column(orderable=False)
    filed_on = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    answer_by = tables.DateColumn(format="Y-m-d", attrs=WHOLE)
    body = tables.Column(orderable=False)

    class Meta:
        model = Appeal
        fields = ("number", "state", "claim", "member", "grounds", "filed_on", "answer_by", "body")
        empty_text = gettext_lazy("No appeal like that was filed.")
