"""A made-up war, so that no test depends on the packs: the republic of Norland against the
Redmark Front, over Varnholm, Kestrelby, Lowmere and Tarnfall."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import pytest

from claims.extraction.model import load_model
from claims.extraction.pipeline import Extractor
from claims.extraction.records import Article, ExtractedClaim
from entities.lexicon import Actor, Allegiance, Conflict, Lexicon, Place, Side, Speaker

PUBLISHED = "2031-05-09T18:00:00+02:00"  # a Friday

NORLAND = (Allegiance("norland"),)
REDMARK = (Allegiance("redmark"),)


def _actors() -> tuple[Actor, ...]:
    return (
        Actor(
            "norland", "Norland", "state", ("Norland",), ("Norlandic",), ("Norhaven",), None, True,
            NORLAND,
        ),
        Actor(
            "norland-mod", "Ministry of Defence of Norland", "ministry",
            ("Norlandic defence ministry",), parent="norland", official=True, allegiances=NORLAND,
        ),
        Actor(
            "norland-army", "Armed Forces of Norland", "army", ("Norlandic army",),
            parent="norland", official=True, allegiances=NORLAND,
            speakers=(Speaker(("Jory Talven",), "spokesman"),),
        ),
        Actor(
            "redmark", "Redmark Front", "movement", ("Redmark Front", "Redmark"), official=True,
            allegiances=REDMARK, speakers=(Speaker(("Ilsa Brandt",), "commander"),),
        ),
    )  # fmt: skip


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    places = tuple(
        Place(key, name, names, "XN", "Eastmarch", (), lat, lon, population, districts=districts)
        for key, name, names, lat, lon, population, districts in (
            ("varnholm", "Varnholm", ("Varnholm", "Varnogorsk"), 50.0, 30.0, 90_000, ("Oldgate",)),
            ("kestrelby", "Kestrelby", ("Kestrelby",), 50.1, 30.2, 12_000, ()),
            ("lowmere", "Lowmere", ("Lowmere",), 50.2, 30.1, 9_000, ()),
            ("tarnfall-e", "Tarnfall", ("Tarnfall",), 50.3, 30.3, 2_000, ()),
            ("tarnfall-w", "Tarnfall", ("Tarnfall",), 47.0, 21.0, 2_000, ()),
        )
    )
    sides = (Side("norland", "Norland", "#0072b2"), Side("redmark", "Redmark Front", "#d55e00"))
    war = Conflict("norland", "Norlandic war", sides, _actors(), places)
    common = (
        Actor("arland", "Arland", "state", ("Arland",), ("Arlandic",)),
        Actor("watch", "Eastmarch Watch", "monitor", ("Eastmarch Watch",)),
    )
    return Lexicon((war,), common)


@pytest.fixture(scope="session")
def extractor(lexicon: Lexicon) -> Extractor:
    return Extractor(load_model(), lexicon)


Read = Callable[..., tuple[ExtractedClaim, ...]]


@pytest.fixture
def read(extractor: Extractor) -> Read:
    """Reads a text of the made-up publisher "Harrow Gazette" into claims."""

    def _read(text: str, published: str = PUBLISHED) -> tuple[ExtractedClaim, ...]:
        when = datetime.fromisoformat(published)
        article = Article("one", "Harrow Gazette", when, text, conflict="norland")
        return next(iter(extractor.extract([article]))).claims

    return _read


def short(claim: ExtractedClaim) -> str:
    """A claim in one line: "claimant stance predicate [subject's side] place [part] …"."""
    who = claim.claimant.name if claim.claimant else "publisher"
    side = claim.subject.side if claim.subject else "-"
    part = f" part:{claim.part_label}" if claim.extent == "part" else ""
    return f"{who} {claim.stance} {claim.predicate} {side} {claim.place.name}{part}"


def marked(names: Iterable[str], failing: Mapping[str, str]) -> list[object]:
    """The names of cases as parameters; those in `failing` (name to reason) are known to fail,
    and have to: one that passes is an error."""
    return [
        pytest.param(
            name,
            id=name,
            marks=[pytest.mark.xfail(reason=failing[name], strict=True)] if name in failing else [],
        )
        for name in names
    ]


SPEAKERS = {"ARMY": "Armed Forces of Norland", "FRONT": "Redmark Front"}


def told(claim: str) -> str:
    """A claim in one line from how tables of towns write it: "ARMY: holds …", else the
    publisher's own."""
    who, colon, rest = claim.partition(": ")
    if claim.startswith("denies "):
        return f"publisher {claim}"
    return f"{SPEAKERS.get(who, who)} asserts {rest}" if colon else f"publisher asserts {claim}"
