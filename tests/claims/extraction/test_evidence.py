"""Which characters of a text are a claim's evidence: exact, readable by themselves, without what
others say in the same sentence; and that repeated claims are one, with all their passages."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, short

# name: text, and of each claim the passages, in the text's order.
PASSAGES: dict[str, tuple[str, list[list[str]]]] = {
    "short": (
        "Redmark fighters captured Varnholm.",
        [["Redmark fighters captured Varnholm."]],
    ),
    "attribution": (
        "The Redmark Front said on Thursday that it had captured Varnholm.",
        [["The Redmark Front said on Thursday that it had captured Varnholm."]],
    ),
    "quotation-marks": (
        "“We have captured Varnholm,” Ilsa Brandt said late on Thursday.",
        [["“We have captured Varnholm,” Ilsa Brandt said late on Thursday."]],
    ),
    "semicolon": (
        "The Redmark Front says that it took Varnholm, in the hills, on Saturday; a Norlandic army"
        " officer dismissed this, telling the Gazette that clashes were still under way near the"
        " market.",
        [
            ["The Redmark Front says that it took Varnholm, in the hills, on Saturday"],
            ["a Norlandic army officer dismissed this"],
            ["telling the Gazette that clashes were still under way near the market."],
        ],
    ),
    "what-follows": (
        "Norland captured Lowmere in August 2030, a little over a week into its surprise push"
        " across the border, and set up a military commandant's office there.",
        [
            [
                "Norland captured Lowmere in August 2030, a little over a week into its surprise"
                " push across the border"
            ]
        ],
    ),
    "participle": (
        "Norland has rejected what it called the boasting of its enemy after months of setbacks in"
        " the eastern town of Varnholm, saying intense fighting continues for control of the town.",
        [["saying intense fighting continues for control of the town."]],
    ),
    "another-saying": (
        "Jory Talven told reporters on Wednesday that Norland could not confirm that Varnholm had"
        " fallen to the Redmark Front and said that the schools would stay closed.",
        [["Norland could not confirm that Varnholm had fallen to the Redmark Front"]],
    ),
    "noun-and-relative": (
        "Kestrelby, where the last bridge over the river stands and where four hundred people are"
        " waiting for a convoy, fell to the Redmark Front.",
        [
            [
                "Kestrelby, where the last bridge over the river stands and where four hundred"
                " people are waiting for a convoy, fell to the Redmark Front."
            ]
        ],
    ),
    "bullet": (
        "• 12:05 – Redmark fighters captured Varnholm.",
        [["Redmark fighters captured Varnholm."]],
    ),
    "repeated": (
        "Redmark fighters captured Varnholm.\n\nThe town fell to the Redmark Front without a shot.",
        [
            [
                "Redmark fighters captured Varnholm.",
                "The town fell to the Redmark Front without a shot.",
            ]
        ],
    ),
}


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*row, id=name) for name, row in PASSAGES.items()]
)
def test_passages(read: Read, text: str, expected: list[list[str]]) -> None:
    found = read(text)
    assert [[text[p.start : p.end] for p in claim.passages] for claim in found] == expected


# name: text, and each claim with the number of its passages.
REPEATED: dict[str, tuple[str, list[tuple[str, int]]]] = {
    "said-again": (
        "The Redmark Front said that it had captured Varnholm. The town had been captured, the"
        " Redmark Front repeated.",
        [("Redmark Front asserts captured redmark Varnholm", 2)],
    ),
    "other-words": (
        "Redmark fighters seized Varnholm. The fall of Varnholm to the Redmark Front was quick.",
        [("publisher asserts captured redmark Varnholm", 2)],
    ),
    "other-claimant": (
        "The Redmark Front said that it had captured Varnholm. Redmark fighters had captured the"
        " town, Eastmarch Watch said.",
        [
            ("Redmark Front asserts captured redmark Varnholm", 1),
            ("Eastmarch Watch asserts captured redmark Varnholm", 1),
        ],
    ),
    "other-stance": (
        "The Redmark Front said that it had captured Varnholm. The Norlandic army denied that the"
        " town had fallen.",
        [
            ("Redmark Front asserts captured redmark Varnholm", 1),
            ("Armed Forces of Norland denies captured redmark Varnholm", 1),
        ],
    ),
    "other-day-said": (
        "The Redmark Front said on Tuesday that it had captured Varnholm. The Redmark Front said on"
        " Wednesday that it had captured Varnholm.",
        [
            ("Redmark Front asserts captured redmark Varnholm", 1),
            ("Redmark Front asserts captured redmark Varnholm", 1),
        ],
    ),
    "other-day": (
        "Redmark fighters captured Varnholm in January. Redmark fighters captured Varnholm in"
        " April.",
        [
            ("publisher asserts captured redmark Varnholm", 1),
            ("publisher asserts captured redmark Varnholm", 1),
        ],
    ),
    "other-part": (
        "Redmark fighters captured the north of Varnholm. Redmark fighters captured the centre of"
        " Varnholm.",
        [
            ("publisher asserts captured redmark Varnholm part:north", 1),
            ("publisher asserts captured redmark Varnholm part:centre", 1),
        ],
    ),
    "whole-and-part": (
        "Redmark fighters captured the north of Varnholm. Redmark fighters captured Varnholm.",
        [
            ("publisher asserts captured redmark Varnholm part:north", 1),
            ("publisher asserts captured redmark Varnholm", 1),
        ],
    ),
    "other-predicate": (
        "Redmark fighters captured Varnholm. Redmark fighters hold Varnholm.",
        [
            ("publisher asserts captured redmark Varnholm", 1),
            ("publisher asserts holds redmark Varnholm", 1),
        ],
    ),
    "other-place": (
        "Redmark fighters captured Varnholm and Lowmere.",
        [
            ("publisher asserts captured redmark Varnholm", 1),
            ("publisher asserts captured redmark Lowmere", 1),
        ],
    ),
    "other-spelling": (
        "Redmark fighters captured Varnholm. Redmark fighters captured Varnogorsk.",
        [("publisher asserts captured redmark Varnholm", 2)],
    ),
    "spokesman-and-army": (
        "Lowmere is in our hands, Jory Talven said. The Norlandic army said that it held Lowmere.",
        [("Armed Forces of Norland asserts holds norland Lowmere", 2)],
    ),
}


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*row, id=name) for name, row in REPEATED.items()]
)
def test_one_claim_however_often_it_is_said(
    read: Read, text: str, expected: list[tuple[str, int]]
) -> None:
    assert [(short(claim), len(claim.passages)) for claim in read(text)] == expected
