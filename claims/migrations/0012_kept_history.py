"""History resists: nothing that it refers to is overwritten, and the role that owns its tables
gives up the rights to change them (`claims.rights` does so again after later migrations)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# pghistory's own overwrites the row of a context whenever more is said in it, so that a request
# with two decisions would give both the second one's reason. Here each thing said has its row.
CONTEXT = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS uuid AS $$
DECLARE
    context text := NULLIF(current_setting('pghistory.context_id', true), '');
    said text := NULLIF(current_setting('pghistory.context_metadata', true), '');
    row_id uuid;
BEGIN
    IF context IS NULL OR said IS NULL THEN
        RETURN NULL;
    END IF;
    row_id := md5(context || said::jsonb::text)::uuid;
    INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
        VALUES (row_id, said::jsonb, now(), now())
        ON CONFLICT DO NOTHING;
    RETURN row_id;
END;
$$ LANGUAGE plpgsql;
"""
# A superuser has all rights whatever is revoked. A foreign key to a table locks the row that it
# names with its owner's rights, for which that of one column is enough: the key, which the
# trigger keeps.
RIGHTS = """
DO $$
DECLARE kept record;
BEGIN
    FOR kept IN
        SELECT DISTINCT c.oid::regclass AS name, r.rolname AS owner, a.attname AS key
        FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_roles r ON r.oid = c.relowner
        JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE t.tgname LIKE 'pgtrigger_append_only_%' AND NOT r.rolsuper
            AND pg_table_is_visible(c.oid)
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %I', kept.name, kept.owner);
        EXECUTE format('GRANT UPDATE (%I) ON %s TO %I', kept.key, kept.name, kept.owner);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0011_batched_claims'),
        ('entities', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimsContext',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('pghistory.context',),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimscontext',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1421be085f6e2cb45a57023201297f7c3e66f662', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3ac14', table='pghistory_context', when='BEFORE')),
        ),
        migrations.RunSQL(CONTEXT, migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
