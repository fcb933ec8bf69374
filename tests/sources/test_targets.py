"""Addresses that nothing is fetched from: refused before a byte is sent."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from sources import targets
from sources.fetch import fetch
from sources.targets import FetchError, is_public, look_up, target
from tests.sources.site import Site

# As they are written: refused without a look-up of any name.
WRITTEN = {
    # not the web
    "": targets.NO_WEB_ADDRESS,
    "courier.example/a": targets.NO_WEB_ADDRESS,
    "//courier.example/a": targets.NO_WEB_ADDRESS,
    "ftp://courier.example/a": targets.NO_WEB_ADDRESS,
    "file:///etc/passwd": targets.NO_WEB_ADDRESS,
    "gopher://127.0.0.1:6379/_FLUSHALL": targets.NO_WEB_ADDRESS,
    "dict://127.0.0.1:11211/stat": targets.NO_WEB_ADDRESS,
    "data:text/html,hello": targets.NO_WEB_ADDRESS,
    "javascript:alert(1)": targets.NO_WEB_ADDRESS,
    "http:courier.example": targets.NO_WEB_ADDRESS,
    "http:/courier.example/": targets.NO_WEB_ADDRESS,
    "http:///etc/passwd": targets.NO_HOST,
    "http://?a": targets.NO_HOST,
    # what stands before and after the name
    "http://editor@courier.example/": targets.CREDENTIALS,
    "http://editor:secret@courier.example/": targets.CREDENTIALS,
    "http://courier.example@127.0.0.1/": targets.CREDENTIALS,
    "http://127.0.0.1:80@courier.example/": targets.CREDENTIALS,
    "http://courier.example:22/": targets.ODD_PORT,
    "http://courier.example:6379/": targets.ODD_PORT,
    "http://courier.example:8080/": targets.ODD_PORT,
    "https://courier.example:0/": targets.ODD_PORT,
    "https://courier.example:99999/": targets.ODD_PORT,
    "http://courier.example:80:80/": targets.ODD_HOST,
    "http://courier.example:/": targets.ODD_HOST,
    "http://courier.example:８０/": targets.ODD_HOST,
    "http://courier.example:0x50/": targets.ODD_HOST,
    # characters
    "http://courier.example\\@127.0.0.1/": targets.BAD_CHARACTERS,
    "http://127.0.0.1\\.courier.example/": targets.BAD_CHARACTERS,
    "http://courier.example/\r\nHost: 127.0.0.1": targets.BAD_CHARACTERS,
    "http://courier.example/a b": targets.BAD_CHARACTERS,
    "http://courier.example\t.example/": targets.BAD_CHARACTERS,
    "http://courier.\u200bexample/": targets.BAD_CHARACTERS,
    "http://courier\u00ad.example/": targets.BAD_CHARACTERS,
    "http://courier.example/\0": targets.BAD_CHARACTERS,
    "http://courier.example/" + "a" * 2000: targets.TOO_LONG,
    "http://courier.example/" + "é" * 1000: targets.TOO_LONG,  # written as six characters each
    # names
    "http://localhost/": targets.PRIVATE,
    "http://LOCALHOST/": targets.PRIVATE,
    "http://redis/": targets.PRIVATE,
    "http://printer.local/": targets.PRIVATE,
    "http://router.lan/": targets.PRIVATE,
    "http://a.localhost/": targets.PRIVATE,
    "http://metadata.google.internal/computeMetadata/v1/": targets.PRIVATE,
    "http://localhost./": targets.ODD_HOST,
    "http://courier.example./": targets.ODD_HOST,
    "http://courier..example/": targets.ODD_HOST,
    "http://.courier.example/": targets.ODD_HOST,
    "http://-courier.example/": targets.ODD_HOST,
    "http://courier_press.example/": targets.ODD_HOST,
    "http://courier%2eexample/": targets.ODD_HOST,
    "http://%31%32%37.0.0.1/": targets.ODD_HOST,
    "http://" + "a" * 64 + ".example/": targets.ODD_HOST,
    "http://" + "a." * 130 + "example/": targets.ODD_HOST,
    "http://courier。example/": targets.ODD_HOST,
    "http://газета。укр/": targets.ODD_HOST,
    "http://ｃourier.example/": targets.ODD_HOST,
    "http://xn--a.example/": targets.ODD_HOST,
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/": targets.ODD_HOST,
    # numbers
    "http://2130706433/": targets.ODD_NUMBER,
    "http://017700000001/": targets.ODD_NUMBER,
    "http://0x7f000001/": targets.ODD_NUMBER,
    "http://0X7F.0.0.1/": targets.ODD_NUMBER,
    "http://0x7f.1/": targets.ODD_NUMBER,
    "http://127.1/": targets.ODD_NUMBER,
    "http://127.0.1/": targets.ODD_NUMBER,
    "http://0177.0.0.1/": targets.ODD_NUMBER,
    "http://127.0.0.01/": targets.ODD_NUMBER,
    "http://0/": targets.ODD_NUMBER,
    "http://127.0.0.1.2/": targets.ODD_NUMBER,
    "http://256.1.1.1/": targets.ODD_NUMBER,
    "http://courier.0x/": targets.ODD_NUMBER,
    "http://127.0.0.1./": targets.ODD_HOST,
    "http://１２７.０.０.１/": targets.ODD_HOST,
    "http://①②⑦.⓪.⓪.①/": targets.ODD_HOST,
    "http://١٢٧.٠.٠.١/": targets.ODD_HOST,
    # brackets
    "http://[::1/": targets.ODD_HOST,
    "http://::1/": targets.ODD_HOST,
    "http://[127.0.0.1]/": targets.ODD_HOST,
    "http://[fe80::1%25eth0]/": targets.ODD_HOST,
    "http://[fe80::1%eth0]/": targets.ODD_HOST,
    "http://[::1].courier.example/": targets.ODD_HOST,
    "http://[v1.a]/": targets.ODD_HOST,
}
SPECIAL = [
    # IPv4: this host, private, shared, loopback, link-local and what clouds keep there
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255"),
    *("192.168.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254"),
    *("169.254.169.254", "169.254.0.1"),
    # protocols, documentation, benchmarks, 6to4 relays, multicast, reserved, broadcast
    *("192.0.0.1", "192.0.0.170", "192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1"),
    *("198.19.255.255", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    "255.255.255.255",
    # IPv6: unspecified, loopback, mapped, compatible, translated
    *("::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1"),
    *("::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"),
    # 6to4, Teredo, ISATAP
    *("2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    *("2a00:1450:4001:81b:0:5efe:7f00:1", "2a00:1450:4001:81b:200:5efe:a00:1"),
    # link-local, site-local, unique local, multicast, documentation, benchmarks, discard
    *("fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "2001:db8::1"),
    *("3fff::1", "2001:2::1", "2001:10::1", "100::1", "5f00::1", "4000::1", "fe80::1%eth0"),
]
PUBLIC = ["8.8.8.8", "93.184.215.14", "100.63.255.255", "100.128.0.1", "172.32.0.1", "198.20.0.1"]
PUBLIC_6 = ["2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "2001:4860:4860::8888"]


@pytest.fixture
def nothing_sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing connects anywhere, and no name is looked up."""
    done: list[str] = []

    def connect(*_: object, **__: object) -> NoReturn:
        done.append("connected")
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)
    yield
    assert done == []


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """What every name leads to. Returns the names that are looked up."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[tuple]:
        asked.append(host)
        return [
            (socket.AF_INET6, 1, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, 1, 6, "", (address, port))
            for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("url", WRITTEN)
def test_addresses_refused_as_written(nothing_sent: None, url: str) -> None:
    with pytest.raises(FetchError) as refused:
        fetch(url)
    assert (refused.value.said, refused.value.passing) == (WRITTEN[url], False)


@pytest.mark.parametrize("address", SPECIAL)
def test_special_addresses_are_refused_as_written(nothing_sent: None, address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    for scheme in ("http", "https"):
        with pytest.raises(FetchError):
            fetch(f"{scheme}://{host}/")


@pytest.mark.parametrize("address", SPECIAL)
def test_names_that_lead_to_special_addresses_are_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Alone, and also among public ones."""
    monkeypatch.setattr(socket.socket, "connect", None)
    for addresses in ([address], [PUBLIC[0], address], [address, PUBLIC_6[0]]):
        asked = leads_to(monkeypatch, *addresses)
        with pytest.raises(FetchError) as refused:
            fetch("https://courier.example/a")
        assert refused.value.said == targets.PRIVATE
        assert asked == ["courier.example"]


