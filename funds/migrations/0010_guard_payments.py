"""What the database itself refuses of payments, whoever writes the SQL (docs/rules/payments.md): a part or an order in
two live payments, a payment that is paid without its posting, money that leaves unreleased, a batch that changes after
it was asked for, an order that does not add up, an answer that is changed."""

from django.db import migrations

ONLY_ADDED_TO = (
    "answerline",
    "bankanswer",
    "bankfile",
    "cashmove",
    "cashpayout",
    "fundrequestline",
    "orderline",
    "orderpart",
    "paying",
)
TRACKED = ("fundrequest", "paperanswer", "payeeconfirmation", "payment", "paymentbatch", "paymentorder")


def only_added_to(table):
    return f"""
    CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE ON funds_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    """


def history(table):
    return f"""
    {only_added_to(table + "event")}
    CREATE TRIGGER {table}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON funds_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
    """


MOVES = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('funds_fundrequest', '', 'proposed', ''),
    ('funds_fundrequest', 'proposed', 'approved', 'approved'),
    ('funds_fundrequest', 'proposed', 'refused', 'refused'),
    ('funds_fundrequest', 'proposed', 'withdrawn', ''),
    ('funds_fundrequest', 'approved', 'arrived', ''),
    ('funds_paymentorder', '', 'ordered', ''),
    ('funds_paymentorder', 'ordered', 'paid', ''),
    ('funds_paymentorder', 'ordered', 'cancelled', ''),
    ('funds_paymentorder', 'paid', 'ordered', ''),
    ('funds_payeeconfirmation', '', 'proposed', ''),
    ('funds_payeeconfirmation', 'proposed', 'confirmed', 'approved'),
    ('funds_payeeconfirmation', 'proposed', 'refused', 'refused'),
    ('funds_payeeconfirmation', 'proposed', 'withdrawn', ''),
    ('funds_paperanswer', '', 'proposed', ''),
    ('funds_paperanswer', 'proposed', 'confirmed', 'approved'),
    ('funds_paperanswer', 'proposed', 'refused', 'refused'),
    ('funds_paperanswer', 'proposed', 'withdrawn', ''),
    ('funds_paymentbatch', '', 'made', ''),
    ('funds_paymentbatch', 'made', 'asked', ''),
    ('funds_paymentbatch', 'made', 'void', ''),
    ('funds_paymentbatch', 'asked', 'made', ''),
    ('funds_paymentbatch', 'asked', 'refused', 'refused'),
    ('funds_paymentbatch', 'asked', 'with_head', 'approved'),
    ('funds_paymentbatch', 'asked', 'released', 'approved'),
    ('funds_paymentbatch', 'with_head', 'made', ''),
    ('funds_paymentbatch', 'with_head', 'refused', 'refused'),
    ('funds_paymentbatch', 'with_head', 'released', 'approved'),
    ('funds_paymentbatch', 'released', 'over', ''),
    ('funds_payment', '', 'waiting', ''),
    ('funds_payment', 'waiting', 'claimed', ''),
    ('funds_payment', 'waiting', 'stopped', ''),
    ('funds_payment', 'waiting', 'paid', ''),
    ('funds_payment', 'claimed', 'sent', ''),
    ('funds_payment', 'claimed', 'unknown', ''),
    ('funds_payment', 'claimed', 'paid', ''),
    ('funds_payment', 'claimed', 'returned', ''),
    ('funds_payment', 'sent', 'paid', ''),
    ('funds_payment', 'sent', 'returned', ''),
    ('funds_payment', 'sent', 'unknown', ''),
    ('funds_payment', 'unknown', 'paid', ''),
    ('funds_payment', 'unknown', 'returned', ''),
    ('funds_payment', 'paid', 'returned', '');

