"""`manage.py prepare`, which a new version runs before anything else; `tests/production` runs it
whole."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from config import checks
from entities.models import Conflict


@pytest.mark.django_db
def test_refuses_an_old_server_before_it_changes_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "version", lambda alias: 14)
    with pytest.raises(SystemCheckError, match="PostgreSQL 14 is too old: 15 or newer is needed"):
        call_command("prepare", stdout=io.StringIO())
    assert not Conflict.objects.exists()
