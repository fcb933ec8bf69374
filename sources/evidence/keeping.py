"""What was received gets its bytes into the storage and its rows into the database.

The row of the bytes is written first but seen last: others see it once the transaction has ended,
and by then the bytes are in the storage. So there is never a row without its bytes; what is cut
off leaves no more than an object without a row, which `manage.py verify_evidence` names. And as
long as a row is written, whoever keeps the same bytes waits, so that they are stored once.
"""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from sources.evidence.objects import evidence, object_name, pack, pack_file, put
from sources.fetch import Fetched
from sources.models import Article, Document, Snapshot, StoredBytes

logger = logging.getLogger(__name__)

# Said to people where bytes could not be kept.
NOT_KEPT = gettext_noop("What was received cannot be kept: its storage does not answer.")


def keep(page: Fetched, *, article: Article | None = None) -> Snapshot:
    """What a site answered, as it was sent. Each answer has a snapshot of its own; of the same
    bytes only the first is stored. Call it before anything of the answer is read, and in a
    transaction of its own: one that is undone takes the snapshot with it.

    Raises OSError where the storage does not take it, ValueError for an answer that says no more
    than that nothing has changed.
    """
    if not page.changed:
        raise ValueError("Nothing was received: the site says that the page has not changed")
    return _keep(
        page.raw or page.content,
        way=Snapshot.Way.FETCHED,
        asked=page.asked or page.url,
        address=page.url,
        moved=page.moved,
        status=page.status,
        headers=[[_storable(name), _storable(value)] for name, value in page.headers],
        article=article,
    )


def keep_upload(name: str, content: bytes) -> Snapshot:
    """A file as somebody brought it in, under the name that it came with. As `keep`."""
    return _keep(content, way=Snapshot.Way.UPLOADED, name=_storable(name)[:300])


def keep_file(path: Path) -> Snapshot:
    """As `keep_upload`: a file of any size, of which little is in memory at a time."""
    with TemporaryFile() as packed:
        sha256, size = pack_file(path, packed)
        said = {"way": Snapshot.Way.UPLOADED, "name": _storable(path.name)[-300:]}
        return _keep_packed(sha256, size, packed, packed.tell(), said)


@transaction.atomic
def note_read(file: Snapshot, documents: Iterable[Document]) -> None:
    """Write down that `documents` were read from the file. Where one of them is withdrawn, the file
    is, too."""
    documents = list(documents)
    through = Snapshot.holds.through
    rows = [through(snapshot=file, document=document) for document in documents]
    through.objects.bulk_create(rows, ignore_conflicts=True)
    for document in documents:
        if document.withdrawn_at is not None:
            withdraw_bytes(document)


@transaction.atomic
def withdraw_bytes(document: Document) -> list[StoredBytes]:
    """Take away what was received of a document: the answers and files that it was read from, and
    of its article those that nothing was read from. The rows stay and say when. A file that held
    other documents, too, goes as a whole.

    The objects go once the transaction has ended. One that the storage does not let go of then is
    logged and named by `manage.py verify_evidence`; doing it again tries again.
    """
    return withdraw_stored(received_of(document))


@transaction.atomic
def withdraw_stored(which: QuerySet[StoredBytes]) -> list[StoredBytes]:
    """As `withdraw_bytes`, for whatever reason these are to go."""
    found = list(which.select_for_update())
    now = timezone.now()
    for stored in found:
        if stored.withdrawn_at is None:
            stored.withdrawn_at = now
            stored.save(update_fields=["withdrawn_at"])
    transaction.on_commit(partial(_remove, [stored.sha256 for stored in found]))
    return found


def received_of(document: Document) -> QuerySet[StoredBytes]:
    """The bytes that a document was read from, and those of its article that nothing was read
    from."""
    snapshots = Snapshot.objects.order_by()
    ways = [Q(brought__document=document), Q(holds=document)]
    if document.article_id is not None:
        ways.append(Q(article=document.article_id, document=None))
    # A union, since each part of it has its index.
    ids = snapshots.filter(document=document).values("bytes")
    ids = ids.union(*(snapshots.filter(way).values("bytes") for way in ways))
    return StoredBytes.objects.filter(pk__in=ids).order_by("pk")


@transaction.atomic
def withdraw_known(sizes: Mapping[str, tuple[int, int]], *, at: datetime) -> None:
    """Bytes of which only hashes are known, with their sizes as received and as kept, are
    withdrawn, and so not kept when they come. As `withdraw_bytes`."""
    rows = (
        StoredBytes(sha256=sha256, size=size, stored_size=stored, withdrawn_at=at)
        for sha256, (size, stored) in sizes.items()
    )
    StoredBytes.objects.bulk_create(rows, ignore_conflicts=True)
    StoredBytes.objects.filter(pk__in=sizes, withdrawn_at=None).update(withdrawn_at=at)
    transaction.on_commit(partial(_remove, list(sizes)))


def _keep(received: bytes, **said: Any) -> Snapshot:
    packed = pack(received)
    sha256 = hashlib.sha256(received).hexdigest()
    return _keep_packed(sha256, len(received), packed, len(packed), said)


@transaction.atomic
def _keep_packed(
    sha256: str, size: int, packed: bytes | IO[bytes], stored_size: int, said: Mapping[str, Any]
) -> Snapshot:
    stored, created = StoredBytes.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "stored_size": stored_size}
    )
    if created:
        put(sha256, packed)
    elif stored.withdrawn_at is None and not evidence().exists(object_name(sha256)):
        _put_back(sha256, packed)
    return Snapshot.objects.create(bytes=stored, at=timezone.now(), **said)


def _put_back(sha256: str, packed: bytes | IO[bytes]) -> None:
    """Bytes that the storage has lost and that have come again, unless they are withdrawn just
    now."""
    stored = StoredBytes.objects.select_for_update().get(pk=sha256)
    if stored.withdrawn_at is None:
        logger.warning("The bytes %s were missing from the storage, and are put back", sha256)
        put(sha256, packed)


def _remove(withdrawn: Iterable[str]) -> None:
    """What has been decided stays so, whatever the storage says to it."""
    for sha256 in withdrawn:
        try:
            evidence().delete(object_name(sha256))
        except OSError:
            logger.exception("The withdrawn bytes %s are still in the storage", sha256)


def _storable(text: str) -> str:
    """The text with a sign in place of what the database takes in no text: NUL, and halves of
    characters."""
    return "".join(
        "\ufffd" if char == "\0" or unicodedata.category(char) == "Cs" else char for char in text
    )
