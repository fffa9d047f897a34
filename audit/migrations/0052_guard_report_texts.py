"""What the database itself refuses of texts of reports: they are only added to."""

from django.db import migrations

SQL = """
CREATE TRIGGER reporttext_is_only_added_to BEFORE UPDATE OR DELETE ON audit_reporttext
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0051_report_texts")]

    operations = [migrations.RunSQL(SQL, "DROP TRIGGER reporttext_is_only_added_to ON audit_reporttext;")]
