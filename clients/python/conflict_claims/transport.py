"""Sends requests, and sends them again where that helps."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import urllib3

from conflict_claims.errors import (
    ApiError,
    ClaimsError,
    Fault,
    RateLimited,
    ServerError,
    Unreachable,
    UnreadableAnswer,
    of_status,
)
from conflict_claims.seen import Answer, Seen
from conflict_claims.version import VERSION
from conflict_claims.waiting import backoff, retry_after, until_more

API = "api/v1/"
CONNECT = 10.0  # seconds
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SHOWN = 200  # characters of an answer that nobody expected

T = TypeVar("T")
Parameters = Mapping[str, Any]


class Transport:
    """Requests to one server as one key. `attempts` in all, before an error is raised;
    `patience`: seconds that it waits at most before one; `timeout`: seconds without a byte."""

    def __init__(
        self,
        base_url: str,
        key: str | None,
        *,
        attempts: int,
        patience: float,
        timeout: float,
        proxy: str | None,
        plain_http: bool,
    ) -> None:
        self.base_url = _checked(base_url, with_key=key is not None and not plain_http)
        self.attempts = attempts
        self.patience = patience
        self.sleep: Callable[[float], None] = time.sleep
        self._headers = {"User-Agent": f"conflict-claims-client/{VERSION}"}
        if key is not None:
            self._headers["Authorization"] = f"Bearer {key}"
        self._timeout = urllib3.Timeout(connect=min(CONNECT, timeout), read=timeout)
        self._pool = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()
        self._seen = Seen()
        self._not_before = 0.0  # on the monotonic clock

    def close(self) -> None:
        self._pool.clear()

    def address(self, path: str, parameters: Parameters | None = None) -> str:
        query = urlencode(plain(parameters or {}), doseq=True, quote_via=quote)
        return f"{self.base_url}{API}{path}" + (f"?{query}" if query else "")

    def of(self, address: str) -> str:
        """An address that the server gave, at the one by which it is known here."""
        path = urlsplit(address).path
        return urlunsplit(urlsplit(self.base_url)._replace(path=path))

    def get(self, path: str, parameters: Parameters | None = None) -> Any:
        """The JSON at this address, from memory where the server says that it has not changed."""
        return self.read(path, parameters, _anything)

    def read(self, path: str, parameters: Parameters | None, reader: Callable[[Any], T]) -> T:
        """What `reader` makes of it. Where it raises UnreadableAnswer, it is asked for again."""
        address = self.address(path, parameters)
        return self.repeated(lambda: self._read(address, reader))

    def _read(self, address: str, reader: Callable[[Any], T]) -> T:
        known = self._seen.get(address)
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip"}
        response = self.send("GET", address, {**headers, **(known.conditions if known else {})})
        if response.status == 304 and known is not None:
            return reader(_json(known.body, address))
        if response.status != 200:
            raise failed(response, address)
        body = response.data
        found = reader(_json(body, address))
        etag = response.headers.get("ETag", "")
        modified = response.headers.get("Last-Modified", "")
        self._seen.keep(address, Answer(body, etag, modified))
        return found

    def post(self, path: str, sent: Mapping[str, Any]) -> Any:
        """What the server answers. Sent again only where the server has not looked at it."""
        address = self.address(path)
        headers = {"Accept": "application/json", "Content-Type": "application/json"}

        def once() -> Any:
            response = self.send("POST", address, headers, json.dumps(sent).encode())
            if response.status not in (200, 201, 202):
                raise failed(response, address)
            return _json(response.data, address)

        return self.repeated(once, only=RateLimited)

    def send(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        whole: bool = True,
    ) -> urllib3.BaseHTTPResponse:
        """One request, whatever its status; `whole`: with the answer read to its end. No address
        but the server's own is ever asked, so that no other is shown the key."""
        if (wait := self._not_before - time.monotonic()) > 0:
            self.sleep(min(wait, self.patience))
        try:
            response = self._pool.request(
                method,
                address,
                body=body,
                headers={**self._headers, **headers},
                timeout=self._timeout,
                retries=False,
                redirect=False,
                preload_content=whole,
            )
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(f"{address}: {error}") from error
        self._not_before = time.monotonic() + (until_more(response.headers) or 0)
        return response

    def repeated(self, once: Callable[[], T], *, only: type[ClaimsError] = ClaimsError) -> T:
        """What `once` returns, tried again after what may pass."""
        attempt = 1
        while True:
            try:
                return once()
            except (Unreachable, UnreadableAnswer, RateLimited, ServerError) as failure:
                wait = backoff(attempt)
                if isinstance(failure, ApiError):
                    wait = max(wait, failure.retry_after or 0)
                if not isinstance(failure, only) or not self._tries(attempt, wait):
                    failure.add_note(f"attempts: {attempt}")
                    raise
            self.sleep(wait)
            attempt += 1

    def _tries(self, attempt: int, wait: float) -> bool:
        return attempt < self.attempts and wait <= self.patience


def failed(response: urllib3.BaseHTTPResponse, address: str) -> ClaimsError:
    """The error that an answer of this status is. An unexpected redirect or success is one, too."""
    if response.status < 400:
        target = response.headers.get("Location", "")
        return UnreadableAnswer(f"{address}: {response.status}" + (f", to {target}" * bool(target)))
    told: dict[str, Any] = {}
    try:
        problem = json.loads(response.data)
    except ValueError:  # of something in between, which does not know what is asked of it
        problem = None
    if isinstance(problem, dict):
        told = problem
    return of_status(response.status)(
        response.status,
        title=str(told.get("title") or response.reason or ""),
        detail=str(told.get("detail", "")),
        kind=str(told.get("type", "about:blank")),
        parameters=_faults(told.get("parameters")),
        address=address,
        retry_after=retry_after(response.headers, datetime.now(UTC)),
    )


def _faults(told: Any) -> list[Fault]:
    return [
        Fault(str(one["name"]), str(one.get("detail", "")), tuple(one.get("valid", ())))
        for one in (told if isinstance(told, list) else ())
        if isinstance(one, dict) and "name" in one
    ]


def _anything(answer: Any) -> Any:
    return answer


def _json(body: bytes, address: str) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        shown = body[:_SHOWN].decode("utf-8", "replace")
        raise UnreadableAnswer(f"{address}: no JSON, but {shown!r}") from error


def plain(parameters: Parameters) -> dict[str, Any]:
    """As an address says it; those that are None are not given."""
    return {
        name: [_word(item) for item in value]
        if isinstance(value, list | tuple | set | frozenset)
        else _word(value)
        for name, value in parameters.items()
        if value is not None
    }


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _checked(base_url: str, *, with_key: bool) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"No address of a server: {base_url!r}")
    if parts.query or parts.fragment or parts.username:
        raise ValueError(f"More than the address of a server: {base_url!r}")
    if with_key and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("A key is sent over https alone, unless plain_http=True")
    return base_url.rstrip("/") + "/"
