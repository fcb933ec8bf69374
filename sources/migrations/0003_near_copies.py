"""Near copies are in the family of the text that they repeat, and are found by the shingles that
stand for texts."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0002_document_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='TextSample',
            fields=[
                ('pk', models.CompositePrimaryKey('hash', 'family', blank=True, editable=False, primary_key=True, serialize=False)),
                ('hash', models.BigIntegerField()),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sample', to='sources.textfamily')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='document',
            name='document_once_for_a_publisher',
        ),
        migrations.AddField(
            model_name='document',
            name='exact_family',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='near_copies', to='sources.textfamily'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(models.F('publisher'), Coalesce('exact_family', 'family'), name='document_once_for_a_publisher'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=~models.Q(('exact_family', models.F('family'))), name='document_exact_family_is_another'),
        ),
    ]
