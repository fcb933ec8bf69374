#!/usr/bin/env python
"""Django's command line. Starts the embedded servers round commands that need the database."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext

# These work without a database; any command does when it is only asked for its help.
SERVERLESS = {
    "check",
    "collectstatic",
    "diffsettings",
    "extract",
    "help",
    "spectacular",
    "status",
    "version",
}
HELP = {"-h", "--help", "--version"}


def needs_servers(arguments: list[str]) -> bool:
    """Whether a command line (without the program's name) needs database or broker."""
    if not arguments or HELP.intersection(arguments):
        return False
    return arguments[0] not in SERVERLESS or "--database" in arguments


def main(arguments: list[str]) -> int:
    """Run a command; its exit code. Errors of the installation are one line on standard error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import OperationalError

        import embedded
    except ImportError as error:
        sys.stderr.write(f"{error}: use .venv/bin/python, which `make run` sets up\n")
        return 1
    try:
        with embedded.servers() if needs_servers(arguments) else nullcontext():
            execute_from_command_line([sys.argv[0], *arguments])
    except (embedded.EmbeddedError, ImproperlyConfigured, OperationalError) as error:
        if "--traceback" in arguments:
            raise
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
