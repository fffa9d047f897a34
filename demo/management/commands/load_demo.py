"""`manage.py load_demo`: the demo county, in an empty database only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo import county


class Command(BaseCommand):
    help = "Make the fictitious demo county. Refused where anybody works already."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PLAIN_HTTP:
            raise CommandError("The demo county's passwords are known to everybody; it is made on this machine alone.")
        if not county.load(timezone.now()):
            raise CommandError("This database has people in it; the demo county is made in an empty one only.")
