"""Lists of feeds: read as others write them, and written so that others read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sources.feeds.opml import MOST_BYTES, MOST_FEEDS, OpmlError, Outline, read, write
from sources.models import Feed

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def opml(body: str, encoding: str = "utf-8") -> bytes:
    head = f'<?xml version="1.0" encoding="{encoding}"?><opml version="1.0"><head/>'
    return f"{head}<body>{body}</body></opml>".encode(encoding)


def said(content: bytes) -> str:
    with pytest.raises(OpmlError) as caught:
        read(content)
    return str(caught.value)


def test_feeds_with_the_folders_and_categories_that_they_lie_in() -> None:
    found = read(
        opml(
            '<outline text="War"><outline text="  Sudan  now ">'
            '<outline text="short" title="Nile Post" xmlUrl=" https://nile.example/rss "/>'
            '<outline xmlUrl="https://blue.example/atom"/></outline></outline>'
            '<outline text="Courier" category="/ukraine, press/east" xmlUrl="https://c.example/f"/>'
            '<outline text="only a page" htmlUrl="https://d.example/"/>'
        )
    )
    assert found == [
        Outline("https://nile.example/rss", "Nile Post", ("War", "Sudan now")),
        Outline("https://blue.example/atom", "", ("War", "Sudan now")),
        Outline("https://c.example/f", "Courier", ("ukraine", "press", "east")),
    ]


def test_the_encoding_that_a_file_declares_is_its_encoding() -> None:
    line = '<outline text="Вісник" xmlUrl="https://v.example/"/>'
    assert read(opml(line, "windows-1251"))[0].title == "Вісник"
    assert read(opml(line, "utf-16"))[0].title == "Вісник"


def test_folders_may_lie_in_folders_ten_thousand_deep() -> None:
    deep = '<outline text="x">' * 10_000 + '<outline xmlUrl="https://a.example/"/>'
    [found] = read(opml(deep + "</outline>" * 10_000))
    assert len(found.folders) == 10_000


BOMB = b"""<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<opml><body><outline text="&b;" xmlUrl="https://a.example/"/></body></opml>"""
OUTSIDE = b"""<!DOCTYPE opml [<!ENTITY f SYSTEM "file:///etc/passwd">]>
<opml><body><outline text="&f;" xmlUrl="https://a.example/"/></body></opml>"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "cannot be read as XML"),
        (b"<opml><body>", "cannot be read as XML"),
        (b"\x00\x01\xff", "cannot be read as XML"),
        (b'<?xml version="1.0" encoding="no-such"?><opml/>', "cannot be read as XML"),
        (b'<?xml version="1.0" encoding="shift_jis"?><opml/>', "cannot be read as XML"),
        (BOMB, "declares entities or a document type"),
        (OUTSIDE, "declares entities or a document type"),
        (b"<rss><channel/></rss>", "does not begin with “opml”"),
        (opml('<outline text="a"/>'), "No feed is in the file"),
        (b" " * (MOST_BYTES + 1), "larger than 2 MB"),
        (opml('<outline xmlUrl="https://a.example/"/>' * (MOST_FEEDS + 1)), "More than 5000 feeds"),
    ],
)
def test_what_is_no_list_of_feeds_is_refused_in_words(content: bytes, reason: str) -> None:
    assert reason in said(content)


def test_what_is_written_is_read_again() -> None:
    feeds = [
        Feed(url="https://a.example/?a=1&b=2", title='He said: "<b>"', conflict_slug="sudan"),
        Feed(url="https://b.example/f", kind="json", conflict_slug="sudan"),
        Feed(url="https://c.example/f", title="bell\x07 rings"),
    ]
    written = write(feeds, title="Feeds", at=AT, folders={"sudan": "War in Sudan"})
    assert read(written) == [
        Outline("https://a.example/?a=1&b=2", 'He said: "<b>"', ("War in Sudan", "sudan")),
        Outline("https://b.example/f", "https://b.example/f", ("War in Sudan", "sudan")),
        Outline("https://c.example/f", "bell rings"),
    ]
    assert b"<dateCreated>Sun, 01 Mar 2026 09:30:00 +0000</dateCreated>" in written
    assert b'<outline type="json" text="https://b.example/f"' in written
