"""The workers' door to what takes hours to make up."""

from __future__ import annotations

from demo.haiyuan import load
from demo.haiyuan.register import AnotherCounty
from office import jobs
from office.sentences import said


@jobs.job
def load_county(run: jobs.Run, *, scale: float, seed: int) -> None:
    """A county's whole year; begun again it goes on where it stopped."""
    try:
        load.load(scale, seed, step=run.step)
    except AnotherCounty as refusal:
        raise jobs.CannotFinish(said("Another county is in this database.")) from refusal
    run.say({said("Parts of the year"): load.PARTS})
