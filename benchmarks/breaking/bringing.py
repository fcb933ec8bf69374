"""Brings stories in from outside, each until it is taken: whoever gets no answer asks again."""

from __future__ import annotations

import http.client
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from benchmarks.breaking.installation import Installation
from benchmarks.breaking.site import OF_A_FEED, Site
from benchmarks.breaking.stories import Story

# How many stories come at once, where not one.
BATCH = {"api-file": 5, "page-file": 5, "command": 10, "feed": OF_A_FEED}
PAUSE = 0.5  # seconds before asking again
TIMEOUT = 60.0
PAGE = "/bench/bring/"
Sent = tuple[str, str, bytes]  # a field's name, a file's name or "", the content


@dataclass(slots=True)
class Bringer:
    """`so_far`: which part of the stories may be brought by now, from 0 to 1. `refusals`: what
    was answered, or why nothing was, when it was not taken."""

    installation: Installation
    site: Site
    key: str
    cookie: str
    so_far: Callable[[], float]
    taken: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    stopped: bool = False

    @contextmanager
    def bringing(self, stories: Sequence[Story]) -> Iterator[list[threading.Thread]]:
        """Threads, one for each way."""
        ways = sorted({story.way for story in stories})
        threads = [
            threading.Thread(target=self._bring, args=(way, [s for s in stories if s.way == way]))
            for way in ways
        ]
        for thread in threads:
            thread.start()
        try:
            yield threads
        finally:
            self.stopped = True
            for thread in threads:
                thread.join()

    def _bring(self, way: str, stories: list[Story]) -> None:
        send = {
            "api": self._by_api,
            "api-file": self._by_api_file,
            "page-file": self._by_page_file,
            "address": self._by_address,
            "command": self._by_command,
            "feed": self._by_feed,
        }[way]
        done = 0
        size = BATCH.get(way, 1)
        for first in range(0, len(stories), size):
            some = stories[first : first + size]
            while done / len(stories) > self.so_far() and not self.stopped:
                time.sleep(0.1)
            while not self.stopped:
                answer = send(some)
                if answer == "taken":
                    break
                self.refusals[answer] += 1
                if answer.startswith("4"):
                    self.faults.append(f"{way}: {answer}")
                    return
                time.sleep(PAUSE)
            done += len(some)
            self.taken += len(some)

    def _by_api(self, some: Sequence[Story]) -> str:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        return self._answer("/api/v1/documents/", some[0].line().encode(), headers, (200, 201))

    def _by_api_file(self, some: Sequence[Story]) -> str:
        body, kind = form([("file", f"{some[0].number}.jsonl", _lines(some))])
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": kind}
        return self._answer("/api/v1/documents/", body, headers, (200, 201))

    def _by_page_file(self, some: Sequence[Story]) -> str:
        return self._by_page([("uploads", f"{some[0].number}.jsonl", _lines(some))])

    def _by_address(self, some: Sequence[Story]) -> str:
        return self._by_page([("url", "", f"{self.site.url}{some[0].path}".encode())])

    def _by_page(self, fields: list[Sent]) -> str:
        """As a browser does: the form first, with the token that it wants back."""
        try:
            status, headers, _ = self._ask("GET", PAGE, None, {"Cookie": self.cookie})
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        found = re.search(r"csrftoken=(\w+)", " ".join(headers.get_all("Set-Cookie", [])))
        if found is None:
            return f"{status} and no form"
        body, kind = form([("csrfmiddlewaretoken", "", found[1].encode()), *fields])
        cookie = f"{self.cookie}; csrftoken={found[1]}"
        return self._answer(PAGE, body, {"Cookie": cookie, "Content-Type": kind}, (302,))

    def _by_command(self, some: Sequence[Story]) -> str:
        file = self.installation.folder / f"stories-{some[0].number}.jsonl"
        file.write_bytes(_lines(some))
        done = self.installation.run("ingest", str(file))
        return "taken" if done.returncode == 0 else "command failed"

    def _by_feed(self, some: Sequence[Story]) -> str:
        """An operator adds a feed, which announces them."""
        url = self.site.feed_of(some[0])
        done = self.installation.run("-m", "benchmarks.breaking.scene", "--feed", url)
        return "taken" if done.returncode == 0 else "command failed"

    def _answer(
        self, path: str, body: bytes, headers: dict[str, str], good: tuple[int, ...]
    ) -> str:
        try:
            status, _, said = self._ask("POST", path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        if status in good:
            return "taken"
        return f"{status} {said[:300]!r}" if 400 <= status < 500 else str(status)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        port = self.installation.port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        with closing(connection):
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read()


def form(fields: Sequence[Sent]) -> tuple[bytes, str]:
    """Body and type of a form with files."""
    boundary = uuid.uuid4().hex
    parts = []
    for name, file, content in fields:
        named = f'; filename="{file}"' if file else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    end = f"--{boundary}--\r\n".encode()
    return b"".join([*parts, end]), f"multipart/form-data; boundary={boundary}"


def _lines(some: Sequence[Story]) -> bytes:
    return "\n".join(story.line() for story in some).encode()
