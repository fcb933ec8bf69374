"""Plain text: one file, one document."""

from __future__ import annotations

from collections.abc import Iterator

from sources.adapters.raw import Defaults, RawDocument, Unreadable, build, decode


def read(content: bytes, where: str, defaults: Defaults) -> Iterator[RawDocument | Unreadable]:
    """The whole content is the text; publisher and time come from `defaults`."""
    if b"\0" in content:
        yield Unreadable(where, "not text: it holds NUL bytes")
        return
    try:
        text = decode(content)
    except ValueError as error:
        yield Unreadable(where, str(error))
        return
    yield build(where, defaults, text=text)
