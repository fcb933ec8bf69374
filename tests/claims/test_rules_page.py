"""The page of rule sets: what each is, and what one of them would show otherwise."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from claims.pages.rules import SETS_IN_WORDS
from claims.status.rule_sets import RULE_SETS
from entities.models import Place
from tests.factories import make_claim, make_conflict
from tests.scenes import soledar

pytestmark = pytest.mark.django_db


def words(client: Client, address: str = "/rules/", **asked: str) -> str:
    response = client.get(address, asked)
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.fixture
def town() -> Place:
    return soledar()


def test_every_set_is_told_in_words(client: Client) -> None:
    assert list(SETS_IN_WORDS) == list(RULE_SETS)
    page = words(client)
    for one in SETS_IN_WORDS.values():
        assert f"{one.title} {one.name}" in page
    assert "Choose a set to see which towns" in page


def test_the_about_page_leads_there(client: Client) -> None:
    assert 'href="/rules/"' in client.get("/about/").content.decode()


def test_towns_that_flip_with_rule_and_deciding_claims(client: Client, town: Place) -> None:
    """On 10 January only Wagner, which is not official, has said anything verified."""
    page = words(client, rules="officials", on="2023-01-10")
    assert "Only official actors’ words count, on 10 January 2023" in page
    assert "1 of 1 towns compared here would be shown otherwise" in page
    assert "claimed by Russia since 10 January 2023 rule 4" in page
    assert "Wagner Group: Soledar captured 10 January 2023" in page
    assert "unknown: nothing that counts was said" in page
    html = client.get("/rules/", {"rules": "officials", "on": "2023-01-10"}).content.decode()
    assert f'href="{town.get_absolute_url()}"' in html
    assert 'href="/about/#rule-4"' in html


def test_towns_that_do_not_flip_are_not_listed(client: Client, town: Place) -> None:
    page = words(client, rules="officials", on="2023-02-01")
    assert "0 of 1 towns compared here would be shown otherwise" in page
    assert "By both sets all towns compared here have the same status." in page


def test_conflict_and_pending_claims_choose(client: Client, town: Place) -> None:
    make_conflict("elsewhere", "Another war")
    make_claim("holds", place="Bakhmut", claimant=None, subject="Ukraine")
    asked = {"rules": "no-publishers", "on": "2023-02-01"}
    assert "0 of 1 towns" in words(client, **asked)
    page = words(client, **asked, include_pending="on")
    assert "1 of 2 towns" in page
    assert "held by Ukraine, by its own word" in page
    assert "No town fits" in words(client, **asked, conflict="elsewhere")


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"rules": "v2"}, "Select a valid choice. v2 is not one of the available choices."),
        ({"rules": "officials", "on": "soon"}, "Enter a valid date."),
        ({"rules": "officials", "conflict": "x"}, "x is not one of the available choices."),
    ],
)
def test_what_is_not_understood_is_said(
    client: Client, town: Place, asked: dict[str, str], complaint: str
) -> None:
    assert complaint in words(client, **asked)


def test_the_number_of_queries_does_not_grow_with_the_towns(client: Client, town: Place) -> None:
    asked = {"rules": "officials", "on": "2023-01-10"}
    with CaptureQueriesContext(connection) as few:
        assert "1 of 1 towns" in words(client, **asked)
    for number in range(5):
        make_claim(place=f"Town {number}", asserted_on=date(2023, 1, 10), state="accepted")
    with CaptureQueriesContext(connection) as many:
        assert "6 of 6 towns" in words(client, **asked)
    assert len(many) == len(few) <= 15


def test_many_towns_are_compared_a_page_at_a_time(client: Client) -> None:
    make_conflict()
    for number in range(51):
        make_claim(place=f"Town {number:02}", state="accepted")
    page = words(client, rules="officials", page="2")
    assert "1 of 1 towns compared here" in page
    assert "towns 51 to 51 of 51, by name" in page
    assert (
        'href="?rules=officials&amp;page=1"'
        in client.get("/rules/", {"rules": "officials", "page": "2"}).content.decode()
    )


def test_a_town_of_no_conflict_has_sides_of_its_own(client: Client) -> None:
    claim = make_claim(place="Quietville", asserted_on=date(2023, 1, 10), state="accepted")
    Place.objects.filter(pk=claim.place_id).update(conflict=None)
    page = words(client, rules="officials", on="2023-01-10")
    assert "claimed by Wagner Group" in page
