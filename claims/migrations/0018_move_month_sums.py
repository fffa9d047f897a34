"""Months of claims follow every decision (docs/rules/indicators.md): what a statement approves, grants on appeal, takes
back or settles is written down as a move, and at the end of the transaction the month follows. What was decided before
is counted once, here."""

from django.db import migrations

KEYS = "scheme_id, month, kind, level, region"
FIGURES = (
    *("times", "total", "cut", "struck", "eligible", "own_items", "fund_pays", "patient_pays", "ceilings", "floors"),
)

#: The trace of a calculation says by its path where a ceiling was reached, and where the floor raised what is paid.
LIMITS = r"""
CREATE FUNCTION claims_at_ceiling(answer jsonb) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_path_exists(answer, '$.layers[*].trace[*].path ? (@ like_regex "\\.ceilings\\[")')::integer
$$;
CREATE FUNCTION claims_at_floor(answer jsonb) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_path_exists(answer, '$.layers[*].trace[*].path ? (@ like_regex "\\.floor($|\\.|\\[)")')::integer
$$;
"""

APPROVED = """
    SELECT a.claim_id, a.approved_on AS "on", 1 AS times, a.total, a.cut, a.eligible, a.own_items, a.fund_pays,
        a.patient_pays, public.claims_at_ceiling(a.answer) AS ceilings, public.claims_at_floor(a.answer) AS floors
    FROM {approvals} a
"""

GRANTED = """
    SELECT a.claim_id, g.granted_on AS "on", 0 AS times, 0 AS total, -g.restored AS cut,
        (g.answer->>'eligible')::numeric - (g.answer->'before'->>'eligible')::numeric AS eligible,
        (g.answer->>'own_items')::numeric - (g.answer->'before'->>'own_items')::numeric AS own_items,
        g.fund_adds AS fund_pays, -g.patient_saves AS patient_pays,
        public.claims_at_ceiling(g.answer) - public.claims_at_ceiling(a.answer) AS ceilings,
        public.claims_at_floor(g.answer) - public.claims_at_floor(a.answer) AS floors
    FROM {grants} g JOIN public.claims_approval a ON a.id = g.approval_id
"""

TAKEN_BACK = """
    SELECT a.claim_id, r."on", -1 AS times, -a.total AS total, coalesce(g.restored, 0) - a.cut AS cut,
        -a.eligible - coalesce((g.answer->>'eligible')::numeric - (g.answer->'before'->>'eligible')::numeric, 0)
            AS eligible,
        -a.own_items - coalesce((g.answer->>'own_items')::numeric - (g.answer->'before'->>'own_items')::numeric, 0)
            AS own_items,
        -a.fund_pays - coalesce(g.fund_adds, 0) AS fund_pays, coalesce(g.patient_saves, 0) - a.patient_pays AS patient_pays,
        -public.claims_at_ceiling(coalesce(g.answer, a.answer)) AS ceilings,
        -public.claims_at_floor(coalesce(g.answer, a.answer)) AS floors
    FROM {reversals} r JOIN public.claims_approval a ON a.id = r.approval_id
        LEFT JOIN public.claims_appealgrant g ON g.approval_id = a.id
"""

INTO = f"INSERT INTO public.claims_monthmove ({KEYS}, {', '.join(FIGURES)})"

COUNTED = """
    SELECT c.scheme_id, date_trunc('month', d."on")::date, c.kind, c.level, c.region, sum(d.times), sum(d.total),
        sum(d.cut), 0, sum(d.eligible), sum(d.own_items), sum(d.fund_pays), sum(d.patient_pays), sum(d.ceilings),
        sum(d.floors)
    FROM ({decided}) d JOIN public.claims_claim c ON c.id = d.claim_id GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""

STRUCK = """
    SELECT s.scheme_id, date_trunc('month', s.made_on)::date, coalesce(nullif(r.kind, ''), 'outpatient'), p.level, p.region,
        0, 0, 0, sum(r.total), 0, 0, 0, 0, 0, 0
    FROM {settlements} s JOIN public.claims_bulkdocument d ON d.id = s.document_id
        JOIN public.claims_provider p ON p.id = s.provider_id
        JOIN public.claims_bulkrow r ON r.document_id = d.id AND r.version = d.content_version AND r.state = 'struck'
            AND r.total > 0
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""


def follows(table, name, counted):
    return f"""
    CREATE FUNCTION claims_note_{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        {INTO} {counted};
        RETURN NULL;
    END $$;
    CREATE TRIGGER months_follow AFTER INSERT ON {table}
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION claims_note_{name}();
    """


ADD = ", ".join(f"{one} = s.{one} + excluded.{one}" for one in FIGURES)

#: One after the other, and only while transactions end: nobody holds a month and waits for anything else.
MOVE = f"""
CREATE FUNCTION claims_move_month() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('claims.months', 0));
    INSERT INTO public.claims_monthsum AS s ({KEYS}, {", ".join(FIGURES)})
    VALUES (NEW.scheme_id, NEW.month, NEW.kind, NEW.level, NEW.region, {", ".join(f"NEW.{one}" for one in FIGURES)})
    ON CONFLICT ({KEYS}) DO UPDATE SET {ADD};
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER month_follows AFTER INSERT ON claims_monthmove
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_move_month();
CREATE TRIGGER monthmove_is_only_added_to BEFORE UPDATE OR DELETE ON claims_monthmove
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
"""

ALL = " UNION ALL ".join(
    (
        APPROVED.format(approvals="public.claims_approval"),
        GRANTED.format(grants="public.claims_appealgrant"),
        TAKEN_BACK.format(reversals="public.claims_reversal"),
    )
)

UNTIL_NOW = f"""
{INTO} {COUNTED.format(decided=ALL)};
{INTO} {STRUCK.format(settlements="public.claims_settlement")};
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0017_create_month_sums")]

    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            LIMITS,
            MOVE,
            follows("claims_approval", "approvals", COUNTED.format(decided=APPROVED.format(approvals="added"))),
            follows("claims_appealgrant", "grants", COUNTED.format(decided=GRANTED.format(grants="added"))),
            follows("claims_reversal", "reversals", COUNTED.format(decided=TAKEN_BACK.format(reversals="added"))),
            follows("claims_settlement", "struck", STRUCK.format(settlements="added")),
            UNTIL_NOW,
        )
    ]
