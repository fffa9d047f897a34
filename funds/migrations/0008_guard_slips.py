"""What the database itself refuses of money in (docs/rules/money-in.md): a slip that changes after it was noted, moves
that are none, one entered without its posting or with another's, lines that do not add up, a sheet or a refund on two
slips, letters that change."""

from django.db import migrations

ONLY_ADDED_TO = ("subsidyletter",)
TRACKED = ("slip", "slipline")


def only_added_to(table):
    return f"""
    CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE ON funds_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    """


def history(table):
    return f"""
    {only_added_to(table + "event")}
    CREATE TRIGGER {table}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON funds_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
    """


SLIPS = """
CREATE FUNCTION funds_guard_slip() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] :=
        '{state,checked_by_id,checked_at,posting_id,seen_on,back_asked_by_id,back_on,reason}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'noted' THEN
            RAISE EXCEPTION 'a slip is noted first' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM 1 FROM funds_book b LEFT JOIN enrollment_fundyear y ON y.id = NEW.fund_year_id
            LEFT JOIN enrollment_subsidyrate r ON r.id = NEW.rate_id
          WHERE b.id = NEW.book_id AND (y.id IS NULL OR y.scheme_id = b.scheme_id AND y.state = 'confirmed')
            AND (r.id IS NULL OR r.fund_year_id = y.id AND r.level = NEW.payer);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a slip is of a year and an instalment of its books' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION 'a slip stays as it was noted' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (('noted', 'entered'), ('noted', 'withdrawn'),
            ('entered', 'back_asked'), ('back_asked', 'entered'), ('back_asked', 'taken_back')) THEN
        RAISE EXCEPTION 'a slip does not move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.posting_id IS NOT NULL AND (NEW.posting_id, NEW.checked_by_id, NEW.checked_at)
            IS DISTINCT FROM (OLD.posting_id, OLD.checked_by_id, OLD.checked_at) THEN
        RAISE EXCEPTION 'what was entered stays entered' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.posting_id IS NOT NULL AND OLD.posting_id IS NULL THEN
        PERFORM 1 FROM funds_posting p WHERE p.id = NEW.posting_id AND p.book_id = NEW.book_id AND p."on" = NEW."on"
            AND p.key = 'slip:' || NEW.id AND p.made_by_id = NEW.noted_by_id AND p.checked_by_id = NEW.checked_by_id
            AND NEW.amount = (SELECT sum(e.amount) FROM funds_entry e WHERE e.posting_id = p.id AND e.side = 'debit');
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a slip is entered by a posting of its own' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.state = 'taken_back' AND OLD.state = 'back_asked' THEN
        PERFORM 1 FROM funds_posting p WHERE p.reverses_id = NEW.posting_id AND p.checked_by_id <> NEW.back_asked_by_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a slip is taken back in red, by somebody else' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER slip_is_guarded BEFORE INSERT OR UPDATE ON funds_slip
    FOR EACH ROW EXECUTE FUNCTION funds_guard_slip();

-- a slip that does not stand lets go of its sheets and refunds
CREATE FUNCTION funds_let_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE funds_slipline SET stands = false WHERE slip_id = NEW.id AND stands;
    RETURN NULL;
END $$;
CREATE TRIGGER slip_lets_go AFTER UPDATE ON funds_slip FOR EACH ROW
    WHEN (NEW.state IN ('withdrawn', 'taken_back') AND OLD.state <> NEW.state) EXECUTE FUNCTION funds_let_go();

CREATE FUNCTION funds_check_slip() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    behind numeric;
BEGIN
    SELECT coalesce(sum(l.amount), 0) INTO behind FROM funds_slipline l WHERE l.slip_id = NEW.id;
    IF behind <> (CASE WHEN NEW.kind IN ('deposit', 'refund', 'turn') THEN NEW.amount ELSE 0 END) THEN
        RAISE EXCEPTION 'a slip is of what stands behind it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER slip_is_whole AFTER INSERT OR UPDATE ON funds_slip
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_check_slip();
"""

LINES = """
CREATE FUNCTION funds_guard_slipline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM funds_slip s WHERE s.id = NEW.slip_id AND s.state = 'noted' AND NEW.stands
            AND s.kind = CASE WHEN NEW.sheet_id IS NOT NULL THEN 'deposit' WHEN NEW.refund_id IS NOT NULL THEN 'refund'
                ELSE 'turn' END
            AND (NEW.sheet_id IS NULL OR EXISTS (SELECT FROM enrollment_collectionsheet c WHERE c.id = NEW.sheet_id
                AND c.fund_year_id = s.fund_year_id AND c.cash = NEW.amount))
            AND (NEW.refund_id IS NULL OR EXISTS (SELECT FROM enrollment_refund r
                JOIN enrollment_contribution c ON c.id = r.contribution_id
                WHERE r.id = NEW.refund_id AND c.fund_year_id = s.fund_year_id AND r.amount = NEW.amount));
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a line comes with its slip, of the same year and of the whole sum'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    PERFORM 1 FROM funds_slip s WHERE s.id = NEW.slip_id AND s.state IN ('withdrawn', 'taken_back');
    IF NOT FOUND OR NEW.stands OR to_jsonb(NEW) - 'stands' <> to_jsonb(OLD) - 'stands' THEN
        RAISE EXCEPTION 'a line stays as long as its slip stands' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER slipline_is_guarded BEFORE INSERT OR UPDATE ON funds_slipline
    FOR EACH ROW EXECUTE FUNCTION funds_guard_slipline();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0007_create_slips"), ("enrollment", "0009_guard_collection")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (*map(only_added_to, ONLY_ADDED_TO), *map(history, TRACKED), SLIPS, LINES)
    ]