-- the columns that a row may change, beside its state by a move that is allowed
CREATE FUNCTION funds_guard_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := TG_ARGV[0]::text[];
    moved_from text := '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        moved_from := OLD.state;
        IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
            RAISE EXCEPTION 'what was written of this does not change' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state = OLD.state THEN
            IF to_jsonb(NEW) <> to_jsonb(OLD) THEN
                RAISE EXCEPTION 'what was written of this does not change' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END IF;
    END IF;
    PERFORM 1 FROM office_statemove m WHERE m."table" = TG_TABLE_NAME AND m.before = moved_from AND m.after = NEW.state;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% does not go from "%" to "%"', TG_TABLE_NAME, moved_from, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON funds_payeeconfirmation
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('funds_fundsround', 'funds.payeeconfirmation');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON funds_paperanswer
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('funds_fundsround', 'funds.paperanswer');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON funds_paymentbatch
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('funds_fundsround', 'funds.paymentbatch');
CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON funds_fundrequest
    FOR EACH ROW EXECUTE FUNCTION funds_guard_moves('{state,arrived_on,slip,posting_id}');
CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON funds_paymentorder
    FOR EACH ROW EXECUTE FUNCTION funds_guard_moves('{state,cancelled_because}');
CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON funds_payment FOR EACH ROW EXECUTE FUNCTION
    funds_guard_moves('{state,claimed_at,sent_at,settled_on,reference,reason,posting_id,return_posting_id}');
"""

REQUESTS = """
CREATE FUNCTION funds_guard_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decided boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.transaction := pg_current_xact_id()::text::bigint;
        RETURN NEW;
    END IF;
    IF NEW.state IN ('approved', 'refused') AND NEW.state <> OLD.state THEN
        SELECT r.outcome = NEW.state INTO decided FROM funds_fundsround r WHERE r.subject_type = 'funds.fundrequest'
            AND r.subject_id = NEW.id::text AND r.state = 'closed' ORDER BY r.id DESC LIMIT 1;
        IF decided IS NOT TRUE THEN
            RAISE EXCEPTION 'no round has decided this' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.state = 'arrived' AND NEW.amount IS DISTINCT FROM (SELECT sum(e.amount) FROM funds_entry e
            JOIN funds_account a ON a.id = e.account_id AND a.place = 'spending' AND a.book_id = NEW.book_id
            JOIN funds_posting p ON p.id = e.posting_id AND p.kind = 'requested'
            WHERE e.posting_id = NEW.posting_id AND e.side = 'debit') THEN
        RAISE EXCEPTION 'what arrived is what is entered' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_is_guarded BEFORE INSERT OR UPDATE ON funds_fundrequest
    FOR EACH ROW EXECUTE FUNCTION funds_guard_request();

CREATE FUNCTION funds_check_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.amount IS DISTINCT FROM (SELECT sum(l.amount) FROM funds_fundrequestline l WHERE l.request_id = NEW.id) THEN
        RAISE EXCEPTION 'a fund request is the sum of its lines' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER request_is_whole AFTER INSERT ON funds_fundrequest
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_check_request();
"""

#: Rows that come with their owner, in its transaction.
COME_WITH = (
    ("fundrequestline", "fundrequest", "request_id"),
    ("orderline", "paymentorder", "order_id"),
    ("orderpart", "paymentorder", "order_id"),
    ("answerline", "bankanswer", "answer_id"),
)


def comes_with(table, owner, column):
    return f"""
    CREATE FUNCTION funds_{table}_comes_with() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM added a JOIN funds_{owner} o ON o.id = a.{column}
          WHERE o.transaction <> pg_current_xact_id()::text::bigint;
        IF FOUND THEN
            RAISE EXCEPTION 'lines come with what they are of' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER {table}_comes_with_its_owner AFTER INSERT ON funds_{table}
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION funds_{table}_comes_with();
    """


ORDERS = """
CREATE FUNCTION funds_guard_paying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM funds_account a WHERE a.id = NEW.account_id AND a.book_id = NEW.book_id AND a.kind = 'spending'
        AND a.is_entered_on;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a fund is paid from an account of spending of the same books' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER paying_is_guarded BEFORE INSERT ON funds_paying FOR EACH ROW EXECUTE FUNCTION funds_guard_paying();

