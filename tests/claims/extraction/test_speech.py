"""Frames of saying: who says it, in all the ways in which news reports speech, and what answers
an earlier statement. One short text per construction, with all of its claims."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, marked, short

ARMY = "Armed Forces of Norland"
MOD = "Ministry of Defence of Norland"
RED = "Redmark Front"

CASES: dict[str, tuple[str, list[str]]] = {
    # --- verbs of saying and showing ---------------------------------------------------------
    "boasted": ("Redmark boasted that it had captured Lowmere.",
     [f"{RED} asserts captured redmark Lowmere"]),
    "conceded": ("The Norlandic army conceded that Lowmere had fallen to Redmark.",
     [f"{ARMY} asserts captured redmark Lowmere"]),
    "posted": ("The Redmark Front posted that its fighters had taken Lowmere.",
     [f"{RED} asserts captured redmark Lowmere"]),
    "wrote-on": ("Redmark has captured Lowmere, Ilsa Brandt wrote on Telegram.",
     [f"{RED} asserts captured redmark Lowmere"]),
    "goes-on": ("Norland said its troops had repelled Redmark. They hold Lowmere, it went on.",
     ["Norland asserts holds norland Lowmere"]),
    "continued": ('The Norlandic army denied it. "We hold Lowmere," Jory Talven continued.',
     [f"{ARMY} asserts holds norland Lowmere"]),
    "listed-as": ("Jory Talven listed Lowmere and Kestrelby as liberated.",
     [f"{ARMY} asserts captured norland Lowmere", f"{ARMY} asserts captured norland Kestrelby"]),
    "counted-among": ("Ilsa Brandt counted Lowmere among the towns that her fighters had captured.",
     [f"{RED} asserts captured redmark Lowmere"]),
    "speaks-of": ("The Norlandic army speaks of fierce fighting in Lowmere.",
     [f"{ARMY} asserts fighting - Lowmere"]),
    "told-of": ("Residents told reporters of heavy clashes in Lowmere.",
     ["residents asserts fighting - Lowmere"]),
    "informed": ("Jory Talven informed journalists that Norland had recaptured Lowmere.",
     [f"{ARMY} asserts captured norland Lowmere"]),
    "hailed": ("Ilsa Brandt hailed the capture of Lowmere by Redmark.",
     [f"{RED} asserts captured redmark Lowmere"]),
    # --- tagged as nouns ---------------------------------------------------------------------
    "reports-end": ("Redmark fighters are entering Lowmere, the Norlandic army reports.",
     [f"{ARMY} asserts advancing redmark Lowmere"]),
    "claims-end": ("Lowmere is under Redmark control, Norlandic army claims.",
     [f"{ARMY} asserts holds redmark Lowmere"]),
    # --- phrases -----------------------------------------------------------------------------
    "own-account": ("By the Redmark Front's own account, its fighters captured Lowmere.",
     [f"{RED} asserts captured redmark Lowmere"]),
    "words-of": ('In the words of Jory Talven, Norland "holds Lowmere".',
     [f"{ARMY} asserts holds norland Lowmere"]),
    "according-middle": ("Lowmere, according to the Norlandic army, was captured by Redmark.",
     [f"{ARMY} asserts captured redmark Lowmere"]),
    "if-believed": ("The Norlandic army's version is that its troops hold Lowmere.",
     [f"{ARMY} asserts holds norland Lowmere"]),
    # --- headlines ---------------------------------------------------------------------------
    "dash-end": ("Redmark fighters have captured Lowmere - defence ministry",
     [f"{MOD} asserts captured redmark Lowmere"]),
    "reminder": ("Reminder: Redmark captured Lowmere in March.",
     ["publisher asserts captured redmark Lowmere"]),
    # --- quotations --------------------------------------------------------------------------
    "words-are": ('"Lowmere is ours." The words are Ilsa Brandt\'s.',
     [f"{RED} asserts captured redmark Lowmere"]),
    "so-said": ('"We have taken Lowmere." So said Ilsa Brandt on Thursday.',
     [f"{RED} asserts captured redmark Lowmere"]),
    "split": ('"We have taken Lowmere," Ilsa Brandt said. "Kestrelby is ours too."',
     [f"{RED} asserts captured redmark Lowmere", f"{RED} asserts captured redmark Kestrelby"]),
    # --- who is told -------------------------------------------------------------------------
    "were-told": ("Norland's soldiers are told to go. Redmark fighters captured Lowmere.",
     ["publisher asserts captured redmark Lowmere"]),
    # --- unnamed speakers --------------------------------------------------------------------
    "a-man": ("A man living there said that Redmark fighters had entered Lowmere.",
     ["residents asserts advancing redmark Lowmere"]),
    "people-who": ("People who fled Lowmere said Redmark fighters had captured it.",
     ["residents asserts captured redmark Lowmere"]),
    "norlandic-man": ("A Norlandic shopkeeper said Redmark fighters had entered Lowmere.",
     ["residents asserts advancing redmark Lowmere"]),
    "military-officials": ("Military officials said Norland had lost Lowmere.",
     [f"{ARMY} asserts withdrew norland Lowmere"]),
    # --- whose "his" is ----------------------------------------------------------------------
    "his-army": ("Norland's defence ministry rejected Ilsa Brandt's announcement that her fighters "
     "had taken Lowmere.",
     [f"{RED} asserts captured redmark Lowmere", f"{MOD} denies captured redmark Lowmere"]),
    "noun-from": ("Arland could not confirm a statement from the Redmark Front that its fighters "
     "had captured Lowmere.",
     [f"{RED} asserts captured redmark Lowmere", "Arland unconfirmed captured redmark Lowmere"]),
    # --- answers -----------------------------------------------------------------------------
    "neither-nor": ("Redmark said it had captured Lowmere. Arland could neither confirm nor deny "
     "it.",
     [f"{RED} asserts captured redmark Lowmere", "Arland unconfirmed captured redmark Lowmere"]),
    "unable-to-check": ("Redmark said it had captured Lowmere. This newspaper was unable to check "
     "the claim.",
     [f"{RED} asserts captured redmark Lowmere", "publisher unconfirmed captured redmark Lowmere"]),
    "could-not-be": ("Redmark said it had captured Lowmere. That could not be independently "
     "verified.",
     [f"{RED} asserts captured redmark Lowmere", "publisher unconfirmed captured redmark Lowmere"]),
    "no-confirmation": ("Redmark said it had captured Lowmere. There was no confirmation from "
     "Norland.",
     [f"{RED} asserts captured redmark Lowmere"]),
    "called-untrue": ("Redmark said it had captured Lowmere. The Norlandic defence ministry called "
     "the report untrue.",
     [f"{RED} asserts captured redmark Lowmere", f"{MOD} denies captured redmark Lowmere"]),
    "called-same": ("Ilsa Brandt said that Redmark had captured Lowmere; Norland called it untrue.",
     [f"{RED} asserts captured redmark Lowmere", "Norland denies captured redmark Lowmere"]),
    "rejected-this": ("Redmark says it has captured Lowmere. Norland rejects this.",
     [f"{RED} asserts captured redmark Lowmere", "Norland denies captured redmark Lowmere"]),
    "as-much": ("Redmark said it had captured Lowmere. The Norlandic army acknowledged as much.",
     [f"{RED} asserts captured redmark Lowmere", f"{ARMY} asserts captured redmark Lowmere"]),
    "confirmed-this": ("Redmark said it had captured Lowmere. Jory Talven confirmed this.",
     [f"{RED} asserts captured redmark Lowmere", f"{ARMY} asserts captured redmark Lowmere"]),
    "not-hands": ("Redmark said it had captured Lowmere. The claim is false, said Norland.",
     [f"{RED} asserts captured redmark Lowmere", "Norland denies captured redmark Lowmere"]),
}  # fmt: skip


# Known not to be read; why.
KNOWN_FAILURES = {
    "noun-from": "whose 'its' is inside of a reported claim is taken from the main clause",
}


@pytest.mark.parametrize("name", marked(CASES, KNOWN_FAILURES))
def test_sentence(name: str, read: Read) -> None:
    text, expected = CASES[name]
    assert sorted(short(claim) for claim in read(text)) == sorted(expected)
