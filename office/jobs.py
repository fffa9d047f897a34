"""Long work away from the page: asked for on commit, done by a worker, never lost and never done twice.

The row in `office_job` is the truth. Celery only wakes a worker with its number. A worker holds an advisory lock of
PostgreSQL while it works: the lock goes with the worker, however it dies, so that `sweep` finds what was left behind.
The work itself must be safe to start again: one transaction, or steps that see what is already there.

    @jobs.job
    def import_roster(run: Run, *, attachment: int) -> None: ...      # in enrollment/tasks.py

    jobs.enqueue("enrollment.tasks.import_roster", title=said("…"), by=person, at=now, attachment=7)

What the work is called, how far it is, what came of it and why it failed are sentences (office/sentences.py): they are
read in the language of whoever looks.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import psycopg
from celery import current_app
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from office import attachments, history, sentences, sheets, trail
from office.models import Attachment, Job, Person
from office.sentences import Figure, Sentence, said

log = logging.getLogger(__name__)

Work = Callable[..., None]
LOCK_CLASS = 7_001  # first half of the advisory lock's key; the second is the job's number
MOST_ATTEMPTS = 3
RESEND_AFTER = timedelta(seconds=15)
PROGRESS_EVERY = 0.3  # seconds

_works: dict[str, Work] = {}
_pages: dict[str, str] = {}


class CannotFinish(Exception):
    """The work ends without its purpose; its sentence is written for the person who asked."""


class CannotRestart(Exception):
    """The job stays as it was; the message is written for the person who asked."""


def register() -> None:
    """Called once when the app is ready: a job's files are read by the person who asked for it."""
    attachments.register("office.job", lambda person, pk: Job.objects.visible_to(person).filter(pk=pk).exists())


def job(function: Work) -> Work:
    """Declare a function as work that may be asked for by its dotted name."""
    _works[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def register_page(name: str, url_name: str) -> None:
    """Say that an app shows this work on a page of its own, whose address takes the job's number."""
    _pages[name] = url_name


def page_of(job: Job) -> str:
    """The name of the address under which a job is shown."""
    return _pages.get(job.name, "office:job")


@transaction.atomic
def enqueue(
    name: str,
    *,
    title: Sentence,
    by: Person,
    at: datetime,
    upload: UploadedFile[Any] | None = None,
    **arguments: Any,
) -> Job:
    """Ask for long work, if need be on a file that was sent. The workers hear of it when the transaction commits.

    Raises CannotAttach if the file is none that the office takes.
    """
    language = get_language() or settings.LANGUAGE_CODE
    asked = Job.objects.create(
        name=name, title=title, arguments=arguments, language=language, asked_by=by, asked_at=at, sent_at=at
    )
    if upload is not None:
        attachments.keep(subject=asked, upload=upload, by=by, at=at)
    trail.record("job.asked", asked, by=by, at=at, work=name)
    transaction.on_commit(lambda: _send(asked.pk))
    return asked


def restart(*, job: Job, by: Person, at: datetime) -> None:
    """Let failed work begin again, for the person who asked for it."""
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if locked.asked_by_id != by.pk:
            raise CannotRestart(_("Only the person who asked for this work can start it again."))
        if locked.state != Job.State.FAILED:
            raise CannotRestart(_("Only work that failed can be started again."))
        _back_to_waiting(locked, at, attempts=0)
        trail.record("job.restarted", locked, by=by, at=at)


def mark_seen(*, job: Job, at: datetime) -> None:
    """The person who asked has noted how it ended; it leaves his worklist."""
    Job.objects.filter(pk=job.pk, seen_at__isnull=True, finished_at__isnull=False).update(seen_at=at)


def workers_are_reachable() -> bool:
    """Whether the post box between pages and workers answers."""
    try:
        with current_app.connection_for_write() as post:
            post.ensure_connection(max_retries=0, timeout=1)
    except Exception:  # noqa: BLE001, RUF100  every broker library has its own words for "away"
        return False
    return True


# ------------------------------------------------------------------ in the worker


class Run:
    """What the work may say while it runs."""

    def __init__(self, job: Job, side: psycopg.Connection[Any]) -> None:
        self.job = job
        self.by = job.asked_by
        self.at = timezone.now()
        self._side = side
        self._told = 0.0

    def sent(self) -> Attachment:
        """The file that was sent with the request."""
        first = attachments.of(self.job).first()
        if first is None:
            raise CannotFinish(said("No file was sent with this work."))
        return first

    def step(self, done: int, total: int, note: Sentence | None = None) -> None:
        """Say how far it is. Seen at once, even while the work's own transaction is open."""
        if done < total and time.monotonic() - self._told < PROGRESS_EVERY:
            return
        self._told = time.monotonic()
        self._side.execute(
            "UPDATE office_job SET done_steps = %s, total_steps = %s, note = %s WHERE id = %s",
            [done, total, Jsonb(sentences.kept(note or "")), self.job.pk],
        )

    def keep_result(self, name: str, content: bytes, media_type: str) -> Attachment:
        """Keep the file that the work made; the person who asked can fetch it."""
        kept = self._keep(name, content, media_type)
        self.job.result = kept
        return kept

    def keep_faults(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Attachment:
        """Keep the rows that could not be taken, with their reasons, as a workbook."""
        kept = self._keep(name, sheets.workbook(columns, rows), sheets.XLSX)
        self.job.faults = kept
        return kept

    def say(self, outcome: Mapping[Sentence, Figure]) -> None:
        """What was done, in numbers: shown on the job's page in this order."""
        self.job.outcome = [[sentences.kept(label), sentences.kept(value)] for label, value in outcome.items()]

    def _keep(self, name: str, content: bytes, media_type: str) -> Attachment:
        return attachments.keep_made(
            subject=self.job,
            name=name,
            content=content,
            media_type=media_type,
            by=self.by,
            at=self.at,
        )


def run(pk: int) -> None:
    """Do one job, unless it is done or somebody is at it. Called by the worker; may be called any number of times."""
    with _side_connection() as side:
        if not side.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, pk]).fetchone()[0]:  # type: ignore[index]
            return
        taken = _take(pk)
        if taken is None:
            return
        try:
            with override(taken.language), history.acting(by=taken.asked_by, work=taken.name):
                _work(taken)(Run(taken, side), **taken.arguments)
        except CannotFinish as refusal:
            _finish(taken, Job.State.FAILED, refusal=sentences.of(refusal))
        except (OperationalError, InterfaceError, psycopg.OperationalError):
            log.exception("Job %s lost the database; the sweeper starts it again", pk)
            raise
        except Exception:
            log.exception("Job %s failed", pk)
            _finish(taken, Job.State.FAILED, refusal=_unexpected(pk))
        else:
            _finish(taken, Job.State.DONE)


