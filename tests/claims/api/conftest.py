"""What tests of the API have in common."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def _the_connection_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A response that a test closes ends its request, which would end the test's transaction."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
