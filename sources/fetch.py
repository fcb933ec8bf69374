"""The one guarded fetcher: an address from outside in, what stands there out; or something posted
to it, and what the site said.

Nothing else of the application asks other sites for anything. Each address, also of a redirect,
is checked before a byte is sent (`sources.targets`), and the connection goes to the very place
that was checked, so that a name which leads elsewhere the next time leads nowhere. Time, bytes,
redirects and what unpacking makes of them are limited. Neither proxies nor credentials of the
environment are used, and no cookies are kept.
"""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from email.message import Message
from functools import lru_cache
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, NamedTuple, cast
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext_noop
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from sources.targets import ODD_HOST, FetchError, Target, look_up, target

__all__ = ["ARTICLES", "Answer", "FetchError", "Fetched", "Limits", "check", "fetch", "post"]

ARTICLES = ("text/html", "application/xhtml+xml", "text/plain")
USER_AGENT = "ConflictClaims/1 (fetches articles that its editors or their feeds name)"
POSTING_AGENT = "ConflictClaims/1 (sends what its webhooks' owners ask for)"
REDIRECTS = (301, 302, 303, 307, 308)
FOR_GOOD = (301, 308)
CHUNK = 1 << 16

TOO_SLOW = gettext_noop("The site took longer than %(seconds)d seconds.")
TOO_LARGE = gettext_noop("The page is larger than %(megabytes).1f MB.")
HEADER_TOO_LARGE = gettext_noop(
    "The site’s answer begins with more than a page’s headers ever have."
)
BOMB = gettext_noop("The page is larger than %(megabytes).1f MB once it is unpacked.")
NOT_REACHED = gettext_noop("The site cannot be reached: nothing answers there.")
BROKEN = gettext_noop("The site broke off, or its answer is no proper one.")
NOT_TRUSTED = gettext_noop("The site’s certificate does not hold for its name.")
NO_TLS = gettext_noop("No secure connection with the site could be made.")
STATUS = gettext_noop("The site answered %(status)d (%(phrase)s).")
WRONG_TYPE = gettext_noop("The address holds %(type)s, not a page of text.")
NO_TYPE = gettext_noop("The site does not say what the address holds.")
WRONG_CODING = gettext_noop("The page is packed in a way that was not asked for.")
BAD_PACKING = gettext_noop("The page is packed, and cannot be unpacked.")
NOWHERE = gettext_noop("The site leads on to another address without saying which.")
DOWNGRADE = gettext_noop("The site leads from https to http, where anybody could change the page.")
CIRCLE = gettext_noop("The site leads on in a circle.")
TOO_MANY = gettext_noop("The site leads on more than %(redirects)d times.")
LED_ON = gettext_noop(
    "The site leads on to another address (%(status)d), which is not followed: give that address."
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one fetch with all its redirects; bytes are those of one answer."""

    seconds: float = 20
    connect_seconds: float = 6
    header_bytes: int = 1 << 16
    body_bytes: int = 5_000_000  # as sent
    content_bytes: int = 10_000_000  # unpacked
    redirects: int = 5


# Of what is posted: of the answer's words only the first are of interest.
POSTING = Limits(seconds=15, header_bytes=1 << 15, body_bytes=1 << 15, content_bytes=2000)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What stood at `url`, where the redirects ended. `charset` is what the headers say, or "".
    `changed` is False where the site says that it is what `etag` or `modified` were given for.
    `raw` are the bytes as they were sent, in the Content-Encoding of `headers`, which are as they
    came. `moved` is the address up to which the redirects are for good, or ""."""

    url: str
    content: bytes
    content_type: str
    charset: str
    etag: str = ""
    modified: str = ""
    changed: bool = True
    asked: str = ""
    moved: str = ""
    status: int = HTTPStatus.OK
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site said to what was posted: the HTTP status; when to come again, as its header has
    it, or ""; and how its answer begins."""

    status: int
    retry_after: str
    beginning: bytes


class Redirect(NamedTuple):
    status: int
    location: str


def check(url: str) -> Target:
    """The address, which may be asked: it is written properly, and all that its name leads to by
    now is public. Nothing is sent. Raises FetchError."""
    at = target(url, settings.FETCH_ALLOW_HOSTS)
    look_up(at, Limits().connect_seconds)
    return at


def post(url: str, body: bytes, headers: Mapping[str, str], *, limits: Limits = POSTING) -> Answer:
    """What the site says to `body`, whatever its status is. Redirects are not followed: nobody
    who holds a site may have things posted elsewhere. Raises FetchError."""
    budget = Budget(limits)
    at = target(url, settings.FETCH_ALLOW_HOSTS)
    sent = {**headers, "User-Agent": POSTING_AGENT, "Connection": "close"}
    with _asked("POST", at, sent, budget, body) as response:
        if 300 <= response.status < 400:
            raise FetchError(LED_ON, status=response.status)
        again = str(response.headers.get("Retry-After", ""))
        return Answer(response.status, again, _beginning(response, budget))


def fetch(
    url: str,
    *,
    types: Collection[str] | None = ARTICLES,
    etag: str = "",
    modified: str = "",
    limits: Limits | None = None,
    follow: Callable[[Target], None] | None = None,
) -> Fetched:
    """What stands at an address, of one of the media types `types`; None: of whatever type.
    `etag` and `modified` are those of an earlier fetch, for "only if it has changed". `follow` is
    told where a redirect leads before that is asked, and raises FetchError where it must not be.
    Raises FetchError."""
    limits = limits or Limits()
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": "*/*" if types is None else ", ".join(types),
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **({"If-None-Match": etag} if etag else {}),
        **({"If-Modified-Since": modified} if modified else {}),
    }
    budget = Budget(limits)
    at = target(url, settings.FETCH_ALLOW_HOSTS)
    been, moved, for_good = {at.url}, "", True
    for _ in range(limits.redirects + 1):
        with _asked("GET", at, headers, budget) as response:
            answer = _read(response, at, types, budget)
        if isinstance(answer, Fetched):
            return replace(answer, asked=url, moved=moved)
        at = _next(at, answer.location)
        if at.url in been:
            raise FetchError(CIRCLE)
        been.add(at.url)
        for_good = for_good and answer.status in FOR_GOOD
        moved = at.url if for_good else moved
        if follow is not None:
            follow(at)
    raise FetchError(TOO_MANY, redirects=limits.redirects)


class Budget:
    """What is left of a fetch's time, and of the bytes of the answer that is being read."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.until = time.monotonic() + limits.seconds
        self.in_headers()

    def in_headers(self) -> None:
        self.bytes_left, self._said = self.limits.header_bytes, FetchError(HEADER_TOO_LARGE)

    def in_body(self) -> None:
        # Some of the body came along with the headers.
        self.bytes_left = self.limits.body_bytes
        self._said = FetchError(TOO_LARGE, megabytes=self.limits.body_bytes / 1e6)

    def seconds_left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise self.too_slow()
        return left

    def spend(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise self._said

    def too_slow(self) -> FetchError:
        return FetchError(TOO_SLOW, passing=True, seconds=self.limits.seconds)


class Measured:
    """Part of a socket: each read has the time that is left of the whole fetch, so that a site
    which sends a byte now and then is no exception, and is counted."""

    budget: Budget

    def recv_into(self, *args: Any, **options: Any) -> int:
        self.settimeout(self.budget.seconds_left())  # type: ignore[attr-defined]  # a socket's
        try:
            count: int = super().recv_into(*args, **options)  # type: ignore[misc]  # likewise
        except TimeoutError:
            raise self.budget.too_slow() from None
        self.budget.spend(count)
        return count


class PlainSocket(Measured, socket.socket):
    pass


class SecureSocket(Measured, ssl.SSLSocket):
    pass


class Pinned:
    """Part of a connection: it goes to the places that were checked, whatever its host's name,
    by which the site is asked for and its certificate is checked, leads to by now."""

    def __init__(self, at: Target, budget: Budget, **options: Any) -> None:
        super().__init__(at.host, at.port, **options)  # type: ignore[call-arg]  # a connection's
        self.budget = budget
        limits = budget.limits
        self.places = look_up(at, min(limits.connect_seconds, budget.seconds_left()))

    def _new_conn(self) -> socket.socket:
        """The first of the places that answers."""
        for family, address in self.places:
            made = PlainSocket(family, socket.SOCK_STREAM)
            made.budget = self.budget
            left = self.budget.seconds_left()
            try:
                made.settimeout(min(left, self.budget.limits.connect_seconds))
                made.connect(address)
            except OSError:
                made.close()
                continue
            # Then for sending, and for all of the handshake.
            made.settimeout(self.budget.seconds_left())
            return made
        raise FetchError(NOT_REACHED, passing=True)


class PlainConnection(Pinned, HTTPConnection):
    pass


class SecureConnection(Pinned, HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        cast(SecureSocket, self.sock).budget = self.budget  # of `_trust`'s class


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The system's authorities; certificates and names are checked."""
    context = ssl.create_default_context()
    context.sslsocket_class = SecureSocket
    return context


@contextmanager
def _asked(
    method: str, at: Target, headers: Mapping[str, str], budget: Budget, body: bytes | None = None
) -> Iterator[BaseHTTPResponse]:
    """The answer, of which the headers are read. What breaks while it is read is said in words,
    too: raises FetchError."""
    secure = at.scheme == "https"
    connection = (
        SecureConnection(at, budget, ssl_context=_trust())
        if secure
        else PlainConnection(at, budget)
    )
    budget.in_headers()
    try:
        connection.request(
            method, at.path, body, headers, preload_content=False, decode_content=False
        )
        with closing(connection.getresponse()) as response:
            budget.in_body()
            yield response
    except ssl.SSLCertVerificationError:
        raise FetchError(NOT_TRUSTED) from None
    except TimeoutError:
        raise budget.too_slow() from None
    except ssl.SSLError:
        raise FetchError(NO_TLS, passing=True) from None
    except (HTTPError, HTTPException, OSError, ValueError):
        raise FetchError(BROKEN, passing=True) from None
    finally:
        connection.close()


def _beginning(response: BaseHTTPResponse, budget: Budget) -> bytes:
    """No more of it is read. The status has been said, and counts whatever follows."""
    try:
        return response.read(budget.limits.content_bytes, decode_content=False)
    except (FetchError, HTTPError, HTTPException, OSError, ValueError):
        return b""


def _read(
    response: BaseHTTPResponse, at: Target, types: Collection[str] | None, budget: Budget
) -> Fetched | Redirect:
    """Raises FetchError, or what the reading of a malformed answer raises."""
    status, given = response.status, response.headers
    if status in REDIRECTS:
        return Redirect(status, str(given.get("Location", "")))
    etag, modified = given.get("ETag", ""), given.get("Last-Modified", "")
    if status == HTTPStatus.NOT_MODIFIED:
        return Fetched(at.url, b"", "", "", etag, modified, changed=False)
    if status != HTTPStatus.OK:
        phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "?"
        passing = status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500
        again = str(given.get("Retry-After", ""))
        raise FetchError(STATUS, passing=passing, retry_after=again, status=status, phrase=phrase)
    said = Message()
    said["Content-Type"] = given.get("Content-Type", "")
    if types is not None and not given.get("Content-Type"):
        raise FetchError(NO_TYPE)
    kind = said.get_content_type()
    if types is not None and kind not in types:
        raise FetchError(WRONG_TYPE, type=kind[:100])
    charset = said.get_content_charset() or ""
    coding = given.get("Content-Encoding", "").strip().lower()
    if coding not in ("", "identity", "gzip"):
        raise FetchError(WRONG_CODING)
    pieces: list[bytes] = []  # as sent
    unpacked = _unpacked(_kept(response, pieces), coding, budget.limits.content_bytes)
    content = b"".join(unpacked)
    raw = b"".join(pieces) if coding == "gzip" else content
    headers = tuple((str(name), str(value)) for name, value in given.items())
    return Fetched(
        at.url, content, kind, charset, etag, modified, headers=headers, raw=raw, status=status
    )


def _kept(response: BaseHTTPResponse, pieces: list[bytes]) -> Iterator[bytes]:
    """The body piece by piece, as sent: each is added to `pieces`."""
    for piece in response.stream(CHUNK, decode_content=False):
        pieces.append(piece)
        yield piece


def _unpacked(pieces: Iterable[bytes], coding: str, most: int) -> Iterator[bytes]:
    """The body piece by piece, unpacked no further than `most` bytes."""
    left = most
    for piece in _inflated(pieces) if coding == "gzip" else pieces:
        left -= len(piece)
        if left < 0:
            raise FetchError(BOMB, megabytes=most / 1e6)
        yield piece


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What gzip packed, never more than a piece of `CHUNK` bytes at a time."""
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        for piece in pieces:
            packed = piece
            while packed and not reader.eof:
                yield reader.decompress(packed, CHUNK)
                packed = reader.unconsumed_tail
        yield reader.flush()
    except zlib.error:
        raise FetchError(BAD_PACKING) from None
    if not reader.eof:
        raise FetchError(BAD_PACKING)


def _next(at: Target, location: str) -> Target:
    """Where a redirect leads. Only a site that FETCH_ALLOW_HOSTS names leads to such a one: no
    page outside chooses what is read inside."""
    if not location:
        raise FetchError(NOWHERE)
    # Headers are read as Latin-1, and sites write UTF-8 in them.
    written = location.encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        joined = urljoin(at.url, written)
    except ValueError:
        raise FetchError(ODD_HOST) from None
    to = target(joined, settings.FETCH_ALLOW_HOSTS if at.allowed else ())
    if at.scheme == "https" and to.scheme == "http":
        raise FetchError(DOWNGRADE)
    return to
