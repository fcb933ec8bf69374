"""Which addresses may be fetched: what is written in them, and where their names lead.

An address comes from outside, and so does the answer to every look-up of a name. So one is
refused unless it is written as public pages' addresses are, and all that its name leads to is in
the public internet. `FETCH_ALLOW_HOSTS` names exceptions.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

import idna
from django.utils.translation import gettext_noop

MAX_LENGTH = 2000  # of an address, as of the column that keeps it
PORTS: Mapping[str, int] = {"http": 80, "https": 443}
NETWORK_PART = re.compile(
    r"(?P<host>\[(?P<six>[0-9a-f:.]+)\]|[^\[\]:@%]+)(?::(?P<port>[0-9]{1,5}))?", re.I
)
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # what systems read as a number: decimal, octal, hex
# Names that no public site has, or that mean something on the network that one is in.
NOT_PUBLIC = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home.arpa")
SAFE = "%/:=&?~+!$,;'@()*[]"  # characters that a path or a query keeps as they are

# The IANA registries of special-purpose addresses, and multicast. Spelled out, since what
# `ipaddress` counts as global differs between versions of Python; it is asked besides.
SPECIAL_4 = tuple(
    map(
        IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24"),
            *("192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
            *("224.0.0.0/4", "240.0.0.0/4"),
        ),
    )
)
PUBLIC_6 = IPv6Network("2000::/3")  # all that is given out; loopback, mapped, NAT64 … lie outside
SPECIAL_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols' own: Teredo, benchmarking, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which embeds any IPv4 address
            "3fff::/20",  # documentation
        ),
    )
)
ISATAP = (0x00005EFE, 0x02005EFE)  # the third quarter of addresses that embed an IPv4 one

BAD_CHARACTERS = gettext_noop("The address has characters in it that no address has.")
NO_WEB_ADDRESS = gettext_noop("This is no web address: it must begin with http:// or https://.")
NO_HOST = gettext_noop("The address names no site.")
CREDENTIALS = gettext_noop("An address with a user name or a password in it is not fetched.")
ODD_HOST = gettext_noop("The site’s name is not written as public sites’ names are.")
ODD_NUMBER = gettext_noop("The site’s address is a number in an unusual form.")
ODD_PORT = gettext_noop("Only the ports 80 and 443 are fetched from.")
PRIVATE = gettext_noop(
    "The address leads into a private or special network: nothing is fetched there."
)
TOO_LONG = gettext_noop("The address is longer than 2,000 characters.")
UNKNOWN_NAME = gettext_noop("No site has this name, or its name server does not answer.")


class FetchError(Exception):
    """Why an address was not fetched, in one line: `said`, into which `values` go, so that it can
    be said in any language. `passing`: it may be another time. `retry_after` is when to come
    again, as the site's header has it, or ""."""

    def __init__(
        self, said: str, *, passing: bool = False, retry_after: str = "", **values: object
    ) -> None:
        self.said, self.values, self.passing = said, values, passing
        self.retry_after = retry_after
        super().__init__(said % values if values else said)

    @property
    def status(self) -> int | None:
        """The HTTP status, where the site answered with another than was hoped for."""
        status = self.values.get("status")
        return status if isinstance(status, int) else None


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked. `host` is in ASCII, an IPv6 one without its brackets; `path`
    is quoted, with the query. `allowed`: FETCH_ALLOW_HOSTS names it."""

    scheme: str
    host: str
    port: int
    path: str
    allowed: bool

    @property
    def url(self) -> str:
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self._shown}{port}{self.path}"

    @property
    def site(self) -> str:
        """Host and port: whom one is polite to."""
        return f"{self._shown}:{self.port}"

    @property
    def _shown(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def target(url: str, allow: Collection[str]) -> Target:
    """The parts of an address. Nothing is looked up. Raises FetchError."""
    url = url.strip()
    if len(url) > MAX_LENGTH:
        raise FetchError(TOO_LONG)
    if "\\" in url or any(unicodedata.category(char)[0] in "CZ" for char in url):
        raise FetchError(BAD_CHARACTERS)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise FetchError(ODD_HOST) from None
    if parts.scheme not in PORTS or not url[len(parts.scheme) :].startswith("://"):
        raise FetchError(NO_WEB_ADDRESS)
    if not parts.netloc:
        raise FetchError(NO_HOST)
    if "@" in parts.netloc:
        raise FetchError(CREDENTIALS)
    found = NETWORK_PART.fullmatch(parts.netloc)
    if found is None:
        raise FetchError(ODD_HOST)
    port = int(found["port"] or PORTS[parts.scheme])
    host = _six(found["six"]) if found["six"] else _name(found["host"])
    allowed = _is_allowed(host, port, allow)
    if not allowed:
        _refuse(host, port)
    path = quote(parts.path or "/", safe=SAFE)
    query = f"?{quote(parts.query, safe=SAFE)}" if parts.query else ""
    made = Target(parts.scheme, host, port, path + query, allowed)
    if len(made.url) > MAX_LENGTH:  # quoted it is longer than it was written
        raise FetchError(TOO_LONG)
    return made


def look_up(target: Target, seconds: float) -> list[tuple[socket.AddressFamily, tuple]]:
    """Family and socket address of each place that the target's name leads to, all checked: to
    these the connection goes, and no name is looked up again. Raises FetchError where one of
    them is not public, even if others are."""
    if literal := _literal(target.host):
        family = socket.AF_INET if literal.version == 4 else socket.AF_INET6
        rest = () if literal.version == 4 else (0, 0)
        return [(family, (str(literal), target.port, *rest))]
    found = _ask_resolver(target.host, target.port, seconds)
    if not found:
        raise FetchError(UNKNOWN_NAME, passing=True)
    if not target.allowed and not all(is_public(str(address[0])) for _, address in found):
        raise FetchError(PRIVATE)
    return found


def is_public(address: str) -> bool:
    """Whether an IP address, as written, is one of the public internet and of no special kind."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return ip.is_global and not any(ip in network for network in SPECIAL_4)
    if ip.scope_id is not None or ip not in PUBLIC_6:
        return False
    embeds = (int(ip) >> 32 & 0xFFFFFFFF) in ISATAP
    return ip.is_global and not embeds and not any(ip in network for network in SPECIAL_6)


