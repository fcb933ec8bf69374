"""The embedded servers with real processes: started, shared, killed, started again."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

import embedded
from embedded.errors import EmbeddedError
from embedded.layout import ELSEWHERE_ROOT, Layout
from embedded.postgres import Postgres
from embedded.processes import _working_in_by_lsof, working_in
from embedded.server import reason

from .conftest import Hold, broker, down, one

pytestmark = pytest.mark.servers
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")


def test_they_serve_by_unix_socket_alone_and_stop_with_the_block(project: Path) -> None:
    with embedded.servers(project):
        assert str(one(project, "SHOW server_version")).split(".")[0] == "18"
        assert one(project, "SHOW server_encoding") == "UTF8"
        assert one(project, "SHOW listen_addresses") == ""
        assert one(project, "SELECT upper('їжак') || lower('ÉTÉ')") == "ЇЖАКété"
        with broker(project) as client:
            assert client.config_get("port", "appendonly") == {"port": "0", "appendonly": "yes"}
        sockets = Layout(project).sockets
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert down(project)
    assert not Postgres(Layout(project)).socket.exists()


def test_data_outlive_a_stop(project: Path) -> None:
    with embedded.servers(project), broker(project) as client:
        with psycopg.connect(embedded.database_url(project)) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('here')")
        client.set("kept", "too")
    with embedded.servers(project), broker(project) as client:
        assert one(project, "SELECT word FROM kept") == "here"
        assert client.get("kept") == "too"


def test_holders_share_one_server_and_the_last_stops_it(project: Path, hold: Hold) -> None:
    first, second = hold(project), hold(project)
    pids = first.server_pids()
    assert second.server_pids() == pids
    assert len(pids) == 2
    assert first.leave() == 0
    assert one(project, "SELECT 1") == 1
    assert second.leave() == 0
    assert down(project)


@pytest.mark.parametrize("find", [working_in, _working_in_by_lsof])
def test_who_works_in_a_folder_is_found(
    find: Callable[[Path], set[int]], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find is _working_in_by_lsof and shutil.which("lsof") is None:
        pytest.skip("no lsof here: it comes with macOS, where it is used")
    assert find(project) == set()
    monkeypatch.chdir(project)
    assert find(project) == {os.getpid()}


def test_data_of_another_major_version_say_what_to_do(project: Path) -> None:
    with embedded.servers(project):
        pass
    version = Postgres(Layout(project)).data / "PG_VERSION"
    version.write_text("17\n")
    with (
        pytest.raises(EmbeddedError, match=r"written by PostgreSQL 17.*move the folder away"),
        embedded.servers(project),
    ):
        pass
    version.write_text("18\n")


def test_a_deep_project_folder_has_short_sockets(deep_project: Path) -> None:
    with embedded.servers(deep_project):
        assert one(deep_project, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    layout = Layout(tmp_path, socket_root=tmp_path / ("long" * 30))
    with pytest.raises(EmbeddedError, match="a socket's path can have 103"):
        _ = Postgres(layout).socket


def test_servers_named_in_the_environment_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://claims@db.example/claims")
    assert [server.name for server in embedded.wanted(tmp_path)] == ["valkey"]
    monkeypatch.setenv("REDIS_URL", "redis://broker.example/0")
    with embedded.servers(tmp_path) as leases:
        assert leases == []
    assert list(tmp_path.iterdir()) == []


def test_missing_programs_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Postgres, "package", "a_package_that_is_not_there")
    with pytest.raises(EmbeddedError, match=r"install requirements/run.txt, or set DATABASE_URL"):
        Postgres(Layout(tmp_path)).programs()


@as_root
def test_root_drops_to_an_unprivileged_user(project: Path) -> None:
    user = Layout(project).user
    assert user is not None
    with embedded.servers(project) as leases:
        for lease in leases:
            assert Path(f"/proc/{lease.server.pid()}").stat().st_uid == user.pw_uid
            assert lease.server.data.parent == project / "var"


@as_root
def test_root_leaves_closed_folders_closed(closed_project: Path) -> None:
    layout = Layout(closed_project)
    elsewhere = ELSEWHERE_ROOT / f"claims-{layout.digest}"
    with embedded.servers(closed_project):
        assert one(closed_project, "SELECT 1") == 1
        assert Postgres(layout).data == elsewhere / "postgres"
    assert (layout.var / "data-root").read_text() == f"{elsewhere}\n"
    assert stat.S_IMODE(closed_project.parent.stat().st_mode) == 0o700


@as_root
def test_programs_in_a_closed_folder_are_copied(
    closed_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = Layout(closed_project)
    original = Layout.reachable
    monkeypatch.setattr(
        Layout,
        "reachable",
        lambda self, path: "site-packages" not in path.parts and original(self, path),
    )
    server = Postgres(layout)
    assert server.programs().is_relative_to(layout.data_root())
    server.run([server.program("initdb"), "--version"])


def test_somebody_elses_folder_is_not_used(tmp_path: Path) -> None:
    layout = Layout(tmp_path, socket_root=tmp_path)
    layout.sockets.symlink_to(tmp_path)
    with pytest.raises(EmbeddedError, match="remove it, or ask its owner"):
        layout.server_folder(layout.sockets)


def test_of_much_output_the_first_error_is_the_reason() -> None:
    output = "LOG:  starting\nFATAL:  No space left on device\nPANIC:  cannot abort\nremoving\n"
    assert reason(output) == "FATAL:  No space left on device"
    assert reason("one\n\ntwo\n") == "two"
    assert reason("") == "no output"


def test_a_secret_key_is_drawn_once_for_a_folder(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    key = embedded.local_secret(tmp_path)
    assert len(key) >= 50
    assert embedded.local_secret(tmp_path) == key
    assert embedded.local_secret(tmp_path / "other") != key
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret-key"]
    assert stat.S_IMODE((tmp_path / "var" / "secret-key").stat().st_mode) == 0o600


def test_addresses_follow_from_the_folder_alone(tmp_path: Path) -> None:
    sockets = Layout(tmp_path).sockets
    settings = {"NAME": "claims", "USER": "claims", "HOST": str(sockets)}
    assert embedded.database_settings(tmp_path) == settings
    assert embedded.database_url(tmp_path) == f"postgresql://claims@/claims?host={sockets}"
    assert embedded.broker_url(tmp_path) == f"redis+socket://{sockets}/valkey.sock?virtual_host=0"
    assert embedded.cache_url(tmp_path) == f"unix://{sockets}/valkey.sock?db=0"
    assert Layout(tmp_path / "other").sockets != sockets
    assert list(tmp_path.iterdir()) == []
