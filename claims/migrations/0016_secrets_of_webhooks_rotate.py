"""A webhook's secret can be changed while the one before it still signs; its latest deliveries are
found without sorting all of them."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0015_history_of_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='webhook',
            name='old_secret',
            field=models.CharField(blank=True, default='', editable=False, max_length=100),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='webhook',
            name='old_secret_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['webhook', '-id'], name='delivery_latest'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(('old_secret', ''), ('old_secret_until__isnull', True)),
                    models.Q(
                        models.Q(('old_secret', ''), _negated=True),
                        ('old_secret_until__isnull', False),
                    ),
                    _connector='OR',
                ),
                name='webhook_old_secret_ends',
            ),
        ),
    ]