CREATE FUNCTION funds_guard_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.transaction := pg_current_xact_id()::text::bigint;
        RETURN NEW;
    END IF;
    IF NEW.state = 'paid' AND OLD.state <> 'paid' THEN
        PERFORM 1 FROM funds_paymentitem i JOIN funds_payment p ON p.id = i.payment_id AND p.state = 'paid'
          WHERE i.order_id = NEW.id AND i.part_id IS NULL AND i.is_live;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'an order is paid by a payment' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.state <> OLD.state THEN
        PERFORM 1 FROM funds_paymentitem i WHERE i.order_id = NEW.id AND i.is_live;
        IF FOUND THEN
            RAISE EXCEPTION 'a payment of this order lives' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_is_guarded BEFORE INSERT OR UPDATE ON funds_paymentorder
    FOR EACH ROW EXECUTE FUNCTION funds_guard_order();

CREATE FUNCTION funds_check_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.amount IS DISTINCT FROM (SELECT sum(CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END)
            FROM funds_orderline l JOIN funds_account a ON a.id = l.account_id AND a.book_id = NEW.book_id
            WHERE l.order_id = NEW.id) THEN
        RAISE EXCEPTION 'an order is what its lines leave for the bank' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER order_is_whole_in_lines AFTER INSERT ON funds_paymentorder
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_check_order();
"""

BATCHES = """
CREATE FUNCTION funds_guard_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
    needed text;
BEGIN
    IF NEW.state = 'released' AND OLD.state <> 'released' THEN
        needed := CASE NEW.place WHEN 'special' THEN 'finance' ELSE 'head' END;
        SELECT r.step, r.amount INTO last FROM funds_fundsround r WHERE r.subject_type = 'funds.paymentbatch'
            AND r.subject_id = NEW.id::text AND r.state = 'closed' ORDER BY r.id DESC LIMIT 1;
        IF last.step IS DISTINCT FROM needed THEN
            RAISE EXCEPTION 'this is not released yet' USING ERRCODE = 'check_violation';
        END IF;
        IF last.amount IS DISTINCT FROM (SELECT sum(p.amount) FROM funds_payment p
                WHERE p.batch_id = NEW.id AND p.state = 'waiting') THEN
            RAISE EXCEPTION 'released is what was decided' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.state = 'with_head' AND OLD.state <> 'with_head' AND NEW.place = 'special' THEN
        RAISE EXCEPTION 'finance releases what leaves the special account' USING ERRCODE = 'check_violation';
    ELSIF NEW.state IN ('over', 'void', 'refused') AND NEW.state <> OLD.state THEN
        PERFORM 1 FROM funds_payment p WHERE p.batch_id = NEW.id
            AND p.state IN ('claimed', 'sent', 'unknown') OR p.batch_id = NEW.id AND p.state = 'waiting' AND NEW.state = 'over';
        IF FOUND THEN
            RAISE EXCEPTION 'a batch is over when its payments are' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER zz_batch_is_guarded BEFORE UPDATE ON funds_paymentbatch
    FOR EACH ROW EXECUTE FUNCTION funds_guard_batch();
"""

PAYMENTS = """
CREATE FUNCTION funds_guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM funds_paymentbatch b WHERE b.id = NEW.batch_id AND b.state = 'made' FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'payments come while their batch is made' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF OLD.posting_id IS NOT NULL AND NEW.posting_id IS DISTINCT FROM OLD.posting_id THEN
        RAISE EXCEPTION 'a payment is entered once' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'waiting' THEN
        SELECT b.state, b.place INTO stands FROM funds_paymentbatch b WHERE b.id = NEW.batch_id FOR SHARE;
        IF NEW.state IN ('claimed', 'paid') AND stands.state <> 'released' THEN
            RAISE EXCEPTION 'this batch is not released' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'payment_leaves_released';
        END IF;
        IF (NEW.state = 'claimed' AND stands.place = 'cash') OR (NEW.state = 'paid' AND stands.place <> 'cash') THEN
            RAISE EXCEPTION 'cash is paid out, the rest is sent' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state = 'stopped' AND stands.state NOT IN ('made', 'released', 'void', 'refused') THEN
            RAISE EXCEPTION 'what is being released does not change' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_is_guarded BEFORE INSERT OR UPDATE ON funds_payment
    FOR EACH ROW EXECUTE FUNCTION funds_guard_payment();

