"""`manage.py load_county haiyuan [--scale 0.01] [--seed 640522]`: a whole year of a made-up county, with the totals of
a real one's report."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.haiyuan import load
from demo.haiyuan.register import AnotherCounty

SMALLEST = 0.002


class Command(BaseCommand):
    help = "Make a county's whole year in an empty database; begun again after it was stopped it goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("county", choices=["haiyuan"])
        parser.add_argument("--scale", type=float, default=0.01, help="1 is the whole county, 386,772 people")
        parser.add_argument("--seed", type=int, default=load.SEED)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PLAIN_HTTP:
            raise CommandError("The county's passwords are known to everybody; it is made on this machine alone.")
        if not SMALLEST <= options["scale"] <= 1:
            raise CommandError(f"A scale lies between {SMALLEST} and 1.")
        try:
            load.load(options["scale"], options["seed"], self.stdout.write)
        except AnotherCounty as refusal:
            raise CommandError(str(refusal)) from refusal
