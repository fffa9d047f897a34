"""What the database itself refuses of people who are taken off an engagement: that the lead is, that one of two is once
the notice is out, that it is taken back; and from then on their papers, findings, waivers and reports."""

from django.db import migrations

SQL = """
CREATE TRIGGER takenoff_is_only_added_to BEFORE UPDATE OR DELETE ON audit_takenoff
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();

-- the people of an engagement who were not taken off
CREATE FUNCTION audit_people_of(of_engagement bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT m.person_id FROM audit_engagementmember m WHERE m.engagement_id = of_engagement
        AND NOT EXISTS (SELECT FROM audit_takenoff t WHERE t.member_id = m.id)
$$;

CREATE FUNCTION audit_guard_taken_off() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    SELECT e.id, e.state, e.lead_id, m.person_id, m.named_at INTO held FROM audit_engagementmember m
        JOIN audit_engagement e ON e.id = m.engagement_id WHERE m.id = NEW.member_id FOR NO KEY UPDATE OF e;
    IF held.state NOT IN ('planned', 'noticed') OR held.person_id = held.lead_id THEN
        PERFORM audit_refuse('people are taken off before the report, and never the lead');
    END IF;
    IF held.state = 'noticed' AND (SELECT count(*) FROM audit_people_of(held.id)) <= 2 THEN
        PERFORM audit_refuse('two people at least work on an engagement');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER taken_off_is_guarded BEFORE INSERT ON audit_takenoff
    FOR EACH ROW EXECUTE FUNCTION audit_guard_taken_off();

-- whether somebody works on an engagement that is in the field; the engagement stays there until the end
CREATE OR REPLACE FUNCTION audit_in_the_field(of_engagement bigint, who bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_engagement e WHERE e.id = of_engagement AND e.state = 'noticed' FOR SHARE;
    RETURN FOUND AND EXISTS (SELECT FROM audit_people_of(of_engagement) AS p WHERE p = who);
END $$;

CREATE OR REPLACE FUNCTION audit_guard_waiver() RETURNS trigger LANGUAGE plpgsql AS $$
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
        PERFORM 1 FROM audit_finding f, audit_people_of(f.engagement_id) AS p
            WHERE f.id = NEW.finding_id AND p = NEW.proposed_by_id;
        IF NOT FOUND THEN
            PERFORM audit_refuse('a waiver is asked for by people of the engagement');
        END IF;
    ELSIF NOT EXISTS (SELECT FROM audit_evidence v WHERE v.waiver_id = NEW.id) THEN
        PERFORM audit_refuse('money is waived on evidence');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION audit_guard_engagement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    CASE NEW.state
        WHEN 'noticed' THEN
            IF (SELECT count(*) FROM audit_people_of(NEW.id)) < 2
                    OR NOT EXISTS (SELECT FROM audit_people_of(NEW.id) AS p WHERE p = NEW.lead_id) THEN
                PERFORM audit_refuse('two people at least, the lead among them, work on an engagement');
            END IF;
        WHEN 'reported' THEN
            IF NOT EXISTS (SELECT FROM audit_auditreport r WHERE r.engagement_id = NEW.id AND r.state = 'issued')
                    OR EXISTS (SELECT FROM audit_finding f WHERE f.engagement_id = NEW.id
                        AND f.state IN ('draft', 'commenting', 'answered')) THEN
                PERFORM audit_refuse('an engagement is reported by its report, when every finding is final');
            END IF;
        WHEN 'closed' THEN
            IF EXISTS (SELECT FROM audit_finding f WHERE f.engagement_id = NEW.id
                    AND f.state NOT IN ('closed', 'dropped')) THEN
                PERFORM audit_refuse('an engagement is closed when every finding is');
            END IF;
        ELSE
            NULL;
    END CASE;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0058_taken_off"), ("audit", "0057_guard_complaint_files")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
