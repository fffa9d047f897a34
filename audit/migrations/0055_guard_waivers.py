"""What the database itself refuses of waivers (docs/rules/engagements.md): one of more than is still to come back, by
somebody of another engagement, without evidence, that no round or the head of the office alone has agreed to; and what
it counts of them: a finding closes with what came back and what was waived, and no more than the rest is demanded."""

from django.db import migrations

MOVES = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('audit_waiver', '', 'proposed', ''),
    ('audit_waiver', 'proposed', 'reviewed', 'approved'),
    ('audit_waiver', 'proposed', 'refused', 'refused'),
    ('audit_waiver', 'proposed', 'void', ''),
    ('audit_waiver', 'reviewed', 'agreed', 'approved'),
    ('audit_waiver', 'reviewed', 'refused', 'refused'),
    ('audit_waiver', 'reviewed', 'void', '');

CREATE TRIGGER waiverevent_is_only_added_to BEFORE UPDATE OR DELETE ON audit_waiverevent
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
CREATE TRIGGER waiver_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON audit_waiver
    FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON audit_waiver
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('funds_fundsround', 'audit.waiver');
CREATE TRIGGER last_step_is_of_finance BEFORE UPDATE ON audit_waiver
    FOR EACH ROW WHEN (NEW.state = 'agreed' AND OLD.state <> 'agreed')
    EXECUTE FUNCTION funds_guard_last_step('audit.waiver');

-- what of a finding was given up: agreed to by the head of the office and by finance
CREATE FUNCTION audit_waived(of_finding bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(w.amount), 0) FROM audit_waiver w WHERE w.finding_id = of_finding AND w.state = 'agreed'
$$;

CREATE FUNCTION audit_guard_waiver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state NOT IN ('reviewed', 'agreed') THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM audit_finding f WHERE f.id = NEW.finding_id AND f.state = 'final' FOR SHARE;
    IF NOT FOUND THEN
        PERFORM audit_refuse('money is waived of a finding that is final and not closed');
    END IF;
    PERFORM 1 FROM audit_finding f WHERE f.id = NEW.finding_id
        AND NEW.amount <= f.to_recover - audit_recovered(f.id) - audit_waived(f.id);
    IF NOT FOUND THEN
        PERFORM audit_refuse('no more is waived than is still to come back');
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM audit_finding f JOIN audit_engagementmember m ON m.engagement_id = f.engagement_id
            WHERE f.id = NEW.finding_id AND m.person_id = NEW.proposed_by_id;
        IF NOT FOUND THEN
            PERFORM audit_refuse('a waiver is asked for by people of the engagement');
        END IF;
    ELSIF NOT EXISTS (SELECT FROM audit_evidence v WHERE v.waiver_id = NEW.id) THEN
        PERFORM audit_refuse('money is waived on evidence');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER waiver_is_guarded BEFORE INSERT OR UPDATE ON audit_waiver
    FOR EACH ROW EXECUTE FUNCTION audit_guard_waiver();
"""

COUNTED = """
CREATE OR REPLACE FUNCTION audit_guard_demand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_finding f WHERE f.id = NEW.finding_id AND f.state = 'final'
        AND NEW.amount <= f.to_recover - audit_recovered(f.id) - audit_waived(f.id) FOR SHARE;
    IF NOT FOUND THEN
        PERFORM audit_refuse('no more is demanded than is still to come back');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION audit_guard_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.waiver_id IS NOT NULL THEN
        PERFORM 1 FROM audit_waiver w WHERE w.id = NEW.waiver_id AND w.state = 'proposed'
            AND w.proposed_by_id = NEW.added_by_id AND NOT EXISTS (SELECT FROM funds_fundsround r
                WHERE r.subject_type = 'audit.waiver' AND r.subject_id = w.id::text);
        IF NOT FOUND THEN
            PERFORM audit_refuse('the evidence of a waiver is there before anybody decides it');
        END IF;
    END IF;
    IF NEW.rectification_id IS NOT NULL THEN
        PERFORM 1 FROM audit_rectification r WHERE r.id = NEW.rectification_id AND r.state = 'open'
            AND r.turn = NEW.turn FOR SHARE;
        IF NOT FOUND THEN
            PERFORM audit_refuse('evidence is brought for a measure while it is to be carried out');
        END IF;
    ELSIF NEW.turn <> 1 THEN
        PERFORM audit_refuse('measures alone have turns');
    END IF;
    RETURN NEW;
END $$;

-- why a finding cannot be closed; nothing where it can
CREATE OR REPLACE FUNCTION audit_not_closable(f audit_finding) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_rectification r WHERE r.finding_id = f.id ORDER BY r.id FOR SHARE;
    IF NOT FOUND THEN
        RETURN 'a finding is closed by its measures';
    END IF;
    PERFORM 1 FROM audit_rectification r WHERE r.finding_id = f.id AND (r.state <> 'closed'
        OR r.checked_by_id = r.handed_in_by_id OR NOT EXISTS (
            SELECT FROM audit_evidence v WHERE v.rectification_id = r.id AND v.turn = r.turn)
        OR EXISTS (SELECT FROM audit_evidence v WHERE v.rectification_id = r.id AND v.turn = r.turn
            AND v.added_by_id = r.checked_by_id));
    IF FOUND THEN
        RETURN 'each measure has evidence and was checked by another person';
    END IF;
    PERFORM 1 FROM audit_waiver w WHERE w.finding_id = f.id AND w.state IN ('proposed', 'reviewed');
    IF FOUND THEN
        RETURN 'a waiver that is asked for is decided first';
    END IF;
    PERFORM 1 FROM audit_bookedmoney b WHERE b.finding_id = f.id AND b.state = 'standing' ORDER BY b.id FOR SHARE;
    IF f.amount > audit_waived(f.id) AND NOT EXISTS (
            SELECT FROM audit_bookedmoney b WHERE b.finding_id = f.id AND b.state = 'standing'
            AND NOT EXISTS (SELECT FROM funds_posting r WHERE r.reverses_id = b.posting_id)) THEN
        RETURN 'money that is named stands in the books';
    END IF;
    IF audit_recovered(f.id) + audit_waived(f.id) < f.to_recover THEN
        RETURN 'not all that is to be recovered has come back';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0054_waivers"), ("funds", "0014_guard_budgets")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (MOVES, COUNTED)]
