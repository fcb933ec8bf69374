"""Loads the bundled gazetteer."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.management.base import BaseCommand

from entities.loading import is_loaded, remember_load
from entities.models import Conflict
from entities.place_loading import load_places
from entities.places import ADMIN1, DISTRICTS, PLACES, SUPPLEMENT, read_places

SOURCE = "gazetteer"


class Command(BaseCommand):
    help = (
        "Loads the bundled gazetteer, after load_packs, which says where each conflict is "
        "fought. Places that an editor has changed are left alone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        digest = _digest()
        if is_loaded(SOURCE, digest):
            self.stdout.write("Gazetteer: unchanged")
            return
        changes = load_places(read_places())
        remember_load(SOURCE, digest)
        self.stdout.write(f"Gazetteer: places: {changes}")


def _digest() -> str:
    """Of the files and of the conflicts' regions, by which places belong to them."""
    content = hashlib.sha256()
    for path in (PLACES, SUPPLEMENT, ADMIN1, DISTRICTS):
        content.update(path.read_bytes())
    regions = Conflict.objects.order_by("slug").values_list("slug", "regions")
    content.update(repr(list(regions)).encode())
    return content.hexdigest()
