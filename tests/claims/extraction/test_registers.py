"""Claims in the registers of wire copy, live blogs, briefings, assessments, headlines and
translated communiqués, about a made-up war."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, marked, short

ARMY = "Armed Forces of Norland"
MINISTRY = "Ministry of Defence of Norland"

CASES: dict[str, tuple[str, list[str]]] = {
    # --- wire copy
    "still-controlled": (
        "Talven said that Norlandic forces still controlled Lowmere.",
        [f"{ARMY} asserts holds norland Lowmere"],
    ),
    "troops-controlled": (
        "Talven said that Norlandic troops controlled Kestrelby.",
        [f"{ARMY} asserts holds norland Kestrelby"],
    ),
    "forces-control-said": (
        "Norlandic forces control Kestrelby, Talven said.",
        [f"{ARMY} asserts holds norland Kestrelby"],
    ),
    "unknown-town-object": (
        "Brandt said that Redmark fighters controlled Hollinhead.",
        ["Redmark Front asserts holds redmark Hollinhead"],
    ),
    "buildings-southwest": (
        "Talven said that Norlandic forces still controlled buildings in the southwest of "
        "Varnholm.",
        [f"{ARMY} asserts holds norland Varnholm part:southwest"],
    ),
    "apposition-trailing": (
        "Norland's army has withdrawn from Kestrelby, its leader, General Orso Vael, confirmed "
        "on Monday.",
        [f"{ARMY} asserts withdrew norland Kestrelby"],
    ),
    "spokesman-trailing": (
        "The rebels have seized Lowmere, the army's spokesman, Jory Talven, admitted on Thursday.",
        [f"{ARMY} asserts captured redmark Lowmere"],
    ),
    "governor-apposition": (
        "The governor of Eastmarch Province, Tam Ordell, said on Saturday that Redmark fighters "
        "had entered Lowmere.",
        ["Governor of Eastmarch asserts advancing redmark Lowmere"],
    ),
    "mayor": (
        "Kestrelby mayor Anni Stroud said Norlandic troops still held the town.",
        ["Mayor of Kestrelby asserts holds norland Kestrelby"],
    ),
    "it-said-denier": (
        "The Norlandic army denied on Tuesday that the Redmark Front had captured Varnholm. "
        "Fighting in Varnholm continued, it said.",
        [
            f"{ARMY} denies captured redmark Varnholm",
            f"{ARMY} asserts fighting - Varnholm",
        ],
    ),
    "it-added": (
        "The Norlandic defence ministry said its troops had recaptured Lowmere. It added that "
        "the Redmark Front had abandoned Kestrelby.",
        [
            f"{MINISTRY} asserts captured norland Lowmere",
            f"{MINISTRY} asserts withdrew redmark Kestrelby",
        ],
    ),
    "unnamed-spokesman": (
        "A Norlandic military spokesman said government troops had driven the rebels out of "
        "Lowmere.",
        [f"{ARMY} asserts captured norland Lowmere"],
    ),
    "officials-in-capital": (
        "Officials in Norhaven said their forces had pulled out of Kestrelby.",
        ["Norland asserts withdrew norland Kestrelby"],
    ),
    "finer-actor": (
        "Norland says its troops have retaken Lowmere, the Norlandic defence ministry announced "
        "on Friday.",
        [f"{MINISTRY} asserts captured norland Lowmere"],
    ),
    "gapped": (
        "Varnholm fell to the Redmark Front on Monday and Kestrelby the following day.",
        [
            "publisher asserts captured redmark Varnholm",
            "publisher asserts captured redmark Kestrelby",
        ],
    ),
    "side-held": (
        "Shells were fired from Redmark-held Lowmere on Tuesday.",
        ["publisher asserts holds redmark Lowmere"],
    ),
    "side-occupied": (
        "A train reached Norlandic-controlled Kestrelby.",
        ["publisher asserts holds norland Kestrelby"],
    ),
    "passive-report": (
        "Lowmere was reported to have been taken by the Redmark Front.",
        ["publisher asserts captured redmark Lowmere"],
    ),
    "after-capturing": (
        "After capturing Kestrelby, Redmark fighters advanced towards Lowmere.",
        [
            "publisher asserts captured redmark Kestrelby",
            "publisher asserts advancing redmark Lowmere",
        ],
    ),
    "relative-seized": (
        "Residents of Kestrelby, which the Redmark Front seized in April, queued for bread.",
        ["publisher asserts captured redmark Kestrelby"],
    ),
    "reduced-relative": (
        "Roads lead to Lowmere, a village captured by Norlandic troops last week.",
        ["publisher asserts captured norland Lowmere"],
    ),
    "who-said": (
        "“We have left Varnholm,” said Ilsa Brandt, who commands the Redmark Front.",
        ["Redmark Front asserts withdrew redmark Varnholm"],
    ),
    "saying": (
        "The Norlandic army rejected the report, saying its soldiers still held Lowmere.",
        [f"{ARMY} asserts holds norland Lowmere"],
    ),
    "told-agency": (
        "Jory Talven told the Harrow Gazette that the army had lost Kestrelby.",
        [f"{ARMY} asserts withdrew norland Kestrelby"],
    ),
    "claims-as-noun": (
        "Norland dismissed Redmark claims that Varnholm had fallen.",
        [
            "Redmark Front asserts captured redmark Varnholm",
            "Norland denies captured redmark Varnholm",
        ],
    ),
    "rejects-noun-of": (
        "The Norlandic defence ministry rejected the Redmark Front's claim of having taken "
        "Lowmere.",
        [
            "Redmark Front asserts captured redmark Lowmere",
            f"{MINISTRY} denies captured redmark Lowmere",
        ],
    ),
    "neither-side": (
        "The Harrow Gazette could not verify that Redmark fighters had seized Lowmere.",
        ["publisher unconfirmed captured redmark Lowmere"],
    ),
    "no-independent": (
        "The Redmark Front says it holds Lowmere, a claim that could not be independently "
        "verified.",
        [
            "Redmark Front asserts holds redmark Lowmere",
            "publisher unconfirmed holds redmark Lowmere",
        ],
    ),
    "fighting-for": (
        "Fierce battles for control of Varnholm raged for a third week.",
        ["publisher asserts fighting - Varnholm"],
    ),
    "clashes-erupted": (
        "Clashes erupted in Lowmere on Thursday between the army and the rebels.",
        ["publisher asserts fighting - Lowmere"],
    ),
    "besieged": (
        "Redmark fighters have besieged Varnholm since March.",
        ["publisher asserts encircled redmark Varnholm"],
    ),
    "cut-roads": (
        "The Redmark Front has cut all roads into Varnholm, residents said.",
        ["residents asserts encircled redmark Varnholm"],
    ),
    "coordinated-verbs": (
        "Norlandic troops entered Kestrelby on Monday and captured it two days later.",
        [
            "publisher asserts advancing norland Kestrelby",
            "publisher asserts captured norland Kestrelby",
        ],
    ),
    "tactical-withdrawal": (
        "The army announced a tactical withdrawal from Kestrelby.",
        [f"{ARMY} asserts withdrew norland Kestrelby"],
    ),
    "ordered-withdrawal": (
        "The Norlandic army said it had ordered its troops to withdraw from Kestrelby.",
        [f"{ARMY} asserts withdrew norland Kestrelby"],
    ),
    "two-speakers": (
        "The Redmark Front said it had seized Lowmere, but the Norlandic army said fighting was "
        "going on in the town.",
        [
            "Redmark Front asserts captured redmark Lowmere",
            f"{ARMY} asserts fighting - Lowmere",
        ],
    ),
    "while-other": (
        "Brandt insisted Kestrelby was under Redmark control, while Talven maintained that the "
        "army held it.",
        [
            "Redmark Front asserts holds redmark Kestrelby",
            f"{ARMY} asserts holds norland Kestrelby",
        ],
    ),
    # --- headlines and live blogs
    "headline-says": (
        "• Redmark Front says it has captured Varnholm.",
        ["Redmark Front asserts captured redmark Varnholm"],
    ),
    "headline-colon": (
        "Norlandic army: troops repel assault on Lowmere near the coast road.",
        [f"{ARMY} asserts holds norland Lowmere"],
    ),
    "live-blog": (
        "14:20 GMT - Norlandic forces have entered Lowmere, Talven says.",
        [f"{ARMY} asserts advancing norland Lowmere"],
    ),
    "live-watch": (
        "Eastmarch Watch reports street fighting in the centre of Varnholm.",
        ["Eastmarch Watch asserts fighting - Varnholm part:centre"],
    ),
    "recap": (
        "Norland's defence ministry has confirmed the loss of Kestrelby.",
        [f"{MINISTRY} asserts withdrew norland Kestrelby"],
    ),
    # --- briefings
    "briefing-attacks": (
        "The Norlandic army said its units repelled attacks near Lowmere and Kestrelby.",
        [
            f"{ARMY} asserts holds norland Lowmere",
            f"{ARMY} asserts holds norland Kestrelby",
        ],
    ),
    "briefing-situation": (
        "Our soldiers are holding their positions in Varnholm, Talven told a briefing.",
        [f"{ARMY} asserts holds norland Varnholm"],
    ),
    "briefing-enemy": (
        "“The enemy has advanced into Lowmere,” Talven said.",
        [f"{ARMY} asserts advancing redmark Lowmere"],
    ),
    "our-hands": (
        "“Varnholm is ours,” Brandt declared.",
        ["Redmark Front asserts captured redmark Varnholm"],
    ),
    "not-left": (
        "“We have not left Kestrelby,” Talven said.",
        [f"{ARMY} denies withdrew norland Kestrelby"],
    ),
    # --- assessments
    "assess": (
        "Eastmarch Watch assessed that Redmark forces had captured most of Lowmere.",
        ["Eastmarch Watch asserts captured redmark Lowmere part:most"],
    ),
    "geolocated": (
        "Geolocated footage shows that Norlandic forces advanced in western Varnholm.",
        ["publisher asserts advancing norland Varnholm part:west"],
    ),
    "likely-recaptured": (
        "Redmark forces likely captured Lowmere, Eastmarch Watch said.",
        ["Eastmarch Watch asserts captured redmark Lowmere"],
    ),
    "continued-ops": (
        "Redmark forces continued offensive operations in Varnholm on May 8.",
        ["publisher asserts fighting - Varnholm"],
    ),
    "marginal-gains": (
        "Norlandic forces made marginal gains in northern Kestrelby, Eastmarch Watch reported.",
        ["Eastmarch Watch asserts advancing norland Kestrelby part:north"],
    ),
    # --- communiqués
    "communique-liberated": (
        "Units of the Redmark Front have liberated the settlement of Kestrelby as a result of "
        "decisive actions.",
        ["publisher asserts captured redmark Kestrelby"],
    ),
    "communique-full-control": (
        "“Our forces have established full control over Lowmere,” the Redmark Front said in a "
        "statement.",
        ["Redmark Front asserts captured redmark Lowmere"],
    ),
    "communique-passed": (
        "Kestrelby has come under the full control of the Norlandic army, the defence ministry "
        "reported.",
        [f"{MINISTRY} asserts captured norland Kestrelby"],
    ),
    "communique-repositioned": (
        "The Norlandic army said that its troops had been withdrawn from Lowmere to new lines.",
        [f"{ARMY} asserts withdrew norland Lowmere"],
    ),
    "flag": (
        "The Norlandic flag was raised over Kestrelby, Talven said.",
        [f"{ARMY} asserts captured norland Kestrelby"],
    ),
    # --- no claims
    "expected-fighting": ("Arland expected street fighting in Varnholm by November.", []),
    "predicted-fall": ("Eastmarch Watch predicted that Varnholm would fall within weeks.", []),
    "may-have": ("Arland said the Redmark Front may soon seize Lowmere.", []),
    "in-order-to": ("The Redmark Front moved guns to capture Varnholm.", []),
    "unless": ("Unless shells arrive, Lowmere will be lost, Talven said.", []),
    "call-on": ("Brandt called on Norland to withdraw from Varnholm.", []),
    "hoped": ("Talven hoped that his soldiers would retake Kestrelby.", []),
    "plans": ("Norland has no plans to withdraw from Kestrelby, Talven said.", []),
    "whether": ("It was not clear whether the Redmark Front had captured Lowmere.", []),
    "aid": ("An aid convoy entered Varnholm on Friday, Arland said.", []),
    "visit": ("The president of Norland left Kestrelby after a visit.", []),
    "talks": ("Talks in Varnholm collapsed on Friday.", []),
    "election": ("Norland's ruling party lost Kestrelby in the election.", []),
    "shelling": ("Redmark artillery shelled Lowmere overnight, Talven said.", []),
    "road": ("Norlandic forces control the road to Varnholm, Talven said.", []),
    "near-only": ("Redmark fighters captured a hill near Kestrelby.", []),
    "importance": ("Capturing Lowmere would give the Redmark Front a port.", []),
}

KNOWN_FAILURES: dict[str, str] = {}


@pytest.mark.parametrize("name", marked(CASES, KNOWN_FAILURES))
def test_sentence(name: str, read: Read) -> None:
    text, expected = CASES[name]
    assert sorted(short(claim) for claim in read(text)) == sorted(expected)
