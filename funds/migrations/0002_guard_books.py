"""What the database itself refuses of books, whoever writes the SQL (docs/rules/books.md): a posting that does not
balance, lines added later, pairs of accounts that no event moves, a closed month, an account below zero that may not
be, a reversal that is not the mirror of what it takes back, a balance that anything but an entry moves."""

from django.db import migrations

ONLY_ADDED_TO = ("entry", "flow", "fundsvote", "posting")
TRACKED = ("account", "book", "fundsround", "fundsseat", "period")


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


ROUNDS = """
CREATE TRIGGER round_is_guarded BEFORE INSERT OR UPDATE ON funds_fundsround
    FOR EACH ROW EXECUTE FUNCTION office_guard_round('funds_fundsseat', 'funds_fundsvote');
CREATE TRIGGER seat_is_guarded BEFORE INSERT OR UPDATE ON funds_fundsseat
    FOR EACH ROW EXECUTE FUNCTION office_guard_seat('funds_fundsround', 'funds_fundsvote');
CREATE TRIGGER vote_is_guarded BEFORE INSERT ON funds_fundsvote
    FOR EACH ROW EXECUTE FUNCTION office_guard_vote('funds_fundsround', 'funds_fundsseat');
"""

MONTHS = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('funds_period', '', 'open', ''),
    ('funds_period', 'open', 'closing', ''),
    ('funds_period', 'closing', 'closed', 'approved'),
    ('funds_period', 'closing', 'open', ''),
    ('funds_period', 'closed', 'reopening', ''),
    ('funds_period', 'reopening', 'open', 'approved'),
    ('funds_period', 'reopening', 'closed', '');

CREATE FUNCTION funds_guard_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    begun date;
BEGIN
    -- whoever enters holds the book; a month changes its state when nobody does
    SELECT begins_on INTO begun FROM funds_book WHERE id = NEW.book_id FOR NO KEY UPDATE;
    IF NEW.month < begun THEN
        RAISE EXCEPTION 'these books begin later' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM funds_period p WHERE p.book_id = NEW.book_id AND p.month > NEW.month;
        IF FOUND THEN
            RAISE EXCEPTION 'months follow one another' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.state = 'closed' AND OLD.state <> 'reopening' THEN
        PERFORM 1 FROM funds_period p WHERE p.book_id = NEW.book_id AND p.month < NEW.month AND p.state <> 'closed';
        IF FOUND THEN
            RAISE EXCEPTION 'an earlier month is not closed' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.state = 'open' AND OLD.state = 'reopening' THEN
        PERFORM 1 FROM funds_period p WHERE p.book_id = NEW.book_id AND p.month > NEW.month
            AND p.state IN ('closed', 'reopening');
        IF FOUND THEN
            RAISE EXCEPTION 'a later month is closed' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER month_is_guarded BEFORE INSERT OR UPDATE ON funds_period
    FOR EACH ROW EXECUTE FUNCTION funds_guard_period();
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON funds_period
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('funds_fundsround', 'funds.period');
"""

ACCOUNTS = """
CREATE FUNCTION funds_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS NOT NULL THEN
        PERFORM 1 FROM funds_account p WHERE p.id = NEW.parent_id AND p.book_id = NEW.book_id AND p.kind = NEW.kind
            AND NOT p.is_entered_on AND starts_with(NEW.code, p.code) AND NEW.code <> p.code;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a sub-account is of an account of its own kind that holds no entries itself'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.closes_to_id IS NOT NULL THEN
        PERFORM 1 FROM funds_account f WHERE f.id = NEW.closes_to_id AND f.book_id = NEW.book_id AND f.kind = 'fund'
            AND f.is_entered_on;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'income and spending are closed to a fund of the same books' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - '{name,code,source}'::text[] <> to_jsonb(OLD) - '{name,code,source}'::text[]
            AND EXISTS (SELECT FROM funds_entry e WHERE e.account_id = NEW.id) THEN
        RAISE EXCEPTION 'an account with entries stays what it is' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_is_guarded BEFORE INSERT OR UPDATE ON funds_account
    FOR EACH ROW EXECUTE FUNCTION funds_guard_account();

CREATE FUNCTION funds_guard_flow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM funds_account a WHERE a.id IN (NEW.debit_id, NEW.credit_id) AND a.book_id = NEW.book_id
            AND a.is_entered_on) <> 2 THEN
        RAISE EXCEPTION 'a pair of accounts is of one set of books' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER flow_is_guarded BEFORE INSERT ON funds_flow
    FOR EACH ROW EXECUTE FUNCTION funds_guard_flow();
"""

POSTINGS = """
CREATE FUNCTION funds_guard_posting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands record;
BEGIN
    PERFORM 1 FROM funds_book b WHERE b.id = NEW.book_id FOR NO KEY UPDATE;
    SELECT p.book_id, p.month, p.state INTO stands FROM funds_period p WHERE p.id = NEW.period_id FOR SHARE;
    IF stands.book_id IS DISTINCT FROM NEW.book_id OR stands.month <> date_trunc('month', NEW."on")::date THEN
        RAISE EXCEPTION 'a posting is of the month of its day' USING ERRCODE = 'check_violation';
    END IF;
    IF stands.state <> 'open' THEN
        RAISE EXCEPTION 'this month is not open' USING ERRCODE = 'check_violation', CONSTRAINT = 'month_is_open';
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        PERFORM 1 FROM funds_posting o WHERE o.id = NEW.reverses_id AND o.book_id = NEW.book_id
            AND o.reverses_id IS NULL AND o."on" <= NEW."on";
        IF NOT FOUND THEN
            RAISE EXCEPTION 'only an earlier posting of the same books is taken back, and no reversal'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    SELECT coalesce(max(p.number), 0) + 1 INTO NEW.number FROM funds_posting p WHERE p.period_id = NEW.period_id;
    NEW.transaction := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER posting_is_guarded BEFORE INSERT ON funds_posting
    FOR EACH ROW EXECUTE FUNCTION funds_guard_posting();

