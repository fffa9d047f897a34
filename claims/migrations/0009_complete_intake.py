"""What intake lacked: lines of catalogue entries, what came before a claim linked to it, whom it is paid to, late claims, papers
asked for with a return, accounts of providers; and what the database itself refuses of them (docs/rules/claims.md)."""

from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


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


ACCOUNT = """
INSERT INTO office_statemove ("table", before, after, outcome) VALUES
    ('claims_provideraccount', '', 'proposed', ''),
    ('claims_provideraccount', 'proposed', 'confirmed', 'approved'),
    ('claims_provideraccount', 'proposed', 'refused', 'refused'),
    ('claims_provideraccount', 'confirmed', 'replaced', '');
CREATE TRIGGER subject_is_guarded BEFORE INSERT OR UPDATE ON claims_provideraccount
    FOR EACH ROW EXECUTE FUNCTION office_guard_subject('claims_claimsround', 'claims.provideraccount');
"""

BEFORE = """
CREATE FUNCTION claims_guard_what_came_before() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint;
    other bigint;
BEGIN
    SELECT coalesce(m.merged_into_id, m.id) INTO whose FROM enrollment_member m WHERE m.id = NEW.member_id;
    FOR other IN
        SELECT coalesce(m.merged_into_id, m.id) FROM enrollment_member m WHERE m.id IN (
            SELECT member_id FROM claims_referral WHERE id = NEW.referral_id
            UNION ALL SELECT member_id FROM claims_outsidestay WHERE id = NEW.outside_stay_id
            UNION ALL SELECT member_id FROM claims_admission WHERE id = NEW.admission_id
            UNION ALL SELECT member_id FROM claims_chroniccertificate WHERE id = NEW.certificate_id
            UNION ALL SELECT member_id FROM claims_injuryinquiry WHERE id = NEW.injury_id
            UNION ALL SELECT member_id FROM claims_lateallowance WHERE id = NEW.lateness_id)
    LOOP
        IF other <> whose THEN
            RAISE EXCEPTION 'what came before a claim is of its own patient' USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    PERFORM 1 FROM claims_referral r WHERE r.id = NEW.referral_id
        AND (r.state <> 'approved' OR r.destination_id <> NEW.provider_id OR NOT r.valid @> NEW.admitted_on);
    IF FOUND THEN
        RAISE EXCEPTION 'a referral is approved, to this hospital, for this day' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM claims_lateallowance l WHERE l.id = NEW.lateness_id AND l.discharged_on <> NEW.discharged_on;
    IF FOUND THEN
        RAISE EXCEPTION 'a late claim is allowed by its day of discharge' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER what_came_before_is_guarded BEFORE INSERT OR UPDATE OF member_id, provider_id, admitted_on, discharged_on,
        referral_id, outside_stay_id, admission_id, certificate_id, injury_id, lateness_id ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION claims_guard_what_came_before();
"""

RETURNING = """
CREATE FUNCTION claims_guard_asked_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claims_claimsround r JOIN claims_claim c ON c.id = NEW.claim_id
      WHERE r.id = NEW.round_id AND r.state = 'open' AND r.subject_type = 'claims.claim'
        AND r.subject_id = NEW.claim_id::text AND r.step = c.state AND NEW.version = c.content_version
        FOR SHARE OF r, c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'papers are asked for in an open step of their own claim' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER asked_paper_is_guarded BEFORE INSERT ON claims_askedpaper
    FOR EACH ROW EXECUTE FUNCTION claims_guard_asked_paper();
"""

