"""What every adapter returns, and the checks that all of them share."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MAX_OFFSET = timedelta(hours=14)  # from UTC: no clock on Earth is further
SLUG = re.compile(r"[-a-zA-Z0-9_]{0,50}")
MAX_CHARACTERS = 300_000  # of one document: a long report; more is a book or a mistake
MOST_MARKS = 30  # on one character, as in Unicode's own format for streams (UAX 15)
REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Of Python's codecs those of texts: others unpack, run escapes or take time by the square.
CHARSETS = (
    *("ascii", "utf-8", "utf-16", "utf-32", "iso8859", "iso2022", "cp", "koi8", "mac", "kz1048"),
    *("big5", "euc", "gb", "hz", "johab", "shift_jis", "tis-620", "ptcp154"),
)
MOST_TO_CLEAN = 10 * MAX_CHARACTERS  # white space and control characters do not count


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is taken where the input does not say it itself. `published_from` and
    `published_confidence` are as in `RawDocument`; `fetched` is when the input was there, before
    which it was published."""

    publisher: str = ""
    published: datetime | None = None
    conflict: str = ""
    published_from: str = "given"
    published_confidence: str = "high"
    title: str = ""
    author: str = ""
    url: str = ""
    fetched: datetime | None = None


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A publisher's article as it came in. `published` is timezone-aware; `where` says from
    which file and line it came, for messages; `canonical` is the address that a page that was
    fetched gives as its own, or ""."""

    where: str
    publisher: str
    published: datetime
    text: str
    title: str = ""
    url: str = ""
    external_id: str = ""
    conflict: str = ""
    retold: bool = False
    author: str = ""
    canonical: str = ""
    # In the words of `sources.models.Document`'s fields of the same names.
    published_from: str = "given"
    published_confidence: str = "high"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Input that gave no document: where it stands, and why in one line."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Incomplete(Unreadable):
    """A text that was read, but lacks its publisher or its publication time: somebody who knows
    them can complete it."""

    text: str
    publisher: str
    published: datetime | None
    title: str
    url: str
    external_id: str
    conflict: str
    retold: bool
    author: str = ""
    canonical: str = ""
    published_from: str = "given"
    published_confidence: str = "high"


def parse_time(value: str) -> datetime:
    """An ISO 8601 time or day. Without an offset it is taken as UTC.

    Raises ValueError with a reason in one line.
    """
    try:
        time = datetime.fromisoformat(value.strip())
        time = time if time.tzinfo else time.replace(tzinfo=UTC)
        time.astimezone(UTC)  # refuses what lies outside the calendar there
    except (ValueError, OverflowError):
        raise ValueError(f"{value!r} is not an ISO 8601 time (2023-01-11T18:00:00Z)") from None
    if abs(time.utcoffset() or timedelta()) > MAX_OFFSET:
        raise ValueError(f"{value!r} is more than 14 hours from UTC")
    return time


def decode(content: bytes) -> str:
    """UTF-8 text, with or without a byte order mark. Raises ValueError."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start})") from None


def decode_as(content: bytes, charset: str) -> str:
    """Text in the character set that its sender names, what is none in it replaced; in UTF-8 where
    that is not one of those that texts are written in."""
    try:
        codec = codecs.lookup(charset).name
    except (LookupError, ValueError):
        codec = ""
    return content.decode(codec if codec.startswith(CHARSETS) else "utf-8", "replace")


def clean(text: str) -> str:
    """Composed Unicode, line feeds alone, no control characters or halves of characters, none
    that make others show in another order than theirs, no blank edges: the text whose characters
    evidence counts."""
    text = _few_marks(text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        char
        for char in unicodedata.normalize("NFC", text)
        if char in "\n\t"
        or (unicodedata.category(char) not in ("Cc", "Cs") and char not in REORDERING)
    ).strip()


def _few_marks(text: str) -> str:
    """No more marks on a character than any language has: composing takes time by the square."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def build(
    where: str,
    defaults: Defaults,
    *,
    text: str,
    publisher: str = "",
    published: datetime | None = None,
    conflict: str = "",
    title: str = "",
    url: str = "",
    external_id: str = "",
    retold: bool = False,
    author: str = "",
    canonical: str = "",
    published_from: str = "given",
    published_confidence: str = "high",
) -> RawDocument | Unreadable:
    """A document from what a reader found, completed from `defaults`, or why there is none."""
    publisher = " ".join(clean(publisher or defaults.publisher).split())
    if len(text) > MOST_TO_CLEAN:
        return Unreadable(where, f"text longer than {MAX_CHARACTERS:,} characters")
    if published is None:
        published, published_from = defaults.published, defaults.published_from
        published_confidence = defaults.published_confidence
    text, conflict = clean(text), clean(conflict or defaults.conflict)
    url = clean(url or defaults.url)
    title = " ".join(clean(title or defaults.title).split())[:500]
    url = url[:2000] if url.startswith(("https://", "http://")) else ""
    external_id = clean(external_id)[:200]
    author = " ".join(clean(author or defaults.author).split())[:300]
    canonical = canonical if len(canonical) <= 2000 and canonical.isprintable() else ""
    if not text:
        return Unreadable(where, "no text in it")
    if len(text) > MAX_CHARACTERS:
        return Unreadable(where, f"text longer than {MAX_CHARACTERS:,} characters")
    if len(publisher) > 200:
        return Unreadable(where, "publisher's name longer than 200 characters")
    if not SLUG.fullmatch(conflict):
        return Unreadable(where, f"{conflict!r} is no conflict's short name")
    if not publisher or published is None:
        lacks = "publication time" if publisher else "publisher"
        option = "published" if publisher else "publisher"
        return Incomplete(
            where,
            f"no {lacks}: give one with --{option}",
            text=text,
            publisher=publisher,
            published=published,
            title=title,
            url=url,
            external_id=external_id,
            conflict=conflict,
            retold=retold,
            author=author,
            canonical=canonical,
            published_from=published_from,
            published_confidence=published_confidence,
        )
    return RawDocument(
        where=where,
        publisher=publisher,
        published=published,
        text=text,
        title=title,
        url=url,
        external_id=external_id,
        conflict=conflict,
        retold=retold,
        author=author,
        canonical=canonical,
        published_from=published_from,
        published_confidence=published_confidence,
    )
