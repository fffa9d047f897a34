"""What the database itself refuses of statements, matches, reconciliation sheets and cash counts
(docs/rules/reconciliation.md): a statement that does not begin where the one before it ended or whose lines do not come
out at its sums, a line of the bank told twice, a match whose two sides are not the same money, one changed under a
confirmed sheet, a sheet confirmed without its round, cash that is not the sum of its pieces."""

from django.db import migrations

HISTORY = ("cashcount", "match", "reconciliation", "statement")


def history(table):
    return f"""
    CREATE TRIGGER {table}event_is_only_added_to BEFORE UPDATE OR DELETE ON funds_{table}event
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    CREATE TRIGGER {table}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON funds_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
    """


STATEMENTS = """
CREATE TRIGGER statementline_is_only_added_to BEFORE UPDATE OR DELETE ON funds_statementline
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();

CREATE FUNCTION funds_guard_statement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
    before record;
BEGIN
    SELECT state INTO stands FROM funds_bankaccount WHERE id = NEW.bank_account_id FOR NO KEY UPDATE;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'kept' OR stands NOT IN ('confirmed', 'replaced') THEN
            RAISE EXCEPTION 'statements are of an account that two people confirmed' USING ERRCODE = 'check_violation';
        END IF;
        SELECT upper(s.period) AS ends, s.closing INTO before FROM funds_statement s
          WHERE s.bank_account_id = NEW.bank_account_id AND s.state = 'kept' ORDER BY s.period DESC LIMIT 1;
        IF FOUND AND (before.ends > lower(NEW.period) OR before.closing <> NEW.opening) THEN
            RAISE EXCEPTION 'a statement begins where the one before it ended' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'statement_follows';
        END IF;
        NEW.transaction := pg_current_xact_id()::text::bigint;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - '{state,void_reason}'::text[] <> to_jsonb(OLD) - '{state,void_reason}'::text[]
            OR OLD.state <> 'kept' OR NEW.state <> 'void' THEN
        RAISE EXCEPTION 'a statement stays as it was kept' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM funds_matchedline m JOIN funds_statementline l ON l.id = m.line_id
      WHERE l.statement_id = NEW.id AND m.is_live;
    IF FOUND THEN
        RAISE EXCEPTION 'lines of this statement are matched' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM funds_statement s WHERE s.bank_account_id = NEW.bank_account_id AND s.state = 'kept'
      AND s.period > NEW.period;
    IF FOUND THEN
        RAISE EXCEPTION 'a later statement begins where this one ends' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER statement_is_guarded BEFORE INSERT OR UPDATE ON funds_statement
    FOR EACH ROW EXECUTE FUNCTION funds_guard_statement();

CREATE FUNCTION funds_guard_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM added l JOIN funds_statement s ON s.id = l.statement_id
      WHERE s.transaction <> pg_current_xact_id()::text::bigint OR NOT s.period @> l."on";
    IF FOUND THEN
        RAISE EXCEPTION 'lines come with their statement and are of its days' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM added l JOIN funds_statement s ON s.id = l.statement_id
        JOIN funds_statementline o ON o.bank_id = l.bank_id AND o.id <> l.id
        JOIN funds_statement t ON t.id = o.statement_id AND t.bank_account_id = s.bank_account_id AND t.state = 'kept'
      WHERE l.bank_id <> '';
    IF FOUND THEN
        RAISE EXCEPTION 'the bank told this movement before' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'statement_line_told_once';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lines_are_guarded AFTER INSERT ON funds_statementline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION funds_guard_lines();

-- line 0 is what stood before an account's first statement, and is no movement of it
CREATE FUNCTION funds_check_statement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sums record;
    is_first boolean;
BEGIN
    SELECT count(*) FILTER (WHERE l.line > 0) AS lines,
        coalesce(sum(l.amount) FILTER (WHERE l.line > 0 AND l.amount > 0), 0) AS came_in,
        coalesce(-sum(l.amount) FILTER (WHERE l.line > 0 AND l.amount < 0), 0) AS went_out,
        coalesce(sum(l.amount) FILTER (WHERE l.line = 0), 0) AS before
      INTO sums FROM funds_statementline l WHERE l.statement_id = NEW.id;
    SELECT NOT EXISTS (SELECT FROM funds_statement s WHERE s.bank_account_id = NEW.bank_account_id
        AND s.state = 'kept' AND s.period < NEW.period) INTO is_first;
    IF (sums.lines, sums.came_in, sums.went_out) IS DISTINCT FROM (NEW.line_count::bigint, NEW.came_in, NEW.went_out)
            OR sums.before <> (CASE WHEN is_first THEN NEW.opening ELSE 0 END) THEN
        RAISE EXCEPTION 'a statement is the sum of its lines' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER statement_is_whole AFTER INSERT ON funds_statement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_check_statement();
"""

