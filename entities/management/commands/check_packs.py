"""Finds what is wrong in conflict packs and the bundled gazetteer."""

from __future__ import annotations

import os
import textwrap
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from entities.checking import CODES, Finding, check_gazetteer, check_packs
from entities.pack_file import PackError, PackFile
from entities.packs import PACKS
from entities.places import GAZETTEER, read_places


class Command(BaseCommand):
    help = (
        "Finds all that is wrong in the bundled packs and gazetteer or, where FILEs are given, in "
        "these packs beside or, where the key is the same, instead of bundled ones. One line "
        "each: file, line, error or warning, reason and code. Exit code 1 where there is an "
        "error. A comment '# allow: CODE' on the line or the one above silences a warning. Needs "
        "no database."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a pack (TOML)")
        parser.add_argument(
            "--explain", metavar="CODE", choices=sorted(CODES), help="say what a code means"
        )

    def handle(self, *args: Any, files: list[Path], explain: str | None, **options: Any) -> None:
        if explain:
            self.stdout.write(_explained(explain))
            return
        try:
            found = _of_files(files) if files else _of_all()
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        for finding in found:
            self.stdout.write(_shown(finding))
        errors = sum(finding.is_error for finding in found)
        summary = f"{errors} errors, {len(found) - errors} warnings"
        if errors:
            raise CommandError(f"{summary}; --explain CODE says what a code means")
        self.stdout.write(summary)


def _of_all() -> list[Finding]:
    found = check_packs(sorted(PACKS.glob("*.toml")), read_places(), timezone.localdate())
    return found + list(check_gazetteer(GAZETTEER))


def _of_files(files: list[Path]) -> list[Finding]:
    keys = {_key(path) for path in files}
    bundled = [path for path in sorted(PACKS.glob("*.toml")) if path.stem not in keys]
    found = check_packs([*bundled, *files], read_places(), timezone.localdate())
    return [finding for finding in found if finding.path in files]


def _key(path: Path) -> str:
    """The pack's key, or its file's name where it cannot be read, which the check will say."""
    try:
        return PackFile.read(path).key
    except PackError:
        return path.stem


def _shown(finding: Finding) -> str:
    """With the file as seen from the working directory, where it is below."""
    text = str(finding)
    here = f"{Path.cwd()}{os.sep}"
    return text.removeprefix(here)


def _explained(code: str) -> str:
    word = "error" if CODES[code].is_error else "warning"
    return f"{code} ({word})\n{textwrap.fill(CODES[code].meaning, 80)}"
