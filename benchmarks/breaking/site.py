"""Sites outside, which are not killed: one with a page for each story, and one for each feed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from benchmarks.breaking.stories import Story

OF_A_FEED = 10  # stories
FEED = "/feed.xml"


@dataclass(frozen=True, slots=True)
class Site:
    """`feeds`: the address of each feed, by the number of its first story."""

    url: str
    feeds: Mapping[int, str]

    def feed_of(self, first: Story) -> str:
        return self.feeds[first.number]

    @property
    def hosts(self) -> list[str]:
        """All of them, each HOST:PORT."""
        addresses = [self.url, *(url.removesuffix(FEED) for url in self.feeds.values())]
        return [address.removeprefix("http://") for address in addresses]


@contextmanager
def site_of(stories: Sequence[Story]) -> Iterator[Site]:
    """Each feed is on a host of its own (127.0.1.x), since a host is asked for one page at a
    time."""
    fed = [story for story in stories if story.way == "feed"]
    with ExitStack() as stack:
        url = stack.enter_context(_serving("127.0.0.1", {one.path: one.page() for one in stories}))
        feeds = {}
        for place, first in enumerate(range(0, len(fed), OF_A_FEED), 1):
            some = fed[first : first + OF_A_FEED]
            pages = {one.path: one.page() for one in some}
            host = stack.enter_context(_serving(f"127.0.1.{place}", pages))
            pages[FEED] = _feed(host, some)
            feeds[some[0].number] = f"{host}{FEED}"
        yield Site(url, feeds)


def _feed(host: str, stories: Sequence[Story]) -> str:
    items = "".join(story.item(host) for story in stories)
    channel = f"<channel><title>{host}</title>{items}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'


@contextmanager
def _serving(host: str, pages: Mapping[str, str]) -> Iterator[str]:
    """The address of a server of these pages, by path."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            content = (page or "").encode()
            kind = "application/rss+xml" if self.path == FEED else "text/html"
            self.send_response(404 if page is None else 200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Not on this program's output."""

    server = ThreadingHTTPServer((host, 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
