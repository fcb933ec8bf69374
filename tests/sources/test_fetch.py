"""The guarded fetcher, against sites on this machine that FETCH_ALLOW_HOSTS names."""

from __future__ import annotations

import gzip
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from sources import fetch as fetching
from sources import targets
from sources.fetch import FetchError, Limits, fetch
from tests.sources.site import CERTIFICATE, PAGE, Site, answer, led_to
from tests.sources.test_targets import leads_to


@pytest.fixture
def allow(settings: Any) -> Any:
    """Lets sites be fetched from; beside one, other names for it."""

    def these(site: Site, *names: str) -> None:
        settings.FETCH_ALLOW_HOSTS = [site.host, *(f"{name}:{site.port}" for name in names)]

    return these


def refused(url: str, said: str, **options: Any) -> FetchError:
    with pytest.raises(FetchError) as found:
        fetch(url, **options)
    assert found.value.said == said
    assert "\n" not in str(found.value)
    return found.value


def test_a_page_is_fetched(allow: Any) -> None:
    page = answer(PAGE, "Content-Type: Text/HTML; charset=Windows-1251", 'ETag: "a1"')
    with Site({"/a?b=c": page}) as site:
        allow(site)
        found = fetch(f"{site.url}/a?b=c#part")
        (asked,) = site.asked
    assert (found.url, found.content) == (f"{site.url}/a?b=c", PAGE)
    assert (found.content_type, found.charset) == ("text/html", "windows-1251")
    assert (found.etag, found.modified, found.changed) == ('"a1"', "", True)
    assert asked.splitlines() == [
        "GET /a?b=c HTTP/1.1",
        f"Host: {site.host}",
        "User-Agent: ConflictClaims/1 (fetches articles that its editors or their feeds name)",
        "Accept: text/html, application/xhtml+xml, text/plain",
        "Accept-Encoding: gzip",
        "Connection: close",
        "",
    ]


