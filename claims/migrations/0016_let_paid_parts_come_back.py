"""A transfer that the bank has made can come back: its parts, and their claim, are payable again. What the bank did with
a claim that is being paid is followed, also where the claim is held meanwhile."""

from django.db import migrations

MOVES = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES ('claims_claim', 'paid', 'payable', '');

CREATE OR REPLACE FUNCTION claims_guard_claim() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    needed text;
    decided boolean;
    may_change text[] := '{state,state_since,route,proposed}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'entered' OR NEW.content_version <> 1 THEN
            RAISE EXCEPTION 'a claim begins as it was entered' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state = 'entered' AND NEW.state IN ('first_check', 'second_check') THEN
        may_change := may_change || '{payee_name,payee_relation,payee_bank,payee_account}'::text[];
    END IF;
    IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        IF NEW.state <> 'entered' OR OLD.state NOT IN ('entered', 'returned') THEN
            RAISE EXCEPTION 'what was entered does not change under those who check it' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.content_version <> OLD.content_version + 1
                OR (NEW.number, NEW.body_id, NEW.entered_on, NEW.entered_at)
                <> (OLD.number, OLD.body_id, OLD.entered_on, OLD.entered_at)
                OR NEW.document_id IS DISTINCT FROM OLD.document_id THEN
            RAISE EXCEPTION 'a change is a new version of the same claim' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.state = 'entered' AND OLD.state = 'returned' THEN
        RAISE EXCEPTION 'a returned claim comes back changed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    SELECT outcome INTO needed FROM office_statemove m
      WHERE m."table" = 'claims_claim' AND m.before = OLD.state AND m.after = NEW.state;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a claim does not go from "%" to "%"', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'entered' AND NEW.state = 'approved' THEN
        IF NEW.document_id IS NULL OR NOT claims_document_is_decided(NEW.document_id) THEN
            RAISE EXCEPTION 'no round has decided this' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF needed <> '' THEN
        SELECT r.outcome = needed AND r.step = OLD.state INTO decided FROM claims_claimsround r
          WHERE r.subject_type = 'claims.claim' AND r.subject_id = NEW.id::text AND r.state = 'closed'
          ORDER BY r.id DESC LIMIT 1;
        IF decided IS NOT TRUE THEN
            RAISE EXCEPTION 'no round has decided this' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF OLD.state = 'refused' OR (OLD.state = 'paid' AND NEW.state IN ('paying', 'payable')) THEN
        PERFORM 1 FROM claims_appeal a WHERE a.claim_id = NEW.id AND a.state = 'won';
        IF NOT FOUND AND OLD.state = 'paid' THEN  -- a transfer came back
            PERFORM 1 FROM claims_approval a JOIN claims_claimpart p ON p.approval_id = a.id AND p.state = 'payable'
              WHERE a.claim_id = NEW.id;
        END IF;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'what ended begins again only when an appeal is granted' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    -- what the bank did is followed, also where somebody holds the claim meanwhile
    IF NEW.state NOT IN ('void', 'refused', 'returned', 'entered', 'reversed')
            AND NOT (OLD.state IN ('paying', 'paid') AND NEW.state IN ('paying', 'paid', 'payable')) THEN
        PERFORM 1 FROM claims_flag f WHERE f.claim_id = NEW.id AND f.lifted_at IS NULL;
        IF FOUND THEN
            RAISE EXCEPTION 'a held claim moves no further' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.state = 'approved' THEN
        PERFORM 1 FROM claims_approval a WHERE a.claim_id = NEW.id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'an approved claim has its approval' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF OLD.state = 'entered' AND NEW.state IN ('first_check', 'second_check') THEN
        PERFORM 1 FROM claims_askedpaper k WHERE k.claim_id = NEW.id AND NOT EXISTS (
            SELECT 1 FROM claims_claimpaper p WHERE p.claim_id = NEW.id AND p.version = NEW.content_version
                AND p.paper = k.paper AND (p.is_there OR p.answer <> ''));
        IF FOUND THEN
            RAISE EXCEPTION 'what was asked for is there or answered' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION claims_guard_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.appeal_id IS NULL THEN
            PERFORM 1 FROM claims_approval a JOIN claims_claim c ON c.id = a.claim_id WHERE a.id = NEW.approval_id
                AND claims_may_be_granted(c) FOR SHARE OF c;
        ELSE
            PERFORM 1 FROM claims_approval a JOIN claims_claim c ON c.id = a.claim_id
                JOIN claims_appeal p ON p.claim_id = c.id AND p.id = NEW.appeal_id AND p.state = 'won'
                JOIN claims_appealgrant g ON g.appeal_id = p.id AND g.approval_id = a.id
              WHERE a.id = NEW.approval_id AND c.state IN ('approved', 'payable', 'paying', 'paid') FOR SHARE OF c;
        END IF;
        IF NOT FOUND OR NEW.state <> 'approved' THEN
            RAISE EXCEPTION 'parts come with their approval' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' THEN
        RAISE EXCEPTION 'a part stays what it is' USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('approved', 'payable'), ('payable', 'paying'), ('paying', 'paid'),
            ('paying', 'payable'), ('paid', 'payable'), ('approved', 'void'), ('payable', 'void'), ('paid', 'reversed'))
            AND OLD.state <> NEW.state THEN
        RAISE EXCEPTION 'a part does not go from "%" to "%"', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0015_guard_bulk_and_publicity")]

    operations = [migrations.RunSQL(MOVES, migrations.RunSQL.noop)]
