"""What the database itself refuses of files of complaints: one that is changed, of an answered complaint, by somebody who
neither took it down nor wrote the note that it belongs to, or by him whom it is about."""

from django.db import migrations

SQL = """
CREATE TRIGGER complaintfile_is_only_added_to BEFORE UPDATE OR DELETE ON audit_complaintfile
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();

CREATE FUNCTION audit_guard_complaint_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_complaint c WHERE c.id = NEW.complaint_id AND c.state <> 'answered'
        AND c.about_person_id IS DISTINCT FROM NEW.added_by_id AND CASE WHEN NEW.note_id IS NULL
            THEN c.received_by_id = NEW.added_by_id
            ELSE EXISTS (SELECT FROM audit_complaintnote n
                WHERE n.id = NEW.note_id AND n.complaint_id = c.id AND n.by_id = NEW.added_by_id) END FOR SHARE;
    IF NOT FOUND THEN
        PERFORM audit_refuse('a file comes with its complaint or with a note on it, by whoever wrote that down');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER complaint_file_is_guarded BEFORE INSERT ON audit_complaintfile
    FOR EACH ROW EXECUTE FUNCTION audit_guard_complaint_file();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0056_complaint_files"), ("audit", "0033_guard_findings")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
