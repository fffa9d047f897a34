"""What the database itself refuses of claims in bulk, in public and on appeal (docs/rules/bulk.md, publicity.md,
appeals.md): visits approved without their document's round, rows that change under those who check them, lists that
change after they were posted, a second appeal, a further part nobody granted, an invoice used before this system."""

from django.db import migrations

ONLY_ADDED_TO = (
    "appealgrant",
    "counteropening",
    "doorrequest",
    "publicityentry",
    "restoredcut",
    "samplecheck",
    "settledpart",
    "settlement",
    "statisticssheet",
    "usedinvoice",
)
TRACKED = ("appeal", "bulkdocument", "bulkrow", "doortoken", "objection", "publicitylist", "sampledrow")


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
    ('claims_claim', 'entered', 'approved', 'approved'),
    ('claims_claim', 'paid', 'paying', ''),
    ('claims_claim', 'refused', 'returned', ''),
    ('claims_bulkdocument', '', 'draft', ''),
    ('claims_bulkdocument', 'draft', 'handed_in', ''),
    ('claims_bulkdocument', 'draft', 'void', ''),
    ('claims_bulkdocument', 'handed_in', 'approved', 'approved'),
    ('claims_bulkdocument', 'handed_in', 'returned', 'returned'),
    ('claims_bulkdocument', 'handed_in', 'refused', 'refused'),
    ('claims_bulkdocument', 'returned', 'handed_in', ''),
    ('claims_bulkdocument', 'returned', 'void', ''),
    ('claims_appeal', '', 'received', ''),
    ('claims_appeal', 'received', 'won', 'approved'),
    ('claims_appeal', 'received', 'lost', 'refused'),
    ('claims_appeal', 'received', 'withdrawn', '');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON claims_appeal
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('claims_claimsround', 'claims.appeal');
"""

CLAIM = """
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
    ELSIF OLD.state = 'refused' OR (OLD.state = 'paid' AND NEW.state = 'paying') THEN
        PERFORM 1 FROM claims_appeal a WHERE a.claim_id = NEW.id AND a.state = 'won';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'what ended begins again only when an appeal is granted' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.state NOT IN ('void', 'refused', 'returned', 'entered', 'reversed') THEN
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

CREATE FUNCTION claims_document_is_decided(document bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT r.outcome = 'approved' FROM claims_claimsround r
        WHERE r.subject_type = 'claims.bulkdocument' AND r.subject_id = document::text AND r.state = 'closed'
        ORDER BY r.id DESC LIMIT 1), false)
$$;

CREATE FUNCTION claims_may_be_granted(claim claims_claim) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT claim.state IN ('second_check', 'head', 'committee')
        OR claim.state = 'entered' AND claim.document_id IS NOT NULL AND claims_document_is_decided(claim.document_id)
$$;

CREATE OR REPLACE FUNCTION claims_guard_claim_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_is record;
    lines numeric;
    invoiced numeric;
BEGIN
    SELECT c.total, c.content_version, c.state IN ('refused', 'void', 'reversed') AS ended,
        c.state = 'returned' AND EXISTS (SELECT FROM claims_appeal a WHERE a.claim_id = c.id AND a.state = 'won') AS again
      INTO now_is FROM claims_claim c WHERE c.id = NEW.id;
    SELECT coalesce(sum(l.amount), 0) INTO lines FROM claims_claimline l
      WHERE l.claim_id = NEW.id AND l.version = now_is.content_version;
    SELECT coalesce(sum(i.amount), 0) INTO invoiced FROM claims_invoice i WHERE i.claim_id = NEW.id AND i.is_live;
    IF lines <> now_is.total THEN
        RAISE EXCEPTION 'a claim is the sum of its lines' USING ERRCODE = 'check_violation';
    END IF;
    IF now_is.ended AND invoiced <> 0 THEN
        RAISE EXCEPTION 'a claim that ended frees its invoices' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT now_is.ended AND invoiced <> now_is.total AND NOT (now_is.again AND invoiced = 0) THEN
        RAISE EXCEPTION 'a claim is the sum of its invoices' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION claims_guard_used_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('claims.intake', 0));  -- one for all: a list has thousands
    IF TG_TABLE_NAME = 'claims_invoice' THEN
        PERFORM 1 FROM claims_usedinvoice u
          WHERE u.type_code = NEW.type_code AND u.number = NEW.number AND u.year = NEW.year;
    ELSE
        PERFORM 1 FROM claims_invoice i
          WHERE i.type_code = NEW.type_code AND i.number = NEW.number AND i.year = NEW.year AND i.is_live;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'this invoice was used before' USING ERRCODE = 'unique_violation',
            CONSTRAINT = 'invoice_was_used_before';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoice_was_not_used_before BEFORE INSERT ON claims_invoice
    FOR EACH ROW EXECUTE FUNCTION claims_guard_used_invoice();
