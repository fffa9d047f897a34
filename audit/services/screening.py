"""Screenings (筛查): screens run over the claims of some days; each hit is a lead, the same hit the same lead.

Each screen is a transaction of its own, so that a run that was interrupted goes on where it was; what was found
before is found again and changes nothing. Leads are written by the statement that reads the hits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit.models import Screening, ScreenResult
from audit.screens.registry import SCREENS
from audit.screens.screen import MOST, Screen
from audit.selectors import screens as selectors
from audit.services.screening_tables import Span, laid_out
from office import jobs, trail
from office.models import Job, Person
from office.rules import days
from office.sentences import said

RUN: Final = "audit.add_screening"
WORK: Final = "audit.tasks.screen"
NIGHT: Final = timedelta(days=92)  # so far back the screening of the night goes
NUMBERS: Final = {code: number for number, code in enumerate(SCREENS, 1)}  # of the list of tests
NAMES: Final = ("member_id", "provider_id", "village_id", "clerk_id")

HITS: Final = """
CREATE TEMPORARY TABLE audit_hit AS
SELECT h.*, encode(sha256(convert_to(h.key, 'UTF8')), 'hex') AS digest FROM (
    SELECT o.*, count(*) OVER () AS hits FROM (
        SELECT DISTINCT ON (key) key, claims, figures, greatest(coalesce(money, 0), 0) AS money,
            greatest(1, least(100, round(score)))::integer AS score, {names}
        FROM ({sql}) found ORDER BY key, score DESC
    ) o
) h ORDER BY h.score DESC, h.money DESC, h.key LIMIT %(most)s
"""
COUNTED: Final = "SELECT coalesce(max(hits), 0), count(*) FROM audit_hit"

LEADS: Final = """
WITH fresh AS (
    INSERT INTO audit_lead (screen, key, screening_id, score, money, figures, is_pointed, member_id, provider_id,
        village_id, clerk_id, doctor, found_on, found_at, state, reason)
    SELECT %(screen)s, h.digest, %(screening)s, h.score, h.money, h.figures, %(is_pointed)s,
        coalesce(h.member_id, w.member_id), coalesce(h.provider_id, w.provider_id),
        coalesce(h.village_id, w.village_id), coalesce(h.clerk_id, w.clerk_id), coalesce(h.doctor, w.doctor, ''),
        %(on)s, %(at)s, 'open', ''
    FROM audit_hit h
    LEFT JOIN LATERAL (
        SELECT CASE WHEN min(s.person) = max(s.person) THEN min(s.person) END AS member_id,
            CASE WHEN min(s.provider_id) = max(s.provider_id) THEN min(s.provider_id) END AS provider_id,
            CASE WHEN min(s.village_id) = max(s.village_id) THEN min(s.village_id) END AS village_id,
            CASE WHEN min(s.entered_by_id) = max(s.entered_by_id) THEN min(s.entered_by_id) END AS clerk_id,
            CASE WHEN min(d.doctor) = max(d.doctor) THEN min(d.doctor) END AS doctor
        FROM unnest(h.claims) c (id)
        JOIN audit_screened s ON s.id = c.id
        LEFT JOIN claims_admission a ON a.id = s.admission_id
        LEFT JOIN claims_referral r ON r.id = s.referral_id
        CROSS JOIN LATERAL (SELECT coalesce(nullif(a.doctor, ''), r.doctor)) d (doctor)
    ) w ON %(is_pointed)s
    ON CONFLICT (screen, key) DO NOTHING
    RETURNING id, key
), named AS (
    INSERT INTO audit_leadclaim (lead_id, claim_id)
    SELECT f.id, c.id FROM fresh f JOIN audit_hit h ON h.digest = f.key CROSS JOIN unnest(h.claims) c (id)
)
SELECT count(*) FROM fresh
"""

Step = Callable[[int, int], None]


class CannotScreen(Exception):
    """Nothing is screened; the message is written for whoever asked, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


def ask(*, span: Span, screens: Iterable[str], by: Person, at: datetime) -> Job:
    """Ask for a screening, as a job. Raises CannotScreen."""
    chosen = _chosen(span, screens, at)
    title = said("Screening of %(first)s to %(last)s", first=span.first, last=span.last)
    return jobs.enqueue(
        WORK,
        title=title,
        by=by,
        at=at,
        first=span.first.isoformat(),
        last=span.last.isoformat(),
        screens=chosen,
    )


