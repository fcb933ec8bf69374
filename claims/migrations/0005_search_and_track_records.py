"""Full text of claims and quotations, made by the database itself; what became of statements."""

import django.contrib.postgres.fields
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# What a label says besides names that are rows of their own.
CLAIM = """
ALTER TABLE claims_claim ADD COLUMN words tsvector GENERATED ALWAYS AS (
    to_tsvector(
        'pg_catalog.english'::regconfig,
        predicate || ' ' || stance || ' ' || speaker || ' ' || part_words || ' ' || part_label
    )
) STORED
"""
# A vector holds 1 MB at most, and PostgreSQL refuses a row whose vector would be bigger.
EVIDENCE = """
ALTER TABLE claims_evidence ADD COLUMN words tsvector GENERATED ALWAYS AS (
    to_tsvector('pg_catalog.english'::regconfig, left(quote, 100000))
) STORED
"""
# Each finds the rows that have some words without reading all of them. Without their lists of
# pending entries, so that a search never waits for what an extraction has left to do.
INDEXES = [
    f"CREATE INDEX {name} ON {table} USING gin (words) WITH (fastupdate = off)"
    for name, table in (("claim_words", "claims_claim"), ("evidence_words", "claims_evidence"))
]
REMOVE = [
    "ALTER TABLE claims_evidence DROP COLUMN words",
    "ALTER TABLE claims_claim DROP COLUMN words",
]
# What became of the statements that are there is derived with the towns' statuses.
ALL_ARE_DUE = "INSERT INTO claims_duetown (place_id) SELECT DISTINCT place_id FROM claims_claim"


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0004_due_towns"),
        ("entities", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL([CLAIM, EVIDENCE, *INDEXES], REMOVE),
        migrations.CreateModel(
            name="ClaimWords",
            fields=[
                (
                    "claim",
                    models.OneToOneField(
                        db_column="id",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="claims.claim",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "db_table": "claims_claim",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="EvidenceWords",
            fields=[
                (
                    "evidence",
                    models.OneToOneField(
                        db_column="id",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="claims.evidence",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "db_table": "claims_evidence",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TrackedStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("include_pending", models.BooleanField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("capture", "capture"), ("hold", "hold"), ("denial", "denial")],
                        max_length=8,
                    ),
                ),
                ("side", models.CharField(max_length=50)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                (
                    "claims",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("conceded", "conceded"),
                            ("already-conceded", "already-conceded"),
                            ("contradicted", "contradicted"),
                            ("unanswered", "unanswered"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "answers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("lag", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tracked",
                        to="entities.actor",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tracked",
                        to="entities.place",
                    ),
                ),
            ],
            options={
                "ordering": ["-first", "id"],
                "indexes": [
                    models.Index(
                        fields=["actor", "include_pending", "-first"], name="tracked_of_actor"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("capture", "hold", "denial"))),
                        name="tracked_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                ("conceded", "already-conceded", "contradicted", "unanswered"),
                            )
                        ),
                        name="tracked_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lag__isnull", False), ("outcome", "conceded")),
                            models.Q(
                                models.Q(("outcome", "conceded"), _negated=True),
                                ("lag__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="tracked_lag_of_concessions",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_on__isnull", True), ("outcome", "unanswered")),
                            models.Q(
                                models.Q(("outcome", "unanswered"), _negated=True),
                                ("answered_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="tracked_answer_has_a_day",
                    ),
                ],
            },
        ),
        migrations.RunSQL(ALL_ARE_DUE, migrations.RunSQL.noop),
    ]
