"""A JSON object a line."""

from __future__ import annotations

from collections.abc import Generator

import orjson

from claims.exports.content import Content
from claims.exports.formats.format import PIECE, Format

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE


def encode(content: Content) -> Generator[bytes, None, None]:
    piece = bytearray()
    for record in content.records():
        piece += orjson.dumps(record, option=OPTIONS)
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


FORMAT = Format(
    name="ndjson",
    title="NDJSON",
    media_type="application/x-ndjson",
    meaning="A JSON object a line, in UTF-8: of claims the same object as the API shows, of other "
    "tables the values by column. Nothing is null.",
    encode=encode,
)
