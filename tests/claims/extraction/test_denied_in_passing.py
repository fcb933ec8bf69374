"""Denials and doubts as agencies write them in passing: what they answer, and whose they are."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, short

ARMY = "Armed Forces of Norland"
FRONT = "Redmark Front"
WATCH = "Eastmarch Watch unconfirmed captured redmark Kestrelby"
CASES: dict[str, tuple[str, list[str]]] = {
    "verify-noun": (
        "The Eastmarch Watch could not independently verify the capture of Kestrelby by the "
        "Redmark Front.",
        [WATCH],
    ),
    "not-able-to-verify": (
        "The Eastmarch Watch was not able to verify the capture of Kestrelby by the Redmark Front.",
        [WATCH],
    ),
    "denied-control": (
        "The Norlandic army denied Redmark control of Kestrelby.",
        [f"{ARMY} denies holds redmark Kestrelby"],
    ),
    "claim-of-control": (
        "The Norlandic army rejected the Redmark Front's claim of control over Kestrelby.",
        [
            f"{FRONT} asserts holds redmark Kestrelby",
            f"{ARMY} denies holds redmark Kestrelby",
        ],
    ),
    "denied-abandoning": (
        "The Norlandic army denied abandoning Kestrelby.",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    "but-denied-losing": (
        "The Redmark Front said it had captured Kestrelby, but the Norlandic army denied losing "
        "the town.",
        [
            f"{FRONT} asserts captured redmark Kestrelby",
            f"{ARMY} denies withdrew norland Kestrelby",
        ],
    ),
    "evidence-observed": (
        "The Eastmarch Watch has not observed visual evidence that Redmark troops captured "
        "Kestrelby.",
        [WATCH],
    ),
    "information-false": (
        "Information about the capture of Kestrelby by the Redmark Front is false, the Norlandic "
        "army said.",
        [f"{ARMY} denies captured redmark Kestrelby"],
    ),
    "not-clear-who": ("It was not immediately clear who was in control of Kestrelby.", []),
    "no-comment": (
        "The Redmark Front said it had captured Kestrelby. There was no immediate comment from "
        "Norhaven.",
        [f"{FRONT} asserts captured redmark Kestrelby"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_answer(read: Read, text: str, expected: list[str]) -> None:
    assert sorted(short(claim) for claim in read(text)) == sorted(expected)
