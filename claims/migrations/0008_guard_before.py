"""What the database itself refuses of what comes before a claim: approvals nobody decided, statements that change, a
check by whoever entered it, certificates without a confirmed panel (docs/rules/before-a-claim.md)."""

from django.db import migrations

ONLY_ADDED_TO = ("bedcheck", "certificatereview", "injuryinquiry", "injuryvisit")
TRACKED = (
    "admission",
    "certificateapplication",
    "chroniccertificate",
    "expertpanel",
    "injuryconclusion",
    "outsidestay",
    "panelfinding",
    "referral",
    "timelimit",
)


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


MOVES = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('claims_timelimit', '', 'proposed', ''),
    ('claims_timelimit', 'proposed', 'confirmed', 'approved'),
    ('claims_timelimit', 'proposed', 'refused', 'refused'),
    ('claims_timelimit', 'proposed', 'withdrawn', ''),
    ('claims_referral', '', 'proposed', ''),
    ('claims_referral', 'proposed', 'approved', 'approved'),
    ('claims_referral', 'proposed', 'refused', 'refused'),
    ('claims_referral', 'proposed', 'withdrawn', ''),
    ('claims_expertpanel', '', 'open', ''),
    ('claims_expertpanel', 'open', 'proposed', ''),
    ('claims_expertpanel', 'open', 'withdrawn', ''),
    ('claims_expertpanel', 'proposed', 'confirmed', 'approved'),
    ('claims_expertpanel', 'proposed', 'open', 'returned'),
    ('claims_injuryconclusion', '', 'proposed', ''),
    ('claims_injuryconclusion', 'proposed', 'confirmed', 'approved'),
    ('claims_injuryconclusion', 'proposed', 'refused', 'refused'),
    ('claims_injuryconclusion', 'proposed', 'withdrawn', ''),
    ('claims_certificateapplication', '', 'applied', ''),
    ('claims_certificateapplication', 'applied', 'checked', ''),
    ('claims_certificateapplication', 'applied', 'refused', ''),
    ('claims_certificateapplication', 'applied', 'withdrawn', ''),
    ('claims_certificateapplication', 'checked', 'certified', ''),
    ('claims_certificateapplication', 'checked', 'refused', '');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON claims_timelimit
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('claims_claimsround', 'claims.timelimit');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON claims_referral
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('claims_claimsround', 'claims.referral');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON claims_expertpanel
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('claims_claimsround', 'claims.expertpanel');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON claims_injuryconclusion
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('claims_claimsround', 'claims.injuryconclusion');
"""

OUTSIDE = """
CREATE TRIGGER outside_stay_is_guarded BEFORE UPDATE ON claims_outsidestay
    FOR EACH ROW EXECUTE FUNCTION claims_guard_once('{void_reason,voided_by_id,voided_at}', 'void_reason');
"""

CERTIFICATES = """
CREATE FUNCTION claims_guard_application() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved_from text := '';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.checked_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a check comes after the application' USING ERRCODE = 'check_violation';
        END IF;
    ELSE
        moved_from := OLD.state;
        IF to_jsonb(NEW) - '{state,checked_on,checked_by_id,check_words}'::text[]
                <> to_jsonb(OLD) - '{state,checked_on,checked_by_id,check_words}'::text[] THEN
            RAISE EXCEPTION 'what was asked for does not change' USING ERRCODE = 'check_violation';
        END IF;
        IF (NEW.checked_by_id, NEW.checked_on, NEW.check_words) IS DISTINCT FROM
                (OLD.checked_by_id, OLD.checked_on, OLD.check_words)
                AND NOT (OLD.state = 'applied' AND NEW.state IN ('checked', 'refused')) THEN
            RAISE EXCEPTION 'a check is noted once' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state = OLD.state THEN
            RETURN NEW;
        END IF;
    END IF;
    PERFORM 1 FROM office_statemove m
      WHERE m."table" = 'claims_certificateapplication' AND m.before = moved_from AND m.after = NEW.state;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an application does not go from "%" to "%"', moved_from, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF moved_from = 'applied' AND NEW.state IN ('checked', 'refused') AND NEW.checked_by_id IS NULL THEN
        RAISE EXCEPTION 'somebody checks an application' USING ERRCODE = 'check_violation';
    END IF;
    IF moved_from = 'checked' THEN
        PERFORM 1 FROM claims_panelfinding f JOIN claims_expertpanel p ON p.id = f.panel_id
          WHERE f.application_id = NEW.id AND p.state = 'confirmed'
            AND f.outcome = CASE NEW.state WHEN 'certified' THEN 'approved' ELSE 'refused' END;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no confirmed panel has found this' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER application_is_guarded BEFORE INSERT OR UPDATE ON claims_certificateapplication
    FOR EACH ROW EXECUTE FUNCTION claims_guard_application();

