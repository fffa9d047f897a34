"""What the database itself refuses of settlements (docs/rules/settlements.md): a claim part in two payments, a payment that
is not the sum of its parts, more set off than was prepaid, more given back than was kept, a list of second compensation
that changes after it was decided or gives out more than its budget."""

from django.db import migrations

ONLY_ADDED_TO = ("providerpart",)
ASKED = ("assessment", "premium", "prepayment", "providerpayment", "recovery", "retentionterm", "riskmove")
TRACKED = (*ASKED, "secondappeal", "secondline", "secondnotice", "secondrun")


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


def asked(table):
    return f"""
    INSERT INTO office_statemove ("table", before, after, outcome) VALUES
        ('funds_{table}', '', 'proposed', ''),
        ('funds_{table}', 'proposed', 'approved', 'approved'),
        ('funds_{table}', 'proposed', 'refused', 'refused'),
        ('funds_{table}', 'proposed', 'void', ''),
        ('funds_{table}', 'approved', 'void', ''),
        ('funds_{table}', 'approved', 'done', ''),
        ('funds_{table}', 'done', 'approved', '');
    CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON funds_{table}
        FOR EACH ROW EXECUTE FUNCTION office_guard_subject('funds_fundsround', 'funds.{table}');
    """


SETTLING = """
CREATE FUNCTION funds_guard_provider_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_claimpart p WHERE p.id IN (SELECT part_id FROM added) ORDER BY p.id FOR NO KEY UPDATE;
    PERFORM 1 FROM added a JOIN funds_providerpart o ON o.part_id = a.part_id AND o.id <> a.id
        JOIN funds_providerpayment y ON y.id = o.payment_id AND y.state NOT IN ('refused', 'void');
    IF FOUND THEN
        RAISE EXCEPTION 'a part of a claim is in another payment' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'provider_part_once';
    END IF;
    PERFORM 1 FROM added a JOIN funds_providerpayment y ON y.id = a.payment_id
        LEFT JOIN claims_settledpart s ON s.part_id = a.part_id AND s.settlement_id = y.settlement_id
        WHERE s.id IS NULL OR y.state <> 'proposed';
    IF FOUND THEN
        RAISE EXCEPTION 'a payment takes parts of its own settlement, while it is asked for'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER provider_parts_are_guarded AFTER INSERT ON funds_providerpart
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION funds_guard_provider_parts();

CREATE FUNCTION funds_left_of_prepayments(of_book bigint, of_provider bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT sum(p.amount) FROM funds_prepayment p
            WHERE p.book_id = of_book AND p.provider_id = of_provider AND p.state = 'done'), 0)
        - coalesce((SELECT sum(y.set_off) FROM funds_providerpayment y JOIN claims_settlement s ON s.id = y.settlement_id
            WHERE y.book_id = of_book AND s.provider_id = of_provider AND y.state IN ('approved', 'done')), 0)
$$;

CREATE FUNCTION funds_guard_provider_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose record;
    found_sum numeric;
BEGIN
    IF NEW.state <> 'approved' OR OLD.state <> 'proposed' THEN
        RETURN NEW;
    END IF;
    SELECT s.provider_id, extract(year FROM s.month)::int AS year INTO whose FROM claims_settlement s
        WHERE s.id = NEW.settlement_id;
    PERFORM 1 FROM claims_provider p WHERE p.id = whose.provider_id FOR NO KEY UPDATE;
    SELECT sum(c.amount) INTO found_sum FROM funds_providerpart p JOIN claims_claimpart c ON c.id = p.part_id
        WHERE p.payment_id = NEW.id;
    IF found_sum IS DISTINCT FROM NEW.gross THEN
        RAISE EXCEPTION 'a payment is the sum of its parts' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.set_off > 0 AND funds_left_of_prepayments(NEW.book_id, whose.provider_id) < NEW.set_off THEN
        RAISE EXCEPTION 'more is set off than was prepaid' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM funds_assessment a WHERE a.book_id = NEW.book_id AND a.provider_id = whose.provider_id
        AND a.year = whose.year AND a.state NOT IN ('refused', 'void');
    IF FOUND AND NEW.retained > 0 THEN
        RAISE EXCEPTION 'nothing is kept back of a year that is assessed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_is_guarded BEFORE UPDATE ON funds_providerpayment
    FOR EACH ROW EXECUTE FUNCTION funds_guard_provider_payment();

CREATE FUNCTION funds_guard_assessment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept record;
BEGIN
    PERFORM 1 FROM claims_provider p WHERE p.id = NEW.provider_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(y.retained), 0) AS retained, count(*) FILTER (WHERE y.state <> 'done') AS waiting INTO kept
        FROM funds_providerpayment y JOIN claims_settlement s ON s.id = y.settlement_id
        WHERE y.book_id = NEW.book_id AND s.provider_id = NEW.provider_id AND y.state NOT IN ('refused', 'void')
            AND extract(year FROM s.month) = NEW.year;
    IF kept.waiting > 0 OR kept.retained <> NEW.retained THEN
        RAISE EXCEPTION 'an assessment is of what was kept of a year that is paid' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessment_is_guarded BEFORE INSERT ON funds_assessment
    FOR EACH ROW EXECUTE FUNCTION funds_guard_assessment();
"""

