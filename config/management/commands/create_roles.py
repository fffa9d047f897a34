"""`manage.py create_roles --superuser DSN`: the five roles and the empty database on a server of the office's own."""

from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from psycopg.conninfo import conninfo_to_dict

from config import database, environment


class Command(BaseCommand):
    help = "Create the database roles with the passwords of DATABASE_URL*, and the database. Repeatable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--superuser",
            required=True,
            help="address of a superuser: postgresql://postgres@/postgres",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        given = environment.read()
        passwords = {}
        for variable, role in environment.ROLE_OF_URL.items():
            parts = conninfo_to_dict(given[variable])
            if parts.get("user") != role or not parts.get("password"):
                raise CommandError(f"{variable} must name the role {role} and its password.")
            passwords[role] = str(parts["password"])
        try:
            with psycopg.connect(options["superuser"], autocommit=True, client_encoding="utf8") as connection:
                database.create_roles(connection, passwords)
                made = database.create_database(connection, settings.DATABASES["default"]["NAME"])
        except psycopg.Error as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("Roles are there; the database was created." if made else "Roles and database are there.")
