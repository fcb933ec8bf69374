"""OPML, the form in which readers of feeds exchange their lists: read from files that come from
outside, and written (OPML 2.0)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree import ElementTree

import defusedxml.ElementTree
from defusedxml import DefusedXmlException
from django.utils.translation import gettext_noop

from sources.models import Feed

MOST_BYTES = 2_000_000
MOST_FEEDS = 5000
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TYPES = {Feed.Kind.JSON: "json", Feed.Kind.SITEMAP: "sitemap"}  # all others are "rss" by custom

TOO_LARGE = gettext_noop("The file is larger than %(megabytes)d MB.")
NO_XML = gettext_noop("This is no OPML file: it cannot be read as XML.")
ENTITIES = gettext_noop("The file declares entities or a document type, which no OPML file needs.")
NO_OPML = gettext_noop("This is no OPML file: it does not begin with “opml”.")
TOO_MANY = gettext_noop("More than %(most)d feeds are in the file.")
NONE = gettext_noop("No feed is in the file: no outline has an address (xmlUrl).")


class OpmlError(Exception):
    """Why a file is not read, in one line: `said`, into which `values` go, so that it can be said
    in any language."""

    def __init__(self, said: str, **values: object) -> None:
        self.said, self.values = said, values
        super().__init__(said % values if values else said)


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed as a list has it. `folders`: the names of those that it lies in, the outermost
    first, and of the categories that it names."""

    url: str
    title: str = ""
    folders: tuple[str, ...] = ()


def read(content: bytes) -> list[Outline]:
    """The feeds of an OPML file in their order, those that are in it twice included. Raises
    OpmlError."""
    if len(content) > MOST_BYTES:
        raise OpmlError(TOO_LARGE, megabytes=MOST_BYTES // 1_000_000)
    try:
        root = defusedxml.ElementTree.fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise OpmlError(ENTITIES) from None
    except (ElementTree.ParseError, ValueError, LookupError):  # the last two: of its encoding
        raise OpmlError(NO_XML) from None
    if root.tag.lower() != "opml":
        raise OpmlError(NO_OPML)
    found: list[Outline] = []
    for outline in _outlines(root):
        if len(found) == MOST_FEEDS:
            raise OpmlError(TOO_MANY, most=MOST_FEEDS)
        found.append(outline)
    if not found:
        raise OpmlError(NONE)
    return found


def _outlines(root: ElementTree.Element) -> Iterator[Outline]:
    """Without recursion: folders may lie in folders as deep as somebody likes to write them."""
    waiting: list[tuple[ElementTree.Element, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, folders = waiting.pop()
        inside = folders
        if element.tag == "outline":
            title = _title(element)
            if url := element.get("xmlUrl", "").strip():
                yield Outline(url, title, (*folders, *_categories(element)))
            elif title:
                inside = (*folders, title)
        waiting.extend((child, inside) for child in reversed(element))


def _title(element: ElementTree.Element) -> str:
    return " ".join((element.get("title") or element.get("text") or "").split())[:300]


def _categories(element: ElementTree.Element) -> tuple[str, ...]:
    """ "/News/War,Sudan": the parts of each path, which are folders' names by another way."""
    parts = re.split("[,/]", element.get("category", ""))
    return tuple(name for part in parts if (name := " ".join(part.split())))


def write(feeds: Iterable[Feed], *, title: str, at: datetime, folders: Mapping[str, str]) -> bytes:
    """The feeds as an OPML file, those of each conflict in a folder that is named by `folders`
    (by the conflict's short name, which goes into the category too), the others outside."""
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = _proper(title)
    ElementTree.SubElement(head, "dateCreated").text = format_datetime(at.astimezone(UTC))
    body = ElementTree.SubElement(root, "body")
    made: dict[str, ElementTree.Element] = {}
    for feed in feeds:
        slug = feed.conflict_slug
        if slug and slug not in made:
            name = _proper(folders.get(slug, slug))
            made[slug] = ElementTree.SubElement(body, "outline", text=name, title=name)
        name = _proper(str(feed))
        ElementTree.SubElement(
            made.get(slug, body),
            "outline",
            {
                "type": TYPES.get(Feed.Kind(feed.kind), "rss") if feed.kind else "rss",
                "text": name,
                "title": name,
                "xmlUrl": feed.url,
                **({"category": f"/{slug}"} if slug else {}),
            },
        )
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _proper(text: str) -> str:
    """Without characters that XML has no way to write."""
    return NOT_XML.sub("", text)
