"""The hostile documents on their way through the application: what brings them in answers, what
reads them goes on, and no page has anything of theirs but as text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html  # type: ignore[import-untyped]  # comes without types

from claims import intake
from claims.intake import bring_address, take_in
from sources.adapters import Defaults
from sources.models import Document, Intake, IntakeItem, Snapshot
from sources.reading import ReadLimits
from tests.factories import make_conflict, make_user
from tests.hostile.corpus import CORPUS, Hostile, page
from tests.sources.site import Site, answer

pytestmark = pytest.mark.django_db

ABOUT = {"publisher": "Example Courier", "published": "12 January 2023", "conflict": "ukraine"}
HARMFUL = re.compile(r"alert\(|onerror|srcdoc|169\.254")
LARGE = 300_000  # bytes: files that are larger are read elsewhere


@pytest.fixture
def editor(client: Client, monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setattr(intake, "LIMITS", ReadLimits(seconds=10, memory=600_000_000))
    user = make_user(conflict=make_conflict())
    client.force_login(user)
    return user


def inert(response: Any) -> None:
    """The page has no script, handler, style, frame, form or link of a document's."""
    assert response.status_code == 200
    tree = html.fromstring(response.content)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in ("script", "style"):
            assert not HARMFUL.search(element.text or "")
        assert element.tag not in ("iframe", "object", "embed", "base", "svg:script")
        for name, value in element.attrib.items():
            assert not name.startswith("on"), f"{element.tag} has {name}"
            if name in ("href", "src", "action", "formaction", "data"):
                assert not value.strip().lower().startswith(("javascript:", "data:text"))
                assert not HARMFUL.search(value)


def brought(client: Client, corpus: list[Hostile]) -> Intake:
    files = [SimpleUploadedFile(one.name, one.make()) for one in corpus]
    response = client.post("/bench/bring/", {**ABOUT, "uploads": files})
    assert response.status_code == 302
    return Intake.objects.latest("id")


def test_files(client: Client, editor: User) -> None:
    small = [one for one in CORPUS if len(one.make()) < LARGE]
    assert len(small) == 46
    for start in range(0, len(small), 20):
        made = brought(client, small[start : start + 20])
        for id_ in made.items.values_list("id", flat=True):
            take_in(id_)
        inert(client.get(made.get_absolute_url()))
    items = IntakeItem.objects.all()
    assert set(items.values_list("state", flat=True)) == {"created", "present", "failed"}
    assert not items.filter(state="failed", error="").exists()
    # What came is kept as it came, whatever was made of it.
    assert Snapshot.objects.filter(way="uploaded").count() == len(small)
    assert not items.filter(snapshot=None).exists()
    assert not any("/" in name or "\\" in name.partition(":")[0] for name in
                   items.values_list("name", flat=True))  # fmt: skip
    texts = {text for one in CORPUS for text in one.stored}
    stored = Document.objects.all()
    assert {document.text for document in stored} <= texts
    for document in stored.filter(text__regex="<|=|Soledar\n"):
        inert(client.get(document.get_absolute_url()))
    inert(client.get("/documents/"))
    assert client.get("/api/v1/documents/").status_code == 200


def test_files_that_scripts_send(client: Client, editor: User) -> None:
    for one in CORPUS:
        content = one.make()
        if len(content) > 20_000:
            continue
        file = SimpleUploadedFile(one.name, content)
        sent = {**ABOUT, "published": "2023-01-12", "file": file}
        response = client.post("/api/v1/documents/", sent)
        assert response.status_code in (200, 201, 207, 400), one.name
        assert response["Content-Type"].startswith(("application/json", "application/problem"))


def test_addresses(client: Client, editor: User, settings: Any) -> None:
    pages = {
        f"/{number}": answer(one.make(), "Set-Cookie: a=b", "X-Frame-Options: ALLOWALL")
        for number, one in enumerate(CORPUS)
        if one.name in ("scripts.html", "hostile-title.html", "laughs.html", "gzip-bomb.html")
    }
    for charset in ("utf-7", "punycode", "idna", "unicode_escape", "zlib", "\xff", "a" * 5000):
        sent = f"Content-Type: text/html; charset={charset}"
        pages[f"/charset-{len(pages)}"] = answer(page("<p>+ADw-script+AD4-</p>"), sent)
    given = Defaults("Example Courier", datetime(2023, 1, 12, tzinfo=UTC), "ukraine")
    with Site(dict(pages)) as site:
        settings.FETCH_ALLOW_HOSTS = [site.host]
        for path in pages:
            made = bring_address(by=editor, about=given, address=site.url + path)
            take_in(made.items.get().pk)
            inert(client.get(made.get_absolute_url()))
    ended = dict(IntakeItem.objects.values_list("address", "state"))
    assert set(ended.values()) <= {"created", "present", "failed"}
    assert Snapshot.objects.filter(way="fetched").count() == len(pages)
    for document in Document.objects.all():
        inert(client.get(document.get_absolute_url()))
