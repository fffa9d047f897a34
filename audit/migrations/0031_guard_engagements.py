"""What the database itself refuses of engagements (docs/rules/engagements.md): a move that is none, a period that changes
after its notice, a notice before two people with the lead among them are named, people who are named after the report."""

from django.db import migrations

GUARDS = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('audit_engagement', '', 'planned', ''),
    ('audit_engagement', 'planned', 'noticed', ''),
    ('audit_engagement', 'planned', 'void', ''),
    ('audit_engagement', 'noticed', 'reported', ''),
    ('audit_engagement', 'reported', 'closed', ''),
    ('audit_engagement', 'closed', 'reported', '');

-- columns that change with the state; states in which others change; which those are
CREATE FUNCTION audit_guard_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    with_a_move text[] := TG_ARGV[0]::text[] || 'state'::text;
    may_change text[] := TG_ARGV[2]::text[];
    moved_from text := '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state = OLD.state THEN
            IF to_jsonb(NEW) <> to_jsonb(OLD) AND (OLD.state <> ALL (TG_ARGV[1]::text[])
                    OR to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change) THEN
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

CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON audit_engagement FOR EACH ROW EXECUTE FUNCTION
    audit_guard_moves('{notice_on,fieldwork_from}', '{planned}',
        '{kind,done_by,title,basis,body_id,leaver_id,scheme_id,since,until,scope,plan,lead_id}');

CREATE FUNCTION audit_guard_engagement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'noticed' AND OLD.state = 'planned' THEN
        IF (SELECT count(*) FROM audit_engagementmember m WHERE m.engagement_id = NEW.id) < 2 OR NOT EXISTS (
                SELECT FROM audit_engagementmember m WHERE m.engagement_id = NEW.id AND m.person_id = NEW.lead_id) THEN
            RAISE EXCEPTION 'two people at least, the lead among them, work on an engagement'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_is_guarded BEFORE UPDATE ON audit_engagement
    FOR EACH ROW EXECUTE FUNCTION audit_guard_engagement();

CREATE FUNCTION audit_guard_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_engagement e WHERE e.id = NEW.engagement_id AND e.state IN ('planned', 'noticed')
        AND e.leaver_id IS DISTINCT FROM NEW.person_id FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'people are named before the report, and never who is audited' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER member_is_guarded BEFORE INSERT ON audit_engagementmember
    FOR EACH ROW EXECUTE FUNCTION audit_guard_member();

CREATE TRIGGER engagementmember_is_only_added_to BEFORE UPDATE OR DELETE ON audit_engagementmember
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
CREATE TRIGGER engagementevent_is_only_added_to BEFORE UPDATE OR DELETE ON audit_engagementevent
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
CREATE TRIGGER engagement_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON audit_engagement
    FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0030_engagements")]

    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
