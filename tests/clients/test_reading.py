"""Lists and records as the client gives them, and files as it keeps them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from conflict_claims import (
    Client,
    ExportFailed,
    NotFound,
    ServerError,
    Unreachable,
    UnreadableAnswer,
)
from tests.clients.served import Answer, Asked, Says, Served, in_turn, says, serving

Meet = Callable[[Answer], tuple[Client, Served]]
ID = UUID("0190a000-0000-7000-8000-000000000001")


@pytest.fixture
def meet() -> Iterator[Meet]:
    with ExitStack() as stack:

        def made(answer: Answer) -> tuple[Client, Served]:
            served = stack.enter_context(serving(answer))
            client = stack.enter_context(Client(served.address, attempts=3))
            client._transport.sleep = lambda _: None
            return client, served

        yield made


def listed(*ids: int, cursor: str | None = None) -> Says:
    following = cursor and f"https://known.otherwise.example/api/v1/claims/?cursor={cursor}&x=1"
    return says({"next": following, "previous": None, "results": [{"id": str(id_)} for id_ in ids]})


def test_a_list_is_read_page_by_page_with_its_filters(meet: Meet) -> None:
    client, served = meet(in_turn(listed(1, 2, cursor="a%3D"), listed(3, cursor="b"), listed()))
    found = client.claims(
        stance=["asserts", "denies"], asserted_from=date(2023, 1, 1), include_pending=False
    )

    assert served.asked == []  # nothing is asked for before it is wanted
    assert [row["id"] for row in islice(found, 2)] == ["1", "2"]
    assert len(served.asked) == 1
    assert [row["id"] for row in found] == ["3"]
    assert served.cursors == [None, "a=", "b"]
    assert served.asked[2].query == [
        ("page_size", "500"),
        ("stance", "asserts"),
        ("stance", "denies"),
        ("asserted_from", "2023-01-01"),
        ("include_pending", "false"),
        ("cursor", "b"),
    ]


def test_a_list_that_leads_nowhere_is_no_endless_loop(meet: Meet) -> None:
    client, served = meet(in_turn(listed(1, cursor="a"), listed(2, cursor="a")))

    with pytest.raises(UnreadableAnswer, match="the same one"):
        list(client.towns())
    assert len(served.asked) == 2


@pytest.mark.parametrize(
    "answer",
    [
        says([]),
        says({"next": None}),
        says({"next": 7, "results": []}),
        says({"next": None, "results": {}}),
    ],
)
def test_what_is_no_list_is_not_taken_for_one(meet: Meet, answer: Says) -> None:
    client, _ = meet(in_turn(answer))

    with pytest.raises(UnreadableAnswer):
        list(client.actors())


@pytest.mark.parametrize(
    ("ask", "path"),
    [
        (lambda client: client.whoami(), "whoami/"),
        (lambda client: client.claim(ID), f"claims/{ID}/"),
        (lambda client: client.town(str(ID)), f"towns/{ID}/"),
        (lambda client: client.status(ID, known_on="2023-01-12"), f"towns/{ID}/status/"),
        (lambda client: client.actor(ID), f"actors/{ID}/"),
        (lambda client: client.record(ID), f"actors/{ID}/record/"),
        (lambda client: client.document("../../admin?x"), "documents/..%2F..%2Fadmin%3Fx/"),
    ],
)
def test_a_record_stands_at_its_address(
    meet: Meet, ask: Callable[[Client], Any], path: str
) -> None:
    client, served = meet(in_turn(says({"name": "Soledar"})))

    assert ask(client) == {"name": "Soledar"}
    assert [one.path for one in served.asked] == [f"/api/v1/{path}"]


FILE = b"".join(number.to_bytes(4, "big") for number in range(100_000))
SHA256 = hashlib.sha256(FILE).hexdigest()


def kept(*, cut_at: int | None = None, ranges: bool = True) -> Answer:
    """A file as the server keeps it; the first answer with content ends at `cut_at`."""
    cuts = [cut_at] if cut_at is not None else []

    def answer(asked: Asked) -> Says:
        headers = {"ETag": f'"{SHA256}"', "Accept-Ranges": "bytes"}
        if asked.method == "HEAD":
            return Says(b"", 200, headers, length=len(FILE))
        wanted = asked.headers.get("Range", "")
        first, status = 0, 200
        if ranges and wanted:
            assert asked.headers["If-Range"] == headers["ETag"]
            first, status = int(wanted.removeprefix("bytes=").rstrip("-")), 206
            headers["Content-Range"] = f"bytes {first}-{len(FILE) - 1}/{len(FILE)}"
        content = FILE[first:]
        if cuts:
            return Says(FILE[first : cuts.pop()], status, headers, length=len(content))
        return Says(content, status, headers)

    return answer


def sent(served: Served) -> list[tuple[str, str | None]]:
    return [(one.method, one.headers.get("Range")) for one in served.asked]


def test_a_file_that_is_cut_off_is_fetched_on(meet: Meet, tmp_path: Path) -> None:
    client, served = meet(kept(cut_at=300_000))
    target = tmp_path / "claims.csv"

    assert client.download("https://known.otherwise.example/files/1", target) == target
    assert target.read_bytes() == FILE
    assert {one.path for one in served.asked} == {"/files/1"}
    (head, whole, rest) = sent(served)
    assert (head, whole) == (("HEAD", None), ("GET", None))
    assert rest[1] is not None
    assert 0 < int(rest[1].removeprefix("bytes=").rstrip("-")) <= 300_000
    assert list(tmp_path.iterdir()) == [target]


def test_a_later_call_goes_on_where_an_earlier_one_was_cut_off(meet: Meet, tmp_path: Path) -> None:
    client, served = meet(kept())
    (tmp_path / f"claims.csv.{SHA256[:16]}.part").write_bytes(FILE[:1000])
    (tmp_path / f"claims.csv.{'0' * 16}.part").write_bytes(b"of another file")

    client.download(f"{served.address}/files/1", tmp_path / "claims.csv")
    assert (tmp_path / "claims.csv").read_bytes() == FILE
    assert sent(served) == [("HEAD", None), ("GET", "bytes=1000-")]


def test_where_the_server_sends_no_ranges_it_is_fetched_whole(meet: Meet, tmp_path: Path) -> None:
    client, served = meet(kept(ranges=False))
    (tmp_path / f"claims.csv.{SHA256[:16]}.part").write_bytes(FILE[:1000])

    client.download(f"{served.address}/files/1", tmp_path / "claims.csv")
    assert (tmp_path / "claims.csv").read_bytes() == FILE


def test_what_is_not_the_file_is_not_kept_as_it(meet: Meet, tmp_path: Path) -> None:
    client, served = meet(kept())
    (tmp_path / f"claims.csv.{SHA256[:16]}.part").write_bytes(b"spoilt on this disk" * 100)

    client.download(f"{served.address}/files/1", tmp_path / "claims.csv")
    assert (tmp_path / "claims.csv").read_bytes() == FILE
    assert [method for method, _ in sent(served)] == ["HEAD", "GET", "GET"]


def test_a_table_is_there_whole_or_not_at_all(meet: Meet, tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    client, served = meet(in_turn(Says(b"a,b\n1,", length=100), Says(b"a,b\n1,2\n")))
    assert client.save_table("claims", target, conflict="ukraine").read_bytes() == b"a,b\n1,2\n"
    assert [(one.path, one.query) for one in served.asked] == [
        ("/api/v1/exports/claims.csv", [("conflict", "ukraine")])
    ] * 2

    client, _ = meet(in_turn(Says(b"half", length=100)))
    with pytest.raises(Unreachable):
        client.save_table("claims", target)
    assert target.read_bytes() == b"a,b\n1,2\n"


@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (500, ServerError)])
def test_why_there_is_no_file_is_told(
    meet: Meet, tmp_path: Path, status: int, error: type[Exception]
) -> None:
    client, _ = meet(in_turn(says({"title": "No", "detail": "Its days are over."}, status)))

    with pytest.raises(error, match=r"Its days are over\."):
        client.save_table("claims", tmp_path / "claims.csv")
    with pytest.raises(error):
        client.download("/files/1", tmp_path / "claims.csv")
    assert list(tmp_path.iterdir()) == []


def test_an_export_is_asked_for_waited_for_and_fetched(meet: Meet, tmp_path: Path) -> None:
    job = {"id": "e1", "state": "waiting", "file": None, "error": "", "rows_done": 0}
    looks = [
        {**job, "state": "running", "rows_done": 500},
        {
            **job,
            "state": "done",
            "rows_done": 900,
            "file": "http://elsewhere/api/v1/exports/e1/file/",
        },
    ]
    file = kept()

    def answer(asked: Asked) -> Says:
        if asked.path.endswith("/file/"):
            return file(asked)
        return says(job, 202) if asked.method == "POST" else says(looks.pop(0))

    client, served = meet(answer)
    seen: list[int] = []
    target = client.export(
        "claims",
        tmp_path / "all.csv",
        on_progress=lambda made: seen.append(made["rows_done"]),
        conflict="ukraine",
        stance=["asserts", "denies"],
    )

    assert target.read_bytes() == FILE
    assert seen == [500, 900]
    assert json.loads(served.asked[0].body) == {
        "table": "claims",
        "format": "csv",
        "query": "conflict=ukraine&stance=asserts&stance=denies",
    }


def test_an_export_that_failed_says_why(meet: Meet, tmp_path: Path) -> None:
    job = {"id": "e1", "state": "failed", "file": None, "error": "There is no room."}
    client, _ = meet(in_turn(says(job, 202)))

    with pytest.raises(ExportFailed, match=r"claims: failed\. There is no room\."):
        client.export("claims", tmp_path / "all.csv")
    assert list(tmp_path.iterdir()) == []