CREATE TRIGGER used_invoice_serves_nobody BEFORE INSERT ON claims_usedinvoice
    FOR EACH ROW EXECUTE FUNCTION claims_guard_used_invoice();
"""

APPROVAL = """
CREATE OR REPLACE FUNCTION claims_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_claim c WHERE c.id = NEW.claim_id AND claims_may_be_granted(c)
        AND c.total = NEW.total AND c.other_payers = NEW.other_payers FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an approval is of a claim that is decided, with its figures' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.cut <> (SELECT coalesce(sum(k.amount), 0) FROM claims_cut k JOIN claims_claimline l ON l.id = k.line_id
        JOIN claims_claim c ON c.id = k.claim_id
        WHERE k.claim_id = NEW.claim_id AND k.counts AND l.version = c.content_version) THEN
        RAISE EXCEPTION 'an approval knows what was cut' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION claims_guard_approval_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.fund_pays <> (SELECT coalesce(sum(p.amount), 0) FROM claims_claimpart p
            WHERE p.approval_id = NEW.id AND p.appeal_id IS NULL) THEN
        RAISE EXCEPTION 'the funds pay the sum of the parts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
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
            ('paying', 'payable'), ('approved', 'void'), ('payable', 'void'), ('paid', 'reversed'))
            AND OLD.state <> NEW.state THEN
        RAISE EXCEPTION 'a part does not go from "%" to "%"', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION claims_move_counter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_reversal THEN
        PERFORM 1 FROM claims_countermove m JOIN claims_reversal r ON r.approval_id = m.approval_id
          WHERE m.counter_id = NEW.counter_id AND m.approval_id = NEW.approval_id AND NOT m.is_reversal
            AND m.appeal_id IS NOT DISTINCT FROM NEW.appeal_id AND m.amount = -NEW.amount;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a reversal gives back exactly what was moved' USING ERRCODE = 'check_violation';
        END IF;
    ELSE
        PERFORM 1 FROM claims_approval a JOIN claims_claim c ON c.id = a.claim_id
            JOIN claims_benefitcounter b ON b.id = NEW.counter_id
          WHERE a.id = NEW.approval_id AND a.person_id = b.member_id AND a.year = b.year AND c.scheme_id = b.scheme_id
            AND CASE WHEN NEW.appeal_id IS NULL THEN claims_may_be_granted(c) ELSE EXISTS (
                SELECT FROM claims_appealgrant g WHERE g.appeal_id = NEW.appeal_id AND g.approval_id = a.id) END;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'an approval moves its own person''s counters, once' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    UPDATE claims_benefitcounter SET value = value + NEW.amount WHERE id = NEW.counter_id;
    RETURN NULL;
END $$;

CREATE FUNCTION claims_open_counter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM enrollment_goliveprotocol p WHERE p.id = NEW.protocol_id AND p.state = 'signed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'what was used before comes with a signed protocol' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE claims_benefitcounter SET value = value + NEW.amount WHERE id = NEW.counter_id;
    RETURN NULL;
END $$;
CREATE TRIGGER counter_is_opened AFTER INSERT ON claims_counteropening
    FOR EACH ROW EXECUTE FUNCTION claims_open_counter();
