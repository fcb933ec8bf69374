"""Whether what is kept is what was received, and texts are what their hashes say.

A check goes through its rows in the order of their ids, batch by batch, and says after each how
far it has come, so that one that was cut off can go on from there. Little is in memory at a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sources.evidence.objects import OBJECT, Damaged, evidence, object_name, pieces
from sources.models import Document, StoredBytes

BATCH = 500  # rows
WITHDRAWALS = "withdrawn"  # what `sources.withdrawals` writes down
FOLDERS = frozenset(f"{number:02x}" for number in range(256))
# An object that is younger may be of a transaction that has not ended yet.
SETTLED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Batch:
    """What has been checked since the batch before: how many, up to which id, and what was found
    wrong, each a line that names it."""

    count: int
    upto: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """`run(after, since)` checks what comes after an id ("": from the beginning) and was kept at
    `since` or later (None: ever); `total(since)` says how many `unit`s that are."""

    unit: str
    total: Callable[[datetime | None], int]
    run: Callable[[str, datetime | None], Iterator[Batch]]


def stored_bytes(after: str, since: datetime | None) -> Iterator[Batch]:
    """Each row of bytes against its object, which is read whole. Raises OSError where the storage
    cannot be used at all."""
    rows = _kept(since).order_by("pk")
    while batch := list(rows.filter(pk__gt=after)[:BATCH]):
        faults = tuple(fault for stored in batch if (fault := _fault(stored)))
        after = batch[-1].pk
        yield Batch(len(batch), after, faults)


def objects(after: str, since: datetime | None, *, remove: bool = False) -> Iterator[Batch]:
    """Each object against its row: one without a row is left by a transaction that was undone,
    one of withdrawn bytes by a storage that did not let it go. `remove` takes these away. All
    names are looked at, whatever `since` is. Raises OSError as `stored_bytes` does."""
    storage = evidence()
    folders, files = _listed(storage, "")
    if not after:
        known = FOLDERS | {WITHDRAWALS}
        odd = [f"{name}/" for name in folders if name not in known] + files
        yield Batch(0, "", tuple(f"{name}: not an object of evidence" for name in sorted(odd)))
    for folder in sorted(name for name in folders if name in FOLDERS and name > after):
        _, files = _listed(storage, folder)
        names = [f"{folder}/{file}" for file in sorted(files)]
        yield Batch(len(names), folder, tuple(_unknown(storage, folder, names, remove)))


def texts(after: str, since: datetime | None) -> Iterator[Batch]:
    """Each document's text against its hash; of a withdrawn one, that its bytes are withdrawn."""
    rows = _documents(since).order_by("pk").only("text", "text_sha256", "withdrawn_at")
    while batch := list((rows.filter(pk__gt=after) if after else rows)[:BATCH]):
        faults = [f"document {one.pk}: {fault}" for one in batch if (fault := _text_fault(one))]
        withdrawn = [one.pk for one in batch if one.withdrawn_at is not None]
        faults += [
            f"document {document}: withdrawn, but bytes {sha256} of it are still kept"
            for document, sha256 in _still_kept(withdrawn)
        ]
        after = str(batch[-1].pk)
        yield Batch(len(batch), after, tuple(faults))


def _still_kept(withdrawn: list[UUID]) -> list[tuple[UUID, str]]:
    """Of withdrawn documents the bytes that are not, be it a page or a file."""
    kept = StoredBytes.objects.filter(withdrawn_at=None)
    pages = kept.filter(snapshots__document__in=withdrawn)
    files = kept.filter(snapshots__holds__in=withdrawn)
    return sorted(
        {
            *pages.values_list("snapshots__document", "pk"),
            *files.values_list("snapshots__holds", "pk"),
        }
    )


def _fault(stored: StoredBytes) -> str:
    if stored.withdrawn_at is not None:
        return ""
    try:
        for _ in pieces(stored):
            pass
    except FileNotFoundError:
        return f"bytes {stored.pk}: missing from the storage"
    except Damaged as error:
        return f"bytes {stored.pk}: {error}"
    return ""


def _unknown(storage: Storage, folder: str, names: list[str], remove: bool) -> Iterator[str]:
    """What is wrong with the objects in a folder."""
    rows = StoredBytes.objects.filter(pk__startswith=folder).values_list("pk", "withdrawn_at")
    withdrawn_at = dict(rows)
    for name in names:
        found = OBJECT.fullmatch(name)
        sha256 = found["sha256"] if found else ""
        if sha256 and sha256 in withdrawn_at:
            if withdrawn_at[sha256] is not None:
                if remove:
                    storage.delete(name)
                yield f"{name}: its bytes are withdrawn" + _gone(remove)
        elif _settled(storage, name):
            removed = remove and (
                _remove_unknown(sha256) if sha256 else _remove_half(storage, name)
            )
            what = "no row knows it" if sha256 else "not an object of evidence"
            yield f"{name}: {what}" + _gone(removed)


def _gone(removed: bool) -> str:
    return "; it has been removed" if removed else ""


def _settled(storage: Storage, name: str) -> bool:
    try:
        return storage.get_modified_time(name) < timezone.now() - SETTLED
    except FileNotFoundError:
        return False


def _remove_unknown(sha256: str) -> bool:
    """Take an object away unless its row has come meanwhile. As long as this transaction has the
    row's place, whoever keeps the same bytes waits, and stores them then."""
    with transaction.atomic():
        _, ours = StoredBytes.objects.get_or_create(
            sha256=sha256, defaults={"size": 0, "stored_size": 0}
        )
        if ours:
            evidence().delete(object_name(sha256))
        transaction.set_rollback(True)
    return ours


def _remove_half(storage: Storage, name: str) -> bool:
    """Take away what a write that was cut off has left beside an object; nothing else."""
    beside, _, _ = name.rpartition(".")
    if OBJECT.fullmatch(beside):
        storage.delete(name)
        return True
    return False


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    """Folders and files in it; a folder in which nothing was kept yet is not there."""
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _text_fault(document: Document) -> str:
    if document.withdrawn_at is not None:
        return "" if document.text_sha256 else "has lost the hash of its withdrawn text"
    if hashlib.sha256(document.text.encode()).hexdigest() != document.text_sha256:
        return "its text is not what its hash says"
    return ""


def _kept(since: datetime | None) -> QuerySet[StoredBytes]:
    rows = StoredBytes.objects.all()
    return rows if since is None else rows.filter(kept_at__gte=since)


def _documents(since: datetime | None) -> QuerySet[Document]:
    rows = Document.objects.all()
    return rows if since is None else rows.filter(ingested_at__gte=since)


BYTES = Check("stored bytes", lambda since: _kept(since).count(), stored_bytes)
OBJECTS = Check("objects", lambda since: StoredBytes.objects.count(), objects)
TEXTS = Check("texts", lambda since: _documents(since).count(), texts)
