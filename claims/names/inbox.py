"""Names that extraction did not know: which, how often, where, and who or what stands for them
meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from claims.extraction.records import NameKind
from claims.models import Claim, ClaimQuerySet, Suggestion
from claims.names.ruled import key_of
from entities.models import Actor, Conflict, Place
from sources.models import Document

FIELDS: dict[NameKind, tuple[str, ...]] = {"place": ("place",), "actor": ("claimant", "subject")}
NO_CONFLICT = "none"  # in a filter: documents and towns of no war
# A use of a name is a document in which it was suggested, or a claim that stands on its
# provisional actor or place; of the war that the document is about, or the town is in.
_USES = """
  SELECT s.kind, s.folded, s.name, r.document_id, NULL::uuid AS claim_id,
         d.conflict_slug AS conflict
    FROM claims_suggestion s
    JOIN claims_extractionrun r ON r.id = s.run_id
    JOIN sources_document d ON d.id = r.document_id
  UNION ALL
  SELECT 'place', n.folded, n.name, c.document_id, c.id,
         coalesce(nullif(d.conflict_slug, ''), w.slug, '')
    FROM claims_claim c
    JOIN sources_document d ON d.id = c.document_id
    JOIN entities_place p ON p.id = c.place_id AND p.provisional
    JOIN entities_placename n ON n.place_id = p.id AND n."order" = 0
    LEFT JOIN entities_conflict w ON w.id = p.conflict_id
   WHERE c.state = ANY(%(live)s)
"""
# One by one: a join by either column would compare every claim with every provisional actor.
_USES += "".join(
    f"""
  UNION ALL
  SELECT 'actor', n.folded, n.name, c.document_id, c.id,
         coalesce(nullif(d.conflict_slug, ''), w.slug, '')
    FROM claims_claim c
    JOIN sources_document d ON d.id = c.document_id
    JOIN entities_actor a ON a.id = c.{column} AND a.provisional
    JOIN entities_actorname n ON n.actor_id = a.id AND n.kind = 'name' AND n."order" = 0
    JOIN entities_place p ON p.id = c.place_id
    LEFT JOIN entities_conflict w ON w.id = p.conflict_id
   WHERE c.state = ANY(%(live)s)
"""  # noqa: S608 - of the columns named here
    for column in ("claimant_id", "subject_id")
)
_OPEN = f"""
  SELECT kind, folded,
         count(DISTINCT document_id) AS documents, count(DISTINCT claim_id) AS claims
    FROM ({_USES}) AS used
   WHERE (%(kind)s = '' OR kind = %(kind)s)
     AND (%(conflict)s::text IS NULL OR conflict = %(conflict)s)
     AND (%(part)s = '' OR strpos(folded, %(part)s) > 0)
     AND NOT EXISTS (
       SELECT FROM claims_namedecision ruled
        WHERE ruled.kind = used.kind AND ruled.folded = used.folded AND ruled.outcome <> 'undo'
          AND NOT EXISTS (SELECT FROM claims_namedecision u WHERE u.undoes_id = ruled.id))
   GROUP BY kind, folded
"""  # noqa: S608 - of the text above


@dataclass(frozen=True, slots=True)
class OpenName:
    """A name that nobody has ruled on, in its commonest spelling: in how many documents it stands,
    and how many claims hold its provisional actor or place."""

    kind: NameKind
    folded: str
    name: str
    documents: int
    claims: int

    @property
    def key(self) -> str:
        """As addresses have it."""
        return f"{self.kind}:{self.folded}"


class OpenNames:
    """The names that nobody has ruled on, the most frequent first; read a page at a time.
    `conflict`: a slug, `NO_CONFLICT`, or "" for any; `part`: of the name, in any spelling."""

    def __init__(self, *, kind: str = "", conflict: str = "", part: str = "") -> None:
        wars = {"": None, NO_CONFLICT: ""}
        self._asked = {
            "kind": kind,
            "conflict": wars.get(conflict, conflict),
            "part": key_of(part) if part else "",
            "live": [*Claim.counting(include_pending=True)],
        }

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many names there are, by kind."""
        rows = self._rows(f"SELECT kind, count(*) FROM ({_OPEN}) AS names GROUP BY kind")  # noqa: S608
        return dict(rows)

    def __len__(self) -> int:
        return sum(self.counts.values())

    def __getitem__(self, part: slice) -> list[OpenName]:
        order = "ORDER BY documents DESC, claims DESC, folded, kind LIMIT %(most)s OFFSET %(first)s"
        first = part.start or 0
        return self._named(self._rows(f"{_OPEN} {order}", first=first, most=part.stop - first))

    def named(self, kind: str, folded: str) -> OpenName | None:
        """The one of this kind and folded name, if it is among them."""
        rows = self._rows(
            f"SELECT * FROM ({_OPEN}) AS names WHERE kind = %(its)s AND folded = %(folded)s",  # noqa: S608
            its=kind,
            folded=folded,
        )
        return next(iter(self._named(rows)), None)

    def _named(self, rows: list[tuple[Any, ...]]) -> list[OpenName]:
        """In their commonest spellings, which are looked up for these alone."""
        written = self._rows(
            f"""SELECT kind, folded, mode() WITHIN GROUP (ORDER BY name) FROM ({_USES}) AS used
                WHERE folded = ANY(%(these)s) AND kind = ANY(%(kinds)s) GROUP BY kind, folded""",  # noqa: S608
            these=[folded for _, folded, *_ in rows],
            kinds=sorted({kind for kind, *_ in rows}),
        )
        names = {(kind, folded): name for kind, folded, name in written}
        return [
            OpenName(kind, folded, names[kind, folded], documents, claims)
            for kind, folded, documents, claims in rows
        ]

    def _rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query, self._asked | values)
            return cursor.fetchall()


