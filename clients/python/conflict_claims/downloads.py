"""Files: written beside their place and moved there whole; cut off, a file that the server keeps
is fetched on from where it was."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import BinaryIO

import urllib3

from conflict_claims.errors import Unreachable, UnreadableAnswer
from conflict_claims.transport import Parameters, Transport, failed

CHUNK = 2**18  # bytes
_SHA256 = re.compile(r"[0-9a-f]{64}")


def fetch_made(
    transport: Transport, path: str, parameters: Parameters | None, target: Path
) -> Path:
    """A file that the server makes while it sends it: each attempt begins anew."""
    address = transport.address(path, parameters)
    part = target.with_name(f"{target.name}.part")

    def once() -> None:
        response = transport.send("GET", address, {}, whole=False)
        if response.status != 200:
            raise failed(_read(response, address), address)
        with part.open("wb") as out:
            _pour(response, out, address)

    transport.repeated(once)
    part.replace(target)
    return target


def fetch_kept(transport: Transport, address: str, target: Path) -> Path:
    """A file that the server keeps, whose ETag is its SHA-256. What an earlier call has fetched
    of the very same file is kept and gone on from; the whole is compared with its digest."""
    etag, size = transport.repeated(lambda: _head(transport, address))
    part = target.with_name(f"{target.name}.{etag[:16]}.part")
    transport.repeated(lambda: _go_on(transport, address, part, etag, size))
    part.replace(target)
    return target


def _head(transport: Transport, address: str) -> tuple[str, int]:
    response = transport.send("HEAD", address, {})
    if response.status != 200:
        raise failed(response, address)
    etag = response.headers.get("ETag", "").strip('"')
    length = response.headers.get("Content-Length", "")
    if not (_SHA256.fullmatch(etag) and length.isdecimal()):
        raise UnreadableAnswer(f"{address}: no file with a digest and a length")
    return etag, int(length)


def _go_on(transport: Transport, address: str, part: Path, etag: str, size: int) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have < size:
        wanted = {"Range": f"bytes={have}-", "If-Range": f'"{etag}"'} if have else {}
        response = transport.send("GET", address, wanted, whole=False)
        goes_on = response.status == 206 and _begins_at(response, have)
        if not goes_on and response.status != 200:
            raise failed(_read(response, address), address)
        with part.open("ab" if goes_on else "wb") as out:
            _pour(response, out, address)
    with part.open("rb") as whole:
        found = hashlib.file_digest(whole, "sha256").hexdigest()
    if found != etag:
        part.unlink()
        raise UnreadableAnswer(f"{address}: what came is not the file, by its digest")


def _begins_at(response: urllib3.BaseHTTPResponse, first: int) -> bool:
    return response.headers.get("Content-Range", "").startswith(f"bytes {first}-")


def _pour(response: urllib3.BaseHTTPResponse, out: BinaryIO, address: str) -> None:
    try:
        for piece in response.stream(CHUNK, decode_content=True):
            out.write(piece)
    except urllib3.exceptions.HTTPError as error:
        raise Unreachable(f"{address}: {error}") from error
    finally:
        response.close()


def _read(response: urllib3.BaseHTTPResponse, address: str) -> urllib3.BaseHTTPResponse:
    """With its content, which says why."""
    try:
        response.data  # noqa: B018 - reads it
    except urllib3.exceptions.HTTPError as error:
        raise Unreachable(f"{address}: {error}") from error
    return response
