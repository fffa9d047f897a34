"""What the database itself refuses of findings (docs/rules/engagements.md): moves that are none; papers and findings of
people who are not named; a draft sent out without evidence; a measure handed in without evidence, checked by whoever
handed it in; a finding closed without measures, evidence, another person's check, and the postings of the money it
names; a report issued over open findings, an engagement closed over them."""

from django.db import migrations

ONLY_ADDED_TO = (
    "citation", "demand", "evidence", "findinganswer", "findingsheet", "rectificationcheck", "rectificationreminder",
)
TRACKED = ("auditreport", "bookedmoney", "evidencesheet", "finding", "rectification", "workpaper")


def only_added_to(table):
    return f"""
    CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE ON audit_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
    """


def history(table):
    return f"""
    {only_added_to(table + "event")}
    CREATE TRIGGER {table}_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON audit_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
    """


MOVES = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('audit_workpaper', '', 'written', ''),
    ('audit_workpaper', 'written', 'checked', ''),
    ('audit_workpaper', 'written', 'returned', ''),
    ('audit_workpaper', 'returned', 'written', ''),
    ('audit_evidencesheet', '', 'taken', ''),
    ('audit_evidencesheet', 'taken', 'confirmed', ''),
    ('audit_evidencesheet', 'taken', 'refused', ''),
    ('audit_evidencesheet', 'taken', 'void', ''),
    ('audit_finding', '', 'draft', ''),
    ('audit_finding', 'draft', 'commenting', ''),
    ('audit_finding', 'draft', 'dropped', ''),
    ('audit_finding', 'commenting', 'answered', ''),
    ('audit_finding', 'commenting', 'final', ''),
    ('audit_finding', 'answered', 'draft', ''),
    ('audit_finding', 'answered', 'final', ''),
    ('audit_finding', 'answered', 'dropped', ''),
    ('audit_finding', 'final', 'closed', ''),
    ('audit_finding', 'closed', 'final', ''),
    ('audit_rectification', '', 'open', ''),
    ('audit_rectification', 'open', 'handed_in', ''),
    ('audit_rectification', 'handed_in', 'closed', ''),
    ('audit_rectification', 'handed_in', 'open', ''),
    ('audit_rectification', 'closed', 'open', ''),
    ('audit_bookedmoney', '', 'standing', ''),
    ('audit_bookedmoney', 'standing', 'void', ''),
    ('audit_auditreport', '', 'drawn_up', ''),
    ('audit_auditreport', 'drawn_up', 'issued', ''),
    ('audit_auditreport', 'drawn_up', 'returned', '');

CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON audit_workpaper FOR EACH ROW EXECUTE FUNCTION
    audit_guard_moves('{checked_by_id,checked_at,remark,title,procedure,facts,conclusion,made_at}', '{}', '{}');
CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON audit_evidencesheet FOR EACH ROW EXECUTE FUNCTION
    audit_guard_moves('{confirmed_by,confirmed_on,words,noted_by_id}', '{}', '{}');
CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON audit_finding FOR EACH ROW EXECUTE FUNCTION
    audit_guard_moves('{sent_at,comment_until,reason,closed_by_id,closed_on}', '{draft}',
        '{title,fact,rule,cause,amount,to_recover,provider_id,member_id,responsible}');
CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON audit_rectification FOR EACH ROW EXECUTE FUNCTION
    audit_guard_moves(
        '{result,handed_in_by_id,handed_in_at,checked_by_id,checked_at,remark,turn,due_on}', '{}', '{}');
CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON audit_bookedmoney FOR EACH ROW EXECUTE FUNCTION
    audit_guard_moves('{reason}', '{}', '{}');
CREATE TRIGGER moves_are_guarded BEFORE INSERT OR UPDATE ON audit_auditreport FOR EACH ROW EXECUTE FUNCTION
    audit_guard_moves('{issued_by_id,issued_at,reason}', '{}', '{}');

