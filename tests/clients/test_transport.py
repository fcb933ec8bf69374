"""What the client sends, what it tries again, and what it tells of a refusal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event
from typing import Any

import pytest

from conflict_claims.errors import (
    ApiError,
    BadRequest,
    Fault,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    ServerError,
    Unreachable,
    UnreadableAnswer,
)
from conflict_claims.transport import Transport
from tests.clients.served import Answer, Asked, Says, Served, in_turn, says, serving

PROBLEM = {
    "type": "about:blank",
    "title": "Bad Request",
    "status": 400,
    "detail": "stance: no such value.",
    "parameters": [
        {"name": "stance", "detail": "no such value.", "valid": ["asserts", "denies"]},
        {"name": "colour", "detail": "unknown."},
    ],
}
Asking = Callable[..., tuple[Transport, Served, list[float]]]


@pytest.fixture
def asking() -> Iterator[Asking]:
    """A transport to a server that answers like this, and the waits that it took."""
    with ExitStack() as stack:

        def made(answer: Answer, **options: Any) -> tuple[Transport, Served, list[float]]:
            served = stack.enter_context(serving(answer))
            transport = transport_to(served.address, **options)
            stack.callback(transport.close)
            waits: list[float] = []
            transport.sleep = waits.append
            return transport, served, waits

        yield made


def transport_to(address: str, **options: Any) -> Transport:
    return Transport(
        address,
        **{
            "key": None,
            "attempts": 3,
            "patience": 100,
            "timeout": 5,
            "proxy": None,
            "plain_http": False,
            **options,
        },
    )


def test_a_request_says_who_asks_and_for_what(asking: Asking) -> None:
    transport, served, _ = asking(in_turn(says({"a": 1})), key="cck_abc")

    assert transport.get("claims/", {"state": ["accepted", "pending"], "q": "a b", "n": None}) == {
        "a": 1
    }
    (asked,) = served.asked
    assert (asked.method, asked.path) == ("GET", "/api/v1/claims/")
    assert asked.query == [("state", "accepted"), ("state", "pending"), ("q", "a b")]
    assert asked.headers["Authorization"] == "Bearer cck_abc"
    assert asked.headers["User-Agent"].startswith("conflict-claims-client/")


def test_without_a_key_none_is_sent(asking: Asking) -> None:
    transport, served, _ = asking(in_turn(says({})))
    transport.get("whoami/")

    assert "Authorization" not in served.asked[0].headers


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_what_may_pass_is_tried_again(asking: Asking, status: int) -> None:
    transport, served, waits = asking(in_turn(Says(b"oh", status), Says(b"", status), says([7])))

    assert transport.get("claims/") == [7]
    assert len(served.asked) == 3
    assert 0.25 <= waits[0] <= 0.5
    assert 0.5 <= waits[1] <= 1


def test_after_the_last_attempt_the_error_is_told(asking: Asking) -> None:
    transport, served, _ = asking(in_turn(Says(b"<h1>Bad gateway</h1>", 502)))

    with pytest.raises(ServerError) as caught:
        transport.get("claims/")
    assert (caught.value.status, caught.value.parameters) == (502, ())
    assert caught.value.__notes__ == ["attempts: 3"]
    assert len(served.asked) == 3


def test_a_server_that_says_when_is_obeyed(asking: Asking) -> None:
    transport, served, waits = asking(in_turn(says({}, 429, Retry_After="17"), says({"b": 2})))

    assert transport.get("claims/") == {"b": 2}
    assert (len(served.asked), waits) == (2, [17.0])


def test_nobody_waits_for_ever(asking: Asking) -> None:
    transport, served, waits = asking(in_turn(says(PROBLEM, 429, Retry_After="101")))

    with pytest.raises(RateLimited) as caught:
        transport.get("claims/")
    assert (len(served.asked), waits, caught.value.retry_after) == (1, [], 101.0)


def test_an_allowance_used_up_is_waited_for_before_the_next_request(asking: Asking) -> None:
    transport, served, waits = asking(
        in_turn(says({}, RateLimit='"key";r=0;t=9'), says({}, RateLimit='"key";r=5;t=9'))
    )
    transport.get("claims/")
    assert waits == []
    transport.get("towns/")

    assert len(served.asked) == 2
    (wait,) = waits
    assert 8 < wait <= 9


@pytest.mark.parametrize(
    "garbage",
    [
        Says(b"<html>Please log in to the network</html>"),
        Says(b'{"results": [{"id"'),
        Says(b'{"results": []}', length=4_000),  # the connection ends before its end
        Says(b"", 302, {"Location": "https://elsewhere.example/"}),
        Says(b"", 204),
    ],
)
def test_garbage_is_asked_for_again_and_never_returned(asking: Asking, garbage: Says) -> None:
    transport, served, _ = asking(in_turn(garbage, says({"whole": True})))
    assert transport.get("claims/") == {"whole": True}
    assert len(served.asked) == 2

    transport, served, _ = asking(in_turn(garbage))
    with pytest.raises((Unreachable, UnreadableAnswer)):
        transport.get("claims/")
    assert len(served.asked) == 3


def test_a_redirect_is_not_followed_and_its_target_is_told(asking: Asking) -> None:
    _, other, _ = asking(in_turn(says({})))
    transport, _, _ = asking(in_turn(Says(b"", 301, {"Location": other.address})), key="cck_secret")

    with pytest.raises(UnreadableAnswer, match=f"301, to {other.address}"):
        transport.get("claims/")
    assert other.asked == []


def test_nobody_there() -> None:
    with serving(in_turn(says({}))) as served:
        address = served.address
    transport = transport_to(address)
    waits: list[float] = []
    transport.sleep = waits.append

    with pytest.raises(Unreachable, match=address):
        transport.get("claims/")
    assert len(waits) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequest),
        (401, NotAuthenticated),
        (403, NotAllowed),
        (404, NotFound),
        (418, ApiError),
    ],
)
def test_a_refusal_is_told_at_once(asking: Asking, status: int, kind: type[ApiError]) -> None:
    transport, served, waits = asking(in_turn(says({**PROBLEM, "title": "No"}, status)))

    with pytest.raises(ApiError) as caught:
        transport.get("claims/", {"stance": "shouts"})
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.title) == (status, "No")
    assert caught.value.detail == "stance: no such value."
    assert caught.value.parameters == (
        Fault("stance", "no such value.", ("asserts", "denies")),
        Fault("colour", "unknown."),
    )
    assert caught.value.address == f"{served.address}/api/v1/claims/?stance=shouts"
    assert str(caught.value) == f"{status} No: stance: no such value."
    assert (len(served.asked), waits) == (1, [])


@pytest.mark.parametrize(
    ("headers", "condition"),
    [
        ({"ETag": '"one"', "Last_Modified": "yesterday"}, ("If-None-Match", '"one"')),
        ({"Last_Modified": "yesterday"}, ("If-Modified-Since", "yesterday")),
    ],
)
def test_what_has_not_changed_is_not_sent_again(
    asking: Asking, headers: dict[str, str], condition: tuple[str, str]
) -> None:
    transport, served, _ = asking(in_turn(says({"a": [1]}, 200, **headers), Says(status=304)))

    first = transport.get("claims/", {"q": "x"})
    first["a"].append("spoilt by who asked")
    assert transport.get("claims/", {"q": "x"}) == {"a": [1]}
    assert condition[0] not in served.asked[0].headers
    assert served.asked[1].headers[condition[0]] == condition[1]


def test_another_address_has_another_memory(asking: Asking) -> None:
    transport, served, _ = asking(in_turn(says({}, ETag='"one"'), says({}, ETag='"two"')))
    transport.get("claims/", {"q": "x"})
    transport.get("claims/", {"q": "y"})

    assert "If-None-Match" not in served.asked[1].headers


def test_what_is_sent_is_sent_again_only_if_it_was_not_looked_at(asking: Asking) -> None:
    transport, served, waits = asking(in_turn(says({}, 429, Retry_After="3"), says({"id": 1}, 201)))
    assert transport.post("exports/", {"table": "claims"}) == {"id": 1}
    assert (len(served.asked), waits) == (2, [3.0])
    assert [json.loads(one.body) for one in served.asked] == [{"table": "claims"}] * 2

    transport, served, _ = asking(in_turn(Says(b"", 500), says({"id": 1}, 201)))
    with pytest.raises(ServerError):
        transport.post("exports/", {"table": "claims"})
    assert len(served.asked) == 1


def test_a_slow_server_is_given_up(asking: Asking) -> None:
    released = Event()

    def slowly(_: Asked) -> Says:
        released.wait(5)
        return says({})

    transport, _, _ = asking(slowly, timeout=0.05, attempts=2)
    try:
        with pytest.raises(Unreachable, match="timed out"):
            transport.get("claims/")
    finally:
        released.set()


@pytest.mark.parametrize(
    "address",
    ["", "claims.example.org", "ftp://claims.example.org", "https://a:b@claims.example.org"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address of a server"):
        transport_to(address)


def test_a_key_travels_encrypted() -> None:
    with pytest.raises(ValueError, match="https"):
        transport_to("http://claims.example.org", key="cck_abc")
    transport_to("http://claims.example.org")
    transport_to("http://claims.example.org", key="cck_abc", plain_http=True)
    transport_to("http://localhost:8000", key="cck_abc")
    assert transport_to("https://example.org/below").address("claims/") == (
        "https://example.org/below/api/v1/claims/"
    )
