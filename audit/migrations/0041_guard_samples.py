"""What the database itself refuses of samples (docs/rules/samples.md): a frozen population that changes, or is not what
its rows come to; a seed that somebody chose (the database draws it); items that are not of the population, or come after
the drawing; a result that changes while somebody else agrees to it; a conclusion before everything was looked at twice."""

from django.db import migrations

TRACKED = ("population", "sample", "sampleitem")


def history(table):
    return f"""
    CREATE TRIGGER {table}event_is_only_added_to BEFORE UPDATE OR DELETE ON audit_{table}event
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    CREATE TRIGGER {table}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON audit_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
    """


MOVES = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('audit_population', '', 'asked', ''),
    ('audit_population', 'asked', 'frozen', ''),
    ('audit_population', 'asked', 'empty', ''),
    ('audit_sample', '', 'planned', ''),
    ('audit_sample', 'planned', 'seeded', ''),
    ('audit_sample', 'planned', 'drawn', ''),
    ('audit_sample', 'planned', 'void', ''),
    ('audit_sample', 'seeded', 'drawn', ''),
    ('audit_sample', 'drawn', 'void', ''),
    ('audit_sample', 'drawn', 'concluded', ''),
    ('audit_sampleitem', '', 'open', ''),
    ('audit_sampleitem', 'open', 'examined', ''),
    ('audit_sampleitem', 'examined', 'agreed', ''),
    ('audit_sampleitem', 'examined', 'open', '');

CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON audit_population FOR EACH ROW EXECUTE FUNCTION
    audit_guard_moves('{items,amount,sha256,frozen_at}', '{asked}', '{job_id}');
CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON audit_sample FOR EACH ROW EXECUTE FUNCTION
    audit_guard_moves('{generator,seed,drawn_by_id,drawn_at,estimate,conclusion,concluded_by_id,concluded_at,void_reason}',
        '{}', '{}');
CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON audit_sampleitem FOR EACH ROW EXECUTE FUNCTION
    audit_guard_moves('{outcome,right_amount,why,paper,examined_by_id,examined_at,looked_by_id,looked_at,remark}',
        '{}', '{}');
"""

POPULATION = """
CREATE FUNCTION audit_guard_population() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    has record;
BEGIN
    IF NEW.state = 'frozen' AND OLD.state = 'asked' THEN
        SELECT count(*) AS items, coalesce(sum(r.amount), 0) AS amount, max(r.place) AS last INTO has
            FROM audit_populationrow r WHERE r.population_id = NEW.id;
        IF has.items <> NEW.items OR has.amount <> NEW.amount OR has.last <> NEW.items THEN
            RAISE EXCEPTION 'a population is what its rows come to' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER population_is_guarded BEFORE UPDATE ON audit_population
    FOR EACH ROW EXECUTE FUNCTION audit_guard_population();

CREATE FUNCTION audit_guard_population_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM (SELECT DISTINCT population_id FROM added) a JOIN audit_population p ON p.id = a.population_id
        WHERE p.state <> 'asked';
    IF FOUND THEN
        RAISE EXCEPTION 'nothing is added to a population that is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER rows_are_guarded AFTER INSERT ON audit_populationrow
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_guard_population_rows();
CREATE TRIGGER populationrow_is_only_added_to BEFORE UPDATE OR DELETE ON audit_populationrow
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
"""

SAMPLE = """
CREATE FUNCTION audit_guard_new_sample() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_population p WHERE p.id = NEW.population_id AND p.state = 'frozen' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a sample is of a population that is frozen' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER new_sample_is_guarded BEFORE INSERT ON audit_sample
    FOR EACH ROW EXECUTE FUNCTION audit_guard_new_sample();

-- Nobody chooses a seed: whatever is written, the database draws one when the plan is fixed; the drawing follows from it.
CREATE FUNCTION audit_draw_seed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.seed := encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex');
    RETURN NEW;
END $$;
CREATE TRIGGER a_seed_is_drawn BEFORE UPDATE ON audit_sample FOR EACH ROW
    WHEN (OLD.state = 'planned' AND NEW.state = 'seeded') EXECUTE FUNCTION audit_draw_seed();

CREATE FUNCTION audit_guard_sample() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changes text[];
    has bigint;
    wanted bigint;
BEGIN
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    changes := CASE NEW.state
        WHEN 'seeded' THEN '{state,generator,seed,drawn_by_id,drawn_at}'::text[]
        WHEN 'concluded' THEN '{state,estimate,conclusion,concluded_by_id,concluded_at}'::text[]
        WHEN 'void' THEN '{state,void_reason}'::text[]
        ELSE CASE WHEN OLD.state = 'planned' THEN '{state,drawn_by_id,drawn_at}'::text[] ELSE '{state}'::text[] END
    END;
    IF to_jsonb(NEW) - changes <> to_jsonb(OLD) - changes THEN
        RAISE EXCEPTION 'a sample stays as it was drawn' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.method = 'judgement') <> (OLD.state = 'planned' AND NEW.state = 'drawn')
            AND (NEW.state IN ('seeded', 'drawn')) THEN
        RAISE EXCEPTION 'what is not chosen by judgement is drawn by a seed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'drawn' THEN
        SELECT count(*) INTO has FROM audit_sampleitem i WHERE i.sample_id = NEW.id;
        SELECT least(NEW.size, p.items) INTO wanted FROM audit_population p WHERE p.id = NEW.population_id;
        IF has = 0 OR NEW.method IN ('attribute', 'random') AND has <> wanted THEN
            RAISE EXCEPTION 'a sample has the items that were drawn' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.state = 'concluded' THEN
        PERFORM 1 FROM audit_sampleitem i WHERE i.sample_id = NEW.id AND i.state <> 'agreed';
        IF FOUND THEN
            RAISE EXCEPTION 'every item is examined and looked at by another before the conclusion'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sample_is_guarded BEFORE UPDATE ON audit_sample
    FOR EACH ROW EXECUTE FUNCTION audit_guard_sample();

CREATE FUNCTION audit_guard_new_sample_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_sample s JOIN audit_populationrow r ON r.id = NEW.row_id AND r.population_id = s.population_id
        WHERE s.id = NEW.sample_id AND r.amount = NEW.amount
            AND (s.state = 'seeded' AND NEW.reason = '' OR s.state = 'planned' AND s.method = 'judgement' AND NEW.reason <> '')
        FOR SHARE OF s;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an item is of its population, and comes with the drawing or with a reason'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER new_item_is_guarded BEFORE INSERT ON audit_sampleitem
    FOR EACH ROW EXECUTE FUNCTION audit_guard_new_sample_item();

CREATE FUNCTION audit_guard_sample_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_sample s WHERE s.id = NEW.sample_id AND s.state = 'drawn' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'items are examined after the drawing and before the conclusion' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'agreed' AND to_jsonb(NEW) - '{state,looked_by_id,looked_at,remark}'::text[]
            <> to_jsonb(OLD) - '{state,looked_by_id,looked_at,remark}'::text[] THEN
        RAISE EXCEPTION 'whoever looks a second time changes nothing' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER item_is_guarded BEFORE UPDATE ON audit_sampleitem
    FOR EACH ROW EXECUTE FUNCTION audit_guard_sample_item();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0040_create_samples")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (MOVES, POPULATION, SAMPLE, *map(history, TRACKED))
    ]
