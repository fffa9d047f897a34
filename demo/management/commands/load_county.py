"""`manage.py load_county haiyuan [--scale 0.01] [--year 2009] [--seed 640522] [--in-background]`: a whole year of a
made-up county, with the totals of a real one's report; in the background it is a job whose page says how far it is."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from demo.haiyuan import load, register
from demo.haiyuan.register import AnotherCounty
from office import jobs
from office.sentences import said

SMALLEST = 0.002


class Command(BaseCommand):
    help = "Make a county's whole year in an empty database; begun again after it was stopped it goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("county", choices=["haiyuan"])
        parser.add_argument("--scale", type=float, default=load.SCALE, help="1 is the whole county, 386,772 people")
        parser.add_argument("--year", type=int, choices=load.YEARS, default=load.YEARS[0], help="what is reported")
        parser.add_argument("--seed", type=int, default=load.SEED)
        parser.add_argument("--in-background", action="store_true", help="as a job of the workers, with its progress")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PLAIN_HTTP:
            raise CommandError("The county's passwords are known to everybody; it is made on this machine alone.")
        if not SMALLEST <= options["scale"] <= 1:
            raise CommandError(f"A scale lies between {SMALLEST} and 1.")
        asked = {"scale": options["scale"], "seed": options["seed"]}
        try:
            if options["in_background"]:
                self._ask(**asked)
            else:
                load.load(**asked, say=self.stdout.write)
        except AnotherCounty as refusal:
            raise CommandError(str(refusal)) from refusal

    def _ask(self, *, scale: float, seed: int) -> None:
        by = register.found(scale, seed)
        title = said("The year %(year)s of 海原, at a scale of %(scale)s", year=load.YEARS[0], scale=f"{scale:g}")
        job = jobs.enqueue("demo.tasks.load_county", title=title, by=by, at=timezone.now(), scale=scale, seed=seed)
        self.stdout.write(f"Job {job.pk}: {by.username} sees how far it is on its page, /jobs/{job.pk}/")