MATCHES = """
CREATE FUNCTION funds_guard_match() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved text[] := '{state,undone_by_id,undone_at,undone_because}';
BEGIN
    PERFORM 1 FROM funds_account a WHERE a.id = NEW.account_id FOR NO KEY UPDATE;
    IF TG_OP = 'INSERT' AND NEW.state <> 'held' THEN
        RAISE EXCEPTION 'a match begins as held' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.transaction := pg_current_xact_id()::text::bigint;
    ELSIF to_jsonb(NEW) - moved <> to_jsonb(OLD) - moved OR OLD.state <> 'held' THEN
        RAISE EXCEPTION 'a match is undone once, and nothing else of it changes' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM funds_reconciliation r WHERE r.account_id = NEW.account_id AND r.state = 'confirmed'
      AND r."on" >= NEW.last_on;
    IF FOUND THEN
        RAISE EXCEPTION 'a confirmed sheet stands on these matches' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'match_is_under_no_sheet';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER match_is_guarded BEFORE INSERT OR UPDATE ON funds_match
    FOR EACH ROW EXECUTE FUNCTION funds_guard_match();

CREATE FUNCTION funds_guard_matched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'what was matched stays on record' USING ERRCODE = 'check_violation';
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM funds_match m WHERE m.id = NEW.match_id AND m.transaction = pg_current_xact_id()::text::bigint;
        IF NOT FOUND OR NOT NEW.is_live THEN
            RAISE EXCEPTION 'what is matched comes with its match' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF to_jsonb(NEW) - 'is_live' <> to_jsonb(OLD) - 'is_live' OR NEW.is_live THEN
        RAISE EXCEPTION 'what is matched is freed once, and nothing else of it changes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER matched_line_is_guarded BEFORE INSERT OR UPDATE OR DELETE ON funds_matchedline
    FOR EACH ROW EXECUTE FUNCTION funds_guard_matched();
CREATE TRIGGER matched_entry_is_guarded BEFORE INSERT OR UPDATE OR DELETE ON funds_matchedentry
    FOR EACH ROW EXECUTE FUNCTION funds_guard_matched();

CREATE FUNCTION funds_check_match(of_match bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    made funds_match%ROWTYPE;
    bank record;
    book record;
BEGIN
    SELECT * INTO made FROM funds_match WHERE id = of_match;
    SELECT count(*) AS some, coalesce(sum(l.amount), 0) AS amount, max(l."on") AS last,
        coalesce(bool_and(b.account_id = made.account_id AND s.state = 'kept'), true) AS ours,
        coalesce(bool_and(m.is_live = (made.state = 'held')), true) AS alike
      INTO bank FROM funds_matchedline m JOIN funds_statementline l ON l.id = m.line_id
        JOIN funds_statement s ON s.id = l.statement_id JOIN funds_bankaccount b ON b.id = s.bank_account_id
      WHERE m.match_id = of_match;
    SELECT count(*) AS some, max(p."on") AS last,
        coalesce(sum(CASE e.side WHEN 'debit' THEN e.amount ELSE -e.amount END), 0) AS amount,
        coalesce(bool_and(e.account_id = made.account_id), true) AS ours,
        coalesce(bool_and(m.is_live = (made.state = 'held')), true) AS alike
      INTO book FROM funds_matchedentry m JOIN funds_entry e ON e.id = m.entry_id
        JOIN funds_posting p ON p.id = e.posting_id
      WHERE m.match_id = of_match;
    IF NOT (book.ours AND book.alike AND bank.alike AND (bank.ours OR made.state = 'undone')) THEN
        RAISE EXCEPTION 'a match is of one account, and stands or is undone as a whole'
            USING ERRCODE = 'check_violation';
    END IF;
    IF bank.some + book.some < 2 OR bank.amount <> book.amount OR made.amount <> bank.amount
            OR made.last_on <> greatest(bank.last, book.last) THEN
        RAISE EXCEPTION 'both sides of a match are the same money' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'match_comes_out';
    END IF;
END $$;
CREATE FUNCTION funds_check_match_of() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM funds_check_match(CASE TG_TABLE_NAME WHEN 'funds_match' THEN (to_jsonb(NEW) ->> 'id')::bigint
        ELSE (to_jsonb(NEW) ->> 'match_id')::bigint END);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER match_is_whole AFTER INSERT OR UPDATE ON funds_match
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_check_match_of();
CREATE CONSTRAINT TRIGGER matched_line_is_freed_with_its_match AFTER UPDATE ON funds_matchedline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_check_match_of();
CREATE CONSTRAINT TRIGGER matched_entry_is_freed_with_its_match AFTER UPDATE ON funds_matchedentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_check_match_of();
"""

SHEETS = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('funds_reconciliation', '', 'proposed', ''),
    ('funds_reconciliation', 'proposed', 'confirmed', 'approved'),
    ('funds_reconciliation', 'proposed', 'refused', 'refused'),
    ('funds_reconciliation', 'proposed', 'withdrawn', ''),
    ('funds_reconciliation', 'confirmed', 'withdrawn', '');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON funds_reconciliation
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('funds_fundsround', 'funds.reconciliation');
"""

CASH = """
CREATE FUNCTION funds_guard_cash_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved text[] := '{state,confirmed_by_id,confirmed_at}';
    pieces numeric;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - moved <> to_jsonb(OLD) - moved OR OLD.state <> 'noted' THEN
            RAISE EXCEPTION 'a count stays as it was noted' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    PERFORM 1 FROM funds_account a WHERE a.id = NEW.account_id AND a.place = 'cash';
    IF NOT FOUND OR NEW.state <> 'noted' THEN
        RAISE EXCEPTION 'cash is counted where cash lies' USING ERRCODE = 'check_violation';
    END IF;
    SELECT coalesce(sum(k.key::numeric * k.value::int), 0) INTO pieces FROM jsonb_each_text(NEW.pieces) k;
    IF pieces <> NEW.counted THEN
        RAISE EXCEPTION 'what was counted is the sum of its pieces' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cash_count_is_guarded BEFORE INSERT OR UPDATE ON funds_cashcount
    FOR EACH ROW EXECUTE FUNCTION funds_guard_cash_count();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0005_create_statements")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (*map(history, HISTORY), STATEMENTS, MATCHES, SHEETS, CASH)
    ]
