"""Files to be fetched, whole or from where a fetch was cut off (RFC 9110, chapters 13 and 14).

Of ranges, one at a time: what asks for several gets the whole file, as the standard allows.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe
from rest_framework.exceptions import NotFound

logger = logging.getLogger(__name__)

ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE | re.ASCII)
LONGEST = 40  # digits and all; a longer header asks for nothing that there is


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the storage: `path` is its name there, `name` that by which it is fetched."""

    path: str
    name: str
    content_type: str
    size: int
    sha256: str
    modified: datetime


class Part:
    """So many bytes of an open file, from where it stands; closed with it."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file, self._left = file, length

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        found = self._file.read(wanted)
        self._left -= len(found)
        return found

    def close(self) -> None:
        self._file.close()


def answer_with(request: HttpRequest, kept: Kept) -> HttpResponseBase:
    """The file, or the part of it that is asked for. Its ETag is its SHA-256. Raises NotFound
    where the storage does not have it, or not in its length."""
    file = _opened(kept)
    whole = _whole(kept)
    modified = int(kept.modified.timestamp())
    conditional = get_conditional_response(
        request, etag=whole["ETag"], last_modified=modified, response=whole
    )
    if conditional is not None and conditional is not whole:  # 304 or 412
        file.close()
        return conditional
    if request.method == "HEAD":
        file.close()
        whole["Content-Length"] = str(kept.size)
        return whole
    span = _range(request, kept, whole)
    if span is None:
        file.close()
        return _unsatisfiable(kept)
    start, end = span
    file.seek(start)
    response = FileResponse(Part(file, end - start), status=200 if span == (0, kept.size) else 206)
    for name, value in whole.headers.items():
        response[name] = value
    response["Content-Length"] = str(end - start)
    if response.status_code == 206:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{kept.size}"
    return response


def _opened(kept: Kept) -> BinaryIO:
    try:
        file = default_storage.open(kept.path, "rb")
        size = file.size
    except FileNotFoundError:
        logger.error("The file %s is gone from the storage", kept.path)
        raise NotFound("The file is no longer there.") from None
    if size != kept.size:
        file.close()
        logger.error("The file %s has %d bytes, not %d", kept.path, size, kept.size)
        raise NotFound("The file is damaged: it is not given out.")
    return file  # type: ignore[return-value]  # what Django calls a File is one


def _whole(kept: Kept) -> HttpResponse:
    """The answer without its content."""
    response = HttpResponse(content_type=kept.content_type)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{kept.sha256}"'
    response["Last-Modified"] = http_date(int(kept.modified.timestamp()))
    response["Content-Disposition"] = content_disposition_header(True, kept.name)
    # Kept by who fetched it alone, and asked for again: a role may be gone by then.
    response["Cache-Control"] = "private, no-cache, no-transform"
    return response


def _range(request: HttpRequest, kept: Kept, whole: HttpResponse) -> tuple[int, int] | None:
    """First byte and the one after the last; None where there are no such bytes."""
    everything = (0, kept.size)
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", "")[:LONGEST])
    if asked is None or not any(asked.groups()) or not _still_the_same(request, whole):
        return everything
    first, last = asked.groups()
    if not first:  # the last so many bytes
        length = min(int(last), kept.size)
        return (kept.size - length, kept.size) if length else None
    if last and int(last) < int(first):
        return everything  # no range at all
    end = min(int(last) + 1, kept.size) if last else kept.size
    return (int(first), end) if int(first) < kept.size else None


def _still_the_same(request: HttpRequest, whole: HttpResponse) -> bool:
    """Whether the part belongs to what the client has: by If-Range, whose ETag must be the very
    same (a weak one never is), or its date."""
    condition = request.headers.get("If-Range", "").strip()
    if not condition:
        return True
    if condition.startswith(('"', "W/")):
        return condition == whole["ETag"]
    date = parse_http_date_safe(condition)
    return date is not None and date == parse_http_date_safe(whole["Last-Modified"])


def _unsatisfiable(kept: Kept) -> HttpResponse:
    response = HttpResponse(status=416)
    response["Content-Range"] = f"bytes */{kept.size}"
    response["Accept-Ranges"] = "bytes"
    return response
