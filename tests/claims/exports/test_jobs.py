"""Exports as jobs: made once, whole, of one moment, whatever becomes of their workers."""

from __future__ import annotations

import csv
import errno
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection
from django.utils import timezone

from claims.exports import jobs, leasing, writing
from claims.exports.writing import Refused
from claims.models import Claim, Export
from tests.claims.exports.kept import every_row_tells, files_in, meanwhile, when_told
from tests.factories import make_claim, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.EXPORT_DAYS = 3
    return tmp_path


@pytest.fixture
def analyst() -> User:
    return make_user("analyst", role="analyst")


@pytest.fixture
def three() -> list[Claim]:
    return [make_claim(), make_claim("fighting"), make_claim("advancing")]


@pytest.fixture
def export(folder: Path, analyst: User, three: list[Claim]) -> Export:
    return jobs.ask(by=analyst, table="claims", format="csv", query="predicate=fighting")


def fresh(export: Export) -> Export:
    return Export.objects.get(pk=export.pk)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_made_and_kept(export: Export, folder: Path, three: list[Claim]) -> None:
    before = timezone.now()
    jobs.make(export.pk)
    made = fresh(export)
    path = folder / str(made.file.name)
    assert (made.state, made.file.name) == ("done", f"exports/{export.pk}.csv")
    assert files_in(folder) == [made.file.name]
    assert [row["id"] for row in rows_of(path)] == [str(three[1].pk)]
    assert (made.rows_done, made.rows_in_all, made.attempts) == (1, 1, 1)
    assert made.size == path.stat().st_size
    assert made.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert made.finished_at is not None
    assert before <= made.finished_at <= timezone.now()
    assert made.expires_at == made.finished_at + timedelta(days=3)
    assert (made.leased_until, made.error) == (None, "")
    assert jobs.filename(made) == f"claims-{made.finished_at:%Y-%m-%dT%H%MZ}.csv"
    jobs.make(export.pk)
    assert fresh(export).attempts == 1


