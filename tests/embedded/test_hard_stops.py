"""What kills servers and their keepers, and what the next start makes of it: real processes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

import embedded
from embedded import processes
from embedded.errors import EmbeddedError
from embedded.layout import Layout
from embedded.postgres import Postgres
from embedded.processes import wait_until
from embedded.valkey import Valkey

from .conftest import Hold, broker, down, one, parent_of

ENDLESS = """
import sys, psycopg
psycopg.connect(sys.argv[1]).execute("DO $$BEGIN LOOP END LOOP; END$$")
"""
NAMELESS = """
import os, pathlib, sys
from embedded import layout, postgres
os.setgroups([]), os.setgid(54321), os.setuid(54321)
try:
    postgres.Postgres(layout.Layout(pathlib.Path(sys.argv[1]))).prepare()
except layout.EmbeddedError as error:
    print(error)
"""
pytestmark = pytest.mark.servers


def test_five_starters_at_once_share_one_server(project: Path, hold: Hold) -> None:
    holders = [hold(project) for _ in range(5)]
    pids = holders[0].server_pids()
    assert len(pids) == 2
    assert [holder.server_pids() for holder in holders[1:]] == [pids] * 4
    *others, last = holders
    assert [holder.leave() for holder in others] == [0] * 4
    assert set(pids) <= Postgres(Layout(project)).working() | Valkey(Layout(project)).working()
    assert last.leave() == 0
    assert down(project)


def test_a_killed_holder_takes_its_lease_along(project: Path, hold: Hold) -> None:
    holder = hold(project)
    assert len(holder.server_pids()) == 2
    holder.kill()
    assert wait_until(lambda: down(project), 20)


def test_killed_servers_are_started_again(project: Path) -> None:
    with embedded.servers(project) as leases:
        for lease in leases:
            assert not lease.renew()
            pid = lease.server.pid()
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            assert wait_until(lease.renew, 20)
            assert lease.server.pid() not in {None, pid}
        assert one(project, "SELECT 1") == 1
        with broker(project) as client:
            assert client.ping()


def test_the_whole_tree_killed_leaves_nothing_in_the_way(project: Path, hold: Hold) -> None:
    holder = hold(project)
    pids = holder.server_pids()
    with psycopg.connect(embedded.database_url(project)) as connection:
        connection.execute("CREATE TABLE killed AS SELECT 'kept' AS word")
    for pid in pids:
        os.kill(parent_of(pid), signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
    holder.kill()
    assert (Postgres(Layout(project)).data / "postmaster.pid").exists()
    with embedded.servers(project):
        assert one(project, "SELECT word FROM killed") == "kept"
    assert down(project)


def test_a_busy_query_of_a_killed_server_is_ended(project: Path, hold: Hold) -> None:
    holder = hold(project)
    postgres, _ = holder.server_pids()
    client = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, embedded.database_url(project)], stderr=subprocess.DEVNULL
    )
    busy = "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'"
    assert wait_until(lambda: one(project, busy) is not None, 20)
    backend = one(project, busy)
    os.kill(parent_of(postgres), signal.SIGKILL)
    os.kill(postgres, signal.SIGKILL)
    holder.kill()
    server = Postgres(Layout(project))
    assert wait_until(lambda: server.working() == {backend}, 20), (server.working(), backend)
    server.orphan_patience = 0.1
    server.end_orphan()
    assert server.working() == set()
    client.wait(20)


def test_a_server_that_lost_its_keeper_is_replaced(project: Path, hold: Hold) -> None:
    holder = hold(project)
    pids = holder.server_pids()
    for pid in pids:
        os.kill(parent_of(pid), signal.SIGKILL)
    holder.kill()
    assert not down(project)
    with embedded.servers(project) as leases:
        assert {lease.server.pid() for lease in leases}.isdisjoint(pids)
        assert one(project, "SELECT 1") == 1
    assert down(project)


def test_a_keeper_killed_alone_leaves_the_server_to_its_holder(project: Path, hold: Hold) -> None:
    holder = hold(project)
    pids = holder.server_pids()
    for pid in pids:
        os.kill(parent_of(pid), signal.SIGKILL)
    assert one(project, "SELECT 1") == 1
    assert Postgres(Layout(project)).pid() == pids[0]
    assert holder.leave() == 0
    assert down(project)


def test_a_stale_pid_file_that_names_a_living_process(project: Path) -> None:
    """One of the servers' user, whom PostgreSQL itself would take for a running server."""
    with embedded.servers(project):
        server = Postgres(Layout(project))
        lines = (server.data / server.pid_file).read_text().splitlines()
    other = subprocess.Popen(["sleep", "600"], cwd="/", **server.layout.identity())
    stale = "\n".join([str(other.pid), *lines[1:]])
    (server.data / server.pid_file).write_text(f"{stale}\n")
    assert server.pid() is None
    with embedded.servers(project):
        assert server.pid() not in {None, other.pid}
    assert other.poll() is None
    other.kill()
    other.wait()


