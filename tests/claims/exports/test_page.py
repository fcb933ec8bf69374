"""The pages of exports and releases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from claims.models import Export, Release
from claims.releases.texts import LICENCE
from tests.factories import make_claim, make_user
from tests.reading import Reader

pytestmark = pytest.mark.django_db
ASK = {"table": "claims", "format": "csv", "query": "predicate=fighting"}


@pytest.fixture
def analyst(settings: Any, tmp_path: Path) -> User:
    settings.MEDIA_ROOT = str(tmp_path)
    return make_user("analyst", role="analyst", is_staff=False)


@pytest.fixture
def page(client: Client, analyst: User) -> Client:
    client.force_login(analyst)
    return client


def test_empty(page: Client) -> None:
    shown = page.get("/exports/").content.decode()
    assert "No exports yet" in shown
    assert "jobs.js" not in shown


def test_filters_of_the_list_of_claims_are_carried_over(page: Client) -> None:
    make_claim()
    listed = page.get("/claims/?town=Soledar&state=verified&state=pending&page=2").content.decode()
    address = "/exports/?town=Soledar&amp;state=verified&amp;state=pending"
    assert f'href="{address}"' in listed
    shown = page.get(address.replace("&amp;", "&")).content.decode()
    assert 'value="town=Soledar&amp;state=verified&amp;state=pending"' in shown
    assert 'href="/claims/?town=Soledar&amp;state=verified&amp;state=pending"' in shown
    shown = page.get(
        "/exports/?table=claims&format=parquet&town=Soledar&q=&page=3"
    ).content.decode()
    assert '<option value="parquet" selected>' in shown
    assert 'value="town=Soledar"' in shown


def test_asked_for_then_cancelled(page: Client) -> None:
    answer = page.post("/exports/", {**ASK, "query": "?predicate=fighting&page=4"})
    export = Export.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/exports/#export-{export.pk}"
    assert (export.table, export.format, export.query) == tuple(ASK.values())
    shown = page.get("/exports/").content.decode()
    assert "waiting for a worker" in shown
    assert "jobs.js" in shown
    assert page.post(f"/exports/{export.pk}/remove/").status_code == 302
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"query": "town=Nowhere"}, "town: No place is called “Nowhere”."),
        ({"query": "twon=Soledar"}, "twon: there is no such parameter."),
        ({"format": "doc"}, "Select a valid choice. doc is not one of the available choices."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    page: Client, wrong: dict[str, str], told: str
) -> None:
    answer = page.post("/exports/", {**ASK, **wrong})
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert told in Reader(shown).text
    assert f'value="{wrong.get("query", ASK["query"])}"' in shown
    assert not Export.objects.exists()


def test_a_fourth_waits_and_is_told_so(page: Client) -> None:
    codes = [page.post("/exports/", ASK).status_code for _ in range(3)]
    answer = page.post("/exports/", ASK)
    assert [*codes, answer.status_code] == [302, 302, 302, 400]
    assert "Only 3 exports of yours are made at a time" in answer.content.decode()


def test_how_far_each_is(page: Client, analyst: User) -> None:
    now = timezone.now()
    common = {"by": analyst, "table": "claims", "format": "csv"}
    Export.objects.create(
        **common, state="running", leased_until=now, rows_done=1200, rows_in_all=4800, attempts=1
    )
    done = Export.objects.create(
        **common,
        state="done",
        file="exports/a.csv",
        size=2048,
        sha256="a" * 64,
        rows_done=12,
        finished_at=now,
        expires_at=now.replace(year=2027, month=1, day=5, hour=7, minute=30),
    )
    failed = Export.objects.create(**common, state="failed", error="The database did not answer.")
    Export.objects.create(**common, state="waiting", attempts=1, error="The server has no room.")
    Export.objects.create(**common, state="expired")
    shown = page.get("/exports/").content.decode()
    text = Reader(shown).text
    for words in (
        "being made · 1,200 of 4,800 rows",
        "done · 12 rows",
        "The file is kept until 5 January 2027, 07:30 (UTC).",
        "The database did not answer.",
        "waiting to be tried again",
        "expired: its file is gone",
    ):
        assert words in text, words
    assert '<progress value="1200" max="4800"' in shown
    assert shown.count("/file/") == 1
    assert f'href="/api/v1/exports/{done.pk}/file/"' in shown
    assert page.post(f"/exports/{failed.pk}/again/").status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.error) == ("waiting", "")


def test_others_see_and_touch_nothing_of_it(page: Client, analyst: User) -> None:
    page.post("/exports/", ASK)
    export = Export.objects.get()
    other = Client()
    other.force_login(make_user("other", role="adjudicator", is_staff=False))
    assert "No exports yet" in other.get("/exports/").content.decode()
    for what in ("again", "remove"):
        assert other.post(f"/exports/{export.pk}/{what}/").status_code == 404
    assert Client().post(f"/exports/{export.pk}/remove/")["Location"].startswith("/login/")
    assert Export.objects.get() == export


def test_releases_are_made_by_administrators(client: Client, analyst: User) -> None:
    shown = client.get("/releases/").content.decode()
    assert "No releases yet" in shown
    assert "New release" not in shown
    client.force_login(make_user("admin", role="administrator", is_staff=False))
    shown = client.get("/releases/").content.decode()
    assert "New release" in shown
    assert "Creative Commons Attribution 4.0" in shown
    answer = client.post("/releases/", {"title": "", "licence": LICENCE, "notes": "Kept."})
    assert answer.status_code == 400
    assert "Kept." in answer.content.decode()
    assert client.post("/releases/", {"title": "Spring", "licence": LICENCE}).status_code == 302
    shown = client.get("/releases/").content.decode()
    assert "waiting for a worker" in shown
    assert "New release" not in shown
    assert "Spring" not in Client().get("/releases/").content.decode()
    answer = client.post("/releases/", {"title": "Summer", "licence": LICENCE})
    assert answer.status_code == 400
    assert "Release 1 is not published yet" in answer.content.decode()
    Release.objects.update(state="failed", error="The server has no room for the file.")
    assert "The server has no room for the file." in client.get("/releases/").content.decode()
    client.post("/releases/1/again/")
    assert Release.objects.get().state == "waiting"
    client.post("/releases/1/remove/")
    assert not Release.objects.exists()


def test_a_published_release_has_a_page(client: Client, analyst: User) -> None:
    release = Release.objects.create(number=1, title="Spring", licence="CC <BY>", by=analyst)
    assert client.get("/releases/1/").status_code == 404
    release.files.create(
        name="claims.csv", file="releases/1/claims.csv", size=2048, sha256="b" * 64, rows=1200
    )
    Release.objects.update(
        state="published", citation="A, 2026", published_at=timezone.now(), change=1700
    )
    shown = client.get("/releases/1/").content.decode()
    text = Reader(shown).text
    for words in ("Spring", "A, 2026", "claims.csv", "1,200", "2.0 KB", "b" * 64, "1,700"):
        assert words in text, words
    assert 'href="/api/v1/releases/1/files/claims.csv/"' in shown
    assert "CC &lt;BY&gt;" in shown
    assert client.get(f"/releases/{10**20}/").status_code == 404
    client.force_login(make_user("admin", role="administrator", is_staff=False))
    assert client.post("/releases/1/remove/").status_code == 404
    assert Release.objects.get().state == "published"
