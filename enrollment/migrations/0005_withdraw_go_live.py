"""A signed go-live file that does not fit the register any more can be taken back before it is written."""

from django.db import migrations

MOVE = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('enrollment_goliveprotocol', 'signed', 'withdrawn', '');
"""


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0004_fund_year_draft_header")]

    operations = [migrations.RunSQL(MOVE, migrations.RunSQL.noop)]
