"""The database and the broker of the tests: a database of their own, and no broker at all."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from pytest_django import DjangoDbBlocker

import embedded
from tests import databases

LONGEST = ("servers", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: begun last, one of them would keep a single process busy."""
    items.sort(key=lambda item: not any(map(item.get_closest_marker, LONGEST)))


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page asked for in Ukrainian leaves Ukrainian active in its thread, which is the tests'."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def _servers() -> Iterator[None]:
    with embedded.servers():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(_servers: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Start what the tests' database needs before it is made, and only if a test wants one.
    Test runs that go on at the same time have a database each."""
    database = connection.settings_dict
    database["TEST"]["NAME"] = f"test_{database['NAME']}_{os.getpid()}"
    # What a crash of the machine would lose is made anew anyway.
    database["OPTIONS"] = {**database.get("OPTIONS", {}), "options": "-c synchronous_commit=off"}
    with django_db_blocker.unblock():
        database["TEST"] |= {"TEMPLATE": databases.template(), "MIGRATE": False}


@pytest.fixture(autouse=True, scope="session")
def _emptied_quickly() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", databases.empty)
        patch.setattr(type(connection.creation), "_destroy_test_db", databases.drop)
        yield


@pytest.fixture(autouse=True, scope="session")
def _broker_in_memory() -> None:
    """What wakes a worker goes nowhere, so that no test depends on a server's messages."""
    current_app.conf.update(broker_url="memory://")


@pytest.fixture(autouse=True, scope="session")
def _no_way_out() -> Iterator[None]:
    """Programs that tests start find no way out either: a proxy that nothing listens at.
    pytest-socket guards this process (see pyproject), and the browser resolves no names."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.setenv(name, "http://127.0.0.1:9")
            patch.setenv(name.upper(), "http://127.0.0.1:9")
        for name in ("no_proxy", "NO_PROXY"):
            patch.setenv(name, "localhost,127.0.0.1,::1")
        yield


@pytest.fixture(autouse=True, scope="session")
def _nothing_collected() -> Iterator[None]:
    """Static files straight from their folders, evidence and a cache in memory, passwords hashed
    quickly, reading open, and more of it than a test does, whatever the database."""
    storages = {
        **settings.STORAGES,
        "evidence": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(
        STORAGES=storages,
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_AUTOREFRESH=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        PUBLIC_READING=True,
        API_RATE=1_000_000,
        API_RATE_USER=1_000_000,
        API_RATE_ADDRESS=1_000_000,
    ):
        yield
