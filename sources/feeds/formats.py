"""What a feed's bytes announce: RSS and Atom by feedparser, which is given bytes alone and fetches
nothing; JSON Feed; news sitemaps and indexes of sitemaps. No database.
"""

from __future__ import annotations

import gzip
import html
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext_noop

from sources.adapters.raw import clean, parse_time
from sources.fetch import Fetched, FetchError

MOST = 1000  # announcements that are taken of one poll: what news sitemaps may have
MOST_PARTS = 5  # of an index's sitemaps that are asked for in one poll, those that changed last
MOST_BYTES = 20_000_000  # of what is packed, unpacked
ROOT = re.compile(rb"<(?:[\w.-]+:)?(urlset|sitemapindex)[\s>]")
MAIL = re.compile(r"\S+@\S+ \((?P<name>.+)\)")  # how RSS writes an author
TAG = re.compile(r"<[^<>]*>")

NO_FEED = gettext_noop(
    "This is no feed: neither RSS nor Atom, nor a JSON Feed, nor a sitemap of news."
)
BROKEN = gettext_noop("The feed is broken: it cannot be read to its end.")
ENTITIES = gettext_noop("The sitemap declares entities or a document type, which none needs.")


class NotAFeed(FetchError):
    """Why what stands at an address is not read as a feed."""


@dataclass(frozen=True, slots=True)
class Announced:
    """An article as a feed announces it; `id` is what the feed tells it by. `published` is ISO
    8601 with the feed's offset, or ""."""

    id: str
    url: str
    title: str = ""
    author: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A sitemap that an index names, and when it was changed, if that is said."""

    url: str
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a feed has now. `left_out`: how many announcements are more than are taken at once."""

    kind: str  # as `Feed.Kind`
    title: str
    announced: tuple[Announced, ...]
    parts: tuple[Part, ...] = ()
    left_out: int = 0


def read(page: Fetched) -> Contents:
    """Raises NotAFeed."""
    content = _unpacked(page.content)
    beginning = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if beginning.startswith(b"{"):
        return _json(content, page.url)
    if ROOT.search(beginning):
        return _sitemap(content, page.url)
    return _rss_or_atom(content, page)