def test_no_pid_file_is_removed_while_a_process_works_in_the_data(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with embedded.servers(project):
        pass
    server = Postgres(Layout(project))
    server.orphan_patience = 0.1
    stale = server.data / server.pid_file
    stale.write_text("1\n")
    monkeypatch.chdir(server.data)
    with pytest.raises(EmbeddedError, match=rf"still in use by process {os.getpid()}"):
        server.end_orphan()
    assert stale.exists()
    stale.unlink()


@pytest.mark.parametrize("whole_tree", [False, True])
def test_killed_while_the_data_folder_is_made(
    fresh_project: Path, hold: Hold, whole_tree: bool
) -> None:
    server = Postgres(Layout(fresh_project))
    holder = hold(fresh_project)
    assert wait_until(lambda: (server.draft / "PG_VERSION").exists(), 60)
    makers = server.working()  # initdb and its children
    assert makers
    [keeper] = processes.holding(server.keeper_lock)
    os.kill(keeper, signal.SIGKILL)
    if whole_tree:
        for pid in makers:
            with contextlib.suppress(ProcessLookupError):  # initdb's children come and go
                os.kill(pid, signal.SIGKILL)
        holder.kill()
    else:
        assert holder.leave() == 1
    assert not server.data.exists()
    with embedded.servers(fresh_project):
        assert one(fresh_project, "SELECT 1") == 1
    assert not server.draft.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes a user without a name")
def test_a_user_without_a_name_is_told_what_to_do(fresh_project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NAMELESS, str(fresh_project)],
        cwd=embedded.PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (
        "user id 54321 has no name, which PostgreSQL asks for: give it an entry in /etc/passwd,"
        " or set DATABASE_URL to a server of your own\n"
    )


def test_the_sockets_folder_goes_with_the_last_server(project: Path) -> None:
    sockets = Layout(project).sockets
    with embedded.servers(project):
        assert sockets.exists()
    assert not sockets.exists()


def test_the_sockets_folder_stays_while_a_server_makes_its_socket(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embedded.server.SOCKETS_PATIENCE", 0.0)
    layout = Layout(project)
    starting, stopping = Postgres(layout), Valkey(layout)
    with starting.making_socket():
        stopping.remove_sockets_folder()
        assert layout.sockets.exists()
    stopping.remove_sockets_folder()
    assert not layout.sockets.exists()


def test_starters_and_leavers_by_turns_never_miss_a_server(project: Path, hold: Hold) -> None:
    """Each starts while the one before leaves: the moment in which files come and go."""
    holder = hold(project)
    assert len(holder.server_pids()) == 2
    for _ in range(4):
        following = hold(project)
        time.sleep(0.25)  # about when it asks for its leases
        assert holder.leave() == 0
        assert len(following.server_pids()) == 2
        holder = following
    assert holder.leave() == 0
    assert not Layout(project).sockets.exists()
