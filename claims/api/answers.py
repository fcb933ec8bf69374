"""How the API's answers travel: kept by who asks and asked for again cheaply (RFC 9110, 9111), and
compressed.

Answers have no secrets beside what others may put into them, so that their compressed length
tells nothing (BREACH); pages, with the tokens of their forms, are not compressed here.
"""

from __future__ import annotations

import hashlib
import logging
import math
import re
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import TypeVar

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

Answer = TypeVar("Answer", bound=HttpResponseBase)

API = "/api/"
TEXT = re.compile(r"application/([\w.-]+\+)?(json|x-ndjson|yaml|vnd\.oai\.openapi)\b|text/csv\b")
KEPT = 26 * 3600  # seconds for which it is known since when an answer is the same: a nightly job
LEAST = 200  # bytes: less is not worth compressing
LEVEL = 4  # of a file of 1.7 MB: 292 KB in 14 ms; at 6, zlib's own choice, 272 KB in 22
GZIP = 16  # zlib's way of asking for gzip's header
NO_GZIP = re.compile(r"^0(\.0{0,3})?$")


def travelling(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A middleware. Answers that look after their own validators, and parts of files, stay as
    they are."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not request.path.startswith(API) or not TEXT.match(response.get("Content-Type", "")):
            return response
        reading = request.method in ("GET", "HEAD")
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache" if reading else "no-store"
        patch_vary_headers(response, ("Authorization", "Cookie"))
        if not reading or response.has_header("Accept-Ranges"):
            return response
        if isinstance(response, HttpResponse) and response.status_code == 200:
            return _validated(request, response)
        return compressed(request, response)

    return answer


def as_it_travels(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its tag, and compressed for who takes that: so it can be kept."""
    if not response.has_header("ETag"):
        digest = hashlib.blake2b(response.content, digest_size=16).hexdigest()
        response["ETag"] = f'"{digest}"'
    return compressed(request, response)


def _validated(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    response = as_it_travels(request, response)
    since = None
    if not response.has_header("Last-Modified"):
        since = _the_same_since(request, _opaque(response["ETag"]))
    if since is not None:
        response["Last-Modified"] = http_date(since)
    return _not_modified(response) if _is_what_they_have(request, response) else response


def _the_same_since(request: HttpRequest, etag: str) -> int | None:
    """The second from which on this address has been answering the user so, as far as we know; None
    where it might change within that second still, or the cache does not answer."""
    asked = f"{request.user.pk} {request.build_absolute_uri()} {request.headers.get('Accept')}"
    key = f"answer:{hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()}"
    now = time.time()
    try:
        known = cache.get(key)
        if known is None or known[0] != etag:
            known = (etag, math.ceil(now))
            cache.set(key, known, KEPT)
    except RedisError:
        log.warning("The cache does not answer: no Last-Modified.", exc_info=True)
        return None
    since: int = known[1]
    return since if now >= since else None


def _is_what_they_have(request: HttpRequest, response: HttpResponse) -> bool:
    """Tags are compared weakly, as RFC 9110 has it for If-None-Match, which goes before dates."""
    if tags := parse_etags(request.headers.get("If-None-Match", "")):
        return "*" in tags or _opaque(response["ETag"]) in map(_opaque, tags)
    theirs = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    ours = parse_http_date_safe(response.get("Last-Modified", ""))
    return theirs is not None and ours is not None and ours <= theirs


def _opaque(tag: str) -> str:
    return tag.removeprefix("W/")


def _not_modified(response: HttpResponseBase) -> HttpResponse:
    """All that the answer would say about itself, without the content and what describes it."""
    short = HttpResponseNotModified()
    for name, value in response.items():
        if not name.lower().startswith("content-"):
            short[name] = value
    short.cookies = response.cookies
    return short


def compressed(request: HttpRequest, response: Answer) -> Answer:
    """The answer as it travels to whoever asks, once: a second time changes nothing."""
    if response.has_header("Content-Encoding"):
        return response
    patch_vary_headers(response, ("Accept-Encoding",))
    if not takes_gzip(request.headers.get("Accept-Encoding", "")):
        return response
    if isinstance(response, StreamingHttpResponse):
        content = response.streaming_content
        if isinstance(content, AsyncIterator):
            return response  # not of this application, which answers synchronously
        response.streaming_content = _gzipped(content)
        del response["Content-Length"]
    elif isinstance(response, HttpResponse):
        if len(response.content) < LEAST:
            return response
        response.content = b"".join(_gzipped([response.content]))
        response["Content-Length"] = str(len(response.content))
    response["Content-Encoding"] = "gzip"
    if (tag := response.get("ETag", "")).startswith('"'):
        response["ETag"] = f"W/{tag}"  # the content is the same, its bytes are not
    return response


def _gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What is sent while it is made: each piece can be read as soon as it is there."""
    packed = zlib.compressobj(LEVEL, wbits=zlib.MAX_WBITS | GZIP)
    for piece in pieces:
        yield packed.compress(piece) + packed.flush(zlib.Z_SYNC_FLUSH)
    yield packed.flush()


def takes_gzip(accepted: str) -> bool:
    weights = {}
    for one in accepted.lower().split(","):
        coding, _, weight = one.replace(" ", "").partition(";q=")
        weights[coding] = not NO_GZIP.match(weight) if weight else True
    return weights.get("gzip", weights.get("*", False))
