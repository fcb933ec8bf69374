"""The port of the web server: which one is free, and whether anybody answers there."""

from __future__ import annotations

import http.client
import os
import socket

from embedded.console import say
from embedded.errors import EmbeddedError

HOST = "127.0.0.1"
PORT = 8000
PORTS_TRIED = 100


def wished_port() -> int:
    """PORT from the environment. Raises EmbeddedError where it is no port."""
    value = os.environ.get("PORT") or str(PORT)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise EmbeddedError(f"PORT={value!r}: must be a number from 1 to 65535")
    return int(value)


def free_port(wished: int) -> int:
    """The wished port, or the next free one, which is then said. Raises EmbeddedError."""
    for port in range(wished, min(wished + PORTS_TRIED, 65536)):
        if is_free(port):
            if port != wished:
                say(f"Port {wished} is taken; {port} is used instead.")
            return port
    raise EmbeddedError(f"no free port from {wished} on: set PORT")


def is_free(port: int) -> bool:
    """Whether nobody listens there. Tried both ways: each system hides some listeners from one."""
    with socket.socket() as client:
        client.settimeout(1)
        if client.connect_ex((HOST, port)) == 0:
            return False
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether the web server answers, with whatever status."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
