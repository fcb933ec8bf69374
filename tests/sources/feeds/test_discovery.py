"""Which feed is meant by an address: asked for real, of a site on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sources.feeds.discovery import Link, Looked, links_of, look
from sources.fetch import Fetched, FetchError
from tests.sources.site import Site, answer, led_to

pytestmark = pytest.mark.django_db
RSS = b"""<rss version="2.0"><channel><title>Courier: world</title>
<item><guid>1</guid><link>https://courier.example/1</link><title>Soledar</title></item>
<item><guid>2</guid><link>https://courier.example/2</link><title>Bakhmut</title></item>
</channel></rss>"""
FEED = answer(RSS, "Content-Type: application/rss+xml")
LINK = '<link rel="alternate" type="application/%s" href="%s" title="%s">'


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    settings.FETCH_PAUSE = 0
    with Site({"/feed.xml": FEED}) as running:
        settings.FETCH_ALLOW_HOSTS = [running.host]
        yield running


def page(*links: str) -> bytes:
    return f"<html><head>{''.join(links)}</head><body><p>Read us.</p></body></html>".encode()


def fetched(content: bytes, charset: str = "utf-8") -> Fetched:
    return Fetched("https://courier.example/news/", content, "text/html", charset)


def test_a_feed_is_the_feed(site: Site) -> None:
    found = look(f"{site.url}/feed.xml")
    assert isinstance(found, Looked)
    assert found.url == f"{site.url}/feed.xml"
    assert (found.contents.kind, found.contents.title) == ("rss", "Courier: world")
    assert [one.title for one in found.contents.announced] == ["Soledar", "Bakhmut"]


def test_a_move_for_good_is_followed_for_good_and_another_is_not(site: Site) -> None:
    site.answers["/old"] = led_to("/feed.xml", status="301 Moved Permanently")
    site.answers["/now"] = led_to("/feed.xml", status="302 Found")
    moved, led = look(f"{site.url}/old"), look(f"{site.url}/now")
    assert isinstance(moved, Looked)
    assert isinstance(led, Looked)
    assert moved.url == f"{site.url}/feed.xml"
    assert led.url == f"{site.url}/now"


def test_the_only_feed_that_a_page_names_is_taken(site: Site) -> None:
    site.answers["/"] = answer(page(LINK % ("rss+xml", "feed.xml", "News")))
    found = look(f"{site.url}/")
    assert isinstance(found, Looked)
    assert found.url == f"{site.url}/feed.xml"


def test_several_are_to_be_chosen_from(site: Site) -> None:
    links = LINK % ("rss+xml", "/feed.xml", "All  news"), LINK % ("atom+xml", "/b", "War")
    site.answers["/"] = answer(page(*links, links[0]))
    assert look(f"{site.url}/") == (
        Link(f"{site.url}/feed.xml", "All news"),
        Link(f"{site.url}/b", "War"),
    )
    assert not [head for head in site.asked if head.startswith("GET /feed.xml")]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/page", "A page stands there that names no feed"),
        ("/picture", "This is no feed"),
        ("/missing", "The site answered 404 (Not Found)."),
    ],
)
def test_what_is_no_feed_is_said(site: Site, path: str, reason: str) -> None:
    site.answers["/page"] = answer(page())
    site.answers["/picture"] = answer(b"\x89PNG\r\n\x1a\n\0\0", "Content-Type: image/png")
    with pytest.raises(FetchError, match=reason.replace("(", r"\(").replace(")", r"\)")):
        look(f"{site.url}{path}")


def test_nothing_inside_is_asked_because_a_page_names_it(site: Site, settings: Any) -> None:
    bad = [
        LINK % ("rss+xml", address, "bad")
        for address in ("http://127.0.0.1:1/feed", "javascript:alert(1)", "http://[x", "//10.0.0.1")
    ]
    good = LINK % ("rss+xml", "/feed", "good")
    settings.FETCH_ALLOW_HOSTS = []
    assert links_of(fetched(page(*bad, good))) == (Link("https://courier.example/feed", "good"),)


def test_which_links_are_feeds() -> None:
    named = [
        '<base href="https://feeds.example/all/">',
        LINK % ("rss+xml; charset=utf-8", "a", "A"),
        LINK % ("feed+json", "b", "B"),
        LINK % ("json", "feed.json", "C"),
        LINK % ("json", "wp-json/posts/1", "no feed"),
        '<link rel="stylesheet" type="application/rss+xml" href="d">',
        '<link rel="alternate" type="text/html" hreflang="uk" href="e">',
        '<link rel="home ALTERNATE" type="Application/Atom+XML" href="f">',
        '<link rel="alternate" type="application/rss+xml">',
    ]
    assert [link.url for link in links_of(fetched(page(*named)))] == [
        "https://feeds.example/all/a",
        "https://feeds.example/all/b",
        "https://feeds.example/all/feed.json",
        "https://feeds.example/all/f",
    ]


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"<", b"plain words", b"<p>" * 100_000])
def test_what_is_hardly_a_page_names_nothing(content: bytes) -> None:
    assert links_of(fetched(content)) == ()
    assert links_of(fetched(content, "no-such-charset")) == ()


def test_titles_are_read_in_the_character_set_that_the_site_names() -> None:
    content = page(LINK % ("rss+xml", "/f", "Вісник")).decode().encode("cp1251")
    assert links_of(fetched(content, "windows-1251"))[0].title == "Вісник"
