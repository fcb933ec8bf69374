"""When a web page says that it was published, where it says so, and how sure that is; and who
wrote it.

What a page says of itself for programs goes before what it shows, and that before its address.
The words for where and how sure are those of `sources.models.Document`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from sources.adapters.raw import Defaults, parse_time

# Names of meta elements, in the order in which they are believed.
META = (
    *("article:published_time", "og:article:published_time", "datepublished", "og:published_time"),
    *("parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "rnews:datepublished"),
    *("dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date"),
    *("citation_publication_date", "pubdate", "publishdate", "publish-date", "publish_date"),
    *("publication_date", "date", "pub_date", "originalpublicationdate"),
)
FORMATS = ("%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y")
IN_ADDRESS = re.compile(
    r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/._-]|$)"
)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: a default of some program
AHEAD = timedelta(days=2)  # of when it was fetched: clocks and time zones; more is a mistake
NEAR = timedelta(days=1, hours=14)  # two days that may be one, by their offsets
MOST_JSON = 1_000_000  # characters of JSON-LD in a page
MOST_OBJECTS = 2000  # in it

SURE = {"high": 2, "medium": 1, "low": 0}
NEXT_TO = {"given": 6, "page": 5, "feed": 4, "text": 3, "address": 2, "fetched": 1}


@dataclass(frozen=True, slots=True)
class Published:
    """A publication time, in the offset in which it is stated; where it is from; how sure."""

    time: datetime
    source: str
    confidence: str

    @property
    def rank(self) -> tuple[bool, int, int]:
        """What somebody who brought it in says goes before all; then what is surest."""
        return self.source == "given", SURE[self.confidence], NEXT_TO[self.source]


def surest(*found: Published | None) -> Published | None:
    return max((one for one in found if one), key=lambda one: one.rank, default=None)


def given(defaults: Defaults) -> Published | None:
    if defaults.published is None:
        return None
    return Published(defaults.published, defaults.published_from, defaults.published_confidence)


def within(time: datetime, fetched: datetime | None) -> bool:
    """Whether something that was there at `fetched` may have been published at `time`."""
    return time >= EARLIEST and (fetched is None or time <= fetched + AHEAD)


@dataclass(frozen=True, slots=True)
class Described:
    """What a page's JSON-LD says of the article: publication time as written, and authors."""

    published: str = ""
    author: str = ""


def published(
    tree: Any, described: Described, *, address: str, shown: str, fetched: datetime | None
) -> Published | None:
    """The publication time of a parsed page. `shown` is the day that a search of its text gave,
    in ISO 8601, or ""; `fetched` is when it was there, before which it was published."""
    of_address = _of_address(address, fetched)
    page = _stated(_said(tree, described), fetched)
    if page and of_address and abs(page.time - of_address.time) > NEAR:
        page = Published(page.time, "page", "medium")  # one of them is of something else
    # The search tries the address first: what it gave then is not of the text.
    return surest(page, _of_text(tree, "" if of_address else shown, fetched), of_address)


def describe(tree: Any) -> Described:
    """What stands in the page's JSON-LD: of its article where there is one."""
    objects = list(_objects(tree))
    articles = [one for one in objects if "Article" in _kind(one) or "Posting" in _kind(one)]
    for one in (*articles, *objects):
        published = one.get("datePublished")
        if isinstance(published, str) and published.strip():
            return Described(published, _names(one.get("author")))
    return Described("", next((name for one in articles if (name := _names(one["author"]))), ""))


def _objects(tree: Any) -> Iterator[dict[str, Any]]:
    """The objects of all JSON-LD in the page, the outer ones before the inner."""
    left = MOST_JSON
    for element in tree.iterfind(".//script[@type='application/ld+json']"):
        written = element.text or ""
        left -= len(written)
        if left < 0:
            return
        try:
            found = json.loads(written, strict=False)
        except (ValueError, RecursionError):
            continue
        waiting, seen = [found], 0
        while waiting and seen < MOST_OBJECTS:
            one = waiting.pop(0)
            seen += 1
            if isinstance(one, dict):
                yield {"author": None, **one}
                waiting.extend(one.get(key) for key in ("@graph", "mainEntity", "hasPart"))
            elif isinstance(one, list):
                waiting.extend(one)


def _kind(one: dict[str, Any]) -> str:
    kind = one.get("@type")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "")


def _names(author: object) -> str:
    """The names of authors, however JSON-LD writes them."""
    authors = author if isinstance(author, list) else [author]
    names = [one.get("name") if isinstance(one, dict) else one for one in authors[:20]]
    clean = (" ".join(name.split()) for name in names if isinstance(name, str))
    told = [name for name in clean if name and "://" not in name]
    return "; ".join(dict.fromkeys(told))


def _said(tree: Any, described: Described) -> Iterator[str]:
    """Publication times that the page states for programs, as written, best first."""
    if described.published:
        yield described.published
    metas: dict[str, str] = {}
    for element in tree.iterfind(".//meta[@content]"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        metas.setdefault(name.lower(), element.get("content", ""))
    yield from (metas[name] for name in META if name in metas)
    for element in tree.iterfind(".//*[@itemprop='datePublished']"):
        yield element.get("datetime") or element.get("content") or ""
    for element in tree.iterfind(".//time[@pubdate]"):
        yield element.get("datetime") or ""


def _stated(said: Iterator[str], fetched: datetime | None) -> Published | None:
    """The first that is a time; without one with an offset, which is sure, a day."""
    found = [time for written in said if (time := _time(written, fetched))]
    exact = next((time for time, exact in found if exact), None)
    if exact:
        return Published(exact, "page", "high")
    return Published(found[0][0], "page", "medium") if found else None


def _time(written: str, fetched: datetime | None) -> tuple[datetime, bool] | None:
    """A time as pages write it, and whether it says its hour and offset; a day's is 00:00 UTC."""
    written = written.strip()[:60]
    time, exact = None, False
    try:
        time = parse_time(written)
        exact = datetime.fromisoformat(written).tzinfo is not None
    except ValueError:
        time, exact = _in_other_forms(written)
    if time is None or not within(time, fetched):
        return None
    return time, exact


def _in_other_forms(written: str) -> tuple[datetime | None, bool]:
    try:
        time = parsedate_to_datetime(written)
        # An offset of -0000 says that none is known.
        return parse_time(time.isoformat()), time.tzinfo is not None
    except (ValueError, OverflowError):
        pass
    for form in FORMATS:
        try:
            return datetime.strptime(written, form).replace(tzinfo=UTC), False
        except ValueError:
            continue
    return None, False


def _of_text(tree: Any, shown: str, fetched: datetime | None) -> Published | None:
    """A date that the page shows: that of its first `time` element, else what a search found,
    which may be the date of something else."""
    for element in tree.iterfind(".//time[@datetime]"):
        if found := _time(element.get("datetime", ""), fetched):
            return Published(found[0], "text", "medium")
    found = _time(shown, fetched)
    return Published(found[0], "text", "low") if found else None


def _of_address(address: str, fetched: datetime | None) -> Published | None:
    for year, month, day in IN_ADDRESS.findall(address[:2000]):
        if found := _time(f"{year}-{int(month):02}-{int(day):02}", fetched):
            return Published(found[0], "address", "medium")
    return None
