"""PDF files: the text of their pages, and what they say of themselves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sources.adapters import Defaults, Incomplete, RawDocument, Unreadable, pdf
from tests.hostile.pdfs import PAGE, packed, shown, stream
from tests.hostile.pdfs import pdf as made

NOON = datetime(2023, 3, 1, 12, tzinfo=UTC)
INFO = b"<< /Title (Soledar is held) /Author (A. Writer) /CreationDate (D:20230112080000+02'00') >>"
TWO = b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>"


def one(content: bytes, defaults: Defaults) -> RawDocument | Unreadable:
    (found,) = pdf.read(content, "a.pdf", defaults)
    return found


def test_the_text_of_its_pages() -> None:
    second = PAGE.replace(b"4 0 R", b"7 0 R")
    content = made(stream(shown("Page one.")), second, packed(shown("Page two.")), pages=TWO)
    assert one(content, Defaults("Example Courier", NOON)) == RawDocument(
        "a.pdf", "Example Courier", NOON, "Page one.\n\nPage two."
    )


def test_words_that_go_on_in_the_next_line() -> None:
    lines = (
        b"BT /F1 12 Tf 14 TL 20 200 Td (Heavy fight-) Tj T* (ing in the west) Tj T* (of it.) Tj ET"
    )
    found = one(made(stream(lines)), Defaults("Example Courier", NOON))
    assert isinstance(found, RawDocument)
    assert found.text == "Heavy fighting in the west\nof it."


@pytest.mark.parametrize(
    ("defaults", "published"),
    [
        (Defaults("P"), ("2023-01-12T08:00:00+02:00", "page", "low")),
        (Defaults("P", fetched=NOON), ("2023-01-12T08:00:00+02:00", "page", "low")),
        (Defaults("P", NOON), (NOON.isoformat(), "given", "high")),
        (Defaults("P", NOON, published_from="feed"), (NOON.isoformat(), "feed", "high")),
    ],
)
def test_what_it_says_of_itself(defaults: Defaults, published: tuple[str, str, str]) -> None:
    found = one(made(stream(shown("A.")), INFO, trailer=b"/Info 6 0 R"), defaults)
    assert isinstance(found, RawDocument)
    told = found.published.isoformat(), found.published_from, found.published_confidence
    assert told == published
    assert (found.title, found.author) == ("Soledar is held", "A. Writer")


def test_without_a_time_that_can_be_it_has_none() -> None:
    before = Defaults("P", fetched=datetime(2022, 1, 1, tzinfo=UTC))
    content = made(stream(shown("A.")), INFO, trailer=b"/Info 6 0 R")
    assert isinstance(one(content, before), Incomplete)
    wrong = b"<< /CreationDate (yesterday) >>"
    content = made(stream(shown("A.")), wrong, trailer=b"/Info 6 0 R")
    assert isinstance(one(content, Defaults("P")), Incomplete)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", pdf.BROKEN),
        (b"%PDF-1.7 and no more", pdf.BROKEN),
        (made(stream(b"")), pdf.PICTURES),
        (made(stream(b""), pages=b"<< /Type /Pages /Kids [] /Count 0 >>"), pdf.PICTURES),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    assert one(content, Defaults("P", NOON)) == Unreadable("a.pdf", reason)
