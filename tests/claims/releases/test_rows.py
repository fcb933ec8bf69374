"""What the database refuses of releases: a published one never changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from claims.models import Release, ReleaseFile
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def make_release(number: int = 1, **fields: Any) -> Release:
    """One that waits, with a file."""
    release = Release.objects.create(
        **{"number": number, "title": "Spring", "licence": "CC BY 4.0", "by": make_user(), **fields}
    )
    ReleaseFile.objects.create(
        release=release, name="claims.csv", file="releases/1/claims.csv", size=3, sha256="0" * 64
    )
    return release


def publish(release: Release) -> None:
    Release.objects.filter(pk=release.pk).update(
        state="published", citation="A, 2026", published_at=timezone.now(), change=7
    )


def refused() -> Any:
    return pytest.raises(ProgrammingError, match=r"never change|Cannot update or delete rows from")


def test_an_unpublished_release_can_be_changed_and_taken_away() -> None:
    release = make_release()
    Release.objects.filter(pk=1).update(state="failed", error="No room.")
    release.files.update(size=4)
    release.files.all().delete()
    release.delete()
    assert list(Release.objects.all()) == []


@pytest.mark.parametrize("fields", [{"state": "waiting"}, {"title": "Autumn"}, {"change": 8}])
def test_a_published_release_stays_as_it_is(fields: dict[str, Any]) -> None:
    publish(make_release())
    with refused(), transaction.atomic():
        Release.objects.filter(pk=1).update(**fields)
    with refused(), transaction.atomic():
        Release.objects.filter(pk=1)._raw_delete("default")
    release = Release.objects.get()
    assert (release.state, release.title, release.change) == ("published", "Spring", 7)


def test_its_files_stay_and_none_comes_to_it() -> None:
    publish(make_release())
    other = make_release(2)
    file = ReleaseFile.objects.get(release=1)
    with refused(), transaction.atomic():
        ReleaseFile.objects.filter(pk=file.pk).update(sha256="1" * 64)
    with refused(), transaction.atomic():
        ReleaseFile.objects.filter(pk=file.pk).update(release=other)
    with refused(), transaction.atomic():
        file.delete()
    with refused(), transaction.atomic():
        other.files.update(release=1, name="more.csv")
    file.pk = None
    file.name = "more.csv"
    with refused(), transaction.atomic():
        file.save()
    assert [one.name for one in ReleaseFile.objects.filter(release=1)] == ["claims.csv"]
    assert ReleaseFile.objects.get(release=1).sha256 == "0" * 64


@pytest.mark.parametrize("lacking", [{"citation": ""}, {"change": None}, {"published_at": None}])
def test_what_is_published_is_whole(lacking: dict[str, Any]) -> None:
    make_release()
    whole = {"citation": "A, 2026", "published_at": timezone.now(), "change": 7}
    with pytest.raises(IntegrityError, match="release_published_is_whole"):
        Release.objects.update(state="published", **{**whole, **lacking})
