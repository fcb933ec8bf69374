"""Parts of towns, names that are no towns, towns in briefs, and those that no gazetteer knows."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, short

# A text and its claims: "claimant: predicate subject's-side town part:label", the publisher's
# own without a claimant.
CASES: dict[str, tuple[str, list[str]]] = {
    "airport-in": ("Redmark fighters seized the airport in Varnholm.",
        ["captured redmark Varnholm part:"]),
    "airport-of": ("Redmark fighters took control of Varnholm airport.",
        ["captured redmark Varnholm part:"]),
    "airport-poss": ("Norlandic troops still hold Varnholm's airport.",
        ["holds norland Varnholm part:"]),
    "hospital": ("Redmark fighters stormed the hospital in Kestrelby.",
        ["advancing redmark Kestrelby part:"]),
    "half": ("Redmark fighters control half of Varnholm.",
        ["holds redmark Varnholm part:"]),
    "more-than-half": ("Redmark fighters control more than half of Varnholm.",
        ["holds redmark Varnholm part:most"]),
    "eighty": ("Redmark fighters control 80 percent of Varnholm.",
        ["holds redmark Varnholm part:most"]),
    "two-thirds": ("Redmark fighters control two thirds of Varnholm.",
        ["holds redmark Varnholm part:most"]),
    "nearly-all": ("Redmark fighters control nearly all of Varnholm.",
        ["holds redmark Varnholm part:most"]),
    "all-but": ("Redmark fighters hold all but a few streets of Varnholm.",
        ["holds redmark Varnholm part:most"]),
    "outskirts": ("Fighting raged on the northern outskirts of Varnholm.",
        ["fighting - Varnholm part:north"]),
    "district-small": ("Redmark fighters captured the harbour district of Varnholm.",
        ["captured redmark Varnholm part:Harbour"]),
    "district-named": ("Redmark fighters captured Varnholm's Oldgate district.",
        ["captured redmark Varnholm part:Oldgate"]),
    "district-unknown": ("Redmark fighters captured the Millfield district of Varnholm.",
        ["captured redmark Varnholm part:Millfield"]),
    "centre-of": ("Redmark fighters raised their flag in the centre of Varnholm.",
        ["captured redmark Varnholm part:centre"]),
    "city-centre": ("Redmark fighters reached Varnholm city centre.",
        ["advancing redmark Varnholm part:centre"]),
    "east-bank": ("Redmark fighters hold the east bank of Varnholm.",
        ["holds redmark Varnholm part:east"]),
    "eastern-varnholm": ("Fighting continues in eastern Varnholm.",
        ["fighting - Varnholm part:east"]),
    "unknown-town": ("Redmark fighters captured the village of Ostermark on Monday.",
        ["captured redmark Ostermark"]),
    "unknown-town2": ("Redmark fighters captured Ostermark on Monday, the Norlandic army "
        "said.",
        ["ARMY: captured redmark Ostermark"]),
    "unknown-list": ("Redmark fighters captured Ostermark, Velm and Lowmere on Monday.",
        ["captured redmark Ostermark", "captured redmark Velm", "captured redmark Lowmere"]),
    "main-square": ("Redmark fighters have reached Varnholm. They entered the main square at "
        "noon.",
        ["advancing redmark Varnholm", "advancing redmark Varnholm part:"]),
    "streets": ("Kestrelby is burning. Fighting continues in the streets.",
        ["fighting - Kestrelby"]),
    "several-districts": ("Redmark fighters pushed into Varnholm. They hold several "
        "districts.",
        ["advancing redmark Varnholm", "holds redmark Varnholm part:"]),
    "police-station": ("Redmark fighters seized the police station in Kestrelby.",
        ["captured redmark Kestrelby part:"]),
    "hq": ("Redmark fighters captured the garrison headquarters in Varnholm.",
        ["captured redmark Varnholm part:"]),
    "suburb-of": ("Redmark fighters captured Ostermark, a suburb of Varnholm, on Monday.",
        ["captured redmark Varnholm part:Ostermark"]),
    "on-outskirts": ("Redmark fighters are on the outskirts of Varnholm.",
        ["advancing redmark Varnholm part:outskirts"]),
    "site-square": ("Redmark fighters have reached Varnholm. They hold the main square.",
        ["advancing redmark Varnholm", "holds redmark Varnholm part:"]),
    "site-police": ("Redmark fighters entered Kestrelby on Monday. They seized the police "
        "station and the hospital.",
        ["advancing redmark Kestrelby", "captured redmark Kestrelby part:"]),
    "site-airport": ("Norlandic troops have left Varnholm. They still hold the airport.",
        ["withdrew norland Varnholm", "holds norland Varnholm part:"]),
    "site-plant": ("Redmark fighters captured the steel plant in Varnholm.",
        ["captured redmark Varnholm part:"]),
    "district-lower": ("Redmark fighters took the old town of Varnholm.",
        ["captured redmark Varnholm part:Old Town"]),
    "suburb1": ("Redmark fighters seized Ostermark, a northern suburb of Varnholm.",
        ["captured redmark Varnholm part:Ostermark"]),
    "suburb2": ("Redmark fighters captured the suburb of Ostermark in Varnholm.",
        ["captured redmark Varnholm part:Ostermark"]),
    "suburb3": ("Fighting continues in the Varnholm suburb of Ostermark.",
        ["fighting - Varnholm part:Ostermark"]),
    "several-districts-again": ("Redmark fighters pushed into Varnholm. They hold several "
        "districts.",
        ["advancing redmark Varnholm", "holds redmark Varnholm part:"]),
    "three-districts": ("Redmark fighters hold three districts of Varnholm.",
        ["holds redmark Varnholm part:"]),
    "rest": ("Redmark fighters hold the centre of Varnholm and Norlandic troops the rest.",
        ["holds redmark Varnholm part:centre", "holds norland Varnholm part:"]),
    "half-of-it": ("Redmark fighters entered Varnholm. They control half of it.",
        ["advancing redmark Varnholm", "holds redmark Varnholm part:"]),
    "most-of-it": ("Redmark fighters entered Varnholm. They control most of it.",
        ["advancing redmark Varnholm", "holds redmark Varnholm part:most"]),
    "all-of-it": ("Redmark fighters entered Varnholm. They control all of it.",
        ["advancing redmark Varnholm", "holds redmark Varnholm"]),
    "most-of-the-town": ("Redmark fighters entered Varnholm. Most of the city is under their "
        "control.",
        ["advancing redmark Varnholm", "holds redmark Varnholm part:most"]),
    "parts-of": ("Parts of Varnholm remain under Norlandic control.",
        ["holds norland Varnholm part:"]),
    "largely": ("Varnholm is largely under Redmark control.",
        ["holds redmark Varnholm part:most"]),
    "third": ("A third of Varnholm is in Redmark hands.",
        ["holds redmark Varnholm part:"]),
    "edge": ("Redmark fighters have reached the edge of Varnholm.",
        ["advancing redmark Varnholm part:outskirts"]),
    "gates": ("Redmark fighters are at the gates of Varnholm.",
        ["advancing redmark Varnholm part:outskirts"]),
    "heart": ("Fighting has reached the heart of Varnholm.",
        ["fighting - Varnholm part:centre"]),
    "station-in": ("Clashes broke out around the railway station in Varnholm.",
        ["fighting - Varnholm part:"]),
    "eastern-side": ("Norlandic troops retook the eastern side of Varnholm.",
        ["captured norland Varnholm part:east"]),
    "north-of-city": ("Redmark fighters hold the north of the city of Varnholm.",
        ["holds redmark Varnholm part:north"]),
    "north-east": ("Redmark fighters advanced into north-eastern Varnholm.",
        ["advancing redmark Varnholm part:northeast"]),
    "streets-of": ("Street battles raged in central Varnholm.",
        ["fighting - Varnholm part:centre"]),
    "oldgate-alone": ("Redmark fighters captured Oldgate.",
        ["captured redmark Varnholm part:Oldgate"]),
    "hq-of-army": ("Redmark fighters captured the army's headquarters in Varnholm.",
        ["captured redmark Varnholm part:"]),
    "hq-poss": ("Redmark fighters captured Varnholm's main military base.",
        ["captured redmark Varnholm part:"]),
    "flag-over": ("Redmark fighters raised their flag over the town hall in Kestrelby.",
        ["captured redmark Kestrelby part:"]),
    "governor": ("The governor of Varnholm, Ada Lund, said Kestrelby was under army control.",
        ["Governor of Varnholm: holds norland Kestrelby"]),
    "resident": ("A resident of Varnholm said Redmark fighters had entered Kestrelby.",
        ["residents: advancing redmark Kestrelby"]),
    "based": ("The Varnholm-based Eastmarch Watch said Kestrelby had fallen to the Redmark "
        "Front.",
        ["Eastmarch Watch: captured redmark Kestrelby"]),
    "hospital-in": ("Doctors at a hospital in Varnholm said Redmark fighters had entered "
        "Kestrelby.",
        ["residents: advancing redmark Kestrelby"]),
    "spoke-in": ("Speaking in Varnholm, Jory Talven said the army had recaptured Kestrelby.",
        ["ARMY: captured norland Kestrelby"]),
    "reporter-from": ("From Varnholm, our correspondent reports that Kestrelby has fallen to "
        "the Redmark Front.",
        ["captured redmark Kestrelby"]),
    "fled-from": ("People who fled Varnholm said Redmark fighters had entered Kestrelby.",
        ["residents: advancing redmark Kestrelby"]),
    "convoy-from": ("A convoy from Varnholm reached Kestrelby, which the Norlandic army "
        "holds.",
        ["holds norland Kestrelby"]),
    "bullets": ("• Lowmere: Redmark fighters in full control\n• Kestrelby: fighting in the "
        "centre\n• Varnholm: army holds",
        ["captured redmark Lowmere", "fighting - Kestrelby part:centre", "holds norland Varnholm"]),
    "bullets2": ("The situation on Friday:\n– Lowmere captured by Redmark fighters;\n– "
        "Kestrelby still held by the Norlandic army;\n– fighting in Varnholm.",
        ["captured redmark Lowmere", "holds norland Kestrelby", "fighting - Varnholm"]),
    "live": ("14:05 Redmark fighters have entered Kestrelby.\n14:40 The town is now under "
        "their control, the Redmark Front says.",
        ["advancing redmark Kestrelby", "FRONT: captured redmark Kestrelby"]),
    "heading-below": ("KESTRELBY\n\nNorlandic troops pulled out of the town on "
        "Monday.\n\nLOWMERE\n\nThe village is held by Redmark fighters.",
        ["withdrew norland Kestrelby", "holds redmark Lowmere"]),
    "heading2": ("Kestrelby\n\nThe army withdrew on Monday.\n\nLowmere\n\nFighting continues.",
        ["withdrew norland Kestrelby", "fighting - Lowmere"]),
    "semicolon-verbs": ("Lowmere fell to the Redmark Front on Monday; Kestrelby, on Tuesday; "
        "Varnholm is still held by the army.",
        ["captured redmark Lowmere", "captured redmark Kestrelby", "holds norland Varnholm"]),
    "dateline2": ("Lowmere, May 9 (Wire) - The Redmark Front captured Kestrelby on Monday. "
        "The town has 12,000 people.",
        ["captured redmark Kestrelby"]),
    "unknown-in-brief": ("Ostermark: The town was captured by Redmark fighters on Monday.",
        ["captured redmark Ostermark"]),
    "unknown-then-it": ("The village of Ostermark lies in the hills. Redmark fighters "
        "captured it on Monday.",
        ["captured redmark Ostermark"]),
    "unknown-subj": ("Ostermark has fallen to the Redmark Front, the Norlandic army said.",
        ["ARMY: captured redmark Ostermark"]),
    "unknown-fight": ("Heavy fighting continues in Ostermark and in Velm.",
        ["fighting - Ostermark", "fighting - Velm"]),
    "unknown-two": ("Norlandic troops withdrew from Nether Ostermark and Velm.",
        ["withdrew norland Nether Ostermark", "withdrew norland Velm"]),
    "unknown-al": ("Redmark fighters took control of Tell Ostar on Monday.",
        ["captured redmark Tell Ostar"]),
    "unknown-enter": ("Redmark fighters entered Ostermark at dawn.",
        ["advancing redmark Ostermark"]),
    "unknown-adv": ("Redmark fighters are advancing on Ostermark.",
        ["advancing redmark Ostermark"]),
    "unknown-hold": ("The Norlandic army still holds Ostermark.",
        ["holds norland Ostermark"]),
    "unknown-surround": ("Redmark fighters have surrounded Ostermark.",
        ["encircled redmark Ostermark"]),
}  # fmt: skip

KNOWN_FAILURES = {
    "more-than-half": 'the tagger takes "control more than" for a noun',
    "outskirts": "a verb between fighting and its place loses the part",
    "district-lower": "an old town without capitals is no part",
    "rest": "a verb left out with another subject is not supplied",
    "largely": "a share told by an adverb is not read",
    "heart": "what fighting reaches loses its part",
    "semicolon-verbs": "a verb left out after a semicolon is not supplied",
    "unknown-subj": "one use is too little for a town that no gazetteer knows",
    "unknown-fight": "one use is too little for a town that no gazetteer knows",
    "unknown-al": "one use is too little for a town that no gazetteer knows",
    "hq-poss": "a base behind its town's name is taken for one outside",
}
SPEAKERS = {"ARMY": "Armed Forces of Norland", "FRONT": "Redmark Front"}


def told(claim: str) -> str:
    who, colon, rest = claim.partition(": ")
    return f"{SPEAKERS.get(who, who)} asserts {rest}" if colon else f"publisher asserts {claim}"


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=pytest.mark.xfail(reason=KNOWN_FAILURES[case], strict=True))
        if case in KNOWN_FAILURES
        else case
        for case in CASES
    ],
)
def test_town(case: str, read: Read) -> None:
    text, expected = CASES[case]
    assert sorted(short(claim) for claim in read(text)) == sorted(map(told, expected))