CREATE FUNCTION funds_guard_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM added e JOIN funds_posting p ON p.id = e.posting_id
      WHERE p.transaction <> pg_current_xact_id()::text::bigint;
    IF FOUND THEN
        RAISE EXCEPTION 'lines come with their posting' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM added e JOIN funds_posting p ON p.id = e.posting_id JOIN funds_account a ON a.id = e.account_id
      WHERE a.book_id <> p.book_id OR NOT a.is_entered_on OR e.is_red <> (p.reverses_id IS NOT NULL);
    IF FOUND THEN
        RAISE EXCEPTION 'a line is on an account of its books, and red where it takes back'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entries_are_guarded AFTER INSERT ON funds_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION funds_guard_entries();

-- A red line stands on the opposite side and lessens what stood on the other: both turnovers stay those of what holds.
CREATE FUNCTION funds_move_balances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.funds_balance AS b (account_id, month, debit, credit)
    SELECT e.account_id, date_trunc('month', p."on")::date,
        coalesce(sum(CASE WHEN e.side = 'debit' AND NOT e.is_red THEN e.amount
                          WHEN e.side = 'credit' AND e.is_red THEN -e.amount END), 0),
        coalesce(sum(CASE WHEN e.side = 'credit' AND NOT e.is_red THEN e.amount
                          WHEN e.side = 'debit' AND e.is_red THEN -e.amount END), 0)
      FROM added e JOIN public.funds_posting p ON p.id = e.posting_id
      GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (account_id, month) DO UPDATE SET debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
    RETURN NULL;
END $$;
CREATE TRIGGER balances_follow AFTER INSERT ON funds_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION funds_move_balances();

CREATE FUNCTION funds_check_posting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sums record;
    low record;
BEGIN
    SELECT coalesce(sum(e.amount) FILTER (WHERE e.side = 'debit'), 0) AS debit,
        coalesce(sum(e.amount) FILTER (WHERE e.side = 'credit'), 0) AS credit, count(*) AS lines
      INTO sums FROM funds_entry e WHERE e.posting_id = NEW.id;
    IF sums.lines < 2 OR sums.debit <> sums.credit THEN
        RAISE EXCEPTION 'debit is not credit: % and %', sums.debit, sums.credit USING ERRCODE = 'check_violation',
            CONSTRAINT = 'posting_balances';
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        PERFORM 1 FROM (SELECT line, account_id, side, amount FROM funds_entry WHERE posting_id = NEW.reverses_id) o
          FULL JOIN (SELECT line, account_id, side, amount FROM funds_entry WHERE posting_id = NEW.id) r USING (line)
          WHERE o.account_id IS DISTINCT FROM r.account_id OR o.amount IS DISTINCT FROM r.amount
            OR o.side IS NOT DISTINCT FROM r.side;
        IF FOUND THEN
            RAISE EXCEPTION 'a reversal is the mirror of what it takes back' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF EXISTS (
        SELECT FROM (SELECT DISTINCT account_id, side FROM funds_entry WHERE posting_id = NEW.id) e
        WHERE NOT EXISTS (
            SELECT FROM funds_entry x JOIN funds_flow f ON f.book_id = NEW.book_id AND f.kind = NEW.kind
                AND f.debit_id = CASE e.side WHEN 'debit' THEN e.account_id ELSE x.account_id END
                AND f.credit_id = CASE e.side WHEN 'debit' THEN x.account_id ELSE e.account_id END
            WHERE x.posting_id = NEW.id AND x.side <> e.side)) THEN
        RAISE EXCEPTION 'no such event moves these accounts' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'posting_moves_allowed_accounts';
    END IF;
    -- what stands on an account that may not fall below zero, at the end of this month and of every later one
    SELECT a.code, min(r.stands) AS stands INTO low FROM (
        SELECT b.account_id, b.month, sum(CASE WHEN a.kind IN ('asset', 'spending') THEN b.debit - b.credit
            ELSE b.credit - b.debit END) OVER (PARTITION BY b.account_id ORDER BY b.month) AS stands
        FROM funds_balance b JOIN funds_account a ON a.id = b.account_id AND a.never_negative
        WHERE b.account_id IN (SELECT account_id FROM funds_entry WHERE posting_id = NEW.id)) r
      JOIN funds_account a ON a.id = r.account_id
      WHERE r.month >= date_trunc('month', NEW."on")::date AND r.stands < 0 GROUP BY a.code ORDER BY a.code LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'account % would stand at %', low.code, low.stands USING ERRCODE = 'check_violation',
            CONSTRAINT = 'account_is_not_below_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_is_whole AFTER INSERT ON funds_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_check_posting();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_create_books"), ("office", "0012_guard_rounds")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            *map(only_added_to, ONLY_ADDED_TO),
            *map(history, TRACKED),
            ROUNDS,
            MONTHS,
            ACCOUNTS,
            POSTINGS,
        )
    ]
