"""Pages are given again as they were made, as long as nothing at all has changed in the database.

PostgreSQL tells, in one short statement, which transactions a query would see. While that reads the
same, none has been committed, so that a page made now would read as one made before, whatever it
is told from. Where much is written little is kept, and what is asked for most, a town in the news,
is made once between two commits instead of once for each of its readers: those who ask for it while
it is made wait for that one, and are given it even where something has been committed since, as who
asked first is. See docs/production.md.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from functools import partial, wraps
from threading import Lock
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
LONGEST_BODY = MOST_BYTES // 4  # bytes: one that would push all others out is not kept
PATIENCE = 10.0  # seconds that somebody waits for a page that is made for another
OLDEST = 60.0  # seconds: should a database be exchanged for another that has come just as far
_STATE = "SELECT concat(current_database(), ' ', pg_current_snapshot())"


@dataclass(frozen=True, slots=True)
class Asked:
    """All that what anonymous readers are told depends on, besides the database."""

    site: str
    address: str
    language: str
    day: date
    compressed: bool


@dataclass(frozen=True, slots=True)
class Page:
    body: bytes
    headers: dict[str, str]

    def response(self) -> HttpResponse:
        return HttpResponse(self.body, headers=self.headers)


@dataclass(slots=True)
class Pages:
    """The pages of one `state` of the database: the next one empties it. `making`: those that
    somebody makes just now; None comes of one that is nobody else's."""

    state: str = ""
    since: float = 0.0
    size: int = 0
    pages: dict[Asked, Page] = field(default_factory=dict)
    making: dict[tuple[str, Asked], Future[Page | None]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def given(
        self,
        asked: Asked,
        make: Callable[[], Answer],
        *,
        can_be_kept: Callable[[HttpResponse], bool] = lambda response: True,
    ) -> Answer | HttpResponse:
        """The page as it was made for the database's present state, by whoever asked first, else
        made now. What is sent while it is made is never kept."""
        now = state()
        made: Future[Page | None] = Future()
        with self.lock:
            if found := self._get(now, asked):
                return found.response()
            others = self.making.setdefault((now, asked), made)
        if others is not made:
            page = _waited(others)
            return page.response() if page else make()
        page = None
        try:
            response = make()
            if isinstance(response, HttpResponse) and can_be_kept(response):
                page = Page(response.content, dict(response.items()))
        finally:
            with self.lock:
                del self.making[now, asked]
                if page:
                    self._put(now, asked, page)
            made.set_result(page)
        return response

    def _get(self, state: str, asked: Asked) -> Page | None:
        if state != self.state or monotonic() - self.since > OLDEST:
            self._begin(state)
        return self.pages.get(asked)

    def _put(self, state: str, asked: Asked, page: Page) -> None:
        """Nothing where the database has gone on since, or the page is too large."""
        if state != self.state or len(page.body) > LONGEST_BODY:
            return
        if self.size + len(page.body) > MOST_BYTES:
            self._begin(state)
        self.size += len(page.body)
        self.pages[asked] = page

    def clear(self) -> None:
        with self.lock:
            self._begin("")

    def _begin(self, state: str) -> None:
        self.state, self.since, self.size, self.pages = state, monotonic(), 0, {}


def _waited(made: Future[Page | None]) -> Page | None:
    """None, too, where it takes too long."""
    try:
        return made.result(PATIENCE)
    except TimeoutError:
        return None


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