CREATE FUNCTION claims_guard_finding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.panel_id, NEW.application_id) <> (OLD.panel_id, OLD.application_id) THEN
        RAISE EXCEPTION 'a finding stays with its application' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM claims_expertpanel p, claims_certificateapplication a
      WHERE p.id = NEW.panel_id AND p.state = 'open' AND a.id = NEW.application_id AND a.state = 'checked'
        AND a.scheme_id = p.scheme_id FOR SHARE OF p, a;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an open panel finds of checked applications' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finding_is_guarded BEFORE INSERT OR UPDATE ON claims_panelfinding
    FOR EACH ROW EXECUTE FUNCTION claims_guard_finding();

CREATE FUNCTION claims_guard_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM claims_panelfinding f JOIN claims_expertpanel p ON p.id = f.panel_id
            JOIN claims_certificateapplication a ON a.id = f.application_id
          WHERE f.id = NEW.finding_id AND p.state = 'confirmed' AND f.outcome = 'approved'
            AND a.member_id = NEW.member_id AND a.scheme_id = NEW.scheme_id AND f.disease_id = NEW.disease_id
            AND f.valid = NEW.period;
        IF NOT FOUND OR NEW.ended_because <> '' THEN
            RAISE EXCEPTION 'no confirmed panel has found this' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - '{period,review_by,ended_because}'::text[]
            <> to_jsonb(OLD) - '{period,review_by,ended_because}'::text[] THEN
        RAISE EXCEPTION 'a certificate stays as it was given' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT NEW.period <@ OLD.period OR OLD.ended_because <> '' OR (NEW.period <> OLD.period AND NEW.ended_because = '')
            THEN
        RAISE EXCEPTION 'a certificate only ends, once and with the reason' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER certificate_is_guarded BEFORE INSERT OR UPDATE ON claims_chroniccertificate
    FOR EACH ROW EXECUTE FUNCTION claims_guard_certificate();
"""

INJURIES = """
CREATE FUNCTION claims_guard_conclusion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_injuryvisit v WHERE v.inquiry_id = NEW.inquiry_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'two people go there before anything is concluded' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER conclusion_follows_a_visit BEFORE INSERT ON claims_injuryconclusion
    FOR EACH ROW EXECUTE FUNCTION claims_guard_conclusion();
"""

ADMISSIONS = """
CREATE FUNCTION claims_guard_admission() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := '{ward,bed,doctor,discharged_on,void_reason,changed_by_id,changed_at}';
BEGIN
    IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION 'an admission stays as it was noted' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.void_reason <> '' OR (OLD.discharged_on IS NOT NULL AND NEW.void_reason = '') THEN
        RAISE EXCEPTION 'this admission is over' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER admission_is_guarded BEFORE UPDATE ON claims_admission
    FOR EACH ROW EXECUTE FUNCTION claims_guard_admission();

CREATE FUNCTION claims_guard_bed_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_admission a WHERE a.id = NEW.admission_id AND a.void_reason = ''
        AND a.admitted_on <= NEW."on" AND (a.discharged_on IS NULL OR a.discharged_on >= NEW."on")
        AND a.entered_by_id <> NEW.by_id FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a bed is checked while somebody lies in it, by somebody else' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bed_check_is_guarded BEFORE INSERT ON claims_bedcheck
    FOR EACH ROW EXECUTE FUNCTION claims_guard_bed_check();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_add_before")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            *(only_added_to(table) for table in ONLY_ADDED_TO),
            *(history(table) for table in TRACKED),
            MOVES,
            OUTSIDE,
            CERTIFICATES,
            INJURIES,
            ADMISSIONS,
        )
    ]
