"""What is told of what came before a claim, or of what should have come and did not."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from claims.models import BedCheck, Kind, Provider
from claims.rules import bills
from claims.selectors import before
from claims.selectors.intake_content import Look


def told(look: Look) -> Iterator[str]:
    """What intake says of it, each with what follows."""
    for part in (_of_referral, _of_admission, _of_certificate, _of_injury, _of_lateness):
        yield from part(look)


def _of_referral(look: Look) -> Iterator[str]:
    content, known = look.content, look.before
    if content.provider.region != Provider.Region.OUTSIDE:
        return
    asked = {"provider": content.provider, "day": content.admitted_on.isoformat()}
    if known.referral is None and content.is_referred:
        yield (
            _(
                "No approved referral to %(provider)s holds on %(day)s: the form on paper is needed, and "
                "whoever checks looks at it."
            )
            % asked
        )
    elif known.referral is None and not content.is_emergency:
        yield _("No referral to %(provider)s was approved for %(day)s: it is paid as not referred.") % asked
    if known.outside_stay is None and known.referral is None:
        yield _("Nobody reported a stay in %(provider)s from %(day)s on.") % asked
    elif known.outside_stay is not None and known.outside_stay.is_late:
        yield _("The stay outside was reported late: %(number)s.") % {"number": known.outside_stay.number}


def _of_admission(look: Look) -> Iterator[str]:
    content, found = look.content, look.before.admission
    if found is None:
        if content.kind in bills.ADMISSIONS and content.provider.body_id:
            yield _("The register of %(provider)s has no admission of this person on %(day)s.") % {
                "provider": content.provider,
                "day": content.admitted_on.isoformat(),
            }
        return
    for one in before.bed_checks_of(found):
        if one.finding != BedCheck.Finding.FOUND:
            yield _("Bed check of %(day)s: %(finding)s (%(words)s).") % {
                "day": one.on.isoformat(),
                "finding": one.get_finding_display(),
                "words": one.words,
            }


def _of_certificate(look: Look) -> Iterator[str]:
    content = look.content
    if content.kind in before.CERTIFIED and look.before.certificate is None:
        yield _("No certificate of %(disease)s holds on %(day)s: the card is needed.") % {
            "disease": content.disease,
            "day": content.admitted_on.isoformat(),
        }


def _of_injury(look: Look) -> Iterator[str]:
    known = look.before
    if look.content.kind != Kind.INJURY:
        return
    if known.injury is None:
        yield _("No inquiry into this injury was opened: open one, it is paid only where nobody else is liable.")
    elif known.conclusion is None:
        yield _("The inquiry %(number)s is not concluded yet.") % {"number": known.injury.number}
    elif not known.conclusion.payable:
        yield _("The inquiry %(number)s found: not payable (%(words)s).") % {
            "number": known.injury.number,
            "words": known.conclusion.words,
        }


def _of_lateness(look: Look) -> Iterator[str]:
    allowed = look.claim.lateness
    if allowed is not None and look.last_day is not None:
        yield _("Handed in after %(last)s; allowed by %(name)s: %(reason)s.") % {
            "last": look.last_day.isoformat(),
            "name": allowed.allowed_by,
            "reason": allowed.reason,
        }
