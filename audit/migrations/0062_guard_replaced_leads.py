"""What the database itself refuses of an engagement that is led by somebody else: another lead without a row that says so
and why, such a row that nothing follows, a lead who is none of its people, one who named himself."""

from django.db import migrations

SQL = """
CREATE TRIGGER replacedlead_is_only_added_to BEFORE UPDATE OR DELETE ON audit_replacedlead
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();

CREATE FUNCTION audit_guard_replaced_lead() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held audit_engagement;
BEGIN
    SELECT * INTO held FROM audit_engagement e WHERE e.id = NEW.engagement_id FOR NO KEY UPDATE;
    IF held.state <> 'noticed' OR held.lead_id <> NEW.before_id THEN
        PERFORM audit_refuse('the lead of an engagement that is under way is replaced');
    END IF;
    IF NEW.replaced_by_id = held.leaver_id THEN
        PERFORM audit_refuse('whoever is audited does not say who leads');
    END IF;
    IF NOT EXISTS (SELECT FROM audit_people_of(held.id) AS p WHERE p = NEW.lead_id) THEN
        PERFORM audit_refuse('one of the people of an engagement leads it');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER replaced_lead_is_guarded BEFORE INSERT ON audit_replacedlead
    FOR EACH ROW EXECUTE FUNCTION audit_guard_replaced_lead();

-- whoever is said to lead leads when all is written
CREATE FUNCTION audit_check_replaced_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_engagement e WHERE e.id = NEW.engagement_id AND e.lead_id = (SELECT r.lead_id
        FROM audit_replacedlead r WHERE r.engagement_id = NEW.engagement_id ORDER BY r.id DESC LIMIT 1);
    IF NOT FOUND THEN
        PERFORM audit_refuse('whoever replaces the lead leads');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER replaced_lead_is_followed AFTER INSERT ON audit_replacedlead
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_check_replaced_lead();

CREATE FUNCTION audit_guard_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM (SELECT r.before_id, r.lead_id FROM audit_replacedlead r WHERE r.engagement_id = NEW.id
        ORDER BY r.id DESC LIMIT 1) AS last WHERE last.before_id = OLD.lead_id AND last.lead_id = NEW.lead_id;
    IF NOT FOUND THEN
        PERFORM audit_refuse('the lead is replaced with a reason');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_is_guarded BEFORE UPDATE ON audit_engagement
    FOR EACH ROW WHEN (NEW.lead_id <> OLD.lead_id AND OLD.state <> 'planned') EXECUTE FUNCTION audit_guard_lead();

-- columns that change with the state; states in which others change; which those are; further states, and their columns
CREATE OR REPLACE FUNCTION audit_guard_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    with_a_move text[] := TG_ARGV[0]::text[] || 'state'::text;
    may_change text[] := '{}';
    moved_from text := '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state = OLD.state THEN
            IF OLD.state = ANY (TG_ARGV[1]::text[]) THEN
                may_change := TG_ARGV[2]::text[];
            ELSIF OLD.state = ANY (TG_ARGV[3]::text[]) THEN
                may_change := TG_ARGV[4]::text[];
            END IF;
            IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
                RAISE EXCEPTION 'what was written in % does not change', TG_TABLE_NAME USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END IF;
        IF to_jsonb(NEW) - with_a_move <> to_jsonb(OLD) - with_a_move THEN
            RAISE EXCEPTION 'what was written in % does not change', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
        moved_from := OLD.state;
    END IF;
    PERFORM 1 FROM office_statemove m WHERE m."table" = TG_TABLE_NAME AND m.before = moved_from AND m.after = NEW.state;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% does not go from "%" to "%"', TG_TABLE_NAME, moved_from, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER moves_are_guarded ON audit_engagement;
CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON audit_engagement FOR EACH ROW EXECUTE FUNCTION
    audit_guard_moves('{notice_on,fieldwork_from}', '{planned}',
        '{kind,done_by,title,basis,body_id,leaver_id,scheme_id,since,until,scope,plan,lead_id}', '{noticed}', '{lead_id}');
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0061_replaced_leads")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