"""

APPEALS = """
CREATE FUNCTION claims_guard_restored_cut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_appeal a JOIN claims_cut k ON k.id = NEW.cut_id AND k.claim_id = a.claim_id
      WHERE a.id = NEW.appeal_id AND a.state = 'received' AND k.counts AND NEW.amount <= k.amount;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an appeal asks back what was cut of its claim' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER restored_cut_is_guarded BEFORE INSERT ON claims_restoredcut
    FOR EACH ROW EXECUTE FUNCTION claims_guard_restored_cut();

CREATE FUNCTION claims_guard_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_appeal p JOIN claims_approval a ON a.id = NEW.approval_id AND a.claim_id = p.claim_id
      WHERE p.id = NEW.appeal_id AND p.state = 'won'
        AND NOT EXISTS (SELECT FROM claims_reversal r WHERE r.approval_id = a.id);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a further part comes with an appeal that was granted' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.restored <> (SELECT coalesce(sum(r.amount), 0) FROM claims_restoredcut r WHERE r.appeal_id = NEW.appeal_id) THEN
        RAISE EXCEPTION 'a grant takes back what was asked back' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grant_is_guarded BEFORE INSERT ON claims_appealgrant
    FOR EACH ROW EXECUTE FUNCTION claims_guard_grant();

CREATE FUNCTION claims_guard_grant_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.fund_adds <> (SELECT coalesce(sum(p.amount), 0) FROM claims_claimpart p WHERE p.appeal_id = NEW.appeal_id) THEN
        RAISE EXCEPTION 'what an appeal adds is the sum of its parts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER grant_is_the_sum_of_its_parts AFTER INSERT ON claims_appealgrant
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_guard_grant_parts();

CREATE FUNCTION claims_guard_decided_by_others() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    disputed record;
BEGIN
    IF NEW.subject_type = 'claims.appeal' THEN
        SELECT a.id, a.claim_id INTO disputed FROM claims_appeal a WHERE a.id = NEW.subject_id::bigint;
    ELSE
        SELECT a.id, a.claim_id INTO disputed FROM claims_appeal a
          WHERE a.claim_id = NEW.subject_id::bigint AND a.state = 'won';
    END IF;
    IF NOT FOUND THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM claims_claimsround r JOIN claims_claimsvote v ON v.round_id = r.id
      WHERE r.subject_type = 'claims.claim' AND r.subject_id = disputed.claim_id::text
        AND (NEW.subject_type = 'claims.appeal' OR r.id < (SELECT max(o.id) FROM claims_claimsround o
            WHERE o.subject_type = 'claims.appeal' AND o.subject_id = disputed.id::text))
        AND (NOT v.voter_id = ANY (NEW.barred) OR NOT coalesce(v.for_whom_id = ANY (NEW.barred), true));
    IF FOUND THEN
        RAISE EXCEPTION 'an appeal, and what follows from it, is decided by others' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.subject_type = 'claims.appeal' AND NEW.count < 2 THEN
        RAISE EXCEPTION 'two decide an appeal' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_is_of_others BEFORE INSERT ON claims_claimsround
    FOR EACH ROW WHEN (NEW.subject_type IN ('claims.appeal', 'claims.claim'))
    EXECUTE FUNCTION claims_guard_decided_by_others();
"""

DOCUMENT = """
CREATE FUNCTION claims_guard_bulk_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    needed text;
    moved_from text := '';
    decided boolean;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        moved_from := OLD.state;
        IF (NEW.number, NEW.kind, NEW.scheme_id, NEW.provider_id, NEW.month, NEW.body_id, NEW.entered_by_id, NEW.entered_at)
                <> (OLD.number, OLD.kind, OLD.scheme_id, OLD.provider_id, OLD.month, OLD.body_id, OLD.entered_by_id,
                    OLD.entered_at) THEN
            RAISE EXCEPTION 'a document stays what it was begun as' USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.state NOT IN ('draft', 'returned')
                AND to_jsonb(NEW) - '{state,state_since}'::text[] <> to_jsonb(OLD) - '{state,state_since}'::text[] THEN
            RAISE EXCEPTION 'what was handed in does not change' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state = OLD.state THEN
            RETURN NEW;
        END IF;
    END IF;
    SELECT outcome INTO needed FROM office_statemove m
      WHERE m."table" = 'claims_bulkdocument' AND m.before = moved_from AND m.after = NEW.state;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a document does not go from "%" to "%"', moved_from, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF needed <> '' THEN
        SELECT r.outcome = needed INTO decided FROM claims_claimsround r
          WHERE r.subject_type = 'claims.bulkdocument' AND r.subject_id = NEW.id::text AND r.state = 'closed'
          ORDER BY r.id DESC LIMIT 1;
        IF decided IS NOT TRUE THEN
            RAISE EXCEPTION 'no round has decided this' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_is_guarded BEFORE INSERT OR UPDATE ON claims_bulkdocument
    FOR EACH ROW EXECUTE FUNCTION claims_guard_bulk_document();

