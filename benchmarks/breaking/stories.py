"""What is brought in: articles of real paragraphs, each told once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from random import Random

from training.articles import HALVES, coded_articles

PARAGRAPHS = 4  # of a story
LEAST = 60  # characters of a paragraph
PAPERS = 5
FIRST_DAY = datetime(2023, 1, 11, 18, tzinfo=UTC)
# How a story comes in: sent to the API alone, or in a file; in a file, or by its address, given
# in the form of the page; by a command; by a feed.
WAYS = ("api", "api-file", "page-file", "address", "command", "feed")


@dataclass(frozen=True, slots=True)
class Story:
    """An article that is brought in one way; its title tells it from all others."""

    number: int
    way: str
    publisher: str
    published: str
    title: str
    text: str

    @property
    def path(self) -> str:
        """Of its page on the site that tells it."""
        return f"/story-{self.number}.html"

    def line(self) -> str:
        """As a line of JSON Lines."""
        told = {"publisher": self.publisher, "published": self.published, "title": self.title}
        return json.dumps({**told, "text": self.text})

    def item(self, site: str) -> str:
        """As an item of an RSS feed."""
        told = format_datetime(datetime.fromisoformat(self.published))
        url = f"{site}{self.path}"
        return (
            f"<item><title>{self.title}</title><link>{url}</link><guid>{url}</guid>"
            f"<pubDate>{told}</pubDate></item>"
        )

    def page(self) -> str:
        """As a page of a site."""
        paragraphs = "\n".join(f"<p>{escape(one)}</p>" for one in self.text.split("\n\n"))
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
            f"<title>{self.title}</title>"
            f'<meta property="og:title" content="{self.title}">'
            f'<meta property="og:site_name" content="{self.publisher}">'
            f'<meta property="article:published_time" content="{self.published}">'
            f"</head><body><article><h1>{self.title}</h1>\n{paragraphs}</article></body></html>"
        )


def stories(number: int, seed: int, ways: Sequence[str] = WAYS) -> list[Story]:
    """As many articles, the same ones for the same seed: each of a few paragraphs of several
    coded articles, so that hardly two of them are near copies."""
    random = Random(seed)  # noqa: S311 - draws texts
    articles = [one.article for half in HALVES for one in coded_articles(half)]
    paragraphs = [
        words
        for article in articles
        for words in (" ".join(part.split()) for part in article.text.split("\n\n"))
        if len(words) >= LEAST
    ]
    made = []
    for index in range(number):
        published = FIRST_DAY + timedelta(hours=3 * index)
        made.append(
            Story(
                number=index,
                way=ways[index % len(ways)],
                publisher=f"Paper {random.randrange(PAPERS) + 1}",
                published=published.isoformat(),
                title=f"Report {index} of the day",
                text="\n\n".join(random.sample(paragraphs, PARAGRAPHS)),
            )
        )
    return made
