"""The local copy: whatever happens to the client, the server or the network, it ends as the server
has it, and nothing is missed, doubled or misread."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from conflict_claims import (
    BadRequest,
    Client,
    CopyError,
    CursorRefused,
    Fault,
    Progress,
    ServerError,
    SyncResult,
    Unreachable,
    UnreadableAnswer,
)
from conflict_claims.feed import Change as Told
from conflict_claims.local import Copy
from tests.clients.feeds import SOLEDAR, Change, Feed, at, claim, of_claim, of_status, page
from tests.clients.served import Answer, Asked, Says, Served, in_turn, says, serving

Meet = Callable[[Answer], tuple[Client, Served]]


@pytest.fixture
def meet() -> Iterator[Meet]:
    """A client, that never really waits, of a server that answers like this."""
    with ExitStack() as stack:

        def made(answer: Answer) -> tuple[Client, Served]:
            served = stack.enter_context(serving(answer))
            client = stack.enter_context(Client(served.address, attempts=3))
            client._transport.sleep = lambda _: None
            return client, served

        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "claims.sqlite"


def rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as db:
        return db.execute(sql).fetchall()


def states(file: Path) -> dict[str, str]:
    return dict(rows(file, "SELECT id, state FROM claims"))


def days(file: Path) -> list[tuple[Any, ...]]:
    return rows(file, "SELECT first_day, last_day, kind FROM statuses ORDER BY first_day")


def many(number: int) -> list[Change]:
    """As many new claims as that."""
    return [of_claim(one, claim(f"c{one}"), "added") for one in range(1, number + 1)]


def test_a_first_sync_fetches_all_and_a_second_what_is_new(meet: Meet, file: Path) -> None:
    feed = Feed(many(7))
    client, served = meet(feed)
    told: list[Progress] = []

    assert client.sync(file, on_page=told.append) == SyncResult(7, 7, 0, "7")
    assert served.cursors == [None, "3", "6"]
    assert told == [
        Progress(3, 3, at(3), True),
        Progress(6, 6, at(6), True),
        Progress(7, 7, at(7), False),
    ]

    feed.changes += [
        of_claim(8, claim("c2", state="accepted"), reason="accepted"),
        of_status(9, "2023-01-10"),
    ]
    assert client.sync(file) == SyncResult(2, 7, 1, "9")
    assert served.cursors[3:] == ["7"]
    assert states(file) == {
        **dict.fromkeys((f"c{n}" for n in range(1, 8)), "pending"),
        "c2": "accepted",
    }
    assert client.sync(file) == SyncResult(0, 7, 1, "9")


def test_a_row_says_all_that_the_server_said(meet: Meet, file: Path) -> None:
    record = claim(state="rejected", something_new={"x": [1]})
    client, _ = meet(Feed([of_claim(1, record, reason="rejected"), of_status(2, "2023-01-10")]))
    client.sync(file)

    assert rows(
        file,
        "SELECT counts, label, town_id, town, claimant, subject, side, asserted_on, event_date,"
        " publisher, published, reason, number, changed_at FROM claims",
    ) == [
        (
            *(0, "Wagner Group: Soledar captured", SOLEDAR, "Soledar", "Wagner Group", None),
            *("russia", "2023-01-10", None, "Example Courier", "2023-01-10T22:00:00Z"),
            *("rejected", 1, at(1)),
        )
    ]
    ((whole,),) = rows(file, "SELECT record FROM claims")
    assert json.loads(whole) == record
    assert rows(
        file, "SELECT town_id, include_pending, part, status, sides, rule FROM statuses"
    ) == [(SOLEDAR, 0, "", "claimed russia", '["russia"]', 4)]
    assert rows(file, "SELECT name, latitude FROM towns") == [("Soledar", 48.68)]


def test_rejections_are_kept_and_what_is_gone_is_listed(meet: Meet, file: Path) -> None:
    feed = Feed(many(3))
    client, _ = meet(feed)
    client.sync(file)
    feed.changes += [
        of_claim(4, claim("c1", state="rejected"), reason="rejected"),
        of_claim(5, claim("c2", state="superseded"), reason="superseded"),
        of_claim(6, None, "removed", id_="c3", reason="gone"),
    ]

    assert client.sync(file) == SyncResult(3, 2, 0, "6")
    assert rows(file, "SELECT id, state, counts, reason FROM claims ORDER BY id") == [
        ("c1", "rejected", 0, "rejected"),
        ("c2", "superseded", 0, "superseded"),
    ]
    assert rows(file, "SELECT * FROM deleted") == [("c3", 6, at(6))]


def test_an_interval_that_is_removed_goes_and_one_that_changes_is_replaced(
    meet: Meet, file: Path
) -> None:
    feed = Feed([of_status(1, "2023-01-10"), of_status(2, "2023-01-25", kind="controlled")])
    client, _ = meet(feed)
    client.sync(file)
    feed.changes += [
        of_status(3, "2023-01-10", "changed", last="2023-01-10"),
        of_status(4, "2023-01-25", "removed", kind="controlled"),
        of_status(5, "2023-01-11", kind="contested"),
    ]

    assert client.sync(file) == SyncResult(3, 0, 2, "5")
    assert days(file) == [
        ("2023-01-10", "2023-01-10", "claimed"),
        ("2023-01-11", None, "contested"),
    ]


def test_an_interval_that_is_removed_and_added_again_is_there_once(meet: Meet, file: Path) -> None:
    changes = [
        of_status(1, "2023-01-10"),
        of_status(2, "2023-01-10", "removed"),
        of_status(3, "2023-01-10", kind="contested"),
        of_status(4, "2023-01-10", "changed", kind="controlled"),
    ]
    client, _ = meet(Feed(changes, size=1))

    assert client.sync(file) == SyncResult(4, 0, 1, "4")
    assert days(file) == [("2023-01-10", None, "controlled")]


def test_an_interval_that_moves_leaves_where_it_was(meet: Meet, file: Path) -> None:
    there = of_status(1, "2023-01-10")
    moved = of_status(2, "2023-01-08", "changed") | {"before": there["status"]}
    client, _ = meet(Feed([there, moved]))

    assert client.sync(file) == SyncResult(2, 0, 1, "2")
    assert days(file) == [("2023-01-08", None, "claimed")]


class Killed(BaseException):
    pass


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_killed_between_pages_it_goes_on_where_it_was(meet: Meet, file: Path, after: int) -> None:
    client, served = meet(Feed(many(13)))
    left = [after]

    def killing(_: Progress) -> None:
        left[0] -= 1
        if not left[0]:
            raise Killed

    with pytest.raises(Killed):
        client.sync(file, on_page=killing)
    assert len(states(file)) == 3 * after

    assert client.sync(file) == SyncResult(13 - 3 * after, 13, 0, "13")
    assert served.cursors == [None, "3", "6", "9", "12"]  # no page twice


@pytest.mark.parametrize("written", [0, 1, 2, 3])
def test_cut_off_within_a_page_nothing_of_it_is_there(
    meet: Meet, file: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    feed = Feed(many(3))
    client, _ = meet(feed)
    client.sync(file)
    before = everything(file)
    feed.changes += [
        of_claim(4, claim("c1", state="accepted")),
        of_status(5, "2023-01-10"),
        of_claim(6, None, "removed", id_="c2"),
    ]
    write, left = Copy._write, [written]

    def cut(copy: Copy, change: Told) -> None:
        if left[0]:
            left[0] -= 1
            write(copy, change)
        if not left[0]:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Copy, "_write", cut)
        with pytest.raises(Killed):
            client.sync(file)
    assert everything(file) == before
    assert client.sync(file) == SyncResult(3, 2, 1, "6")


def everything(file: Path) -> list[Any]:
    return [
        rows(file, f"SELECT * FROM {table} ORDER BY 1")
        for table in ("claims", "statuses", "deleted", "copy")
    ]


@pytest.mark.parametrize(
    "trouble",
    [
        says({}, 429, Retry_After="2"),
        Says(b"", 500),
        Says(b"<html>", 503),
        Says(b'{"results": [{"number": 4, "at"'),
        Says(b"", length=100),
        says({"results": []}),
        says([]),
        says({"results": [], "next": None, "more": False}),
        says({"results": [], "next": "4", "more": "yes"}),
        says(
            {
                "results": [{**of_status(4, "2023-01-10"), "what": "weather"}],
                "next": "4",
                "more": False,
            }
        ),
        says(
            {
                "results": [of_status(5, "2023-01-11"), of_status(4, "2023-01-10")],
                "next": "5",
                "more": False,
            }
        ),
        says(
            {
                "results": [{**of_claim(4, claim("c1")), "claim_id": "c2"}],
                "next": "4",
                "more": False,
            }
        ),
        says(
            {"results": [of_status(4, "2023-01-10") | {"status": None}], "next": "4", "more": False}
        ),
    ],
)
def test_a_server_in_trouble_is_asked_again(meet: Meet, file: Path, trouble: Says) -> None:
    feed = Feed(many(5))
    troubled = [False]

    def answer(asked: Asked) -> Says:
        if asked.cursor == "3" and not troubled[0]:
            troubled[0] = True
            return trouble
        return feed(asked)

    client, served = meet(answer)

    assert client.sync(file) == SyncResult(5, 5, 0, "5")
    assert served.cursors == [None, "3", "3"]


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Says(b"", 500), ServerError),
        (Says(b"half a page"), UnreadableAnswer),
        (Says(b"{", length=100), Unreachable),
    ],
)
def test_where_the_trouble_stays_the_copy_stays_as_it_was(
    meet: Meet, file: Path, trouble: Says, error: type[Exception]
) -> None:
    feed = Feed(many(5))
    client, _ = meet(lambda asked: trouble if asked.cursor == "3" else feed(asked))
    with pytest.raises(error):
        client.sync(file)

    assert sorted(states(file)) == ["c1", "c2", "c3"]
    assert rows(file, "SELECT cursor, number FROM copy") == [("3", 3)]


def test_a_record_without_what_the_copy_holds_is_not_written(meet: Meet, file: Path) -> None:
    record = claim("c2")
    del record["state"]
    client, _ = meet(Feed([of_claim(1, claim("c1")), of_claim(2, record)]))

    with pytest.raises(UnreadableAnswer, match="state"):
        client.sync(file)
    assert states(file) == {}


def test_pages_that_overlap_or_are_cut_elsewhere_double_nothing(meet: Meet, file: Path) -> None:
    new = [
        of_claim(1, claim("c1"), "added"),
        of_claim(2, claim("c1", state="accepted")),
        of_claim(3, claim("c1", state="rejected")),
        of_claim(4, claim("c2"), "added"),
    ]
    client, served = meet(
        in_turn(
            page(new[:2], more=True),
            page(new[:3], more=True),  # begins before where the copy is
            page(new[1:], more=True),
            page([], after=4),
        )
    )

    assert client.sync(file) == SyncResult(4, 2, 0, "4")
    assert states(file) == {"c1": "rejected", "c2": "pending"}
    assert served.cursors == [None, "2", "3", "4"]


@pytest.mark.parametrize("numbers", [(5, 6), (4, 6), (5, 4), (4, 4), (2, 4)])
def test_a_page_that_lacks_a_change_is_not_applied(
    meet: Meet, file: Path, numbers: tuple[int, ...]
) -> None:
    wrong = page([of_claim(number, claim(f"x{number}")) for number in numbers])
    feed = Feed(many(3))
    client, _ = meet(lambda asked: wrong if asked.cursor == "3" else feed(asked))
    client.sync(file)

    with pytest.raises(UnreadableAnswer, match="missing or in disorder after 3"):
        client.sync(file)
    assert sorted(states(file)) == ["c1", "c2", "c3"]


def test_a_feed_that_began_anew_is_noticed(meet: Meet, file: Path) -> None:
    client, _ = meet(
        in_turn(
            page(many(3)),
            page([{**of_claim(3, claim("c9")), "at": "2026-06-01T00:00:00Z"}], after=3),
        )
    )
    client.sync(file)

    with pytest.raises(CopyError, match="change 3 is another one"):
        client.sync(file)
    assert sorted(states(file)) == ["c1", "c2", "c3"]


def test_more_without_a_way_to_it_is_no_endless_loop(meet: Meet, file: Path) -> None:
    client, served = meet(in_turn(page(many(3)), page([], after=3, more=True)))
    client.sync(file)

    with pytest.raises(UnreadableAnswer, match="no way on"):
        client.sync(file)
    assert len(served.asked) == 2


REFUSALS = [
    says({"title": "Gone", "detail": "This cursor is over."}, 410),
    says({"title": "Bad Request", "parameters": [{"name": "cursor", "detail": "Not ours."}]}, 400),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_cursor_that_the_server_refuses_is_told_and_the_copy_made_anew_if_asked(
    meet: Meet, file: Path, refusal: Says
) -> None:
    feed = Feed(many(4))
    client, served = meet(lambda asked: refusal if asked.cursor == "4" else feed(asked))
    client.sync(file)

    with pytest.raises(CursorRefused) as caught:
        client.sync(file)
    assert caught.value.status == refusal.status
    assert len(states(file)) == 4

    feed.changes = [of_claim(1, claim("z1"), "added"), of_status(2, "2023-01-10")]
    assert client.sync(file, restart=True) == SyncResult(2, 1, 1, "2")
    assert states(file) == {"z1": "pending"}
    assert served.cursors[-1] is None


def test_another_refusal_is_not_the_cursors(meet: Meet, file: Path) -> None:
    fault = {"name": "page_size", "detail": "Too large."}
    refusal = says({"title": "Bad Request", "parameters": [fault]}, 400)
    feed = Feed(many(3))
    client, _ = meet(lambda asked: refusal if asked.cursor else feed(asked))
    client.sync(file)

    with pytest.raises(BadRequest) as caught:
        client.sync(file)
    assert caught.value.parameters == (Fault("page_size", "Too large."),)


def test_two_syncs_of_one_file_apply_each_page_once(file: Path) -> None:
    feed = Feed(many(9))
    quick: list[SyncResult] = []

    def answer(asked: Asked) -> Says:
        if asked.cursor == "3" and not quick:  # it is overtaken before the answer comes
            quick.append(SyncResult(0, 0, 0, ""))
            with Client(served.address) as other:
                quick[0] = other.sync(file)
        return feed(asked)

    with serving(answer) as served, Client(served.address) as slow:
        assert slow.sync(file) == SyncResult(3, 9, 0, "9")
    assert quick == [SyncResult(6, 9, 0, "9")]
    assert served.cursors == [None, "3", "3", "6", "9"]


def test_a_copy_is_of_one_server(meet: Meet, file: Path) -> None:
    client, _ = meet(Feed(many(1)))
    client.sync(file)
    other, served = meet(Feed(many(2)))

    with pytest.raises(CopyError, match=f"is a copy of {client._transport.base_url}, not of"):
        other.sync(file)
    assert served.asked == []


@pytest.mark.parametrize("before", [b"PK\x03\x04 no database at all" * 40, None])
def test_a_file_of_something_else_is_left_alone(
    meet: Meet, file: Path, before: bytes | None
) -> None:
    if before is None:
        with closing(sqlite3.connect(file)) as db:
            db.execute("CREATE TABLE mine (a)")
        before = file.read_bytes()
    else:
        file.write_bytes(before)
    client, served = meet(Feed(many(1)))

    with pytest.raises(CopyError, match=r"claims\.sqlite"):
        client.sync(file)
    assert file.read_bytes() == before
    assert served.asked == []


def test_a_copy_of_another_version_of_the_package_is_refused(meet: Meet, file: Path) -> None:
    client, _ = meet(Feed(many(1)))
    client.sync(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("UPDATE copy SET format = 99")

    with pytest.raises(CopyError, match="another version"):
        client.sync(file)


def test_readers_see_whole_pages_while_it_runs(meet: Meet, file: Path) -> None:
    client, _ = meet(Feed(many(7)))
    seen: list[tuple[Any, ...]] = []

    client.sync(
        file,
        on_page=lambda _: seen.extend(
            rows(file, "SELECT count(*), (SELECT number FROM copy) FROM claims")
        ),
    )
    assert seen == [(3, 3), (6, 6), (7, 7)]
