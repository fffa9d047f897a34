"""A level of a warning holds once somebody else has confirmed it, and stays what it is."""

from django.db import migrations

GUARDS = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('funds_warninglevel', '', 'proposed', ''),
    ('funds_warninglevel', 'proposed', 'confirmed', 'approved'),
    ('funds_warninglevel', 'proposed', 'refused', 'refused'),
    ('funds_warninglevel', 'proposed', 'withdrawn', '');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON funds_warninglevel
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('funds_fundsround', 'funds.warninglevel');
CREATE TRIGGER warninglevelevent_is_only_added_to BEFORE UPDATE OR DELETE ON funds_warninglevelevent
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
CREATE TRIGGER warninglevel_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON funds_warninglevel
    FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0015_create_warning_levels")]

    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