def in_job(run: jobs.Run, span: Span, screens: list[str]) -> Screening:
    """The work of the job: begun again after a crash it goes on with the same screening."""
    begun = Screening.objects.filter(job=run.job).first()
    if begun is None:
        begun = begin(span=span, screens=screens, by=run.by, at=run.at, job=run.job)
    go_on(begun, by=run.by, at=run.at, step=run.step)
    results = list(begun.results.all())
    run.say(
        {
            said("Screens"): len(results),
            said("Hits"): sum(one.hits for one in results),
            said("New leads"): sum(one.fresh for one in results),
        }
    )
    return begun


def by_night(at: datetime) -> Screening:
    """All screens over what was taken in lately: once a day, begun again where it was interrupted."""
    today = days.business_day(at)
    known = Screening.objects.filter(asked_by__isnull=True, begun_on=today).first()
    begun = known or begin(span=Span(today - NIGHT, today), screens=SCREENS, by=None, at=at)
    go_on(begun, by=None, at=at)
    return begun


@transaction.atomic
def begin(*, span: Span, screens: Iterable[str], by: Person | None, at: datetime, job: Job | None = None) -> Screening:
    """Write that a screening begins. Raises CannotScreen."""
    chosen = _chosen(span, screens, at)
    begun = Screening.objects.create(
        first=span.first,
        last=span.last,
        screens=chosen,
        job=job,
        asked_by=by,
        begun_on=days.business_day(at),
        begun_at=at,
    )
    trail.record(
        "screening.begun", begun, by=by, at=at, right=RUN, first=span.first, last=span.last, screens=len(chosen)
    )
    return begun


def go_on(screening: Screening, *, by: Person | None, at: datetime, step: Step = lambda done, total: None) -> None:
    """Run what of a screening has no result yet, screen by screen."""
    done = set(screening.results.values_list("screen", flat=True))
    left = [SCREENS[code] for code in screening.screens if code not in done]
    total = len(screening.screens)
    step(len(done), total)
    span = Span(screening.first, screening.last)
    with laid_out(span, votes=any(one.reads_votes for one in left)):
        known = selectors.in_force(screening.begun_on)
        for count, screen in enumerate(left, len(done) + 1):
            _run(screening, screen, selectors.values_of(screen, known), by, at)
            step(count, total)


@transaction.atomic
def _run(
    screening: Screening, screen: Screen, values: Mapping[str, Decimal], by: Person | None, at: datetime
) -> ScreenResult:
    """One screen: its hits, those of them that are new leads, and how long it took."""
    start = time.perf_counter()
    with connection.cursor() as cursor:
        find(cursor, screen, Span(screening.first, screening.last), values)
        cursor.execute(COUNTED)
        hits, kept = cursor.fetchone()
        cursor.execute(
            LEADS,
            {
                "screen": screen.code,
                "screening": screening.pk,
                "is_pointed": screen.is_pointed,
                "on": screening.begun_on,
                "at": at,
            },
        )
        fresh = cursor.fetchone()[0]
        cursor.execute("DROP TABLE audit_hit")
    result = ScreenResult.objects.create(
        screening=screening,
        screen=screen.code,
        settings={name: str(value) for name, value in values.items()},
        hits=hits,
        kept=kept,
        fresh=fresh,
        seconds=Decimal(str(round(time.perf_counter() - start, 2))),
        ended_at=at,
    )
    trail.record("screening.screen-ended", screening, by=by, at=at, screen=NUMBERS[screen.code], hits=hits, fresh=fresh)
    return result


def find(cursor: Any, screen: Screen, span: Span, values: Mapping[str, Decimal]) -> None:
    """The hits of a screen, the highest score first, as a table of the session's own."""
    own = [name if name in screen.names else f"NULL::bigint AS {name}" for name in NAMES]
    own.append("doctor" if "doctor" in screen.names else "NULL::text AS doctor")
    asked = {name: value if name != MOST else int(value) for name, value in values.items()}
    cursor.execute(HITS.format(names=", ".join(own), sql=screen.sql), span.told() | asked)


def _chosen(span: Span, screens: Iterable[str], at: datetime) -> list[str]:
    """The screens by code in the order of the list."""
    if span.last < span.first:
        raise CannotScreen(_("The last day lies before the first."), "last")
    if span.first > days.business_day(at):
        raise CannotScreen(_("This day has not come yet."), "first")
    wanted = set(screens)
    chosen = [code for code in SCREENS if code in wanted]
    if not chosen or len(chosen) < len(wanted):
        raise CannotScreen(_("Choose at least one screen."), "screens")
    return chosen
