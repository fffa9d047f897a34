"""Seals are only ever added to, by the sealer too; hashes are kept as they are, for nothing makes them shorter."""

from django.db import migrations

ONLY_ADDED_TO = ("sealkey", "sealform", "seal", "sealbatch", "trailcheck")

STORAGE = """
ALTER TABLE audit_sealbatch ALTER COLUMN leaves SET STORAGE EXTERNAL, ALTER COLUMN columns SET STORAGE EXTERNAL;
"""

PROGRESS = """
CREATE FUNCTION audit_guard_seal_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW."table" <> OLD."table" OR NEW.sealed_to < OLD.sealed_to THEN
        RAISE EXCEPTION 'sealing never goes back' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sealing_never_goes_back BEFORE UPDATE OR DELETE ON audit_sealprogress
    FOR EACH ROW EXECUTE FUNCTION audit_guard_seal_progress();
"""


def only_added_to(table):
    return f"""
    CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE ON audit_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    """


class Migration(migrations.Migration):
    dependencies = [("audit", "0010_create_seals")]

    operations = [
        *(
            migrations.RunSQL(only_added_to(table), f"DROP TRIGGER {table}_is_only_added_to ON audit_{table};")
            for table in ONLY_ADDED_TO
        ),
        migrations.RunSQL(
            PROGRESS,
            "DROP TRIGGER sealing_never_goes_back ON audit_sealprogress; DROP FUNCTION audit_guard_seal_progress();",
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
    ]
