"""Acts are only ever added to: a plain trigger, which no session setting turns off, beside the missing rights."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION office_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
"""
GUARD = """
CREATE TRIGGER act_is_only_added_to BEFORE UPDATE OR DELETE ON office_act
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
"""


class Migration(migrations.Migration):
    dependencies = [("office", "0002_add_acts")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION office_only_added_to();"),
        migrations.RunSQL(GUARD, "DROP TRIGGER act_is_only_added_to ON office_act;"),
    ]
