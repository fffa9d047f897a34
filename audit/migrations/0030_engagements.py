"""An audit has its engagements, each with its people."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audit', '0021_guard_leads'),
        ('enrollment', '0013_move_year_sums'),
        ('office', '0022_index_acts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Engagement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='number')),
                ('kind', models.CharField(choices=[('annual', 'annual audit'), ('special', 'special audit'), ('leaving', 'audit at leaving office'), ('dragnet', 'drag-net check')], max_length=8, verbose_name='kind')),
                ('done_by', models.CharField(choices=[('internal', 'internal audit'), ('bureau', 'audit bureau')], max_length=8, verbose_name='done by')),
                ('title', models.CharField(max_length=100, verbose_name='title')),
                ('basis', models.CharField(max_length=200, verbose_name='basis')),
                ('since', models.DateField(verbose_name='audited from')),
                ('until', models.DateField(verbose_name='audited until')),
                ('scope', models.TextField(max_length=1000, verbose_name='scope')),
                ('plan', models.TextField(max_length=4000, verbose_name='plan')),
                ('fieldwork_from', models.DateField(blank=True, null=True, verbose_name='fieldwork from')),
                ('notice_on', models.DateField(blank=True, null=True, verbose_name='notice served on')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('noticed', 'under way'), ('reported', 'reported, being rectified'), ('closed', 'closed'), ('void', 'given up')], default='planned', max_length=8, verbose_name='state')),
                ('made_at', models.DateTimeField(verbose_name='planned at')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.body', verbose_name='audited body')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lead')),
                ('leaver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='whose office ends')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='planned by')),
                ('scheme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrollment.scheme', verbose_name='scheme')),
            ],
            options={
                'verbose_name': 'engagement',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='EngagementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('number', models.CharField(max_length=40, verbose_name='number')),
                ('kind', models.CharField(choices=[('annual', 'annual audit'), ('special', 'special audit'), ('leaving', 'audit at leaving office'), ('dragnet', 'drag-net check')], max_length=8, verbose_name='kind')),
                ('done_by', models.CharField(choices=[('internal', 'internal audit'), ('bureau', 'audit bureau')], max_length=8, verbose_name='done by')),
                ('title', models.CharField(max_length=100, verbose_name='title')),
                ('basis', models.CharField(max_length=200, verbose_name='basis')),
                ('since', models.DateField(verbose_name='audited from')),
                ('until', models.DateField(verbose_name='audited until')),
                ('scope', models.TextField(max_length=1000, verbose_name='scope')),
                ('plan', models.TextField(max_length=4000, verbose_name='plan')),
                ('fieldwork_from', models.DateField(blank=True, null=True, verbose_name='fieldwork from')),
                ('notice_on', models.DateField(blank=True, null=True, verbose_name='notice served on')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('noticed', 'under way'), ('reported', 'reported, being rectified'), ('closed', 'closed'), ('void', 'given up')], default='planned', max_length=8, verbose_name='state')),
                ('made_at', models.DateTimeField(verbose_name='planned at')),
                ('body', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='office.body', verbose_name='audited body')),
                ('lead', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lead')),
                ('leaver', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='whose office ends')),
                ('made_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='planned by')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='audit.engagement')),
                ('scheme', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='enrollment.scheme', verbose_name='scheme')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EngagementMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('own_work', models.PositiveIntegerField(default=0, verbose_name='own work in the period')),
                ('named_at', models.DateTimeField(verbose_name='named at')),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='audit.engagement', verbose_name='engagement')),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'member of an engagement',
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='engagement',
            index=models.Index(fields=['state', '-id'], name='engagement_by_state'),
        ),
        migrations.AddConstraint(
            model_name='engagement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', ''), _negated=True), models.Q(('title', ''), _negated=True), models.Q(('basis', ''), _negated=True), models.Q(('scope', ''), _negated=True), models.Q(('plan', ''), _negated=True)), name='engagement_says_what'),
        ),
        migrations.AddConstraint(
            model_name='engagement',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['annual', 'special', 'leaving', 'dragnet'])), name='engagement_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='engagement',
            constraint=models.CheckConstraint(condition=models.Q(('done_by__in', ['internal', 'bureau'])), name='engagement_doer_is_known'),
        ),
        migrations.AddConstraint(
            model_name='engagement',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'noticed', 'reported', 'closed', 'void'])), name='engagement_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='engagement',
            constraint=models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='engagement_is_of_a_period'),
        ),
        migrations.AddConstraint(
            model_name='engagement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'leaving'), ('leaver__isnull', False)), models.Q(models.Q(('kind', 'leaving'), _negated=True), ('leaver__isnull', True)), _connector='OR'), name='engagement_at_leaving_is_of_a_person'),
        ),
        migrations.AddConstraint(
            model_name='engagement',
            constraint=models.CheckConstraint(condition=models.Q(('leaver__isnull', True), models.Q(('leaver', models.F('lead')), _negated=True), _connector='OR'), name='engagement_is_not_led_by_the_leaver'),
        ),
        migrations.AddConstraint(
            model_name='engagement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fieldwork_from__isnull', True), ('notice_on__isnull', True), ('state__in', ['planned', 'void'])), models.Q(('fieldwork_from__gt', models.F('notice_on')), ('state__in', ['noticed', 'reported', 'closed'])), _connector='OR'), name='engagement_begins_after_its_notice'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='engagement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "audit_engagementevent" ("basis", "body_id", "done_by", "fieldwork_from", "id", "kind", "lead_id", "leaver_id", "made_at", "made_by_id", "notice_on", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "scheme_id", "scope", "since", "state", "title", "until") VALUES (NEW."basis", NEW."body_id", NEW."done_by", NEW."fieldwork_from", NEW."id", NEW."kind", NEW."lead_id", NEW."leaver_id", NEW."made_at", NEW."made_by_id", NEW."notice_on", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."plan", NEW."scheme_id", NEW."scope", NEW."since", NEW."state", NEW."title", NEW."until"); RETURN NULL;', hash='9696088b2b657b53d941e934c9df5bb3862a9fdd', operation='INSERT', pgid='pgtrigger_insert_insert_24892', table='audit_engagement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='engagement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "audit_engagementevent" ("basis", "body_id", "done_by", "fieldwork_from", "id", "kind", "lead_id", "leaver_id", "made_at", "made_by_id", "notice_on", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "scheme_id", "scope", "since", "state", "title", "until") VALUES (NEW."basis", NEW."body_id", NEW."done_by", NEW."fieldwork_from", NEW."id", NEW."kind", NEW."lead_id", NEW."leaver_id", NEW."made_at", NEW."made_by_id", NEW."notice_on", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."plan", NEW."scheme_id", NEW."scope", NEW."since", NEW."state", NEW."title", NEW."until"); RETURN NULL;', hash='a4c81830f211f8da4dc564e1af43de9c07529361', operation='UPDATE', pgid='pgtrigger_update_update_724a8', table='audit_engagement', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='engagementmember',
            constraint=models.UniqueConstraint(fields=('engagement', 'person'), name='engagement_member_once'),
        ),
    ]
