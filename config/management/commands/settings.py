"""Print the settings: each with its default, its meaning, and where its value comes from."""

from __future__ import annotations

import json
import textwrap
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config import env
from config.env import Setting, Source

WIDTH, INDENT = 88, "    "
INTRODUCTION = """\
# Settings

All are variables of the environment; none is needed to run on one machine. A variable that is
set but empty counts as not set. A malformed value, and a name that begins with `CLAIMS_` and is
not listed here, are refused by name. A secret, NAME, is also read from the file that NAME_FILE
names, white space round it left away. `manage.py settings` prints this list with the values of
the installation and where they come from; it never prints a secret. This page is the output of
`manage.py settings --markdown`.
"""
HEADING = "| name | value | default | meaning |\n| --- | --- | --- | --- |"


class Command(BaseCommand):
    help = "Print each setting with its value, where that comes from, its default and its meaning."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="as a list for programs")
        form.add_argument(
            "--markdown", action="store_true", help="the documentation, without values"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        settings = env.declared()
        if options["json"]:
            self.stdout.write(json.dumps([record(s) for s in settings], indent=1))
        elif options["markdown"]:
            self.stdout.write(page(settings))
        else:
            self.stdout.write("\n\n".join(paragraph(setting) for setting in settings))


def record(setting: Setting) -> dict[str, str | bool | None]:
    """A setting for programs; the value of a secret is None, whether there is one is `source`."""
    return {
        "name": setting.name,
        "value": None if setting.secret else setting.value,
        "source": setting.source.value,
        "file": setting.file,
        "default": setting.default,
        "unit": setting.unit,
        "kind": setting.kind,
        "secret": setting.secret,
        "read_by": setting.reader or "application",
        "meaning": setting.meaning,
    }


def paragraph(setting: Setting) -> str:
    """A setting for the terminal: name, value and source; meaning; kind and default."""
    source = f"file {setting.file}" if setting.source is Source.FILE else setting.source.value
    value = setting.value or (setting.default if setting.secret else "")
    stands = " ".join(part for part in (value, setting.unit) if part)
    head = f"{setting.name}: {stands} ({source})" if stands else f"{setting.name}: {source}"
    reader = f" Read by `{setting.reader}`." if setting.reader else ""
    kind = setting.kind[0].upper() + setting.kind[1:]
    about = f"{setting.meaning}{reader} {kind}; default: {default(setting)}."
    body = textwrap.fill(about, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
    return f"{head}\n{body}"


def page(settings: list[Setting]) -> str:
    """The documentation in Markdown: what is the same for every installation."""
    ours = [row(setting) for setting in settings if not setting.reader]
    others = [row(setting) for setting in settings if setting.reader]
    return "\n".join(
        [
            INTRODUCTION,
            HEADING,
            *ours,
            "\nRead by other programs of the project:\n",
            HEADING,
            *others,
        ]
    )


def row(setting: Setting) -> str:
    """A line of the documentation's table."""
    meaning = f"`{setting.reader}`: {setting.meaning}" if setting.reader else setting.meaning
    return f"| `{setting.name}` | {setting.kind} | {default(setting)} | {meaning} |"


def default(setting: Setting) -> str:
    return " ".join(part for part in (setting.default, setting.unit) if part) or "none"
