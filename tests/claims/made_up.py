"""An extraction that needs no parsing model: it finds the same claim in every article."""

from __future__ import annotations

from datetime import date

from claims.extraction.records import ActorRef, Article, ExtractedClaim, PlaceRef


def captured(article: Article) -> ExtractedClaim:
    wagner = ActorRef("Wagner Group", "wagner-group", "russia")
    return ExtractedClaim(
        place=PlaceRef("Soledar", "test-soledar", "ukraine"),
        claimant=wagner,
        speaker="",
        stance="asserts",
        predicate="captured",
        subject=wagner,
        extent="whole",
        part_words="",
        part_label="",
        asserted_on=date(2023, 1, 11),
        asserted_precision="day",
        event_date=None,
        event_precision=None,
        passages=(),
        confidence=0.9,
    )
