"""The hashes of texts that are there already. New ones get theirs from a trigger."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sources", "0007_ingest")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE sources_document
            SET text_sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')
            WHERE text_sha256 = ''
            """,
            migrations.RunSQL.noop,
        )
    ]
