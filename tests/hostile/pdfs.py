"""PDF files written by hand: what no library would write is what they are for."""

from __future__ import annotations

import zlib

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"""<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R
/Resources << /Font << /F1 5 0 R >> >> >>"""


def shown(text: str) -> bytes:
    """A page's content stream that shows a line."""
    return f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode()


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def packed(content: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(content, 9), b"/Filter /FlateDecode " + entries)


def pdf(
    contents: bytes,
    *more: bytes,
    catalogue: bytes = b"",
    pages: bytes = PAGES,
    page: bytes = PAGE,
    trailer: bytes = b"",
) -> bytes:
    """A file of one page whose content stream is `contents`; `more` are objects from 6 on."""
    root = b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue
    written, places = b"%PDF-1.7\n", []
    for number, one in enumerate((root, pages, page, contents, FONT, *more), 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start, count = len(written), len(places) + 1
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    # A trailer may name the table itself as the one before it.
    trailer = trailer.replace(b"START", b"%d" % start)
    written += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (count, trailer)
    return written + b"startxref\n%d\n%%%%EOF\n" % start