@dataclass(frozen=True, slots=True)
class NameUse:
    """What a ruling on a name touches: where texts write it and how, which provisional rows
    stand for it, and the conflicts that it is used in (None: none)."""

    kind: NameKind
    folded: str
    spellings: tuple[str, ...]
    rows: tuple[Actor | Place, ...]
    documents: frozenset[UUID]
    conflicts: frozenset[UUID | None]


def use_of(kind: NameKind, name: str) -> NameUse:
    """Of this name in any spelling. Six queries at most."""
    folded = key_of(name)
    suggested = Suggestion.objects.filter(kind=kind, folded=folded).order_by()
    rows = provisional(kind, folded)
    claims = list(
        claims_on(kind, rows).values_list("document", "place__conflict", "document__conflict_slug")
    )
    documents = {document for document, *_ in claims}
    written = [row.name for row in rows] + [
        one.name for row in rows for one in row.names.all() if one.folded == folded
    ]
    slugs = {slug for *_, slug in claims}
    for document, slug, spelling in suggested.values_list(
        "run__document", "run__document__conflict_slug", "name"
    ):
        documents.add(document)
        slugs.add(slug)
        written.append(spelling)
    wars: set[UUID | None] = {war for _, war, _ in claims}
    return NameUse(
        kind=kind,
        folded=folded,
        spellings=tuple(dict.fromkeys(written)),
        rows=rows,
        documents=frozenset(documents),
        conflicts=_conflicts(wars, slugs, documents),
    )


def provisional(kind: NameKind, folded: str) -> tuple[Actor | Place, ...]:
    """The provisional rows that stand for a name, the oldest first: a town's name may have one
    in every war."""
    if kind == "place":
        places = Place.objects.filter(provisional=True, names__folded=folded)
        return tuple(
            places.select_related("conflict").prefetch_related("names").distinct().order_by("id")
        )
    actors = Actor.objects.filter(provisional=True, names__folded=folded)
    return tuple(
        actors.select_related("parent")
        .prefetch_related("names", "allegiances__side")
        .distinct()
        .order_by("id")
    )


def claims_on(kind: NameKind, rows: Iterable[Actor | Place]) -> ClaimQuerySet:
    """The claims that hold any of these actors or places."""
    ids = [row.pk for row in rows]
    holds = Q()
    for field in FIELDS[kind]:
        holds |= Q(**{f"{field}__in": ids})
    return Claim.objects.filter(holds).order_by()


def _conflicts(
    wars: set[UUID | None], slugs: set[str], documents: set[UUID]
) -> frozenset[UUID | None]:
    """The wars of the claims and of the documents; where these tell none, those of the towns
    that the documents speak about."""
    found = wars | set(Conflict.objects.filter(slug__in=slugs - {""}).values_list("pk", flat=True))
    if not found - {None} and documents:
        spoken = Document.objects.filter(pk__in=documents, claims__isnull=False)
        found = set(spoken.values_list("claims__place__conflict", flat=True).distinct())
    return frozenset(found - {None} or {None})


def sentences(use: NameUse, most: int) -> Iterator[Suggestion]:
    """Where texts first write the name, the latest documents first: of each document one."""
    rows = Suggestion.objects.filter(kind=use.kind, folded=use.folded)
    seen: set[UUID] = set()
    for one in rows.select_related("run__document__publisher").order_by(
        "-run__document__published", "start"
    )[: most * 3]:
        if one.run.document_id not in seen and len(seen) < most:
            seen.add(one.run.document_id)
            yield one
