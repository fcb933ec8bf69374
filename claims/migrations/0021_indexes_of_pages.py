"""Indexes of the list of claims and of changes; `claims.models` tells what each saves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0020_returned_texts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state__in", ["pending", "accepted", "corrected"])),
                fields=["asserted_on", "id", "predicate"],
                include=("place", "state"),
                name="claim_said",
            ),
        ),
        # What it was for, the other does as well.
        migrations.RemoveIndex(model_name="claim", name="claim_newest"),
        migrations.AddIndex(
            model_name="statusinterval",
            index=models.Index(
                condition=models.Q(("part_label", "")),
                fields=["place", "end", "include_pending"],
                name="interval_end",
            ),
        ),
    ]
