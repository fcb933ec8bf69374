"""When a page was published and who wrote it: where that is said, and how sure it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sources.adapters import Defaults, RawDocument, html

TEXT = """<article><h1>Soledar is held</h1>{shown}
<p>Ukrainian troops still hold Soledar, an army spokesman said on Thursday morning. He said that
fighting went on in the west of the town, and that the road to the south was open.</p>
<p>The Wagner Group had said two days before that its men had taken the whole of the town.
Neither account could be checked by reporters, who cannot go there.</p></article>"""
LATER = datetime(2023, 3, 1, tzinfo=UTC)


def page(head: str = "", shown: str = "") -> bytes:
    body = TEXT.format(shown=shown)
    return f"<html lang=en><head><title>A</title>{head}</head><body>{body}</body></html>".encode()


def said(content: bytes, **given: object) -> tuple[str, str, str] | None:
    """Time, source and confidence, as a document has them."""
    known = Defaults(**{"publisher": "Example Courier", "fetched": LATER} | given)  # type: ignore[arg-type]  # a test's
    (found,) = html.read(content, "a.html", known)
    if not isinstance(found, RawDocument):
        return None
    return found.published.isoformat(), found.published_from, found.published_confidence


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def ld(written: str) -> str:
    return f'<script type="application/ld+json">{written}</script>'


EXACT = meta("article:published_time", "2023-01-12T08:00:00+02:00")


@pytest.mark.parametrize(
    ("head", "time", "confidence"),
    [
        (EXACT, "2023-01-12T08:00:00+02:00", "high"),
        (meta("article:published_time", "2023-01-12"), "2023-01-12T00:00:00+00:00", "medium"),
        (meta("date", "2023-01-12T08:00:00"), "2023-01-12T08:00:00+00:00", "medium"),
        (meta("DC.date.issued", "January 12, 2023"), "2023-01-12T00:00:00+00:00", "medium"),
        (meta("pubdate", "Thu, 12 Jan 2023 08:00:00 +0200"), "2023-01-12T08:00:00+02:00", "high"),
        # A later statement that is exact goes before one of a day.
        (meta("date", "2023-01-12") + meta("pubdate", "2023-01-12T08:00:00Z"),
         "2023-01-12T08:00:00+00:00", "high"),
        (ld('{"@type": "NewsArticle", "datePublished": "2023-01-12T08:00:00+02:00"}'),
         "2023-01-12T08:00:00+02:00", "high"),
        (ld('{"@graph": [{"@type": "WebPage", "datePublished": "2020-01-01T00:00:00Z"},'
            '{"@type": ["Report", "NewsArticle"], "datePublished": "2023-01-12T08:00:00Z"}]}'),
         "2023-01-12T08:00:00+00:00", "high"),
        # What is no time, or lies ahead of when it was fetched, is passed over.
        (meta("article:published_time", "soon") + meta("date", "2023-01-12T08:00:00Z"),
         "2023-01-12T08:00:00+00:00", "high"),
        (meta("article:published_time", "2031-01-01T00:00:00Z") + meta("date", "2023-01-12"),
         "2023-01-12T00:00:00+00:00", "medium"),
        (meta("article:published_time", "1970-01-01T00:00:00Z") + meta("date", "2023-01-12"),
         "2023-01-12T00:00:00+00:00", "medium"),
        (ld("{" * 100_000) + ld('{"datePublished": 5}') + EXACT,
         "2023-01-12T08:00:00+02:00", "high"),
    ],
)  # fmt: skip
def test_what_the_page_says_for_programs(head: str, time: str, confidence: str) -> None:
    assert said(page(head)) == (time, "page", confidence)


def test_a_date_that_the_page_shows() -> None:
    shown = '<p><time datetime="2023-01-12T08:00:00+02:00">12 January</time></p>'
    assert said(page(shown=shown)) == ("2023-01-12T08:00:00+02:00", "text", "medium")
    shown = '<p class="date">Published on January 12, 2023</p>'
    assert said(page(shown=shown)) == ("2023-01-12T00:00:00+00:00", "text", "low")


def test_a_date_in_the_address() -> None:
    url = "https://courier.example/world/2023/01/12/soledar"
    assert said(page(), url=url) == ("2023-01-12T00:00:00+00:00", "address", "medium")
    # One that another date contradicts makes that less sure.
    assert said(page(EXACT), url=url) == ("2023-01-12T08:00:00+02:00", "page", "high")
    other = "https://courier.example/2022/11/02/soledar"
    assert said(page(EXACT), url=other) == ("2023-01-12T08:00:00+02:00", "page", "medium")


def test_no_date_anywhere() -> None:
    assert said(page()) is None


def test_what_somebody_says_goes_before_all() -> None:
    given = datetime(2023, 1, 11, tzinfo=UTC)
    assert said(page(EXACT), published=given) == ("2023-01-11T00:00:00+00:00", "given", "high")


def test_a_feeds_time_holds_where_the_page_says_it_less_surely() -> None:
    feed = {"published": LATER - timedelta(days=20), "published_from": "feed"}
    of_feed = ("2023-02-09T00:00:00+00:00", "feed", "high")
    assert said(page(EXACT), **feed)[1:] == ("page", "high")  # type: ignore[index]  # is not None
    assert said(page(meta("date", "2023-02-09")), **feed) == of_feed
    shown = '<time datetime="2023-02-09">9 February</time>'
    assert said(page(shown=shown), **feed) == of_feed
    assert said(page(), **feed) == of_feed
    fetched = {"published": LATER, "published_from": "fetched", "published_confidence": "low"}
    assert said(page(shown=shown), **fetched)[1:] == ("text", "medium")  # type: ignore[index]  # likewise
    assert said(page(), **fetched) == (LATER.isoformat(), "fetched", "low")


@pytest.mark.parametrize(
    ("head", "author"),
    [
        (ld('{"@type": "NewsArticle", "author": {"@type": "Person", "name": "A.  Writer"}}'),
         "A. Writer"),
        (ld('{"@type": "Article", "datePublished": "2023-01-12", "author":'
            ' [{"name": "A. Writer"}, "B. Writer", {"name": 5}, "https://x.example/b"]}'),
         "A. Writer; B. Writer"),
        ('<meta name="author" content="Anna Writer">', "Anna Writer"),
        ("", "Of The Feed"),
    ],
)  # fmt: skip
def test_who_wrote_it(head: str, author: str) -> None:
    known = Defaults("Example Courier", LATER, author="Of The Feed", title="Of the feed")
    (found,) = html.read(page(head), "a.html", known)
    assert isinstance(found, RawDocument)
    assert (found.author, found.title) == (author, "Soledar is held")
