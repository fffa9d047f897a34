"""Long work: sent on commit, done once, found again when its worker dies, its message is lost or the database goes."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from conftest import NOON
from office import attachments, jobs
from office.models import Body, Job
from office.sentences import said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """The jobs of which the workers were told."""
    told: list[int] = []
    monkeypatch.setattr(jobs, "_send", told.append)
    return told


@pytest.fixture
def work(monkeypatch):
    """Declare a function as work: `work("office.tasks.trial", function)`."""
    known = dict(jobs._works)
    monkeypatch.setattr(jobs, "_works", known)
    return known.__setitem__


@pytest.fixture
def ask(ada, sent):
    """Ask for the trial work."""
    return lambda **arguments: jobs.enqueue(
        "office.tasks.trial", title=said("试"), by=ada, at=timezone.now(), **arguments
    )


def holding(pk: int) -> psycopg.Connection:
    """A worker elsewhere that is at this job."""
    worker = psycopg.connect(**{**connection.get_connection_params(), "autocommit": True})
    worker.execute("SELECT pg_advisory_lock(%s, %s)", [jobs.LOCK_CLASS, pk])
    return worker


class TestEnqueue:
    def test_the_workers_hear_of_it_when_the_transaction_commits(self, ask, sent):
        with transaction.atomic():
            asked = ask()
            assert sent == []
        assert sent == [asked.pk]

    def test_a_rolled_back_request_was_never_made(self, ask, sent):
        with transaction.atomic():
            ask()
            transaction.set_rollback(True)
        assert sent == []
        assert not Job.objects.exists()

    def test_it_is_kept_while_the_workers_cannot_be_reached(self, ada, settings, monkeypatch):
        def away(*args, **kwargs):
            raise ConnectionRefusedError

        monkeypatch.setattr(jobs.current_app, "send_task", away)
        asked = jobs.enqueue("office.tasks.trial", title=said("试"), by=ada, at=timezone.now())
        assert asked.state == Job.State.WAITING

    def test_a_file_that_is_refused_leaves_no_job(self, ada):
        with pytest.raises(attachments.CannotAttach):
            jobs.enqueue(
                "office.tasks.trial",
                title=said("试"),
                by=ada,
                at=NOON,
                upload=SimpleUploadedFile("a.xlsx", b"\x00no"),
            )
        assert not Job.objects.exists()


class TestRun:
    def test_it_does_the_work_for_the_person_who_asked(self, ask, work, ada):
        seen = {}
        work("office.tasks.trial", lambda run, *, amount: seen.update(by=run.by, amount=amount))
        asked = ask(amount=3)
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert seen == {"by": ada, "amount": 3}
        assert (asked.state, asked.attempts, asked.percent) == (Job.State.DONE, 1, 100)

    def test_progress_is_seen_while_the_work_is_in_its_transaction(self, ask, work):
        seen = []

        def watch(run):
            with transaction.atomic():
                Body.objects.create(code="1", name="站", kind=Body.Kind.TOWNSHIP_STATION)
                run.step(3, 12, said("三"))
                with psycopg.connect(**connection.get_connection_params()) as other:
                    seen.append(other.execute("SELECT done_steps, total_steps, note, state FROM office_job").fetchone())
                    seen.append(other.execute("SELECT count(*) FROM office_body WHERE code = '1'").fetchone())

        work("office.tasks.trial", watch)
        jobs.run(ask().pk)
        assert seen == [(3, 12, '{"say": "三", "with": {}}', "running"), (0,)]

    def test_files_and_outcome_are_kept_with_it(self, ask, work, ada):
        def make(run):
            run.keep_result("结果.csv", "甲,乙".encode(), "text/csv")
            run.keep_faults("错误.xlsx", ["行", "原因"], [(17, "=1+1")])
            run.say({said("行"): 2, said("错误"): 1})

        work("office.tasks.trial", make)
        asked = ask()
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert asked.result.path.read_bytes() == "甲,乙".encode()
        assert asked.figures == [(said("行"), 2), (said("错误"), 1)]
        assert {one.name for one in attachments.of(asked)} == {"结果.csv", "错误.xlsx"}

    def test_its_files_are_in_the_language_in_which_it_was_asked_for(self, ask, work):
        heard = []
        work("office.tasks.trial", lambda run: heard.append(gettext("Rows")))
        for language in ("en", "zh-hans"):
            with override(language):
                asked = ask()
            jobs.run(asked.pk)
        with override(None):
            jobs.run(ask().pk)
        assert heard == ["Rows", "数据行", "数据行"]

    def test_a_second_message_does_nothing(self, ask, work):
        times = []
        work("office.tasks.trial", lambda run: times.append(1))
        asked = ask()
        jobs.run(asked.pk)
        jobs.run(asked.pk)
        assert times == [1]

    def test_a_second_worker_leaves_it_to_the_first(self, ask, work):
        times = []
        work("office.tasks.trial", lambda run: times.append(1))
        asked = ask()
        with holding(asked.pk):
            jobs.run(asked.pk)
        assert times == []

    def test_a_refusal_is_told_in_its_words(self, ask, work):
        def refuse(run):
            run.keep_faults("错误.xlsx", ["行"], [(1,)])
            raise jobs.CannotFinish("第 3 行没有姓名。")

        work("office.tasks.trial", refuse)
        asked = ask()
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert (asked.state, str(asked.refusal)) == (Job.State.FAILED, "第 3 行没有姓名。")
        assert asked.faults is not None

    def test_an_unforeseen_error_is_told_without_its_insides(self, ask, work):
        def break_down(run):
            with transaction.atomic():
                Body.objects.create(code="1", name="站", kind=Body.Kind.TOWNSHIP_STATION)
                raise KeyError("secret")

        work("office.tasks.trial", break_down)
        asked = ask()
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert asked.state == Job.State.FAILED
        assert str(asked.pk) in str(asked.refusal)
        assert "secret" not in str(asked.refusal)
        assert not Body.objects.filter(code="1").exists()

    def test_work_that_this_version_does_not_know_fails_in_words(self, ask):
        asked = ask()
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert asked.state == Job.State.FAILED
        assert asked.refusal

    def test_only_declared_work_of_a_tasks_module_runs(self, ada, sent):
        asked = jobs.enqueue("os.system", title=said("试"), by=ada, at=NOON)
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert asked.state == Job.State.FAILED

    def test_a_lost_database_leaves_it_for_the_sweeper(self, ask, work):
        def lose(run):
            raise OperationalError("server closed the connection unexpectedly")

        work("office.tasks.trial", lose)
        asked = ask()
        with pytest.raises(OperationalError):
            jobs.run(asked.pk)
        asked.refresh_from_db()
        assert asked.state == Job.State.RUNNING

    def test_work_that_was_interrupted_too_often_is_not_taken(self, ask, work):
        work("office.tasks.trial", lambda run: None)
        asked = ask()
        Job.objects.update(attempts=jobs.MOST_ATTEMPTS)
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert asked.state == Job.State.FAILED

    def test_work_on_a_file_that_was_not_sent_is_refused(self, ask, work):
        work("office.tasks.trial", lambda run: run.sent())
        asked = ask()
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert str(asked.refusal) == "该任务没有附上文件。"


def test_workers_that_cannot_be_reached_are_known(monkeypatch):
    assert jobs.workers_are_reachable()

    def away(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(jobs.current_app, "connection_for_write", away)
    assert not jobs.workers_are_reachable()


class TestSweep:
    def test_a_job_whose_worker_died_is_sent_again(self, ask, sent):
        asked = ask()
        Job.objects.update(state=Job.State.RUNNING, attempts=1)
        sent.clear()
        assert jobs.sweep(timezone.now()) == 1
        asked.refresh_from_db()
        assert (asked.state, set(sent)) == (Job.State.WAITING, {asked.pk})

    def test_a_job_that_a_worker_is_at_is_left_alone(self, ask, sent):
        asked = ask()
        Job.objects.update(state=Job.State.RUNNING, attempts=1)
        sent.clear()
        with holding(asked.pk):
            assert jobs.sweep(timezone.now()) == 0
        assert sent == []

    def test_a_message_that_was_lost_is_sent_again(self, ask, sent):
        asked = ask()
        sent.clear()
        assert jobs.sweep(timezone.now()) == 0
        assert jobs.sweep(timezone.now() + jobs.RESEND_AFTER + timedelta(seconds=1)) == 1
        assert sent == [asked.pk]

    def test_after_three_interruptions_it_is_given_up_in_words(self, ask, sent):
        asked = ask()
        Job.objects.update(state=Job.State.RUNNING, attempts=jobs.MOST_ATTEMPTS)
        jobs.sweep(timezone.now())
        asked.refresh_from_db()
        assert asked.state == Job.State.FAILED
        assert "3" in str(asked.refusal)


class TestRestart:
    @pytest.fixture
    def failed(self, ask):
        asked = ask()
        jobs.run(asked.pk)
        return asked

    def test_the_person_who_asked_begins_it_again(self, failed, ada, sent, work):
        work("office.tasks.trial", lambda run: None)
        jobs.restart(job=failed, by=ada, at=NOON)
        jobs.run(failed.pk)
        failed.refresh_from_db()
        assert failed.state == Job.State.DONE
        assert sent[-1] == failed.pk

    def test_nobody_else_does(self, failed, ben):
        with pytest.raises(jobs.CannotRestart):
            jobs.restart(job=failed, by=ben, at=NOON)

    def test_what_did_not_fail_is_not_begun_again(self, ask, ada):
        with pytest.raises(jobs.CannotRestart):
            jobs.restart(job=ask(), by=ada, at=NOON)


class TestTable:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"state": "lost"},
            {"state": Job.State.DONE, "finished_at": None},
            {"state": Job.State.RUNNING, "finished_at": NOON},
            {"state": Job.State.WAITING, "refusal": "没有"},
        ],
        ids=["unknown state", "done without end", "running with end", "refused while waiting"],
    )
    def test_the_database_refuses_what_cannot_be(self, ask, wrong):
        ask()
        with pytest.raises((IntegrityError, DatabaseError)):
            Job.objects.update(**wrong)

    def test_every_state_has_its_moves(self):
        assert set(Job.MOVES) == set(Job.State)
