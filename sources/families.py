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

# Of each text the latest ones with each of its shingles; those with the most of them first.
OFFERED = """
SELECT mine, family_id FROM (
    SELECT looked.mine, found.family_id, row_number() OVER (
        PARTITION BY looked.mine ORDER BY count(*) DESC, found.family_id
    ) AS number
    FROM unnest(%s::uuid[], %s::bigint[]) AS looked (mine, hash)
    CROSS JOIN LATERAL (
        SELECT family_id FROM sources_textsample AS sample
        WHERE sample.hash = looked.hash AND sample.family_id <> looked.mine
        ORDER BY family_id DESC LIMIT %s
    ) AS found
    GROUP BY looked.mine, found.family_id
) AS counted
WHERE number <= %s ORDER BY mine, number
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


@transaction.atomic
def place_many(ids: Collection[UUID], known: Collection[UUID]) -> None:
    """As `place` of each of the families, of which those that are not `known` are new, and of one
    text each. Most texts share some words with others and repeat none of them: those, which stay
    where they are, are told together."""
    with connection.cursor() as cursor:
        cursor.execute(SHARING, [[id_ for id_ in ids if id_ not in known]])
        sharing = [row[0] for row in cursor.fetchall()]
    near: set[UUID] = set()
    if sharing:
        near = _near(sharing)
    for id_ in ids:
        if id_ in known or id_ in near:
            place(id_)


def _near(ids: Collection[UUID]) -> set[UUID]:
    """Those of the texts that repeat the head of a family which is offered to them, or are
    repeated by it."""
    mine = {text.id: text for text in _known(ids)}
    offered = _offered_to(mine.values())
    others = {id_ for found in offered.values() for id_ in found}
    texts = mine | {text.id: text for text in _known(others - mine.keys())}
    heads = {text.head for text in texts.values()}
    texts |= {text.id: text for text in _known(heads - texts.keys())}
    return {
        id_
        for id_, found in offered.items()
        for head in {texts[other].head for other in found if other in texts}
        if head in texts and (texts[id_].repeats(texts[head]) or texts[head].repeats(texts[id_]))
    }


@transaction.atomic
def place(family: UUID) -> None:
    """Put the documents with a text, whose shingles are stored, in the family that they belong
    in; and below it the families whose texts repeat it. The caller has waited for others."""
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
    wait_for_others()
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


def wait_for_others() -> None:
    """Families are put together by one transaction at a time. Who stores documents waits first of
    all: one that had written a publisher or a text before it waited here would be waited for by who
    is at it, and has the same to write."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _offered(mine: KnownText) -> list[KnownText]:
    """The texts that have the most in common with `mine`."""
    return _known(_offered_to([mine]).get(mine.id, []))


def _offered_to(texts: Iterable[KnownText]) -> dict[UUID, list[UUID]]:
    """Of each text the others that have the most in common with it, these first."""
    looked_up = [(text.id, value) for text in texts for value in text.text.sample()[:LOOKED_UP]]
    ids, hashes = [id_ for id_, _ in looked_up], [value for _, value in looked_up]
    found: dict[UUID, list[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(OFFERED, [ids, hashes, LATEST, MOST_OFFERED])
        for mine, other in cursor.fetchall():
            found.setdefault(mine, []).append(other)
    return found


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