def test_all_rows_are_of_one_moment(
    folder: Path, analyst: User, three: list[Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claims that are committed while it is made, and what changes of those it has still to read,
    are not in it."""
    every_row_tells(monkeypatch)
    export = jobs.ask(by=analyst, table="claims", format="csv")

    def change() -> None:
        make_claim(speaker="Somebody later")
        Claim.objects.filter(pk=three[2].pk).update(speaker="Somebody else")

    when_told(monkeypatch, 2, change)
    jobs.make(export.pk)
    made = fresh(export)
    rows = rows_of(folder / str(made.file.name))
    assert sorted(row["id"] for row in rows) == sorted(str(claim.pk) for claim in three)
    assert {row["speaker"] for row in rows} == {""}
    assert made.rows_in_all == 3
    assert Claim.objects.exclude(speaker="").count() == 2


def test_says_how_far_it_is_and_keeps_its_lease(
    export: Export, folder: Path, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_row_tells(monkeypatch)
    whole = jobs.ask(by=analyst, table="claims", format="ndjson")
    seen: list[tuple[int, int | None, bool]] = []

    def look() -> None:
        row = fresh(whole)
        assert row.leased_until is not None
        ahead = row.leased_until - timezone.now()
        seen.append((row.rows_done, row.rows_in_all, ahead > timedelta(seconds=119)))
        Export.objects.filter(pk=whole.pk).update(leased_until=timezone.now())

    tell = leasing.Progress.tell

    def telling(self: leasing.Progress, rows: int, **more: int) -> None:
        tell(self, rows, **more)
        meanwhile(look)

    monkeypatch.setattr(leasing.Progress, "tell", telling)
    jobs.make(whole.pk)
    # Before the first row, after each, once all are read, and when the file is closed.
    assert seen == [(n, 3, True) for n in (0, 1, 2, 3, 3, 3)]
    assert fresh(whole).state == "done"


def test_of_a_killed_worker_another_makes_it_anew(export: Export, folder: Path) -> None:
    taken = leasing.take(Export, export.pk)
    assert taken is not None
    left = folder / "unfinished" / f"export-{export.pk}.1" / "export"
    left.parent.mkdir(parents=True)
    left.write_text("half")
    (folder / "exports").mkdir()
    (folder / "exports" / f"{export.pk}.csv").write_text("moved, and killed before it was said")
    jobs.make(export.pk)
    assert fresh(export).attempts == 1  # it is not over yet
    Export.objects.update(leased_until=timezone.now())
    jobs.make(export.pk)
    made = fresh(export)
    assert (made.state, made.attempts) == ("done", 2)
    assert files_in(folder) == [f"exports/{export.pk}.csv"]
    assert len(rows_of(folder / str(made.file.name))) == 1


def test_a_worker_that_was_thought_dead_changes_nothing(
    export: Export, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtake() -> None:
        Export.objects.update(leased_until=timezone.now())
        assert leasing.take(Export, export.pk) is not None

    when_told(monkeypatch, 2, overtake)
    jobs.make(export.pk)
    row = fresh(export)
    assert (row.state, row.attempts, row.file.name) == ("running", 2, "")
    assert files_in(folder) == []


def test_given_up_after_three_attempts(export: Export, folder: Path) -> None:
    Export.objects.update(attempts=3, state="running", leased_until=timezone.now())
    jobs.make(export.pk)
    row = fresh(export)
    assert row.state == "failed"
    assert row.error_in_words == "Given up: each attempt at it was cut off."


def test_cancelled_while_it_is_made(
    export: Export, folder: Path, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    when_told(monkeypatch, 2, lambda: jobs.remove(export=export, by=analyst))
    jobs.make(export.pk)
    assert not Export.objects.exists()
    assert files_in(folder) == []


def test_removed_with_its_file(export: Export, folder: Path, analyst: User) -> None:
    jobs.make(export.pk)
    assert len(files_in(folder)) == 1
    jobs.remove(export=export, by=analyst)
    assert files_in(folder) == []
    assert not Export.objects.exists()


def raising(error: Exception) -> Any:
    def write(**asked: Any) -> int:
        asked["out"].write(b"half")
        raise error

    return write


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The server has no room for the file."),
        (OperationalError("server closed the connection"), "The database did not answer."),
    ],
)
def test_what_may_pass_is_tried_again_later(
    export: Export,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    told: str,
) -> None:
    monkeypatch.setattr(writing, "write", raising(error))
    for attempt, wait in ((1, 30), (2, 60)):
        jobs.make(export.pk)
        row = fresh(export)
        assert (row.state, row.attempts, row.error_in_words) == ("waiting", attempt, told)
        assert row.leased_until is not None
        left = row.leased_until - timezone.now()
        assert timedelta(seconds=wait - 5) < left <= timedelta(seconds=wait)
        assert jobs.due() == []  # not before its time
        assert files_in(folder) == []
    jobs.make(export.pk)
    row = fresh(export)
    assert (row.state, row.attempts, row.error_in_words) == ("failed", 3, told)


def test_what_never_passes_is_told_at_once(
    export: Export, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The filter's town may be gone by the time a worker comes to it."""
    why = "town: No place is called “100% Nowhere”."
    monkeypatch.setattr(writing, "write", raising(Refused("query", why)))
    jobs.make(export.pk)
    row = fresh(export)
    assert (row.state, row.attempts, row.error_in_words) == ("failed", 1, why)
    assert files_in(folder) == []


def test_a_failure_of_our_own_is_raised(
    export: Export, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "write", raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        jobs.make(export.pk)
    assert fresh(export).state == "running"  # made again once its lease is over
    assert files_in(folder) == []


def test_tried_again_when_asked(
    export: Export, folder: Path, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(writing, "write", raising(Refused("query", "No.")))
        jobs.make(export.pk)
    jobs.ask_again(export=export, by=analyst)
    row = fresh(export)
    assert (row.state, row.attempts, row.error) == ("waiting", 0, "")
    jobs.make(export.pk)
    done = fresh(export)
    assert done.state == "done"
    jobs.ask_again(export=done, by=analyst)  # leaves what is done alone
    assert fresh(export).finished_at == done.finished_at


def test_expires_with_its_file(export: Export, folder: Path, analyst: User) -> None:
    jobs.make(export.pk)
    assert jobs.expire() == 0
    Export.objects.update(expires_at=timezone.now())
    assert jobs.expire() == 1
    row = fresh(export)
    assert (row.state, row.file.name, files_in(folder)) == ("expired", "", [])
    assert jobs.expire() == 0
    jobs.ask_again(export=row, by=analyst)
    jobs.make(export.pk)
    assert fresh(export).state == "done"


def test_due_are_those_that_wait_and_whose_worker_is_gone(folder: Path, analyst: User) -> None:
    now = timezone.now()
    later, before = now + timedelta(seconds=60), now - timedelta(seconds=1)
    states = [
        ("waiting", None),
        ("waiting", before),
        ("waiting", later),
        ("running", before),
        ("running", later),
    ]
    made = [
        Export.objects.create(
            by=analyst, table="claims", format="csv", state=state, leased_until=until
        )
        for state, until in states
    ]
    assert jobs.due() == [made[0].pk, made[1].pk, made[3].pk]
    assert jobs.due() == [made[3].pk]  # those that wait are announced again by the sweep after


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"table": "nothing"}, "There is no table “nothing”."),
        ({"format": "doc"}, "There is no format “doc”."),
        ({"query": "town=Nowhere"}, "town: No place is called “Nowhere”."),
        ({"query": "twon=Soledar"}, "twon: there is no such parameter."),
    ],
)
def test_what_cannot_be_made_is_refused_at_once(
    folder: Path, analyst: User, asked: dict[str, str], told: str
) -> None:
    with pytest.raises(Refused) as refused:
        jobs.ask(by=analyst, **{"table": "claims", "format": "csv", **asked})
    assert str(refused.value).startswith(told)
    assert not Export.objects.exists()


