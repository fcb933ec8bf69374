"""Pages as a reader without scripts gets them."""

from __future__ import annotations

from html.parser import HTMLParser

from django.test import Client


class Reader(HTMLParser):
    """What a page says, without its markup, and which elements and ids it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.labels: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id" and value:
                self.ids.append(value)
            if name == "href" and value:
                self.links.append(value)
            if name == "aria-label" and value:
                self.labels.append(value)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def read(client: Client, address: str, status: int = 200) -> Reader:
    response = client.get(address)
    assert response.status_code == status
    return Reader(response.content.decode())


def rows(page: Reader) -> list[str]:
    """The ids of the claims in the table."""
    return [id_ for id_ in page.ids if id_.startswith("claim-")]
