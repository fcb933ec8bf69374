"""Atom feeds: valid by RFC 4287, of what they say, and 304 where nothing is new."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from claims.access import keys
from claims.derive import derive
from claims.feed import numbered
from claims.models import Change, Claim
from entities.models import Place
from tests.factories import make_claim, make_conflict, make_document, make_place, make_user
from tests.scenes import soledar

pytestmark = pytest.mark.django_db
NS = {"a": "http://www.w3.org/2005/Atom"}
ALL = "/feeds/all.atom"


@pytest.fixture
def town() -> Place:
    place = soledar()
    numbered()
    return place


def feed(client: Client, address: str, **headers: str) -> ElementTree.Element:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    check(root, f"http://testserver{address}")
    return root


def text(element: ElementTree.Element, name: str) -> str:
    [found] = element.findall(f"a:{name}", NS)
    assert found.text
    return found.text


def check(root: ElementTree.Element, address: str) -> None:
    """What RFC 4287 demands of a feed and of each entry (4.1.1, 4.1.2)."""
    assert root.tag == f"{{{NS['a']}}}feed"
    assert text(root, "id") == address
    assert text(root, "title")
    assert root.find("a:author/a:name", NS) is not None
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", NS)}
    assert links["self"] == address
    assert str(links["alternate"]).startswith("http://testserver/")
    entries = root.findall("a:entry", NS)
    ids = [text(entry, "id") for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        assert text(entry, "id").startswith("urn:uuid:")
        assert text(entry, "title")
        assert text(entry, "summary")
        assert text(entry, "published")[10] == "T"
        [link] = entry.findall("a:link", NS)
        assert str(link.get("href")).startswith("http://testserver/")
    updated = [text(entry, "updated") for entry in entries]
    assert text(root, "updated") == max(updated, default="1970-01-01T00:00:00+00:00")


def titles(root: ElementTree.Element) -> list[str]:
    return [text(entry, "title") for entry in root.findall("a:entry", NS)]


def test_a_towns_changes_of_status(client: Client, town: Place) -> None:
    root = feed(client, f"/feeds/towns/{town.slug}-{town.short_id}.atom")
    assert text(root, "title") == "Changes of status: Soledar"
    assert titles(root) == [
        "Soledar: controlled by Russia",
        "Soledar: contested",
        "Soledar: claimed by Russia",
    ]
    first = root.findall("a:entry", NS)[-1]
    words = text(first, "summary")
    assert "nothing said before" in words
    assert "Wagner Group: Soledar captured</a>" in words
    assert "<q>Wagner&#x27;s founder said late on Tuesday" in words
    latest = Change.objects.filter(what="status").latest("number").at
    assert latest is not None
    assert text(first, "updated")[:19] == latest.isoformat()[:19]


def test_all_and_a_conflicts(client: Client, town: Place) -> None:
    make_conflict("sudan", "War in Sudan", ())
    assert len(titles(feed(client, ALL))) == 3
    assert len(titles(feed(client, "/feeds/conflicts/ukraine.atom"))) == 3
    empty = feed(client, "/feeds/conflicts/sudan.atom")
    assert titles(empty) == []
    assert client.get("/feeds/conflicts/nowhere.atom").status_code == 404


def test_a_speakers_verified_claims(client: Client, town: Place) -> None:
    root = feed(client, "/feeds/actors/wagner-group.atom")
    assert titles(root) == ["Wagner Group: Soledar captured"]
    [entry] = root.findall("a:entry", NS)
    claim = Claim.objects.get(claimant__slug="wagner-group", state="accepted")
    assert text(entry, "id") == f"urn:uuid:{claim.pk}"
    assert entry.findall("a:author/a:name", NS)[0].text == "Wagner Group"


def test_an_id_is_that_of_the_town_and_the_day(client: Client, town: Place) -> None:
    def ids() -> list[str]:
        return [text(entry, "id") for entry in feed(client, ALL).findall("a:entry", NS)]

    before = ids()
    town.intervals.all().delete()
    derive({town.pk})
    assert ids() == before


def test_text_from_outside_is_escaped_and_made_fit_for_xml(client: Client) -> None:
    hostile = "<script>alert(1)</script> & ]]> \x0b\x1b\ufffe\"' said it."
    claim = make_claim(document=make_document(hostile, title="x"), quote=hostile, state="accepted")
    derive({claim.place_id})
    for address in (ALL, "/feeds/actors/wagner-group.atom"):
        [entry] = feed(client, address).findall("a:entry", NS)
        summary = text(entry, "summary")
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; ]]&gt; &quot;&#x27; said it." in summary


def test_no_more_than_fifty_entries(client: Client) -> None:
    place = make_place("Soledar")
    document = make_document()
    for number in range(55):
        make_claim(
            place=place,
            document=document,
            part_label="",
            state="accepted",
            asserted_on=document.published.date() - timedelta(days=number),
        )
    assert len(titles(feed(client, "/feeds/actors/wagner-group.atom"))) == 50


def test_nothing_new_is_304(client: Client, town: Place) -> None:
    Change.objects.update(at=timezone.now() - timedelta(minutes=1))
    first = client.get(ALL)
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        again = client.get(ALL, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
    claim = make_claim("withdrew", claimant="Russia", state="accepted", place=town)
    derive({claim.place_id})
    numbered()
    changed = client.get(ALL, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    # In the second of a change no time is told: another might come in it.
    assert "Last-Modified" not in changed


def test_a_constant_number_of_queries(
    client: Client, town: Place, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        client.get(ALL)
    for number in range(5):
        derive({make_claim(place=f"Town {number}", state="accepted").place_id})
    with django_assert_max_num_queries(10):
        assert len(titles(feed(client, ALL))) == 8


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"reader:{key}".encode()).decode()}


def test_where_reading_is_not_public_a_key_opens_it(
    client: Client, town: Place, settings: Any
) -> None:
    settings.PUBLIC_READING = False
    refused = client.get(ALL)
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"] == 'Basic realm="feeds", charset="UTF-8"'
    reader = make_user("reader", role="reader")
    row, key = keys.make(by=reader, name="reader", scopes=["read"])
    assert len(titles(feed(client, ALL, **basic(key)))) == 3
    wrong = ({"Authorization": "Basic %%%"}, {"Authorization": f"Bearer {key}"}, basic("cck_x"))
    for headers in wrong:
        assert client.get(ALL, headers=headers).status_code == 401
    _, exporting = keys.make(by=make_user("a", role="analyst"), name="x", scopes=["export"])
    assert client.get(ALL, headers=basic(exporting)).status_code == 401
    keys.revoke(key=row, by=reader)
    assert client.get(ALL, headers=basic(key)).status_code == 401
    client.force_login(reader)
    assert client.get(ALL).status_code == 200


@pytest.fixture
def _nothing_counted() -> Iterator[None]:
    yield
    cache.clear()


@pytest.mark.usefixtures("_nothing_counted")
def test_keys_are_not_guessed_for_ever(client: Client, settings: Any) -> None:
    settings.PUBLIC_READING = False
    _, key = keys.make(by=make_user("one"), name="reader", scopes=["read"])
    for _ in range(50):
        client.get(ALL, headers=basic("cck_guess"))
    assert client.get(ALL, headers=basic(key)).status_code == 401


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("/", ALL),
        ("/?conflict=ukraine", "/feeds/conflicts/ukraine.atom"),
        ("/changes/", ALL),
        ("/changes/?conflict=ukraine", "/feeds/conflicts/ukraine.atom"),
        ("/speakers/wagner-group/", "/feeds/actors/wagner-group.atom"),
        ("town", "town"),
    ],
)
def test_pages_name_their_feed(client: Client, town: Place, page: str, address: str) -> None:
    if page == "town":
        page, address = town.get_absolute_url(), f"/feeds/towns/{town.slug}-{town.short_id}.atom"
    shown = client.get(page).content.decode()
    head, _, body = shown.partition("</head>")
    assert f'<link rel="alternate" type="application/atom+xml" href="{address}"' in head
    assert f'<a href="{address}" type="application/atom+xml"' in body
    assert client.get(address).status_code == 200
