"""Fights, advances and sieges as agencies report them; and fights that are no claim: those
still to come, those remembered, those where somebody only came to harm."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, short

FIGHT = "publisher asserts fighting - Kestrelby"
ENTERS = "publisher asserts advancing redmark Kestrelby"
RINGED = "publisher asserts encircled redmark Kestrelby"

TOLD = {
    "remains-contested": ("Kestrelby remains contested.", [FIGHT]),
    "still-heavily-contested": ("Kestrelby remains heavily contested.", [FIGHT]),
    "between-resumed": (
        "Clashes between the army and the Redmark Front resumed in Kestrelby on Monday.",
        [FIGHT],
    ),
    "flared": ("Clashes flared in Kestrelby on Saturday.", [FIGHT]),
    "is-reported": ("Fighting was reported in Kestrelby on Tuesday.", [FIGHT]),
    "broke-out-streets": (
        "Street fighting broke out in the eastern districts of Kestrelby.",
        [f"{FIGHT} part:east"],
    ),
    "near-the-station": ("Clashes are going on near the station in Kestrelby.", [f"{FIGHT} part:"]),
    "industrial-zone": (
        "Clashes broke out in the industrial zone of Kestrelby.",
        [f"{FIGHT} part:"],
    ),
    "old-city": (
        "Redmark fighters have advanced into the old city of Kestrelby.",
        [f"{ENTERS} part:"],
    ),
    "moving-closer": ("Redmark fighters are moving closer to Kestrelby.", [ENTERS]),
    "inching-closer": ("Redmark fighters are inching closer to Kestrelby.", [ENTERS]),
    "stormed-into": ("Redmark fighters stormed into Kestrelby on Monday.", [ENTERS]),
    "men-trapped": ("Norlandic soldiers are trapped in Kestrelby.", [RINGED]),
    "men-surrounded": ("Norlandic troops in Kestrelby are surrounded.", [RINGED]),
    "hundreds": ("Hundreds of Norlandic soldiers are encircled in Kestrelby.", [RINGED]),
    "completely": ("The Redmark Front has completely encircled Kestrelby.", [RINGED]),
}

OPEN = (
    "Norland is digging trenches around Kestrelby in case of a rebel advance.",
    "The rebels lack the troops for an assault on Kestrelby.",
    "Norland gave the rebels three days to surrender before an offensive on Kestrelby.",
    "The army dropped leaflets ahead of the attack on Kestrelby.",
    "Norland marked the anniversary of the battle for Kestrelby on Sunday.",
    "A year after the siege of Kestrelby, families still look for the missing.",
    "He was wounded in the battle for Kestrelby and now lives abroad.",
    "Two people were killed in an attack on Kestrelby.",
    "A child was injured in a rebel attack on Kestrelby on Monday.",
    "Norland must not let the rebels take Kestrelby.",
    "Redmark fighters advanced west of Kestrelby.",
    "Redmark fighters advanced several hundred metres south of Kestrelby.",
)


@pytest.mark.parametrize("name", TOLD)
def test_told(name: str, read: Read) -> None:
    text, claims = TOLD[name]
    assert [short(claim) for claim in read(text)] == claims


@pytest.mark.parametrize("text", OPEN)
def test_no_claim(text: str, read: Read) -> None:
    assert [short(claim) for claim in read(text)] == []
