"""Non-confirmation in all its forms: who cannot confirm which proposition, of which towns."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, short

ARMY = "Armed Forces of Norland"
FRONT = "Redmark Front"
FRONT_TOOK = f"{FRONT} asserts captured redmark Kestrelby"
UNSURE = "publisher unconfirmed captured redmark Kestrelby"
ARLAND = "Arland unconfirmed captured redmark Kestrelby"
WATCH = "Eastmarch Watch unconfirmed captured redmark Kestrelby"

# --- the proposition in the same sentence
SAME: dict[str, tuple[str, list[str]]] = {
    "could-not-confirm-that": (
        "Arland could not confirm that Kestrelby had fallen to the Redmark Front.",
        [ARLAND],
    ),
    "could-not-confirm-whether": (
        "Arland could not confirm whether Kestrelby had fallen to the Redmark Front.",
        [ARLAND],
    ),
    "unable-to": (
        "The Eastmarch Watch said it was unable to confirm the capture of Kestrelby by the rebels.",
        [WATCH],
    ),
    "not-in-a-position": (
        "Arland said it was not in a position to confirm that the Redmark Front had taken "
        "Kestrelby.",
        [ARLAND],
    ),
    "no-confirmation": (
        "The Eastmarch Watch said it had no confirmation that the rebels had taken Kestrelby.",
        [WATCH],
    ),
    "seen-no-evidence": (
        "The Eastmarch Watch said it had seen no evidence that the rebels had taken Kestrelby.",
        [WATCH],
    ),
    "not-yet-confirmed": (
        "Arland has not yet confirmed that the Redmark Front has taken Kestrelby.",
        [ARLAND],
    ),
    "cannot-verify-claim": (
        "The Harrow Gazette could not verify the Redmark Front's claim to have taken Kestrelby.",
        [FRONT_TOOK, UNSURE],
    ),
    "could-not-be-verified": (
        "The Redmark Front's claim that it had taken Kestrelby could not be independently "
        "verified.",
        [FRONT_TOOK, UNSURE],
    ),
    "impossible-to-verify": (
        "It was impossible to verify the Redmark Front's claim that it had taken Kestrelby.",
        [FRONT_TOOK, UNSURE],
    ),
    "comma-which": (
        "The Redmark Front said it had taken Kestrelby, which could not be independently verified.",
        [FRONT_TOOK, UNSURE],
    ),
    "a-claim-not": (
        "The Redmark Front said it had taken Kestrelby, a claim that could not be verified.",
        [FRONT_TOOK, UNSURE],
    ),
    "a-claim-reuters": (
        "The Redmark Front said it had taken Kestrelby, a claim this newspaper could not confirm.",
        [FRONT_TOOK, UNSURE],
    ),
    "but-no-confirmation": (
        "The Redmark Front said it had taken Kestrelby, but there was no independent confirmation.",
        [FRONT_TOOK, UNSURE],
    ),
    "but-arland-could-not": (
        "The Redmark Front said it had taken Kestrelby, but Arland could not confirm this.",
        [FRONT_TOOK, ARLAND],
    ),
    "neither-confirmed-nor-denied": (
        "The Norlandic army would neither confirm nor deny that Kestrelby had fallen.",
        [f"{ARMY} unconfirmed captured redmark Kestrelby"],
    ),
    "without-confirming": (
        "The Norlandic army declined to confirm the loss of Kestrelby.",
        [f"{ARMY} unconfirmed withdrew norland Kestrelby"],
    ),
    "unclear-who": ("It was not clear on Friday who held Kestrelby.", []),
    "did-not-say": ("The Norlandic army did not say whether Kestrelby had fallen.", []),
    "not-confirm-arrest": ("Arland could not confirm that the mayor had been arrested.", []),
    "could-not-rule-out": ("Arland could not rule out that Kestrelby would fall.", []),
    "confirmed": (
        "The Norlandic army confirmed that Kestrelby had fallen.",
        [f"{ARMY} asserts captured redmark Kestrelby"],
    ),
}

_BEFORE = "The Redmark Front said on Sunday that it had captured Kestrelby. "
_BOTH = "The Redmark Front said it had captured Kestrelby and Lowmere. "
BOTH = [FRONT_TOOK, f"{FRONT} asserts captured redmark Lowmere"]
UNSURE_BOTH = [UNSURE, "publisher unconfirmed captured redmark Lowmere"]

# --- of what was said before
AFTER: dict[str, tuple[str, list[str]]] = {
    key: (_BEFORE + text, [FRONT_TOOK, *claims])
    for key, (text, claims) in {
        "claim-could-not": ("The claim could not be independently verified.", [UNSURE]),
        "gazette-could-not": ("The Harrow Gazette could not independently verify the claim.",
                              [UNSURE]),
        "we-could-not": ("We could not verify this.", [UNSURE]),
        "we-cannot": ("We cannot confirm that.", [UNSURE]),
        "that-could-not": ("That could not be independently checked.", [UNSURE]),
        "not-possible": ("It was not possible to verify the claim.", [UNSURE]),
        "not-immediately-possible": ("It was not immediately possible to confirm this.", [UNSURE]),
        "no-confirmation": ("There was no independent confirmation.", [UNSURE]),
        "no-confirmation-of": ("There was no independent confirmation of the claim.", [UNSURE]),
        "no-word-of": ("There has been no confirmation from the Norlandic army.", []),
        "independent-confirmation-lacking": ("Independent confirmation was lacking.", [UNSURE]),
        "no-way": ("There was no way to check the account.", [UNSURE]),
        "this-newspaper": ("This newspaper was unable to check the front's account.", [UNSURE]),
        "reporters": ("Our reporters have not been able to verify this.", [UNSURE]),
        "no-means": ("We have no means of verifying what the front says.", [UNSURE]),
        "checking": ("We are checking this.", [UNSURE]),
        "trying-to": ("We are trying to verify the report.", [UNSURE]),
        "unconfirmed": ("The report is unconfirmed.", [UNSURE]),
        "remains-unverified": ("The claim remains unverified.", [UNSURE]),
        "arland": ("Arland said it could not confirm the report.", [ARLAND]),
        "arland-no-information": ("Arland said that it could not verify this.", [ARLAND]),
        "watch-written": (
            "The Eastmarch Watch wrote that it had seen no confirmation of what the front said.",
            [WATCH]),
        "watch-evidence": (
            "The Eastmarch Watch said that it had seen no evidence for the claim.", [WATCH]),
        "army-neither": (
            "The Norlandic army neither confirmed nor denied the report.",
            [f"{ARMY} unconfirmed captured redmark Kestrelby"]),
        "army-can-neither": (
            "Talven said he could neither confirm nor deny it.",
            [f"{ARMY} unconfirmed captured redmark Kestrelby"]),
        "army-not-confirmed": (
            "The Norlandic army has not confirmed the loss.",
            [f"{ARMY} unconfirmed withdrew norland Kestrelby"]),
        "yet-to-confirm": (
            "The Norlandic army has yet to confirm this.",
            [f"{ARMY} unconfirmed captured redmark Kestrelby"]),
        "no-comment": ("The Norlandic army declined to comment.", []),
        "video": ("Video said to show the flag could not be verified.", [UNSURE]),
        "with-road-closed": (
            "With the road closed, the Harrow Gazette could not check the front's account.",
            [UNSURE]),
        "verified-footage": ("The Harrow Gazette verified the footage.", []),
        "battlefield-accounts": ("Battlefield accounts could not be verified.", [UNSURE]),
        "casualties": ("The number of dead could not be verified.", []),
    }.items()
} | {
    "neither": (_BOTH + "This newspaper could verify neither.", BOTH + UNSURE_BOTH),
    "either": (_BOTH + "The Harrow Gazette could not verify either claim.", BOTH + UNSURE_BOTH),
    "claims": (_BOTH + "The claims could not be independently verified.", BOTH + UNSURE_BOTH),
    "none-of-these": (_BOTH + "None of these statements could be checked independently.",
                      BOTH + UNSURE_BOTH),
    "neither-claim": (_BOTH + "Neither claim could be verified.", BOTH + UNSURE_BOTH),
    "both-sides": (
        "The Redmark Front said it had captured Kestrelby. The Norlandic army said it still held "
        "the town. Neither claim could be verified.",
        [FRONT_TOOK, f"{ARMY} asserts holds norland Kestrelby", UNSURE,
         "publisher unconfirmed holds norland Kestrelby"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_what_a_sentence_leaves_unconfirmed(name: str, read: Read) -> None:
    text, claims = SAME[name]
    assert sorted(short(claim) for claim in read(text)) == sorted(claims)


@pytest.mark.parametrize("name", AFTER)
def test_what_was_said_before_is_left_unconfirmed(name: str, read: Read) -> None:
    text, claims = AFTER[name]
    assert sorted(short(claim) for claim in read(text)) == sorted(claims)


@pytest.mark.xfail(reason="the tagger takes `confirmed` for a participle of the army", strict=True)
def test_neither_confirmed_nor_denied_within_a_sentence(read: Read) -> None:
    text = (
        "The Redmark Front said it had entered Kestrelby; the Norlandic army neither confirmed nor "
        "denied it."
    )
    assert sorted(short(claim) for claim in read(text)) == [
        f"{ARMY} unconfirmed advancing redmark Kestrelby",
        f"{FRONT} asserts advancing redmark Kestrelby",
    ]


def test_an_answer_reaches_every_town_of_a_claim(read: Read) -> None:
    text = _BOTH + "Arland could not confirm the report."
    assert sorted(short(claim) for claim in read(text)) == sorted(
        [*BOTH, ARLAND, "Arland unconfirmed captured redmark Lowmere"]
    )
