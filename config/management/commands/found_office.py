"""`manage.py found_office --example [--json]` or `--file office.yaml [--json]`: an office where there was none."""

import json
import sys
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from demo import example, signins
from enrollment.models import Division, FundYear, Scheme
from office.models import Body, Person
from office.rules import days
from office.services import founding
from office.services.founding import CannotFound, NewBody, NewPerson

REFUSED = 2


class Command(BaseCommand):
    help = "Found an office: an example whose sign-ins everybody may know, or a real one from a paper."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--example", action="store_true", help="a fictitious office without households, one sign-in for every duty"
        )
        what.add_argument("--file", type=Path, help="bodies and administrators of a real office, as YAML")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = self._example() if options["example"] else self._real(options["file"])
        except CannotFound as refusal:
            self.stderr.write(str(refusal))
            sys.exit(REFUSED)
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for row in found.get("sign_ins", found.get("codes", [])):
            self.stdout.write("  ".join(str(value) for value in row.values() if value))

    def _example(self) -> dict[str, Any]:
        if not settings.PLAIN_HTTP:
            raise CannotFound("The example's passwords are known to everybody; it is made on one's own machine alone.")
        made = not example.is_there()
        if made:
            example.found(timezone.now())
        return {
            "made": made,
            "bodies": Body.objects.count(),
            "people": Person.objects.count(),
            "divisions": {level: Division.objects.filter(level=level).count() for level in Division.Level.values},
            "schemes": list(Scheme.objects.values_list("code", flat=True)),
            "fund_years": [f"{one.scheme.code} {one.year}" for one in _open_years()],
            "sign_ins": signins.rows(),
        }

    @transaction.atomic
    def _real(self, paper: Path) -> dict[str, Any]:
        bodies, people = _read(paper)
        now = timezone.now()
        founded = founding.found(bodies=bodies, people=people, on=days.business_day(now), at=now)
        codes = [{"user": one.person.username, "one_time_code": one.code} for one in founded]
        return {"made": True, "bodies": len(bodies), "people": len(people), "codes": codes}


def _open_years() -> QuerySet[FundYear]:
    return FundYear.objects.confirmed().select_related("scheme").order_by("scheme", "year")


def _read(paper: Path) -> tuple[list[NewBody], list[NewPerson]]:
    """Bodies and administrators of a founding paper. Raises CannotFound with the place of the fault."""
    try:
        said = yaml.safe_load(paper.read_text(encoding="utf-8"))
        bodies = [NewBody(**_texts(row)) for row in said["bodies"]]
        people = [NewPerson(**_texts(row)) for row in said["people"]]
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise CannotFound(f"{paper}: {fault}") from fault
    except (KeyError, TypeError, AttributeError) as fault:
        raise CannotFound(
            f"{paper}: bodies need code, name and kind; people need username, name, duty and body ({fault})."
        ) from fault
    return bodies, people


def _texts(row: dict[str, Any]) -> dict[str, str]:
    return {str(name): "" if value is None else str(value) for name, value in row.items()}
