"""No worker is known before a test."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nobody_known() -> None:
    cache.clear()
