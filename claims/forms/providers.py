"""What the pages of providers and their agreements accept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.checking import amount_field
from claims.forms.plans import day_field
from claims.models import Provider
from claims.services.providers import DESKS, FIELDS
from enrollment.forms.fields import NOTHING, today
from enrollment.models import Division, Scheme
from office.models import Body
from office.pages.forms import EditForm

PLAIN = {"autocomplete": "off"}
TIERS = [(1, _("first tier")), (2, _("second tier")), (3, _("third tier"))]


class DivisionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A township, or a village with its township before it."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj) if obj.level == Division.Level.TOWNSHIP else f"{obj.parent} {obj}"


class ProviderForm(EditForm):
    """What is noted of a provider."""

    tier = forms.TypedChoiceField(label=_("tier"), choices=[NOTHING, *TIERS], coerce=int)
    division = DivisionField(
        label=_("township or village"),
        queryset=Division.objects.exclude(level=Division.Level.COUNTY).select_related("parent").order_by("code"),
        required=False,
        empty_label="—",
    )

    class Meta:
        model = Provider
        fields = FIELDS
        help_texts = {
            "code": _("The institution's code, or the number that your county gives it; letters in capitals."),
            "body": _("Where the provider enters its own claims; empty where it has no desk in the system."),
            "phone": _("Whom a verification calls."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset, body.empty_label = Body.objects.filter(kind__in=DESKS), NOTHING[1]
        for name, kinds in (("level", Provider.Level), ("region", Provider.Region)):
            chosen: Any = self.fields[name]
            chosen.choices = [NOTHING, *kinds.choices]

    def validate_unique(self) -> None:
        """The service says that the code or the desk is taken, and the trail that it was tried."""

    def _get_validation_exclusions(self) -> set[str]:
        """The service says what does not go together, at its field; each field is checked by itself before."""
        return {field.name for field in Provider._meta.fields}


class CloseForm(forms.Form):
    """From which day a provider treats nobody any more."""

    on = day_field(_("closed from"), initial=today)


class AgreementForm(forms.Form):
    """An agreement as it was signed."""

    scheme = forms.ModelChoiceField(label=_("scheme"), queryset=Scheme.objects.order_by("pk"), empty_label="—")
    number = forms.CharField(
        label=_("number of the agreement"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    first = day_field(_("valid from"), initial=today)
    last = day_field(_("valid until"), required=False, help_text=_("Empty: until it is ended."))
    average = amount_field(
        label=_("agreed average cost of a stay, yuan"),
        required=False,
        min_value=Decimal("0.01"),
        help_text=_("Where the agreement names one; the head's page ranks hospitals above it."),
    )
    is_instant = forms.BooleanField(
        label=_("pays patients in advance"),
        required=False,
        help_text=_(
            "The patient pays the hospital his own part alone; the fund pays the hospital (instant settlement)."
        ),
    )


class AccountForm(forms.Form):
    """The account to which a provider is paid, as its paper says."""

    holder = forms.CharField(label=_("account holder"), max_length=60, widget=forms.TextInput(attrs=PLAIN))
    bank = forms.CharField(label=_("bank"), max_length=60, widget=forms.TextInput(attrs=PLAIN))
    number = forms.CharField(
        label=_("account number"), max_length=40, widget=forms.TextInput(attrs={**PLAIN, "inputmode": "numeric"})
    )
    document = forms.CharField(
        label=_("paper"),
        max_length=100,
        widget=forms.TextInput(attrs=PLAIN),
        help_text=_("The provider's letter or the agreement that names the account."),
    )


class EndAgreementForm(forms.Form):
    """An agreement that ends earlier than was agreed."""

    last = day_field(_("valid until"), initial=today)
    because = forms.CharField(
        label=_("ended early because"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("With the paper that says so."),
    )
