"""Full disks and read-only folders, on a small file system of the test's own."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

import embedded
from embedded.errors import EmbeddedError
from embedded.layout import Layout
from embedded.status import NOT_RUNNING, status

from .conftest import broker, cleared, one

pytestmark = pytest.mark.servers
ROOMY = 160  # MB: enough for a new database server
TIGHT = 12  # MB: not enough

Mount = Callable[[int], Path]


@pytest.fixture
def mounted() -> Iterator[Mount]:
    """Project folders that are file systems of a given size in MB, in memory."""
    folders: list[Path] = []

    def mount(size: int) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="claims-test-"))
        options = f"size={size}m,mode=0755"
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
            folder.rmdir()
            pytest.skip("needs the right to mount a file system")
        folders.append(folder)
        return folder

    yield mount
    for folder in folders:
        remount(folder, "rw")
        cleared(folder / "project")
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def remount(folder: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", str(folder)], check=True)


def refusal(project: Path) -> str:
    """The one line with which the servers refuse to start."""
    with pytest.raises(EmbeddedError) as raised, embedded.servers(project):
        pass
    assert len(str(raised.value).splitlines()) == 1
    return str(raised.value)


def fill(folder: Path) -> Path:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            return ballast


def test_a_disk_too_small_for_a_new_database_is_said_in_one_line(mounted: Mount) -> None:
    folder = mounted(TIGHT)
    said = refusal(folder / "project")
    assert said.startswith("PostgreSQL did not start: initdb: ")
    assert said.endswith("No space left on device")
    assert not (folder / "project/var/postgres").exists()
    subprocess.run(["mount", "-o", f"remount,size={ROOMY}m", str(folder)], check=True)
    with embedded.servers(folder / "project"):
        assert one(folder / "project", "SELECT 1") == 1


def test_a_disk_that_fills_up_loses_nothing(mounted: Mount) -> None:
    folder = mounted(ROOMY)
    project = folder / "project"
    with embedded.servers(project), broker(project) as client:
        with psycopg.connect(embedded.database_url(project)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'here' AS word")
            connection.execute("CREATE TABLE growing (word text)")
        client.set("kept", "too")
        ballast = fill(folder)
        more = "INSERT INTO growing SELECT repeat('x', 1000) FROM generate_series(1, 100000)"
        with (
            pytest.raises(psycopg.OperationalError, match="No space left on device"),
            psycopg.connect(embedded.database_url(project)) as connection,
        ):
            connection.execute(more)
        ballast.unlink()
    with embedded.servers(project), broker(project) as client:
        assert one(project, "SELECT word FROM kept") == "here"
        assert one(project, "SELECT count(*) FROM growing") == 0
        assert client.get("kept") == "too"


def test_a_start_on_a_full_disk_says_so_in_one_line(mounted: Mount) -> None:
    folder = mounted(ROOMY)
    project = folder / "project"
    with embedded.servers(project):
        pass
    ballast = fill(folder)
    assert refusal(project).endswith("No space left on device")
    ballast.unlink()
    with embedded.servers(project):
        assert one(project, "SELECT 1") == 1


@pytest.mark.parametrize("used_before", [False, True])
def test_a_read_only_folder_is_said_in_one_line(mounted: Mount, used_before: bool) -> None:
    folder = mounted(ROOMY)
    project = folder / "project"
    if used_before:
        with embedded.servers(project):
            pass
    remount(folder, "ro")
    assert refusal(project).endswith("Read-only file system")


def test_status_of_a_read_only_folder(mounted: Mount) -> None:
    """It was running when the disk failed and became read-only; nothing holds a lock now."""
    folder = mounted(ROOMY)
    with embedded.servers(folder / "project"):
        pass
    remount(folder, "ro")
    assert status(Layout(folder / "project")) == NOT_RUNNING
