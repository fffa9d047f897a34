"""What the database itself refuses of providers and catalogues: entries that change, history that is switched off."""

from django.db import migrations

ONLY_ADDED_TO = ("catalogueentry",)
TRACKED = ("agreement", "catalogue", "disease", "listeddisease", "provider")


def only_added_to(table):
    return f"""
    CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE ON claims_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    """


def history(table):
    return f"""
    {only_added_to(table + "event")}
    CREATE TRIGGER {table}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON claims_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
    """


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_add_providers_and_catalogues")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (*(only_added_to(table) for table in ONLY_ADDED_TO), *(history(table) for table in TRACKED))
    ]
