"""Documents in and predictions out, a JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from claims.extraction.records import Article, ExtractedClaim, Extraction, Precision


class InputError(ValueError):
    """A line that is no document; the message says which line and why."""


def read_articles(
    lines: Iterable[str], conflict: str | None = None, errors: list[str] | None = None
) -> Iterator[Article]:
    """The articles of a JSON Lines file. `conflict` is taken where a document names none.

    `errors` collects what is wrong, a line each with the line's number and the reason, and
    the rest is read.

    Raises:
        InputError: at the first line that is not a document, where nothing collects them.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _article(json.loads(line), conflict)
        except (KeyError, TypeError, ValueError) as error:
            wrong = f"line {number}: {_reason(error)}"
            if errors is None:
                raise InputError(wrong) from error
            errors.append(wrong)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg}"
    if isinstance(error, KeyError):
        return f"the field {error} is missing"
    return str(error)


def _article(row: Any, conflict: str | None) -> Article:
    if not isinstance(row, dict):
        raise TypeError("not a JSON object")
    for key in ("id", "publisher", "published", "text"):
        if not isinstance(row[key], str):
            raise TypeError(f"the field '{key}' is not text")
    published = datetime.fromisoformat(row["published"].replace("Z", "+00:00"))
    if published.tzinfo is None:
        raise ValueError("'published' has no time zone")
    return Article(
        id=row["id"],
        publisher=row["publisher"],
        published=published,
        text=row["text"],
        title=row.get("title") or "",
        conflict=row.get("conflict") or conflict,
    )


def prediction(extraction: Extraction) -> dict[str, Any]:
    """An extraction in the form of the predictions file."""
    row: dict[str, Any] = {
        "id": extraction.article.id,
        "claims": [_claim(claim, extraction.article.text) for claim in extraction.claims],
    }
    if extraction.skipped:
        row["skipped"] = extraction.skipped
    return row


def write_day(day: date | None, precision: Precision | None) -> str | None:
    """A day as long as its precision: a month "2023-01", a week as its Monday."""
    if day is None:
        return None
    length = {"year": 4, "month": 7}.get(precision or "day", 10)
    return day.isoformat()[:length]


def _claim(claim: ExtractedClaim, text: str) -> dict[str, Any]:
    first = claim.passages[0]
    return {
        "place": claim.place.name,
        "place_key": claim.place.key,
        "place_ambiguous": claim.place.ambiguous,
        "claimant": claim.claimant.name if claim.claimant else "publisher",
        "claimant_side": claim.claimant.side if claim.claimant else None,
        "stance": claim.stance,
        "predicate": claim.predicate,
        "subject": claim.subject.name if claim.subject else None,
        "subject_side": claim.subject.side if claim.subject else None,
        "extent": claim.extent,
        "asserted_on": write_day(claim.asserted_on, claim.asserted_precision),
        "asserted_precision": claim.asserted_precision,
        "event_date": write_day(claim.event_date, claim.event_precision),
        "event_precision": claim.event_precision,
        "evidence": text[first.start : first.end],
        "spans": [[passage.start, passage.end] for passage in claim.passages],
        "speaker": claim.speaker,
        "part_words": claim.part_words,
        "part_label": claim.part_label,
        "confidence": claim.confidence,
        "cue": first.cue,
    }
