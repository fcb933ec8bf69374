"""The feed tells which town a claim was about before, what a status was before, and what is emptied;
who changes passages names no state of a claim that another may be changing."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Of the states that are in the feed already: which other town the claim was about before.
MOVED = """
UPDATE claims_change change SET place_before = state.before
FROM (
    SELECT pgh_id, place_id,
        lag(place_id) OVER (PARTITION BY pgh_obj_id ORDER BY pgh_id) AS before
    FROM claims_claimevent
) state
WHERE state.pgh_id = change.event AND state.before <> state.place_id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0013_changes_keys_exports_webhooks'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='claimevent',
            name='feed_claims',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='evidence',
            name='feed_passages_new',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='evidence',
            name='feed_passages_changed',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='evidence',
            name='feed_passages_gone',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='statusinterval',
            name='feed_status_changed',
        ),
        migrations.AddField(
            model_name='change',
            name='place_before',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='change',
            name='status_before',
            field=models.JSONField(null=True),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['place', 'number'], name='change_of_place'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(condition=models.Q(('place_before__isnull', False)), fields=['place_before', 'number'], name='change_away_from_place'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='feed_claims_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'claim', 'removed', place_id, id, NULL, NULL, pg_current_xact_id()::text::bigint FROM claims_claim ORDER BY id;\n         RETURN NULL;", hash='3058c4afd8f3991774016b0bec8e482e2b7a37d1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_feed_claims_emptied_743a9', table='claims_claim', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimevent',
            trigger=pgtrigger.compiler.Trigger(name='feed_claims', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, place_before, claim, event, transaction)\n        SELECT 'claim', CASE state.pgh_label WHEN 'insert' THEN 'added' ELSE 'changed' END,\n            state.place_id, nullif(before.place_id, state.place_id), state.pgh_obj_id,\n            state.pgh_id, pg_current_xact_id()::text::bigint\n        FROM new_rows state LEFT JOIN LATERAL (\n            SELECT place_id FROM claims_claimevent earlier\n            WHERE earlier.pgh_obj_id = state.pgh_obj_id AND earlier.pgh_id < state.pgh_id\n            ORDER BY earlier.pgh_id DESC LIMIT 1\n        ) before ON state.pgh_label <> 'insert'\n        ORDER BY state.pgh_id;\n         RETURN NULL;", hash='fdb233f6935257b0aca77c6f7d94b1763449f7f0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_feed_claims_8b5a0', referencing='REFERENCING NEW TABLE AS new_rows ', table='claims_claimevent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='feed_passages_new', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'claim', 'changed', claim.place_id, claim.id, NULL, NULL, pg_current_xact_id()::text::bigint\n        FROM claims_claim claim\n        WHERE claim.id IN (SELECT claim_id FROM new_rows) AND NOT EXISTS (\n            SELECT FROM claims_change noted\n            WHERE noted.claim = claim.id AND noted.number IS NULL AND noted.transaction = pg_current_xact_id()::text::bigint\n        )\n        ORDER BY claim.id;\n         RETURN NULL;", hash='522be0667dbd6fea89b9421d6aba910efd3986c1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_feed_passages_new_b5092', referencing='REFERENCING NEW TABLE AS new_rows ', table='claims_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='feed_passages_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'claim', 'changed', claim.place_id, claim.id, NULL, NULL, pg_current_xact_id()::text::bigint\n        FROM claims_claim claim\n        WHERE claim.id IN (SELECT claim_id FROM old_rows UNION SELECT claim_id FROM new_rows) AND NOT EXISTS (\n            SELECT FROM claims_change noted\n            WHERE noted.claim = claim.id AND noted.number IS NULL AND noted.transaction = pg_current_xact_id()::text::bigint\n        )\n        ORDER BY claim.id;\n         RETURN NULL;", hash='a564a21f04e748d75533ed2edfa10a3097b201d7', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_feed_passages_changed_2e7d4', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='claims_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='feed_passages_gone', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'claim', 'changed', claim.place_id, claim.id, NULL, NULL, pg_current_xact_id()::text::bigint\n        FROM claims_claim claim\n        WHERE claim.id IN (SELECT claim_id FROM old_rows) AND NOT EXISTS (\n            SELECT FROM claims_change noted\n            WHERE noted.claim = claim.id AND noted.number IS NULL AND noted.transaction = pg_current_xact_id()::text::bigint\n        )\n        ORDER BY claim.id;\n         RETURN NULL;", hash='b35729e7e8ebbca21e585f524d958135117d3b5a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_feed_passages_gone_0f23e', referencing='REFERENCING OLD TABLE AS old_rows ', table='claims_evidence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusinterval',
            trigger=pgtrigger.compiler.Trigger(name='feed_status_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, status, status_before, transaction)\n        SELECT 'status', 'changed', new_rows.place_id, to_jsonb(new_rows) - 'id',\n            to_jsonb(old_rows) - 'id', pg_current_xact_id()::text::bigint\n        FROM new_rows JOIN old_rows USING (id)\n        WHERE new_rows IS DISTINCT FROM old_rows\n        ORDER BY new_rows.place_id, new_rows.include_pending, new_rows.part_label, new_rows.start;\n         RETURN NULL;", hash='c9d3bdb13a24242a60c550fba49da63497538367', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_feed_status_changed_784ca', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='claims_statusinterval', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusinterval',
            trigger=pgtrigger.compiler.Trigger(name='feed_status_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        INSERT INTO claims_change (what, action, place, claim, event, status, transaction)\n        SELECT 'status', 'removed', place_id, NULL, NULL, to_jsonb(claims_statusinterval) - 'id', pg_current_xact_id()::text::bigint\n        FROM claims_statusinterval ORDER BY place_id, include_pending, part_label, start;\n         RETURN NULL;", hash='9ee8f5a7ce590ac6dff63ba0291d99c82aa89736', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_feed_status_emptied_97205', table='claims_statusinterval', when='BEFORE')),
        ),
        migrations.RunSQL(MOVED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(('status_before__isnull', True), models.Q(('action', 'changed'), ('what', 'status')), _connector='OR'), name='change_before_of_a_changed_status'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(('place_before__isnull', True), models.Q(('what', 'claim'), models.Q(('place_before', models.F('place')), _negated=True)), _connector='OR'), name='change_place_before_of_a_moved_claim'),
        ),
    ]
