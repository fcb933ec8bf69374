"""Addresses, redirects and answers of name servers that lead inside: none is followed, whichever
way it is written and whenever it turns."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

import pytest

from sources import targets
from sources.fetch import FetchError, fetch
from tests.sources.site import Site, answer, led_to

PUBLIC = "93.184.215.14"


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What names lead to, one answer after another; all connections come to the site."""

    def lead(site: Site, *answers: Sequence[str]) -> list[Any]:
        given, places = iter(answers), []
        real = socket.socket.connect

        def look_up(host: str, port: int, **_: Any) -> list[tuple]:
            return [(socket.AF_INET6 if ":" in place else socket.AF_INET, 1, 6, "", (place, port))
                    for place in next(given)]  # fmt: skip

        def connect(self: socket.socket, address: Any) -> None:
            places.append(address[0])
            real(self, ("127.0.0.1", site.port))

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        monkeypatch.setattr(socket.socket, "connect", connect)
        return places

    return lead


@pytest.mark.parametrize(
    "second",
    [
        ["127.0.0.1"],
        [PUBLIC, "10.0.0.1"],  # one of several is enough
        ["::1"],
        ["::ffff:169.254.169.254"],
        ["64:ff9b::a00:1"],  # NAT64 of 10.0.0.1
        ["2002:a00:1::"],  # 6to4 of it
        ["fe80::1"],
        ["fd00:ec2::254"],
        ["0.0.0.0"],
        ["100.64.0.1"],
    ],
)
def test_a_name_that_turns_inside_between_redirects(inside: Any, second: list[str]) -> None:
    with Site({"/": led_to("/b"), "/b": answer(b"secret")}) as site:
        places = inside(site, [PUBLIC], second)
        with pytest.raises(FetchError) as raised:
            fetch("http://courier.example/")
        assert raised.value.said == targets.PRIVATE
        assert (places, len(site.asked)) == ([PUBLIC], 1)


def test_a_name_that_turns_inside_between_check_and_connection(inside: Any) -> None:
    """It is looked up once for each request: what would turn is not asked for."""
    with Site({"/": answer()}) as site:
        places = inside(site, [PUBLIC], ["127.0.0.1"])
        fetch("http://courier.example/")
        assert places == [PUBLIC]


@pytest.mark.parametrize(
    "location",
    [
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://①②⑦.⓪.⓪.①/",
        "http://127。0。0。1/",
        "http://[::ffff:7f00:1]/",
        "http://[::]/",
        "http://[fe80::1%25eth0]/",
        "http://localhost.localdomain/",
        "http://metadata.google.internal/",
        "http://courier.example@127.0.0.1/",
        "http://127.0.0.1#@courier.example/",
        "http://127.0.0.1\\@courier.example/",
        "http:127.0.0.1/",
        "http:\\\\127.0.0.1\\",
        "\\\\127.0.0.1\\a",
        "///127.0.0.1/",
        "http://courier.example:0/",
        "http://courier.example:6379/",
        "http://courier.example:80:80/",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "ftp://127.0.0.1/",
        "file://localhost/etc/passwd",
        "data:text/html,secret",
        "http://courier.example/\t\x7f",
        "http://cou\u200brier.example/",
        "http://xn--a/",
        "http://" + "a" * 3000 + ".example/",
    ],
)
def test_a_redirect_that_leads_inside_however_it_is_written(inside: Any, location: str) -> None:
    with Site({"/": led_to(location)}) as site:
        places = inside(site, [PUBLIC], ["127.0.0.1"], ["127.0.0.1"])
        with pytest.raises(FetchError):
            fetch("http://outside.example/")
        assert (places, len(site.asked)) == ([PUBLIC], 1)


def test_headers_cannot_be_put_into_the_next_request(inside: Any) -> None:
    with Site({"/": led_to("/b%0d%0aX-Evil:%201"), "/b%0d%0aX-Evil:%201": answer()}) as site:
        inside(site, [PUBLIC], [PUBLIC])
        fetch("http://outside.example/")
        assert not any(line.startswith("X-Evil") for line in site.asked[1].splitlines())
