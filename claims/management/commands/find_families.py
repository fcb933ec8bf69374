"""Find anew which documents repeat another's text, and derive the towns that this concerns."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.management.base import BaseCommand
from tqdm import tqdm

from claims.derive import derive_due
from sources.families import place_after_earlier, sample, texts_in_order, texts_without_sample

BAR_FROM = 200  # texts: fewer are done before a bar can be read
Item = TypeVar("Item")


class Command(BaseCommand):
    help = (
        "Find anew which documents repeat another's text: for documents that came before near "
        "copies were looked for, or in another order than that of their publication. Each text "
        "is done by itself; one that was interrupted can be repeated, and changes nothing where "
        "all is found. The statuses of the towns that it concerns are derived at the end."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = texts_without_sample()
        for document in self._bar(waiting.iterator(chunk_size=100), "sample", waiting.count()):
            sample(document.own_family_id, document.text)
        texts = list(texts_in_order())
        moved = sum(place_after_earlier(text) for text in self._bar(texts, "text", len(texts)))
        towns = derive_due()
        self.stdout.write(f"{len(texts)} texts, {moved} in another family now, {towns} towns")

    def _bar(self, items: Iterable[Item], unit: str, total: int) -> Iterable[Item]:
        return tqdm(items, unit=unit, total=total, file=sys.stderr, disable=total <= BAR_FROM)
