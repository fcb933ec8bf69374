"""Pages are given again for as long as nothing changes, and not a moment longer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock, Semaphore
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory

from claims.models import Membership
from claims.views.kept import LONGEST_BODY, PAGES, kept
from entities.models import Place
from tests.factories import make_claim, make_place
from tests.kept import asked_twice


@pytest.fixture(autouse=True)
def empty_pages() -> Iterator[None]:
    PAGES.clear()
    yield
    PAGES.clear()


def elsewhere() -> psycopg.Connection[tuple[object, ...]]:
    """Another connection to the tests' database."""
    params = connection.get_connection_params()
    names = ("dbname", "host", "port", "user", "password")
    return psycopg.connect(**{name: params[name] for name in names if params.get(name)})


@pytest.mark.django_db(transaction=True)
def test_a_page_is_made_once_between_two_changes(
    client: Client,
) -> None:
    place = make_place(name="Oldtown")
    make_claim(place=place)
    first, again, queries = asked_twice(lambda: client.get("/"))
    assert queries == 1
    assert b"Oldtown" in first.content
    assert again.content == first.content
    assert again["Vary"] == first["Vary"]
    assert "Cookie" in again["Vary"]
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]

    with elsewhere() as other:
        other.execute("UPDATE entities_place SET name = 'Newtown' WHERE id = %s", [place.pk])
        assert b"Oldtown" in client.get("/").content  # what is not committed is seen by nobody
        other.commit()
        renamed = client.get("/").content
    assert b"Newtown" in renamed
    assert b"Oldtown" not in renamed

    with transaction.atomic():  # what a transaction has written, it reads
        Place.objects.filter(pk=place.pk).update(name="Third")
        assert b"Third" in client.get("/").content
        transaction.set_rollback(True)
    assert client.get("/").content == renamed


@pytest.mark.django_db(transaction=True)
def test_nobody_is_given_the_page_of_another(client: Client) -> None:
    make_claim(place=make_place(name="Oldtown"))
    english = client.get("/").content
    assert b"Log out" not in english
    reader = User.objects.create_user("reader-of-pages")
    Membership.objects.create(user=reader, role="reader")
    member = Client()
    member.force_login(reader)
    client.get("/")  # kept anew, after what was written
    assert b"reader-of-pages" in member.get("/").content
    assert client.get("/").content == english
    ukrainian = client.get("/", headers={"accept-language": "uk"})
    assert ukrainian["Content-Language"] == "uk"
    assert ukrainian.content != english
    assert client.get("/").content == english
    assert client.get("/?q=nothing").content != english
    town = Place.objects.get().get_absolute_url()
    compressed = client.get(town, headers={"accept-encoding": "gzip"})
    assert compressed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get(town)


class Made:
    """A view that is `kept`, of a database that is in a `state`, and how it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.state = "before"
        self.asked = 0
        self.lock = Lock()
        self.entered, self.finish, self.waiting = Event(), Event(), Semaphore(0)
        waiting = self.waiting

        class Told(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:
                waiting.release()
                return super().result(timeout)

        monkeypatch.setattr("claims.views.kept.Future", Told)
        # The server has other databases, in which other tests write: that is another state, too.
        monkeypatch.setattr("claims.views.kept.state", lambda: self.state)
        self.view = kept(self.make)

    def make(self, request: HttpRequest) -> HttpResponse:
        with self.lock:
            self.asked += 1
            number = self.asked
        self.entered.set()
        assert self.finish.wait(20)
        if number == 1 and request.GET.get("fails"):
            raise ConnectionError("the first of all")
        return HttpResponse(f"made {number}".encode())

    def ask(self, query: str = "") -> bytes:
        request = RequestFactory().get(f"/{query}")
        request.user = AnonymousUser()
        return bytes(self.view(request).content)

    def ask_while_it_is_made(self, threads: ThreadPoolExecutor, query: str = "") -> list[Any]:
        """Four answers to come: all others wait for the first."""
        answers = [threads.submit(self.ask, query)]
        assert self.entered.wait(20)
        answers += [threads.submit(self.ask, query) for _ in range(3)]
        assert all(self.waiting.acquire(timeout=20) for _ in range(3))
        return answers


class TestWhoAsksWhileAPageIsMade:
    @pytest.mark.parametrize("committed", [False, True])
    def test_is_given_it(self, monkeypatch: pytest.MonkeyPatch, committed: bool) -> None:
        """It tells what was there when they asked, as it does to who asked first."""
        made = Made(monkeypatch)
        with ThreadPoolExecutor(4) as threads:
            answers = made.ask_while_it_is_made(threads)
            if committed:
                made.state = "after"
            made.finish.set()
            assert [answer.result() for answer in answers] == [b"made 1"] * 4
        assert made.asked == 1
        assert made.ask() == (b"made 2" if committed else b"made 1")
        assert PAGES.making == {}

    def test_makes_it_himself_where_that_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = Made(monkeypatch)
        with ThreadPoolExecutor(4) as threads:
            first, *others = made.ask_while_it_is_made(threads, "?fails=1")
            made.finish.set()
            with pytest.raises(ConnectionError, match="the first of all"):
                first.result()
            assert {answer.result() for answer in others} == {b"made 2", b"made 3", b"made 4"}
        assert PAGES.making == {}

    def test_does_not_wait_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("claims.views.kept.PATIENCE", 0.01)
        made = Made(monkeypatch)
        with ThreadPoolExecutor(2) as threads:
            first = threads.submit(made.ask)
            assert made.entered.wait(20)
            second = threads.submit(made.ask)
            while made.asked < 2:
                assert not second.done()
                time.sleep(0.01)
            made.finish.set()
            assert (first.result(), second.result()) == (b"made 1", b"made 2")
        assert made.ask() == b"made 1"


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_page_of_an_earlier_state() -> None:
    """A page that was begun before a change may lack it."""
    asked = []

    @kept
    def view(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        if len(asked) == 1:
            with elsewhere() as other:
                other.execute("SELECT pg_current_xact_id()")
            with ThreadPoolExecutor(1) as thread:
                assert thread.submit(ask).result() == b"made 2"
            return HttpResponse(b"made 1")
        return HttpResponse(b"made 2")

    def ask() -> bytes:
        request = RequestFactory().get("/")
        request.user = AnonymousUser()
        try:
            return bytes(view(request).content)
        finally:
            if threading.current_thread() is not threading.main_thread():
                connection.close()

    assert ask() == b"made 1"
    assert len(asked) == 2


class TestWhatCannotBeKept:
    """Views that say how often they were asked."""

    pytestmark = pytest.mark.django_db(transaction=True)

    def made_between(self, change: str) -> int:
        """How often the view was asked for the second of two answers."""
        asked = 0

        @kept
        def view(request: HttpRequest) -> HttpResponse:
            nonlocal asked
            asked += 1
            if change == "token":
                get_token(request)
            response = HttpResponse(f"{asked}".encode(), status=404 if change == "status" else 200)
            if change == "cookie":
                response.set_cookie("some", "value")
            if change == "size":
                response.content = response.content.rjust(LONGEST_BODY + 1)
            return response

        made = RequestFactory().head if change == "method" else RequestFactory().get

        def ask() -> int:
            request = made("/")
            request.user = AnonymousUser()
            return int(view(request).content)

        first, again, _ = asked_twice(ask)
        return again - first

    def test_others_are_kept(self) -> None:
        assert self.made_between("") == 0

    @pytest.mark.parametrize("change", ["token", "status", "cookie", "size", "method"])
    def test_it_is_made_anew(self, change: str) -> None:
        assert self.made_between(change) == 1
