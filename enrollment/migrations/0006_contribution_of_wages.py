"""Schemes whose contribution is a rate of wages; a year's rates are of the kind of its scheme."""

import django.db.models.deletion
import django.db.models.expressions
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.db import migrations, models

GUARDS = """
CREATE TRIGGER wagerateevent_is_only_added_to BEFORE UPDATE OR DELETE ON enrollment_wagerateevent
    FOR EACH STATEMENT EXECUTE FUNCTION office_only_added_to();
CREATE TRIGGER wagerate_history_stays_on BEFORE INSERT OR UPDATE OR DELETE ON enrollment_wagerate
    FOR EACH STATEMENT EXECUTE FUNCTION office_history_stays_on();
CREATE TRIGGER wagerate_is_guarded BEFORE INSERT OR UPDATE ON enrollment_wagerate
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_part();

CREATE FUNCTION enrollment_guard_kind_of_rate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM enrollment_fundyear y JOIN enrollment_scheme s ON s.id = y.scheme_id
      WHERE y.id = NEW.fund_year_id AND s.contribution = TG_ARGV[0];
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this scheme has contributions of another kind' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contributionrate_is_of_its_kind BEFORE INSERT ON enrollment_contributionrate
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_kind_of_rate('fixed');
CREATE TRIGGER wagerate_is_of_its_kind BEFORE INSERT ON enrollment_wagerate
    FOR EACH ROW EXECUTE FUNCTION enrollment_guard_kind_of_rate('wages');

CREATE FUNCTION enrollment_guard_scheme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a scheme keeps the kind of its contributions' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER scheme_keeps_its_kind BEFORE UPDATE ON enrollment_scheme
    FOR EACH ROW WHEN (NEW.contribution <> OLD.contribution) EXECUTE FUNCTION enrollment_guard_scheme();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('enrollment', '0005_withdraw_go_live'),
    ]

    operations = [
        migrations.CreateModel(
            name='WageRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(choices=[('active', 'at work'), ('retired', 'retired'), ('flexible', 'flexibly employed')], max_length=12, verbose_name='group')),
                ('employer', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='employer, percent')),
                ('person', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='person, percent')),
                ('floor', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='least base, yuan')),
                ('ceiling', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='highest base, yuan')),
            ],
            options={
                'verbose_name': 'rate of wages',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='WageRateEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('group', models.CharField(choices=[('active', 'at work'), ('retired', 'retired'), ('flexible', 'flexibly employed')], max_length=12, verbose_name='group')),
                ('employer', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='employer, percent')),
                ('person', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='person, percent')),
                ('floor', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='least base, yuan')),
                ('ceiling', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='highest base, yuan')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='scheme',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='scheme',
            name='update_update',
        ),
        migrations.AddField(
            model_name='scheme',
            name='contribution',
            field=models.CharField(choices=[('fixed', 'a sum a head'), ('wages', 'a rate of wages')], default='fixed', max_length=12, verbose_name='way of contributing'),
        ),
        migrations.AddField(
            model_name='schemeevent',
            name='contribution',
            field=models.CharField(choices=[('fixed', 'a sum a head'), ('wages', 'a rate of wages')], default='fixed', max_length=12, verbose_name='way of contributing'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheme',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "enrollment_schemeevent" ("account", "code", "contribution", "id", "insures", "is_basic", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."account", NEW."code", NEW."contribution", NEW."id", NEW."insures", NEW."is_basic", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='9a5e1c4651bcd0bd747a885bdecd350e96f9c3c5', operation='INSERT', pgid='pgtrigger_insert_insert_a8f09', table='enrollment_scheme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheme',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "enrollment_schemeevent" ("account", "code", "contribution", "id", "insures", "is_basic", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."account", NEW."code", NEW."contribution", NEW."id", NEW."insures", NEW."is_basic", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='df8e00fbd82db92d8f9a0ba612ea208e32c6ba89', operation='UPDATE', pgid='pgtrigger_update_update_b8f37', table='enrollment_scheme', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='scheme',
            constraint=models.CheckConstraint(condition=models.Q(('contribution', 'fixed'), ('insures', 'person'), _connector='OR'), name='scheme_of_wages_insures_people'),
        ),
        migrations.AddField(
            model_name='wagerate',
            name='fund_year',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='enrollment.fundyear', verbose_name='fund year'),
        ),
        migrations.AddField(
            model_name='wagerateevent',
            name='fund_year',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='enrollment.fundyear', verbose_name='fund year'),
        ),
        migrations.AddField(
            model_name='wagerateevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='enrollment.wagerate'),
        ),
        migrations.AddConstraint(
            model_name='wagerate',
            constraint=models.UniqueConstraint(fields=('fund_year', 'group'), name='wage_rate_once_for_a_group'),
        ),
        migrations.AddConstraint(
            model_name='wagerate',
            constraint=models.CheckConstraint(condition=models.Q(('employer__gte', Decimal('0')), ('employer__lte', django.db.models.expressions.CombinedExpression(models.Value(Decimal('100')), '-', models.F('person'))), ('person__gte', Decimal('0'))), name='wage_rate_is_a_part_of_wages'),
        ),
        migrations.AddConstraint(
            model_name='wagerate',
            constraint=models.CheckConstraint(condition=models.Q(('ceiling__gte', models.F('floor')), ('floor__gte', Decimal('0'))), name='wage_rate_has_a_base'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='wagerate',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "enrollment_wagerateevent" ("ceiling", "employer", "floor", "fund_year_id", "group", "id", "person", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."ceiling", NEW."employer", NEW."floor", NEW."fund_year_id", NEW."group", NEW."id", NEW."person", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='aad4f9fb3e709a637b1792dd13f8fa64fb4bfe4f', operation='INSERT', pgid='pgtrigger_insert_insert_1d858', table='enrollment_wagerate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='wagerate',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "enrollment_wagerateevent" ("ceiling", "employer", "floor", "fund_year_id", "group", "id", "person", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."ceiling", NEW."employer", NEW."floor", NEW."fund_year_id", NEW."group", NEW."id", NEW."person", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='4b2d9f918b2d18917947dd2cabf414c46785a856', operation='UPDATE', pgid='pgtrigger_update_update_e40ca', table='enrollment_wagerate', when='AFTER')),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
