"""status, stop and reset as a person runs them, over a miniature project and real processes."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

import embedded
from embedded import note, processes, reset
from embedded.child import PROGRAMS
from embedded.layout import ELSEWHERE_ROOT, Layout
from embedded.postgres import Postgres
from embedded.processes import wait_until

from .conftest import Hold, Run, down, front, nothing_runs, one, parent_of

pytestmark = pytest.mark.servers
Answer = subprocess.CompletedProcess[str]


def command(project: Path, *arguments: str, python: tuple[str, ...] = ()) -> Answer:
    """`python -m embedded …` in a project folder that has the package."""
    return subprocess.run(
        [sys.executable, *python, "-m", "embedded", *arguments],
        cwd=project,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def said(project: Path, *arguments: str) -> str:
    """What a command says that succeeds."""
    done = command(project, *arguments)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


@pytest.fixture
def untouched(fresh_project: Path) -> Path:
    """A project folder with nothing but the package."""
    code = shutil.ignore_patterns("__pycache__")
    shutil.copytree(embedded.PROJECT / "embedded", fresh_project / "embedded", ignore=code)
    return fresh_project


@pytest.fixture(scope="module")
def data(project: Path) -> Path:
    """Data to copy: a database with a table, a broker, a secret key."""
    with embedded.servers(project), psycopg.connect(embedded.database_url(project)) as db:
        db.execute("CREATE TABLE kept AS SELECT 'first' AS word")
    embedded.local_secret(project)
    return project / "var"


@pytest.fixture
def used(untouched: Path, data: Path) -> Path:
    """A project folder that was worked in."""
    subprocess.run(["cp", "-a", str(data), str(untouched)], check=True)
    return untouched


def test_nothing_was_ever_started_and_no_package_is_installed(untouched: Path) -> None:
    bare = ("-S", "-B")  # without site-packages, without writing bytecode
    state = command(untouched, "status", python=bare)
    assert (state.returncode, state.stderr) == (3, "")
    assert state.stdout == (
        "The application does not run here; `make run` starts it.\n"
        "  PostgreSQL  stopped, no data yet\n"
        "  Valkey      stopped, no data yet\n"
    )
    stopped = command(untouched, "stop", python=bare)
    assert (stopped.returncode, stopped.stdout) == (0, "Nothing runs here.\n")
    removed = command(untouched, "reset", "yes", python=bare)
    assert (removed.returncode, removed.stdout) == (0, "There are no data here.\n")
    assert [path.name for path in untouched.iterdir()] == ["embedded"]


def test_what_runs_is_shown_and_stopped(launch: Callable[..., Run], miniature: Path) -> None:
    run = launch()
    run.until("Ctrl-C stops everything")
    address = f"http://127.0.0.1:{run.port()}"
    state = said(miniature, "status")
    assert state.startswith(f"The application runs here: {address}\n")
    assert re.search(rf"^  launcher    process {run.process.pid}, since \d{{4}}-", state, re.M)
    for name in PROGRAMS:
        found = re.search(rf"^  {name} +process (\d+), log in var/log/{name}.log$", state, re.M)
        assert found, state
        assert parent_of(int(found[1])) == run.process.pid
    pid = Postgres(Layout(miniature)).pid()
    assert re.search(rf"^  PostgreSQL  running, process {pid}, version 18\.\d+$", state, re.M)
    assert re.search(r"^  Valkey      running, process \d+, version \d+\.\d+\.\d+$", state, re.M)
    assert re.search(
        r"^ +data: \d+\.\d MB in var/postgres\n +log: var/log/postgres.log$", state, re.M
    )
    assert state.count(f"used by process {run.process.pid} (") == 2

    refused = command(miniature, "reset", "yes")
    assert refused.returncode == 1
    assert refused.stderr == "the application runs here: `make stop` first\n"

    stopped = said(miniature, "stop")
    assert stopped.startswith(f"Stopping the application (process {run.process.pid}) …\n")
    assert stopped.endswith("Everything is stopped.\n")
    assert run.process.wait(1) == 0
    assert nothing_runs(miniature)
    assert not Layout(miniature).sockets.exists()
    assert command(miniature, "status").returncode == 3
    assert said(miniature, "stop") == "Nothing runs here.\n"


def test_a_killed_tree_is_no_obstacle(launch: Callable[..., Run], miniature: Path) -> None:
    run = launch()
    run.until("Ctrl-C stops everything")
    with psycopg.connect(embedded.database_url(miniature)) as connection:
        connection.execute("CREATE TABLE killed AS SELECT 'kept' AS word")
    kill_tree(miniature, run)
    again = launch()
    assert front(again.port()) == "1 content types"
    assert one(miniature, "SELECT word FROM killed") == "kept"
    assert again.stop() == 0
    assert nothing_runs(miniature)


def test_programs_of_a_killed_launcher_are_ended(
    launch: Callable[..., Run], miniature: Path
) -> None:
    """By the next launcher, or by stop."""
    first = launch()
    first.until("Ctrl-C stops everything")
    left = programs_of(miniature)
    kill_launcher(first)
    second = launch()
    second.until("Ctrl-C stops everything")
    assert not any(alive(pid) for pid in left)

    left = programs_of(miniature)
    kill_launcher(second)
    state = command(miniature, "status")
    assert state.returncode == 3
    assert state.stdout.count("left by a killed launcher: process ") == len(PROGRAMS)
    refused = command(miniature, "reset", "yes")
    assert refused.returncode == 1
    assert refused.stderr.endswith("`make stop` first\n")
    assert "Ending the web of a launcher that was killed" in said(miniature, "stop")
    assert not any(alive(pid) for pid in left)
    assert nothing_runs(miniature)


def test_a_server_without_keeper_and_holder_is_stopped(used: Path, hold: Hold) -> None:
    holder = hold(used)
    pids = holder.server_pids()
    for pid in pids:
        os.kill(parent_of(pid), signal.SIGKILL)
    holder.kill()
    assert f"running, process {pids[0]}, version 18" in command(used, "status").stdout
    assert "without its keeper" in command(used, "status").stdout
    refused = command(used, "reset", "yes")
    assert (refused.returncode, refused.stderr) == (1, "PostgreSQL runs here: `make stop` first\n")
    assert "Stopping PostgreSQL …" in said(used, "stop")
    assert down(used)
    assert not Layout(used).sockets.exists()


def test_other_users_of_the_servers_are_named_and_left_alone(used: Path, hold: Hold) -> None:
    holder = hold(used)
    pids = holder.server_pids()
    stopped = command(used, "stop")
    assert stopped.returncode == 1
    who = f"is still used by process {holder.process.pid} ({sys.executable} -c"
    assert stopped.stdout.count(who) == 2
    assert Postgres(Layout(used)).pid() == pids[0]
    assert command(used, "reset", "yes").stderr.endswith("runs here: `make stop` first\n")
    assert holder.leave() == 0


def test_files_that_name_somebody_elses_process_harm_nobody(used: Path) -> None:
    layout = Layout(used)
    server = Postgres(layout)
    other = subprocess.Popen(["sleep", "600"], cwd=used, **layout.identity())
    (server.data / server.pid_file).write_text(f"{other.pid}\n")
    with note.only_one(layout) as noted:
        programs: dict[str, int | None] = dict.fromkeys(PROGRAMS, other.pid)
        noted.write(address="http://127.0.0.1:8000", programs=programs)
    assert f"process {other.pid}" not in command(used, "status").stdout
    assert said(used, "stop") == "Nothing runs here.\n"
    said(used, "reset", "yes")
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_lock_held_by_something_else_than_a_launcher_is_not_signalled(used: Path) -> None:
    with note.only_one(Layout(used)):  # by this process, which is no launcher
        stopped = command(used, "stop")
    assert stopped.returncode == 1
    assert "its launcher cannot be seen from here" in stopped.stderr


def test_reset_moves_all_data_aside_and_undo_brings_them_back(used: Path) -> None:
    key = embedded.local_secret(used)
    (used / "var/celerybeat-schedule.db").touch()
    (used / "var/training").mkdir()
    told = said(used, "reset", "yes")
    assert re.search(r"^Removed \d+\.\d MB\.", told, re.M)
    [aside] = reset.removed(Layout(used))
    assert names(aside) == ["celerybeat-schedule.db", "postgres", "secret-key", "valkey"]
    assert names(used / "var") == ["log", aside.name, "run", "training"]
    assert f"in var/{aside.name}\n" in command(used, "status").stdout

    with embedded.servers(used):
        assert one(used, "SELECT count(*) FROM pg_tables WHERE tablename = 'kept'") == 0
    told = said(used, "reset", "undo")
    assert f"Brought back {used}/var/postgres\n" in told
    [other] = reset.removed(Layout(used))
    assert names(other) == ["postgres", "valkey"]
    with embedded.servers(used):
        assert one(used, "SELECT word FROM kept") == "first"
    assert embedded.local_secret(used) == key

    told = said(used, "reset", "yes")
    assert f"is deleted:\n  {other}\n" in told
    assert len(reset.removed(Layout(used))) == 1
    assert not other.exists()
    assert said(used, "reset", "yes").startswith("There are no data here.\n")
    assert len(reset.removed(Layout(used))) == 1  # a second time by mistake deletes nothing


@pytest.mark.parametrize(("answer", "code"), [("y", 1), ("", 1), ("yes", 0)])
def test_reset_asks_on_a_terminal(used: Path, answer: str, code: int) -> None:
    ours, theirs = pty.openpty()
    asked = subprocess.Popen(
        [sys.executable, "-m", "embedded", "reset"],
        cwd=used,
        stdin=theirs,
        stdout=subprocess.PIPE,
        text=True,
    )
    os.write(ours, f"{answer}\n".encode())
    output, _ = asked.communicate(timeout=30)
    os.close(ours)
    os.close(theirs)
    assert "Type yes to do so: " in output
    assert ("Nothing was changed." in output) == (code == 1)
    assert asked.returncode == code
    assert (used / "var/postgres").exists() == (code == 1)


def test_reset_without_a_terminal_wants_to_be_told(used: Path) -> None:
    done = command(used, "reset")
    assert done.returncode == 1
    assert done.stderr == "there is no terminal to ask on: `make reset YES=1` does it unasked\n"
    assert (used / "var/postgres").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has data elsewhere")
def test_data_elsewhere_are_reset_too(closed_project: Path) -> None:
    shutil.copytree(embedded.PROJECT / "embedded", closed_project / "embedded")
    elsewhere = ELSEWHERE_ROOT / f"claims-{Layout(closed_project).digest}"
    with embedded.servers(closed_project):
        pass
    embedded.local_secret(closed_project)
    said(closed_project, "reset", "yes")
    [there, here] = reset.removed(Layout(closed_project))
    assert (there.parent, names(there)) == (elsewhere, ["postgres", "valkey"])
    assert (here.parent, names(here)) == (closed_project / "var", ["secret-key"])
    said(closed_project, "reset", "undo")
    assert (elsewhere / "postgres/PG_VERSION").exists()
    assert (closed_project / "var/secret-key").exists()


def test_a_recorded_folder_that_is_not_ours_is_not_followed(used: Path) -> None:
    foreign = used / "foreign"
    (foreign / "postgres").mkdir(parents=True)
    (used / "var/data-root").write_text(f"{foreign}\n")
    done = command(used, "reset", "yes")
    assert done.returncode == 1
    assert f"data-root names {foreign}, data of another project folder or user" in done.stderr
    assert (foreign / "postgres").exists()
    (used / "var/data-root").unlink()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def alive(pid: int) -> bool:
    return processes.command_line(pid) != ""


def programs_of(project: Path) -> set[int]:
    """The processes of web, worker and beat."""
    logs = [Layout(project).program_log(name) for name in PROGRAMS]
    found = [processes.holding(log) for log in logs]
    assert all(found), found
    return set().union(*found)


def kill_launcher(run: Run) -> None:
    """Kill the launcher and its watchdog, which would end the programs."""
    watchdogs = [
        pid
        for pid in processes.working_in(run.project)
        if processes.command_line(pid).endswith("-m embedded watch")
    ]
    assert len(watchdogs) == 1
    for pid in (*watchdogs, run.process.pid):
        os.kill(pid, signal.SIGKILL)
    run.process.wait(10)


def kill_tree(project: Path, run: Run) -> None:
    """Kill -9 launcher, watchdog, keepers, servers and programs."""
    programs = programs_of(project)
    servers = [server.pid() for server in embedded.wanted(project)]
    keepers = [parent_of(pid) for pid in servers if pid]
    assert len(keepers) == 2
    kill_launcher(run)
    for pid in (*keepers, *filter(None, servers), *programs):
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: nothing_runs(project), 20)
