"""What the database itself refuses of benefit plans: a plan nobody decided, a document that changes after it was
proposed, days of an adopted plan that are taken for anything but its decided successor (docs/rules/adoption.md)."""

from django.db import migrations

ONLY_ADDED_TO = ("claimsvote",)
TRACKED = ("benefitplan", "claimsround", "claimsseat")


def only_added_to(table):
    return f"""
    CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE ON claims_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    """


def history(table):
    return f"""
    {only_added_to(table + "event")}
    CREATE TRIGGER {table}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON claims_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
    """


ROUNDS = """
CREATE TRIGGER round_is_guarded BEFORE INSERT OR UPDATE ON claims_claimsround
    FOR EACH ROW EXECUTE FUNCTION office_guard_round('claims_claimsseat', 'claims_claimsvote');
CREATE TRIGGER seat_is_guarded BEFORE INSERT OR UPDATE ON claims_claimsseat
    FOR EACH ROW EXECUTE FUNCTION office_guard_seat('claims_claimsround', 'claims_claimsvote');
CREATE TRIGGER vote_is_guarded BEFORE INSERT ON claims_claimsvote
    FOR EACH ROW EXECUTE FUNCTION office_guard_vote('claims_claimsround', 'claims_claimsseat');
"""

MOVES = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('claims_benefitplan', '', 'draft', ''),
    ('claims_benefitplan', 'draft', 'proposed', ''),
    ('claims_benefitplan', 'draft', 'withdrawn', ''),
    ('claims_benefitplan', 'proposed', 'adopted', 'approved'),
    ('claims_benefitplan', 'proposed', 'refused', 'refused'),
    ('claims_benefitplan', 'proposed', 'draft', 'returned'),
    ('claims_benefitplan', 'proposed', 'withdrawn', '');
"""

PLAN = """
CREATE FUNCTION claims_guard_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.canonical, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'this is not the hash of the document' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.drafted_by_id, NEW.drafted_at) <> (OLD.drafted_by_id, OLD.drafted_at) THEN
        RAISE EXCEPTION 'a draft stays whose it is' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION claims_guard_adopted_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'applies' <> to_jsonb(OLD) - 'applies' THEN
        RAISE EXCEPTION 'what was adopted does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.applies = OLD.applies THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM claims_benefitplan s
      WHERE s.supersedes_id = OLD.id AND s.state = 'proposed' AND s.scheme_id = OLD.scheme_id
        AND s.position = OLD.position
        AND NEW.applies = OLD.applies * daterange(NULL, lower(s.in_force))
        AND coalesce(upper(s.in_force), 'infinity') >= coalesce(upper(OLD.applies), 'infinity')
        AND (SELECT r.outcome FROM claims_claimsround r WHERE r.subject_type = 'claims.benefitplan'
            AND r.subject_id = s.id::text AND r.state = 'closed' ORDER BY r.id DESC LIMIT 1) = 'approved';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an adopted plan ends earlier by its decided successor alone' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER document_is_guarded BEFORE INSERT ON claims_benefitplan
    FOR EACH ROW EXECUTE FUNCTION claims_guard_document();
CREATE TRIGGER draft_is_guarded BEFORE UPDATE ON claims_benefitplan
    FOR EACH ROW WHEN (OLD.state = 'draft' AND NEW.state = 'draft') EXECUTE FUNCTION claims_guard_document();
CREATE TRIGGER adopted_plan_is_guarded BEFORE UPDATE ON claims_benefitplan
    FOR EACH ROW WHEN (OLD.state = 'adopted' AND NEW.state = 'adopted') EXECUTE FUNCTION claims_guard_adopted_plan();
CREATE TRIGGER subject_is_guarded BEFORE INSERT ON claims_benefitplan
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('claims_claimsround', 'claims.benefitplan');
CREATE TRIGGER subject_moves_guarded BEFORE UPDATE ON claims_benefitplan
    FOR EACH ROW WHEN (NOT (OLD.state = 'draft' AND NEW.state = 'draft')
        AND NOT (OLD.state = 'adopted' AND NEW.state = 'adopted'))
    EXECUTE FUNCTION office_guard_subject('claims_claimsround', 'claims.benefitplan');
"""

class Migration(migrations.Migration):
    dependencies = [("claims", "0001_create_benefit_plans"), ("office", "0018_guard_leases")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            *(only_added_to(table) for table in ONLY_ADDED_TO),
            *(history(table) for table in TRACKED),
            ROUNDS,
            MOVES,
            PLAN,
        )
    ]
