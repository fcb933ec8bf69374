"""In which language pages and the API answer."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.scenes import soledar

UKRAINIAN = {"Accept-Language": "uk"}


@pytest.mark.django_db
def test_pages_are_in_the_language_that_the_browser_asks_for(client: Client) -> None:
    assert '<html lang="uk">' in client.get("/about/", headers=UKRAINIAN).content.decode()
    assert '<html lang="en-gb">' in client.get("/about/").content.decode()


@pytest.mark.django_db
def test_a_reader_s_choice_goes_before_the_browser_s_and_leads_back(client: Client) -> None:
    answer = client.post("/language/", {"language": "uk", "next": "/documents/?state=done"})
    assert (answer.status_code, answer["Location"]) == (302, "/documents/?state=done")
    page = client.get("/documents/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="uk">' in page
    client.post("/language/", {"language": "en-gb", "next": "/documents/"})
    assert '<html lang="en-gb">' in client.get("/documents/", headers=UKRAINIAN).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/x"])
def test_the_choice_leads_to_no_other_site(client: Client, elsewhere: str) -> None:
    assert client.post("/language/", {"language": "uk", "next": elsewhere})["Location"] == "/"


@pytest.mark.django_db
def test_programs_are_answered_in_english(client: Client) -> None:
    client.get("/about/", headers=UKRAINIAN)
    answer = client.get("/api/v1/claims/?state=nonsense", headers=UKRAINIAN)
    assert answer.status_code == 400
    assert answer.content == client.get("/api/v1/claims/?state=nonsense").content
    assert "Accept-Language" not in answer.get("Vary", "")


@pytest.mark.django_db
def test_drawings_keep_their_numbers(client: Client) -> None:
    url = soledar().get_absolute_url()
    places = re.compile(r' (?:cx|x|y|width|height|r)="([^"]+)"')
    english, ukrainian = (
        places.findall(client.get(url, headers={"Accept-Language": language}).content.decode())
        for language in ("en", "uk")
    )
    assert [n for n in ukrainian if "," in n] == []
    assert len(ukrainian) > 50
    assert sorted(set(english) - set(ukrainian)) == []
