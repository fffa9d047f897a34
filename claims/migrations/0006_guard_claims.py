"""What the database itself refuses of claims: figures that do not add up, content that changes under those who check it,
moves that no round decided, counters that are moved by anything but an approval or its reversal (docs/rules/claims.md)."""

from django.db import migrations

ONLY_ADDED_TO = (
    "agendaitem",
    "approval",
    "claimline",
    "claimpaper",
    "countermove",
    "minutes",
    "reversal",
)
TRACKED = (
    "benefitcounter",
    "claim",
    "claimpart",
    "decisionnotice",
    "flag",
    "invitee",
    "limit",
    "meeting",
    "verification",
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
    ('claims_claim', '', 'entered', ''),
    ('claims_claim', 'entered', 'first_check', ''),
    ('claims_claim', 'entered', 'second_check', ''),
    ('claims_claim', 'entered', 'void', ''),
    ('claims_claim', 'first_check', 'verification', 'approved'),
    ('claims_claim', 'first_check', 'second_check', 'approved'),
    ('claims_claim', 'first_check', 'returned', 'returned'),
    ('claims_claim', 'first_check', 'refused', 'refused'),
    ('claims_claim', 'first_check', 'void', ''),
    ('claims_claim', 'verification', 'second_check', ''),
    ('claims_claim', 'verification', 'void', ''),
    ('claims_claim', 'second_check', 'head', 'approved'),
    ('claims_claim', 'second_check', 'committee', 'approved'),
    ('claims_claim', 'second_check', 'approved', 'approved'),
    ('claims_claim', 'second_check', 'returned', 'returned'),
    ('claims_claim', 'second_check', 'refused', 'refused'),
    ('claims_claim', 'second_check', 'void', ''),
    ('claims_claim', 'head', 'committee', 'approved'),
    ('claims_claim', 'head', 'approved', 'approved'),
    ('claims_claim', 'head', 'returned', 'returned'),
    ('claims_claim', 'head', 'refused', 'refused'),
    ('claims_claim', 'head', 'void', ''),
    ('claims_claim', 'committee', 'approved', 'approved'),
    ('claims_claim', 'committee', 'returned', 'returned'),
    ('claims_claim', 'committee', 'refused', 'refused'),
    ('claims_claim', 'committee', 'void', ''),
    ('claims_claim', 'returned', 'entered', ''),
    ('claims_claim', 'returned', 'void', ''),
    ('claims_claim', 'approved', 'payable', ''),
    ('claims_claim', 'approved', 'void', ''),
    ('claims_claim', 'payable', 'paying', ''),
    ('claims_claim', 'payable', 'void', ''),
    ('claims_claim', 'paying', 'paid', ''),
    ('claims_claim', 'paying', 'payable', ''),
    ('claims_claim', 'paid', 'reversed', ''),
    ('claims_limit', '', 'proposed', ''),
    ('claims_limit', 'proposed', 'confirmed', 'approved'),
    ('claims_limit', 'proposed', 'refused', 'refused'),
    ('claims_limit', 'proposed', 'withdrawn', '');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE OF id, scheme_id, kind, region, step, basis, amount, document,
        state, proposed_by_id, proposed_at ON claims_limit
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('claims_claimsround', 'claims.limit');

CREATE FUNCTION claims_guard_limit_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'period' <> to_jsonb(OLD) - 'period' OR OLD.state <> 'confirmed'
        OR lower(NEW.period) <> lower(OLD.period) OR NOT NEW.period <@ OLD.period THEN
        RAISE EXCEPTION 'a limit in force only ends earlier' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM claims_limit l WHERE l.id <> NEW.id AND l.state = 'proposed'
        AND (l.scheme_id, l.kind, l.region, l.step, l.basis)
            = (NEW.scheme_id, NEW.kind, NEW.region, NEW.step, NEW.basis)
        AND lower(l.period) = upper(NEW.period)
        AND (SELECT r.outcome FROM claims_claimsround r WHERE r.subject_type = 'claims.limit'
            AND r.subject_id = l.id::text AND r.state = 'closed' ORDER BY r.id DESC LIMIT 1) = 'approved';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a limit ends the day before another that was decided' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER limit_days_are_guarded BEFORE UPDATE OF period ON claims_limit
    FOR EACH ROW EXECUTE FUNCTION claims_guard_limit_days();
"""

CLAIM = """
CREATE FUNCTION claims_guard_claim() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        IF NEW.state <> 'entered' OR OLD.state NOT IN ('entered', 'returned') THEN
            RAISE EXCEPTION 'what was entered does not change under those who check it' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.content_version <> OLD.content_version + 1 OR (NEW.number, NEW.body_id, NEW.entered_on, NEW.entered_at)
                <> (OLD.number, OLD.body_id, OLD.entered_on, OLD.entered_at) THEN
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
    IF needed <> '' THEN
        SELECT r.outcome = needed AND r.step = OLD.state INTO decided FROM claims_claimsround r
          WHERE r.subject_type = 'claims.claim' AND r.subject_id = NEW.id::text AND r.state = 'closed'
          ORDER BY r.id DESC LIMIT 1;
        IF decided IS NOT TRUE THEN
            RAISE EXCEPTION 'no round has decided this' USING ERRCODE = 'check_violation';
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
    RETURN NEW;
END $$;
CREATE TRIGGER claim_is_guarded BEFORE INSERT OR UPDATE ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION claims_guard_claim();

CREATE FUNCTION claims_guard_claim_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_is record;
    lines numeric;
    invoiced numeric;
BEGIN
    SELECT c.total, c.content_version, c.state IN ('refused', 'void', 'reversed') AS ended INTO now_is
      FROM claims_claim c WHERE c.id = NEW.id;
    SELECT coalesce(sum(l.amount), 0) INTO lines FROM claims_claimline l
      WHERE l.claim_id = NEW.id AND l.version = now_is.content_version;
    SELECT coalesce(sum(i.amount), 0) INTO invoiced FROM claims_invoice i WHERE i.claim_id = NEW.id AND i.is_live;
    IF lines <> now_is.total THEN
        RAISE EXCEPTION 'a claim is the sum of its lines' USING ERRCODE = 'check_violation';
    END IF;
    IF now_is.ended AND invoiced <> 0 THEN
        RAISE EXCEPTION 'a claim that ended frees its invoices' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT now_is.ended AND invoiced <> now_is.total THEN
        RAISE EXCEPTION 'a claim is the sum of its invoices' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER claim_adds_up AFTER INSERT OR UPDATE OF total, content_version, state ON claims_claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_guard_claim_sums();

CREATE FUNCTION claims_guard_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_claim c WHERE c.id = NEW.claim_id AND c.content_version = NEW.version AND c.state = 'entered'
        FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'lines, papers and invoices come with their claim''s version' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER line_comes_with_its_claim BEFORE INSERT ON claims_claimline
    FOR EACH ROW EXECUTE FUNCTION claims_guard_content();
CREATE TRIGGER paper_comes_with_its_claim BEFORE INSERT ON claims_claimpaper
    FOR EACH ROW EXECUTE FUNCTION claims_guard_content();
CREATE TRIGGER invoice_comes_with_its_claim BEFORE INSERT ON claims_invoice
    FOR EACH ROW EXECUTE FUNCTION claims_guard_content();

CREATE FUNCTION claims_guard_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'is_live' <> to_jsonb(OLD) - 'is_live' OR NEW.is_live THEN
        RAISE EXCEPTION 'an invoice stays as it was entered; it is only freed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoice_is_guarded BEFORE UPDATE OR DELETE ON claims_invoice
    FOR EACH ROW EXECUTE FUNCTION claims_guard_invoice();
"""

CUT = """
CREATE FUNCTION claims_guard_cut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a cut stays' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'counts' <> to_jsonb(OLD) - 'counts' THEN
        RAISE EXCEPTION 'a cut stays as it was made' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM claims_claimsround r JOIN claims_claimline l ON l.id = NEW.line_id
        JOIN claims_claim c ON c.id = NEW.claim_id
      WHERE r.id = NEW.round_id AND r.state = 'open' AND r.step = NEW.step AND r.subject_type = 'claims.claim'
        AND r.subject_id = NEW.claim_id::text AND l.claim_id = NEW.claim_id AND l.version = c.content_version
        FOR SHARE OF r, c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a cut belongs to an open step of its own claim' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cut_is_guarded BEFORE INSERT OR UPDATE OR DELETE ON claims_cut
    FOR EACH ROW EXECUTE FUNCTION claims_guard_cut();

CREATE FUNCTION claims_guard_cut_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_claimline l WHERE l.id = NEW.line_id AND l.amount < (
        SELECT coalesce(sum(c.amount), 0) FROM claims_cut c WHERE c.line_id = l.id AND c.counts);
    IF FOUND THEN
        RAISE EXCEPTION 'no more is cut than a line holds' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cut_is_of_what_there_is AFTER INSERT OR UPDATE ON claims_cut
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_guard_cut_sums();
"""

ONCE = """
CREATE FUNCTION claims_guard_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending text[] := TG_ARGV[0]::text[];
    mark text := TG_ARGV[1];
BEGIN
    IF to_jsonb(NEW) - ending <> to_jsonb(OLD) - ending THEN
        RAISE EXCEPTION 'what was written down stays' USING ERRCODE = 'check_violation';
    END IF;
    IF coalesce(to_jsonb(OLD) ->> mark, '') <> '' THEN
        RAISE EXCEPTION 'this was answered already' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER verification_is_guarded BEFORE UPDATE ON claims_verification
    FOR EACH ROW EXECUTE FUNCTION claims_guard_once('{outcome,answer,answered_on,answered_by_id}', 'outcome');
CREATE TRIGGER flag_is_guarded BEFORE UPDATE ON claims_flag
    FOR EACH ROW EXECUTE FUNCTION claims_guard_once('{lifted_at,lifted_by_id,lift_reason}', 'lifted_at');
CREATE TRIGGER notice_is_guarded BEFORE UPDATE ON claims_decisionnotice
    FOR EACH ROW EXECUTE FUNCTION claims_guard_once('{way,served_to,served_on,served_by_id}', 'way');
"""

APPROVAL = """
CREATE FUNCTION claims_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_claim c WHERE c.id = NEW.claim_id AND c.state IN ('second_check', 'head', 'committee')
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
CREATE TRIGGER approval_is_guarded BEFORE INSERT ON claims_approval
    FOR EACH ROW EXECUTE FUNCTION claims_guard_approval();

CREATE FUNCTION claims_guard_approval_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.fund_pays <> (SELECT coalesce(sum(p.amount), 0) FROM claims_claimpart p WHERE p.approval_id = NEW.id) THEN
        RAISE EXCEPTION 'the funds pay the sum of the parts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER approval_is_the_sum_of_its_parts AFTER INSERT ON claims_approval
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_guard_approval_parts();

CREATE FUNCTION claims_guard_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM claims_approval a JOIN claims_claim c ON c.id = a.claim_id WHERE a.id = NEW.approval_id
            AND c.state IN ('second_check', 'head', 'committee') FOR SHARE OF c;
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
CREATE TRIGGER part_is_guarded BEFORE INSERT OR UPDATE ON claims_claimpart
    FOR EACH ROW EXECUTE FUNCTION claims_guard_part();

CREATE FUNCTION claims_guard_counter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.value <> 0 THEN
        RAISE EXCEPTION 'a counter begins at nothing' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (pg_trigger_depth() < 2 OR to_jsonb(NEW) - 'value' <> to_jsonb(OLD) - 'value') THEN
        RAISE EXCEPTION 'a counter is moved by approvals and reversals alone' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER counter_is_guarded BEFORE INSERT OR UPDATE ON claims_benefitcounter
    FOR EACH ROW EXECUTE FUNCTION claims_guard_counter();

CREATE FUNCTION claims_move_counter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_reversal THEN
        PERFORM 1 FROM claims_countermove m JOIN claims_reversal r ON r.approval_id = m.approval_id
          WHERE m.counter_id = NEW.counter_id AND m.approval_id = NEW.approval_id AND NOT m.is_reversal
            AND m.amount = -NEW.amount;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a reversal gives back exactly what was moved' USING ERRCODE = 'check_violation';
        END IF;
    ELSE
        PERFORM 1 FROM claims_approval a JOIN claims_claim c ON c.id = a.claim_id
            JOIN claims_benefitcounter b ON b.id = NEW.counter_id
          WHERE a.id = NEW.approval_id AND a.person_id = b.member_id AND a.year = b.year AND c.scheme_id = b.scheme_id
            AND c.state IN ('second_check', 'head', 'committee');
        IF NOT FOUND THEN
            RAISE EXCEPTION 'an approval moves its own person''s counters, once' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    UPDATE claims_benefitcounter SET value = value + NEW.amount WHERE id = NEW.counter_id;
    RETURN NULL;
END $$;
CREATE TRIGGER counter_follows AFTER INSERT ON claims_countermove
    FOR EACH ROW EXECUTE FUNCTION claims_move_counter();
"""

MEETING = """
CREATE FUNCTION claims_guard_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'called' THEN
            RAISE EXCEPTION 'a meeting begins by being called' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' AND OLD.state <> 'called' THEN
        RAISE EXCEPTION 'a meeting stays what it was called as' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('called', 'open'), ('called', 'cancelled'),
            ('open', 'cancelled'), ('open', 'decided'), ('decided', 'closed')) THEN
        RAISE EXCEPTION 'a meeting does not go from "%" to "%"', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'closed' AND OLD.state <> 'closed' THEN
        PERFORM 1 FROM claims_minutes WHERE meeting_id = NEW.id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a closed meeting has its minutes' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_is_guarded BEFORE INSERT OR UPDATE ON claims_meeting
    FOR EACH ROW EXECUTE FUNCTION claims_guard_meeting();

