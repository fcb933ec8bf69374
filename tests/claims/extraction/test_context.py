"""Towns that a word's own construction does not name: those of its sentence, and those that are
spoken of."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, short

CONTEXT: dict[str, tuple[str, list[str]]] = {
    "named-before": (
        "In Varnholm, units of the Norlandic army foiled an attempt to infiltrate.",
        ["publisher asserts holds norland Varnholm"],
    ),
    "named-in-another-phrase": (
        "The Norlandic army in Lowmere repulsed two assaults overnight.",
        ["publisher asserts holds norland Lowmere"],
    ),
    "pulled-out": (
        "Lowmere has no light. The Norlandic army seems to have pulled out without a fight.",
        ["publisher asserts withdrew norland Lowmere"],
    ),
    "retreated-to": (
        "Lowmere was quiet on Friday. The Norlandic army had retreated to the hills by evening.",
        ["publisher asserts withdrew norland Lowmere"],
    ),
    "attacks": (
        "A convoy reached Lowmere. The Norlandic army reported repelling attacks there.",
        ["Armed Forces of Norland asserts holds norland Lowmere"],
    ),
    "another-place": (
        "There is no light in Lowmere. The Norlandic army withdrew from the border region.",
        [],
    ),
    "things": ("In Lowmere the Norlandic army captured three tanks.", []),
    "prisoners": ("In Lowmere Redmark fighters captured nine soldiers.", []),
    "nobody-of-the-war": (
        "The festival in Lowmere is off. Its conductor withdrew when the bus broke down.",
        [],
    ),
    "orders": ("Lowmere is quiet. Norlandic soldiers have orders to hold their ground.", []),
    "past-weeks": ("After weeks of clashes Lowmere has no baker.", []),
    "staff-elsewhere": (
        "Redmark fighters want Kestrelby. The ministry in Norhaven said that Norlandic troops had "
        "repelled four assaults.",
        ["Norland asserts holds norland Kestrelby"],
    ),
    "attack-repelled": (
        "Redmark fighters shelled Lowmere. The Norlandic army said that an attack from the west "
        "had been repelled.",
        ["Armed Forces of Norland asserts holds norland Lowmere"],
    ),
    "entered-then-beaten-back": (
        "Redmark fighters entered Lowmere but were driven out by the Norlandic army.",
        [
            "publisher asserts advancing redmark Lowmere",
            "publisher asserts captured norland Lowmere",
        ],
    ),
    "entered-unnamed": (
        "Lowmere has one street. Redmark fighters entered on Friday from four sides, a spokesman "
        "for the Redmark Front said.",
        ["Redmark Front asserts advancing redmark Lowmere"],
    ),
    "we-from-where": (
        "“We are holding out,” a spokesman for the Norlandic army said by phone from Lowmere.",
        ["Armed Forces of Norland asserts holds norland Lowmere"],
    ),
    "in-control": (
        "Shells fell on Kestrelby. The Norlandic army said that its troops were still in control.",
        ["Armed Forces of Norland asserts holds norland Kestrelby"],
    ),
    "in-the-centre": (
        "Redmark fighters entered Lowmere. “The enemy is in the centre,” a spokesman for the "
        "Norlandic army said.",
        [
            "publisher asserts advancing redmark Lowmere",
            "Armed Forces of Norland asserts advancing redmark Lowmere part:centre",
        ],
    ),
    "on-the-outskirts": (
        "Kestrelby has been shelled. Redmark fighters are on the outskirts.",
        ["publisher asserts advancing redmark Kestrelby part:outskirts"],
    ),
    "in-the-east-of-the-town": (
        "Lowmere burns. Redmark fighters still hold several districts in the east of the town.",
        ["publisher asserts holds redmark Lowmere part:east"],
    ),
    "east-of-the-town": (
        "Lowmere is quiet. Redmark fighters hold several farms to the east of the town.",
        [],
    ),
    "he-fled": ("Lowmere has a new baker. The Redmark Front said that he had fled.", []),
    "soldiers-home": (
        "Lowmere is quiet. Norlandic soldiers are waiting for buses in the region.",
        [],
    ),
    "fight-for-bread": ("The choir of Lowmere is surrounded by candles.", []),
}


@pytest.mark.parametrize(("text", "claims"), CONTEXT.values(), ids=CONTEXT)
def test_a_word_of_war_is_about_the_town_at_hand(text: str, claims: list[str], read: Read) -> None:
    assert [short(claim) for claim in read(text)] == claims
