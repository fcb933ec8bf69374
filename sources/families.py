"""Text families: which documents have the same text, or nearly.

A family is that of its head, the earliest published text of it; every other text in it is a
copy of the head (`sources.copies.is_copy`), so that copies of copies do not lead away from it.
Which texts to compare is found by the shingles that stand for them, in bounded time whatever
the number of texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Coalesce

from sources.copies import Text, is_copy
from sources.models import Document, TextSample

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Own(TypedDict):
        own: UUID

    OwnDocument = WithAnnotations[Document, Own]
else:
    OwnDocument = Document

LOOKED_UP = 64  # shingles of a text that others are looked for by
LATEST = 50  # texts that a shingle offers: one that stands in thousands tells nothing
MOST_OFFERED = 20  # texts that are compared: those with the most shingles in common
LOCK = 0x7E57FA11  # of the database: one text is put in its family at a time

# The latest texts with each of the shingles; those with the most of them first.
OFFERED = """
SELECT found.family_id FROM unnest(%s::bigint[]) AS looked (hash)
CROSS JOIN LATERAL (
    SELECT family_id FROM sources_textsample AS sample
    WHERE sample.hash = looked.hash AND sample.family_id <> %s
    ORDER BY family_id DESC LIMIT %s
) AS found
GROUP BY found.family_id ORDER BY count(*) DESC, found.family_id LIMIT %s
"""

# Those of the texts that have a shingle in common with another.
SHARING = """
SELECT DISTINCT mine.family_id FROM sources_textsample AS mine
WHERE mine.family_id = ANY(%s) AND EXISTS (
    SELECT FROM sources_textsample AS other
    WHERE other.hash = mine.hash AND other.family_id <> mine.family_id
)
"""


@dataclass(frozen=True)
class KnownText:
    """A text that documents have: the id of its own family, that of the family in which they
    are, and when it was published first."""

    id: UUID
    head: UUID
    published: datetime
    raw: str

    @cached_property
    def text(self) -> Text:
        return Text(self.raw)

    @property
    def order(self) -> tuple[datetime, UUID]:
        return self.published, self.id

    def repeats(self, other: KnownText) -> bool:
        """Whether it is a later copy of `other`."""
        return other.order < self.order and is_copy(self.text, other.text)


def sample(family: UUID, text: str) -> None:
    """Store the shingles that stand for a text, unless they are there."""
    rows = [TextSample(hash=value, family_id=family) for value in Text(text).sample()]
    TextSample.objects.bulk_create(rows, ignore_conflicts=True)


def sample_many(texts: Mapping[UUID, str]) -> None:
    """As `sample` for the texts of several families."""
    rows = [
        TextSample(hash=value, family_id=family)
        for family, text in texts.items()
        for value in Text(text).sample()
    ]
    TextSample.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)


def to_be_placed(ids: Collection[UUID], known: Collection[UUID]) -> list[UUID]:
    """Which of the families, some of which were `known` before, may have to do with another: those
    that were, and those with a shingle of another text."""
    with connection.cursor() as cursor:
        cursor.execute(SHARING, [list(ids)])
        sharing = {row[0] for row in cursor.fetchall()}
    return [id_ for id_ in ids if id_ in known or id_ in sharing]


@transaction.atomic
def place(family: UUID) -> None:
    """Put the documents with a text, whose shingles are stored, in the family that they belong
    in; and below it the families whose texts repeat it."""
    _wait_for_others()
    (mine,) = _known([family])
    heads = _heads(mine, _offered(mine))
    earlier = [head for head in heads if mine.repeats(head)]
    if earlier:
        head = min(earlier, key=lambda one: one.order)
        _move(mine, head)
        _gather(mine, head)
        return
    _move(mine, mine)
    for later in heads:
        if later.repeats(mine):
            _move(later, mine)
            _gather(later, mine)


@transaction.atomic
def place_after_earlier(family: UUID) -> bool:
    """As `place`, where all earlier texts are in their families and later ones will follow.
    Returns whether anything changed."""
    _wait_for_others()
    (mine,) = _known([family])
    earlier = [text for text in _offered(mine) if text.order < mine.order]
    found = [head for head in _heads(mine, earlier) if mine.repeats(head)]
    return _move(mine, min(found, key=lambda one: one.order, default=mine))


def texts_in_order() -> Iterator[UUID]:
    """The own families of all texts that documents have, in the order of publication."""
    rows = _with_own(Document.objects.order_by()).values_list("own")
    first = rows.annotate(first=Min("published")).order_by("first", "own")
    for own, _ in first.iterator(chunk_size=2000):
        yield own


def texts_without_sample() -> QuerySet[OwnDocument]:
    """A document for each text whose shingles are not stored."""
    rows = _with_own(Document.objects.filter(exact_family=None, family__sample=None))
    return rows.order_by("own", "id").distinct("own")


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _offered(mine: KnownText) -> list[KnownText]:
    """The texts that have the most in common with `mine`."""
    looked_up = mine.text.sample()[:LOOKED_UP]
    with connection.cursor() as cursor:
        cursor.execute(OFFERED, [looked_up, mine.id, LATEST, MOST_OFFERED])
        return _known([row[0] for row in cursor.fetchall()])


def _heads(mine: KnownText, offered: Iterable[KnownText]) -> list[KnownText]:
    """The heads of the families in which the texts are, but `mine`."""
    texts = {text.id: text for text in offered}
    wanted = {text.head for text in texts.values()} - {mine.id}
    texts |= {text.id: text for text in _known(wanted - texts.keys())}
    return [texts[id_] for id_ in sorted(wanted) if id_ in texts]


def _gather(old: KnownText, head: KnownText) -> None:
    """What was in the family of `old` is in that of `head` where it repeats that too; else each
    text is in its own."""
    in_it = Document.objects.filter(family=old.id, exact_family__isnull=False)
    for text in _known(set(in_it.values_list("exact_family", flat=True))):
        _move(text, head if text.repeats(head) else text)


def _known(families: Collection[UUID]) -> list[KnownText]:
    """The texts of these own families, as the first document that was published has them."""
    rows = _with_own(_with_text(families)).order_by("own", "published", "id").distinct("own")
    return [
        KnownText(row.own_family_id, row.family_id, row.published, row.text)
        for row in rows.only("family", "exact_family", "published", "text")
    ]


def _move(text: KnownText, head: KnownText) -> bool:
    """Put the documents with `text` in the family of `head`. Returns whether any was not there."""
    elsewhere = _with_text([text.id]).exclude(family=head.id)
    exact = None if head.id == text.id else text.id
    return bool(elsewhere.update(family=head.id, exact_family=exact))


def _with_text(families: Collection[UUID]) -> QuerySet[Document]:
    """The documents with exactly these texts, wherever they are."""
    return Document.objects.filter(
        Q(exact_family__in=families) | Q(family__in=families, exact_family=None)
    )


def _with_own(rows: QuerySet[Document]) -> QuerySet[OwnDocument]:
    """The documents with the own families of their texts as `own`."""
    return rows.annotate(own=Coalesce("exact_family_id", "family_id"))
