"""What was received of a document, as its page shows it to those who may have it."""

from __future__ import annotations

from dataclasses import dataclass

from sources.evidence import warc
from sources.models import Document, Snapshot

MOST = 20  # on a page; the file has all


@dataclass(frozen=True, slots=True)
class Received:
    """`snapshots`: the first ones, by time; `more`: how many there are besides."""

    snapshots: tuple[Snapshot, ...]
    more: int

    @property
    def any_bytes(self) -> bool:
        """Whether there is anything to fetch; of what is withdrawn only the hash is left."""
        return bool(self.more) or any(one.bytes.withdrawn_at is None for one in self.snapshots)


def received_of(document: Document) -> Received:
    found = warc.chosen(documents=[document.pk])
    shown = tuple(found[: MOST + 1])
    more = found.count() - MOST if len(shown) > MOST else 0
    return Received(shown[:MOST], more)


def warc_name(document: Document) -> str:
    """Of the file with all of it: by the id, since titles come from outside."""
    return f"document-{document.pk}.warc.gz"
