"""What the database itself refuses of budgets and final accounts: a line changed after the draft, a year that is not
closed, figures that change after they were given out."""

from django.db import migrations

ONLY_ADDED_TO = ("budgetevent", "finalaccountevent")
TRACKED = ("budget", "finalaccount")


def only_added_to(table):
    return f"""
    CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE ON funds_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    """


def history(table):
    return f"""
    CREATE TRIGGER {table}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON funds_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
    """


def subject(table):
    return f"""
    CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON funds_{table}
        FOR EACH ROW EXECUTE FUNCTION office_guard_subject('funds_fundsround', 'funds.{table}');
    """


MOVES = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('funds_budget', '', 'draft', ''),
    ('funds_budget', 'draft', 'proposed', ''),
    ('funds_budget', 'draft', 'withdrawn', ''),
    ('funds_budget', 'proposed', 'reviewed', 'approved'),
    ('funds_budget', 'proposed', 'refused', 'refused'),
    ('funds_budget', 'proposed', 'draft', 'returned'),
    ('funds_budget', 'proposed', 'withdrawn', ''),
    ('funds_budget', 'reviewed', 'approved', 'approved'),
    ('funds_budget', 'reviewed', 'refused', 'refused'),
    ('funds_budget', 'reviewed', 'draft', 'returned'),
    ('funds_budget', 'reviewed', 'withdrawn', ''),
    ('funds_finalaccount', '', 'proposed', ''),
    ('funds_finalaccount', 'proposed', 'reviewed', 'approved'),
    ('funds_finalaccount', 'proposed', 'refused', 'refused'),
    ('funds_finalaccount', 'proposed', 'withdrawn', ''),
    ('funds_finalaccount', 'reviewed', 'approved', 'approved'),
    ('funds_finalaccount', 'reviewed', 'refused', 'refused'),
    ('funds_finalaccount', 'reviewed', 'withdrawn', '');

-- the office's head alone approves nothing: the last word is that of finance
CREATE FUNCTION funds_guard_last_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    SELECT r.step, r.outcome INTO last FROM funds_fundsround r
      WHERE r.subject_type = TG_ARGV[0] AND r.subject_id = NEW.id::text AND r.state = 'closed' ORDER BY r.id DESC LIMIT 1;
    IF last.step IS DISTINCT FROM 'finance' OR last.outcome IS DISTINCT FROM 'approved' THEN
        RAISE EXCEPTION 'finance has not approved this' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER last_step_is_of_finance BEFORE UPDATE ON funds_{table}
    FOR EACH ROW WHEN (NEW.state = 'approved' AND OLD.state <> 'approved')
    EXECUTE FUNCTION funds_guard_last_step('funds.{table}');
"""
    for table in TRACKED
)

LINES = """
CREATE FUNCTION funds_guard_budget_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.budget_id, NEW.account_id) IS DISTINCT FROM (OLD.budget_id, OLD.account_id) THEN
        RAISE EXCEPTION 'a line stays in its budget' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM funds_budget b WHERE b.id = NEW.budget_id AND b.state = 'draft' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this budget is no draft any more' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM funds_account a JOIN funds_budget b ON b.book_id = a.book_id
      WHERE a.id = NEW.account_id AND b.id = NEW.budget_id AND a.is_entered_on AND a.kind IN ('income', 'spending');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a budget is of income and spending of its own books' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budget_line_is_guarded BEFORE INSERT OR UPDATE ON funds_budgetline
    FOR EACH ROW EXECUTE FUNCTION funds_guard_budget_line();
"""

YEARS = """
CREATE FUNCTION funds_guard_final_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM funds_period p WHERE p.book_id = NEW.book_id AND p.month = make_date(NEW.year::int, 12, 1)
        AND p.state = 'closed' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the year is not closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'year_is_closed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER final_account_is_of_a_closed_year BEFORE INSERT ON funds_finalaccount
    FOR EACH ROW EXECUTE FUNCTION funds_guard_final_account();

-- a year whose final account is there is not opened again
CREATE FUNCTION funds_guard_accounted_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM funds_finalaccount f WHERE f.book_id = NEW.book_id AND f.year = extract(year FROM NEW.month)
        AND f.state IN ('proposed', 'reviewed', 'approved');
    IF FOUND THEN
        RAISE EXCEPTION 'the final account of this year is there' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'year_is_not_accounted_for';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounted_year_stays_closed BEFORE UPDATE ON funds_period
    FOR EACH ROW WHEN (NEW.state = 'reopening') EXECUTE FUNCTION funds_guard_accounted_year();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0013_create_budgets")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            *map(only_added_to, ONLY_ADDED_TO),
            *map(history, TRACKED),
            *map(subject, TRACKED),
            MOVES,
            LINES,
            YEARS,
        )
    ]
