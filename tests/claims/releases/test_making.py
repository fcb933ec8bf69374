"""Releases: all tables as they stood at one moment, with what shows that they are unchanged."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from claims.exports import leasing
from claims.exports.writing import TABLES
from claims.feed import numbered
from claims.models import Change, Claim, Release, ReleaseFile
from claims.releases import contents, making
from claims.releases.texts import LICENCE
from tests.claims.exports.kept import every_row_tells, files_in, when_told
from tests.factories import make_claim, make_user
from tests.scenes import soledar

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = {"README.txt", "LICENSE.txt", "datapackage.json", "checksums.txt"}


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.SITE_URL = "https://claims.example.org"
    settings.SITE_NAME = "Example Observatory"
    return tmp_path


@pytest.fixture
def admin() -> User:
    return make_user("admin", role="administrator")


@pytest.fixture
def release(folder: Path, admin: User) -> Release:
    return making.start(by=admin, title="Claims of spring", licence=LICENCE, notes="The first.")


def fresh(release: Release) -> Release:
    return Release.objects.get(pk=release.pk)


def file_of(folder: Path, name: str, number: int = 1) -> Path:
    return folder / "releases" / str(number) / name


def rows_of(folder: Path, table: str, number: int = 1) -> list[dict[str, str]]:
    text = file_of(folder, f"{table}.csv", number).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_published_with_all_tables(release: Release, folder: Path) -> None:
    soledar()
    making.make(release.number)
    done = fresh(release)
    assert (done.number, done.state, done.error, done.leased_until) == (1, "published", "", None)
    assert done.published_at is not None
    assert done.change == Change.objects.order_by("-number")[0].number
    tables = {f"{table}.{format}" for table in TABLES for format in contents.FORMATS}
    assert {file.name for file in done.files.all()} == tables | TEXTS
    assert files_in(folder) == sorted(f"releases/1/{name}" for name in tables | TEXTS)
    for file in done.files.all():
        found = file_of(folder, file.name).read_bytes()
        assert (file.size, file.sha256) == (len(found), hashlib.sha256(found).hexdigest())
    assert len(rows_of(folder, "claims")) == Claim.objects.live().count() == 8
    for table in TABLES:
        rows = done.files.get(name=f"{table}.csv").rows
        assert rows == len(rows_of(folder, table))
        assert rows == file_of(folder, f"{table}.ndjson").read_bytes().count(b"\n")
        assert rows == pyarrow.parquet.read_metadata(file_of(folder, f"{table}.parquet")).num_rows


def test_checksums_are_those_of_sha256sum(release: Release, folder: Path) -> None:
    making.make(1)
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "checksums.txt"],
        cwd=folder / "releases" / "1",
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    names = [line[66:] for line in file_of(folder, "checksums.txt").read_text().splitlines()]
    assert names == sorted(
        set(fresh(release).files.values_list("name", flat=True)) - {"checksums.txt"}
    )


def test_says_how_to_cite_it_and_on_which_terms(release: Release, folder: Path) -> None:
    making.make(1)
    done = fresh(release)
    assert done.published_at is not None
    day = f"{done.published_at.day} {done.published_at:%B %Y}"
    cited = (
        f"Example Observatory ({done.published_at.year}). Claims of spring. Release 1, {day}."
        " https://claims.example.org/releases/1/"
    )
    assert done.citation == cited
    readme = file_of(folder, "README.txt").read_text()
    assert readme.startswith("Claims of spring: release 1 of Example Observatory\n====")
    assert "\nThe first.\n" in readme
    assert f"\n{cited}\n" in readme
    assert f"Every change up to number {done.change} of the feed" in readme
    licence = file_of(folder, "LICENSE.txt").read_text()
    assert licence == LICENCE
    assert "https://creativecommons.org/licenses/by/4.0/" in licence
    assert "Quotations from articles" in licence


def test_describes_every_column(release: Release, folder: Path) -> None:
    make_claim()
    making.make(1)
    package = json.loads(file_of(folder, "datapackage.json").read_text())
    assert (package["name"], package["version"]) == ("release-1", "1")
    described = {resource["path"]: resource for resource in package["resources"]}
    assert set(described) == {f"{t}.{f}" for t in TABLES for f in contents.FORMATS}
    for table in TABLES.values():
        with_header = file_of(folder, f"{table.name}.csv").read_text(encoding="utf-8-sig")
        header = next(csv.reader(io.StringIO(with_header)))
        fields = described[f"{table.name}.csv"]["schema"]["fields"]
        assert [field["name"] for field in fields] == header
        assert all(field["description"] for field in fields)
    claims = described["claims.csv"]
    file = fresh(release).files.get(name="claims.csv")
    assert (claims["bytes"], claims["hash"], claims["rows"]) == (
        file.size,
        f"sha256:{file.sha256}",
        1,
    )
    types = {field["name"]: field["type"] for field in claims["schema"]["fields"]}
    assert (types["asserted_on"], types["latitude"], types["evidence"]) == (
        "date",
        "number",
        "list",
    )


def test_all_tables_and_formats_are_of_one_moment(
    release: Release, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer commits between the first table's first rows and the rest: nothing of it is in any
    file, and the feed's number is that of the moment."""
    soledar()
    before = {str(claim.pk) for claim in Claim.objects.live()}
    every_row_tells(monkeypatch)

    def write() -> None:
        make_claim("holds", claimant="Ukraine", speaker="Somebody later")
        Claim.objects.update(speaker="Somebody later")
        numbered()

    when_told(monkeypatch, 3, write)
    making.make(1)
    later = Change.objects.order_by("-number")[0].number
    done = fresh(release)
    assert done.state == "published"
    assert done.change is not None
    assert later is not None
    assert done.change < later
    assert Claim.objects.filter(speaker="Somebody later").count() == 10
    assert {row["id"] for row in rows_of(folder, "claims")} == before
    lines = file_of(folder, "claims.ndjson").read_text().splitlines()
    assert {json.loads(line)["id"] for line in lines} == before
    parquet = pyarrow.parquet.read_table(file_of(folder, "claims.parquet")).to_pylist()
    assert {row["id"] for row in parquet} == before
    for path in (folder / "releases" / "1").iterdir():
        assert b"Somebody later" not in path.read_bytes(), path.name
    # Every change up to the number is in it: a later one only adds what came later.
    changed = set(Change.objects.filter(number__lte=done.change, what="claim").values_list("claim"))
    assert {str(claim) for (claim,) in changed} >= before