def test_proxies_and_credentials_of_the_environment_are_not_used(
    allow: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login editor password secret\n")
    with Site() as proxy, Site({"/": answer()}) as site:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(name, "")
        monkeypatch.setenv("HOME", str(tmp_path))
        allow(site)
        assert fetch(site.url).content == PAGE
        assert "Authorization" not in site.asked[0]
    assert proxy.connections == 0


def test_cookies_are_not_kept(allow: Any) -> None:
    with Site({"/": answer(b"", "Set-Cookie: a=b", "Location: /b", status="302 Found")}) as site:
        site.answers["/b"] = answer()
        allow(site)
        fetch(site.url)
        assert [("Cookie" in asked) for asked in site.asked] == [False, False]


def test_only_if_it_has_changed(allow: Any) -> None:
    same = b'HTTP/1.1 304 Not Modified\r\nETag: "a1"\r\n\r\n'
    with Site({"/": same}) as site:
        allow(site)
        found = fetch(site.url, etag='"a1"', modified="Wed, 11 Jan 2023 18:00:00 GMT")
        assert 'If-None-Match: "a1"' in site.asked[0]
        assert "If-Modified-Since: Wed, 11 Jan 2023 18:00:00 GMT" in site.asked[0]
    assert (found.changed, found.content, found.etag) == (False, b"", '"a1"')


# -- the place that is connected to


def test_the_name_is_looked_up_once_and_the_checked_place_is_connected_to(
    allow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: the second answer would lead elsewhere, where a listener hears nothing."""
    with Site({"/": answer()}) as site, Site({"/": answer(b"secret")}) as other:
        allow(site, "courier.example")
        answers = iter([("127.0.0.1", site.port), ("127.0.0.1", other.port)])
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda *_, **__: [(socket.AF_INET, 1, 6, "", next(answers))],
        )
        assert fetch(f"http://courier.example:{site.port}/").content == PAGE
        assert f"Host: courier.example:{site.port}" in site.asked[0]
        assert next(answers) == ("127.0.0.1", other.port)
    assert other.connections == 0


def test_a_name_that_leads_into_a_private_network_the_second_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A redirect to the same name looks it up anew, and checks the new answer."""
    answers = iter(["93.184.215.14", "10.0.0.1"])
    places = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[tuple]:
        return [(socket.AF_INET, 1, 6, "", (next(answers), port))]

    with Site({"/": led_to("/b"), "/b": answer(b"secret")}) as site:
        real = socket.socket.connect

        def connect(self: socket.socket, address: Any) -> None:
            places.append(address)
            real(self, ("127.0.0.1", site.port))

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(socket.socket, "connect", connect)
        refused("http://courier.example/", targets.PRIVATE)
        assert places == [("93.184.215.14", 80)]
        assert site.connections == 1


def test_the_next_place_is_tried_where_the_first_does_not_answer(
    allow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Site({"/": answer()}) as site, socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
        closed.close()
        allow(site, "courier.example")
        found = [(socket.AF_INET, 1, 6, "", ("127.0.0.1", each)) for each in (port, site.port)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        assert fetch(f"http://courier.example:{site.port}/").content == PAGE


def test_nobody_answers(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        host = f"127.0.0.1:{closed.getsockname()[1]}"
    settings.FETCH_ALLOW_HOSTS = [host]
    assert refused(f"http://{host}/", fetching.NOT_REACHED).passing


# -- TLS


@pytest.fixture
def secure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site whose certificate, for courier.example, is trusted."""
    context = ssl.create_default_context(cafile=str(CERTIFICATE))
    context.sslsocket_class = fetching.SecureSocket
    monkeypatch.setattr(fetching, "_trust", lambda: context)
    with Site({"/": answer()}, tls=True) as site:
        leads_to(monkeypatch, "127.0.0.1")
        yield site


def test_a_secure_site_is_asked_by_its_name(allow: Any, secure: Site) -> None:
    allow(secure, "courier.example")
    assert fetch(f"https://courier.example:{secure.port}/").content == PAGE
    assert secure.names == ["courier.example"]
    assert f"Host: courier.example:{secure.port}" in secure.asked[0]


def test_a_certificate_for_another_name_is_refused(allow: Any, secure: Site) -> None:
    allow(secure, "herald.example")
    refused(f"https://herald.example:{secure.port}/", fetching.NOT_TRUSTED)
    refused(f"https://127.0.0.1:{secure.port}/", fetching.NOT_TRUSTED)
    assert secure.asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused(allow: Any) -> None:
    fetching._trust.cache_clear()
    with Site({"/": answer()}, tls=True) as site:
        allow(site)
        refused(site.url, fetching.NOT_TRUSTED)
        assert site.asked == []


def test_a_site_that_speaks_no_tls(allow: Any) -> None:
    with Site({"/": answer()}) as site:
        allow(site)
        error = refused(
            site.url.replace("http:", "https:"), fetching.TOO_SLOW, limits=Limits(seconds=0.3)
        )
    assert error.passing


def test_a_secure_site_has_no_more_time_than_others(allow: Any, secure: Site) -> None:
    secure.answers["/drip"] = [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 40]
    secure.pause = 0.05
    allow(secure, "courier.example")
    url = f"https://courier.example:{secure.port}/drip"
    refused(url, fetching.TOO_SLOW, limits=Limits(seconds=0.4))


def test_from_https_nothing_leads_to_http(allow: Any, secure: Site) -> None:
    secure.answers["/"] = led_to(f"http://courier.example:{secure.port}/b")
    allow(secure, "courier.example")
    refused(f"https://courier.example:{secure.port}/", fetching.DOWNGRADE)
    assert len(secure.asked) == 1


# -- redirects


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 T", "308 P"])
def test_redirects_are_followed(allow: Any, status: str) -> None:
    with Site({"/a/b": led_to("../c?d=%2f", status), "/c?d=%2f": answer()}) as site:
        allow(site)
        found = fetch(f"{site.url}/a/b")
        assert (found.url, found.content) == (f"{site.url}/c?d=%2f", PAGE)
        assert [asked.split()[0] for asked in site.asked] == ["GET", "GET"]


def test_a_redirect_written_in_utf_8(allow: Any) -> None:
    raw = "HTTP/1.1 302 Found\r\nLocation: /новини\r\nContent-Length: 0\r\n\r\n".encode()
    there = "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8"
    with Site({"/": raw, there: answer()}) as site:
        allow(site)
        assert fetch(site.url).url == site.url + there


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("http://127.0.0.1/", targets.PRIVATE),
        ("http://127.0.0.1:22/", targets.ODD_PORT),
        ("http://169.254.169.254/latest/meta-data/", targets.PRIVATE),
        ("//10.0.0.1/", targets.PRIVATE),
        ("http://[::ffff:10.0.0.1]/", targets.PRIVATE),
        ("http://2130706433/", targets.ODD_NUMBER),
        ("http://localhost/", targets.PRIVATE),
        ("http://inside.example/", targets.PRIVATE),
        ("http://a:b@courier.example/", targets.CREDENTIALS),
        ("file:///etc/passwd", targets.NO_WEB_ADDRESS),
        ("javascript:alert(1)", targets.NO_WEB_ADDRESS),
        ("http://[::1/", targets.ODD_HOST),
        ("", fetching.NOWHERE),
    ],
)
def test_redirects_to_where_nothing_is_fetched(
    allow: Any, monkeypatch: pytest.MonkeyPatch, location: str, said: str
) -> None:
    leads_to(monkeypatch, "192.168.1.1")
    with Site({"/": led_to(location)}) as site:
        allow(site)
        refused(site.url, said)
        assert site.connections == 1


def test_a_site_outside_does_not_lead_to_one_that_is_allowed(
    allow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Site() as site:
        site.answers["/"] = led_to(f"{site.url}/inside")
        allow(site)
        leads_to(monkeypatch, "93.184.215.14")
        real = socket.socket.connect
        monkeypatch.setattr(
            socket.socket, "connect", lambda self, _: real(self, ("127.0.0.1", site.port))
        )
        refused("http://courier.example/", targets.ODD_PORT)
        assert site.connections == 1


def test_redirects_in_a_circle_and_without_an_end(allow: Any) -> None:
    with Site({"/a": led_to("/b"), "/b": led_to("/a"), "/same": led_to("/same")}) as site:
        site.answers.update({f"/{n}": led_to(f"/{n + 1}") for n in range(9)})
        allow(site)
        refused(f"{site.url}/a", fetching.CIRCLE)
        refused(f"{site.url}/same", fetching.CIRCLE)
        site.asked.clear()
        error = refused(f"{site.url}/0", fetching.TOO_MANY)
        assert str(error) == "The site leads on more than 5 times."
        assert len(site.asked) == 6


# -- limits


@pytest.mark.parametrize(
    "pieces",
    [
        [b""] * 60,  # says nothing
        [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 60],
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * 60,
        [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", *[b"a"] * 60],
        [
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
            *[b"1\r\na\r\n"] * 60,
        ],
    ],
)
def test_a_site_that_drips_has_no_more_time_than_others(allow: Any, pieces: list[bytes]) -> None:
    with Site({"/": pieces}, pause=0.05) as site:
        allow(site)
        before = time.monotonic()
        error = refused(site.url, fetching.TOO_SLOW, limits=Limits(seconds=0.4))
        assert time.monotonic() - before < 1.5
    assert error.passing


def test_redirects_share_the_time(allow: Any) -> None:
    with Site({f"/{n}": led_to(f"/{n + 1}") for n in range(9)}, pause=0.15) as site:
        allow(site)
        refused(f"{site.url}/0", fetching.TOO_SLOW, limits=Limits(seconds=0.4, redirects=9))


def test_a_name_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(5))
    before = time.monotonic()
    refused("http://courier.example/", targets.UNKNOWN_NAME, limits=Limits(connect_seconds=0.2))
    assert time.monotonic() - before < 2
    done.set()


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 " + b"O" * 200_000,
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 60_000 + b"\r\nZ: " + b"y" * 60_000,
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X%d: y\r\n" % n for n in range(20_000)),
        b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000,
    ],
)
def test_endless_headers_are_not_read(allow: Any, start: bytes) -> None:
    with Site({"/": start + b"\r\n\r\n"}) as site:
        allow(site)
        with pytest.raises(FetchError) as found:
            fetch(site.url)
    assert found.value.said in (fetching.HEADER_TOO_LARGE, fetching.BROKEN)


def chunked(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def test_a_body_in_chunks(allow: Any) -> None:
    with Site({"/": chunked(PAGE)}) as site:
        allow(site)
        assert fetch(site.url).content == PAGE


@pytest.mark.parametrize(
    "sent",
    [
        answer(b"a" * 300_000),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"a" * 300_000,
        chunked(b"a" * 300_000),
    ],
    ids=["said beforehand", "not said", "in chunks"],
)
def test_a_page_that_is_too_large(allow: Any, sent: bytes) -> None:
    with Site({"/": sent}) as site:
        allow(site)
        error = refused(site.url, fetching.TOO_LARGE, limits=Limits(body_bytes=200_000))
    assert str(error) == "The page is larger than 0.2 MB."


def test_a_packed_page_is_unpacked(allow: Any) -> None:
    with Site({"/": answer(gzip.compress(PAGE * 5000), "Content-Encoding: gzip")}) as site:
        allow(site)
        assert fetch(site.url).content == PAGE * 5000


def test_a_bomb_is_not_unpacked(allow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """40 MB in 40 KB: no more is unpacked than the limit and a piece."""
    unpacked = []
    real = fetching._inflated

    def counted(pieces: Any) -> Iterator[bytes]:
        for piece in real(pieces):
            unpacked.append(len(piece))
            yield piece

    monkeypatch.setattr(fetching, "_inflated", counted)
    bomb = gzip.compress(bytes(40_000_000), 9)
    with Site({"/": answer(bomb, "Content-Encoding: gzip")}) as site:
        allow(site)
        refused(site.url, fetching.BOMB)
    assert max(unpacked) <= fetching.CHUNK
    assert sum(unpacked) <= 10_000_000 + fetching.CHUNK


@pytest.mark.parametrize(
    ("body", "coding", "said"),
    [
        (PAGE, "br", fetching.WRONG_CODING),
        (zlib.compress(PAGE), "deflate", fetching.WRONG_CODING),
        (gzip.compress(gzip.compress(PAGE)), "gzip, gzip", fetching.WRONG_CODING),
        (PAGE, "gzip", fetching.BAD_PACKING),
        (gzip.compress(PAGE)[:-9], "gzip", fetching.BAD_PACKING),
        (b"", "gzip", fetching.BAD_PACKING),
    ],
    ids=["brotli", "deflate", "twice", "not packed", "cut off", "empty"],
)
def test_packed_as_nobody_asked(allow: Any, body: bytes, coding: str, said: str) -> None:
    with Site({"/": answer(body, f"Content-Encoding: {coding}")}) as site:
        allow(site)
        refused(site.url, said)


# -- what the site answers


@pytest.mark.parametrize(
    ("status", "words", "passing"),
    [
        ("404 Gone Fishing", "The site answered 404 (Not Found).", False),
        ("403 Forbidden", "The site answered 403 (Forbidden).", False),
        ("429 Slow", "The site answered 429 (Too Many Requests).", True),
        ("503 Busy", "The site answered 503 (Service Unavailable).", True),
        ("206 Part", "The site answered 206 (Partial Content).", False),
        ("999 <b>Denied</b>", "The site answered 999 (?).", True),
    ],
)
def test_other_answers_are_told_in_words(
    allow: Any, status: str, words: str, passing: bool
) -> None:
    with Site({"/": answer(status=status)}) as site:
        allow(site)
        error = refused(site.url, fetching.STATUS)
    assert (str(error), error.passing) == (words, passing)


@pytest.mark.parametrize(
    "kind", ["application/pdf", "image/png", "application/octet-stream", "text/css", "nonsense"]
)
def test_what_is_no_text_is_not_taken(allow: Any, kind: str) -> None:
    with Site({"/": answer(b"%PDF", f"Content-Type: {kind}")}) as site:
        allow(site)
        if kind == "nonsense":  # stands for text
            assert fetch(site.url).content_type == "text/plain"
        else:
            error = refused(site.url, fetching.WRONG_TYPE)
            assert str(error) == f"The address holds {kind}, not a page of text."
            assert fetch(site.url, types=[kind]).content == b"%PDF"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", fetching.NO_TYPE),
        (b"", fetching.BROKEN),
        (b"SSH-2.0-OpenSSH_9.2\r\n", fetching.BROKEN),
        (b"HTTP/1.1 two hundred\r\n\r\n", fetching.BROKEN),
        (answer(PAGE)[:-20], fetching.BROKEN),
        (chunked(PAGE)[:-20], fetching.BROKEN),
        (chunked(PAGE).replace(b"\r\n4c\r\n", b"\r\nxyz\r\n"), fetching.BROKEN),
        (os.urandom(200), fetching.BROKEN),
    ],
)
def test_answers_that_are_none(allow: Any, sent: bytes, said: str) -> None:
    with Site({"/": sent}) as site:
        allow(site)
        refused(site.url, said)
