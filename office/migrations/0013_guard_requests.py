"""Duties that two administrators give, and ways back in, come from a decided request alone; a delegation from the absent.

The list of duties is that of office/rules/duties.py on the day of this migration (a test compares the two).
"""

from django.db import migrations

APPOINTMENT = """
CREATE FUNCTION office_guard_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    administrators text[] := '{system_administrator,security_administrator,security_auditor}';
    by_two text[] := administrators || '{first_checker,second_checker,office_head,committee_member,committee_chair,
        committee_secretary,fund_accountant,accounting_head,cashier,finance_reviewer}'::text[];
    founders bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'period' <> to_jsonb(OLD) - 'period' OR NOT NEW.period <@ OLD.period
            OR lower(NEW.period) <> lower(OLD.period) THEN
            RAISE EXCEPTION 'a duty only ends: a longer one is another duty' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.request_id IS NOT NULL THEN
        PERFORM 1 FROM office_dutyrequest r
          WHERE r.id = NEW.request_id AND r.state = 'granted' AND r.person_id = NEW.person_id AND r.duty = NEW.duty
            AND r.body_id = NEW.body_id AND r.period = NEW.period;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'nobody has granted this' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.duty = ANY(by_two) AND NOT pg_has_role(
        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
        -- the founding: until there were two security administrators, nobody can decide who administers
        SELECT count(DISTINCT person_id) INTO founders FROM office_appointment WHERE duty = 'security_administrator';
        IF founders >= 2 OR NOT NEW.duty = ANY(administrators) THEN
            RAISE EXCEPTION 'two administrators give this duty' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'appointment_is_given_by_two';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appointment_is_guarded BEFORE INSERT OR UPDATE ON office_appointment
    FOR EACH ROW EXECUTE FUNCTION office_guard_appointment();
"""

CODE = """
CREATE FUNCTION office_guard_one_time_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.request_id IS NULL THEN
        PERFORM 1 FROM office_signin LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'two people give a one-time code' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    PERFORM 1 FROM office_resetrequest r
      WHERE r.id = NEW.request_id AND r.state = 'granted' AND r.person_id = NEW.person_id AND r.kind = NEW.kind;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody has granted this' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_time_code_is_guarded BEFORE INSERT ON office_onetimecode
    FOR EACH ROW EXECUTE FUNCTION office_guard_one_time_code();

CREATE OR REPLACE FUNCTION office_one_time_code_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used_at IS NOT NULL OR OLD.ended_at IS NOT NULL
        OR to_jsonb(NEW) - '{used_at,ended_at}'::text[] <> to_jsonb(OLD) - '{used_at,ended_at}'::text[] THEN
        RAISE EXCEPTION 'A one-time code is used or ended once.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

DELEGATION = """
CREATE FUNCTION office_guard_delegation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'granted' AND NEW.proposed_by_id <> NEW.person_id THEN
        RAISE EXCEPTION 'only the absent person delegates alone' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delegation_is_guarded BEFORE INSERT ON office_delegation
    FOR EACH ROW EXECUTE FUNCTION office_guard_delegation();
"""


class Migration(migrations.Migration):
    dependencies = [("office", "0012_guard_rounds")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (APPOINTMENT, CODE, DELEGATION)]
