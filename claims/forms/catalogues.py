"""What the pages of catalogues and diseases accept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.plans import day_field
from claims.models import Catalogue, ListedDisease
from claims.rules.searching import code_of
from claims.selectors.diseases import find_diseases
from claims.services.catalogues import Edition
from enrollment.forms.fields import NOTHING, today
from enrollment.models import Scheme
from office.rules import money

FEW = 5  # of several that are named


class CatalogueForm(forms.Form):
    """Which edition it is, by which paper, and the file."""

    scheme = forms.ModelChoiceField(label=_("scheme"), queryset=Scheme.objects.order_by("pk"), empty_label="—")
    kind = forms.ChoiceField(label=_("kind"), choices=[NOTHING, *Catalogue.Kind.choices])
    first = day_field(_("in force from"), initial=today)
    document = forms.CharField(
        label=_("by which paper"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Number and title of the paper that puts this edition in force."),
    )
    file = forms.FileField(
        label=_("file"),
        help_text=_(
            "Excel or CSV (UTF-8, GB18030). The first row names the columns 编码, 名称, 类别 (甲, 乙, 丙) and, for "
            "services, 费用类别; 单位, 限价 and 限制 if there are any. It is the whole edition: from its first day on "
            "it replaces the one before. It is only checked now: nothing is written before you say so."
        ),
    )

    def edition(self) -> Edition:
        """The edition as typed."""
        typed = self.cleaned_data
        return Edition(typed["scheme"], typed["kind"], typed["first"], typed["document"])


class DiseaseFileForm(forms.Form):
    """A file of diseases."""

    file = forms.FileField(
        label=_("file"),
        help_text=_(
            "Excel or CSV (UTF-8, GB18030). The first row names the columns 编码 and 名称; 在用 (是, 否) if there is "
            "one. New codes are added, known ones get the file's name; none is taken away. It is only checked now: "
            "nothing is written before you say so."
        ),
    )


class DiseaseField(forms.CharField):
    """A disease by its code; or by a name or initials, where one alone is called so."""

    def clean(self, value: Any) -> Any:
        typed = str(super().clean(value))
        found = find_diseases(typed)
        exact = [one for one in found if one.code == code_of(typed)] or found
        if not exact:
            raise forms.ValidationError(_("The office has no disease in use that is called so."))
        if len(exact) > 1:
            some = "、".join(str(one) for one in exact[:FEW])
            raise forms.ValidationError(_("Several are called so; type the code: %(some)s") % {"some": some})
        return exact[0]


class PriceField(forms.CharField):
    """A price in yuan, or none."""

    def clean(self, value: Any) -> Decimal | None:
        typed = str(super().clean(value)).strip()
        try:
            return money.parse(typed) if typed else None
        except money.CannotCount as refusal:
            raise forms.ValidationError(_("This is no amount in yuan and whole fen.")) from refusal


class ListingForm(forms.Form):
    """A disease that a paper puts on a list."""

    disease = DiseaseField(
        label=_("disease"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Its code; or the name or pinyin initials, where one alone is called so."),
    )
    scheme = forms.ModelChoiceField(label=_("scheme"), queryset=Scheme.objects.order_by("pk"), empty_label="—")
    kind = forms.ChoiceField(label=_("disease list"), choices=[NOTHING, *ListedDisease.Kind.choices])
    group = forms.CharField(
        label=_("disease group"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("As the benefit plan calls the group of diseases."),
    )
    price = PriceField(
        label=_("price, yuan"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"data-amount": True, "inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("The case price, or the limit of the list; empty where it has none."),
    )
    document = forms.CharField(
        label=_("by which paper"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    first = day_field(_("listed from"), initial=today)
    last = day_field(_("listed until"), required=False, help_text=_("Empty: until it is taken off."))


class EndListingForm(forms.Form):
    """The last day of a disease on its list."""

    last = day_field(_("listed until"), initial=today)
