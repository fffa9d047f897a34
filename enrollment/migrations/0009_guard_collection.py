"""What the database itself refuses of collecting: a receipt that leaves a gap, a sheet whose sums do not agree with its
receipts, money handed in that becomes nobody's (docs/rules/collection.md)."""

from django.db import migrations

ONLY_ADDED_TO = (
    "assistanceline",
    "assistancelist",
    "bulletin",
    "refundpayment",
    "sheetentry",
    "subsidyclaim",
)
TRACKED = (
    "campaigndeadline",
    "collectioncost",
    "collectionsheet",
    "receipt",
    "receiptbook",
    "refund",
    "reminder",
)


def only_added_to(table):
    return f"""
    CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE ON enrollment_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    """


def history(table):
    return f"""
    {only_added_to(table + "event")}
    CREATE TRIGGER {table}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON enrollment_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
    """


REFUND = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('enrollment_refund', '', 'proposed', ''),
    ('enrollment_refund', 'proposed', 'approved', 'approved'),
    ('enrollment_refund', 'proposed', 'refused', 'refused'),
    ('enrollment_refund', 'proposed', 'withdrawn', ''),
    ('enrollment_refund', 'approved', 'paid', '');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON enrollment_refund
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('enrollment_enrollmentround', 'enrollment.refund');

CREATE FUNCTION enrollment_guard_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM enrollment_contribution c WHERE c.id = NEW.contribution_id AND c.void_reason = ''
        AND c.own = NEW.amount FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only what somebody paid himself is given back, all of it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refund_is_of_what_was_paid BEFORE INSERT ON enrollment_refund
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_refund();

CREATE FUNCTION enrollment_guard_refund_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM enrollment_refund WHERE id = NEW.refund_id AND state IN ('approved', 'paid') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only an approved refund is paid' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refund_payment_is_guarded BEFORE INSERT ON enrollment_refundpayment
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_refund_payment();
"""

#: What was paid itself on an entry, whether it was given back later or not: what its receipt says.
PAID = """
CREATE FUNCTION enrollment_entry_paid(entry bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(c.own), 0) FROM enrollment_contribution c WHERE c.entry_id = entry AND (c.void_reason = ''
        OR EXISTS (SELECT 1 FROM enrollment_refund r WHERE r.contribution_id = c.id AND r.state IN ('approved', 'paid')))
$$;
"""

CONTRIBUTION = """
CREATE OR REPLACE FUNCTION enrollment_guard_contribution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'void_reason' <> to_jsonb(OLD) - 'void_reason' OR OLD.void_reason <> '' THEN
        RAISE EXCEPTION 'what was paid stays; a mistake is made void' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.entry_id IS NOT NULL THEN
        PERFORM 1 FROM enrollment_sheetentry e JOIN enrollment_collectionsheet s ON s.id = e.sheet_id
          WHERE e.id = NEW.entry_id AND s.state = 'open' FOR SHARE OF s;
        IF NOT FOUND THEN
            PERFORM 1 FROM enrollment_refund WHERE contribution_id = NEW.id AND state IN ('approved', 'paid');
            IF NOT FOUND THEN
                RAISE EXCEPTION 'this money was handed in: it is given back by a refund' USING ERRCODE = 'check_violation';
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enrollment_guard_sheet_contributions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM added n JOIN enrollment_sheetentry e ON e.id = n.entry_id
        JOIN enrollment_collectionsheet s ON s.id = e.sheet_id
      WHERE s.state <> 'open' OR s.fund_year_id <> n.fund_year_id;
    IF FOUND THEN
        RAISE EXCEPTION 'this sheet is closed, or of another year' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER contribution_lies_on_its_sheet AFTER INSERT ON enrollment_contribution
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION enrollment_guard_sheet_contributions();
"""

SHEET = """
CREATE FUNCTION enrollment_guard_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said record;
    may_change text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' THEN
            RAISE EXCEPTION 'a sheet begins open' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM 1 FROM enrollment_division d, enrollment_fundyear y
          WHERE d.id = NEW.village_id AND d.level = 'village' AND y.id = NEW.fund_year_id AND y.state = 'confirmed';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a sheet is of one village and a confirmed year' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    may_change := CASE
        WHEN (OLD.state, NEW.state) = ('open', 'handed_in')
            THEN '{state,handed_in_on,handed_in_by_id,households,people,cash,assisted,collective}'
        WHEN (OLD.state, NEW.state) = ('open', 'cancelled') THEN '{state}'
        WHEN (OLD.state, NEW.state) IN (('handed_in', 'deposited'), ('deposited', 'handed_in'))
            THEN '{state,deposited_on,deposit_slip}'
        WHEN (OLD.state, NEW.state) IN (('deposited', 'confirmed'), ('confirmed', 'deposited'))
            THEN '{state,confirmed_on}'
        WHEN (OLD.state, NEW.state) = ('open', 'open') THEN '{collector}'
    END;
    IF may_change IS NULL THEN
        RAISE EXCEPTION 'a sheet does not go from "%" to "%"', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION 'a sheet keeps what it says' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'cancelled' THEN
        PERFORM 1 FROM enrollment_contribution c JOIN enrollment_sheetentry e ON e.id = c.entry_id
          WHERE e.sheet_id = NEW.id AND c.void_reason = '';
        IF FOUND THEN
            RAISE EXCEPTION 'something stands on this sheet' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.state = 'handed_in' AND OLD.state = 'open' THEN
        SELECT count(DISTINCT e.household_id) AS households, count(*) AS people, coalesce(sum(c.own), 0) AS cash,
            coalesce(sum(c.assisted), 0) AS assisted, coalesce(sum(c.collective), 0) AS collective
          INTO said FROM enrollment_sheetentry e JOIN enrollment_contribution c ON c.entry_id = e.id
          WHERE e.sheet_id = NEW.id AND c.void_reason = '';
        IF (NEW.households, NEW.people, NEW.cash, NEW.assisted, NEW.collective)
            <> (said.households, said.people, said.cash, said.assisted, said.collective) THEN
            RAISE EXCEPTION 'the sums of this sheet are not those of its entries' USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT 1 FROM enrollment_sheetentry e JOIN enrollment_receipt r ON r.entry_id = e.id AND r.state = 'used'
              WHERE e.sheet_id = NEW.id AND r.amount <> enrollment_entry_paid(e.id)
        ) THEN
            RAISE EXCEPTION 'a receipt says another sum than was paid' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sheet_is_guarded BEFORE INSERT OR UPDATE ON enrollment_collectionsheet
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_sheet();

