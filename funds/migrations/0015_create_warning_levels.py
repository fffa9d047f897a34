import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('funds', '0008_guard_slips'),
        ('funds', '0014_guard_budgets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WarningLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('year_surplus', 'surplus of the year too high'), ('year_deficit', 'deficit of the year'), ('cumulative_surplus', 'cumulative surplus too high'), ('spending_ahead', 'spending ahead of the calendar'), ('months_in_hand', 'too few months of payments in hand'), ('subsidy_overdue', 'subsidy overdue'), ('outside_share', 'too many stays outside the county'), ('income_account', 'income account not empty at the end of a month')], max_length=20, verbose_name='warning')),
                ('level', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='level')),
                ('since', models.DateField(verbose_name='in force from')),
                ('document', models.CharField(max_length=100, verbose_name='paper')),
                ('state', models.CharField(choices=[('proposed', 'to be confirmed'), ('confirmed', 'confirmed'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='proposed', max_length=10, verbose_name='state')),
                ('proposed_at', models.DateTimeField(verbose_name='entered at')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='warning_levels', to='funds.book', verbose_name='books')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'verbose_name': 'level of a warning',
                'ordering': ['book', 'code', '-since', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='WarningLevelEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(choices=[('year_surplus', 'surplus of the year too high'), ('year_deficit', 'deficit of the year'), ('cumulative_surplus', 'cumulative surplus too high'), ('spending_ahead', 'spending ahead of the calendar'), ('months_in_hand', 'too few months of payments in hand'), ('subsidy_overdue', 'subsidy overdue'), ('outside_share', 'too many stays outside the county'), ('income_account', 'income account not empty at the end of a month')], max_length=20, verbose_name='warning')),
                ('level', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='level')),
                ('since', models.DateField(verbose_name='in force from')),
                ('document', models.CharField(max_length=100, verbose_name='paper')),
                ('state', models.CharField(choices=[('proposed', 'to be confirmed'), ('confirmed', 'confirmed'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='proposed', max_length=10, verbose_name='state')),
                ('proposed_at', models.DateTimeField(verbose_name='entered at')),
                ('book', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='funds.book', verbose_name='books')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='funds.warninglevel')),
                ('proposed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='warninglevel',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', ['year_surplus', 'year_deficit', 'cumulative_surplus', 'spending_ahead', 'months_in_hand', 'subsidy_overdue', 'outside_share', 'income_account'])), name='warning_code_is_known'),
        ),
        migrations.AddConstraint(
            model_name='warninglevel',
            constraint=models.CheckConstraint(condition=models.Q(('document', ''), _negated=True), name='warning_level_has_a_paper'),
        ),
        migrations.AddConstraint(
            model_name='warninglevel',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'confirmed')), fields=('book', 'code', 'since'), name='one_warning_level_begins_on_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='warninglevel',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "funds_warninglevelevent" ("book_id", "code", "document", "id", "level", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "since", "state") VALUES (NEW."book_id", NEW."code", NEW."document", NEW."id", NEW."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."since", NEW."state"); RETURN NULL;', hash='2ee7789810593ce12731ab45b4da933f200fe4f3', operation='INSERT', pgid='pgtrigger_insert_insert_f1117', table='funds_warninglevel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='warninglevel',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "funds_warninglevelevent" ("book_id", "code", "document", "id", "level", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "since", "state") VALUES (NEW."book_id", NEW."code", NEW."document", NEW."id", NEW."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."since", NEW."state"); RETURN NULL;', hash='b00cc5a22b03ba109badf821a5e9757181671e88', operation='UPDATE', pgid='pgtrigger_update_update_9d5ec', table='funds_warninglevel', when='AFTER')),
        ),
    ]
