"""The indexes of rare acts were made here; office makes them now (office 0023), for its own table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0059_guard_taken_off"), ("office", "0023_find_rare_acts")]

    operations = []
