"""The pages of feeds: what administrators see and do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sources.feeds.politeness import NotYet
from sources.models import Document, Feed, FeedItem
from tests.factories import make_conflict, make_document, make_feed, make_user
from tests.sources.site import Site, answer

pytestmark = pytest.mark.django_db
PAGE, ADD, IMPORT = "/sources/", "/sources/add/", "/sources/import/"
RSS = b"""<rss version="2.0"><channel><title>Courier &lt;b&gt;world</title>
<item><guid>1</guid><link>https://courier.example/1</link></item>
<item><guid>2</guid><link>https://courier.example/2</link></item></channel></rss>"""
LINK = '<link rel="alternate" type="application/rss+xml" href="%s" title="%s">'
FAILING: dict[str, Any] = {
    "failures": 3,
    "error": "The site answered %(status)d (%(phrase)s).",
    "error_values": {"status": 503, "phrase": "Service Unavailable"},
}


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    settings.FETCH_PAUSE = 0
    with Site({"/feed.xml": answer(RSS, "Content-Type: application/rss+xml")}) as running:
        settings.FETCH_ALLOW_HOSTS = [running.host]
        yield running


@pytest.fixture(autouse=True)
def chief(client: Client) -> User:
    user = make_user("chief", role="administrator", is_staff=False)
    client.force_login(user)
    return user


