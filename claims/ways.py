"""What claims does about somebody of the register, offered on his page and on his household's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.services import admissions, certificates, injuries, intake, outside_stays, referrals
from enrollment.models import Member
from office import ways
from office.models import Person
from office.ways import Way

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SEE: Final = "claims.view_claim"

#: Words, page, right, key: each form begins with the person.
FORMS: Final[tuple[tuple[StrPromise, str, str, str], ...]] = (
    (_("Take a claim in"), "claims:claim_new", intake.ADD, "Alt+T"),
    (_("Ask for a referral"), "claims:referral_ask", referrals.RIGHT, ""),
    (_("Note a stay outside"), "claims:outside_stay_note", outside_stays.RIGHT, ""),
    (_("Admit to hospital"), "claims:admit", admissions.RIGHT, ""),
    (_("Apply for a certificate"), "claims:application_new", certificates.RIGHT, ""),
    (_("Open an injury inquiry"), "claims:injury_open", injuries.RIGHT, ""),
)


def register() -> None:
    """Called once when the app is ready."""
    ways.register(Member._meta.label_lower, of_member)


def of_member(person: Person, member: Member) -> Iterator[Way]:
    """Somebody's claims, and the forms about him; of a double there is nothing to note, of the dead a claim alone."""
    if person.has_perm(SEE):
        yield Way(str(_("Claims of the year")), reverse("claims:person_year", args=[member.pk]), "Alt+Y")
    if member.state == Member.State.MERGED:
        return
    for words, page, right, key in FORMS:
        if person.has_perm(right) and (member.state != Member.State.DEAD or page == "claims:claim_new"):
            yield Way(str(words), f"{reverse(page)}?member={member.pk}", key)
