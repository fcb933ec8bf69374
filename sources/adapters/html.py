"""A saved or fetched web page: the article in it, without menus; its title, author, site, and
when it was published, with where that is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from sources.adapters.publication import describe, given, published, surest
from sources.adapters.raw import Defaults, RawDocument, Unreadable, build

MAX_BYTES = 20_000_000  # of a page: what others call large has 5
NO_ARTICLE = "no article text found in the page"


def read(content: bytes, where: str, defaults: Defaults) -> Iterator[RawDocument | Unreadable]:
    """Main text by trafilatura. Publisher and publication time that `defaults` gives go before
    what the page says of itself: whoever ingests knows them better than its markup does. A time
    that `defaults` has from elsewhere holds where the page says it less surely; author, title and
    address hold where it says none."""
    # Slow to import, and needed for this format alone.
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    if len(content) > MAX_BYTES:
        yield Unreadable(where, f"page larger than {MAX_BYTES // 1_000_000} MB")
        return
    tree = load_html(content)
    if tree is None:
        yield Unreadable(where, NO_ARTICLE)
        return
    page = bare_extraction(
        tree,
        url=defaults.url or None,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": True},
    )
    if page is None:
        yield Unreadable(where, NO_ARTICLE)
        return
    fields: dict[str, Any] = page if isinstance(page, dict) else page.as_dict()
    described = describe(tree)
    found = surest(
        given(defaults),
        published(
            tree,
            described,
            address=defaults.url or fields.get("url") or "",
            shown=fields.get("date") or "",
            fetched=defaults.fetched,
        ),
    )
    yield build(
        where,
        defaults,
        text=fields.get("text") or "",
        title=fields.get("title") or "",
        publisher=defaults.publisher or fields.get("sitename") or fields.get("hostname") or "",
        published=found.time if found else None,
        url=defaults.url or fields.get("url") or "",
        author=described.author or fields.get("author") or "",
        canonical=_canonical(tree, defaults.url),
        published_from=found.source if found else "given",
        published_confidence=found.confidence if found else "high",
    )


def _canonical(tree: Any, url: str) -> str:
    """The address that a page from `url` gives as its own: "" where it gives none, or several."""
    links = tree.iterfind(".//link[@rel]")
    told = {
        link.get("href", "") for link in links if "canonical" in link.get("rel").lower().split()
    }
    try:
        found = {urljoin(url, href.strip()) for href in told if href.strip()}
    except ValueError:
        return ""
    return found.pop() if url and len(found) == 1 else ""


def text_of(markup: str) -> str:
    """What a piece of HTML that is no page shows: its main text, else all of it."""
    from trafilatura import extract, html2txt

    return extract(markup, include_comments=False) or html2txt(markup)