def page(client: Client, address: str = PAGE, code: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == code
    return response.content.decode()


def post(client: Client, address: str, code: int = 200, **data: Any) -> str:
    response = client.post(address, data, follow=True)
    assert response.status_code == code
    return response.content.decode()


def address(feed: Feed) -> str:
    return f"{PAGE}{feed.pk}/"


def make_item(feed: Feed, n: int, state: str = "waiting", **fields: Any) -> FeedItem:
    missed = state in ("failed", "refused")
    return FeedItem.objects.create(
        feed=feed,
        key=f"{n:064}",
        state=state,
        **{
            "title": f"Article {n}",
            "url": f"https://courier.example/{n}",
            "host": "courier.example:443",
            "error": "The site broke off, or its answer is no proper one." if missed else "",
            **fields,
        },
    )


def test_without_feeds_it_is_said_what_they_are(client: Client) -> None:
    shown = page(client)
    assert "No feed yet" in shown
    assert f'href="{ADD}"' in shown


def test_those_with_something_wrong_come_first(client: Client) -> None:
    now = timezone.now()
    fine = make_feed("https://a.example/", title="Fine", succeeded_at=now, new_at=now)
    make_feed("https://b.example/", title="Failing", failing_since=now, **FAILING)
    old = now - timedelta(days=30)
    make_feed("https://c.example/", title="Silent", succeeded_at=now, new_at=old)
    make_feed("https://d.example/", title="Paused", state="paused")
    make_item(fine, 1)
    make_item(fine, 2, "failed")
    shown = page(client)
    places = [shown.index(f">{title}</a>") for title in ("Failing", "Silent", "Fine", "Paused")]
    assert places == sorted(places)
    assert "4 feeds" in shown
    assert "The site answered 503 (Service Unavailable)." in shown
    assert "Nothing new for 30 days." in shown
    assert "; 1 not fetched" in shown
    failing = page(client, f"{PAGE}?state=failing")
    assert ">Failing</a>" in failing
    assert ">Silent</a>" not in failing
    found = page(client, f"{PAGE}?q=A.EXAMPLE")
    assert ">Fine</a>" in found
    assert ">Paused</a>" not in found
    assert "None." in page(client, f"{PAGE}?q=nothing")


def test_one_that_was_due_long_ago_tells_of_missing_workers(client: Client) -> None:
    feed = make_feed(next_poll_at=timezone.now() - timedelta(minutes=11))
    assert "no worker has polled it" in page(client)
    assert "no worker has polled it" in page(client, address(feed))
    Feed.objects.update(next_poll_at=timezone.now() - timedelta(minutes=9))
    assert "no worker has polled it" not in page(client)


def test_many_take_as_many_queries_as_one(client: Client, django_assert_num_queries: Any) -> None:
    now = timezone.now()
    feed = make_feed(succeeded_at=now, new_at=now - timedelta(hours=7))
    make_item(feed, 1)
    page(client)
    queries = 8  # session, user, roles; feeds, their pauses, days, waiting ones; conflicts
    with django_assert_num_queries(queries):
        page(client)
    for n in range(5):
        other = make_feed(
            f"https://{n}.example/", succeeded_at=now, new_at=now - timedelta(hours=7)
        )
        make_item(other, n)
    with django_assert_num_queries(queries):
        page(client)


def test_a_feed_is_looked_at_and_added(client: Client, site: Site, chief: User) -> None:
    make_conflict()
    shown = post(
        client, ADD, url=f"{site.url}/feed.xml", publisher="Ex Courier", conflict="ukraine"
    )
    feed = Feed.objects.get()
    assert "Added: it has 2 articles now" in shown
    assert (feed.url, feed.title, feed.kind) == (f"{site.url}/feed.xml", "Courier world", "rss")
    assert (str(feed.publisher), feed.conflict_slug, feed.added_by) == (
        "Ex Courier",
        "ukraine",
        chief,
    )
    assert "Russo-Ukrainian war" in shown


def test_the_feed_of_a_page_is_added_and_one_of_several_chosen(client: Client, site: Site) -> None:
    site.answers["/one"] = answer((LINK % ("/feed.xml", "")).encode())
    site.answers["/two"] = answer(
        f"<head>{LINK % ('/feed.xml', '<b>News')}{LINK % ('/b.xml', 'War')}</head><p>".encode()
    )
    choices = post(client, ADD, url=f"{site.url}/two", title="My name", publisher="Ex")
    assert "The page names several feeds" in choices
    assert f'type="radio" name="url" value="{site.url}/feed.xml" checked' in choices
    assert f'type="radio" name="url" value="{site.url}/b.xml"' in choices
    assert "&lt;b&gt;News" in choices
    assert 'value="My name"' in choices
    assert 'value="Ex"' in choices
    assert not Feed.objects.exists()
    post(client, ADD, url=f"{site.url}/one")
    assert Feed.objects.get().url == f"{site.url}/feed.xml"


@pytest.mark.parametrize(
    ("path", "said", "offered"),
    [
        ("/page", "A page stands there that names no feed", False),
        ("/missing", "The site answered 404 (Not Found).", False),
        ("/down", "The site answered 503 (Service Unavailable).", True),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_typed_kept(
    client: Client, site: Site, path: str, said: str, offered: bool
) -> None:
    site.answers["/page"] = answer(b"<html><head><title>x</title></head><p>Read.</p></html>")
    site.answers["/down"] = answer(b"", status="503 Busy")
    url = f"{site.url}{path}"
    shown = post(client, ADD, 422, url=url, title="<My name>", publisher="Ex")
    assert said in shown
    assert f'value="{url}"' in shown
    assert 'value="&lt;My name&gt;"' in shown
    assert ('name="unchecked"' in shown) is offered
    assert not Feed.objects.exists()


def test_one_that_does_not_answer_now_can_be_added_all_the_same(client: Client, site: Site) -> None:
    url = f"{site.url}/down"
    shown = post(client, ADD, url=url, title="Later", unchecked="on")
    assert "Added without a look at it" in shown
    assert Feed.objects.get().url == url
    assert site.connections == 0
    again = post(client, ADD, 422, url=url, unchecked="on")
    assert "This feed is polled already: Later." in again
    assert 'name="unchecked"' in again


def test_a_site_whose_turn_it_is_not_is_not_asked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(url: str) -> None:
        raise NotYet(timezone.now() + timedelta(seconds=90.5))

    monkeypatch.setattr("claims.views.sources.look", busy)
    shown = post(client, ADD, 422, url="https://courier.example/")
    assert re.search("is left alone for (90|91) seconds: try again then", shown)
    assert 'name="unchecked"' in shown


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "Give the address of a feed"),
        ("http://127.0.0.1:1/", "Only the ports 80 and 443"),
        ("http://127.0.0.1/", "leads into a private or special network"),
        ("file:///etc/passwd", "This is no web address"),
    ],
)
def test_what_is_no_public_address_is_not_asked(client: Client, url: str, said: str) -> None:
    assert said in post(client, ADD, 422, url=url)
    assert said in post(client, ADD, 422, url=url, unchecked="on")
    assert not Feed.objects.exists()


def test_a_feed_with_what_became_of_its_items(client: Client) -> None:
    now = timezone.now()
    feed = make_feed(title="Courier", succeeded_at=now, new_at=now, interval=900, kind="atom")
    make_item(feed, 1, "created", document=make_document(title="Who holds Soledar?"))
    make_item(feed, 2, "failed")
    make_item(feed, 3, "waiting", attempts=1, leased_until=now + timedelta(hours=1))
    make_item(feed, 4, "failed", url="javascript:alert(1)", host="", error="No address.")
    make_item(feed, 5, "refused", title="<script>no</script>")
    shown = page(client, address(feed))
    assert "5 items" in shown
    assert "Atom" in shown
    assert "about every 15 minutes" in shown
    assert "The site broke off, or its answer is no proper one." in shown
    assert "not before " in shown
    assert "&lt;script&gt;no&lt;/script&gt;" in shown
    assert 'href="javascript' not in shown
    assert shown.count(">try again</button>") == 2
    failed = page(client, f"{address(feed)}?state=failed")
    assert "Article 2" in failed
    assert "Article 1" not in failed
    assert "None." in page(client, f"{address(feed)}?state=running")
    assert "It has not announced anything yet." in page(
        client, address(make_feed("https://b.example/"))
    )


