"""Whoever has left stays away and is given no duty, and the last security administrator does not leave.

0016 holds the last one's duty; these hold the person himself. The lock is that of 0016: of two who leave at the same
moment the second waits, and then sees that the first has left.
"""

from django.db import migrations

LEAVING = """
CREATE FUNCTION office_guard_leaving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.left_on IS NOT NULL AND NEW.left_on IS DISTINCT FROM OLD.left_on THEN
        RAISE EXCEPTION 'whoever has left stays away' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'person_stays_away';
    END IF;
    IF NEW.left_on IS NULL OR OLD.left_on IS NOT NULL OR NOT EXISTS (
        SELECT FROM office_appointment a WHERE a.person_id = NEW.id AND a.duty = 'security_administrator'
          AND a.period @> NEW.left_on + 1
    ) THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('office: security administrators'));
    PERFORM 1 FROM office_appointment a JOIN office_person p ON p.id = a.person_id
      WHERE a.duty = 'security_administrator' AND a.person_id <> NEW.id AND p.left_on IS NULL
        AND a.period @> NEW.left_on + 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody would be left to give duties' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'person_leaves_an_administrator';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_leaves_once BEFORE UPDATE OF left_on ON office_person
    FOR EACH ROW EXECUTE FUNCTION office_guard_leaving();
"""

# The person's row is locked: he does not leave while a duty is given to him.
GIVING = """
CREATE FUNCTION office_guard_duty_of_leaver() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_day date;
BEGIN
    SELECT left_on INTO last_day FROM office_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    IF last_day IS NOT NULL AND (upper_inf(NEW.period) OR upper(NEW.period) > last_day + 1) THEN
        RAISE EXCEPTION 'this person has left' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'appointment_of_somebody_here';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appointment_of_somebody_here BEFORE INSERT ON office_appointment
    FOR EACH ROW EXECUTE FUNCTION office_guard_duty_of_leaver();
"""

BACK = """
DROP TRIGGER appointment_of_somebody_here ON office_appointment;
DROP FUNCTION office_guard_duty_of_leaver();
DROP TRIGGER person_leaves_once ON office_person;
DROP FUNCTION office_guard_leaving();
"""


class Migration(migrations.Migration):
    dependencies = [("office", "0020_say_jobs_again")]

    operations = [migrations.RunSQL(LEAVING + GIVING, BACK)]