SECOND = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('funds_secondrun', '', 'drawn_up', ''),
    ('funds_secondrun', 'drawn_up', 'posted', ''),
    ('funds_secondrun', 'drawn_up', 'void', ''),
    ('funds_secondrun', 'posted', 'proposed', ''),
    ('funds_secondrun', 'posted', 'void', ''),
    ('funds_secondrun', 'proposed', 'approved', 'approved'),
    ('funds_secondrun', 'proposed', 'posted', 'returned'),
    ('funds_secondrun', 'proposed', 'refused', 'refused'),
    ('funds_secondrun', 'approved', 'done', ''),
    ('funds_secondrun', 'done', 'approved', '');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON funds_secondrun
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('funds_fundsround', 'funds.secondrun');

CREATE FUNCTION funds_guard_second_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'proposed' AND OLD.state = 'posted' THEN
        IF (SELECT coalesce(sum(l.granted), 0) FROM funds_secondline l WHERE l.run_id = NEW.id) > NEW.budget THEN
            RAISE EXCEPTION 'more is granted than there is to give' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM 1 FROM funds_secondappeal a WHERE a.run_id = NEW.id AND a.result = '';
        IF FOUND THEN
            RAISE EXCEPTION 'an appeal is not answered' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM 1 FROM funds_secondline l WHERE l.run_id = NEW.id AND NOT EXISTS (SELECT FROM funds_secondnotice n
            WHERE n.run_id = l.run_id AND n.village_id = l.village_id AND n.slip_by <> '');
        IF FOUND THEN
            RAISE EXCEPTION 'a village''s slip has not come back' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.state = 'done' AND EXISTS (
            SELECT FROM funds_secondline l WHERE l.run_id = NEW.id AND l.granted > 0 AND NOT l.is_paid) THEN
        RAISE EXCEPTION 'somebody is not paid' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER run_is_guarded BEFORE UPDATE ON funds_secondrun
    FOR EACH ROW EXECUTE FUNCTION funds_guard_second_run();

CREATE FUNCTION funds_guard_second_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT r.state INTO stands FROM funds_secondrun r WHERE r.id = NEW.run_id FOR SHARE;
    IF TG_OP = 'INSERT' THEN
        IF stands NOT IN ('drawn_up', 'posted') OR NEW.is_paid THEN
            RAISE EXCEPTION 'a list is drawn up before it is decided' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - '{burden,entitled,granted,is_paid}'::text[]
            <> to_jsonb(OLD) - '{burden,entitled,granted,is_paid}'::text[] THEN
        RAISE EXCEPTION 'a person of a list stays who he is' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.burden, NEW.entitled, NEW.granted) <> (OLD.burden, OLD.entitled, OLD.granted) AND stands <> 'posted' THEN
        RAISE EXCEPTION 'figures of a list change by appeals alone' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.is_paid <> OLD.is_paid AND stands NOT IN ('approved', 'done') THEN
        RAISE EXCEPTION 'nobody is paid before the list is decided' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER line_is_guarded BEFORE INSERT OR UPDATE ON funds_secondline
    FOR EACH ROW EXECUTE FUNCTION funds_guard_second_line();

CREATE FUNCTION funds_guard_second_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM funds_secondrun r WHERE r.id = NEW.run_id AND r.state IN ('drawn_up', 'posted') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a list hangs before it is decided' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.slip_by <> '' OR to_jsonb(NEW) - '{slip_on,slip_by,slip_noted_by_id}'::text[]
            <> to_jsonb(OLD) - '{slip_on,slip_by,slip_noted_by_id}'::text[]) THEN
        RAISE EXCEPTION 'a notice stays as it hung' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notice_is_guarded BEFORE INSERT OR UPDATE ON funds_secondnotice
    FOR EACH ROW EXECUTE FUNCTION funds_guard_second_notice();

CREATE FUNCTION funds_guard_second_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM funds_secondrun r WHERE r.id = NEW.run_id AND r.state = 'posted'
        AND NEW.made_on <= r.papers_by FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'appeals are made and answered while the list hangs' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.result <> '' OR TG_OP = 'UPDATE' AND (OLD.result <> ''
            OR to_jsonb(NEW) - '{result,answer,burden,answered_on,answered_by_id}'::text[]
            <> to_jsonb(OLD) - '{result,answer,burden,answered_on,answered_by_id}'::text[]) THEN
        RAISE EXCEPTION 'an appeal is answered once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_is_guarded BEFORE INSERT OR UPDATE ON funds_secondappeal
    FOR EACH ROW EXECUTE FUNCTION funds_guard_second_appeal();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0011_create_settlements"), ("office", "0012_guard_rounds")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            *map(only_added_to, ONLY_ADDED_TO),
            *map(history, TRACKED),
            *map(asked, ASKED),
            SETTLING,
            SECOND,
        )
    ]
