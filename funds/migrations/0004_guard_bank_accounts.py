"""What the database itself refuses of bank accounts (docs/rules/reconciliation.md): one of an account whose money lies at
no bank, one that changes after it was entered, one confirmed without its round."""

from django.db import migrations

SQL = """
CREATE TRIGGER bankaccountevent_is_only_added_to BEFORE UPDATE OR DELETE ON funds_bankaccountevent
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
CREATE TRIGGER bankaccount_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON funds_bankaccount
    FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();

INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('funds_bankaccount', '', 'proposed', ''),
    ('funds_bankaccount', 'proposed', 'confirmed', 'approved'),
    ('funds_bankaccount', 'proposed', 'refused', 'refused'),
    ('funds_bankaccount', 'proposed', 'withdrawn', ''),
    ('funds_bankaccount', 'confirmed', 'replaced', '');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON funds_bankaccount
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('funds_fundsround', 'funds.bankaccount');

CREATE FUNCTION funds_guard_bank_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM funds_account a WHERE a.id = NEW.account_id AND a.place IN ('income', 'special', 'spending')
        AND a.is_entered_on;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only an account whose money lies at a bank has a bank account' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_account_is_guarded BEFORE INSERT ON funds_bankaccount
    FOR EACH ROW EXECUTE FUNCTION funds_guard_bank_account();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0003_create_bank_accounts")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
