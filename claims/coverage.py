"""How much was published and claimed by whom on which day, and who has gone quiet.

Days are those of publication in UTC. A source is quiet from the day on which its last document is
longer ago than `FACTOR` times its usual gap, and than `LEAST` days. Its usual gap is the median of
the days from one day with documents to the next, over the `HABIT` days before its last document;
with fewer than `ENOUGH` days with documents it has no habit that could be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from claims.models import Claim
from sources.models import Document, Publisher

FACTOR = 3
LEAST = 2  # days
HABIT = 180  # days
ENOUGH = 6  # days with documents


@dataclass(frozen=True, slots=True)
class Habit:
    """`days`: those with documents, ascending, of which some may lie before a range that is
    shown. `gap`: the usual number of days from one to the next, None where too few are known."""

    days: tuple[date, ...]
    gap: float | None

    @property
    def last(self) -> date | None:
        return self.days[-1] if self.days else None

    @property
    def patience(self) -> float | None:
        """The longest silence, in days, that is nothing unusual."""
        return None if self.gap is None else max(LEAST, FACTOR * self.gap)

    def quiet_for(self, day: date) -> int | None:
        """Days since the last document as of `day`, where that is unusually long."""
        if self.patience is None or self.last is None:
            return None
        silent = (day - self.last).days
        return silent if silent > self.patience else None


@dataclass(slots=True)
class Source:
    """A publisher's numbers of documents and of live claims by day, and its habit. `last`: the
    day of its last document by the range's end, however long ago."""

    publisher: Publisher
    last: date | None
    documents: dict[date, int] = field(default_factory=dict)
    claims: dict[date, int] = field(default_factory=dict)

    def habit(self) -> Habit:
        return habit(self.documents)


def habit(documents: Mapping[date, int]) -> Habit:
    """The habit of whoever published so many documents on these days."""
    days = tuple(sorted(day for day, count in documents.items() if count))
    recent = [day for day in days if (days[-1] - day).days <= HABIT]
    if len(recent) < ENOUGH:
        return Habit(days, None)
    between = ((after - before).days for before, after in pairwise(recent))
    return Habit(days, median(between))


def newest_document(conflict: str = "") -> date | None:
    """The day on which the newest document was published; None without any."""
    newest: datetime | None = _documents(conflict).aggregate(at=Max("published"))["at"]
    return newest.astimezone(UTC).date() if newest else None


def sources(first: date, last: date, *, conflict: str = "", publisher: str = "") -> list[Source]:
    """Every publisher that has published by `last`, by name, with its days from `first`, and
    from so long before `last` that its habit can be told, if it was not silent for longer than
    `HABIT` days. Three queries."""
    begin = min(first, last - timedelta(days=2 * HABIT))
    since, until = _midnight(begin), _midnight(last + timedelta(days=1))
    documents = _documents(conflict).filter(published__lt=until)
    latest = documents.filter(publisher=OuterRef("pk")).order_by("-published")
    publishers = Publisher.objects.annotate(at=Subquery(latest.values("published")[:1]))
    if publisher:
        publishers = publishers.filter(name=publisher)
    found = {
        row.pk: Source(row, row.at.astimezone(UTC).date())
        for row in publishers.filter(at__isnull=False).order_by("name")
    }
    recent = documents.filter(published__gte=since, published__lt=until)
    if publisher:
        recent = recent.filter(publisher__in=found)
    for key, day, count in _by_day(recent, "publisher", "published"):
        found[key].documents[day] = count
    claims = Claim.objects.live().filter(
        document__published__gte=_midnight(first),
        document__published__lt=until,
    )
    if publisher:
        claims = claims.filter(document__publisher__in=found)
    if conflict:
        claims = claims.filter(place__conflict__slug=conflict)
    for key, day, count in _by_day(claims, "document__publisher", "document__published"):
        found[key].claims[day] = count
    return list(found.values())


def together(found: list[Source]) -> tuple[dict[date, int], dict[date, int]]:
    """Documents and claims by day, of all sources."""
    documents: dict[date, int] = defaultdict(int)
    claims: dict[date, int] = defaultdict(int)
    for source in found:
        for day, count in source.documents.items():
            documents[day] += count
        for day, count in source.claims.items():
            claims[day] += count
    return dict(documents), dict(claims)


def _documents(conflict: str) -> QuerySet[Document]:
    """All; of a conflict those that were filed under it or claim something about its towns."""
    if not conflict:
        return Document.objects.all()
    about = Claim.objects.live().filter(document=OuterRef("pk"), place__conflict__slug=conflict)
    return Document.objects.filter(Q(conflict_slug=conflict) | Exists(about))


def _by_day(rows: QuerySet, publisher: str, published: str) -> list[tuple[UUID, date, int]]:
    counted = rows.order_by().values(publisher, day=TruncDate(published, tzinfo=UTC))
    return [
        (row[publisher], row["day"], row["count"]) for row in counted.annotate(count=Count("*"))
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
