"""`manage.py prepare`, which a new version runs before anything else."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from entities.models import Conflict, Place


@pytest.mark.django_db
def test_prepares_what_is_missing_and_changes_nothing_again() -> None:
    first, again = io.StringIO(), io.StringIO()
    call_command("prepare", stdout=first)
    counts = Conflict.objects.count(), Place.objects.count()
    assert min(counts) > 10
    call_command("prepare", stdout=again)
    assert "No migrations to apply." in again.getvalue()
    assert "Gazetteer: unchanged" in again.getvalue()
    assert (Conflict.objects.count(), Place.objects.count()) == counts
