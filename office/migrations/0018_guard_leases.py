"""What was taken, by whom and until when stands; a lease only ends, once, and nobody who has left gets one."""

from django.db import migrations

GUARD = """
CREATE FUNCTION office_guard_lease() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a lease ends, it is not taken away' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
            OR to_jsonb(NEW) - '{ended_at,ended_because}'::text[] <> to_jsonb(OLD) - '{ended_at,ended_because}'::text[]
        THEN
            RAISE EXCEPTION 'a lease only ends, and once' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'a lease begins before it ends' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM office_person WHERE id = NEW.holder_id AND left_on IS NOT NULL;
    IF FOUND THEN
        RAISE EXCEPTION 'whoever has left takes nothing' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lease_is_guarded BEFORE INSERT OR UPDATE OR DELETE ON office_lease
    FOR EACH ROW EXECUTE FUNCTION office_guard_lease();
"""


class Migration(migrations.Migration):
    dependencies = [("office", "0017_add_leases")]

    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
