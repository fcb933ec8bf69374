"""Imports the full dump of a country from GeoNames."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from entities.geonames import GeonamesError, read_geonames
from entities.loading import is_loaded, remember_load
from entities.place_loading import load_places, without_known


class Command(BaseCommand):
    help = (
        "Imports the populated places of a country's full GeoNames dump (CC BY 4.0): the "
        "tab-separated text or its zip. Places that are there already stay as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="such as UA.txt or UA.zip")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        source = f"geonames:{file.stem}"
        try:
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            if is_loaded(source, digest):
                self.stdout.write(f"{file}: unchanged")
                return
            with transaction.atomic():
                changes = load_places(without_known(read_geonames(file)), keep=True)
                remember_load(source, digest)
        except GeonamesError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        self.stdout.write(f"{file}: places: {changes}")