CREATE FUNCTION claims_guard_invitee() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT state INTO stands FROM claims_meeting WHERE id = NEW.meeting_id FOR SHARE;
    IF TG_OP = 'INSERT' AND stands <> 'called' THEN
        RAISE EXCEPTION 'people are called before a meeting begins' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (stands <> 'open' OR (NEW.meeting_id, NEW.person_id, NEW.role)
            <> (OLD.meeting_id, OLD.person_id, OLD.role) OR OLD.confirmed_hash <> '') THEN
        RAISE EXCEPTION 'attendance is noted while a meeting is in session' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invitee_is_guarded BEFORE INSERT OR UPDATE ON claims_invitee
    FOR EACH ROW EXECUTE FUNCTION claims_guard_invitee();

CREATE FUNCTION claims_guard_agenda() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_meeting m, claims_claim c, claims_claimsround r
      WHERE m.id = NEW.meeting_id AND m.state IN ('called', 'open') AND c.id = NEW.claim_id AND c.state = 'committee'
        AND r.id = NEW.round_id AND r.state = 'open' AND r.step = 'committee' AND r.subject_type = 'claims.claim'
        AND r.subject_id = NEW.claim_id::text FOR SHARE OF m;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an agenda has claims that wait for the committee' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agenda_is_guarded BEFORE INSERT ON claims_agendaitem
    FOR EACH ROW EXECUTE FUNCTION claims_guard_agenda();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_add_claims")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            *(only_added_to(table) for table in ONLY_ADDED_TO),
            *(history(table) for table in TRACKED),
            MOVES,
            CLAIM,
            CUT,
            ONCE,
            APPROVAL,
            MEETING,
        )
    ]
