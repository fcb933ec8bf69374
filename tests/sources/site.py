"""A site on this machine for the fetcher's tests: it answers with exactly the bytes that a test
gives it, and keeps what it was asked."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

CERTIFICATE = Path(__file__).parent / "tls" / "courier.pem"
PAGE = b"<html><title>Soledar</title><p>Heavy fighting goes on in Soledar.</p></html>"


def answer(body: bytes = PAGE, *lines: str, status: str = "200 OK") -> bytes:
    """An HTTP answer; `lines` are headers, besides a content type where they give none."""
    if not any(line.lower().startswith("content-type") for line in lines):
        lines = ("Content-Type: text/html; charset=utf-8", *lines)
    head = [f"HTTP/1.1 {status}", *lines, f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def led_to(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", f"Location: {location}", status=status)


class Site:
    """Listens at `host`, on `port`. `answers` maps paths to what is sent, whole or in pieces with
    `pause` seconds after each; other paths are a 404. `asked` has the requests' heads as they came
    and `posted` their bodies, `connections` their number, also of those that sent nothing."""

    def __init__(
        self,
        answers: dict[str, bytes | Iterable[bytes]] | None = None,
        *,
        pause: float = 0,
        tls: bool = False,
    ) -> None:
        self.answers = answers or {}
        self.asked: list[str] = []
        self.posted: list[bytes] = []
        self.names: list[str | None] = []  # that TLS clients asked for
        self.connections = 0
        self.pause = pause
        self._context = self._tls() if tls else None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"{'https' if tls else 'http'}://{self.host}"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _tls(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_suffix(".key"))
        context.sni_callback = lambda sock, name, _: self.names.append(name)
        return context

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return  # closed
            self.connections += 1
            with client, contextlib.suppress(OSError):  # a client that leaves early
                if self._context is None:
                    self._answer(client)
                else:
                    with self._context.wrap_socket(client, server_side=True) as secure:
                        self._answer(secure)

    def _answer(self, client: socket.socket) -> None:
        client.settimeout(5)
        request = b""
        while b"\r\n\r\n" not in request:
            piece = client.recv(4096)
            if not piece:
                return
            request += piece
        head, _, body = request.partition(b"\r\n\r\n")
        said = re.search(rb"content-length: *([0-9]+)", head, re.I)
        while said and len(body) < int(said[1]):
            body += client.recv(4096)
        self.asked.append(head.decode("latin-1") + "\r\n\r\n")
        self.posted.append(body)
        path = request.split(b" ", 2)[1].decode("ascii")
        for piece in self._pieces(path):
            client.sendall(piece)
            time.sleep(self.pause)

    def _pieces(self, path: str) -> Iterator[bytes]:
        found = self.answers.get(path, answer(b"nothing here", status="404 Not Found"))
        yield from [found] if isinstance(found, bytes) else found
