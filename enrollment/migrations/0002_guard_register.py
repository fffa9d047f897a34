"""What the database itself refuses in the register: no state goes where its moves do not lead, no coverage outlives its
year, nothing that was paid or said is altered (docs/rules/enrollment.md)."""

from django.db import migrations

ONLY_ADDED_TO = ("rosterimport", "accountentry", "enrollmentvote")
TRACKED = (
    "contribution",
    "contributionrate",
    "coverage",
    "division",
    "enrollmentround",
    "enrollmentseat",
    "fundyear",
    "goliveprotocol",
    "household",
    "householdexception",
    "member",
    "membermerge",
    "payeeaccount",
    "population",
    "scheme",
    "subsidyrate",
    "target",
)


def only_added_to(table):
    return f"""
    CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE ON enrollment_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    """


def history(table):
    return f"""
    {only_added_to(table + "event")}
    CREATE TRIGGER {table}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON enrollment_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
    """


ROUNDS = """
CREATE TRIGGER round_is_guarded BEFORE INSERT OR UPDATE ON enrollment_enrollmentround
    FOR EACH ROW EXECUTE FUNCTION office_guard_round('enrollment_enrollmentseat', 'enrollment_enrollmentvote');
CREATE TRIGGER seat_is_guarded BEFORE INSERT OR UPDATE ON enrollment_enrollmentseat
    FOR EACH ROW EXECUTE FUNCTION office_guard_seat('enrollment_enrollmentround', 'enrollment_enrollmentvote');
CREATE TRIGGER vote_is_guarded BEFORE INSERT ON enrollment_enrollmentvote
    FOR EACH ROW EXECUTE FUNCTION office_guard_vote('enrollment_enrollmentround', 'enrollment_enrollmentseat');
""" + "".join(
    f"""
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON enrollment_{table}
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('enrollment_enrollmentround', 'enrollment.{table}');
"""
    for table in ("fundyear", "payeeaccount", "membermerge", "goliveprotocol")
)

MOVES = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('enrollment_fundyear', '', 'draft', ''),
    ('enrollment_fundyear', 'draft', 'proposed', ''),
    ('enrollment_fundyear', 'draft', 'withdrawn', ''),
    ('enrollment_fundyear', 'proposed', 'confirmed', 'approved'),
    ('enrollment_fundyear', 'proposed', 'refused', 'refused'),
    ('enrollment_fundyear', 'proposed', 'draft', 'returned'),
    ('enrollment_fundyear', 'proposed', 'withdrawn', ''),
    ('enrollment_payeeaccount', '', 'proposed', ''),
    ('enrollment_payeeaccount', 'proposed', 'confirmed', 'approved'),
    ('enrollment_payeeaccount', 'proposed', 'refused', 'refused'),
    ('enrollment_payeeaccount', 'proposed', 'withdrawn', ''),
    ('enrollment_payeeaccount', 'confirmed', 'replaced', ''),
    ('enrollment_membermerge', '', 'proposed', ''),
    ('enrollment_membermerge', 'proposed', 'merged', 'approved'),
    ('enrollment_membermerge', 'proposed', 'refused', 'refused'),
    ('enrollment_membermerge', 'proposed', 'withdrawn', ''),
    ('enrollment_goliveprotocol', '', 'proposed', ''),
    ('enrollment_goliveprotocol', 'proposed', 'signed', 'approved'),
    ('enrollment_goliveprotocol', 'proposed', 'refused', 'refused'),
    ('enrollment_goliveprotocol', 'proposed', 'withdrawn', ''),
    ('enrollment_goliveprotocol', 'signed', 'written', '');
"""

DIVISION = """
CREATE FUNCTION enrollment_guard_division() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above enrollment_division%ROWTYPE;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.code, NEW.level) <> (OLD.code, OLD.level) THEN
        RAISE EXCEPTION 'a division keeps its code and level' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.level = 'county' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO above FROM enrollment_division WHERE id = NEW.parent_id;
    IF NEW.level = 'township' AND (above.level <> 'county' OR left(NEW.code, 6) <> left(above.code, 6))
        OR NEW.level = 'village' AND (above.level <> 'township' OR left(NEW.code, 9) <> left(above.code, 9)) THEN
        RAISE EXCEPTION 'this division does not lie in that one' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER division_is_guarded BEFORE INSERT OR UPDATE ON enrollment_division
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_division();
"""

PARTS = """
CREATE FUNCTION enrollment_guard_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.fund_year_id <> OLD.fund_year_id THEN
        RAISE EXCEPTION 'a line stays in its fund year' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM enrollment_fundyear WHERE id = NEW.fund_year_id AND state = 'draft' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this fund year is no draft any more' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_is_guarded BEFORE INSERT OR UPDATE ON enrollment_{table}
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_part();
"""
    for table in ("contributionrate", "subsidyrate", "population", "target")
)

MEMBER = """
CREATE FUNCTION enrollment_guard_member() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved_from text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.state ELSE '' END;
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state <> 'living' THEN
        RAISE EXCEPTION 'a member comes into the register living' USING ERRCODE = 'check_violation';
    END IF;
    IF moved_from = 'merged' THEN
        RAISE EXCEPTION 'a double stays a double' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> moved_from AND (moved_from, NEW.state) NOT IN (('living', 'dead'), ('living', 'moved_away'),
        ('living', 'merged'), ('dead', 'living'), ('dead', 'merged'), ('moved_away', 'living'), ('moved_away', 'dead'),
        ('moved_away', 'merged')) THEN
        RAISE EXCEPTION 'a member does not go from "%" to "%"', moved_from, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'merged' THEN
        PERFORM 1 FROM enrollment_membermerge
          WHERE double_id = NEW.id AND kept_id = NEW.merged_into_id AND state = 'merged';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'two people say who is a double' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM 1 FROM enrollment_member WHERE id = NEW.merged_into_id AND state <> 'merged' FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the other one is a double itself' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM 1 FROM enrollment_member WHERE merged_into_id = NEW.id;
        IF FOUND THEN
            RAISE EXCEPTION 'others are doubles of this one' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER member_comes_living BEFORE INSERT ON enrollment_member
    FOR EACH ROW WHEN (NEW.state <> 'living') EXECUTE FUNCTION enrollment_guard_member();
