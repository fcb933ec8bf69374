"""An e-mail as a file: the text that it shows, its subject, sender and date; and each of its
attachments that can be read, as a document of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import PurePath
from typing import cast

from sources.adapters import html, pdf, text
from sources.adapters.publication import Published, given, surest, within
from sources.adapters.raw import (
    Defaults,
    RawDocument,
    Unreadable,
    build,
    clean,
    decode_as,
    parse_time,
)

Reader = Callable[[bytes, str, Defaults], Iterator[RawDocument | Unreadable]]

MOST_DEPTH = 3  # of e-mails in e-mails
MOST_PARTS = 200
# Attachments, by what the sender says that they are, or by the ends of their names.
KINDS: Mapping[str, Reader] = {
    "text/plain": text.read,
    "text/html": html.read,
    "application/pdf": pdf.read,
}
ENDINGS: Mapping[str, Reader] = {
    ".txt": text.read,
    ".md": text.read,
    ".html": html.read,
    ".htm": html.read,
    ".pdf": pdf.read,
}

FORWARDED = "message/rfc822"

NO_MAIL = "no e-mail that can be read"
NO_TEXT = "no text in the e-mail"
MANY = f"an e-mail of more than {MOST_PARTS} parts"
DEEP = "e-mails in e-mails, deeper than is read"


def read(content: bytes, where: str, defaults: Defaults) -> Iterator[RawDocument | Unreadable]:
    """The e-mail, then its attachments. The sender's date is the publication time and the
    sender's name the publisher where `defaults` says neither; attachments have them too where
    they say nothing better. Attachments that are of no kind that is read are passed over."""
    try:
        message = BytesParser(policy=policy.default).parsebytes(content)
        yield from _read(message, where, defaults, 0)
    except MISTAKES:
        yield Unreadable(where, NO_MAIL)


# What the standard library lets through where headers and parts are not what they say.
MISTAKES = (
    *(MessageError, ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(LookupError, AssertionError, RecursionError, OverflowError),
)


def _read(
    message: EmailMessage, where: str, defaults: Defaults, depth: int
) -> Iterator[RawDocument | Unreadable]:
    if depth > MOST_DEPTH:
        yield Unreadable(where, DEEP)
        return
    if sum(1 for _ in message.walk()) > MOST_PARTS:
        yield Unreadable(where, MANY)
        return
    if not message.keys():
        yield Unreadable(where, NO_MAIL)
        return
    sent = surest(given(defaults), _sent(message, defaults))
    name, address = _sender(message)
    known = replace(
        defaults,
        publisher=defaults.publisher or name or address.rpartition("@")[2],
        published=sent.time if sent else None,
        published_from=sent.source if sent else "given",
        published_confidence=sent.confidence if sent else "high",
    )
    subject = _header(message, "Subject")
    written = _text(message)
    if written.strip():
        yield build(where, known, text=written, title=subject, author=name)
    attached = list(_attached(message, where, known, defaults, depth))
    yield from attached
    if not written.strip() and not attached:
        yield Unreadable(where, NO_TEXT)


def _text(message: EmailMessage) -> str:
    """The plain text, else what stands in the one for browsers."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    if body.get_content_type() == "text/plain":
        return _decoded(body)
    return html.text_of(_decoded(body))


def _decoded(part: MIMEPart) -> str:
    """The text of a part, in whatever character set; signs that are none in it are replaced."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    return decode_as(content, part.get_content_charset("utf-8"))


def _attached(
    message: EmailMessage, where: str, known: Defaults, given_to_all: Defaults, depth: int
) -> Iterator[RawDocument | Unreadable]:
    """`known` is what holds for attachments, `given_to_all` for e-mails, which say the rest."""
    forwards = message.get_content_type() == FORWARDED
    for number, part in enumerate([message] if forwards else message.iter_attachments(), 1):
        sent = (part.get_filename() or "").replace("\\", "/")
        name = " ".join(clean(PurePath(sent).name).split())[:100] or f"attachment {number}"
        there = f"{where}: {name}"
        kind = part.get_content_type()
        if kind == FORWARDED:
            for inner in part.iter_parts():
                yield from _read(cast(EmailMessage, inner), there, given_to_all, depth + 1)
        elif reader := KINDS.get(kind) or ENDINGS.get(PurePath(name).suffix.lower()):
            if kind == "text/plain":
                content = _decoded(part).encode()
            else:
                payload = part.get_payload(decode=True)
                content = payload if isinstance(payload, bytes) else b""
            yield from reader(content, there, replace(known, title=name))


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except MISTAKES:
        return ""


def _sender(message: EmailMessage) -> tuple[str, str]:
    """The name that the sender has given, and the address."""
    name, address = parseaddr(_header(message, "From"))
    return " ".join(name.split())[:200], address[:200]


def _sent(message: EmailMessage, defaults: Defaults) -> Published | None:
    """The sender's date, which the sender may have chosen."""
    try:
        time = parse_time(parsedate_to_datetime(_header(message, "Date")).isoformat())
    except MISTAKES:
        return None
    return Published(time, "page", "medium") if within(time, defaults.fetched) else None
