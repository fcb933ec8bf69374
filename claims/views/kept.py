"""Pages are given again as they were made, as long as nothing at all has changed in the database.

PostgreSQL tells, in one short statement, which transactions a query would see. While that reads the
same, none has been committed, so that a page made now would read as one made before, whatever it
is told from. Where much is written little is kept, and what is asked for most, a town in the news,
is made once between two commits instead of once for each of its readers: those who ask for it while
it is made wait for that one. See docs/production.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial, wraps
from threading import Event, Lock
from time import monotonic
from typing import TypeVar

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

Answer = TypeVar("Answer", bound=HttpResponseBase)
MOST_BYTES = 32_000_000  # of bodies, in each process
PATIENCE = 10.0  # seconds that somebody waits for a page that is made for another
LONGEST = 60.0  # seconds: should a database be exchanged for another that has come just as far
_STATE = "SELECT concat(current_database(), ' ', pg_current_snapshot())"


@dataclass(frozen=True, slots=True)
class Asked:
    """All that what anonymous readers are told depends on, besides the database."""

    site: str
    address: str
    language: str
    day: date
    compressed: bool


@dataclass(slots=True)
class Pages:
    """The pages of one `state` of the database: the next one empties it. `making`: those that
    somebody makes just now."""

    state: str = ""
    since: float = 0.0
    size: int = 0
    bodies: dict[Asked, tuple[bytes, dict[str, str]]] = field(default_factory=dict)
    making: dict[tuple[str, Asked], Event] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def given(
        self,
        asked: Asked,
        make: Callable[[], Answer],
        *,
        can_be_kept: Callable[[HttpResponse], bool] = lambda response: True,
    ) -> Answer | HttpResponse:
        """The page as it was made for the database's present state, else made now. What is sent
        while it is made is never kept."""
        now = state()
        found = self.get(now, asked)
        if found is None and self._waited(now, asked):
            # Once: where much is committed, one after the other would take longer than together.
            now = state()
            found = self.get(now, asked)
        if found is not None:
            return found
        with self._making(now, asked):
            response = make()
            if isinstance(response, HttpResponse) and can_be_kept(response):
                self.put(now, asked, response)
        return response

    def _waited(self, state: str, asked: Asked) -> bool:
        """Wait for who makes this very page of this very state; False where nobody does."""
        with self.lock:
            made = self.making.get((state, asked))
        return made is not None and made.wait(PATIENCE)

    @contextmanager
    def _making(self, state: str, asked: Asked) -> Iterator[None]:
        made = Event()
        with self.lock:
            first = self.making.setdefault((state, asked), made) is made
        try:
            yield
        finally:
            if first:
                with self.lock:
                    del self.making[state, asked]
            made.set()

    def get(self, state: str, asked: Asked) -> HttpResponse | None:
        with self.lock:
            if state != self.state or monotonic() - self.since > LONGEST:
                self._begin(state)
            found = self.bodies.get(asked)
        return HttpResponse(found[0], headers=found[1]) if found else None

    def put(self, state: str, asked: Asked, response: HttpResponse) -> None:
        """Nothing where the database has gone on since, or the page is too large."""
        body = response.content
        with self.lock:
            if state != self.state or len(body) > MOST_BYTES:
                return
            if self.size + len(body) > MOST_BYTES:
                self._begin(state)
            self.size += len(body)
            self.bodies[asked] = body, dict(response.items())

    def clear(self) -> None:
        with self.lock:
            self._begin("")

    def _begin(self, state: str) -> None:
        self.state, self.since, self.size, self.bodies = state, monotonic(), 0, {}


PAGES = Pages()


def kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Of a view whose page tells anonymous readers nothing but what the database holds, by the
    address, the language and the day. It stands outside of what compresses the page."""

    @wraps(view)
    def given(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not _is_kept(request):
            return view(request, *args, **kwargs)
        compressed = "gzip" in request.headers.get("Accept-Encoding", "")
        found = PAGES.given(
            asked_by(request, compressed=compressed),
            lambda: view(request, *args, **kwargs),
            can_be_kept=partial(_can_be_kept, request),
        )
        patch_vary_headers(found, ["Cookie"])
        return found

    return given


def _is_kept(request: HttpRequest) -> bool:
    """Whether whoever asks is nobody in particular."""
    return (
        can_be_given_again(request)
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and not request.user.is_authenticated
    )


def can_be_given_again(request: HttpRequest) -> bool:
    """Not in a transaction, which reads what it has written itself and no other sees, nor while
    somebody writes templates."""
    return request.method == "GET" and not settings.DEBUG and not connection.in_atomic_block


def _can_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """A form's token is one reader's own."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    )


def asked_by(request: HttpRequest, *, compressed: bool) -> Asked:
    return Asked(
        site=f"{request.scheme}://{request.get_host()}",
        address=request.get_full_path(),
        language=get_language() or "",
        day=timezone.localdate(),
        compressed=compressed,
    )


def state() -> str:
    """What reads the same as long as nothing is committed."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        (told,) = cursor.fetchone()
    return str(told)
