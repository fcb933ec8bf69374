"""Feeds and articles as a site on this machine has them; people and towns are made up."""

from __future__ import annotations

from tests.sources.site import answer

TOWNS = ("Verhivka", "Stara Krynytsia", "Nyzhnia Duvanka", "Bilopil", "Zelenyi Hai")


def page(number: int, more: str = "", head: str = "") -> bytes:
    """An article as a web page, which tells no other's text."""
    town = TOWNS[number % len(TOWNS)]
    return answer(
        f"""<!doctype html><html lang="en"><head><title>Report {number}: {town}</title>{head}</head>
        <body><main><article><h1>Report {number}: {town}</h1>
        <p>Fighting for {town} went on during the night of report {number}, two officials said on
        the telephone, and neither side has the town to itself. Some {number} houses burnt.</p>
        <p>The roads north of {town} were closed for the {number}th time this winter, and those who
        live there were told to stay at home until further notice. {more}</p>
        </article></main></body></html>""".encode()
    )


def item(number: int, at: str = "", guid: str = "", date: str = "") -> str:
    date = date or f"Wed, 11 Jan 2023 18:{number % 60:02}:00 +0200"
    return (
        f"<item><title>Report {number}</title><link>{at or f'/{number}.html'}</link>"
        f'<guid isPermaLink="false">{guid or f"report-{number}"}</guid>'
        f"<pubDate>{date}</pubDate><author>mail@courier.example (R. Reporter)</author></item>"
    )


def rss(*items: str, headers: tuple[str, ...] = ()) -> bytes:
    body = f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
        <title>Example Courier</title>{"".join(items)}</channel></rss>"""
    return answer(body.encode(), "Content-Type: application/rss+xml", *headers)
