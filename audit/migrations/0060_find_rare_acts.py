"""What somebody looked at or was refused, however rarely, among millions of acts: by an index over just these, which
knows how often each person did. The indexes before it went by the person and the kind apart, and the database, taking
the two for independent, passed over all looks of others to find none (docs/rules/trail-pages.md)."""

from django.db import migrations

DO = """
DROP INDEX act_read_by;
DROP INDEX act_refused_by;
"""
UNDO = """
CREATE INDEX act_read_by ON office_act (by_id, id DESC) WHERE kind = 'read';
CREATE INDEX act_refused_by ON office_act (by_id, id DESC) WHERE kind = 'refused';
"""
#: As office.models.acts.whose writes it.
WHOSE = "(CASE WHEN kind = '{kind}' THEN by_id ELSE NULL END)"
INDEX = "CREATE INDEX act_{kind}_by ON office_act ({whose}, id DESC) WHERE {whose} IS NOT NULL;"
COUNTED = "CREATE STATISTICS act_{kind}_whose ON {whose} FROM office_act;"


def of_each(statement: str) -> str:
    """A statement for looks, and for refusals."""
    return "\n".join(
        statement.format(kind=kind, whose=WHOSE.format(kind=kind)) for kind in ("read", "refused")
    )


class Migration(migrations.Migration):
    dependencies = [("audit", "0059_guard_taken_off"), ("office", "0022_index_acts")]

    operations = [
        migrations.RunSQL(DO, UNDO),
        migrations.RunSQL(of_each(INDEX), of_each("DROP INDEX act_{kind}_by;")),
        migrations.RunSQL(of_each(COUNTED), of_each("DROP STATISTICS act_{kind}_whose;")),
    ]
