"""Row history is only ever added to, and nobody writes a tracked table while its history is switched off.

django-pgtrigger lets any session switch its triggers off with the setting `pgtrigger.ignore`; these plain triggers refuse
every write in such a session.
"""

from django.db import migrations

TRACKED = ("appointment", "body", "person", "printer", "printeroffset", "workingday")

FUNCTION = """
CREATE FUNCTION office_history_stays_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF COALESCE(current_setting('pgtrigger.ignore', true), '') <> '' THEN
        RAISE EXCEPTION 'the history of % is switched off in this session', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""


def guards(name):
    return f"""
    CREATE TRIGGER {name}event_is_only_added_to BEFORE UPDATE OR DELETE ON office_{name}event
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    CREATE TRIGGER {name}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON office_{name}
        FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
    """


def back(name):
    return f"""
    DROP TRIGGER {name}event_is_only_added_to ON office_{name}event;
    DROP TRIGGER {name}_history_stays_on ON office_{name};
    """


class Migration(migrations.Migration):
    dependencies = [("office", "0006_add_row_history")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION office_history_stays_on();"),
        *(migrations.RunSQL(guards(name), back(name)) for name in TRACKED),
    ]
