"""The ways from a claim, a patient, a household's member or a provider to the leads about them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.services.leads import VIEW
from claims.models import Claim, Provider
from enrollment.models import Member
from office import ways
from office.models import Person
from office.ways import Way


def register() -> None:
    """Called once when the app is ready."""
    for kind in (Claim, Member, Provider):
        ways.register(kind._meta.label_lower, leads_of)


def leads_of(person: Person, subject: Model) -> Iterator[Way]:
    """The list of leads, narrowed to a subject."""
    if person.has_perm(VIEW):
        yield Way(_("Leads"), f"{reverse('audit:leads')}?{subject._meta.model_name}={subject.pk}", "Alt+M")
