"""What the database itself refuses where people decide together, whoever writes the SQL (docs/rules/rounds.md).

The functions are general: each app lays them on its own tables of rounds, seats and votes with the names of the three
tables. A trigger that looks locks first, so that two at the same moment see each other.
"""

from django.db import migrations

RULE = """
CREATE FUNCTION office_outcome_of(present bigint, agreeing bigint, refusing bigint, sent_back bigint, majority text)
RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    supporters bigint;
    spoken text;
BEGIN
    FOR spoken, supporters IN VALUES ('approved', agreeing), ('refused', refusing), ('returned', sent_back) LOOP
        IF (supporters > 0 AND CASE majority
            WHEN 'half' THEN supporters * 2 > present
            WHEN 'two_thirds' THEN supporters * 3 >= present * 2
            ELSE supporters >= present
        END) THEN
            RETURN spoken;
        END IF;
    END LOOP;
    RETURN 'deferred';
END $$;

CREATE FUNCTION office_today() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date
$$;
"""

ROUND = """
CREATE FUNCTION office_guard_round() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seats text := TG_ARGV[0];
    votes text := TG_ARGV[1];
    given bigint; agreeing bigint; refusing bigint; sent_back bigint; present bigint;
    right_outcome text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' THEN
            RAISE EXCEPTION 'a round begins open' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - '{state,outcome,closed_at,void_reason}'::text[]
        <> to_jsonb(OLD) - '{state,outcome,closed_at,void_reason}'::text[] THEN
        RAISE EXCEPTION 'what a round is about does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state <> 'open' THEN
        RAISE EXCEPTION 'this round is over' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> 'closed' THEN
        RETURN NEW;
    END IF;
    EXECUTE format(
        'SELECT count(*), count(*) FILTER (WHERE choice IN (''approve'', ''cut'')),
                count(*) FILTER (WHERE choice = ''refuse''), count(*) FILTER (WHERE choice = ''return'')
           FROM %I WHERE round_id = $1', votes)
        INTO given, agreeing, refusing, sent_back USING NEW.id;
    EXECUTE format('SELECT count(*) FROM %I WHERE round_id = $1 AND is_present AND recusal = ''''', seats)
        INTO present USING NEW.id;
    IF given < NEW.count OR present < NEW.quorum THEN
        RAISE EXCEPTION 'too few votes or too few present' USING ERRCODE = 'check_violation';
    END IF;
    right_outcome := office_outcome_of(present, agreeing, refusing, sent_back, NEW.majority);
    IF NEW.outcome <> right_outcome THEN
        RAISE EXCEPTION 'the votes say %', right_outcome USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

SEAT = """
CREATE FUNCTION office_guard_seat() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rounds text := TG_ARGV[0];
    votes text := TG_ARGV[1];
    round record;
    has_voted boolean; any_vote boolean;
BEGIN
    EXECUTE format('SELECT * FROM %I WHERE id = $1 FOR NO KEY UPDATE', rounds) INTO round USING NEW.round_id;
    IF round.state <> 'open' THEN
        RAISE EXCEPTION 'this round is over' USING ERRCODE = 'check_violation';
    END IF;
    EXECUTE format('SELECT coalesce(bool_or(seat_id = $2), false), count(*) > 0 FROM %I WHERE round_id = $1', votes)
        INTO has_voted, any_vote USING NEW.round_id, NEW.id;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.round_id, NEW.person_id, NEW.role) IS DISTINCT FROM (OLD.round_id, OLD.person_id, OLD.role) THEN
            RAISE EXCEPTION 'a seat stays whose it is' USING ERRCODE = 'check_violation';
        END IF;
        IF has_voted THEN
            RAISE EXCEPTION 'this seat has voted' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF round.by_seats AND any_vote THEN
        RAISE EXCEPTION 'the deciding body is complete' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.person_id = round.maker_id THEN
        RAISE EXCEPTION 'nobody decides what he made' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM office_appointment
      WHERE person_id = NEW.person_id AND duty = ANY(round.duties) AND period @> office_today();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this person has no duty that decides this round' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