def _ask_resolver(host: str, port: int, seconds: float) -> list[tuple[socket.AddressFamily, tuple]]:
    """The system's answer, in another thread: it can take longer than anybody wants to wait."""
    pool = ThreadPoolExecutor(1)
    asked = pool.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        answers = asked.result(seconds)
    except (OSError, UnicodeError, TimeoutError):
        raise FetchError(UNKNOWN_NAME, passing=True) from None
    finally:
        pool.shutdown(wait=False)
    return list(dict.fromkeys((family, address) for family, _, _, _, address in answers))


def _six(written: str) -> str:
    try:
        return str(IPv6Address(written))
    except ValueError:
        raise FetchError(ODD_HOST) from None


def _name(written: str) -> str:
    """A host in lower case and ASCII. A name that IDNA would have to change first (full-width
    letters, other signs for a dot) is refused: it is not what it looks like."""
    host = written.lower()
    try:
        if not host.isascii() or "xn--" in host:
            # Label by label: as a whole it would take other signs for a dot too.
            host = ".".join(idna.alabel(label).decode("ascii") for label in host.split("."))
    except idna.IDNAError:
        raise FetchError(ODD_HOST) from None
    labels = host.split(".")
    if NUMBER.fullmatch(labels[-1]) and _literal(host) is None:
        raise FetchError(ODD_NUMBER)
    if len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise FetchError(ODD_HOST)
    return host


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_allowed(host: str, port: int, allow: Collection[str]) -> bool:
    """Whether HOST:PORT is named, or HOST and the port is a usual one."""
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{port}" in allow or (shown in allow and port in PORTS.values())


def _refuse(host: str, port: int) -> None:
    if port not in PORTS.values():
        raise FetchError(ODD_PORT)
    if literal := _literal(host):
        if not is_public(str(literal)):
            raise FetchError(PRIVATE)
    elif "." not in host or any(host == name or host.endswith(f".{name}") for name in NOT_PUBLIC):
        raise FetchError(PRIVATE)
