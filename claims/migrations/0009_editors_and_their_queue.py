"""What was pending awaits its editor in the queue, and who might decide on claims is an editor."""

from django.db import migrations

# As the triggers do it from now on; which of them decide or are disputed is told when their
# towns are derived.
ENQUEUE = """
INSERT INTO claims_queuedclaim (claim_id, stage, doubtful, published)
SELECT claim.id, 'first', claim.confidence < 0.5 OR claim.place_ambiguous, document.published
FROM claims_claim claim JOIN sources_document document ON document.id = claim.document_id
WHERE claim.state = 'pending'
ON CONFLICT DO NOTHING;
INSERT INTO claims_duetown (place_id)
SELECT DISTINCT place_id FROM claims_claim WHERE state = 'pending';
"""


def name_editors(apps, schema_editor):
    User = apps.get_model("auth", "User")
    Membership = apps.get_model("claims", "Membership")
    permission = {"codename": "change_claim", "content_type__app_label": "claims"}
    own = {f"user_permissions__{name}": value for name, value in permission.items()}
    of_groups = {f"groups__permissions__{name}": value for name, value in permission.items()}
    users = User.objects.filter(**own) | User.objects.filter(**of_groups)
    for user in users.distinct():
        Membership.objects.get_or_create(user=user, conflict=None, defaults={"role": "editor"})


class Migration(migrations.Migration):

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("claims", "0008_bench"),
    ]

    operations = [
        migrations.RunSQL(ENQUEUE, migrations.RunSQL.noop),
        migrations.RunPython(name_editors, migrations.RunPython.noop),
    ]
