"""Coded articles: texts of the project's own with every claim in them, coded by hand.

They retell the public record in own words or tell of made-up wars; nothing in them is a source.
Half of them (`aside`) are never looked at while rules are written, so that what is measured on
them holds for articles that nobody has seen.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.extraction.records import Article

FOLDER = Path(__file__).resolve().parent / "articles"
HALVES = ("tuning", "aside")


@dataclass(frozen=True, slots=True)
class Coded:
    """A claim as coded. Days are written as long as their precision; `side` and `subject_side`
    are a side's key in the article's conflict, None for none."""

    place: str
    claimant: str
    claimant_side: str | None
    stance: str
    predicate: str
    subject_side: str | None
    extent: str
    asserted_on: str
    event_date: str | None
    evidence: str


@dataclass(frozen=True, slots=True)
class CodedArticle:
    article: Article
    claims: tuple[Coded, ...]


def coded_articles(half: str) -> Iterator[CodedArticle]:
    """The articles of a half, by name. Raises KeyError where a claim lacks a field."""
    for path in sorted((FOLDER / half).glob("*.toml")):
        with path.open("rb") as file:
            row = tomllib.load(file)
        article = Article(
            id=f"{half}/{path.stem}",
            publisher=row["publisher"],
            published=row["published"],
            text=row["text"].strip("\n"),
            title=row["title"],
            conflict=row.get("conflict"),
        )
        yield CodedArticle(article, tuple(_coded(claim) for claim in row.get("claim", ())))


def _coded(row: dict[str, Any]) -> Coded:
    return Coded(
        place=row["place"],
        claimant=row["claimant"],
        claimant_side=row.get("claimant_side"),
        stance=row["stance"],
        predicate=row["predicate"],
        subject_side=row.get("subject_side") if row["predicate"] != "fighting" else None,
        extent=row.get("extent", "whole"),
        asserted_on=str(row["asserted_on"]),
        event_date=str(row["event_date"]) if "event_date" in row else None,
        evidence=row["evidence"],
    )
