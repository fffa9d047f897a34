"""Sums of a fund year follow every coverage and contribution (docs/rules/indicators.md): what a statement adds or makes
void is written down as a move, and at the end of the transaction the year follows and the move is gone. What was there
before is counted once, here.

A record has one standing coverage of a year that comes from a contribution (coverage_paid_once_a_year), so that
coverages are added up without looking for others of the same record; what doubles have too much is taken off by whoever
reads (enrollment/selectors/year_sums.py)."""

from django.db import migrations

FIGURES = ("coverages", "own", "assisted", "collective")
INTO = f"INSERT INTO public.enrollment_yearmove (fund_year_id, {', '.join(FIGURES)})"

#: Of some coverages or contributions those that count, each with its sign; and what they come to.
COVERAGES = """
    SELECT fund_year_id, {sign}1 AS coverages, 0.00 AS own, 0.00 AS assisted, 0.00 AS collective FROM {rows}
    WHERE void_reason = '' AND reason IN ('paid', 'assisted')
"""
CONTRIBUTIONS = """
    SELECT fund_year_id, 0 AS coverages, {sign}own AS own, {sign}assisted AS assisted, {sign}collective AS collective
    FROM {rows} WHERE void_reason = ''
"""
COUNTED = """
    SELECT fund_year_id, sum(coverages), sum(own), sum(assisted), sum(collective) FROM ({moved}) m GROUP BY 1
    HAVING (sum(coverages), sum(own), sum(assisted), sum(collective)) <> (0, 0, 0, 0) ORDER BY 1
"""


def follows(name, rows):
    added = COUNTED.format(moved=rows.format(rows="added", sign="+"))
    changed = COUNTED.format(
        moved=rows.format(rows="added", sign="+") + "UNION ALL" + rows.format(rows="before", sign="-")
    )
    return f"""
    CREATE FUNCTION enrollment_note_{name}s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            {INTO} {added};
        ELSE
            {INTO} {changed};
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER years_follow AFTER INSERT ON enrollment_{name}
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION enrollment_note_{name}s();
    CREATE TRIGGER years_follow_changes AFTER UPDATE ON enrollment_{name}
        REFERENCING NEW TABLE AS added OLD TABLE AS before FOR EACH STATEMENT
        EXECUTE FUNCTION enrollment_note_{name}s();
    """


ADD = ", ".join(f"{one} = s.{one} + excluded.{one}" for one in FIGURES)

#: One after the other, and only while transactions end: nobody holds a year and waits for anything else.
MOVE = f"""
CREATE FUNCTION enrollment_move_year() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('enrollment.years', 0));
    INSERT INTO public.enrollment_yearsum AS s (fund_year_id, {", ".join(FIGURES)})
    VALUES (NEW.fund_year_id, {", ".join(f"NEW.{one}" for one in FIGURES)})
    ON CONFLICT (fund_year_id) DO UPDATE SET {ADD};
    DELETE FROM public.enrollment_yearmove WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER year_follows AFTER INSERT ON enrollment_yearmove
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION enrollment_move_year();
"""

UNTIL_NOW = f"""
{INTO} {COUNTED.format(moved=COVERAGES.format(rows="public.enrollment_coverage", sign="+"))};
{INTO} {COUNTED.format(moved=CONTRIBUTIONS.format(rows="public.enrollment_contribution", sign="+"))};
"""


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0012_create_year_sums")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            MOVE,
            follows("coverage", COVERAGES),
            follows("contribution", CONTRIBUTIONS),
            UNTIL_NOW,
        )
    ]
