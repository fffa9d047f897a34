"""A waiver, past the services too, waits for whoever just then links money of its finding or demands it, and whoever asks
for one for whoever takes him off: the guards looked at what was written for good alone."""

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION audit_guard_waiver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state NOT IN ('reviewed', 'agreed') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM audit_engagement e JOIN audit_finding f ON f.engagement_id = e.id
            WHERE f.id = NEW.finding_id FOR SHARE OF e;
    END IF;
    PERFORM 1 FROM audit_finding f WHERE f.id = NEW.finding_id AND f.state = 'final' FOR NO KEY UPDATE;
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

CREATE OR REPLACE FUNCTION audit_guard_demand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_finding f WHERE f.id = NEW.finding_id FOR SHARE;
    PERFORM 1 FROM audit_finding f WHERE f.id = NEW.finding_id AND f.state = 'final'
        AND NEW.amount <= f.to_recover - audit_recovered(f.id) - audit_waived(f.id);
    IF NOT FOUND THEN
        PERFORM audit_refuse('no more is demanded than is still to come back');
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0062_guard_replaced_leads")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
