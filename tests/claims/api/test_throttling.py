"""So many requests a minute, counted over all processes."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

import embedded
from claims.access import counting, keys
from config.ids import new_id
from tests.factories import make_user

TOWNS, WHOAMI = "/api/v1/towns/", "/api/v1/whoami/"


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(counting, "time", clock)
    return clock


def ask(client: Client, key: str = "", address: str = TOWNS, **meta: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return client.get(address, headers=headers, **meta)


@pytest.mark.django_db
def test_a_key_has_its_rate(client: Client, clock: Clock) -> None:
    user = make_user()
    _, key = keys.make(by=user, name="nightly", scopes=["read"], rate=2)
    _, other = keys.make(by=user, name="another", scopes=["read"], rate=2)
    answers = [ask(client, key) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 429, 429]
    assert [one["RateLimit-Remaining"] for one in answers] == ["1", "0", "0", "0"]
    left = int(answers[0]["RateLimit-Reset"])
    assert 0 < left <= 60
    for one in answers:
        assert one["RateLimit-Policy"] == '"key";q=2;w=60'
        assert one["RateLimit"] == f'"key";r={one["RateLimit-Remaining"]};t={left}'
        assert (one["RateLimit-Limit"], one["RateLimit-Reset"]) == ("2", str(left))
        assert one.has_header("Retry-After") is (one.status_code == 429)
    assert answers[2]["Retry-After"] == str(left)
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert ask(client, other).status_code == 200
    clock.now += left - 1
    assert ask(client, key).status_code == 429
    clock.now += 1
    assert ask(client, key)["RateLimit-Remaining"] == "1"


@pytest.mark.django_db
def test_whoami_costs_nothing(client: Client, clock: Clock) -> None:
    _, key = keys.make(by=make_user(), name="nightly", scopes=["read"], rate=1)
    for _ in range(3):
        answer = ask(client, key, WHOAMI)
        assert (answer.status_code, answer["RateLimit-Remaining"]) == (200, "1")
    ask(client, key)
    assert ask(client, key).status_code == 429
    assert ask(client, key, WHOAMI).json()["limits"]["remaining"] == 0


@pytest.mark.django_db
def test_a_user_and_an_address_have_theirs(client: Client, clock: Clock, settings: Any) -> None:
    settings.API_RATE_USER, settings.API_RATE_ADDRESS = 2, 1
    assert [ask(client).status_code for _ in range(2)] == [200, 429]
    assert ask(client, REMOTE_ADDR="192.0.2.7")["RateLimit-Policy"] == '"address";q=1;w=60'
    client.force_login(make_user())
    answers = [ask(client, REMOTE_ADDR=f"192.0.2.{number}") for number in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"user";q=2;w=60'


@pytest.mark.django_db
def test_who_is_refused_is_not_counted(client: Client, clock: Clock, settings: Any) -> None:
    settings.PUBLIC_READING, settings.API_RATE_ADDRESS = False, 1
    assert [ask(client).status_code for _ in range(3)] == [401] * 3
    assert not ask(client).has_header("RateLimit")


@pytest.mark.parametrize(
    ("https", "forwarded", "remote", "counted"),
    [
        (False, "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        (True, "198.51.100.1, 203.0.113.9", "192.0.2.1", "203.0.113.9"),
        (True, "", "192.0.2.1", "192.0.2.1"),
        (False, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (False, "", "", ""),
    ],
)
def test_addresses(
    rf: RequestFactory, settings: Any, https: bool, forwarded: str, remote: str, counted: str
) -> None:
    settings.HTTPS = https
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert counting.address(rf.get("/", headers=headers, REMOTE_ADDR=remote)) == counted


def test_windows_begin_at_a_second_of_their_own(clock: Clock) -> None:
    left = {counting.count(f"requests of {number}", 60).left for number in range(200)}
    assert len(left) > 30
    assert min(left) >= 1
    assert max(left) <= 60


COUNT = """
import sys
from concurrent.futures import ThreadPoolExecutor
import django
from django.conf import settings
location, what, times = sys.argv[1:]
settings.configure(HTTPS=False, CACHES={"default": {
    "BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": location}})
django.setup()
from claims.access import counting
with ThreadPoolExecutor(8) as threads:
    for count in threads.map(lambda _: counting.count(what, 86400), range(int(times))):
        print(count.number)
"""


def test_many_processes_at_once_count_each_request_once() -> None:
    """Three processes of eight threads each get every number exactly once."""
    with embedded.servers():
        what, times = f"a test {new_id()}", 100
        command = [sys.executable, "-c", COUNT, embedded.cache_url(), what, str(times)]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        said = [one.communicate(timeout=60)[0] for one in running]
    numbers = sorted(int(line) for text in said for line in text.split())
    assert numbers == list(range(1, 3 * times + 1))


@pytest.mark.django_db
def test_without_the_cache_everything_is_answered_and_a_warning_is_written(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.API_RATE_ADDRESS = 1
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    _, key = keys.make(by=make_user(), name="nightly", scopes=["read"], rate=1)
    for with_key in ("", key):
        for _ in range(3):
            answer = ask(client, with_key)
            assert answer.status_code == 200
            assert not answer.has_header("RateLimit")
    assert ask(client, "cck_wrong").status_code == 401
    answer = ask(client, key, WHOAMI)
    assert (answer.status_code, answer.json()["limits"]) == (200, None)
    warnings = [one for one in caplog.records if one.name == "claims.access.counting"]
    assert len(warnings) >= 6
    assert "the cache does not answer" in warnings[0].getMessage()
    assert key[12:] not in caplog.text
