"""What bars a claim at the counter, and what only has to be told: every sentence names what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.models import Claim, Kind
from claims.rules import stays
from claims.selectors import before_words
from claims.selectors.intake_content import Fault, Look
from claims.selectors.invoices import Taken
from enrollment.models import Member
from enrollment.rules.coverage import Why
from office.rules.money import shown

if TYPE_CHECKING:
    from claims.rules.evaluation import CannotAssess
    from enrollment.models import Scheme
    from enrollment.selectors.coverage import Covered

#: Kinds of one day: a visit has no nights.
VISITS = frozenset({Kind.OUTPATIENT, Kind.CHRONIC, Kind.SPECIAL})
FARTHEST_SHOWN = 3


def told_of(look: Look) -> None:
    """Fill in what was found wrong and what has to be told."""
    parts = (_of_days, _of_last_day, _of_person, _of_scheme, _of_cost, _of_entries, _of_invoices, _of_plan, _of_payee)
    look.faults += [fault for part in parts for fault in part(look)]
    told = (_told_of_days, _told_of_provider, _told_of_payee, _told_of_others, before_words.told, _told_of_prices)
    look.told += [sentence for part in told for sentence in part(look)]


def _of_days(look: Look) -> Iterator[Fault]:
    content = look.content
    if content.discharged_on < content.admitted_on:
        yield Fault("discharged_on", _("The discharge lies before the admission."))
    if content.discharged_on > look.today:
        yield Fault("discharged_on", _("This day has not come yet: a claim is taken in after the discharge."))
    if content.kind in VISITS and content.admitted_on != content.discharged_on:
        yield Fault("discharged_on", _("A visit is of one day. For nights in hospital choose another kind."))
    if content.settled_on and content.settled_on < content.discharged_on:
        yield Fault("settled_on", _("It was settled with the hospital before the discharge: check the days."))
    if (content.kind == Kind.DELIVERY) != bool(content.delivery):
        yield Fault("delivery", _("Say of a delivery which one it was, and of nothing else."))


def _of_last_day(look: Look) -> Iterator[Fault]:
    if look.is_late and look.last_day and look.claim.lateness is None:
        yield Fault(
            "discharged_on",
            _(
                "Claims of this discharge were handed in until %(last)s: it comes too late. The head of the office may "
                "allow it with his reason (Late claims); then take it in."
            )
            % {"last": look.last_day.isoformat()},
        )


def _of_person(look: Look) -> Iterator[Fault]:
    content = look.content
    member = content.member.merged_into or content.member
    if member.state == Member.State.DEAD and member.state_on and content.admitted_on > member.state_on:
        yield Fault(
            "member",
            _("%(name)s died on %(day)s, before this admission. Check person and days.")
            % {"name": member.name, "day": member.state_on.isoformat()},
        )
    elif not look.covered.covered:
        yield Fault(
            "member",
            _("%(name)s is not covered on %(day)s: %(why)s.")
            % {"name": member.name, "day": look.covered.day.isoformat(), "why": why_not(look.covered, member)},
        )


def why_not(covered: Covered, member: Member) -> str:
    """Why somebody is not covered on a day, in words."""
    one = covered.coverage
    since = member.state_on.isoformat() if member.state_on else "—"
    words = {
        Why.NOT_BORN: _("not born yet"),
        Why.DEAD: _("died on %(since)s") % {"since": since},
        Why.MOVED_AWAY: _("moved away on %(since)s") % {"since": since},
        Why.NEVER: _("never enrolled"),
    }
    if covered.why in words:
        return words[Why(covered.why)]
    if one is None:
        return covered.why
    if covered.why == Why.NOT_BEGUN:
        return _("%(scheme)s begins on %(since)s") % {"scheme": one.scheme, "since": one.period.lower.isoformat()}
    if covered.why == Why.ENDED:
        return _("%(scheme)s ended on %(until)s") % {"scheme": one.scheme, "until": one.period.upper.isoformat()}
    return _("last enrolled: %(year)s") % {"year": one.fund_year}


def _of_scheme(look: Look) -> Iterator[Fault]:
    asked = look.content.scheme
    if asked is None or not look.covered.covered:
        return
    if not _has(look.covered, asked):
        yield Fault(
            "scheme",
            _("%(name)s is covered by %(has)s on %(day)s, not by %(asked)s.")
            % {
                "name": look.content.member.name,
                "has": "、".join(str(one.scheme) for one in look.covered.coverages),
                "day": look.covered.day.isoformat(),
                "asked": asked,
            },
        )


def _of_cost(look: Look) -> Iterator[Fault]:
    content = look.content
    if not content.lines:
        yield Fault("lines", _("Enter the costs by class and group: at least one line."))
    if any(one.amount <= 0 for one in content.lines):
        yield Fault("lines", _("A line costs more than nothing."))
    if content.other_payers > content.total:
        yield Fault(
            "other_payers",
            _("Others paid %(others)s, more than the whole cost of %(total)s.")
            % {"others": shown(content.other_payers), "total": shown(content.total)},
        )


def _of_entries(look: Look) -> Iterator[Fault]:
    for name in look.strangers[:FARTHEST_SHOWN]:
        yield Fault(
            "lines",
            _("%(item)s is not in the catalogue of %(scheme)s that was in force on %(day)s: find it again.")
            % {"item": name, "scheme": look.scheme, "day": look.content.discharged_on.isoformat()},
        )


def _of_payee(look: Look) -> Iterator[Fault]:
    if look.content.payee_kind != Claim.Payee.PROVIDER or look.has_payee:
        return
    asked = {"provider": look.content.provider, "day": look.content.discharged_on.isoformat()}
    if not look.is_instant:
        yield Fault(
            "payee_kind",
            _(
                "%(provider)s has no agreement on %(day)s by which it pays patients in advance: the claim is paid to "
                "the household or the patient."
            )
            % asked,
        )
    else:
        yield Fault(
            "payee_kind",
            _("%(provider)s has no confirmed account yet: enter it on the provider's page, a second confirms it.")
            % asked,
        )


def _of_invoices(look: Look) -> Iterator[Fault]:
    content = look.content
    if not content.invoices:
        yield Fault("invoices", _("Enter the invoices: at least one."))
    elif content.lines and content.invoiced != content.total:
        yield Fault(
            "invoices",
            _("The invoices come to %(invoiced)s, the list of costs to %(total)s: they must agree.")
            % {"invoiced": shown(content.invoiced), "total": shown(content.total)},
        )
    for key, count in Counter(one.key for one in content.invoices).items():
        if count > 1:
            yield Fault("invoices", _("Invoice %(number)s stands here twice.") % {"number": " ".join(key[:2])})
    late = [one for one in content.invoices if one.issued_on > look.today]
    if late:
        yield Fault("invoices", _("Invoice %(number)s is of a day to come.") % {"number": " ".join(late[0].key[:2])})
    for used in look.used:
        yield Fault("invoices", used_already(used))


def used_already(used: Taken) -> str:
    """That an invoice serves another claim already, which one, and what to do; or was paid before this system began."""
    number, day = f"{used.type_code} {used.number}", used.day.isoformat()
    if not used.state:
        words = used.claim or _("brought along as of %(day)s") % {"day": day}
        return _("Invoice %(number)s was paid before this system began (%(words)s): it serves no claim any more.") % {
            "number": number,
            "words": words,
        }
    return _(
        "Invoice %(number)s was used already: claim %(claim)s of %(name)s, taken in on %(day)s (%(state)s). "
        "It comes again only after that claim was refused or voided."
    ) % {
        "number": number,
        "claim": used.claim,
        "name": used.name,
        "day": day,
        "state": Claim.State(used.state).label,
    }


def _of_plan(look: Look) -> Iterator[Fault]:
    scheme = look.scheme
    if scheme is None:
        return
    if not look.documents:
        yield Fault(
            "discharged_on",
            _("No benefit plan of %(scheme)s is in force on %(day)s. The plan must be adopted first.")
            % {"scheme": scheme, "day": look.content.discharged_on.isoformat()},
        )
    elif look.cannot_assess is not None:
        yield Fault(None, _("The plan gives no answer: %(why)s") % {"why": in_readers_language(look.cannot_assess)})
    elif _has(look.covered, scheme) and look.covered_later and not _has(look.covered_later, scheme):
        yield Fault(
            "discharged_on",
            _("%(name)s is covered by %(scheme)s on admission, but not on %(day)s, the day by which the plan decides.")
            % {"name": look.content.member.name, "scheme": scheme, "day": look.covered_later.day.isoformat()},
        )


def in_readers_language(refusal: CannotAssess) -> str:
    """Why the plans give no answer, in the reader's language."""
    return refusal.fault.zh if (get_language() or "zh").startswith("zh") else refusal.fault.en


