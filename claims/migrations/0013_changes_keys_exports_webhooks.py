"""The feed of changes, begun with all that history has; keys, exports, releases and webhooks."""


import config.ids
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# What is there already stands in the feed as it came: each state of each claim, then the statuses
# as they are. Times never decrease, though of two transactions the later may have begun earlier.
FEED = """
INSERT INTO claims_change (number, at, what, action, place, claim, event, transaction)
SELECT row_number() OVER by_id, max(pgh_created_at) OVER by_id, 'claim',
    CASE pgh_label WHEN 'insert' THEN 'added' ELSE 'changed' END,
    place_id, pgh_obj_id, pgh_id, pg_current_xact_id()::text::bigint
FROM claims_claimevent WINDOW by_id AS (ORDER BY pgh_id);
INSERT INTO claims_change (number, at, what, action, place, status, transaction)
SELECT (SELECT coalesce(max(number), 0) FROM claims_change)
        + row_number() OVER (ORDER BY place_id, include_pending, part_label, start),
    now(), 'status', 'added', place_id, to_jsonb(there) - 'id', pg_current_xact_id()::text::bigint
FROM claims_statusinterval there;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0012_kept_history'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.UUIDField(default=config.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('prefix', models.CharField(editable=False, max_length=16, unique=True)),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'read'), ('export', 'export'), ('write', 'write')], max_length=6), size=None)),
                ('rate', models.PositiveIntegerField(default=600)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'API key',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(editable=False, null=True, unique=True)),
                ('at', models.DateTimeField(editable=False, null=True)),
                ('what', models.CharField(choices=[('claim', 'Claim'), ('status', 'Status')], max_length=6)),
                ('action', models.CharField(choices=[('added', 'Added'), ('changed', 'Changed'), ('removed', 'Removed')], max_length=7)),
                ('place', models.UUIDField()),
                ('claim', models.UUIDField(null=True)),
                ('event', models.BigIntegerField(null=True)),
                ('status', models.JSONField(null=True)),
                ('transaction', models.BigIntegerField()),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=config.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('change', models.BigIntegerField(null=True)),
                ('body', models.TextField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('delivered', 'Delivered'), ('failed', 'Failed')], default='waiting', max_length=9)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('error', models.TextField(blank=True)),
                ('error_values', models.JSONField(blank=True, default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.UUIDField(default=config.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('table', models.CharField(max_length=20)),
                ('format', models.CharField(max_length=10)),
                ('query', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('expired', 'Expired')], default='waiting', max_length=7)),
                ('rows_done', models.PositiveBigIntegerField(default=0)),
                ('rows_in_all', models.PositiveBigIntegerField(blank=True, null=True)),
                ('file', models.FileField(blank=True, upload_to='exports')),
                ('size', models.PositiveBigIntegerField(blank=True, null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.TextField(blank=True)),
                ('error_values', models.JSONField(blank=True, default=dict)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('notes', models.TextField(blank=True)),
                ('licence', models.TextField()),
                ('citation', models.TextField(blank=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('change', models.BigIntegerField(blank=True, null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('published', 'Published'), ('failed', 'Failed')], default='waiting', max_length=9)),
                ('rows_done', models.PositiveBigIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('error_values', models.JSONField(blank=True, default=dict)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='ReleaseFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('file', models.FileField(upload_to='releases')),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.PositiveBigIntegerField(blank=True, null=True)),
            ],
            options={
                'ordering': ['release', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=config.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('url', models.URLField(max_length=2000)),
                ('secret', models.CharField(editable=False, max_length=100)),
                ('what', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('claim', 'changes of claims'), ('status', 'changes of statuses')], max_length=6), size=None)),
                ('query', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('change', models.BigIntegerField(default=0)),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
                ('disabled_at', models.DateTimeField(blank=True, null=True)),
                ('disabled_because', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='feed_claims_gone', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'claim', 'removed', place_id, id, NULL, NULL, pg_current_xact_id()::text::bigint FROM old_rows ORDER BY id;\n         RETURN NULL;", hash='0daa58a7d0c730c8ca7b00be4ec118854aa01798', level='STATEMENT', operation='DELETE', pgid='pgtrigger_feed_claims_gone_5eb27', referencing='REFERENCING OLD TABLE AS old_rows ', table='claims_claim', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimevent',
            trigger=pgtrigger.compiler.Trigger(name='feed_claims', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'claim', CASE pgh_label WHEN 'insert' THEN 'added' ELSE 'changed' END,\n            place_id, pgh_obj_id, pgh_id, NULL, pg_current_xact_id()::text::bigint\n        FROM new_rows ORDER BY pgh_id;\n         RETURN NULL;", hash='8bb82caf84d36e72aba05659e7359994eb58dbf9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_feed_claims_8b5a0', referencing='REFERENCING NEW TABLE AS new_rows ', table='claims_claimevent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='feed_passages_new', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'claim', 'changed', claim.place_id, claim.id,\n            (SELECT max(pgh_id) FROM claims_claimevent WHERE pgh_obj_id = claim.id), NULL, pg_current_xact_id()::text::bigint\n        FROM claims_claim claim\n        WHERE claim.id IN (SELECT claim_id FROM new_rows) AND NOT EXISTS (\n            SELECT FROM claims_change noted\n            WHERE noted.claim = claim.id AND noted.number IS NULL AND noted.transaction = pg_current_xact_id()::text::bigint\n        );\n         RETURN NULL;", hash='002ddb7e97a6d0ebc30c1296d4b8919e443d23c3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_feed_passages_new_b5092', referencing='REFERENCING NEW TABLE AS new_rows ', table='claims_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='feed_passages_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'claim', 'changed', claim.place_id, claim.id,\n            (SELECT max(pgh_id) FROM claims_claimevent WHERE pgh_obj_id = claim.id), NULL, pg_current_xact_id()::text::bigint\n        FROM claims_claim claim\n        WHERE claim.id IN (SELECT claim_id FROM new_rows) AND NOT EXISTS (\n            SELECT FROM claims_change noted\n            WHERE noted.claim = claim.id AND noted.number IS NULL AND noted.transaction = pg_current_xact_id()::text::bigint\n        );\n         RETURN NULL;", hash='e63e141e36fc9c52b31eceee4573802cad01dcfd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_feed_passages_changed_2e7d4', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='claims_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='feed_passages_gone', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'claim', 'changed', claim.place_id, claim.id,\n            (SELECT max(pgh_id) FROM claims_claimevent WHERE pgh_obj_id = claim.id), NULL, pg_current_xact_id()::text::bigint\n        FROM claims_claim claim\n        WHERE claim.id IN (SELECT claim_id FROM old_rows) AND NOT EXISTS (\n            SELECT FROM claims_change noted\n            WHERE noted.claim = claim.id AND noted.number IS NULL AND noted.transaction = pg_current_xact_id()::text::bigint\n        );\n         RETURN NULL;", hash='ff423a2c4c6a2795348a33bf6af34317009a826a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_feed_passages_gone_0f23e', referencing='REFERENCING OLD TABLE AS old_rows ', table='claims_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusinterval',
            trigger=pgtrigger.compiler.Trigger(name='feed_status_new', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'status', 'added', place_id, NULL, NULL, to_jsonb(new_rows) - 'id', pg_current_xact_id()::text::bigint\n        FROM new_rows ORDER BY place_id, include_pending, part_label, start;\n         RETURN NULL;", hash='475214c3ee7f3a7895744f7162e7c6924cdc6921', level='STATEMENT', operation='INSERT', pgid='pgtrigger_feed_status_new_f55e7', referencing='REFERENCING NEW TABLE AS new_rows ', table='claims_statusinterval', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusinterval',
            trigger=pgtrigger.compiler.Trigger(name='feed_status_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'status', 'changed', place_id, NULL, NULL, to_jsonb(new_rows) - 'id', pg_current_xact_id()::text::bigint\n        FROM new_rows ORDER BY place_id, include_pending, part_label, start;\n         RETURN NULL;", hash='2d964a9315cebee349b8472bbb31507e03bb15c9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_feed_status_changed_784ca', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='claims_statusinterval', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusinterval',
            trigger=pgtrigger.compiler.Trigger(name='feed_status_gone', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'status', 'removed', place_id, NULL, NULL, to_jsonb(old_rows) - 'id', pg_current_xact_id()::text::bigint\n        FROM old_rows ORDER BY place_id, include_pending, part_label, start;\n         RETURN NULL;", hash='d9cee1c75f431c213440242f0581041f9e96b9d1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_feed_status_gone_7d1b4', referencing='REFERENCING OLD TABLE AS old_rows ', table='claims_statusinterval', when='AFTER')),
        ),
        migrations.AddField(
            model_name='apikey',
            name='rotates',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='rotated_by', to='claims.apikey'),
        ),
        migrations.AddField(
            model_name='apikey',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(condition=models.Q(('number__isnull', True)), fields=['id'], name='change_waiting'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['claim', '-number'], name='change_of_claim'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['at'], name='change_at'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['added', 'changed', 'removed'])), name='change_action_known'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('status__isnull', True), ('what', 'claim')), models.Q(('claim__isnull', True), ('event__isnull', True), ('status__isnull', False), ('what', 'status')), _connector='OR'), name='change_of_claim_or_status'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), ('number__isnull', True)), models.Q(('at__isnull', False), ('number__isnull', False)), _connector='OR'), name='change_numbered_has_a_time'),
        ),
        migrations.AddField(
            model_name='export',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='release',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='releasefile',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='claims.release'),
        ),
        migrations.AddField(
            model_name='webhook',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delivery',
            name='webhook',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='claims.webhook'),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['read', 'export', 'write']), ('scopes__len__gt', 0)), name='api_key_scopes_known'),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='api_key_rate_allows_some'),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('rotates__isnull', True), models.Q(('rotates', models.F('id')), _negated=True), _connector='OR'), name='api_key_rotates_another'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['leased_until'], name='export_open'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('state', 'done')), fields=['expires_at'], name='export_done'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'done', 'failed', 'expired'])), name='export_state_known'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(models.Q(('file', ''), _negated=True), models.Q(('sha256', ''), _negated=True), ('expires_at__isnull', False), ('size__isnull', False)), _connector='OR'), name='export_done_has_a_file'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='export_failed_says_why'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), ('leased_until__isnull', False), _connector='OR'), name='export_running_is_leased'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'published', 'failed'])), name='release_state_known'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('change__isnull', False), ('published_at__isnull', False), models.Q(('citation', ''), _negated=True)), _connector='OR'), name='release_published_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='releasefile',
            constraint=models.UniqueConstraint(fields=('release', 'name'), name='release_file_once'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(('what__contained_by', ['claim', 'status']), ('what__len__gt', 0)), name='webhook_what_known'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('disabled_at__isnull', True), ('disabled_because', '')), models.Q(('disabled_at__isnull', False), models.Q(('disabled_because', ''), _negated=True)), _connector='OR'), name='webhook_disabled_says_why'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['leased_until'], name='delivery_open'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'delivered', 'failed'])), name='delivery_state_known'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('webhook', 'change'), name='delivery_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'delivered'), _negated=True), ('delivered_at__isnull', False), _connector='OR'), name='delivery_delivered_when'),
        ),
        migrations.RunSQL(FEED, migrations.RunSQL.noop),
    ]
