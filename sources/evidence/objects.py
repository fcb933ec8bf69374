"""Bytes in the storage `evidence`, under their SHA-256 and packed by gzip: the same bytes are one
object, and `gunzip -c OBJECT | sha256sum` gives its name."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

from sources.models import StoredBytes

CHUNK = 1 << 18
OBJECT = re.compile(r"(?P<folder>[0-9a-f]{2})/(?P<sha256>(?P=folder)[0-9a-f]{62})\.gz")


class Damaged(OSError):
    """What the storage has under a hash is not what was kept."""


class Withdrawn(OSError):
    """The bytes have been withdrawn: their hash is all that is left of them."""


def evidence() -> Storage:
    return storages["evidence"]


def object_name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}.gz"


def pack(received: bytes) -> bytes:
    """The same for the same bytes, whenever it is done."""
    return gzip.compress(received, compresslevel=6, mtime=0)


def pack_file(path: Path, packed: IO[bytes]) -> tuple[str, int]:
    """Write to `packed` what `pack` makes of a file, little of which is in memory at a time.
    Returns its SHA-256 and its size in bytes. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    with (
        path.open("rb") as file,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=packed, mtime=0) as out,
    ):
        while piece := file.read(CHUNK):
            size += len(piece)
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest(), size


def put(sha256: str, packed: bytes | IO[bytes]) -> None:
    """Keep packed bytes, whole or not at all. Raises OSError."""
    put_object(object_name(sha256), packed)


def put_object(name: str, packed: bytes | IO[bytes]) -> None:
    """As `put`, under any name."""
    whole = ContentFile(packed) if isinstance(packed, bytes) else File(packed)
    saved = evidence().save(name, whole)
    if saved != name:  # a storage that does not write over what is there, which is the same
        evidence().delete(saved)


def content(stored: StoredBytes) -> bytes:
    """What was received. Raises Withdrawn, FileNotFoundError, Damaged, or what else OSError a
    storage has."""
    return b"".join(pieces(stored))


def pieces(stored: StoredBytes) -> Iterator[bytes]:
    """What was received, piece by piece, so that little of it is in memory at a time; that it is
    what was kept shows at the end. Raises as `content` does."""
    if stored.withdrawn_at is not None:
        raise Withdrawn(f"The bytes {stored.sha256} have been withdrawn")
    digest, size = hashlib.sha256(), 0
    try:
        with _opened(stored.sha256) as unpacked:
            while piece := unpacked.read(CHUNK):
                size += len(piece)
                if size > stored.size:  # whatever somebody has put there instead
                    break
                digest.update(piece)
                yield piece
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Damaged(f"The object of the bytes {stored.sha256} cannot be unpacked") from None
    if size != stored.size or digest.hexdigest() != stored.sha256:
        raise Damaged(f"The object of the bytes {stored.sha256} holds other bytes")


@contextmanager
def _opened(sha256: str) -> Iterator[IO[bytes]]:
    with evidence().open(object_name(sha256), "rb") as packed, gzip.open(packed, "rb") as unpacked:
        yield unpacked
