"""What the database itself refuses of vouchers made by hand and of requests about months: a step that there is not, a
voucher that changes once it is entered or withdrawn, one that is entered with a posting of other people."""

from django.db import migrations

SQL = """
CREATE TRIGGER periodrequest_is_only_added_to BEFORE UPDATE OR DELETE ON funds_periodrequest
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
CREATE TRIGGER voucherevent_is_only_added_to BEFORE UPDATE OR DELETE ON funds_voucherevent
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
CREATE TRIGGER voucher_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON funds_voucher
    FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();

INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('funds_voucher', '', 'noted', ''),
    ('funds_voucher', 'noted', 'entered', ''),
    ('funds_voucher', 'noted', 'returned', ''),
    ('funds_voucher', 'noted', 'withdrawn', ''),
    ('funds_voucher', 'returned', 'noted', ''),
    ('funds_voucher', 'returned', 'withdrawn', '');

CREATE FUNCTION funds_guard_voucher() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved_from text := '';
    may_change text[] := '{state,reason,checked_by_id,checked_at,posting_id}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        moved_from := OLD.state;
        IF OLD.state = 'returned' AND NEW.state = 'noted' THEN
            may_change := may_change || '{on,summary,attachments,lines,made_at}';
        END IF;
        IF OLD.state NOT IN ('noted', 'returned') OR to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
            RAISE EXCEPTION 'a voucher changes where it was sent back, and nowhere else'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    PERFORM 1 FROM office_statemove m
      WHERE m."table" = TG_TABLE_NAME AND m.before = moved_from AND m.after = NEW.state;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% does not go from "%" to "%"', TG_TABLE_NAME, moved_from, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'entered' THEN
        PERFORM 1 FROM funds_posting p WHERE p.id = NEW.posting_id AND p.book_id = NEW.book_id AND p.kind = NEW.kind
            AND p.made_by_id = NEW.made_by_id AND p.checked_by_id = NEW.checked_by_id
            AND p.reverses_id IS NOT DISTINCT FROM NEW.reverses_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a voucher is entered as its own posting' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER voucher_is_guarded BEFORE INSERT OR UPDATE ON funds_voucher
    FOR EACH ROW EXECUTE FUNCTION funds_guard_voucher();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0017_create_vouchers")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
