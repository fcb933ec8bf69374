"""A site on this machine, which may be fetched from, without pauses between requests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.sources.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made, override_settings(FETCH_ALLOW_HOSTS=[made.host], FETCH_PAUSE=0):
        yield made