CREATE TRIGGER member_is_guarded BEFORE UPDATE ON enrollment_member
    FOR EACH ROW WHEN (NEW.state <> OLD.state OR OLD.state = 'merged') EXECUTE FUNCTION enrollment_guard_member();
"""

CONTRIBUTION = """
CREATE FUNCTION enrollment_guard_contribution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'void_reason' <> to_jsonb(OLD) - 'void_reason' OR OLD.void_reason <> '' THEN
        RAISE EXCEPTION 'what was paid stays; a mistake is made void' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contribution_stays BEFORE UPDATE ON enrollment_contribution
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_contribution();

CREATE FUNCTION enrollment_guard_contributions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM (SELECT DISTINCT fund_year_id FROM added) n JOIN enrollment_fundyear y ON y.id = n.fund_year_id
      WHERE y.state <> 'confirmed';
    IF FOUND THEN
        RAISE EXCEPTION 'this fund year is not confirmed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER contribution_is_of_a_confirmed_year AFTER INSERT ON enrollment_contribution
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION enrollment_guard_contributions();
"""

COVERAGE = """
CREATE FUNCTION enrollment_guard_coverage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{void_reason,period,ended_because}'::text[]
        <> to_jsonb(OLD) - '{void_reason,period,ended_because}'::text[] OR OLD.void_reason <> '' THEN
        RAISE EXCEPTION 'a coverage only ends, or is made void' USING ERRCODE = 'check_violation';
    END IF;
    IF lower(NEW.period) <> lower(OLD.period) OR NOT NEW.period <@ OLD.period
        OR NEW.period <> OLD.period AND NEW.ended_because = '' THEN
        RAISE EXCEPTION 'a coverage is only shortened, with a reason' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER coverage_only_ends BEFORE UPDATE ON enrollment_coverage
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_coverage();

CREATE FUNCTION enrollment_guard_coverages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM added n JOIN enrollment_fundyear y ON y.id = n.fund_year_id
        JOIN enrollment_scheme s ON s.id = n.scheme_id
      WHERE y.state <> 'confirmed' OR y.scheme_id <> n.scheme_id OR s.is_basic <> n.is_basic
        OR NOT n.period <@ y.period;
    IF FOUND THEN
        RAISE EXCEPTION 'a coverage lies in a confirmed year of its scheme' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM added n JOIN enrollment_contribution c ON c.id = n.contribution_id
      WHERE c.member_id <> n.member_id OR c.fund_year_id <> n.fund_year_id OR c.void_reason <> '';
    IF FOUND THEN
        RAISE EXCEPTION 'this was paid for somebody else or another year' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER coverage_lies_in_its_year AFTER INSERT ON enrollment_coverage
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION enrollment_guard_coverages();
"""

ACCOUNT = """
CREATE FUNCTION enrollment_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest numeric;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.balance <> 0 THEN
            RAISE EXCEPTION 'an account begins empty' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT balance_after INTO newest FROM enrollment_accountentry WHERE account_id = NEW.id ORDER BY id DESC LIMIT 1;
    IF to_jsonb(NEW) - 'balance' <> to_jsonb(OLD) - 'balance' OR NEW.balance IS DISTINCT FROM newest THEN
        RAISE EXCEPTION 'only an entry moves an account' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_moves_by_entries BEFORE INSERT OR UPDATE ON enrollment_account
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_account();

CREATE FUNCTION enrollment_guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing numeric;
BEGIN
    SELECT balance INTO standing FROM enrollment_account WHERE id = NEW.account_id FOR UPDATE;
    IF NEW.balance_after IS DISTINCT FROM standing + NEW.amount THEN
        RAISE EXCEPTION 'the balance would not be right' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_adds_up BEFORE INSERT ON enrollment_accountentry
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_entry();

CREATE FUNCTION enrollment_move_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE enrollment_account SET balance = NEW.balance_after WHERE id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER entry_moves_its_account AFTER INSERT ON enrollment_accountentry
    FOR EACH ROW EXECUTE FUNCTION enrollment_move_account();
"""


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0001_create_register"), ("office", "0018_guard_leases")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            *(only_added_to(table) for table in ONLY_ADDED_TO),
            *(history(table) for table in TRACKED),
            ROUNDS,
            MOVES,
            DIVISION,
            PARTS,
            MEMBER,
            CONTRIBUTION,
            COVERAGE,
            ACCOUNT,
        )
    ]
