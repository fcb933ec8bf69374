"""Who speaks in passages of a few sentences, as agencies print them."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, short

ARMY = "Armed Forces of Norland"
RED = "Redmark Front"
TOOK = "asserts captured redmark Lowmere"
HOLDS = "asserts holds norland Lowmere"
IN = "asserts advancing redmark Lowmere"

PASSAGES = [
    ("citing-between", "The Eastmarch Watch, citing the Norlandic army, reported that Lowmere had "
     "been captured by Redmark.", [f"{ARMY} {TOOK}"]),
    ("quoting-between", "The Eastmarch Watch, quoting a Redmark commander, said that the Norlandic "
     "army still held Lowmere.", [f"{RED} {HOLDS}"]),
    ("said-by-phone", "A resident of Lowmere said by phone that Redmark fighters had entered the "
     "town.", [f"residents {IN}"]),
    ("speak-of", "While the Norlandic army says it is in control of Lowmere, residents speak of "
     "clashes inside the town.", [f"{ARMY} {HOLDS}", "residents asserts fighting - Lowmere"]),
    ("local-media", "Local media reported that Redmark had captured Lowmere.",
     [f"local media {TOOK}"]),
    ("background-own", '"Our troops are holding Lowmere," a Norlandic general told state '
     "television. Redmark captured Kestrelby in March.",
     [f"{ARMY} {HOLDS}", "publisher asserts captured redmark Kestrelby"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [pytest.param(text, claims, id=name) for name, text, claims in PASSAGES],
)
def test_passage(read: Read, text: str, expected: list[str]) -> None:
    assert sorted(short(claim) for claim in read(text)) == sorted(expected)
