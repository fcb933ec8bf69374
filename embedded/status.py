"""`make status`: what runs in a project folder. Starts nothing and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from embedded import disk, locks, note, processes, reset
from embedded.child import PROGRAMS
from embedded.console import say
from embedded.errors import told
from embedded.layout import Layout
from embedded.ports import answers
from embedded.postgres import Postgres
from embedded.server import Server
from embedded.valkey import Valkey

NOT_RUNNING = 3  # the exit code that the Linux Standard Base gives `status` for it
INDENT = " " * 14
SHOWN = 70  # characters of a command line


def status(layout: Layout) -> int:
    """Say what runs; 0 when the application serves, 3 when it does not. Raises EmbeddedError."""
    with told():
        serves = _application(layout)
        for server in (Postgres(layout), Valkey(layout)):
            _server(layout, server)
        for folder in reset.removed(layout):
            _line("set aside", f"{disk.readable(disk.used([folder]))} in {shown(layout, folder)}")
            _line("", "by `make reset`; `make reset UNDO=1` brings it back, or delete it")
    return 0 if serves else NOT_RUNNING


def _application(layout: Layout) -> bool:
    """The launcher and its programs; whether the application serves."""
    if not note.runs(layout):
        say("The application does not run here; `make run` starts it.")
        for name in PROGRAMS:
            if pids := processes.holding(layout.program_log(name)):
                _line(name, f"left by a killed launcher: {numbered(pids)}; `make stop` ends it")
        return False
    running = note.read(layout)
    began = f"{running.since.astimezone():%Y-%m-%d %H:%M}"
    launchers = numbered(note.launchers(layout)) or "a process that you cannot see"
    if not running.address:
        say("The application is starting.")
        _line("launcher", f"{launchers}, since {began}")
        return False
    port = int(running.address.rpartition(":")[2])
    silent = "" if answers(port) else ", but its web server does not answer"
    say(f"The application runs here: {running.address}{silent}")
    _line("launcher", f"{launchers}, since {began}")
    for name, pid in running.programs.items():
        state = f"process {pid}" if pid else "ended; the launcher starts it again"
        _line(name, f"{state}, log in {shown(layout, layout.program_log(name))}")
    return True


def _server(layout: Layout, server: Server) -> None:
    """A server: whether it runs, its data, its log, who uses it."""
    if pid := server.pid():
        version = server.version() or "not answering"
        kept = "" if locks.is_held(server.keeper_lock) else ", without its keeper"
        _line(server.label, f"running, process {pid}, version {version}{kept}")
    elif locks.is_held(server.keeper_lock):
        _line(server.label, "starting or stopping")
    elif server.named_elsewhere():
        _line(server.label, f"not needed: {server.setting} is set")
    elif server.data.exists():
        _line(server.label, "stopped")
    else:
        _line(server.label, "stopped, no data yet")
    if server.data.exists():
        size = disk.readable(disk.used([server.data]))
        _line("", f"data: {size} in {shown(layout, server.data)}")
    if server.log.exists():
        _line("", f"log: {shown(layout, server.log)}")
    if users := processes.holding(server.lease_lock):
        _line("", f"used by {described(users)}")


def _line(what: str, text: str) -> None:
    say(f"  {what:<12}{text}")


def shown(layout: Layout, path: Path) -> str:
    """A path as a person in the project folder would type it."""
    return (
        str(path.relative_to(layout.project)) if path.is_relative_to(layout.project) else str(path)
    )


def numbered(pids: Iterable[int]) -> str:
    return ", ".join(f"process {pid}" for pid in sorted(pids))


def described(pids: Iterable[int]) -> str:
    """Processes with their command lines."""
    commands = {pid: processes.command_line(pid) for pid in sorted(pids)}
    return ", ".join(f"process {pid} ({command[:SHOWN]})" for pid, command in commands.items())