def test_three_at_a_time_for_each(export: Export, folder: Path, analyst: User) -> None:
    again = {"table": "claims", "format": "csv"}
    jobs.ask(by=analyst, **again)
    jobs.ask(by=analyst, **again)
    with pytest.raises(ValidationError) as refused:
        jobs.ask(by=analyst, **again)
    assert refused.value.messages == [
        "Only 3 exports of yours are made at a time: wait for one, or cancel it."
    ]
    jobs.ask(by=make_user("another", role="analyst"), **again)
    jobs.make(export.pk)
    jobs.ask(by=analyst, **again)


def test_for_its_maker_and_those_who_manage(export: Export, folder: Path) -> None:
    other, reader = make_user("other", role="adjudicator"), make_user("reader", role="reader")
    admin = make_user("admin", role="administrator")
    with pytest.raises(PermissionDenied):
        jobs.ask(by=reader, table="claims", format="csv")
    for user in (other, reader):
        assert list(jobs.seen_by(user)) == []
        with pytest.raises(PermissionDenied):
            jobs.remove(export=export, by=user)
        with pytest.raises(PermissionDenied):
            jobs.ask_again(export=export, by=user)
    assert list(jobs.seen_by(admin)) == [export]
    jobs.remove(export=export, by=admin)
    assert not Export.objects.exists()


@pytest.fixture(autouse=True)
def _nothing_is_left_open() -> Iterator[None]:
    """Each worker closes the connection that it tells its progress by. The server takes a
    moment to notice."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute(query)
        before = cursor.fetchone()
        yield
        until = monotonic() + 20
        cursor.execute(query)
        while cursor.fetchone() != before:
            assert monotonic() < until
            sleep(0.01)
            cursor.execute(query)