CREATE FUNCTION enrollment_guard_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM enrollment_collectionsheet WHERE id IN (SELECT sheet_id FROM added) ORDER BY id FOR SHARE;
    PERFORM 1 FROM added n JOIN enrollment_collectionsheet s ON s.id = n.sheet_id
        JOIN enrollment_household h ON h.id = n.household_id
      WHERE s.state <> 'open' OR h.village_id <> s.village_id;
    IF FOUND THEN
        RAISE EXCEPTION 'this sheet is closed, or of another village' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entry_lies_on_an_open_sheet AFTER INSERT ON enrollment_sheetentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION enrollment_guard_entries();
"""

BOOK = """
CREATE FUNCTION enrollment_guard_book() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[];
    reached bigint;
    accounted bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM enrollment_division WHERE id = NEW.township_id AND level = 'township';
        IF NOT FOUND OR NEW.state <> 'issued' THEN
            RAISE EXCEPTION 'receipts are issued to a township, which then receives them' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    may_change := CASE
        WHEN (OLD.state, NEW.state) = ('issued', 'in_use') THEN '{state,received_by_id,received_at}'
        WHEN (OLD.state, NEW.state) IN (('issued', 'closed'), ('in_use', 'closed'))
            THEN '{state,kept_last,closed_by_id,closed_at}'
    END;
    IF may_change IS NULL OR to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION 'a receipt book keeps its numbers and its way' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'closed' THEN
        SELECT coalesce(max(serial), NEW.first - 1), count(*) INTO reached, accounted
          FROM enrollment_receipt WHERE book_id = NEW.id;
        IF NEW.kept_last <> reached OR accounted <> reached - NEW.first + 1 THEN
            RAISE EXCEPTION 'receipts of this book are missing' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER book_is_guarded BEFORE INSERT OR UPDATE ON enrollment_receiptbook
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_book();
"""

RECEIPT = """
CREATE FUNCTION enrollment_guard_receipts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM enrollment_receiptbook WHERE id IN (SELECT book_id FROM added) ORDER BY id FOR SHARE;
    PERFORM 1 FROM added n JOIN enrollment_receiptbook b ON b.id = n.book_id
      WHERE b.state <> 'in_use' OR n.serial NOT BETWEEN b.first AND b.last
        OR n.number <> b.series || lpad(n.serial::text, b.digits, '0');
    IF FOUND THEN
        RAISE EXCEPTION 'this receipt is not in that book, or the book is not in use' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM added n JOIN enrollment_receiptbook b ON b.id = n.book_id
      WHERE n.roster_id IS NULL AND n.serial > b.first AND NOT EXISTS (
        SELECT 1 FROM enrollment_receipt p WHERE p.book_id = n.book_id AND p.serial = n.serial - 1);
    IF FOUND THEN
        RAISE EXCEPTION 'the receipt before this one is missing' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM added n JOIN enrollment_receiptbook b ON b.id = n.book_id
        JOIN enrollment_sheetentry e ON e.id = n.entry_id
        JOIN enrollment_collectionsheet s ON s.id = e.sheet_id
        JOIN enrollment_division v ON v.id = s.village_id
      WHERE v.parent_id <> b.township_id OR s.state <> 'open' AND n.replaces_id IS NULL
        OR n.roster_id IS NOT NULL AND n.roster_id IS DISTINCT FROM s.roster_id;
    IF FOUND THEN
        RAISE EXCEPTION 'this receipt does not belong on that sheet' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM added n JOIN enrollment_receipt o ON o.id = n.replaces_id
      WHERE o.state <> 'void' OR o.entry_id IS DISTINCT FROM n.entry_id OR o.amount <> n.amount;
    IF FOUND THEN
        RAISE EXCEPTION 'a new receipt says what the void one said' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER receipt_lies_in_its_book AFTER INSERT ON enrollment_receipt
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION enrollment_guard_receipts();

