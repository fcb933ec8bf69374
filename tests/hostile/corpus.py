"""Documents that are made to do harm, and what becomes of each: which text is stored, or in which
words it is refused. All are made by code, and none does harm to what it is not read by."""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from sources.reading import LARGE, SLOW
from tests.hostile.pdfs import PAGE, packed, pdf, shown, stream

SAID = "Heavy fighting goes on in Soledar, an army spokesman said on Thursday."
MORE = "The road to the south of the town is open, he said, and people are leaving by it."


@dataclass(frozen=True)
class Hostile:
    """A file: `stored` are the texts that are taken from it, exactly; `refused` how reasons begin,
    one of which is given for what is not. Where both may be, by the versions of the readers, the
    file is stored or refused."""

    name: str
    make: Callable[[], bytes]
    stored: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def page(body: str, head: str = "", before: str = "<!doctype html>") -> bytes:
    return (
        f'{before}<html lang="en"><head><title>Soledar</title>{head}</head><body><article>'
        f"<h1>Soledar</h1><p>{SAID}</p>{body}<p>{MORE}</p></article></body></html>"
    ).encode()


CUT = f"Soledar\n{SAID}"  # where the parser goes no deeper
BOTH = f"Soledar\n{SAID}\n{MORE}"
NO_ARTICLE = "no article text found in the page"


def _with(line: str) -> str:
    return f"Soledar\n{SAID}\n{line}\n{MORE}"


SCRIPTS = """<script>alert('x')</script><img src=x onerror="alert(1)"><svg onload=alert(2)></svg>
<iframe srcdoc="<script>alert(3)</script>"></iframe><object data="javascript:alert(4)"></object>
<a href="javascript:alert(5)"></a><style>@import 'http://evil.example/x';</style>"""
META = (
    '<meta http-equiv="refresh" content="0;url=http://169.254.169.254/">'
    '<base href="//evil.example/">'
)
LAUGHS = (
    "<!DOCTYPE html [<!ENTITY a 'ha ha '>"
    + "".join(f"<!ENTITY {two} '{f'&{one};' * 10}'>" for one, two in pairwise("abcdefghi"))
    + "]>"
)
FILE = '<!DOCTYPE html [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'