CREATE FUNCTION claims_guard_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands record;
BEGIN
    SELECT d.state, d.content_version INTO stands FROM claims_bulkdocument d WHERE d.id = NEW.document_id FOR SHARE;
    IF TG_OP = 'INSERT' THEN
        IF stands.state NOT IN ('draft', 'returned') OR NEW.claim_id IS NOT NULL THEN
            RAISE EXCEPTION 'rows come while their document is filled in' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.document_id, NEW.version, NEW.position) <> (OLD.document_id, OLD.version, OLD.position)
            OR OLD.claim_id IS NOT NULL OR OLD.version <> stands.content_version THEN
        RAISE EXCEPTION 'a row stays where it is' USING ERRCODE = 'check_violation';
    END IF;
    IF stands.state IN ('draft', 'returned') THEN
        RETURN NEW;
    END IF;
    IF stands.state <> 'handed_in'
            OR to_jsonb(NEW) - '{state,strike_reason,struck_by_id,struck_at,claim_id,proposed}'::text[]
            <> to_jsonb(OLD) - '{state,strike_reason,struck_by_id,struck_at,claim_id,proposed}'::text[]
            OR (NEW.state <> OLD.state AND NEW.state <> 'struck') THEN
        RAISE EXCEPTION 'what was handed in does not change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER row_is_guarded BEFORE INSERT OR UPDATE ON claims_bulkrow
    FOR EACH ROW EXECUTE FUNCTION claims_guard_row();

CREATE FUNCTION claims_guard_sampled_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_samplecheck s JOIN claims_bulkrow r ON r.document_id = s.document_id AND r.version = s.version
      WHERE s.id = NEW.sample_id AND r.id = NEW.row_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a sample is of its own document' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sampled_row_is_of_its_document BEFORE INSERT ON claims_sampledrow
    FOR EACH ROW EXECUTE FUNCTION claims_guard_sampled_row();

CREATE FUNCTION claims_guard_settlement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parts record;
BEGIN
    SELECT coalesce(sum(p.amount), 0) AS amount, coalesce(bool_and(c.provider_id = NEW.provider_id
            AND c.scheme_id = NEW.scheme_id AND c.document_id IS NOT NULL), true) AS fit INTO parts
      FROM claims_settledpart s JOIN claims_claimpart p ON p.id = s.part_id
      JOIN claims_approval a ON a.id = p.approval_id JOIN claims_claim c ON c.id = a.claim_id
      WHERE s.settlement_id = NEW.id;
    IF parts.amount <> NEW.fund_pays OR NOT parts.fit THEN
        RAISE EXCEPTION 'a settlement is the sum of its provider''s parts' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM claims_bulkdocument d WHERE d.id = NEW.document_id AND d.state = 'approved';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'what is settled was approved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER settlement_is_the_sum_of_its_parts AFTER INSERT ON claims_settlement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_guard_settlement();

CREATE FUNCTION claims_guard_settled_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_settledpart s JOIN claims_claimpart p ON p.id = s.part_id
        JOIN claims_settlement m ON m.id = s.settlement_id
      WHERE s.settlement_id IN (SELECT settlement_id FROM added)
      GROUP BY m.id HAVING sum(p.amount) > m.fund_pays;
    IF FOUND THEN
        RAISE EXCEPTION 'nothing is added to a settlement that was made' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER settlement_takes_no_more AFTER INSERT ON claims_settledpart REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION claims_guard_settled_parts();

