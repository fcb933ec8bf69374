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
    "fight-for-bread": ("The choir of Lowmere is surrounded by candles.", []),
}


@pytest.mark.parametrize(("text", "claims"), CONTEXT.values(), ids=CONTEXT)
def test_a_word_of_war_is_about_the_town_at_hand(text: str, claims: list[str], read: Read) -> None:
    assert [short(claim) for claim in read(text)] == claims
