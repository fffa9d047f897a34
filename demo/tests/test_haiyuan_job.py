"""The county's year in the background: the office is founded at once, a worker makes the rest, part by part."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from demo.haiyuan import load
from demo.haiyuan.register import AnotherCounty
from enrollment.models import RosterImport
from office import jobs
from office.models import Job, Person

pytestmark = pytest.mark.django_db(transaction=True)


def asked() -> Job:
    said = StringIO()
    call_command("load_county", "haiyuan", "--scale", "0.002", "--in-background", stdout=said)
    job = Job.objects.get()
    assert f"/jobs/{job.pk}/" in said.getvalue()
    return job


def test_a_worker_makes_it_part_by_part(monkeypatch):
    told = []
    monkeypatch.setattr(load.register, "begin", lambda *given: told.append(given))
    monkeypatch.setattr(load.register, "patients", list)
    monkeypatch.setattr(load, "Papers", lambda *given: None)
    monkeypatch.setattr(load, "months", lambda scale: [])
    monkeypatch.setattr(load.money, "keep", lambda *given: told.append(given) or Kept())
    monkeypatch.setattr(load.inspected, "inspect", lambda: "nothing")
    job = asked()
    assert Person.objects.filter(username="system").exists()
    assert not RosterImport.objects.exists()
    jobs.run(job.pk)
    done = Job.objects.get(pk=job.pk)
    assert (done.state, done.total_steps) == ("done", load.PARTS)
    assert told == [(0.002, load.SEED), (0.002, load.SEED)]


class Kept:
    """Books without a voucher."""

    class postings:  # noqa: N801  as the model calls them
        count = staticmethod(lambda: 0)


def test_another_county_ends_it(monkeypatch):
    def refuses(*given, **more):
        raise AnotherCounty

    job = asked()
    monkeypatch.setattr(load, "load", refuses)
    jobs.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == "failed"
