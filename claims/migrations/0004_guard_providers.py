"""What the database itself refuses of providers and catalogues: entries that change or come later than their edition,
an edition that says anything else than before but its last day, history that is switched off."""

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


EDITION = """
CREATE FUNCTION claims_guard_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'period' <> to_jsonb(OLD) - 'period' OR lower(NEW.period) <> lower(OLD.period)
        OR NOT NEW.period <@ OLD.period
    THEN
        RAISE EXCEPTION 'an edition stays what it was and ends earlier at most' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION claims_count_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_catalogue c WHERE c.id IN (SELECT DISTINCT catalogue_id FROM added)
        AND c.entries_count < (SELECT count(*) FROM claims_catalogueentry e WHERE e.catalogue_id = c.id);
    IF FOUND THEN
        RAISE EXCEPTION 'an edition has the entries that it says and no more' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION claims_edition_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.entries_count <> (SELECT count(*) FROM claims_catalogueentry e WHERE e.catalogue_id = NEW.id) THEN
        RAISE EXCEPTION 'an edition comes with all its entries' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER edition_is_guarded BEFORE UPDATE ON claims_catalogue
    FOR EACH ROW EXECUTE FUNCTION claims_guard_edition();
CREATE TRIGGER entries_are_counted AFTER INSERT ON claims_catalogueentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION claims_count_entries();
CREATE CONSTRAINT TRIGGER edition_is_whole AFTER INSERT ON claims_catalogue
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_edition_is_whole();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_add_providers_and_catalogues")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            *(only_added_to(table) for table in ONLY_ADDED_TO),
            *(history(table) for table in TRACKED),
            EDITION,
        )
    ]
