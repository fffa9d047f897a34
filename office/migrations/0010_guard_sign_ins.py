"""A code is good once and a try stays counted, whatever program or person writes the SQL."""

from django.db import migrations

FACTOR_STEP = """
CREATE FUNCTION office_factor_step_only_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last_step <= OLD.last_step THEN
        RAISE EXCEPTION 'This time step was used already.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER factor_step_only_rises BEFORE UPDATE OF last_step ON office_factor
    FOR EACH ROW EXECUTE FUNCTION office_factor_step_only_rises();
"""

FACTOR_STAYS = """
CREATE FUNCTION office_factor_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL
        OR (NEW.person_id, NEW.secret, NEW.confirmed_at) IS DISTINCT FROM (OLD.person_id, OLD.secret, OLD.confirmed_at)
    THEN
        RAISE EXCEPTION 'A second factor is not altered: it ends, and another begins.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER factor_stays BEFORE UPDATE ON office_factor
    FOR EACH ROW EXECUTE FUNCTION office_factor_stays();
"""

CODE_ONCE = """
CREATE FUNCTION office_one_time_code_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used_at IS NOT NULL OR OLD.ended_at IS NOT NULL
        OR (NEW.person_id, NEW.kind, NEW.hash, NEW.issued_by_id, NEW.seconded_by_id, NEW.issued_at)
            IS DISTINCT FROM (OLD.person_id, OLD.kind, OLD.hash, OLD.issued_by_id, OLD.seconded_by_id, OLD.issued_at)
    THEN
        RAISE EXCEPTION 'A one-time code is used or ended once.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_time_code_once BEFORE UPDATE ON office_onetimecode
    FOR EACH ROW EXECUTE FUNCTION office_one_time_code_once();
"""

TRIES_STAY = """
CREATE TRIGGER try_is_only_added_to BEFORE UPDATE OR DELETE ON office_signintry
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
"""


class Migration(migrations.Migration):

    dependencies = [("office", "0009_add_sign_ins")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (FACTOR_STEP, FACTOR_STAYS, CODE_ONCE, TRIES_STAY)]
