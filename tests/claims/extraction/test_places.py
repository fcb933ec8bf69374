"""Which town a statement is about: names that no gazetteer knows, "the town", topics, parts."""

from __future__ import annotations

import pytest

from claims.extraction.places.unknown import unknown_towns
from tests.claims.extraction.conftest import Read, short

UNKNOWN: dict[str, tuple[str, set[str]]] = {
    "in": ("There was shooting in Ostermark on Friday.", {"Ostermark"}),
    "mayor": ("The mayor of Ostermark has gone.", {"Ostermark"}),
    "fell": ("Ostermark fell on Friday.", {"Ostermark"}),
    "passive": ("Yesterday Ostermark was retaken by the guards.", {"Ostermark"}),
    "headline": ("Ostermark taken at dawn, says commander", {"Ostermark"}),
    "two-words": ("Shells on Port Ostermark: nine dead.", {"Port Ostermark"}),
    "apposition": ("He comes from Ostermark, a market town.", {"Ostermark"}),
    "distance": ("We met in a barn. Ostermark, ten kilometres to the east, burns.", {"Ostermark"}),
    "suburbs": ("Clashes went on at Ostermark's southern edge.", {"Ostermark"}),
    "road": ("They mined the road to Ostermark last week.", {"Ostermark"}),
    "topic": ("1. Ostermark. The town has no water.", {"Ostermark"}),
    "in-our-hands": ("She wrote: Ostermark is in our hands.", {"Ostermark"}),
    "coordinated": ("They went into Ostermark and Velm at night.", {"Ostermark", "Velm"}),
    "verb": ("Its brigades stormed Ostermark.", {"Ostermark"}),
    "opening-word": ("Suppose Ostermark fell. Then in Ostermark all is lost.", {"Ostermark"}),
    "person": ("Colonel Velm said that it was in Velm's interest.", set()),
    "surname": ("Ada Velm spoke. The letter came from Velm.", set()),
    "speaker": ("Velm said that nothing had changed.", set()),
    "river": ("They stood at the Velm, and the Velm was high.", set()),
    "region": ("Thousands fled in Ostermark province.", set()),
    "army": ("The Ostermark army is weak.", set()),
    "adjective": ("They are in Ostermarkian hands.", set()),
    "month": ("It began in January and ended in Lent day.", set()),
}


@pytest.mark.parametrize(("text", "towns"), UNKNOWN.values(), ids=UNKNOWN)
def test_towns_are_told_by_the_words_around_their_names(text: str, towns: set[str]) -> None:
    assert unknown_towns(text, lambda name: False, enough=2.0) == towns


def test_known_names_are_no_unknown_towns() -> None:
    found = unknown_towns("Fighting in Velm and in Ostermark.", "Velm".__eq__, enough=2.0)
    assert found == {"Ostermark"}


TOPICS: dict[str, tuple[str, list[str]]] = {
    "colon": (
        "Lowmere: overrun by Redmark fighters on Monday.",
        ["publisher asserts captured redmark Lowmere"],
    ),
    "two-verbs": (
        "Kestrelby: lost by the Norlandic army in March, retaken by the Norlandic army in April.",
        [
            "publisher asserts withdrew norland Kestrelby",
            "publisher asserts captured norland Kestrelby",
        ],
    ),
    "several": (
        "Varnholm and Lowmere, two towns on the road to Kestrelby: Redmark fighters went in today.",
        [
            "publisher asserts advancing redmark Varnholm",
            "publisher asserts advancing redmark Lowmere",
        ],
    ),
    "has-surrounded": (
        "The Redmark Front has Lowmere surrounded.",
        ["publisher asserts encircled redmark Lowmere"],
    ),
    "has-it-surrounded": (
        "Lowmere is without bread. The Redmark Front has had it surrounded for a week.",
        ["publisher asserts encircled redmark Lowmere"],
    ),
    "site": (
        "In Varnholm, Redmark fighters took the Grain Quay.",
        ["publisher asserts captured redmark Varnholm part:Grain Quay"],
    ),
    "site-fighting": (
        "Varnholm: fighting in the Old Town continues.",
        ["publisher asserts fighting - Varnholm part:Old Town"],
    ),
    "heading-participle": (
        "KESTRELBY WAITS\nRetaken last August by the Norlandic army. Nobody has come back.",
        ["publisher asserts captured norland Kestrelby"],
    ),
    "head-clashes": (
        "Lowmere: clashes all through the week.",
        ["publisher asserts fighting - Lowmere"],
    ),
    "number": (
        "2. Kestrelby. The Redmark Front has besieged the town since Monday.",
        ["publisher asserts encircled redmark Kestrelby"],
    ),
    "unknown-number": (
        "2. Ostermark. The Redmark Front has besieged the town since Monday.",
        ["publisher asserts encircled redmark Ostermark"],
    ),
    "dash-apposition": (
        "Kestrelby, on the road to Varnholm – Redmark fighters entered the town on Monday.",
        ["publisher asserts advancing redmark Kestrelby"],
    ),
    "emoji": (
        "🔹 Kestrelby ➡️ The Redmark Front has captured the town.",
        ["publisher asserts captured redmark Kestrelby"],
    ),
    "later-sentence": (
        "Kestrelby: quiet. Buses run to Varnholm and Lowmere. The Norlandic army holds the town.",
        ["publisher asserts holds norland Kestrelby"],
    ),
    "heading": (
        "KESTRELBY WAITS\nRedmark fighters entered the town on Monday.\n\n"
        "Lowmere next?\nThe Norlandic army still holds the town.",
        [
            "publisher asserts advancing redmark Kestrelby",
            "publisher asserts holds norland Lowmere",
        ],
    ),
    "heading-and-landmark": (
        "Kestrelby\nThe Norlandic army holds the town. A village west of Lowmere burned.",
        ["publisher asserts holds norland Kestrelby"],
    ),
    "note-is-no-town": (
        "EDITOR'S NOTE: Redmark fighters entered Kestrelby. The army later retook the town.",
        [
            "publisher asserts advancing redmark Kestrelby",
            "publisher asserts captured norland Kestrelby",
        ],
    ),
    "beside": (
        "A town west of Lowmere was captured by the Redmark Front.",
        [],
    ),
    "west-of-the-town": (
        "The Redmark Front captured the west of Lowmere.",
        ["publisher asserts captured redmark Lowmere part:west"],
    ),
    "distance-is-no-part": (
        "Kestrelby, 70 km to the south, was captured by the Redmark Front.",
        ["publisher asserts captured redmark Kestrelby"],
    ),
}


LEFTOVERS: dict[str, tuple[str, list[str]]] = {
    "tags": (
        "<p>Redmark fighters captured <b>Lowmere</b>.</p>",
        ["publisher asserts captured redmark Lowmere"],
    ),
    "entities": (
        "Redmark&nbsp;fighters captured Lowmere.",
        ["publisher asserts captured redmark Lowmere"],
    ),
    "dateline": (
        "KESTRELBY, May 9 (Gazette) — Buses run again. Redmark fighters entered the town.",
        [],
    ),
    "acronym-speaks": (
        "REDMARK: its fighters have captured Lowmere.",
        ["Redmark Front asserts captured redmark Lowmere"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), LEFTOVERS.values(), ids=LEFTOVERS)
def test_left_overs_of_pages_and_agencies(read: Read, text: str, expected: list[str]) -> None:
    assert [short(claim) for claim in read(text)] == expected


@pytest.mark.parametrize(("text", "expected"), TOPICS.values(), ids=TOPICS)
def test_topic(read: Read, text: str, expected: list[str]) -> None:
    assert [short(claim) for claim in read(text)] == expected
