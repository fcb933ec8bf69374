"""What is known of a withdrawn text, written down beside the evidence: so that one that an older
backup brings back, or a site, is withdrawn again.

Each is an object `withdrawn/<document>.json.gz` of the storage `evidence`: no text, but what the
document's row keeps. The database alone could not tell what was withdrawn after its backup.
"""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from sources.evidence import received_of, withdraw_known
from sources.evidence.objects import evidence, pack, put_object
from sources.evidence.verifying import WITHDRAWALS, Batch, Check
from sources.models import Article, Document, Publisher, TextFamily

logger = logging.getLogger(__name__)

ENDING = ".json.gz"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawn text, by its publisher and hashes. `text_hash` is of the text with white space
    folded; `article`: the address that it stood at, "" where it stood at none; times are ISO 8601,
    `published` in the publisher's offset; `received`: SHA-256 of what it was read from, with the
    sizes in bytes as received and as kept."""

    document: str
    publisher: str
    text_hash: str
    text_sha256: str
    published: str
    url: str
    article: str
    version: int
    conflict: str
    received: dict[str, list[int]]
    at: str
    by: str
    because: str

    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def parsed(line: str | bytes) -> Withdrawal:
    """Raises ValueError where the line is none that `Withdrawal.line` writes."""
    told = json.loads(line)
    try:
        found = Withdrawal(**told)
        UUID(found.document)
        datetime.fromisoformat(found.published)
        datetime.fromisoformat(found.at)
        whole = bool(found.because) and all(len(two) == 2 for two in found.received.values())
    except (TypeError, AttributeError):
        raise ValueError("It has other fields than a withdrawal") from None
    if not whole:
        raise ValueError("It lacks a reason, or the sizes of what was received")
    return found


def withdrawals(documents: Collection[UUID] | None = None) -> Iterator[Withdrawal]:
    """Those that the database knows: of these documents, or all."""
    rows = _withdrawn() if documents is None else _withdrawn().filter(pk__in=documents)
    for one in rows.iterator(chunk_size=500):
        family = one.exact_family or one.family
        by = one.withdrawn_by.get_username() if one.withdrawn_by else ""
        yield Withdrawal(
            document=str(one.pk),
            publisher=one.publisher.name,
            text_hash=family.text_hash,
            text_sha256=one.text_sha256,
            published=one.published_local.isoformat(),
            url=one.url,
            article=one.article.url if one.article else "",
            version=one.version,
            conflict=one.conflict_slug,
            received={row.pk: [row.size, row.stored_size] for row in received_of(one)},
            at=one.withdrawn_at.isoformat() if one.withdrawn_at else "",
            by=by,
            because=one.withdrawn_because,
        )


def write_down(documents: Collection[UUID]) -> None:
    """Once they are withdrawn. Where the storage does not take it, that is logged, named by
    `manage.py verify_evidence`, and made good by `manage.py backup` and `withdraw --again`."""
    try:
        _put(withdrawals(documents))
    except OSError:
        logger.exception("Withdrawals are not written down in the storage of evidence")


def write_down_lacking() -> list[UUID]:
    """Of withdrawn documents those that were not written down, which they are then. Raises
    OSError."""
    lacking = not_written_down()
    _put(withdrawals(lacking))
    return lacking


def not_written_down() -> list[UUID]:
    """Raises OSError."""
    there = set(names())
    ids = Document.objects.exclude(withdrawn_at=None).order_by("pk").values_list("pk", flat=True)
    return [id_ for id_ in ids if _name(str(id_)) not in there]


def written_down() -> Iterator[Withdrawal]:
    """All of the storage. Raises OSError, and ValueError where one of them is something else."""
    for name in names():
        with evidence().open(name, "rb") as packed, gzip.open(packed, "rb") as unpacked:
            line = unpacked.read()
        try:
            yield parsed(line)
        except ValueError as error:
            raise ValueError(f"{name} holds no withdrawal: {error}") from None


def names() -> list[str]:
    """The objects' names. Raises OSError."""
    try:
        _, files = evidence().listdir(WITHDRAWALS)
    except FileNotFoundError:
        return []
    return [f"{WITHDRAWALS}/{file}" for file in sorted(files) if file.endswith(ENDING)]


def _checked(after: str, since: datetime | None) -> Iterator[Batch]:
    """Whether each withdrawn document is written down. Raises OSError."""
    if after:
        return
    lacking = not_written_down()
    faults = tuple(f"document {id_}: withdrawn, but not written down as such" for id_ in lacking)
    yield Batch(_withdrawn().count(), WITHDRAWALS, faults)


CHECK = Check("withdrawals", lambda since: _withdrawn().count(), _checked)


def documents_of(withdrawal: Withdrawal) -> QuerySet[Document]:
    """What the database has of it: the document, or its publisher's same text as another one."""
    own = Q(exact_family__text_hash=withdrawal.text_hash) | Q(
        family__text_hash=withdrawal.text_hash, exact_family=None
    )
    same = own & Q(publisher__name=withdrawal.publisher)
    return Document.objects.filter(Q(pk=withdrawal.document) | same).order_by("pk")


def stand_for(withdrawal: Withdrawal, *, by: User, because: str) -> Document:
    """Make the row of a withdrawn document that the database does not have, with what is known of
    it: the same text, or another one at its address, is not taken then. Call it in a transaction,
    where `documents_of` finds none."""
    publisher, _ = Publisher.objects.get_or_create(name=withdrawal.publisher)
    own, _ = TextFamily.objects.get_or_create(text_hash=withdrawal.text_hash)
    copy = Document.objects.filter(Q(exact_family=own) | Q(family=own, exact_family=None)).first()
    published = datetime.fromisoformat(withdrawal.published)
    offset = published.utcoffset()
    document = Document(
        pk=UUID(withdrawal.document),
        publisher=publisher,
        family_id=copy.family_id if copy else own.pk,
        exact_family_id=copy.exact_family_id if copy else None,
        text_sha256=withdrawal.text_sha256,
        published=published,
        published_offset=int(offset.total_seconds() // 60) if offset else 0,
        url=withdrawal.url,
        conflict_slug=withdrawal.conflict,
        withdrawn_at=datetime.fromisoformat(withdrawal.at),
        withdrawn_by=by,
        withdrawn_because=because,
    )
    if withdrawal.article:
        _put_at_its_address(document, withdrawal, publisher)
    document.save(force_insert=True)
    return document


def forget_received(withdrawal: Withdrawal) -> None:
    """Bytes that were received of it are not kept any more, whatever they are brought in for."""
    at = datetime.fromisoformat(withdrawal.at)
    withdraw_known({sha256: (a, b) for sha256, (a, b) in withdrawal.received.items()}, at=at)


def _put_at_its_address(document: Document, withdrawal: Withdrawal, publisher: Publisher) -> None:
    """Unless a text stands there already: that is withdrawn with it, or its article's."""
    article, _ = Article.objects.get_or_create(
        url=withdrawal.article, defaults={"publisher": publisher}
    )
    article = article.moved_to or article
    if not article.documents.exists():
        document.article, document.version = article, withdrawal.version


def _withdrawn() -> QuerySet[Document]:
    rows = Document.objects.exclude(withdrawn_at=None).order_by("pk").defer("text")
    return rows.select_related("publisher", "family", "exact_family", "article", "withdrawn_by")


def _put(found: Iterable[Withdrawal]) -> None:
    for one in found:
        put_object(_name(one.document), pack(one.line().encode() + b"\n"))


def _name(document: str) -> str:
    return f"{WITHDRAWALS}/{document}{ENDING}"
