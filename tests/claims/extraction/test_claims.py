"""What sentences about a made-up war say, and what they do not."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, marked, short

CASES: dict[str, tuple[str, list[str]]] = {
    "captured": (
        "The Redmark Front said that its fighters had captured Varnholm.",
        ["Redmark Front asserts captured redmark Varnholm"],
    ),
    "publisher": (
        "Norlandic troops captured Kestrelby in March.",
        ["publisher asserts captured norland Kestrelby"],
    ),
    "passive": (
        "Lowmere was seized by the Redmark Front, residents said.",
        ["residents asserts captured redmark Lowmere"],
    ),
    "fell-to": (
        "Varnholm fell to the Redmark Front in April.",
        ["publisher asserts captured redmark Varnholm"],
    ),
    "lost-to": (
        "In March Norland lost Kestrelby to the Redmark Front.",
        ["publisher asserts captured redmark Kestrelby"],
    ),
    "control-of": (
        "The Redmark Front announced that it had taken full control of Varnholm.",
        ["Redmark Front asserts captured redmark Varnholm"],
    ),
    "still-holds": (
        "The Norlandic army says that it still holds Kestrelby.",
        ["Armed Forces of Norland asserts holds norland Kestrelby"],
    ),
    "in-our-hands": (
        "“Kestrelby is firmly in our hands,” Jory Talven told reporters.",
        ["Armed Forces of Norland asserts holds norland Kestrelby"],
    ),
    "repelled": (
        "The Norlandic army said it had repelled an attack on Lowmere.",
        ["Armed Forces of Norland asserts holds norland Lowmere"],
    ),
    "withdrew": (
        "The Norlandic defence ministry confirmed that its troops had withdrawn from Varnholm.",
        ["Ministry of Defence of Norland asserts withdrew norland Varnholm"],
    ),
    "encircled": (
        "The Redmark Front claims to have encircled Lowmere.",
        ["Redmark Front asserts encircled redmark Lowmere"],
    ),
    "advancing": (
        "Redmark fighters pushed into Lowmere on Thursday.",
        ["publisher asserts advancing redmark Lowmere"],
    ),
    "fighting": (
        "Heavy fighting continued in Varnholm, Jory Talven said.",
        ["Armed Forces of Norland asserts fighting - Varnholm"],
    ),
    "denies": (
        "Norland denied that Varnholm had fallen to the Redmark Front.",
        ["Norland denies captured redmark Varnholm"],
    ),
    "negated": (
        "The Redmark Front has not captured Lowmere, Jory Talven said.",
        ["Armed Forces of Norland denies captured redmark Lowmere"],
    ),
    "unconfirmed": (
        "Arland could not confirm that the Redmark Front had captured Varnholm.",
        ["Arland unconfirmed captured redmark Varnholm"],
    ),
    "claim-answered": (
        "The Redmark Front said it had captured Varnholm. The Norlandic army rejected the claim.",
        [
            "Redmark Front asserts captured redmark Varnholm",
            "Armed Forces of Norland denies captured redmark Varnholm",
        ],
    ),
    "claim-not-verified": (
        "The Redmark Front said it had captured Varnholm. The claim could not be verified.",
        [
            "Redmark Front asserts captured redmark Varnholm",
            "publisher unconfirmed captured redmark Varnholm",
        ],
    ),
    "quote-goes-on": (
        "“That is a lie,” Jory Talven said. “Our troops control Kestrelby.”",
        ["Armed Forces of Norland asserts holds norland Kestrelby"],
    ),
    "the-town": (
        "Varnholm is a port. Norlandic forces retook the town, Jory Talven said.",
        ["Armed Forces of Norland asserts captured norland Varnholm"],
    ),
    "part-direction": (
        "The Redmark Front said it had captured the eastern part of Varnholm.",
        ["Redmark Front asserts captured redmark Varnholm part:east"],
    ),
    "part-district": (
        "The Redmark Front said it had captured Oldgate.",
        ["Redmark Front asserts captured redmark Varnholm part:Oldgate"],
    ),
    "two-towns": (
        "The Redmark Front captured Kestrelby and Lowmere.",
        [
            "publisher asserts captured redmark Kestrelby",
            "publisher asserts captured redmark Lowmere",
        ],
    ),
    "unknown-village": (
        "The Redmark Front said it had captured the village of Hollin.",
        ["Redmark Front asserts captured redmark Hollin"],
    ),
    "unknown-spokesman": (
        "Norlandic troops hold Lowmere, said Pell Arran, a spokesman for the Norlandic army.",
        ["Armed Forces of Norland asserts holds norland Lowmere"],
    ),
    "according-to": (
        "According to the Redmark Front, its fighters have surrounded Lowmere.",
        ["Redmark Front asserts encircled redmark Lowmere"],
    ),
    "had-to-leave": (
        "“We had to leave Varnholm,” Jory Talven said.",
        ["Armed Forces of Norland asserts withdrew norland Varnholm"],
    ),
    "closer-to": (
        "Jory Talven said the Redmark Front was closer to capturing Lowmere.",
        ["Armed Forces of Norland asserts advancing redmark Lowmere"],
    ),
    # --- no claims
    "condition": ("If Varnholm falls, the road to the coast is open, Jory Talven said.", []),
    "modal": ("The Redmark Front could capture Varnholm, Arland said.", []),
    "aim": ("The Redmark Front vowed to capture Varnholm.", []),
    "attempt": ("The Redmark Front is trying to seize Lowmere.", []),
    "question": ("Will the Redmark Front capture Varnholm?", []),
    "prisoner": ("The Redmark Front captured a colonel near Varnholm.", []),
    "photograph": ("The photograph was captured in Varnholm.", []),
    "bomb": ("A bomb fell on the market of Varnholm.", []),
    "van": ("A white van leaves Varnholm every morning.", []),
    "residents-flee": ("Residents left Varnholm by bus.", []),
    "importance": ("The fall of Varnholm would mean little, Arland said.", []),
    "bombardment": ("A drone attack on Varnholm killed three people.", []),
    "in-ruins": ("The bombs left Varnholm in ruins.", []),
    "silence": ("The Norlandic army did not say who had captured Varnholm.", []),
    "region": ("Redmark fighters captured hills in the Varnholm region.", []),
    "other-denial": (
        "The Redmark Front has captured Lowmere, Ilsa Brandt said. Norland denied accusations that "
        "its soldiers had robbed a bank.",
        ["Redmark Front asserts captured redmark Lowmere"],
    ),
    "rumour": ("There were rumours that Varnholm had fallen.", []),
    # --- known failures
    "where-repelled": (
        "Varnholm, a port where the Redmark Front has so far been repelled, is quiet.",
        ["publisher asserts holds norland Varnholm"],
    ),
    "same-of": (
        "The Redmark Front said it had captured Lowmere. It said the same of Kestrelby.",
        [
            "Redmark Front asserts captured redmark Lowmere",
            "Redmark Front asserts captured redmark Kestrelby",
        ],
    ),
}

KNOWN_FAILURES = {
    "where-repelled": "a place behind 'where' is not read as the place of its clause",
}


@pytest.mark.parametrize("name", marked(CASES, KNOWN_FAILURES))
def test_sentence(name: str, read: Read) -> None:
    text, expected = CASES[name]
    assert [short(claim) for claim in read(text)] == expected
