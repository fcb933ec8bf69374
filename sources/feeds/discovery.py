"""Which feed is meant by an address that somebody gives: it is asked, and where a page stands
there, the feeds that the page names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext_noop

from sources.feeds import formats
from sources.feeds.formats import Contents, NotAFeed
from sources.feeds.politeness import turn
from sources.feeds.polling import ask
from sources.fetch import Fetched, FetchError
from sources.targets import target

BEGINNING = 500_000  # bytes of a page, in which it names its feeds
MOST = 20  # feeds that a page may name
PAGES = ("text/html", "application/xhtml+xml")
TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
}
OTHER_JSON = "application/json"  # JSON Feed as it was named first; other programs' addresses too
FEED = re.compile("feed", re.I)

NO_LINKS = gettext_noop("A page stands there that names no feed: give the feed’s own address.")


@dataclass(frozen=True, slots=True)
class Link:
    """A feed as a page names it."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Looked:
    """The feed at `url`, where the site's moves for good end, and what it has now."""

    url: str
    contents: Contents


def look(url: str) -> Looked | tuple[Link, ...]:
    """The feed at the address, or the one that the page there names; several to choose from where
    it names several. Raises FetchError, also where there is none, and NotYet."""
    page = _asked(url)
    try:
        return Looked(page.moved or page.asked, formats.read(page))
    except NotAFeed:
        if page.content_type not in PAGES:
            raise
    links = links_of(page)
    if not links:
        raise NotAFeed(NO_LINKS)
    if len(links) > 1:
        return links
    found = _asked(links[0].url)
    return Looked(found.moved or found.asked, formats.read(found))


def links_of(page: Fetched) -> tuple[Link, ...]:
    """The feeds that a page names in its head (`link rel="alternate"`), each once."""
    # Slow to import, and needed here alone.
    from trafilatura.utils import load_html

    try:
        text = page.content[:BEGINNING].decode(page.charset or "utf-8", "replace")
    except LookupError:
        text = page.content[:BEGINNING].decode("utf-8", "replace")
    # What does not look like a page to it at first glance may be one all the same.
    tree = load_html(f"<html>{text}")
    if tree is None:
        return ()
    found: dict[str, Link] = {}
    for link in _links(tree, page.url):
        if len(found) < MOST:
            found.setdefault(link.url, link)
    return tuple(found.values())


def _links(tree: object, base: str) -> Iterator[Link]:
    """Those whose address can be asked."""
    elements = tree.iter("base", "link")  # type: ignore[attr-defined]  # lxml's, without types
    for element in elements:
        href = (element.get("href") or "").strip()
        try:
            url = urljoin(base, href)
            if element.tag == "base":
                base = url if href else base
            elif href and _is_feed(element.get("rel"), element.get("type"), href):
                title = " ".join((element.get("title") or "").split())[:300]
                yield Link(target(url, settings.FETCH_ALLOW_HOSTS).url, title)
        except (FetchError, ValueError):
            continue  # names no address


def _is_feed(rel: str | None, kind: str | None, href: str) -> bool:
    kind = (kind or "").partition(";")[0].strip().lower()
    known = kind in TYPES or (kind == OTHER_JSON and FEED.search(href) is not None)
    return known and "alternate" in (rel or "").lower().split()


def _asked(url: str) -> Fetched:
    with turn(target(url, settings.FETCH_ALLOW_HOSTS).site):
        return ask(url)
