"""Full text of titles and texts, made by the database itself."""

import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# Titles before texts. A text vector holds 1 MB at most, and PostgreSQL refuses a row whose
# vector would be bigger: 100 000 characters never make one.
ADD = """
ALTER TABLE sources_document ADD COLUMN words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('pg_catalog.english'::regconfig, title), 'A')
    || setweight(to_tsvector('pg_catalog.english'::regconfig, left(text, 100000)), 'B')
) STORED
"""
# Finds the documents that have some words without reading all of them. Without its list of
# pending entries, so that a search never waits for what an ingest has left to do.
INDEX = "CREATE INDEX document_words ON sources_document USING gin (words) WITH (fastupdate = off)"
REMOVE = "ALTER TABLE sources_document DROP COLUMN words"


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL([ADD, INDEX], [REMOVE]),
        migrations.CreateModel(
            name='DocumentWords',
            fields=[
                ('document', models.OneToOneField(db_column='id', on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='words', serialize=False, to='sources.document')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'db_table': 'sources_document',
                'default_permissions': (),
                'managed': False,
            },
        ),
    ]