-- one look for all payments of a statement: each is a line of its posting, and what ended frees what it was to pay
CREATE FUNCTION funds_follow_payments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM changed n JOIN before o ON o.id = n.id AND o.state <> n.state AND n.state = 'paid'
        JOIN funds_paymentbatch b ON b.id = n.batch_id
      WHERE n.amount IS DISTINCT FROM (SELECT sum(e.amount) FROM funds_entry e
        JOIN funds_account a ON a.id = e.account_id AND a.place = b.place AND a.book_id = b.book_id
        WHERE e.posting_id = n.posting_id AND e.side = 'credit' AND NOT e.is_red AND e.words = n.number);
    IF FOUND THEN
        RAISE EXCEPTION 'a payment stands in the books as it is paid' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM changed n JOIN before o ON o.id = n.id AND o.state = 'paid' AND n.state = 'returned'
        JOIN funds_paymentbatch b ON b.id = n.batch_id
      WHERE n.amount IS DISTINCT FROM (SELECT sum(e.amount) FROM funds_entry e
        JOIN funds_account a ON a.id = e.account_id AND a.place = b.place AND a.book_id = b.book_id
        WHERE e.posting_id = n.return_posting_id AND e.side = 'debit' AND NOT e.is_red AND e.words = n.number);
    IF FOUND THEN
        RAISE EXCEPTION 'what came back stands in the books' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE funds_paymentitem i SET is_live = false FROM changed n
      WHERE n.id = i.payment_id AND i.is_live AND n.state IN ('returned', 'stopped');
    RETURN NULL;
END $$;
CREATE TRIGGER zz_payments_are_followed AFTER UPDATE ON funds_payment
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION funds_follow_payments();
CREATE INDEX entry_by_words ON funds_entry (posting_id, words) WHERE words <> '';

CREATE FUNCTION funds_guard_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM 1 FROM funds_payment p WHERE p.id = NEW.payment_id AND p.state IN ('returned', 'stopped');
        IF NOT FOUND OR NEW.is_live OR to_jsonb(NEW) - 'is_live' <> to_jsonb(OLD) - 'is_live' THEN
            RAISE EXCEPTION 'an item lives as long as its payment' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    PERFORM 1 FROM funds_payment p JOIN funds_paymentbatch b ON b.id = p.batch_id
      WHERE p.id = NEW.payment_id AND p.state = 'waiting' AND b.state = 'made'
        AND CASE WHEN NEW.part_id IS NOT NULL AND NEW.order_id IS NOT NULL THEN EXISTS (
                SELECT FROM funds_orderpart x JOIN claims_claimpart c ON c.id = x.part_id AND c.amount = NEW.amount
                WHERE x.part_id = NEW.part_id AND x.order_id = NEW.order_id)
            WHEN NEW.part_id IS NOT NULL THEN EXISTS (
                SELECT FROM claims_claimpart c JOIN funds_paying y ON y.fund = c.fund AND y.book_id = b.book_id
                WHERE c.id = NEW.part_id AND c.amount = NEW.amount)
            ELSE EXISTS (SELECT FROM funds_paymentorder o WHERE o.id = NEW.order_id AND o.amount = NEW.amount
                AND o.book_id = b.book_id AND o.place = b.place AND o.state = 'ordered') END;
    IF NOT FOUND OR NOT NEW.is_live THEN
        RAISE EXCEPTION 'a payment pays what is to be paid, as long as its batch is made' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER item_is_guarded BEFORE INSERT OR UPDATE ON funds_paymentitem
    FOR EACH ROW EXECUTE FUNCTION funds_guard_item();