def _unpacked(content: bytes) -> bytes:
    """Sitemaps are often files that are packed, whatever the headers say."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        with gzip.open(BytesIO(content)) as file:
            unpacked = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise NotAFeed(BROKEN) from None
    if len(unpacked) > MOST_BYTES:
        raise NotAFeed(BROKEN)
    return unpacked


def _contents(kind: str, title: str, announced: list[Announced], *parts: Part) -> Contents:
    left_out = max(len(announced) - MOST, 0)
    return Contents(kind, plain(title)[:300], tuple(announced[:MOST]), parts, left_out)


def _rss_or_atom(content: bytes, page: Fetched) -> Contents:
    import feedparser  # slow to import

    charset = f"; charset={page.charset}" if page.charset else ""
    headers = {
        "content-type": f"{page.content_type or 'application/xml'}{charset}",
        "content-location": page.url,
    }
    try:
        # A file, never a string: of a string feedparser asks whether it is an address.
        found = feedparser.parse(
            BytesIO(content),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    # What it raises for input that nobody thought of.
    except (ArithmeticError, AssertionError, AttributeError, LookupError) as error:
        raise NotAFeed(BROKEN) from error
    except (RecursionError, TypeError, ValueError) as error:
        raise NotAFeed(BROKEN) from error
    version = str(found.get("version") or "")
    if not version:
        raise NotAFeed(NO_FEED)
    if found.get("bozo") and not found.entries and not found.feed:
        raise NotAFeed(BROKEN)
    kind = "atom" if version.startswith("atom") else "rss"
    announced = [_entry(entry, page.url) for entry in found.entries]
    return _contents(kind, str(found.feed.get("title", "")), announced)


def _entry(entry: dict[str, Any], base: str) -> Announced:
    # By `dict` itself, since feedparser's warns where it has no `updated` of its own.
    published = str(dict.get(entry, "published") or dict.get(entry, "updated") or "")
    parsed = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    author = MAIL.fullmatch(_words(entry.get("author")))
    return _announced(
        entry.get("id"),
        entry.get("link"),
        base,
        title=entry.get("title"),
        author=author["name"] if author else entry.get("author"),
        published=_time(published) or (_of_utc(tuple(parsed)) if parsed else ""),
    )


def _json(content: bytes, base: str) -> Contents:
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise NotAFeed(BROKEN) from None
    version = told.get("version")
    if not isinstance(version, str) or "jsonfeed.org/version/" not in version:
        raise NotAFeed(NO_FEED)
    items = told.get("items")
    rows = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    announced = [
        _announced(
            row.get("id"),
            row.get("url") or row.get("external_url"),
            base,
            title=row.get("title"),
            author=", ".join(_authors(row)),
            published=_time(row.get("date_published")),
        )
        for row in rows
    ]
    return _contents("json", _words(told.get("title")), announced)


def _authors(row: Mapping[str, Any]) -> Iterator[str]:
    """Of version 1.1, or the one of version 1."""
    authors = row.get("authors") or [row.get("author")]
    for author in authors if isinstance(authors, list) else []:
        if isinstance(author, dict) and isinstance(author.get("name"), str):
            yield author["name"]


def _sitemap(content: bytes, base: str) -> Contents:
    """The latest first, since a sitemap says nothing of its order."""
    found: list[tuple[str, Announced]] = []
    parts: list[Part] = []
    title = ""
    try:
        for _, element in iterparse(BytesIO(content), events=("end",), forbid_dtd=True):
            name = _name(element)
            if name == "url":
                news = _news(element)
                title = title or news.get("name", "")
                found.append(_of_sitemap(_texts(element), news, base))
                element.clear()
            elif name == "sitemap":
                said = _texts(element)
                changed = _time(said.get("lastmod"))
                url = urljoin(base, said.get("loc", ""))
                parts.append(Part(url, parse_time(changed) if changed else None))
                element.clear()
    except DefusedXmlException:
        raise NotAFeed(ENTITIES) from None
    except (ParseError, LookupError, ValueError):  # the latter of character sets and addresses
        raise NotAFeed(BROKEN) from None
    found.sort(key=lambda one: one[0], reverse=True)
    return _contents("sitemap", title, [announced for _, announced in found], *parts)


def _of_sitemap(
    said: Mapping[str, str], news: Mapping[str, str], base: str
) -> tuple[str, Announced]:
    """With a time to sort by, in UTC. When a page was changed last is not when it was published,
    so without news of it the feed does not say that."""
    published = _time(news.get("publication_date"))
    latest = published or _time(said.get("lastmod"))
    announced = _announced(
        None, said.get("loc"), base, title=news.get("title"), published=published
    )
    return (parse_time(latest).astimezone(UTC).isoformat() if latest else ""), announced


def _news(url: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for news in (child for child in url if _name(child) == "news"):
        found |= _texts(news)
        for publication in (child for child in news if _name(child) == "publication"):
            found |= _texts(publication)
    return found


def _texts(element: Element) -> dict[str, str]:
    return {_name(child): (child.text or "").strip() for child in element}


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _announced(
    id: object, url: object, base: str, *, title: object, author: object = "", published: str
) -> Announced:
    """`url` as it is written where that is no address, so that it can be shown what was wrong."""
    written = _words(url)
    try:
        joined = urljoin(base, written) if written else ""
    except ValueError:
        joined = written
    return Announced(
        id=(str(id) if isinstance(id, str | int | float) else "") or joined,
        url=joined,
        title=plain(_words(title))[:500],
        author=plain(_words(author))[:300],
        published=published,
    )


def _words(found: object) -> str:
    return " ".join(clean(found).split()) if isinstance(found, str) else ""


def plain(text: str) -> str:
    """A title's words: feeds write HTML in it, and sometimes write it as text."""
    return " ".join(clean(html.unescape(TAG.sub(" ", html.unescape(text)))).split())


def _time(written: object) -> str:
    """ISO 8601 with an offset, of what feeds write, or ""."""
    if not isinstance(written, str) or not written.strip():
        return ""
    try:
        return parse_time(written).isoformat()
    except ValueError:
        pass
    try:
        time = parsedate_to_datetime(written)
        return parse_time(time.isoformat()).isoformat()
    except (ValueError, OverflowError, IndexError):
        return ""


def _of_utc(parsed: tuple[int, ...]) -> str:
    try:
        return datetime(*parsed[:6], tzinfo=UTC).isoformat()  # type: ignore[misc,arg-type]  # six numbers
    except (ValueError, OverflowError):
        return ""