def _web_pages() -> list[Hostile]:
    cell = "=HYPERLINK(&quot;http://evil.example/&quot;,&quot;x&quot;) is what the note said to us."
    return [
        Hostile("scripts.html", lambda: page(SCRIPTS, META), (BOTH,)),
        Hostile(
            "shown-script.html",
            lambda: page(
                "<p>It said &lt;script&gt;alert(1)&lt;/script&gt; on all of its pages.</p>"
            ),
            (_with("It said <script>alert(1)</script> on all of its pages."),),
        ),
        Hostile(
            "hostile-title.html",
            lambda: page(
                "",
                '<meta property="og:title" content="&lt;/title&gt;&lt;script&gt;alert(1)//">'
                '<meta name="author" content="&lt;img src=x onerror=alert(1)&gt; Writer">'
                '<link rel="canonical" href="javascript:alert(1)">',
            ),
            (BOTH,),
        ),
        Hostile(
            "formula.html",
            lambda: page(f"<p>{cell}</p>"),
            (_with('=HYPERLINK("http://evil.example/","x") is what the note said to us.'),),
        ),
        Hostile("laughs.html", lambda: page("<p>&i;</p>", before=LAUGHS), (_with("&i;"), BOTH)),
        Hostile(
            "file-entity.html",
            lambda: page("<p>&secret;</p>", before=FILE),
            (_with("&secret;"), BOTH),
        ),
        Hostile(
            "utf-7.html",
            lambda: page(
                "<p>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</p>", '<meta charset="utf-7">'
            ),
            (_with("+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),),
        ),
        Hostile(
            "reordered.html",
            lambda: page("<p>The town is \u202eneka\u2066t\u202c, he said.</p>"),
            (_with("The town is nekat, he said."),),
        ),
        Hostile(
            "nul.html",
            lambda: page("<p>It is\0 held\x01 by\x1b[2J us now.</p>"),
            (_with("It is held by[2J us now."), _with("It is"), BOTH),
        ),
        Hostile("deep.html", lambda: page("<div>" * 100_000), (BOTH, CUT), (NO_ARTICLE, SLOW)),
        Hostile(
            "never-closed.html", lambda: page("<b><i>" * 100_000), (BOTH, CUT), (NO_ARTICLE, SLOW)
        ),
        Hostile(
            "attributes.html",
            lambda: page("<p " + " ".join(f"a{n}=x" for n in range(5000)) + ">x</p>"),
            (BOTH, _with("x")),
            (NO_ARTICLE, SLOW),
        ),
        Hostile(
            "tables.html", lambda: page("<table><tr><td>" * 1000), (BOTH, CUT), (NO_ARTICLE, SLOW)
        ),
        Hostile(
            "json-ld.html",
            lambda: page("", '<script type="application/ld+json">' + "[" * 100_000),
            (BOTH,),
            (NO_ARTICLE,),
        ),
        Hostile(
            "pretends-to-be-gif.html", lambda: b"GIF89a/*" + page(SCRIPTS), (BOTH,), (NO_ARTICLE,)
        ),
        Hostile("gzip-bomb.html", lambda: gzip.compress(bytes(50_000_000)), (), (NO_ARTICLE,)),
        Hostile(
            "too-large.html", lambda: page("<p>x</p>" * 2_600_000), (), ("page larger than 20 MB",)
        ),
    ]


def _line(**fields: object) -> bytes:
    return json.dumps(
        {"publisher": "Example Courier", "published": "2023-01-12", **fields}
    ).encode()


def _texts() -> list[Hostile]:
    marks = "e" + "\u0301\u0327" * 100_000
    return [
        Hostile("latin-1.txt", lambda: b"caf\xe9", (), ("not UTF-8 text (byte 3)",)),
        Hostile("overlong.txt", lambda: b"\xc0\xaf\xc0\xae", (), ("not UTF-8 text (byte 0)",)),
        Hostile("half.txt", lambda: b"\xed\xa0\x80", (), ("not UTF-8 text (byte 0)",)),
        Hostile("marks.txt", lambda: marks.encode(), ("\u0229" + "\u0327" * 14 + "\u0301" * 15,)),
        Hostile("zip-bomb.txt", _zip_bomb, (), ("not text: it holds NUL bytes",)),
        Hostile("long.txt", lambda: b"x" * 3_100_000, (), ("text longer than 300,000 characters",)),
        Hostile("\u202etxt.exe/../../..\\..\\etc\\passwd.txt", lambda: SAID.encode(), (SAID,)),
        Hostile("formula.txt", lambda: b"=cmd|' /C calc'!A0", ("=cmd|' /C calc'!A0",)),
        Hostile("deep.jsonl", lambda: b"[" * 200_000, (), ("not JSON that can be read",)),
        Hostile(
            "number.jsonl", lambda: b'{"text": ' + b"9" * 100_000 + b"}", (), ("Exceeds the limit",)
        ),
        Hostile(
            "halves.jsonl", lambda: _line(text="\ud800A\0.\udfff", title="\ud800", id="\0"), ("A.",)
        ),
        Hostile("not-numbers.jsonl", lambda: b'{"text": NaN}', (), ('"text" must be text',)),
        Hostile(
            "keys.jsonl", lambda: _line(text="Keys.", __proto__={"a": 1}, __class__="x"), ("Keys.",)
        ),
        Hostile(
            "address.jsonl",
            lambda: _line(text="Address.", url="javascript:alert(1)"),
            ("Address.",),
        ),
        Hostile("blank.jsonl", lambda: b"\n" * 2_000_000 + _line(text="Last."), ("Last.",)),
        Hostile(
            "lists.jsonl",
            lambda: b"[" + b"[]," * 500_000 + b"[]]",
            (),
            (LARGE, "not a JSON object"),
        ),
    ]


def _zip_bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("../../a.txt", bytes(10_000_000))
    return made.getvalue()


NO_PDF = "no PDF that can be read"
NO_TEXT = "no text in it: a PDF of pictures is not read"


def _pdfs() -> list[Hostile]:
    said = stream(shown(SAID))
    opens = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    starts = b"/OpenAction << /S /Launch /F (/bin/sh) >> /Names << /EmbeddedFiles 6 0 R >>"
    form = stream(
        b"/X Do",
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>",
    )
    with_form = PAGE.replace(b"/Font <<", b"/XObject << /X 6 0 R >> /Font <<")
    locked = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >> /ID [(a) (a)]" % (
        b"o" * 32,
        b"u" * 32,
    )
    return [
        Hostile("script.pdf", lambda: pdf(said, catalogue=opens), (SAID,)),
        Hostile(
            "launch.pdf", lambda: pdf(said, b"<< /Names [(x) 7 0 R] >>", catalogue=starts), (SAID,)
        ),
        Hostile(
            "circle.pdf",
            lambda: pdf(said, pages=b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>"),
            (SAID,),
            (NO_PDF, SLOW),
        ),
        Hostile(
            "endless-form.pdf",
            lambda: pdf(stream(b"/X Do " + shown(SAID)), form, page=with_form),
            (SAID,),
            (NO_PDF, NO_TEXT, SLOW),
        ),
        Hostile(
            "table-circle.pdf", lambda: pdf(said, trailer=b"/Prev START"), (SAID,), (NO_PDF, SLOW)
        ),
        Hostile(
            "bomb.pdf", lambda: pdf(packed(bytes(200_000_000))), (), (NO_PDF, NO_TEXT, LARGE, SLOW)
        ),
        Hostile(
            "many-pages.pdf",
            lambda: pdf(
                said, pages=b"<< /Type /Pages /Kids [%s] /Count 99999 >>" % (b"3 0 R " * 5000)
            ),
            (),
            ("more than 1,000 pages", NO_PDF, SLOW),
        ),
        Hostile(
            "locked.pdf",
            lambda: pdf(said, trailer=locked),
            (),
            ("a PDF that only opens with a password", NO_PDF),
        ),
        Hostile(
            "deep.pdf", lambda: pdf(said, b"[" * 50_000, trailer=b"/Info 6 0 R"), (SAID,), (NO_PDF,)
        ),
        Hostile(
            "page-in-a-pdf.pdf",
            lambda: page(SCRIPTS) + pdf(said, catalogue=opens),
            (SAID,),
            (NO_PDF,),
        ),
    ]


MAIL = b"From: Example Courier <news@courier.example>\nDate: Thu, 12 Jan 2023 08:00:00 +0200\n"
NO_MAIL = "no e-mail that can be read"


def _parts(*parts: bytes) -> bytes:
    body = b"".join(b"--b\n%s\n" % part for part in parts)
    return MAIL + b"Content-Type: multipart/mixed; boundary=b\n\n" + body + b"--b--\n"


def _nested(depth: int) -> bytes:
    heads = (
        b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(depth)
    )
    return MAIL + b"Content-Type: multipart/mixed; boundary=b0\n\n" + b"".join(heads)


def _in_each_other(depth: int) -> bytes:
    inner = MAIL + b"\nThe innermost.\n"
    for _ in range(depth):
        inner = MAIL + b"Content-Type: message/rfc822\n\n" + inner
    return inner


def _mails() -> list[Hostile]:
    text = b"Content-Type: text/plain\n\n%s\n" % SAID.encode()
    attached = (
        b'Content-Disposition: attachment; filename="%s"\nContent-Transfer-Encoding: base64\n\n%s'
    )
    bomb = b"Content-Type: application/zip\n" + attached % (
        b"../../../a.zip",
        base64.encodebytes(_zip_bomb()),
    )
    path = attached % (b"..\\\\..\\\\etc/cron.d/x.txt", base64.encodebytes(b"Attached."))
    injected = b"Subject: =?utf-8?q?A=0d=0aBcc:_x=40evil.example=0d=0a=0d=0a<script>?=\n"
    charset = b"Content-Type: text/plain; charset=%s\nContent-Transfer-Encoding: base64\n\n!!%s"
    return [
        Hostile("bomb.eml", lambda: _nested(600), (), (NO_MAIL, "an e-mail of more than", SLOW)),
        Hostile(
            "parts.eml",
            lambda: _parts(*[text] * 300),
            (),
            ("an e-mail of more than 200 parts", SLOW),
        ),
        Hostile(
            "in-each-other.eml", lambda: _in_each_other(30), (), ("e-mails in e-mails", NO_MAIL)
        ),
        Hostile("zip.eml", lambda: _parts(text, bomb), (SAID,)),
        Hostile("paths.eml", lambda: _parts(text, path), (SAID, "Attached.")),
        Hostile("header.eml", lambda: MAIL + injected + b"\n" + SAID.encode(), (SAID,)),
        Hostile(
            "long-header.eml",
            lambda: MAIL + b"Subject: " + b"x " * 20_000 + b"\n\n" + SAID.encode(),
            (SAID,),
            (NO_MAIL, SLOW),
        ),
        Hostile(
            "charset.eml",
            lambda: MAIL + charset % (b"zlib", base64.encodebytes(SAID.encode())),
            (SAID,),
        ),
        Hostile(
            "markup.eml", lambda: MAIL + b"Content-Type: text/html\n\n" + page(SCRIPTS), (BOTH,)
        ),
        Hostile("no-mail.eml", lambda: struct.pack("<256L", *range(256)), (), (NO_MAIL,)),
    ]


CORPUS = (*_web_pages(), *_texts(), *_pdfs(), *_mails())