CREATE TRIGGER sampled_row_is_guarded BEFORE UPDATE ON claims_sampledrow
    FOR EACH ROW EXECUTE FUNCTION claims_guard_once('{outcome,words,asked_on,asked_by_id}', 'outcome');
"""

PUBLICITY = """
CREATE FUNCTION claims_guard_publicity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'made' THEN
            RAISE EXCEPTION 'a list begins by being made' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('made', 'posted'), ('made', 'void'), ('posted', 'over'), ('posted', 'posted')) THEN
        RAISE EXCEPTION 'a list does not go from "%" to "%"', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'made' AND to_jsonb(NEW)
            - '{state,posted_on,posted_until,place,posted_by,noted_by_id,void_reason}'::text[]
            <> to_jsonb(OLD) - '{state,posted_on,posted_until,place,posted_by,noted_by_id,void_reason}'::text[]
        OR OLD.state = 'posted' AND to_jsonb(NEW) - '{state,slip_on,slip_by,slip_photo_id,slip_noted_by_id}'::text[]
            <> to_jsonb(OLD) - '{state,slip_on,slip_by,slip_photo_id,slip_noted_by_id}'::text[]
        OR OLD.slip_by <> '' AND NEW.slip_by <> OLD.slip_by THEN
        RAISE EXCEPTION 'a list stays as it was posted' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publicity_is_guarded BEFORE INSERT OR UPDATE ON claims_publicitylist
    FOR EACH ROW EXECUTE FUNCTION claims_guard_publicity();

CREATE FUNCTION claims_guard_publicity_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_publicitylist l JOIN claims_claim c ON c.id = NEW.claim_id AND c.scheme_id = l.scheme_id
      WHERE l.id = NEW.list_id AND l.state = 'made' AND CASE l.timing WHEN 'before' THEN c.state = 'approved'
        ELSE c.state IN ('payable', 'paying', 'paid') END FOR SHARE OF l FOR NO KEY UPDATE OF c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a list that is being made takes claims of its scheme' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM claims_publicityentry e JOIN claims_publicitylist o ON o.id = e.list_id AND o.state <> 'void'
        JOIN claims_publicitylist l ON l.id = NEW.list_id
      WHERE e.claim_id = NEW.claim_id AND o.id <> l.id AND o.timing = l.timing;
    IF FOUND THEN
        RAISE EXCEPTION 'a claim is posted once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publicity_entry_is_guarded BEFORE INSERT ON claims_publicityentry
    FOR EACH ROW EXECUTE FUNCTION claims_guard_publicity_entry();

CREATE TRIGGER objection_is_guarded BEFORE UPDATE ON claims_objection
    FOR EACH ROW EXECUTE FUNCTION claims_guard_once('{result,answer,answered_on,answered_by_id}', 'result');

CREATE FUNCTION claims_guard_objection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_publicityentry e JOIN claims_publicitylist l ON l.id = e.list_id
      WHERE e.id = NEW.entry_id AND l.state IN ('posted', 'over');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an objection is to what was posted' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.answered_by_id IS NOT NULL THEN
        PERFORM 1 FROM claims_publicityentry e
            JOIN claims_claimsround r ON r.subject_type = 'claims.claim' AND r.subject_id = e.claim_id::text
            JOIN claims_claimsvote v ON v.round_id = r.id AND NEW.answered_by_id IN (v.voter_id, v.for_whom_id)
          WHERE e.id = NEW.entry_id;
        IF FOUND THEN
            RAISE EXCEPTION 'nobody answers for what he decided' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER objection_is_of_others BEFORE INSERT OR UPDATE ON claims_objection
    FOR EACH ROW EXECUTE FUNCTION claims_guard_objection();
CREATE TRIGGER door_token_is_guarded BEFORE UPDATE ON claims_doortoken
    FOR EACH ROW EXECUTE FUNCTION claims_guard_once('{revoked_at,revoked_by_id}', 'revoked_at');
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0014_add_bulk_and_publicity")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            *(only_added_to(table) for table in ONLY_ADDED_TO),
            *(history(table) for table in TRACKED),
            MOVES,
            CLAIM,
            APPROVAL,
            APPEALS,
            DOCUMENT,
            PUBLICITY,
        )
    ]