#: As in 0006, but that whom a claim is paid to is looked up again in the moment it is handed on.
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0008_guard_before"),
        ("enrollment", "0009_guard_collection"),
        ("office", "0021_guard_leavers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AskedPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="content version")),
                ("paper", models.CharField(max_length=30, verbose_name="paper")),
                ("words", models.CharField(blank=True, default="", max_length=500, verbose_name="in words")),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "paper that was asked for",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="LateAllowance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("discharged_on", models.DateField(verbose_name="discharged on")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("allowed_on", models.DateField(verbose_name="allowed on")),
                ("allowed_at", models.DateTimeField(verbose_name="allowed at")),
            ],
            options={
                "verbose_name": "late claim that is allowed",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ProviderAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder", models.CharField(max_length=60, verbose_name="account holder")),
                ("bank", models.CharField(max_length=60, verbose_name="bank")),
                ("number", models.CharField(max_length=32, verbose_name="account number")),
                ("document", models.CharField(max_length=100, verbose_name="paper")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "to be confirmed"),
                            ("confirmed", "confirmed"),
                            ("refused", "refused"),
                            ("replaced", "replaced"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="entered at")),
            ],
            options={
                "verbose_name": "account of a provider",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ProviderAccountEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("holder", models.CharField(max_length=60, verbose_name="account holder")),
                ("bank", models.CharField(max_length=60, verbose_name="bank")),
                ("number", models.CharField(max_length=32, verbose_name="account number")),
                ("document", models.CharField(max_length=100, verbose_name="paper")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "to be confirmed"),
                            ("confirmed", "confirmed"),
                            ("refused", "refused"),
                            ("replaced", "replaced"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="entered at")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="agreement",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="agreement",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="claim",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="claim",
            name="update_update",
        ),
        migrations.RemoveConstraint(
            model_name="timelimit",
            name="time_limit_kind_is_known",
        ),
        migrations.AddField(
            model_name="agreement",
            name="is_instant",
            field=models.BooleanField(default=False, verbose_name="pays patients in advance"),
        ),
        migrations.AddField(
            model_name="agreementevent",
            name="is_instant",
            field=models.BooleanField(default=False, verbose_name="pays patients in advance"),
        ),
        migrations.AddField(
            model_name="claim",
            name="admission",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.admission",
                verbose_name="admission",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="certificate",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.chroniccertificate",
                verbose_name="certificate",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="injury",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.injuryinquiry",
                verbose_name="injury inquiry",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="outside_stay",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.outsidestay",
                verbose_name="stay outside",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="payee_kind",
            field=models.CharField(
                choices=[
                    ("household", "account of the household"),
                    ("member", "the patient himself, at the window"),
                    ("provider", "the hospital, which has paid in advance"),
                ],
                default="household",
                max_length=10,
                verbose_name="paid to",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="referral",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.referral",
                verbose_name="referral",
            ),
        ),
        migrations.AddField(
            model_name="claimevent",
            name="admission",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.admission",
                verbose_name="admission",
            ),
        ),
        migrations.AddField(
            model_name="claimevent",
            name="certificate",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.chroniccertificate",
                verbose_name="certificate",
            ),
        ),
        migrations.AddField(
            model_name="claimevent",
            name="injury",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.injuryinquiry",
                verbose_name="injury inquiry",
            ),
        ),
        migrations.AddField(
            model_name="claimevent",
            name="outside_stay",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.outsidestay",
                verbose_name="stay outside",
            ),
        ),
        migrations.AddField(
            model_name="claimevent",
            name="payee_kind",
            field=models.CharField(
                choices=[
                    ("household", "account of the household"),
                    ("member", "the patient himself, at the window"),
                    ("provider", "the hospital, which has paid in advance"),
                ],
                default="household",
                max_length=10,
                verbose_name="paid to",
            ),
        ),
        migrations.AddField(
            model_name="claimevent",
            name="referral",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.referral",
                verbose_name="referral",
            ),
        ),
        migrations.AddField(
            model_name="claimline",
            name="price",
            field=models.DecimalField(
                blank=True, decimal_places=4, max_digits=12, null=True, verbose_name="price, yuan"
            ),
        ),
        migrations.AddField(
            model_name="claimline",
            name="quantity",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="quantity"),
        ),
        migrations.AddField(
            model_name="claimpaper",
            name="answer",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="why it does not come"),
        ),
        migrations.AlterField(
            model_name="timelimit",
            name="kind",
            field=models.CharField(
                choices=[
                    ("referral_holds", "a referral holds, days"),
                    ("emergency_filed", "an emergency is filed within, working days"),
                    ("outside_reported", "a stay outside is reported within, days"),
                    ("claim_after_year", "a claim is handed in within, days after the year of its discharge"),
                    ("claim_after_stay", "a claim is handed in within, days after the discharge"),
                ],
                max_length=18,
                verbose_name="time limit",
            ),
        ),
        migrations.AlterField(
            model_name="timelimitevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("referral_holds", "a referral holds, days"),
                    ("emergency_filed", "an emergency is filed within, working days"),
                    ("outside_reported", "a stay outside is reported within, days"),
                    ("claim_after_year", "a claim is handed in within, days after the year of its discharge"),
                    ("claim_after_stay", "a claim is handed in within, days after the discharge"),
                ],
                max_length=18,
                verbose_name="time limit",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "claims_agreementevent" ("changed_at", "changed_by_id", "ended_because", "id", "is_instant", "number", "period", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id", "scheme_id") VALUES (NEW."changed_at", NEW."changed_by_id", NEW."ended_because", NEW."id", NEW."is_instant", NEW."number", NEW."period", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."provider_id", NEW."scheme_id"); RETURN NULL;',
                    hash="01877e5a919707653d390db3a1dbf508bc0ea64e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b786b",
                    table="claims_agreement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "claims_agreementevent" ("changed_at", "changed_by_id", "ended_because", "id", "is_instant", "number", "period", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id", "scheme_id") VALUES (NEW."changed_at", NEW."changed_by_id", NEW."ended_because", NEW."id", NEW."is_instant", NEW."number", NEW."period", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."provider_id", NEW."scheme_id"); RETURN NULL;',
                    hash="7bf8be5f4336adb6a4005b491b350b04cc5f0d28",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f6ce2",
                    table="claims_agreement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "claims_claimevent" ("admission_id", "admitted_on", "body_id", "certificate_id", "content_version", "delivery", "department", "diagnosis", "discharged_on", "disease_group", "disease_id", "employment", "entered_at", "entered_by_id", "entered_on", "ground", "hospital_number", "id", "injury_id", "is_designated", "is_emergency", "is_referred", "is_tcm", "kind", "lateness_id", "level", "member_id", "note", "number", "other_payers", "outside_stay_id", "payee_account", "payee_bank", "payee_kind", "payee_name", "payee_relation", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "proposed", "provider_id", "referral_id", "region", "route", "scheme_id", "settled_on", "state", "state_since", "tier", "total") VALUES (NEW."admission_id", NEW."admitted_on", NEW."body_id", NEW."certificate_id", NEW."content_version", NEW."delivery", NEW."department", NEW."diagnosis", NEW."discharged_on", NEW."disease_group", NEW."disease_id", NEW."employment", NEW."entered_at", NEW."entered_by_id", NEW."entered_on", NEW."ground", NEW."hospital_number", NEW."id", NEW."injury_id", NEW."is_designated", NEW."is_emergency", NEW."is_referred", NEW."is_tcm", NEW."kind", NEW."lateness_id", NEW."level", NEW."member_id", NEW."note", NEW."number", NEW."other_payers", NEW."outside_stay_id", NEW."payee_account", NEW."payee_bank", NEW."payee_kind", NEW."payee_name", NEW."payee_relation", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."phone", NEW."proposed", NEW."provider_id", NEW."referral_id", NEW."region", NEW."route", NEW."scheme_id", NEW."settled_on", NEW."state", NEW."state_since", NEW."tier", NEW."total"); RETURN NULL;',
                    hash="7e860e945c89f2118c893048ca9548bd098e20e7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_df8fa",
                    table="claims_claim",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "claims_claimevent" ("admission_id", "admitted_on", "body_id", "certificate_id", "content_version", "delivery", "department", "diagnosis", "discharged_on", "disease_group", "disease_id", "employment", "entered_at", "entered_by_id", "entered_on", "ground", "hospital_number", "id", "injury_id", "is_designated", "is_emergency", "is_referred", "is_tcm", "kind", "lateness_id", "level", "member_id", "note", "number", "other_payers", "outside_stay_id", "payee_account", "payee_bank", "payee_kind", "payee_name", "payee_relation", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "proposed", "provider_id", "referral_id", "region", "route", "scheme_id", "settled_on", "state", "state_since", "tier", "total") VALUES (NEW."admission_id", NEW."admitted_on", NEW."body_id", NEW."certificate_id", NEW."content_version", NEW."delivery", NEW."department", NEW."diagnosis", NEW."discharged_on", NEW."disease_group", NEW."disease_id", NEW."employment", NEW."entered_at", NEW."entered_by_id", NEW."entered_on", NEW."ground", NEW."hospital_number", NEW."id", NEW."injury_id", NEW."is_designated", NEW."is_emergency", NEW."is_referred", NEW."is_tcm", NEW."kind", NEW."lateness_id", NEW."level", NEW."member_id", NEW."note", NEW."number", NEW."other_payers", NEW."outside_stay_id", NEW."payee_account", NEW."payee_bank", NEW."payee_kind", NEW."payee_name", NEW."payee_relation", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."phone", NEW."proposed", NEW."provider_id", NEW."referral_id", NEW."region", NEW."route", NEW."scheme_id", NEW."settled_on", NEW."state", NEW."state_since", NEW."tier", NEW."total"); RETURN NULL;',
                    hash="161c5331b6b9b81eecded3d7eac1ecd75e650e3b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fe4ba",
                    table="claims_claim",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("price__isnull", True), ("quantity__isnull", True)),
                    models.Q(
                        (
                            "amount",
                            django.db.models.functions.math.Round(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("quantity"), "*", models.F("price")
                                ),
                                2,
                            ),
                        ),
                        ("entry__isnull", False),
                        ("price__gt", Decimal("0")),
                        ("quantity__gt", Decimal("0")),
                    ),
                    _connector="OR",
                ),
                name="claim_line_is_quantity_times_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="timelimit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "referral_holds",
                            "emergency_filed",
                            "outside_reported",
                            "claim_after_year",
                            "claim_after_stay",
                        ],
                    )
                ),
                name="time_limit_kind_is_known",
            ),
        ),
        migrations.AddField(
            model_name="askedpaper",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="askedpaper",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="asked_papers",
                to="claims.claim",
                verbose_name="claim",
            ),
        ),
        migrations.AddField(
            model_name="askedpaper",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.claimsround",
                verbose_name="round",
            ),
        ),
        migrations.AddField(
            model_name="lateallowance",
            name="allowed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="allowed by",
            ),
        ),
        migrations.AddField(
            model_name="lateallowance",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="enrollment.member",
                verbose_name="patient",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="lateness",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.lateallowance",
                verbose_name="allowed although late",
            ),
        ),
        migrations.AddField(
            model_name="claimevent",
            name="lateness",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.lateallowance",
                verbose_name="allowed although late",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("payee_kind__in", ["household", "member", "provider"])),
                name="claim_payee_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("payee_kind", "provider"), _negated=True),
                    models.Q(("is_designated", True), models.Q(("payee_account", ""), _negated=True)),
                    _connector="OR",
                ),
                name="claim_pays_a_hospital_under_agreement",
            ),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="entered by",
            ),
        ),
        migrations.AddField(
            model_name="provideraccount",
            name="provider",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accounts",
                to="claims.provider",
                verbose_name="provider",
            ),
        ),
        migrations.AddField(
            model_name="provideraccountevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="claims.provideraccount",
            ),
        ),
        migrations.AddField(
            model_name="provideraccountevent",
            name="proposed_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="entered by",
            ),
        ),
        migrations.AddField(
            model_name="provideraccountevent",
            name="provider",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="claims.provider",
                verbose_name="provider",
            ),
        ),
        migrations.AddConstraint(
            model_name="askedpaper",
            constraint=models.UniqueConstraint(fields=("claim", "version", "paper"), name="asked_paper_once"),
        ),
        migrations.AddConstraint(
            model_name="askedpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paper", ""), _negated=True),
                    models.Q(
                        models.Q(("paper", "other"), _negated=True),
                        models.Q(("words", ""), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="asked_paper_is_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="lateallowance",
            constraint=models.UniqueConstraint(fields=("member", "discharged_on"), name="late_allowance_once"),
        ),
        migrations.AddConstraint(
            model_name="lateallowance",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="late_allowance_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="lateallowance",
            constraint=models.CheckConstraint(
                condition=models.Q(("allowed_on__gt", models.F("discharged_on"))),
                name="late_allowance_comes_after_the_discharge",
            ),
        ),
        migrations.AddConstraint(
            model_name="provideraccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "confirmed")), fields=("provider",), name="provider_account_one_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="provideraccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("provider",),
                name="provider_account_one_change_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="provideraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("holder", ""), _negated=True),
                    models.Q(("bank", ""), _negated=True),
                    models.Q(("document", ""), _negated=True),
                    ("number__regex", "^[0-9]{8,32}$"),
                ),
                name="provider_account_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="provideraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "confirmed", "refused", "replaced"])),
                name="provider_account_state_is_known",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="provideraccount",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "claims_provideraccountevent" ("bank", "document", "holder", "id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "provider_id", "state") VALUES (NEW."bank", NEW."document", NEW."holder", NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."provider_id", NEW."state"); RETURN NULL;',
                    hash="393ad53133db5b218a3560c70a717e3014c05930",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a7062",
                    table="claims_provideraccount",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="provideraccount",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "claims_provideraccountevent" ("bank", "document", "holder", "id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "provider_id", "state") VALUES (NEW."bank", NEW."document", NEW."holder", NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."provider_id", NEW."state"); RETURN NULL;',
                    hash="831e58ed6ab265f70f8c9e0fb5b145798a8fca0d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_825ae",
                    table="claims_provideraccount",
                    when="AFTER",
                ),
            ),
        ),
        *(
            migrations.RunSQL(sql, migrations.RunSQL.noop)
            for sql in (
                only_added_to("askedpaper"),
                only_added_to("lateallowance"),
                history("provideraccount"),
                ACCOUNT,
                BEFORE,
                RETURNING,
                CLAIM,
            )
        ),
    ]
