"""The least PostgreSQL."""

from __future__ import annotations

import pytest
from django.core.checks import Tags, run_checks

from config import checks


@pytest.mark.django_db
def test_this_database_is_new_enough() -> None:
    assert checks.version("default") >= checks.POSTGRES
    assert run_checks(tags=[Tags.database], databases=["default"]) == []


@pytest.mark.django_db
def test_an_older_one_is_refused_by_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "version", lambda alias: 14)
    (error,) = checks.new_enough(["default"])
    assert str(error) == (
        "database 'default': (config.E001) PostgreSQL 14 is too old: 15 or newer is needed"
    )
    assert error.is_serious()
