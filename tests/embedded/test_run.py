"""The launcher with real processes, over a miniature project in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import embedded
from embedded.child import Child, GivenUp
from embedded.ports import free_port, wished_port
from embedded.processes import wait_until, working_in
from embedded.watchdog import Watchdog

from .conftest import Run, answers, front, nothing_runs, unused_port

pytestmark = pytest.mark.servers


def test_it_serves_and_stops_all_that_it_started(
    launch: Callable[..., Run], miniature: Path
) -> None:
    run = launch()
    port = run.port()
    assert front(port) == "1 content types"
    assert "gazetteer: nothing changed" in run.text()
    run.until("Ctrl-C stops everything")
    assert run.stop(signal.SIGINT) == 0
    assert nothing_runs(miniature)


def test_a_second_launcher_says_where_the_first_serves(launch: Callable[..., Run]) -> None:
    port = launch().port()
    second = launch()
    second.until(f"already running here: http://127.0.0.1:{port}")
    assert second.process.wait(10) == 1


def test_a_taken_port_is_said_and_another_chosen(launch: Callable[..., Run]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wished = taken.getsockname()[1]
        run = launch(PORT=str(wished))
        port = run.port()
        assert port != wished
        assert f"Port {wished} is taken; {port} is used instead." in run.text()
        assert front(port) == "1 content types"


def test_a_killed_launcher_takes_its_children_along(
    launch: Callable[..., Run], miniature: Path
) -> None:
    run = launch()
    run.port()
    run.stop(signal.SIGKILL)
    assert wait_until(lambda: nothing_runs(miniature), 30), working_in(miniature)


def test_a_killed_child_is_started_again(launch: Callable[..., Run], miniature: Path) -> None:
    run = launch()
    port = run.port()
    listing = subprocess.run(
        ["ps", "-A", "-o", "ppid=,pid=,args="], capture_output=True, text=True, check=True
    ).stdout
    own = [line.split(maxsplit=2) for line in listing.splitlines()]
    [web] = [
        int(p) for parent, p, args in own if int(parent) == run.process.pid and "granian" in args
    ]
    os.kill(web, signal.SIGKILL)
    run.until("web was killed by SIGKILL; starting it again in 1 s")
    run.until("web: started again")
    assert wait_until(lambda: answers(port), 30), run.text()
    assert run.stop() == 0
    assert nothing_runs(miniature)


def test_a_refused_load_ends_in_one_line(launch: Callable[..., Run], miniature: Path) -> None:
    run = launch(REFUSE="packs")
    assert run.process.wait(60) == 1
    assert "packs.toml, line 3: no such place" in run.text()
    assert "Traceback" not in run.text()
    assert nothing_runs(miniature)


def test_a_program_runs_with_the_servers_and_they_stop_after_it(miniature: Path) -> None:
    program = (
        "import config.wsgi; from django.core.management import call_command;"
        "call_command('migrate', verbosity=0);"
        "from config.urls import front; print(front(None).content.decode())"
    )
    python = sys.executable
    done = subprocess.run(
        [python, "-m", "embedded", "exec", "--", python, "-c", program],
        cwd=miniature,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 content types\n", "")
    assert wait_until(lambda: nothing_runs(miniature), 20)


def test_a_program_that_does_not_stay_up_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    watchdog = Watchdog()
    child = Child(
        name="web",
        command=[sys.executable, "-c", "import sys; sys.exit('no such module')"],
        folder=tmp_path,
        log=tmp_path / "web.log",
        watchdog=watchdog,
        pause=0.01,
    )
    child.start()
    said: list[str] = []
    with pytest.raises(GivenUp, match=r"(?s)^web ended with code 1; it does not stay up.*no such"):
        watch_for_ever(child, said)
    assert [line.splitlines()[0] for line in said if line] == [
        "web ended with code 1; starting it again in 0.01 s",
        "web: started again",
        "web ended with code 1; starting it again in 0.02 s",
        "web: started again",
        "web ended with code 1; starting it again in 0.04 s",
        "web: started again",
    ]
    watchdog.close()


def watch_for_ever(child: Child, said: list[str]) -> None:
    while True:
        said.append(child.check())


@pytest.mark.parametrize("value", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", value)
    with pytest.raises(embedded.EmbeddedError, match="must be a number from 1 to 65535"):
        wished_port()


def test_a_free_port_is_taken_as_wished() -> None:
    port = unused_port()
    assert free_port(port) == port
