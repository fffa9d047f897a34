"""Separation of duties in the database: the pairs, and the trigger that refuses them.

The pairs are those of office/rules/duties.py on the day of this migration (a test compares the two); a later change of
the rule comes with a migration of its own.
"""

from django.db import migrations

PAIRS = """
INSERT INTO office_dutyexclusion (first, second) VALUES
    ('accounting_head', 'cashier'),
    ('accounting_head', 'finance_reviewer'),
    ('accounting_head', 'fund_accountant'),
    ('accounting_head', 'hospital_desk'),
    ('accounting_head', 'internal_auditor'),
    ('accounting_head', 'security_administrator'),
    ('accounting_head', 'security_auditor'),
    ('accounting_head', 'state_auditor'),
    ('accounting_head', 'system_administrator'),
    ('accounting_head', 'village_doctor'),
    ('cashier', 'finance_reviewer'),
    ('cashier', 'first_checker'),
    ('cashier', 'fund_accountant'),
    ('cashier', 'hospital_desk'),
    ('cashier', 'internal_auditor'),
    ('cashier', 'second_checker'),
    ('cashier', 'security_administrator'),
    ('cashier', 'security_auditor'),
    ('cashier', 'state_auditor'),
    ('cashier', 'system_administrator'),
    ('cashier', 'village_doctor'),
    ('committee_chair', 'committee_secretary'),
    ('committee_chair', 'hospital_desk'),
    ('committee_chair', 'internal_auditor'),
    ('committee_chair', 'security_administrator'),
    ('committee_chair', 'security_auditor'),
    ('committee_chair', 'state_auditor'),
    ('committee_chair', 'system_administrator'),
    ('committee_chair', 'village_doctor'),
    ('committee_member', 'committee_secretary'),
    ('committee_member', 'hospital_desk'),
    ('committee_member', 'internal_auditor'),
    ('committee_member', 'security_administrator'),
    ('committee_member', 'security_auditor'),
    ('committee_member', 'state_auditor'),
    ('committee_member', 'system_administrator'),
    ('committee_member', 'village_doctor'),
    ('committee_secretary', 'hospital_desk'),
    ('committee_secretary', 'internal_auditor'),
    ('committee_secretary', 'security_administrator'),
    ('committee_secretary', 'security_auditor'),
    ('committee_secretary', 'state_auditor'),
    ('committee_secretary', 'system_administrator'),
    ('committee_secretary', 'village_doctor'),
    ('finance_reviewer', 'fund_accountant'),
    ('finance_reviewer', 'internal_auditor'),
    ('finance_reviewer', 'security_administrator'),
    ('finance_reviewer', 'security_auditor'),
    ('finance_reviewer', 'state_auditor'),
    ('finance_reviewer', 'system_administrator'),
    ('first_checker', 'hospital_desk'),
    ('first_checker', 'internal_auditor'),
    ('first_checker', 'second_checker'),
    ('first_checker', 'security_administrator'),
    ('first_checker', 'security_auditor'),
    ('first_checker', 'state_auditor'),
    ('first_checker', 'system_administrator'),
    ('first_checker', 'village_doctor'),
    ('fund_accountant', 'hospital_desk'),
    ('fund_accountant', 'internal_auditor'),
    ('fund_accountant', 'security_administrator'),
    ('fund_accountant', 'security_auditor'),
    ('fund_accountant', 'state_auditor'),
    ('fund_accountant', 'system_administrator'),
    ('fund_accountant', 'village_doctor'),
    ('hospital_desk', 'internal_auditor'),
    ('hospital_desk', 'office_head'),
    ('hospital_desk', 'second_checker'),
    ('hospital_desk', 'security_administrator'),
    ('hospital_desk', 'security_auditor'),
    ('hospital_desk', 'state_auditor'),
    ('hospital_desk', 'system_administrator'),
    ('intake_clerk', 'internal_auditor'),
    ('intake_clerk', 'second_checker'),
    ('intake_clerk', 'security_administrator'),
    ('intake_clerk', 'security_auditor'),
    ('intake_clerk', 'state_auditor'),
    ('intake_clerk', 'system_administrator'),
    ('internal_auditor', 'office_head'),
    ('internal_auditor', 'second_checker'),
    ('internal_auditor', 'security_administrator'),
    ('internal_auditor', 'security_auditor'),
    ('internal_auditor', 'system_administrator'),
    ('internal_auditor', 'township_clerk'),
    ('internal_auditor', 'village_doctor'),
    ('office_head', 'security_administrator'),
    ('office_head', 'security_auditor'),
    ('office_head', 'state_auditor'),
    ('office_head', 'system_administrator'),
    ('office_head', 'village_doctor'),
    ('second_checker', 'security_administrator'),
    ('second_checker', 'security_auditor'),
    ('second_checker', 'state_auditor'),
    ('second_checker', 'system_administrator'),
    ('second_checker', 'village_doctor'),
    ('security_administrator', 'security_auditor'),
    ('security_administrator', 'state_auditor'),
    ('security_administrator', 'system_administrator'),
    ('security_administrator', 'township_clerk'),
    ('security_administrator', 'village_doctor'),
    ('security_auditor', 'state_auditor'),
    ('security_auditor', 'system_administrator'),
    ('security_auditor', 'township_clerk'),
    ('security_auditor', 'village_doctor'),
    ('state_auditor', 'system_administrator'),
    ('state_auditor', 'township_clerk'),
    ('state_auditor', 'village_doctor'),
    ('system_administrator', 'township_clerk'),
    ('system_administrator', 'village_doctor');
"""

# The person's row is locked first: of two appointments at the same moment the second waits, and then sees the first.
GUARD = """
CREATE FUNCTION office_duties_stay_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    clash text;
BEGIN
    PERFORM 1 FROM office_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    SELECT other.duty INTO clash
      FROM office_appointment other
      JOIN office_dutyexclusion pair
        ON pair.first = LEAST(other.duty, NEW.duty) AND pair.second = GREATEST(other.duty, NEW.duty)
     WHERE other.person_id = NEW.person_id AND other.id <> NEW.id AND other.period && NEW.period
     LIMIT 1;
    IF clash IS NOT NULL THEN
        RAISE EXCEPTION '% and % exclude each other', NEW.duty, clash
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appointment_duties_stay_apart';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER appointment_duties_stay_apart AFTER INSERT OR UPDATE ON office_appointment
    FOR EACH ROW EXECUTE FUNCTION office_duties_stay_apart();
"""

BACK = """
DROP TRIGGER appointment_duties_stay_apart ON office_appointment;
DROP FUNCTION office_duties_stay_apart();
DELETE FROM office_dutyexclusion;
"""


class Migration(migrations.Migration):
    dependencies = [("office", "0004_add_duty_exclusions")]

    operations = [migrations.RunSQL(PAIRS + GUARD, BACK)]
