"""`manage.py migrate`: as Django's own, but as the owner of the tables, and with the rights given out afterwards."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections

from config import database


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["database"] == "owner" and not (options["plan"] or options["check_unapplied"]):
            owner = connections["owner"]
            owner.ensure_connection()
            database.grant_rights(owner.connection)
