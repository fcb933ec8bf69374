"""`manage.py feeds`: what it says, writes and refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from sources.feeds.opml import read
from sources.models import Feed
from tests.factories import make_conflict, make_feed, make_user
from tests.sources.site import Site, answer

pytestmark = pytest.mark.django_db
RSS = b"""<rss version="2.0"><channel><title>Courier</title>
<item><guid>1</guid><link>https://courier.example/1</link></item></channel></rss>"""
LINK = '<link rel="alternate" type="application/rss+xml" href="%s" title="%s">'


@pytest.fixture(autouse=True)
def _chief() -> None:
    make_user("chief", role="administrator")


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    settings.FETCH_PAUSE = 0
    with Site({"/feed.xml": answer(RSS, "Content-Type: application/rss+xml")}) as running:
        settings.FETCH_ALLOW_HOSTS = [running.host]
        yield running


def feeds(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("feeds", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        feeds(*arguments)
    return str(caught.value)


def test_added_after_a_look(site: Site) -> None:
    make_conflict()
    url = f"{site.url}/feed.xml"
    said, _ = feeds("add", url, "--by", "chief", "--conflict", "ukraine", "--publisher", "Ex")
    assert said == f"added: Courier\t{url}\n"
    feed = Feed.objects.get()
    assert (feed.url, feed.kind, feed.conflict_slug) == (url, "rss", "ukraine")
    assert (str(feed.publisher), feed.added_by.username) == ("Ex", "chief")
    assert "polled already: Courier" in refused("add", url, "--by", "chief")


def test_not_added(site: Site) -> None:
    site.answers["/two"] = answer((LINK % ("/a", "A") + LINK % ("/b", "B")).encode())
    by = ("--by", "chief")
    assert "several feeds" in refused("add", f"{site.url}/two", *by)
    assert "answered 404 (Not Found)" in refused("add", f"{site.url}/none", *by)
    assert "private or special" in refused("add", "http://10.0.0.1/", *by)
    assert "private or special" in refused("add", "http://10.0.0.1/", "--unchecked", *by)
    assert "No conflict" in refused("add", f"{site.url}/feed.xml", "--conflict", "mars", *by)
    make_user("editor", role="editor")
    assert "needs the role" in refused("add", f"{site.url}/feed.xml", "--by", "editor")
    assert "Nobody" in refused("add", f"{site.url}/feed.xml", "--by", "ghost")
    assert not Feed.objects.exists()
    feeds("add", "https://courier.example/down", "--unchecked", *by)
    assert Feed.objects.get().url == "https://courier.example/down"


def test_listed_with_what_is_wrong() -> None:
    at = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    make_feed("https://a.example/", title="Fine", succeeded_at=at, new_at=timezone.now())
    error = {"failures": 1, "failing_since": at, "error": "The site broke off."}
    make_feed("https://b.example/", title="Failing", **error)
    out, err = feeds("list")
    assert out == (
        "failing\thttps://b.example/\tFailing\tnever\t0 announced, 0 missed, 0 waiting"
        "\tThe site broke off.\n"
        "fine\thttps://a.example/\tFine\t2026-03-01T09:30:00Z"
        "\t0 announced, 0 missed, 0 waiting\n"
    )
    assert err == "2 feeds; numbers of 28 days: 1 failing, 1 fine\n"
    assert feeds("list", "--state", "silent") == ("", "0 feeds; numbers of 28 days\n")


def test_out_and_in_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_conflict("sudan", "War in Sudan", ())
    make_feed("https://a.example/", title="A", conflict_slug="sudan")
    out, _ = feeds("export_opml")
    file = tmp_path / "feeds.opml"
    feeds("export_opml", str(file))
    assert read(file.read_bytes()) == read(out.encode())
    by = ("--by", "chief")
    assert feeds("import_opml", str(file), *by)[0] == "present\thttps://a.example/\tA\tsudan\n"
    Feed.objects.all().delete()
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(out.encode())))
    assert feeds("import_opml", "-", *by)[0] == "added\thttps://a.example/\tA\tsudan\n"
    assert Feed.objects.get().title == "A"


def test_what_cannot_be_taken_in_is_an_error(tmp_path: Path) -> None:
    file, by = tmp_path / "feeds.opml", ("--by", "chief")
    assert "No such file" in refused("import_opml", str(file), *by)
    file.write_text("no list")
    assert "cannot be read as XML" in refused("import_opml", str(file), *by)
    file.write_text(
        '<opml><outline xmlUrl="file:///x"/><outline xmlUrl="https://a.example/"/></opml>'
    )
    assert refused("import_opml", str(file), *by) == "1 of 2 were not added (named above)"
    assert Feed.objects.get().url == "https://a.example/"
    assert "directory" in refused("export_opml", str(tmp_path))
