"""A transfer that the bank has made can come back: its parts, and their claim, are payable again."""

from django.db import migrations

MOVES = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES ('claims_claim', 'paid', 'payable', '');

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
