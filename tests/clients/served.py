"""A server made up for a test: it answers what it is told to, and notes what it was asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def cursor(self) -> str | None:
        return dict(self.query).get("cursor")


@dataclass(frozen=True, slots=True)
class Says:
    """An answer. `length`: what its Content-Length says instead of the truth."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None


def says(data: Any, status: int = 200, **headers: str) -> Says:
    """JSON; `_` in headers' names is `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Says(json.dumps(data).encode(), status, {"Content-Type": "application/json", **named})


Answer = Callable[[Asked], Says]


@dataclass(slots=True)
class Served:
    address: str
    asked: list[Asked] = field(default_factory=list)

    @property
    def cursors(self) -> list[str | None]:
        return [one.cursor for one in self.asked]


@contextmanager
def serving(answer: Answer) -> Iterator[Served]:
    """A server that answers each request by `answer`, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                self.command,
                parts.path,
                parse_qsl(parts.query),
                dict(self.headers),
                self.rfile.read(length),
            )
            served.asked.append(asked)
            said = answer(asked)
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            if said.status != 304:
                length = len(said.body) if said.length is None else said.length
                self.send_header("Content-Length", str(length))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said.body)
            self.close_connection = said.length is not None

        do_POST = do_HEAD = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            pass  # not on the tests' output

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            if not isinstance(sys.exception(), ConnectionError):  # it was killed, or gave up
                super().handle_error(request, client_address)

    server = Server(("127.0.0.1", 0), Handler)
    served = Served(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def in_turn(*answers: Says) -> Answer:
    """Each once, then the last for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]
