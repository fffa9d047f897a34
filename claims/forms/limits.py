"""What the page of a limit accepts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.checking import TYPED, amount_field
from claims.forms.plans import day_field
from claims.models import Kind, Limit, Provider, Step
from claims.services.limits import STEPS, LimitOf
from enrollment.models import Scheme


class LimitForm(forms.Form):
    """A limit as the county's paper states it."""

    scheme = forms.ModelChoiceField(label=_("scheme"), queryset=Scheme.objects.all(), empty_label=None)
    step = forms.ChoiceField(label=_("step"), choices=[(one.value, one.label) for one in map(Step, STEPS)])
    basis = forms.ChoiceField(label=_("basis"), choices=Limit.Basis.choices)
    amount = amount_field(
        label=_("amount"),
        help_text=_("In yuan. A verification begins at the amount, a decision above it."),
    )
    kind = forms.ChoiceField(label=_("kind of claim"), choices=[("", _("any")), *Kind.choices], required=False)
    region = forms.ChoiceField(label=_("region"), choices=[("", _("any")), *Provider.Region.choices], required=False)
    first = day_field(_("from"))
    last = day_field(_("through"), required=False, help_text=_("Empty: until another limit follows."))
    document = forms.CharField(label=_("paper"), max_length=100, widget=forms.TextInput(attrs=TYPED))

    def stated(self) -> LimitOf:
        """The limit as it was typed."""
        return LimitOf(**self.cleaned_data)