@pytest.mark.parametrize("address", [*PUBLIC, *PUBLIC_6])
def test_public_addresses_are_not_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    leads_to(monkeypatch, address)
    assert is_public(address)
    ((_, found),) = look_up(target("https://courier.example/", ()), 5)
    assert found[:2] == (address, 443)


def test_a_listener_on_this_machine_hears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with Site() as site:
        for host in ("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "localhost"):
            with pytest.raises(FetchError):
                fetch(f"http://{host}:{site.port}/")
        monkeypatch.setattr(targets, "PORTS", {"http": site.port, "https": site.port})
        with pytest.raises(FetchError) as refused:
            fetch(site.url)
        assert refused.value.said == targets.PRIVATE
        leads_to(monkeypatch, "127.0.0.1")
        with pytest.raises(FetchError) as refused:
            fetch("http://courier.example/")
        assert refused.value.said == targets.PRIVATE
    assert site.connections == 0


def test_a_name_that_nobody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> NoReturn:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchError) as refused:
        fetch("http://courier.example/")
    assert (refused.value.said, refused.value.passing) == (targets.UNKNOWN_NAME, True)


def test_what_is_asked_for_is_written_in_ascii() -> None:
    found = target("  HTTPS://Газета.Укр:443/новини/1?день=11-січня#part\n", ())
    assert found.url == (
        "https://xn--80aahjj1e.xn--j1amh/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/1"
        "?%D0%B4%D0%B5%D0%BD%D1%8C=11-%D1%81%D1%96%D1%87%D0%BD%D1%8F"
    )
    assert target("http://courier.example", ()).url == "http://courier.example/"
    assert target("http://[2606:4700::6810]/a%20b?c=%7B", ()).url == (
        "http://[2606:4700::6810]/a%20b?c=%7B"
    )


@pytest.mark.parametrize(
    ("allow", "url", "allowed"),
    [
        (["127.0.0.1:8081"], "http://127.0.0.1:8081/", True),
        (["127.0.0.1:8081"], "http://127.0.0.1:8082/", False),
        (["127.0.0.1:8081"], "http://127.0.0.1/", False),
        (["127.0.0.1"], "http://127.0.0.1/", True),
        (["127.0.0.1"], "http://127.0.0.1:8081/", False),
        (["[::1]:8081"], "http://[::1]:8081/", True),
        (["[::1]:8081"], "http://[0:0::1]:8081/", True),
        (["press"], "https://press/", True),
        (["press"], "https://press.example.local/", False),
        (["127.0.0.1"], "http://2130706433/", False),
    ],
)
def test_what_the_installation_allows(allow: list[str], url: str, allowed: bool) -> None:
    if allowed:
        assert target(url, allow).allowed
    else:
        with pytest.raises(FetchError):
            target(url, allow)
