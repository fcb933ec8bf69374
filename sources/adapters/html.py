"""A saved web page: the article in it, without menus, and its date, site and title."""

from __future__ import annotations

from collections.abc import Iterator

from sources.adapters.raw import Defaults, RawDocument, Unreadable, build, parse_time


def read(content: bytes, where: str, defaults: Defaults) -> Iterator[RawDocument | Unreadable]:
    """Main text by trafilatura. What `defaults` gives goes before what the page says of
    itself: whoever ingests knows the publisher better than its markup does."""
    # Slow to import, and needed for this format alone.
    from trafilatura import bare_extraction

    page = bare_extraction(content, with_metadata=True, include_comments=False)
    if page is None:
        yield Unreadable(where, "no article text found in the page")
        return
    fields = page if isinstance(page, dict) else page.as_dict()
    published = defaults.published
    if published is None and fields.get("date"):
        published = parse_time(fields["date"])
    yield build(
        where,
        defaults,
        text=fields.get("text") or "",
        title=fields.get("title") or "",
        publisher=defaults.publisher or fields.get("sitename") or fields.get("hostname") or "",
        published=published,
        url=fields.get("url") or "",
    )