def test_numbers_go_up_without_gaps(release: Release, folder: Path, admin: User) -> None:
    with pytest.raises(ValidationError) as refused:
        making.start(by=admin, title="Another", licence="CC0")
    assert refused.value.messages == ["Release 1 is not published yet: finish it, or take it away."]
    making.remove(release=release, by=admin)
    again = making.start(by=admin, title="Another", licence="CC0")
    making.make(again.number)
    second = making.start(by=admin, title="Summer", licence="CC0")
    making.make(2)
    assert [(one.number, one.title, one.state) for one in Release.objects.all()] == [
        (2, "Summer", "published"),
        (1, "Another", "published"),
    ]
    assert second.number == 2
    with pytest.raises(ValidationError, match="A published release stays"):
        making.remove(release=second, by=admin)


@pytest.mark.parametrize("missing", ["title", "licence"])
def test_has_a_title_and_a_licence(folder: Path, admin: User, missing: str) -> None:
    with pytest.raises(ValidationError) as refused:
        making.start(by=admin, **{"title": "Spring", "licence": "CC0", missing: ""})
    assert list(refused.value.message_dict) == [missing]


def test_made_by_those_who_manage_everything(folder: Path) -> None:
    for user in (
        make_user("adjudicator", role="adjudicator"),
        make_user("of-one", role="administrator", conflict=soledar().conflict),
    ):
        with pytest.raises(PermissionDenied):
            making.start(by=user, title="Spring", licence="CC0")


def test_of_a_killed_worker_another_makes_it_anew(release: Release, folder: Path) -> None:
    assert making.due() == [1]
    assert leasing.take(Release, 1) is not None
    assert making.due() == []
    left = file_of(folder, "claims.csv")
    left.parent.mkdir(parents=True)
    left.write_text("moved, and killed before it was said")
    Release.objects.update(leased_until=timezone.now())
    assert making.due() == [1]
    making.make(1)
    assert (fresh(release).state, fresh(release).attempts) == ("published", 2)
    assert "unfinished" not in "".join(files_in(folder))
    call_command("check_releases")
    making.make(1)
    assert fresh(release).attempts == 2


def test_taken_away_while_it_is_made(
    release: Release, folder: Path, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    when_told(monkeypatch, 2, lambda: making.remove(release=release, by=admin))
    making.make(1)
    assert not Release.objects.exists()
    assert files_in(folder) == []


def test_failed_and_tried_again(release: Release, folder: Path, admin: User) -> None:
    Release.objects.update(attempts=3, state="running", leased_until=timezone.now())
    making.make(1)
    row = fresh(release)
    assert (row.state, row.error_in_words) == (
        "failed",
        "Given up: each attempt at it was cut off.",
    )
    making.try_again(release=row, by=admin)
    making.make(1)
    assert (fresh(release).state, fresh(release).error) == ("published", "")


def test_files_are_checked(
    release: Release, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    making.make(1)
    number = ReleaseFile.objects.count()
    call_command("check_releases")
    call_command("check_releases", "1")
    call_command("check_releases", "2")
    told = [f"{number} files, all as published"] * 2 + ["0 files, all as published"]
    assert capsys.readouterr().out.splitlines() == told
    claims = file_of(folder, "claims.csv")
    claims.write_bytes(claims.read_bytes()[:-1] + b"!")
    file_of(folder, "README.txt").unlink()
    with pytest.raises(CommandError, match=f"^2 of {number} files are not what was published$"):
        call_command("check_releases")
    assert sorted(capsys.readouterr().err.splitlines()) == [
        "release 1: README.txt: missing",
        "release 1: claims.csv: changed",
    ]
