"""Somebody is always left who gives duties; files once kept, and the history of rounds and factors, stay as they are."""

from django.db import migrations

LAST = """
CREATE FUNCTION office_guard_last_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.duty <> 'security_administrator' OR upper_inf(NEW.period) THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('office: security administrators'));
    PERFORM 1 FROM office_appointment a JOIN office_person p ON p.id = a.person_id
      WHERE a.duty = 'security_administrator' AND a.person_id <> NEW.person_id AND p.left_on IS NULL
        AND a.period @> upper(NEW.period);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody would be left to give duties' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'appointment_leaves_an_administrator';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appointment_leaves_an_administrator BEFORE UPDATE ON office_appointment
    FOR EACH ROW EXECUTE FUNCTION office_guard_last_administrator();
"""

FILES = """
CREATE TRIGGER attachment_is_only_added_to BEFORE UPDATE OR DELETE ON office_attachment
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
"""

HISTORY = "".join(
    f"""
CREATE TRIGGER {name}event_is_only_added_to BEFORE UPDATE OR DELETE ON office_{name}event
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
CREATE TRIGGER {name}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON office_{name}
    FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
"""
    for name in ("officeround", "officeseat", "factor", "onetimecode")
)


class Migration(migrations.Migration):
    dependencies = [("office", "0015_track_rounds_and_factors")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (LAST, FILES, HISTORY)]
