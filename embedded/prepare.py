"""Brings the database up to date before the application serves: the one module here with Django.

Every command is idempotent and quick where nothing changed; they share one process because
starting Django anew for each would take longer than their work.
"""

from __future__ import annotations

import io
import os
import sys

from embedded.console import say, step

STEPS = (
    ("Migrating the database", "migrate"),
    ("Loading the conflict packs", "load_packs"),  # they say which places the gazetteer needs
    ("Loading the gazetteer", "load_gazetteer"),
    ("Loading the demo", "load_demo"),
)


def prepare() -> int:
    """Migrate, load, collect static files; the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with step("Loading the application"):
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import CommandError, call_command
    try:
        for doing, command in STEPS:
            output = io.StringIO()
            with step(doing):
                call_command(command, verbosity=1, stdout=output)
            if command != "migrate":
                _indented(output.getvalue())
        if not settings.DEBUG:
            with step("Collecting static files"):
                call_command("collectstatic", interactive=False, verbosity=0)
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _indented(text: str) -> None:
    for line in text.splitlines():
        say(f"  {line}")


if __name__ == "__main__":
    sys.exit(prepare())
