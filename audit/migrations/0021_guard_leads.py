"""What the database itself refuses of leads and complaints: a lead about something else than what was found, a complaint
that says something else than what was said, a step that there is not, a record that is changed or taken away."""

from django.db import migrations

SQL = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('audit_lead', '', 'open', ''),
    ('audit_lead', 'open', 'cleared', ''),
    ('audit_lead', 'open', 'confirmed', ''),
    ('audit_lead', 'cleared', 'open', ''),
    ('audit_lead', 'confirmed', 'open', ''),
    ('audit_complaint', '', 'received', ''),
    ('audit_complaint', 'received', 'assigned', ''),
    ('audit_complaint', 'received', 'answered', ''),
    ('audit_complaint', 'assigned', 'assigned', ''),
    ('audit_complaint', 'assigned', 'answered', '');

CREATE FUNCTION audit_guard_steps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved_from text := '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        moved_from := OLD.state;
        IF to_jsonb(NEW) - TG_ARGV::text[] <> to_jsonb(OLD) - TG_ARGV::text[] THEN
            RAISE EXCEPTION '% stays what it is about', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    PERFORM 1 FROM office_statemove m
      WHERE m."table" = TG_TABLE_NAME AND m.before = moved_from AND m.after = NEW.state;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% does not go from "%" to "%"', TG_TABLE_NAME, moved_from, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_is_guarded BEFORE INSERT OR UPDATE ON audit_lead
    FOR EACH ROW EXECUTE FUNCTION audit_guard_steps('state', 'reason', 'decided_by_id', 'decided_at');
CREATE TRIGGER complaint_is_guarded BEFORE INSERT OR UPDATE ON audit_complaint
    FOR EACH ROW EXECUTE FUNCTION audit_guard_steps('state', 'assigned_to_id', 'assigned_by_id', 'assigned_at',
        'result', 'answer', 'answered_on', 'answered_by_id');
"""
TRACKED = ("lead", "complaint")
ADDED_TO = (
    *("leadevent", "complaintevent", "screening", "screenresult", "screensetting"),
    *("leadclaim", "leadnote", "leadhold", "complaintnote"),
)


def only_added_to(name):
    return f"""
    CREATE TRIGGER {name}_is_only_added_to BEFORE UPDATE OR DELETE ON audit_{name}
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    """


def history_stays_on(name):
    return f"""
    CREATE TRIGGER {name}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON audit_{name}
        FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
    """


class Migration(migrations.Migration):
    dependencies = [("audit", "0020_create_leads")]

    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        *(migrations.RunSQL(only_added_to(name), migrations.RunSQL.noop) for name in ADDED_TO),
        *(migrations.RunSQL(history_stays_on(name), migrations.RunSQL.noop) for name in TRACKED),
    ]
