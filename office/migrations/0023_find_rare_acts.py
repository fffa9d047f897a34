"""What somebody looked at or was refused, however rarely, among millions of acts: by an index over just these, which
knows how often each person did. An index by the person and the kind apart would not do: the database, taking the two
for independent, passes over all looks of others to find none (docs/rules/trail-pages.md).

Before this the audit's room made them (audit 0050 and 0060, which are empty now). Where they are there as they are
here they stay: to make them anew takes minutes among millions of acts."""

from django.db import migrations

#: As office.models.acts.whose writes it.
WHOSE = "(CASE WHEN kind = '{kind}' THEN by_id ELSE NULL END)"
FIND = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_indexes
                    WHERE schemaname = current_schema AND indexname = 'act_{kind}_by' AND indexdef LIKE '%CASE%') THEN
        DROP INDEX IF EXISTS act_{kind}_by;
        CREATE INDEX act_{kind}_by ON office_act ({whose}, id DESC) WHERE {whose} IS NOT NULL;
    END IF;
END $$;
CREATE STATISTICS IF NOT EXISTS act_{kind}_whose ON {whose} FROM office_act;
"""
UNDO = "DROP STATISTICS act_{kind}_whose; DROP INDEX act_{kind}_by;"


def of_each(statement: str) -> str:
    """A statement for looks, and for refusals."""
    return "\n".join(statement.format(kind=kind, whose=WHOSE.format(kind=kind)) for kind in ("read", "refused"))


class Migration(migrations.Migration):
    dependencies = [("office", "0022_index_acts")]

    operations = [migrations.RunSQL(of_each(FIND), of_each(UNDO))]
