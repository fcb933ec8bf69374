"""Nobody looks for beginnings of hashes, nor for documents by the conflict that was given alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0011_moved_articles_and_kept_files"),
    ]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="conflict_slug",
            field=models.SlugField(blank=True, db_index=False),
        ),
        # The constraint stays and takes another name; the index for beginnings goes.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE sources_textfamily RENAME CONSTRAINT"
                    " sources_textfamily_text_hash_key TO family_of_one_text",
                    "ALTER TABLE sources_textfamily RENAME CONSTRAINT"
                    " family_of_one_text TO sources_textfamily_text_hash_key",
                ),
                migrations.RunSQL(
                    "DROP INDEX sources_textfamily_text_hash_11ffc850_like",
                    "CREATE INDEX sources_textfamily_text_hash_11ffc850_like"
                    " ON sources_textfamily (text_hash varchar_pattern_ops)",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="textfamily",
                    name="text_hash",
                    field=models.CharField(max_length=64),
                ),
                migrations.AddConstraint(
                    model_name="textfamily",
                    constraint=models.UniqueConstraint(
                        fields=("text_hash",), name="family_of_one_text"
                    ),
                ),
            ],
        ),
    ]