def _told_of_days(look: Look) -> Iterator[str]:
    content = look.content
    if look.plan_year and stays.over_new_year(content.admitted_on, content.discharged_on):
        yield _("The stay runs over new year: it counts in %(year)s.") % {"year": look.plan_year}
    member = content.member.merged_into or content.member
    if member.state == Member.State.DEAD and member.state_on and content.discharged_on > member.state_on:
        yield _("%(name)s died on %(day)s, before the discharge.") % {
            "name": member.name,
            "day": member.state_on.isoformat(),
        }


def _told_of_provider(look: Look) -> Iterator[str]:
    provider, day = look.content.provider, look.content.discharged_on
    if look.scheme is not None and not look.claim.is_designated:
        yield _("%(provider)s has no agreement with %(scheme)s on %(day)s: it is paid as not designated.") % {
            "provider": provider,
            "scheme": look.scheme,
            "day": day.isoformat(),
        }
    if provider.closed_on and provider.closed_on <= day:
        yield _("%(provider)s has been closed since %(day)s.") % {
            "provider": provider,
            "day": provider.closed_on.isoformat(),
        }


def _told_of_prices(look: Look) -> Iterator[str]:
    for name in look.dear[:FARTHEST_SHOWN]:
        yield _("%(item)s costs more than the catalogue's price limit: whoever checks cuts what is above it.") % {
            "item": name
        }


def _told_of_payee(look: Look) -> Iterator[str]:
    if look.content.payee_kind != Claim.Payee.HOUSEHOLD:
        return
    if not look.has_payee:
        yield _("The household has no confirmed payee account: enter one in the register, payment waits for it.")
    elif look.payee_waits:
        yield _("A new payee account of the household waits to be confirmed: the one in force was copied.")


def _told_of_others(look: Look) -> Iterator[str]:
    yield from map(overlaps_with, look.overlapping[:FARTHEST_SHOWN])


def overlaps_with(one: Claim) -> str:
    """That the days overlap with those of another claim, and which one."""
    return _("The days overlap with claim %(claim)s: %(first)s to %(last)s, %(provider)s (%(state)s).") % {
        "claim": one.number,
        "first": one.admitted_on.isoformat(),
        "last": one.discharged_on.isoformat(),
        "provider": one.provider,
        "state": one.get_state_display(),
    }


def _has(covered: Covered, scheme: Scheme) -> bool:
    return covered.covered and any(one.scheme_id == scheme.pk for one in covered.coverages)
