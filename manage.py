#!/usr/bin/env python
"""Django's command line. Starts the embedded servers round commands that need the database.

Fails with one line; `config.failures` says how, and with which exit codes.
"""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path

# These work without a database; any command does when it is only asked for its help.
SERVERLESS = {
    "check",
    "collectstatic",
    "diffsettings",
    "extract",
    "help",
    "settings",
    "spectacular",
    "status",
    "version",
}
HELP = {"-h", "--help", "--version"}


def needs_servers(arguments: list[str]) -> bool:
    """Whether a command line (without the program's name) needs database or broker."""
    if not arguments or HELP.intersection(arguments):
        return False
    if arguments[0] == "explain":  # a file is read without a database
        return not any(Path(argument).is_file() for argument in arguments[1:])
    return arguments[0] not in SERVERLESS or "--database" in arguments


def main(arguments: list[str]) -> int:
    """Run a command; its exit code. What else goes wrong is told by `sys.excepthook`."""
    try:
        return run(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130
    except BrokenPipeError:  # whoever read the output has had enough
        return 141


def run(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.conf import settings
        from django.core.management import execute_from_command_line

        import embedded
        from config import failures
    except ImportError as error:
        sys.stderr.write(f"{error}: use .venv/bin/python, which `make run` sets up\n")
        return 1
    failures.install(traceback="--traceback" in arguments)
    wanted = needs_servers(arguments)
    if wanted:
        _ = settings.DATABASES  # malformed settings are refused before anything is started
    with embedded.servers() if wanted else nullcontext(), failures.written_out():
        execute_from_command_line([sys.argv[0], *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
