"""Claimants of a side told by more than one name beside the verb: several speakers, countries
outside the war, those who take no side, and whom a quotation calls "they"."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, short

ARMY = "Armed Forces of Norland"
MINISTRY = "Ministry of Defence of Norland"
RED = "Redmark Front"
TOOK = "asserts captured redmark Lowmere"
LEFT = "asserts withdrew norland Lowmere"
IN = "asserts advancing redmark Lowmere"
FIGHT = "asserts fighting - Lowmere"

PASSAGES = [
    ("two-speak", "Redmark fighters entered Lowmere at dawn, residents and a Norlandic officer "
     "said.", [f"residents {IN}", f"{ARMY} {IN}"]),
    ("two-speak-first", "Residents and two Norlandic army officers said Redmark had captured "
     "Lowmere.", [f"residents {TOOK}", f"{ARMY} {TOOK}"]),
    ("three-speak", "A Norlandic officer, a Redmark commander and three residents said Redmark "
     "fighters had entered Lowmere.", [f"{ARMY} {IN}", f"{RED} {IN}", f"residents {IN}"]),
    ("according-to-two", "Redmark fighters have entered Lowmere, according to residents and the "
     "Norlandic army.", [f"residents {IN}", f"{ARMY} {IN}"]),
    ("no-second-speaker", "Redmark shelled the bridge and residents said the Norlandic army had "
     "left Lowmere.", [f"residents {LEFT}"]),
    ("capital-first", "Redmark holds Kestrelby. In Norhaven, the defence ministry said fighting "
     "continued in Lowmere.",
     ["publisher asserts holds redmark Kestrelby", f"{MINISTRY} {FIGHT}"]),
    ("abbreviated-country", "The Norlandic army holds Kestrelby. A U.S. defence official said "
     "fighting continued in Lowmere.",
     ["publisher asserts holds norland Kestrelby", f"United States {FIGHT}"]),
    ("third-country", "The Norlandic army holds Kestrelby. Finland's foreign minister said "
     "fighting continued in Lowmere.",
     ["publisher asserts holds norland Kestrelby", f"Finland {FIGHT}"]),
    ("western-officer", "The Norlandic army holds Kestrelby. A Western military official said "
     "fighting continued in Lowmere.",
     ["publisher asserts holds norland Kestrelby", f"Western military official {FIGHT}"]),
    ("medical-sources", "The Norlandic army holds Kestrelby. Medical sources said fighting "
     "continued in Lowmere.",
     ["publisher asserts holds norland Kestrelby", f"medical sources {FIGHT}"]),
    ("quoted-they", 'A Norlandic army officer gave a briefing on Friday. "They have left Lowmere," '
     "he said.", [f"{ARMY} asserts withdrew redmark Lowmere"]),
    ("quoted-own-they", '"Our men are heroes. They are holding Lowmere," a Norlandic officer said.',
     [f"{ARMY} asserts holds norland Lowmere"]),
    ("claiming", "Redmark later posted footage on its channel, claiming that it had captured "
     "Lowmere.", [f"{RED} {TOOK}"]),
    ("reduced-relative", "A Norlandic soldier serving in Kestrelby told reporters that Redmark "
     "had captured Lowmere.", [f"{ARMY} {TOOK}"]),
    ("quoted-ministry", "The agency quoted the Norlandic defence ministry as saying that Redmark "
     "had captured Lowmere.", [f"{MINISTRY} {TOOK}"]),
    ("gunmen", "Norlandic officers said gunmen had captured Lowmere.", [f"{ARMY} {TOOK}"]),
    ("security-forces", "Redmark fighters stormed in, the governor said. Security forces have "
     "left Lowmere, residents said.", [f"residents {LEFT}"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [pytest.param(text, claims, id=name) for name, text, claims in PASSAGES],
)
def test_passage(read: Read, text: str, expected: list[str]) -> None:
    assert sorted(short(claim) for claim in read(text)) == sorted(expected)
