"""A PDF file: the text that its pages show, with the title, author and time of its making.

Nothing in it is run, no file in it is taken out, and pictures of text are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from sources.adapters.publication import Published, given, surest, within
from sources.adapters.raw import (
    MAX_CHARACTERS,
    Defaults,
    RawDocument,
    Unreadable,
    build,
    parse_time,
)

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 1000
HYPHENATED = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")  # a word that goes on in the next line

LOCKED = "a PDF that only opens with a password"
BROKEN = "no PDF that can be read"
PICTURES = "no text in it: a PDF of pictures is not read"
LONG = f"more than {MOST_PAGES:,} pages"


def read(content: bytes, where: str, defaults: Defaults) -> Iterator[RawDocument | Unreadable]:
    """The text page by page, a blank line between them. The time of its making, which may be long
    after what it says, is its publication's where nothing better is known."""
    # Slow to import, and needed for this format alone.
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        reader = PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            yield Unreadable(where, LOCKED)
            return
        if len(reader.pages) > MOST_PAGES:
            yield Unreadable(where, LONG)
            return
        text = _text(reader)
        title, author, made = _about(reader, defaults)
    except (FileNotDecryptedError, DependencyError):
        yield Unreadable(where, LOCKED)
        return
    except (PyPdfError, *MISTAKES):
        yield Unreadable(where, BROKEN)
        return
    if not text.strip():
        yield Unreadable(where, PICTURES)
        return
    found = surest(given(defaults), made)
    yield build(
        where,
        defaults,
        text=text,
        title=title,
        author=author,
        published=found.time if found else None,
        published_from=found.source if found else "given",
        published_confidence=found.confidence if found else "high",
    )


# What the library lets through where a file is not what it says; it goes by what stands in it.
MISTAKES = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError),
    *(ArithmeticError, NotImplementedError, RecursionError, OSError),
)


def _text(reader: PdfReader) -> str:
    """The pages' text, no more than would be taken."""
    pages: list[str] = []
    left = MAX_CHARACTERS + 1
    for page in reader.pages:
        text = HYPHENATED.sub("", page.extract_text())
        pages.append(text.strip())
        left -= len(text)
        if left < 0:
            break
    return "\n\n".join(page for page in pages if page)


def _about(reader: PdfReader, defaults: Defaults) -> tuple[str, str, Published | None]:
    """Title, author and the time of its making, as it says them of itself."""
    about = reader.metadata
    if about is None:
        return "", "", None
    made = None
    try:
        time = about.creation_date
    except (ValueError, OverflowError):
        time = None
    if time is not None:
        time = parse_time(time.isoformat())
        if within(time, defaults.fetched):
            made = Published(time, "page", "low")
    return str(about.title or ""), str(about.author or ""), made