CREATE FUNCTION enrollment_guard_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{state,void_reason,printed}'::text[] <> to_jsonb(OLD) - '{state,void_reason,printed}'::text[]
        OR OLD.state = 'void' AND (NEW.state, NEW.void_reason) <> (OLD.state, OLD.void_reason)
        OR NEW.printed < OLD.printed THEN
        RAISE EXCEPTION 'a receipt stays as it was written, or is void' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipt_stays BEFORE UPDATE ON enrollment_receipt
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_receipt();

CREATE FUNCTION enrollment_guard_void_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands numeric;
BEGIN
    SELECT coalesce(sum(amount), 0) INTO stands FROM enrollment_receipt
      WHERE entry_id = NEW.entry_id AND state = 'used';
    IF stands <> enrollment_entry_paid(NEW.entry_id) THEN
        RAISE EXCEPTION 'what was paid has no receipt any more' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER void_receipt_is_replaced AFTER UPDATE OF state ON enrollment_receipt
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'void' AND OLD.state = 'used') EXECUTE FUNCTION enrollment_guard_void_receipt();
"""

SUBSIDY = """
CREATE FUNCTION enrollment_guard_subsidy_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM enrollment_fundyear WHERE id = NEW.fund_year_id AND state = 'confirmed' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'subsidies are claimed for a confirmed year' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.rate_id IS NOT NULL THEN
        PERFORM 1 FROM enrollment_subsidyrate WHERE id = NEW.rate_id AND fund_year_id = NEW.fund_year_id
            AND level = NEW.payer AND NEW.due = NEW.heads * per_head;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a level of government owes heads times its rate' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.claimed_before <> (SELECT coalesce(sum(amount), 0) FROM enrollment_subsidyclaim
        WHERE fund_year_id = NEW.fund_year_id AND payer = NEW.payer AND rate_id IS NOT DISTINCT FROM NEW.rate_id) THEN
        RAISE EXCEPTION 'something else was claimed before' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER subsidy_claim_is_guarded BEFORE INSERT ON enrollment_subsidyclaim
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_subsidy_claim();
"""

CAMPAIGN = """
CREATE FUNCTION enrollment_guard_reminder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answered_at IS NOT NULL OR to_jsonb(NEW) - '{answer,answered_by_id,answered_at}'::text[]
        <> to_jsonb(OLD) - '{answer,answered_by_id,answered_at}'::text[] THEN
        RAISE EXCEPTION 'a reminder is answered once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reminder_is_answered_once BEFORE UPDATE ON enrollment_reminder
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_reminder();

CREATE FUNCTION enrollment_guard_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.void_reason <> '' OR to_jsonb(NEW) - 'void_reason' <> to_jsonb(OLD) - 'void_reason' THEN
        RAISE EXCEPTION 'a deadline stays as it was set, or is void' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deadline_stays BEFORE UPDATE ON enrollment_campaigndeadline
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_deadline();

CREATE FUNCTION enrollment_guard_cost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.void_reason <> '' OR to_jsonb(NEW) - 'void_reason' <> to_jsonb(OLD) - 'void_reason' THEN
        RAISE EXCEPTION 'what was noted stays; a mistake is made void' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cost_stays BEFORE UPDATE ON enrollment_collectioncost
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_cost();
"""


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0008_add_collection")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            *(only_added_to(table) for table in ONLY_ADDED_TO),
            *(history(table) for table in TRACKED),
            REFUND,
            PAID,
            CONTRIBUTION,
            SHEET,
            BOOK,
            RECEIPT,
            SUBSIDY,
            CAMPAIGN,
        )
    ]
