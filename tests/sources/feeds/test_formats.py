"""What feeds announce, in each form, also as they are in the wild."""

from __future__ import annotations

import gzip

import pytest

from sources.feeds import formats
from sources.feeds.formats import Announced, Contents, NotAFeed
from sources.fetch import Fetched

BASE = "https://courier.example/news/feed"


def read(content: str | bytes, kind: str = "application/xml", charset: str = "") -> Contents:
    raw = content.encode() if isinstance(content, str) else content
    return formats.read(Fetched(BASE, raw, kind, charset))


def test_rss_with_html_in_its_titles_and_an_offset_of_its_own() -> None:
    found = read(
        """<?xml version="1.0"?><rss version="2.0"><channel><title>Courier &amp;amp; Co</title>
        <item><title>&lt;b&gt;Fighting&lt;/b&gt; for A &amp;amp; B</title>
        <link>/1?a=1&amp;b=2</link>
        <guid isPermaLink="false">17</guid><pubDate>Wed, 11 Jan 2023 18:00:00 +0200</pubDate>
        <author>mail@courier.example (R. Reporter)</author></item>
        <item><title>Its guid is its address</title><guid>https://courier.example/2</guid></item>
        </channel></rss>"""
    )
    assert found == Contents(
        "rss",
        "Courier & Co",
        (
            Announced(
                "17",
                "https://courier.example/1?a=1&b=2",
                "Fighting for A & B",
                "R. Reporter",
                "2023-01-11T18:00:00+02:00",
            ),
            Announced(
                "https://courier.example/2",
                "https://courier.example/2",
                "Its guid is its address",
            ),
        ),
    )


def test_rss_in_the_character_set_that_the_site_names() -> None:
    found = read(
        "<rss version='2.0'><channel><item><title>Бої за місто</title><link>/1</link></item>"
        "</channel></rss>".encode("cp1251"),
        "text/xml",
        "windows-1251",
    )
    assert [one.title for one in found.announced] == ["Бої за місто"]


def test_rss_that_is_cut_off_gives_what_is_whole() -> None:
    found = read(
        "<rss version='2.0'><channel><title>Courier</title><item><title>One</title>"
        "<link>/1</link></item><item><title>Tw"
    )
    assert found.announced[0] == Announced(
        "https://courier.example/1", "https://courier.example/1", "One"
    )


def test_atom() -> None:
    found = read(
        """<feed xmlns="http://www.w3.org/2005/Atom"><title>Courier</title><entry><id>urn:1</id>
        <title type="html">&lt;i&gt;One&lt;/i&gt;</title><link href="../1"/>
        <link rel="enclosure" href="/1.mp3"/><published>2023-01-11T18:00:00+02:00</published>
        <updated>2023-02-01T00:00:00Z</updated><author><name>R. Reporter</name></author></entry>
        </feed>"""
    )
    assert found == Contents(
        "atom",
        "Courier",
        (
            Announced(
                "urn:1",
                "https://courier.example/1",
                "One",
                "R. Reporter",
                "2023-01-11T18:00:00+02:00",
            ),
        ),
    )


def test_json_feed() -> None:
    found = read(
        """{"version": "https://jsonfeed.org/version/1.1", "title": "Courier", "items": [
        {"id": 1, "url": "/1", "title": "One", "date_published": "2023-01-11T18:00:00Z",
         "authors": [{"name": "R. Reporter"}, {"name": "P. Photographer"}]},
        {"id": "2", "external_url": "https://elsewhere.example/2", "date_published": "soon"},
        "no item", {"title": "Without an address"}]}""",
        "application/feed+json",
    )
    assert found.kind == "json"
    assert found.announced == (
        Announced(
            "1",
            "https://courier.example/1",
            "One",
            "R. Reporter, P. Photographer",
            "2023-01-11T18:00:00+00:00",
        ),
        Announced("2", "https://elsewhere.example/2"),
        Announced("", "", "Without an address"),
    )


NEWS = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
    xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
    <url><loc>https://courier.example/old</loc><lastmod>2023-01-01</lastmod></url>
    <url><loc>https://courier.example/new</loc><n:news><n:publication><n:name>Courier</n:name>
    </n:publication><n:publication_date>2023-01-11T18:00+02:00</n:publication_date>
    <n:title>New</n:title></n:news><image:image><image:loc>https://courier.example/a.png</image:loc>
    <image:title>A picture</image:title></image:image></url></urlset>"""


@pytest.mark.parametrize("content", [NEWS.encode(), gzip.compress(NEWS.encode())])
def test_a_sitemap_of_news_is_read_newest_first(content: bytes) -> None:
    found = read(content)
    new, old = "https://courier.example/new", "https://courier.example/old"
    assert found == Contents(
        "sitemap",
        "Courier",
        # When a page was changed is not when it was published.
        (Announced(new, new, "New", "", "2023-01-11T18:00:00+02:00"), Announced(old, old)),
    )


def test_more_than_is_taken_at_once_is_counted() -> None:
    urls = "".join(f"<url><loc>/{number}</loc></url>" for number in range(formats.MOST + 7))
    found = read(f"<urlset>{urls}</urlset>")
    assert (len(found.announced), found.left_out) == (formats.MOST, 7)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", formats.NO_FEED),
        (b"<html><body>Not found</body></html>", formats.NO_FEED),
        (b"https://courier.example/other", formats.NO_FEED),  # nothing is fetched for it
        (b"/etc/passwd", formats.NO_FEED),
        (b'{"version": "2"}', formats.NO_FEED),
        (b'{"version": ', formats.BROKEN),
        (b"[" * 100_000, formats.NO_FEED),
        (b'{"a":' * 100_000, formats.BROKEN),
        (b"<urlset><url><loc>/1</loc>", formats.BROKEN),
        (b"\x1f\x8b broken", formats.BROKEN),
        (gzip.compress(b"<urlset>" + b" " * (formats.MOST_BYTES + 1)), formats.BROKEN),
        (
            b'<!DOCTYPE u [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc>'
            b"</url></urlset>",
            formats.ENTITIES,
        ),
    ],
)
def test_what_is_no_feed_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        read(content)
    assert refused.value.said == said
    assert not refused.value.passing


def test_entities_of_rss_do_not_grow() -> None:
    """A billion laughs: feedparser knows no entities of a document's own."""
    levels = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    found = read(
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{levels}]><rss version="2.0"><channel>'
        "<item><title>&l9;</title><link>/1</link></item></channel></rss>"
    )
    assert all(len(one.title) < 1000 for one in found.announced)