CREATE FUNCTION audit_refuse(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', what USING ERRCODE = 'check_violation';
END $$;

-- whether somebody is named for an engagement that is in the field; the engagement stays there until the end
CREATE FUNCTION audit_in_the_field(of_engagement bigint, who bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_engagement e WHERE e.id = of_engagement AND e.state = 'noticed' FOR SHARE;
    RETURN FOUND AND EXISTS (
        SELECT FROM audit_engagementmember m WHERE m.engagement_id = of_engagement AND m.person_id = who);
END $$;
"""

PAPERS = """
CREATE FUNCTION audit_guard_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT audit_in_the_field(NEW.engagement_id, NEW.made_by_id) THEN
            PERFORM audit_refuse('papers are written by people of an engagement that is under way');
        END IF;
    ELSIF NEW.state IN ('checked', 'returned') AND (NEW.title, NEW.procedure, NEW.facts, NEW.conclusion, NEW.made_at)
            IS DISTINCT FROM (OLD.title, OLD.procedure, OLD.facts, OLD.conclusion, OLD.made_at) THEN
        PERFORM audit_refuse('whoever checks a paper does not rewrite it');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER paper_is_guarded BEFORE INSERT OR UPDATE ON audit_workpaper
    FOR EACH ROW EXECUTE FUNCTION audit_guard_paper();

CREATE FUNCTION audit_guard_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT audit_in_the_field(NEW.engagement_id, NEW.taken_by_id) OR NEW.paper_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM audit_workpaper p WHERE p.id = NEW.paper_id AND p.engagement_id = NEW.engagement_id) THEN
        PERFORM audit_refuse('evidence is taken by people of an engagement that is under way');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sheet_is_guarded BEFORE INSERT ON audit_evidencesheet
    FOR EACH ROW EXECUTE FUNCTION audit_guard_sheet();

CREATE FUNCTION audit_guard_finding_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_finding f JOIN audit_evidencesheet s ON s.engagement_id = f.engagement_id
        WHERE f.id = NEW.finding_id AND f.state = 'draft' AND s.id = NEW.sheet_id
            AND s.state IN ('confirmed', 'refused') FOR SHARE OF f;
    IF NOT FOUND THEN
        PERFORM audit_refuse('a draft rests on signed sheets of its own engagement');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finding_sheet_is_guarded BEFORE INSERT ON audit_findingsheet
    FOR EACH ROW EXECUTE FUNCTION audit_guard_finding_sheet();

CREATE FUNCTION audit_guard_citation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_finding f WHERE f.id = NEW.finding_id AND f.state = 'draft' FOR SHARE;
    IF NOT FOUND THEN
        PERFORM audit_refuse('what a finding is about is said in its draft');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER citation_is_guarded BEFORE INSERT ON audit_citation
    FOR EACH ROW EXECUTE FUNCTION audit_guard_citation();

CREATE FUNCTION audit_guard_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_finding f WHERE f.id = NEW.finding_id AND f.state = 'commenting'
        AND NEW.answered_at >= f.sent_at AND NOT EXISTS (SELECT FROM audit_engagementmember m
            WHERE m.engagement_id = f.engagement_id AND m.person_id = NEW.answered_by_id) FOR SHARE;
    IF NOT FOUND THEN
        PERFORM audit_refuse('the audited answer a draft that was sent for comment');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answer_is_guarded BEFORE INSERT ON audit_findinganswer
    FOR EACH ROW EXECUTE FUNCTION audit_guard_answer();
"""

MONEY = """
-- what came back for a finding, by the books: debited by postings that stand for it and were not taken back
CREATE FUNCTION audit_recovered(of_finding bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(e.amount), 0) FROM audit_bookedmoney b JOIN funds_entry e ON e.posting_id = b.posting_id
        WHERE b.finding_id = of_finding AND b.state = 'standing' AND b.kind = 'recovered'
            AND e.side = 'debit' AND NOT e.is_red
            AND NOT EXISTS (SELECT FROM funds_posting r WHERE r.reverses_id = b.posting_id)
$$;

CREATE FUNCTION audit_guard_money() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM 1 FROM audit_finding f WHERE f.id = NEW.finding_id AND f.state <> 'closed' FOR SHARE;
        IF NOT FOUND THEN
            PERFORM audit_refuse('the money of a closed finding stays');
        END IF;
        RETURN NEW;
    END IF;
    PERFORM 1 FROM audit_finding f JOIN audit_engagement g ON g.id = f.engagement_id
        JOIN funds_posting p ON p.id = NEW.posting_id
        WHERE f.id = NEW.finding_id AND f.state NOT IN ('closed', 'dropped') AND p."on" >= g.since
            AND p.reverses_id IS NULL AND (p.kind = 'recovered') = (NEW.kind = 'recovered')
            AND NOT EXISTS (SELECT FROM funds_posting r WHERE r.reverses_id = p.id) FOR SHARE OF f;
    IF NOT FOUND THEN
        PERFORM audit_refuse('a finding is stood for by a posting that holds');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER money_is_guarded BEFORE INSERT OR UPDATE ON audit_bookedmoney
    FOR EACH ROW EXECUTE FUNCTION audit_guard_money();

CREATE FUNCTION audit_guard_demand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_finding f WHERE f.id = NEW.finding_id AND f.state = 'final'
        AND NEW.amount <= f.to_recover - audit_recovered(f.id) FOR SHARE;
    IF NOT FOUND THEN
        PERFORM audit_refuse('no more is demanded than is still to come back');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER demand_is_guarded BEFORE INSERT ON audit_demand
    FOR EACH ROW EXECUTE FUNCTION audit_guard_demand();
"""

MEASURES = """
CREATE FUNCTION audit_guard_rectification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_finding f WHERE f.id = NEW.finding_id AND f.state = 'final' FOR SHARE;
    IF NOT FOUND THEN
        PERFORM audit_refuse('measures are of a finding that is final and not closed');
    END IF;
    IF TG_OP = 'INSERT' THEN
        RETURN NEW;
    END IF;
    IF NEW.turn <> OLD.turn + (NEW.state = 'open')::int THEN
        PERFORM audit_refuse('a measure that is to be carried out again begins its next turn');
    END IF;
    IF NEW.due_on <> OLD.due_on AND NEW.state <> 'open' THEN
        PERFORM audit_refuse('the day of a measure changes when it begins again');
    END IF;
    IF NEW.state = 'handed_in' AND NOT EXISTS (
            SELECT FROM audit_evidence v WHERE v.rectification_id = NEW.id AND v.turn = NEW.turn) THEN
        PERFORM audit_refuse('a measure is handed in with its evidence');
    END IF;
    IF NEW.state = 'closed' AND EXISTS (SELECT FROM audit_evidence v WHERE v.rectification_id = NEW.id
            AND v.turn = NEW.turn AND v.added_by_id = NEW.checked_by_id) THEN
        PERFORM audit_refuse('whoever brought evidence does not check it');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rectification_is_guarded BEFORE INSERT OR UPDATE ON audit_rectification
    FOR EACH ROW EXECUTE FUNCTION audit_guard_rectification();

CREATE FUNCTION audit_guard_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.rectification_id IS NOT NULL THEN
        PERFORM 1 FROM audit_rectification r WHERE r.id = NEW.rectification_id AND r.state = 'open'
            AND r.turn = NEW.turn FOR SHARE;
        IF NOT FOUND THEN
            PERFORM audit_refuse('evidence is brought for a measure while it is to be carried out');
        END IF;
    ELSIF NEW.turn <> 1 THEN
        PERFORM audit_refuse('measures alone have turns');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_is_guarded BEFORE INSERT ON audit_evidence
    FOR EACH ROW EXECUTE FUNCTION audit_guard_evidence();

CREATE FUNCTION audit_guard_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_rectification r WHERE r.id = NEW.rectification_id AND (
        NEW.outcome = 'closed' AND r.state = 'closed' AND r.turn = NEW.turn AND r.checked_by_id = NEW.checked_by_id
        OR NEW.outcome <> 'closed' AND r.state = 'open' AND r.turn = NEW.turn + 1);
    IF NOT FOUND THEN
        PERFORM audit_refuse('a check says what became of its measure');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_is_guarded BEFORE INSERT ON audit_rectificationcheck
    FOR EACH ROW EXECUTE FUNCTION audit_guard_check();
"""

FINDINGS = """
-- why a finding cannot be closed; nothing where it can
CREATE FUNCTION audit_not_closable(f audit_finding) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM audit_rectification r WHERE r.finding_id = f.id ORDER BY r.id FOR SHARE;
    IF NOT FOUND THEN
        RETURN 'a finding is closed by its measures';
    END IF;
    PERFORM 1 FROM audit_rectification r WHERE r.finding_id = f.id AND (r.state <> 'closed'
        OR r.checked_by_id = r.handed_in_by_id OR NOT EXISTS (
            SELECT FROM audit_evidence v WHERE v.rectification_id = r.id AND v.turn = r.turn)
        OR EXISTS (SELECT FROM audit_evidence v WHERE v.rectification_id = r.id AND v.turn = r.turn
            AND v.added_by_id = r.checked_by_id));
    IF FOUND THEN
        RETURN 'each measure has evidence and was checked by another person';
    END IF;
    PERFORM 1 FROM audit_bookedmoney b WHERE b.finding_id = f.id AND b.state = 'standing' ORDER BY b.id FOR SHARE;
    IF f.amount > 0 AND NOT EXISTS (SELECT FROM audit_bookedmoney b WHERE b.finding_id = f.id AND b.state = 'standing'
            AND NOT EXISTS (SELECT FROM funds_posting r WHERE r.reverses_id = b.posting_id)) THEN
        RETURN 'money that is named stands in the books';
    END IF;
    IF audit_recovered(f.id) < f.to_recover THEN
        RETURN 'not all that is to be recovered has come back';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION audit_guard_finding() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    why text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT audit_in_the_field(NEW.engagement_id, NEW.drafted_by_id) THEN
            PERFORM audit_refuse('findings are drafted by people of an engagement that is under way');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF (NEW.sent_at, NEW.comment_until) IS DISTINCT FROM (OLD.sent_at, OLD.comment_until)
            AND NEW.state <> 'commenting' THEN
        PERFORM audit_refuse('the time of comment stays');
    END IF;
    CASE NEW.state
        WHEN 'commenting' THEN
            IF NOT EXISTS (SELECT FROM audit_findingsheet s WHERE s.finding_id = NEW.id) THEN
                PERFORM audit_refuse('a draft is sent for comment with its evidence');
            END IF;
        WHEN 'answered' THEN
            IF NOT EXISTS (SELECT FROM audit_findinganswer a WHERE a.finding_id = NEW.id
                    AND a.answered_at >= NEW.sent_at) THEN
                PERFORM audit_refuse('an answered draft has its answer');
            END IF;
        WHEN 'final' THEN
            IF OLD.state = 'commenting' AND NEW.comment_until >= office_today() THEN
                PERFORM audit_refuse('the time of comment is not over');
            END IF;
            IF OLD.state = 'closed' THEN
                PERFORM 1 FROM audit_engagement e WHERE e.id = NEW.engagement_id AND e.state <> 'closed' FOR SHARE;
                IF NOT FOUND OR NEW.reason = '' THEN
                    PERFORM audit_refuse('a finding is opened again with a reason, after its engagement');
                END IF;
            END IF;
        WHEN 'closed' THEN
            why := audit_not_closable(NEW);
            IF why IS NOT NULL THEN
                PERFORM audit_refuse(why);
            END IF;
        ELSE
            NULL;
    END CASE;
    RETURN NEW;
END $$;
CREATE TRIGGER finding_is_guarded BEFORE INSERT OR UPDATE ON audit_finding
    FOR EACH ROW EXECUTE FUNCTION audit_guard_finding();
"""

REPORTS = """
CREATE FUNCTION audit_guard_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT audit_in_the_field(NEW.engagement_id, CASE TG_OP WHEN 'INSERT' THEN NEW.made_by_id ELSE NEW.issued_by_id END)
    THEN
        PERFORM audit_refuse('reports are made and issued by people of an engagement that is under way');
    END IF;
    IF NEW.state = 'issued' AND EXISTS (SELECT FROM audit_finding f WHERE f.engagement_id = NEW.engagement_id
            AND f.state IN ('draft', 'commenting', 'answered')) THEN
        PERFORM audit_refuse('a report is issued when every finding is final');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_is_guarded BEFORE INSERT OR UPDATE ON audit_auditreport
    FOR EACH ROW EXECUTE FUNCTION audit_guard_report();

CREATE OR REPLACE FUNCTION audit_guard_engagement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    CASE NEW.state
        WHEN 'noticed' THEN
            IF (SELECT count(*) FROM audit_engagementmember m WHERE m.engagement_id = NEW.id) < 2 OR NOT EXISTS (
                    SELECT FROM audit_engagementmember m WHERE m.engagement_id = NEW.id AND m.person_id = NEW.lead_id)
            THEN
                PERFORM audit_refuse('two people at least, the lead among them, work on an engagement');
            END IF;
        WHEN 'reported' THEN
            IF NOT EXISTS (SELECT FROM audit_auditreport r WHERE r.engagement_id = NEW.id AND r.state = 'issued')
                    OR EXISTS (SELECT FROM audit_finding f WHERE f.engagement_id = NEW.id
                        AND f.state IN ('draft', 'commenting', 'answered')) THEN
                PERFORM audit_refuse('an engagement is reported by its report, when every finding is final');
            END IF;
        WHEN 'closed' THEN
            IF EXISTS (SELECT FROM audit_finding f WHERE f.engagement_id = NEW.id
                    AND f.state NOT IN ('closed', 'dropped')) THEN
                PERFORM audit_refuse('an engagement is closed when every finding is');
            END IF;
        ELSE
            NULL;
    END CASE;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0032_findings"), ("audit", "0031_guard_engagements"), ("office", "0012_guard_rounds")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            MOVES,
            *map(only_added_to, ONLY_ADDED_TO),
            *map(history, TRACKED),
            PAPERS,
            MONEY,
            MEASURES,
            FINDINGS,
            REPORTS,
        )
    ]
