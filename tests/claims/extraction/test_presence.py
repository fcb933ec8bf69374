"""What the presence of troops says of a town, and typical words of taking and control."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, short

ARMY = "Armed Forces of Norland"
FRONT = "Redmark Front"
WATCH = "Eastmarch Watch"

CASES: dict[str, tuple[str, list[str]]] = {
    # --- troops are there
    "still-in": (
        "Norlandic soldiers are still in Varnholm, Talven said.",
        [f"{ARMY} asserts holds norland Varnholm"],
    ),
    "ours-in": (
        "Our troops are in Kestrelby, Talven said.",
        [f"{ARMY} asserts holds norland Kestrelby"],
    ),
    "attackers-in": (
        "Redmark fighters are already in Lowmere, Talven said.",
        [f"{ARMY} asserts advancing redmark Lowmere"],
    ),
    "back-in": (
        "Redmark fighters are back in Kestrelby, Eastmarch Watch said.",
        [f"{WATCH} asserts captured redmark Kestrelby"],
    ),
    "returned": (
        "Norlandic troops returned to Lowmere.",
        ["publisher asserts captured norland Lowmere"],
    ),
    # --- troops are not there any more
    "no-more": (
        "There are no more Norlandic soldiers in Lowmere, Brandt said.",
        [f"{FRONT} asserts withdrew norland Lowmere"],
    ),
    "none-left": (
        "There are no Redmark fighters left in Kestrelby, Talven said.",
        [f"{ARMY} asserts withdrew redmark Kestrelby"],
    ),
    "not-a-single": (
        "Not a single Norlandic soldier is left in Varnholm, Brandt said.",
        [f"{FRONT} asserts withdrew norland Varnholm"],
    ),
    "no-remain": (
        "No Norlandic soldiers remain in Lowmere, Eastmarch Watch said.",
        [f"{WATCH} asserts withdrew norland Lowmere"],
    ),
    # --- nobody holds a town by this
    "minister-there": ("The Norlandic defence minister is in Varnholm.", []),
    "minister-returned": ("The Norlandic defence minister returned to Varnholm on Friday.", []),
    "residents-returned": ("Norlandic families have returned to Varnholm.", []),
    "home-from": ("Norlandic soldiers returned to Varnholm from the front.", []),
    # --- taking and control
    "taken-over": (
        "The Redmark Front said it had taken over Kestrelby.",
        [f"{FRONT} asserts captured redmark Kestrelby"],
    ),
    "seized-control": (
        "The Redmark Front seized control of Kestrelby on Monday.",
        ["publisher asserts captured redmark Kestrelby"],
    ),
    "now-controls": (
        "The Redmark Front said it now controlled Lowmere.",
        [f"{FRONT} asserts captured redmark Lowmere"],
    ),
    "now-controlled-by": (
        "Lowmere is now controlled by the Redmark Front.",
        ["publisher asserts captured redmark Lowmere"],
    ),
    "still-controls": (
        "The army still controls Varnholm, Talven said.",
        [f"{ARMY} asserts holds norland Varnholm"],
    ),
    "its-own": (
        "The Redmark Front declared Kestrelby its own.",
        [f"{FRONT} asserts captured redmark Kestrelby"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_sentence(name: str, read: Read) -> None:
    text, expected = CASES[name]
    assert sorted(short(claim) for claim in read(text)) == sorted(expected)