VOTE = """
CREATE FUNCTION office_guard_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rounds text := TG_ARGV[0];
    seats text := TG_ARGV[1];
    round record;
    seat record;
    both_people bigint[] := ARRAY[NEW.voter_id, coalesce(NEW.for_whom_id, NEW.voter_id)];
    clash boolean;
    delegated text;
BEGIN
    EXECUTE format(
        'SELECT 1 FROM %1$I r JOIN %1$I mine ON r.subject_type = mine.subject_type AND r.subject_id = mine.subject_id
          WHERE mine.id = $1 ORDER BY r.id FOR NO KEY UPDATE OF r', rounds) USING NEW.round_id;
    EXECUTE format('SELECT * FROM %I WHERE id = $1', rounds) INTO round USING NEW.round_id;
    EXECUTE format('SELECT * FROM %I WHERE id = $1', seats) INTO seat USING NEW.seat_id;
    IF round.state <> 'open' THEN
        RAISE EXCEPTION 'this round is over' USING ERRCODE = 'check_violation';
    END IF;
    IF both_people && round.barred THEN
        RAISE EXCEPTION 'nobody decides what concerns himself' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.hash_seen <> round.subject_hash THEN
        RAISE EXCEPTION 'this vote is about another content' USING ERRCODE = 'check_violation';
    END IF;
    IF seat.round_id <> NEW.round_id OR seat.person_id <> both_people[2] THEN
        RAISE EXCEPTION 'this is not the voter''s seat' USING ERRCODE = 'check_violation';
    END IF;
    IF seat.recusal <> '' OR NOT seat.is_present THEN
        RAISE EXCEPTION 'recused, or not there' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM office_person WHERE id = NEW.voter_id AND left_on IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this person has left' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM office_appointment
      WHERE person_id = both_people[2] AND duty = ANY(round.duties) AND period @> office_today();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this person has no duty that decides this round' USING ERRCODE = 'check_violation';
    END IF;
    -- who made the subject in any of its rounds, or voted in another step of it, or in this round for himself or another
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I
          WHERE subject_type = $1 AND subject_id = $2 AND maker_id = ANY($3))', rounds)
        INTO clash USING round.subject_type, round.subject_id, both_people;
    IF clash THEN
        RAISE EXCEPTION 'nobody decides what he made' USING ERRCODE = 'check_violation';
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I v JOIN %I r ON r.id = v.round_id
          WHERE r.subject_type = $1 AND r.subject_id = $2 AND (r.step <> $3 OR r.id = $4)
            AND (v.voter_id = ANY($5) OR v.for_whom_id = ANY($5)))', TG_TABLE_NAME, rounds)
        INTO clash USING round.subject_type, round.subject_id, round.step, round.id, both_people;
    IF clash THEN
        RAISE EXCEPTION 'one person, one step, one vote' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.for_whom_id IS NOT NULL THEN
        SELECT duty INTO delegated FROM office_delegation
          WHERE person_id = NEW.for_whom_id AND to_id = NEW.voter_id AND duty = ANY(round.duties)
            AND state = 'granted' AND period @> office_today()
          FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no delegation allows this' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM 1 FROM office_appointment other JOIN office_dutyexclusion pair
            ON pair.first = LEAST(other.duty, delegated) AND pair.second = GREATEST(other.duty, delegated)
          WHERE other.person_id = NEW.voter_id AND other.period @> office_today();
        IF FOUND THEN
            RAISE EXCEPTION 'a duty of the voter excludes this one' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""

SUBJECT = """
CREATE FUNCTION office_guard_subject() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rounds text := TG_ARGV[0];
    subject_name text := TG_ARGV[1];
    needed text;
    moved_from text := '';
    decided boolean;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        moved_from := OLD.state;
        IF to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' THEN
            RAISE EXCEPTION 'what was asked for does not change' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state = OLD.state THEN
            RETURN NEW;
        END IF;
    END IF;
    SELECT outcome INTO needed FROM office_statemove m
      WHERE m."table" = TG_TABLE_NAME AND m.before = moved_from AND m.after = NEW.state;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% does not go from "%" to "%"', TG_TABLE_NAME, moved_from, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF needed <> '' THEN
        EXECUTE format('SELECT outcome = $3 FROM %I WHERE subject_type = $1 AND subject_id = $2 AND state = ''closed''
              ORDER BY id DESC LIMIT 1', rounds)
            INTO decided USING subject_name, NEW.id::text, needed;
        IF decided IS NOT TRUE THEN
            RAISE EXCEPTION 'no round has decided this' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""

MOVES = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('office_dutyrequest', '', 'proposed', ''),
    ('office_dutyrequest', 'proposed', 'granted', 'approved'),
    ('office_dutyrequest', 'proposed', 'refused', 'refused'),
    ('office_dutyrequest', 'proposed', 'withdrawn', ''),
    ('office_resetrequest', '', 'proposed', ''),
    ('office_resetrequest', 'proposed', 'granted', 'approved'),
    ('office_resetrequest', 'proposed', 'refused', 'refused'),
    ('office_resetrequest', 'proposed', 'withdrawn', ''),
    ('office_delegation', '', 'proposed', ''),
    ('office_delegation', '', 'granted', ''),
    ('office_delegation', 'proposed', 'granted', 'approved'),
    ('office_delegation', 'proposed', 'refused', 'refused'),
    ('office_delegation', 'proposed', 'withdrawn', ''),
    ('office_delegation', 'granted', 'ended', '');
"""

LAID_ON = """
CREATE TRIGGER round_is_guarded BEFORE INSERT OR UPDATE ON office_officeround
    FOR EACH ROW EXECUTE FUNCTION office_guard_round('office_officeseat', 'office_officevote');
CREATE TRIGGER seat_is_guarded BEFORE INSERT OR UPDATE ON office_officeseat
    FOR EACH ROW EXECUTE FUNCTION office_guard_seat('office_officeround', 'office_officevote');
CREATE TRIGGER vote_is_guarded BEFORE INSERT ON office_officevote
    FOR EACH ROW EXECUTE FUNCTION office_guard_vote('office_officeround', 'office_officeseat');
CREATE TRIGGER vote_is_only_added_to BEFORE UPDATE OR DELETE ON office_officevote
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
CREATE TRIGGER request_is_guarded BEFORE INSERT OR UPDATE ON office_dutyrequest
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('office_officeround', 'office.dutyrequest');
CREATE TRIGGER request_is_guarded BEFORE INSERT OR UPDATE ON office_resetrequest
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('office_officeround', 'office.resetrequest');
CREATE TRIGGER request_is_guarded BEFORE INSERT OR UPDATE ON office_delegation
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('office_officeround', 'office.delegation');
"""

HISTORY = "".join(
    f"""
CREATE TRIGGER {name}event_is_only_added_to BEFORE UPDATE OR DELETE ON office_{name}event
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
CREATE TRIGGER {name}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON office_{name}
    FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
"""
    for name in ("dutyrequest", "resetrequest", "delegation")
)


class Migration(migrations.Migration):
    dependencies = [("office", "0011_add_rounds")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (RULE, ROUND, SEAT, VOTE, SUBJECT, MOVES, LAID_ON, HISTORY)
    ]