def test_a_withdrawn_document_is_named_without_its_title(client: Client, chief: User) -> None:
    feed = make_feed()
    document = make_document()
    make_item(feed, 1, "created", document=document, title="A title that went")
    Document.objects.filter(pk=document.pk).update(
        title="",
        text="",
        withdrawn_at=timezone.now(),
        withdrawn_by=chief,
        withdrawn_because="The court wants it.",
    )
    shown = page(client, address(feed))
    assert "A title that went" not in shown
    assert "withdrawn" in shown


def test_failing_since_when_and_why(client: Client) -> None:
    feed = make_feed(failing_since=timezone.now(), **FAILING)
    shown = page(client, address(feed))
    assert "3 polls in a row have failed since" in shown
    assert "The site answered 503 (Service Unavailable)." in shown


def test_paused_resumed_polled_and_removed(client: Client) -> None:
    feed = make_feed(title="Courier")
    assert "A worker polls it within half a minute" in post(client, address(feed), do="poll")
    assert "Paused: it is polled no more" in post(client, address(feed), do="pause")
    assert "It is not polled: resume it first." in post(client, address(feed), do="poll")
    assert "Resumed: it is polled at once." in post(client, address(feed), do="resume")
    post(client, address(feed), 404, do="explode")
    assert "Removed: Courier" in post(client, address(feed), do="remove")
    assert page(client, address(feed), 404)


def test_items_are_tried_again(client: Client) -> None:
    feed = make_feed()
    items = [make_item(feed, n, "failed") for n in range(3)]
    once = f"{PAGE}items/{items[0].pk}/again/"
    assert "It is fetched once more" in post(client, once)
    assert "It has not failed" in post(client, once)
    assert "2 items that failed are fetched once more." in post(
        client, address(feed), do="try-all-again"
    )
    assert set(feed.items.values_list("state", flat=True)) == {"waiting"}
    assert "try-all-again" not in page(client, address(feed))


def test_edited(client: Client) -> None:
    make_conflict("sudan", "War in Sudan", ())
    feed, other = make_feed(title="Courier"), make_feed("https://b.example/", title="Other")
    edit = f"{address(feed)}edit/"
    shown = page(client, edit)
    assert f'value="{feed.url}"' in shown
    assert 'value="Example Courier"' in shown
    said: dict[str, Any] = {"title": "New", "publisher": "", "conflict": "sudan"}
    assert "This feed is polled already: Other." in post(client, edit, 422, url=other.url, **said)
    assert "Changed." in post(client, edit, url=feed.url, **said)
    feed.refresh_from_db()
    assert (feed.title, feed.publisher, feed.conflict_slug) == ("New", None, "sudan")


OPML = b"""<opml version="2.0"><head/><body>
<outline text="War in Sudan"><outline text="Nile &lt;b&gt;Post" xmlUrl="https://nile.example/rss"/>
</outline><outline xmlUrl="https://courier.example/feed.xml"/>
<outline text="inside" xmlUrl="http://10.0.0.1/"/></body></opml>"""


def test_a_list_is_brought_in(client: Client) -> None:
    make_conflict("sudan", "War in Sudan", ())
    make_feed(title="There already")
    shown = post(client, IMPORT, file=SimpleUploadedFile("feeds.opml", OPML))
    assert "1 feed was added, 1 was there already, 1 was not added" in shown
    assert "Nile &lt;b&gt;Post" in shown
    assert "leads into a private or special network" in shown
    assert Feed.objects.get(url="https://nile.example/rss").conflict_slug == "sudan"
    assert Feed.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Nothing is in this file."),
        (b"no list", "cannot be read as XML"),
        (b"<opml/>", "No feed is in the file"),
        (b"x" * 2_000_001, "larger than 2 MB"),
    ],
)
def test_what_is_no_list_is_refused_in_words(client: Client, content: bytes, said: str) -> None:
    assert said in post(client, IMPORT, 422, file=SimpleUploadedFile("feeds.opml", content))
    assert "Choose a file." in post(client, IMPORT, 422)


def test_the_list_that_is_given_out_is_taken_back(client: Client) -> None:
    make_conflict("sudan", "War in Sudan", ())
    make_feed("https://a.example/?x=1&y=2", title="A", conflict_slug="sudan")
    make_feed("https://b.example/", title="B", conflict_slug="")
    response = client.get(f"{PAGE}feeds.opml")
    assert response["Content-Type"] == "text/x-opml; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="feeds.opml"'
    Feed.objects.all().delete()
    post(client, IMPORT, file=SimpleUploadedFile("feeds.opml", response.content))
    assert list(Feed.objects.order_by("url").values_list("url", "title", "conflict_slug")) == [
        ("https://a.example/?x=1&y=2", "A", "sudan"),
        ("https://b.example/", "B", ""),
    ]
