"""What a database holds, in words that are the same wherever it was made: without ids and times.

    python -m benchmarks.breaking.content

prints a JSON list of lines, sorted, of the environment's database.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import django

Line = list[Any]


def content() -> list[Line]:
    return sorted(
        [*documents(), *families(), *claims(), *suggestions(), *statuses()], key=json.dumps
    )


def documents() -> Iterator[Line]:
    from sources.models import Document

    rows = Document.objects.select_related("publisher")
    for row in rows:
        when = row.published_local.isoformat()
        yield ["document", row.title, row.publisher.name, when, row.text_sha256, row.provenance]


def families() -> Iterator[Line]:
    from sources.models import Document

    members = defaultdict(list)
    for family, title in Document.objects.values_list("family", "title"):
        members[family].append(title)
    for titles in members.values():
        yield ["family", *sorted(titles)]


def claims() -> Iterator[Line]:
    from claims.models import Claim

    rows = Claim.objects.select_related("document", "place", "claimant", "subject")
    for row in rows.prefetch_related("evidence"):
        yield [
            *("claim", row.document.title, row.place.name, str(row.claimant), str(row.subject)),
            *(row.speaker, row.stance, row.predicate, row.extent, row.part_words, row.part_label),
            *(row.asserted_on.isoformat(), row.asserted_precision, str(row.event_date)),
            *(row.event_precision, row.place_ambiguous, round(row.confidence, 6), row.state),
            *(row.origin, row.version),
            sorted([passage.start, passage.end, passage.quote] for passage in row.evidence.all()),
        ]


def suggestions() -> Iterator[Line]:
    from claims.models import Suggestion

    for row in Suggestion.objects.select_related("run__document"):
        yield ["suggestion", row.run.document.title, row.kind, row.name, row.start, row.end]


def statuses() -> Iterator[Line]:
    from claims.models import Claim, StatusInterval

    titles = dict(Claim.objects.values_list("id", "document__title"))
    for row in StatusInterval.objects.select_related("place"):
        yield [
            *("status", row.place.name, row.include_pending, row.part_label, str(row.start)),
            *(str(row.end), row.status, row.sides, row.divided, row.rule, row.by_own_word),
            [[str(day) for day in pair] for pair in row.word_days],
            sorted(titles[claim] for claim in row.deciding),
        ]


if __name__ == "__main__":
    django.setup()
    json.dump(content(), sys.stdout)