def sweep(at: datetime) -> int:
    """Send again what no worker has: running jobs whose worker died, waiting jobs whose message was lost."""
    found = list(Job.objects.unsent_since(at - RESEND_AFTER).values_list("pk", flat=True))
    for pk in Job.objects.filter(state=Job.State.RUNNING).values_list("pk", flat=True):
        with transaction.atomic():
            if not _lock_is_free(pk):
                continue
            left = Job.objects.select_for_update().get(pk=pk)
            if left.state != Job.State.RUNNING:
                continue
            if left.attempts >= MOST_ATTEMPTS:
                _finish(left, Job.State.FAILED, refusal=_interrupted())
            else:
                _back_to_waiting(left, at, attempts=left.attempts)
                found.append(pk)
    Job.objects.filter(pk__in=found).update(sent_at=at)
    for pk in found:
        _send(pk)
    return len(found)


def _send(pk: int) -> None:
    try:
        current_app.send_task("office.tasks.run_job", args=[pk])
    except Exception:
        log.warning("The workers cannot be reached; job %s waits for the sweeper", pk, exc_info=True)


def _take(pk: int) -> Job | None:
    """Under the advisory lock: the job as running, or nothing if there is nothing to do."""
    with transaction.atomic():
        found = Job.objects.select_for_update(of=["self"]).select_related("asked_by").filter(pk=pk).first()
        if found is None or found.state in {Job.State.DONE, Job.State.FAILED}:
            return None
        if found.attempts >= MOST_ATTEMPTS:
            _finish(found, Job.State.FAILED, refusal=_interrupted())
            return None
        found.state = Job.State.RUNNING
        found.attempts += 1
        found.started_at = timezone.now()
        found.done_steps = found.total_steps = 0
        found.save(update_fields=["state", "attempts", "started_at", "done_steps", "total_steps"])
        return found


def _finish(job: Job, state: Job.State, *, refusal: Sentence | None = None) -> None:
    job.state = state
    job.refusal = refusal or ""
    job.finished_at = timezone.now()
    job.save(update_fields=["state", "refusal", "finished_at", "outcome", "result", "faults"])


def _back_to_waiting(job: Job, at: datetime, *, attempts: int) -> None:
    job.state = Job.State.WAITING
    job.refusal = ""
    job.finished_at = job.seen_at = None
    job.attempts = attempts
    job.sent_at = at
    job.save(update_fields=["state", "refusal", "finished_at", "seen_at", "attempts", "sent_at"])
    transaction.on_commit(lambda: _send(job.pk))


def _work(job: Job) -> Work:
    module = job.name.rpartition(".")[0]
    if module.endswith(".tasks") and module.partition(".")[0] in settings.INSTALLED_APPS:
        import_module(module)
    if job.name not in _works:
        raise CannotFinish(said("This version of the system does not know this work."))
    return _works[job.name]


def _lock_is_free(pk: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_CLASS, pk])
        return bool(cursor.fetchone()[0])


@contextlib.contextmanager
def _side_connection() -> Iterator[psycopg.Connection[Any]]:
    """A connection beside Django's own: it holds the lock and tells progress whatever Django's transaction does."""
    parameters = connection.get_connection_params()
    side = psycopg.connect(**{**parameters, "autocommit": True})
    try:
        yield side
    finally:
        with contextlib.suppress(psycopg.Error, DatabaseError):
            side.close()


def _interrupted() -> Sentence:
    return said(
        "The work was interrupted %(times)s times and was given up. Start it again when the cause is mended.",
        times=MOST_ATTEMPTS,
    )


def _unexpected(pk: int) -> Sentence:
    return said(
        "An error that nobody foresaw ended the work; nothing of it was kept. Tell the administrator job %(pk)s.",
        pk=pk,
    )
