"""The head of a fund year is corrected while it is a draft; scheme, maker and time stay as they were."""

from django.db import migrations

DRAFT_MAY_CHANGE = """
CREATE FUNCTION enrollment_guard_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.scheme_id, NEW.proposed_by_id, NEW.proposed_at) <> (OLD.scheme_id, OLD.proposed_by_id, OLD.proposed_at) THEN
        RAISE EXCEPTION 'a draft stays whose it is' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draft_is_guarded BEFORE UPDATE ON enrollment_fundyear
    FOR EACH ROW WHEN (OLD.state = 'draft' AND NEW.state = 'draft') EXECUTE FUNCTION enrollment_guard_draft();

DROP TRIGGER subject_is_guarded ON enrollment_fundyear;
CREATE TRIGGER subject_is_guarded BEFORE INSERT ON enrollment_fundyear
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('enrollment_enrollmentround', 'enrollment.fundyear');
CREATE TRIGGER subject_moves_guarded BEFORE UPDATE ON enrollment_fundyear
    FOR EACH ROW WHEN (NOT (OLD.state = 'draft' AND NEW.state = 'draft'))
    EXECUTE FUNCTION office_guard_subject('enrollment_enrollmentround', 'enrollment.fundyear');
"""


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0002_guard_register")]

    operations = [migrations.RunSQL(DRAFT_MAY_CHANGE, migrations.RunSQL.noop)]