CREATE FUNCTION funds_check_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.amount IS DISTINCT FROM (SELECT sum(i.amount) FROM funds_paymentitem i
            WHERE i.payment_id = NEW.id AND (i.part_id IS NULL OR i.order_id IS NULL)) THEN
        RAISE EXCEPTION 'a payment is the sum of what it pays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payment_is_whole AFTER INSERT ON funds_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_check_payment();

CREATE FUNCTION funds_guard_payment_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM (SELECT DISTINCT payment_id FROM added) a JOIN funds_payment p ON p.id = a.payment_id
      WHERE p.amount < (SELECT sum(i.amount) FROM funds_paymentitem i
        WHERE i.payment_id = p.id AND (i.part_id IS NULL OR i.order_id IS NULL));
    IF FOUND THEN
        RAISE EXCEPTION 'nothing is added to a payment that was made' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_takes_no_more AFTER INSERT ON funds_paymentitem
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION funds_guard_payment_items();
"""

BANK = """
CREATE FUNCTION funds_guard_bank_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    going record;
BEGIN
    SELECT count(*) AS lines, coalesce(sum(p.amount), 0) AS total INTO going FROM funds_payment p
      WHERE p.batch_id = NEW.batch_id AND p.state = 'claimed';
    IF going.lines <> NEW.lines OR going.total <> NEW.total THEN
        RAISE EXCEPTION 'a file holds what is being sent' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_file_is_guarded BEFORE INSERT ON funds_bankfile
    FOR EACH ROW EXECUTE FUNCTION funds_guard_bank_file();

CREATE FUNCTION funds_stamp_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.transaction := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER answer_is_stamped BEFORE INSERT ON funds_bankanswer FOR EACH ROW EXECUTE FUNCTION funds_stamp_answer();

CREATE FUNCTION funds_check_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM (SELECT count(*) AS lines, coalesce(sum(l.amount), 0) AS total FROM funds_answerline l
        WHERE l.answer_id = NEW.id) told WHERE told.lines = NEW.lines AND told.total = NEW.total;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an answer is the sum of its lines' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER answer_is_whole AFTER INSERT ON funds_bankanswer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_check_answer();

CREATE FUNCTION funds_guard_payout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM funds_payment p JOIN funds_paymentbatch b ON b.id = p.batch_id
      WHERE p.id = NEW.payment_id AND p.state = 'waiting' AND b.state = 'released' AND b.place = 'cash'
      FOR UPDATE OF p;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'cash is paid out once, of a released batch' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_is_guarded BEFORE INSERT ON funds_cashpayout
    FOR EACH ROW EXECUTE FUNCTION funds_guard_payout();

CREATE FUNCTION funds_guard_cash_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM funds_paymentbatch b JOIN funds_entry e ON e.posting_id = NEW.posting_id AND e.amount = NEW.amount
        JOIN funds_account a ON a.id = e.account_id AND a.place = 'cash' AND a.book_id = b.book_id
      WHERE b.id = NEW.batch_id AND b.place = 'cash' AND b.state = 'released'
        AND e.side = CASE NEW.kind WHEN 'fetched' THEN 'debit' ELSE 'credit' END;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'cash moves as it is entered' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cash_move_is_guarded BEFORE INSERT ON funds_cashmove
    FOR EACH ROW EXECUTE FUNCTION funds_guard_cash_move();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0009_create_payments"), ("claims", "0016_let_paid_parts_come_back")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            *map(only_added_to, ONLY_ADDED_TO),
            *map(history, TRACKED),
            MOVES,
            REQUESTS,
            *(comes_with(*one) for one in COME_WITH),
            ORDERS,
            BATCHES,
            PAYMENTS,
            BANK,
        )
    ]
