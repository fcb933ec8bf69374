"""Many sites with feeds on one port of this machine, each at a loopback address of its own, which
Linux has without being asked for them. Texts are made up.

Of each request they keep when it came and went, so that it can be told afterwards whether a site
was asked twice at once, too soon, or for what its robots.txt does not want.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from benchmarks.texts import TOWNS, article

KINDS = ("rss", "atom", "json", "sitemap")
TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
    "sitemap": "application/xml",
}
ROBOTS = "User-agent: *\nDisallow: /private/\n"
SLOW = 40  # one of so many sites takes a second for each page
BUSY = 50  # one of so many articles is a 503 when it is asked for first
BIG = 20  # one of so many sites has five times as many articles as the others
HIDDEN = 10  # one of so many sites announces an article that its robots.txt does not want fetched
NEWEST = datetime(2023, 6, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request; times in seconds of the monotonic clock."""

    site: int
    path: str
    began: float
    ended: float
    status: int


@dataclass
class Sites:
    """`articles` are shared out to `count` sites. In edition 1 feeds have the older half of their
    articles, in edition 2 all."""

    count: int
    articles: int
    seed: int
    edition: int = 1
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        weights = [5 if site % BIG == BIG - 1 else 1 for site in range(self.count)]
        shares = [self.articles * weight // sum(weights) for weight in weights]
        for site in range(self.articles - sum(shares)):
            shares[site % self.count] += 1
        self.shares = shares
        self._lock = threading.Lock()
        self._seen: Counter[tuple[int, str]] = Counter()
        self.most_at_once: Counter[int] = Counter()
        self._now: Counter[int] = Counter()

    def __enter__(self) -> Sites:
        # All of this machine's addresses; others are refused (`Handler.setup`).
        self._server = Server(("0.0.0.0", 0), Handler)  # noqa: S104 - as said
        self._server.sites = self
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def host(self, site: int) -> str:
        return f"127.0.{site // 250 + 1}.{site % 250 + 1}:{self.port}"

    def feed_url(self, site: int) -> str:
        return f"http://{self.host(site)}/feed"

    def urls(self) -> set[str]:
        """Of all articles that may be fetched."""
        return {
            f"http://{self.host(site)}{self.path(number)}"
            for site, share in enumerate(self.shares)
            for number in range(share)
        }

    def path(self, number: int) -> str:
        return f"/2023/{number}.html"

    def announced(self, site: int) -> list[str]:
        """Paths, the newest first."""
        share = self.shares[site]
        numbers = range(share if self.edition > 1 else share // 2)
        hidden = ["/private/0.html"] if site % HIDDEN == 0 else []
        return [*(self.path(number) for number in reversed(numbers)), *hidden]

    def begin(self, site: int, path: str) -> int:
        """How often this has been asked for, with this time."""
        with self._lock:
            self._now[site] += 1
            self.most_at_once[site] = max(self.most_at_once[site], self._now[site])
            self._seen[site, path] += 1
            return self._seen[site, path]

    def end(self, asked: Asked) -> None:
        with self._lock:
            self._now[asked.site] -= 1
            self.asked.append(asked)

    def answer(self, site: int, path: str, time_asked: int) -> tuple[int, str, str]:
        """Status, media type and content."""
        if path == "/robots.txt":
            return 200, "text/plain", ROBOTS
        if path == "/feed":
            kind = KINDS[site % len(KINDS)]
            return 200, TYPES[kind], _FEEDS[kind](self, site)
        number = int(path.rpartition("/")[2].partition(".")[0])
        if site % SLOW == SLOW - 1:
            time.sleep(1)
        if time_asked == 1 and (site + number) % BUSY == 0:
            return 503, "text/plain", "busy"
        return 200, "text/html; charset=utf-8", self._page(site, number)

    def _page(self, site: int, number: int) -> str:
        draw = random.Random(f"{self.seed} {site} {number}")  # noqa: S311 - made-up texts
        town, other = draw.sample(TOWNS, 2)
        made = article(draw, (town, other))
        paragraphs = "".join(f"<p>{escape(' '.join(one))}</p>" for one in made.paragraphs)
        links = "".join(f'<li><a href="/{n}">{escape(one)}</a></li>' for n, one in enumerate(TOWNS))
        return f"""<!doctype html><html lang="en"><head><title>{escape(made.headline)}</title>
            <meta property="og:site_name" content="Site {site}"></head><body><nav><ul>{links}</ul>
            </nav><main><article><h1>{escape(made.headline)}</h1>{paragraphs}
            <p>Report {number} of site {site}.</p></article></main>
            <footer><ul>{links}</ul></footer></body></html>"""

    def published(self, path: str) -> datetime:
        number = int(path.rpartition("/")[2].partition(".")[0])
        return NEWEST - timedelta(hours=200) + timedelta(hours=number)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    sites: Sites


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        sites = cast(Server, self.server).sites
        if not self.client_address[0].startswith("127."):
            self.send_error(403)
            return
        here = self.connection.getsockname()[0].split(".")
        site = (int(here[2]) - 1) * 250 + int(here[3]) - 1
        began = time.monotonic()
        times = sites.begin(site, self.path)
        status = 500
        try:
            status, kind, content = sites.answer(site, self.path, times)
            etag = f'"{sites.edition}-{len(content)}"'
            if status == 200 and self.headers.get("If-None-Match") == etag:
                status, content = 304, ""
            self._send(status, kind, etag, content.encode())
        except OSError:
            status = 499  # whoever asked has left, or was killed
        finally:
            sites.end(Asked(site, self.path, began, time.monotonic(), status))

    def _send(self, status: int, kind: str, etag: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """What was asked is kept by `Sites`."""


def _rss(sites: Sites, site: int) -> str:
    items = "".join(
        f"<item><title>Report</title><link>{path}</link><guid isPermaLink='false'>{path}</guid>"
        f"<pubDate>{format_datetime(sites.published(path))}</pubDate></item>"
        for path in sites.announced(site)
    )
    return f"<rss version='2.0'><channel><title>Site {site}</title>{items}</channel></rss>"


def _atom(sites: Sites, site: int) -> str:
    entries = "".join(
        f"<entry><id>urn:site:{site}{path}</id><title>Report</title><link href='{path}'/>"
        f"<published>{sites.published(path).isoformat()}</published></entry>"
        for path in sites.announced(site)
    )
    start = "<feed xmlns='http://www.w3.org/2005/Atom'>"
    return f"{start}<title>Site {site}</title>{entries}</feed>"


def _json(sites: Sites, site: int) -> str:
    items = [
        {"id": path, "url": path, "date_published": sites.published(path).isoformat()}
        for path in sites.announced(site)
    ]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": f"Site {site}", "items": items})


def _sitemap(sites: Sites, site: int) -> str:
    urls = "".join(
        f"<url><loc>http://{sites.host(site)}{path}</loc><news:news><news:publication><news:name>"
        f"Site {site}</news:name></news:publication><news:publication_date>"
        f"{sites.published(path).isoformat()}</news:publication_date></news:news></url>"
        for path in sites.announced(site)
    )
    names = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    news = "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
    return f"<urlset {names} {news}>{urls}</urlset>"


_FEEDS = {"rss": _rss, "atom": _atom, "json": _json, "sitemap": _sitemap}
