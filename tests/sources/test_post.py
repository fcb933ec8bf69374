"""What is posted by the guarded fetcher, against sites on this machine that FETCH_ALLOW_HOSTS
names. What is refused of addresses: test_targets.py; of sites' answers at large: test_fetch.py."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from sources import fetch as fetching
from sources import targets
from sources.fetch import Answer, FetchError, Limits, check, post
from tests.sources.site import Site, answer, led_to
from tests.sources.test_targets import leads_to

BODY = b'{"a":"\xd0\xb1"}'
HEADERS = {"Content-Type": "application/json", "webhook-id": "1"}


@pytest.fixture
def allow(settings: Any) -> Any:
    def these(site: Site, *names: str) -> None:
        settings.FETCH_ALLOW_HOSTS = [site.host, *(f"{name}:{site.port}" for name in names)]

    return these


def refused(url: str, said: str, **options: Any) -> FetchError:
    with pytest.raises(FetchError) as found:
        post(url, BODY, HEADERS, **options)
    assert found.value.said == said
    assert "\n" not in str(found.value)
    return found.value


def test_a_body_is_posted_as_it_is(allow: Any) -> None:
    with Site({"/in?a=b": answer(b"thanks", status="202 Accepted")}) as site:
        allow(site)
        assert post(f"{site.url}/in?a=b", BODY, HEADERS) == Answer(202, "", b"thanks")
        (asked,) = site.asked
        assert site.posted == [BODY]
    assert asked.splitlines() == [
        "POST /in?a=b HTTP/1.1",
        f"Host: {site.host}",
        "Accept-Encoding: identity",
        f"Content-Length: {len(BODY)}",
        "Content-Type: application/json",
        "webhook-id: 1",
        "User-Agent: ConflictClaims/1 (sends what its webhooks' owners ask for)",
        "Connection: close",
        "",
    ]


def test_an_answer_that_is_an_error_is_an_answer(allow: Any) -> None:
    with Site({"/": answer(b"busy", "Retry-After: 120", status="503 Busy")}) as site:
        allow(site)
        assert post(site.url, BODY, HEADERS) == Answer(503, "120", b"busy")


@pytest.mark.parametrize("status", ["300 A", "301 M", "302 F", "303 S", "304 N", "307 T", "308 P"])
def test_a_redirect_is_not_followed(allow: Any, status: str) -> None:
    with Site() as other, Site({"/": led_to(f"{other.url}/", status)}) as site:
        allow(site, other.host)
        error = refused(site.url, fetching.LED_ON)
        assert site.connections == 1
    assert other.connections == 0
    assert str(error) == (
        f"The site leads on to another address ({status[:3]}), which is not followed: give that"
        " address."
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1/", targets.PRIVATE),
        ("http://[::1]/", targets.PRIVATE),
        ("http://169.254.169.254/latest/meta-data/", targets.PRIVATE),
        ("http://courier.example:8080/", targets.ODD_PORT),
        ("http://localhost/", targets.PRIVATE),
        ("http://inside.example/", targets.PRIVATE),
        ("http://a:b@courier.example/", targets.CREDENTIALS),
        ("gopher://courier.example/", targets.NO_WEB_ADDRESS),
        ("http://courier.example/\r\nX: y", targets.BAD_CHARACTERS),
    ],
)
def test_nothing_is_posted_into_private_networks(
    monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    leads_to(monkeypatch, "93.184.215.14", "192.168.1.1")
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("connected"))
    refused(url, said)
    with pytest.raises(FetchError) as found:
        check(url)
    assert found.value.said == said


def test_an_address_is_checked_without_asking_there(allow: Any) -> None:
    with Site() as site:
        allow(site)
        assert check(f"{site.url}/in").url == f"{site.url}/in"
    assert site.connections == 0


def test_what_is_posted_goes_to_the_place_that_was_checked(
    allow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: the second answer of the name server would lead elsewhere."""
    with Site({"/": answer()}) as site, Site({"/": answer()}) as other:
        allow(site, "courier.example")
        answers = iter([("127.0.0.1", site.port), ("127.0.0.1", other.port)])
        found = lambda *_, **__: [(socket.AF_INET, 1, 6, "", next(answers))]  # noqa: E731
        monkeypatch.setattr(socket, "getaddrinfo", found)
        assert post(f"http://courier.example:{site.port}/", BODY, HEADERS).status == 200
        assert site.posted == [BODY]
    assert other.connections == 0


@pytest.mark.parametrize(
    "huge",
    [
        answer(b"a" * 3_000_000),
        b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 3_000_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2dc6c0\r\n" + b"a" * 3_000_000,
    ],
    ids=["said beforehand", "not said", "in chunks"],
)
def test_of_a_huge_answer_only_the_beginning_is_read(allow: Any, huge: bytes) -> None:
    with Site({"/": huge}) as site:
        allow(site)
        assert post(site.url, BODY, HEADERS) == Answer(200, "", b"a" * 2000)


def test_a_status_counts_whatever_follows(allow: Any) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with Site({"/": head + b"no chunk at all\r\n"}) as site:
        allow(site)
        assert post(site.url, BODY, HEADERS) == Answer(200, "", b"")


@pytest.mark.parametrize("pieces", [[b""] * 40, [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 40]])
def test_a_site_that_drips_has_no_more_time(allow: Any, pieces: list[bytes]) -> None:
    with Site({"/": pieces}, pause=0.05) as site:
        allow(site)
        before = time.monotonic()
        assert refused(site.url, fetching.TOO_SLOW, limits=Limits(seconds=0.3)).passing
        assert time.monotonic() - before < 1.2


def test_endless_headers_are_not_read(allow: Any) -> None:
    headers = b"".join(b"X%d: y\r\n" % number for number in range(20_000))
    with Site({"/": b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n"}) as site:
        allow(site)
        with pytest.raises(FetchError) as found:
            post(site.url, BODY, HEADERS)
    assert found.value.said in (fetching.HEADER_TOO_LARGE, fetching.BROKEN)
