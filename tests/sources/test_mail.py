"""E-mails: what they show, who sent them when, and what is attached."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from sources.adapters import Defaults, Incomplete, RawDocument, Unreadable, mail
from tests.hostile.pdfs import pdf, shown, stream
from tests.sources.test_adapters import PAGE

NOON = datetime(2023, 3, 1, 12, tzinfo=UTC)
GIVEN = Defaults("Example Herald", NOON)


def made(text: str = "", **headers: str) -> EmailMessage:
    message = EmailMessage()
    headers = {
        "From": "Example Courier <news@courier.example>",
        "Date": "Thu, 12 Jan 2023 08:00:00 +0200",
        "Subject": "Soledar is held",
    } | headers
    for name, value in headers.items():
        if value:
            message[name] = value
    if text:
        message.set_content(text)
    return message


def read(message: EmailMessage, defaults: Defaults | None = None) -> list[RawDocument | Unreadable]:
    return list(mail.read(message.as_bytes(), "a.eml", defaults or Defaults()))


def told(found: RawDocument | Unreadable) -> tuple[str, ...]:
    assert isinstance(found, RawDocument)
    return (found.where, found.text, found.title, found.publisher, found.published.isoformat())


def test_sender_date_and_subject() -> None:
    (found,) = read(made("Бої тривають.\n"))
    assert told(found) == (
        "a.eml",
        "Бої тривають.",
        "Soledar is held",
        "Example Courier",
        "2023-01-12T08:00:00+02:00",
    )
    assert isinstance(found, RawDocument)
    assert (found.author, found.published_from, found.published_confidence) == (
        "Example Courier",
        "page",
        "medium",
    )


def test_what_is_given_goes_before() -> None:
    (found,) = read(made("A."), GIVEN)
    assert told(found)[3:] == ("Example Herald", NOON.isoformat())


def test_a_sender_without_a_name_and_no_date() -> None:
    (found,) = read(made("A.", From="news@courier.example", Date=""))
    assert isinstance(found, Incomplete)
    assert (found.publisher, found.reason) == (
        "courier.example",
        "no publication time: give one with --published",
    )
    (found,) = read(made("A.", Date="Thu, 12 Jan 2030 08:00:00 +0200"), Defaults(fetched=NOON))
    assert isinstance(found, Incomplete)


def test_plain_text_goes_before_that_for_browsers() -> None:
    message = made("The plain text.")
    message.add_alternative("<p>The other.</p>", subtype="html")
    assert told(read(message)[0])[1] == "The plain text."
    message = made()
    message.set_content("<p>Fights go on.</p><script>alert(1)</script>", subtype="html")
    assert told(read(message)[0])[1] == "Fights go on."


def test_attachments_are_documents_of_their_own() -> None:
    message = made("The e-mail.")
    content = pdf(stream(shown("The report.")))
    message.add_attachment(
        content, maintype="application", subtype="pdf", filename="../reports/one.pdf"
    )
    message.add_attachment(
        PAGE.encode(), maintype="application", subtype="octet-stream", filename="page.HTML"
    )
    message.add_attachment(b"PK", maintype="application", subtype="zip", filename="a.zip")
    first, report, page = read(message)
    assert told(first)[:2] == ("a.eml", "The e-mail.")
    assert told(report) == (
        "a.eml: one.pdf",
        "The report.",
        "one.pdf",
        "Example Courier",
        "2023-01-12T08:00:00+02:00",
    )
    assert told(page)[0] == "a.eml: page.HTML"
    assert told(page)[2:4] == ("Soledar is held", "Example Courier")


def test_a_forwarded_e_mail_has_its_own_sender() -> None:
    inner = made("The inner.", From="Example Agency <a@agency.example>", Subject="Inner")
    message = made("See below.")
    message.add_attachment(inner)
    outer, forwarded = read(message)
    assert told(outer)[1] == "See below."
    assert told(forwarded)[1:4] == ("The inner.", "Inner", "Example Agency")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", mail.NO_MAIL),
        (b"\x00\xff\n" * 9, mail.NO_MAIL),
        (b"From: a@b.example\n\n", mail.NO_TEXT),
        (b"From: a@b.example\nContent-Type: application/zip\n\nPK", mail.NO_TEXT),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    assert list(mail.read(content, "a.eml", GIVEN)) == [Unreadable("a.eml", reason)]
