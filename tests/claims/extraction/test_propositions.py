"""Which proposition a clause or a noun phrase states: one construction in each sentence."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, marked, short

ARMY = "Armed Forces of Norland"
FRONT = "Redmark Front"
TOOK = ["publisher asserts captured redmark Kestrelby"]
BACK = ["publisher asserts captured norland Kestrelby"]
OWNS = ["publisher asserts holds redmark Kestrelby"]
KEEPS = ["publisher asserts holds norland Kestrelby"]
LEFT = ["publisher asserts withdrew norland Kestrelby"]
GONE = ["publisher asserts withdrew redmark Kestrelby"]
NEAR = ["publisher asserts advancing redmark Kestrelby"]
RING = ["publisher asserts encircled redmark Kestrelby"]
WAR = ["publisher asserts fighting - Kestrelby"]


def says(who: str, claims: list[str]) -> list[str]:
    return [claim.replace("publisher", who, 1) for claim in claims]


# --- taking -------------------------------------------------------------------------------------
TAKING: dict[str, tuple[str, list[str]]] = {
    "made-itself-master": ("The Redmark Front made itself master of Kestrelby.", TOOK),
    "got-the-town": ("The Redmark Front got Kestrelby in January, inside a day.", TOOK),
    "has-back": ("The Norlandic army had Kestrelby back in its hands on Wednesday evening.", BACK),
    "is-back-with": ("Kestrelby is back with the Norlandic army.", BACK),
    "back-in-army-hands": ("Kestrelby is back in army hands.", BACK),
    "back-under": ("Kestrelby is back under government control.", BACK),
    "belongs": ("Kestrelby now belongs to the Redmark Front.", OWNS),
    "is-theirs-now": (
        "The Redmark Front stormed the barracks at dawn; Kestrelby is now theirs.",
        TOOK,
    ),
    "conquest": ("Kestrelby is the Redmark Front's latest conquest.", TOOK),
    "its-conquest": ("The Redmark Front says that Kestrelby is its conquest.", says(FRONT, TOOK)),
    "captured-town": (
        "Buses run again in Kestrelby, captured by the Redmark Front on Friday.",
        TOOK,
    ),
    "newly-captured": ("The Redmark Front paraded in newly captured Kestrelby.", TOOK),
    "the-only-town-fallen": (
        "Kestrelby is the only town that has fallen to the Redmark Front this year.",
        TOOK,
    ),
    "the-latest-to-fall": ("Kestrelby was the latest town to fall to the Redmark Front.", TOOK),
    "first-to-be-taken": ("Kestrelby was the first town to be taken by the rebels.", TOOK),
    "put-under-control": ("The Redmark Front has put Kestrelby under its control.", TOOK),
    "extended-control": ("The Redmark Front extended its control to Kestrelby.", TOOK),
    "added": ("The Redmark Front has added Kestrelby to the towns it holds.", says(FRONT, TOOK)),
    "restored-security": ("The Norlandic army restored security and stability to Kestrelby.", BACK),
    "brought-back": ("The Norlandic army brought Kestrelby back to the homeland.", BACK),
    "returned-to-control": ("Kestrelby has returned to government control.", BACK),
    "went-to-the-rebels": ("Kestrelby went to the rebels without a shot in August.", TOOK),
    "cleared-of": ("The Norlandic army cleared Kestrelby of rebels.", BACK),
    "has-been-cleared": ("Talven said that Kestrelby had been cleared.", says(ARMY, BACK)),
    "rid-of": ("The Norlandic army rid Kestrelby of the rebels.", BACK),
    "drove-out-of": ("The Norlandic army drove the Redmark Front out of Kestrelby.", BACK),
    "driven-by": ("The Redmark Front was driven from Kestrelby by Norlandic troops.", BACK),
    "chased-away": ("Norlandic troops chased the rebels away from Kestrelby.", BACK),
    "the-taking": ("The Redmark Front celebrated the taking of Kestrelby.", says(FRONT, TOOK)),
    "surrendered-to": ("Kestrelby surrendered to the Redmark Front on Friday.", TOOK),
    "capitulated": ("Kestrelby capitulated to the Redmark Front on Friday.", TOOK),
    "handed-to": ("The garrison handed Kestrelby to the Redmark Front.", TOOK),
    "ceded": ("Norland ceded Kestrelby to the Redmark Front in March.", TOOK),
    "wrested": ("Kestrelby was wrested from Norland by the Redmark Front in March.", TOOK),
    "snatched": ("The Redmark Front snatched Kestrelby from the army.", TOOK),
    "prised": ("The Redmark Front prised Kestrelby from the army's grip.", TOOK),
    "under-full-control": ("The Redmark Front took Kestrelby under its full control.", TOOK),
    "control-shifted": ("Control of Kestrelby shifted to the Redmark Front on Friday.", TOOK),
    "seizure-by": ("The seizure of Kestrelby by the Redmark Front shocked the capital.", TOOK),
    "since-its-fall": (
        "Since the fall of Kestrelby to the Redmark Front, prices have doubled.",
        TOOK,
    ),
    "fell-within-hours": (
        "Kestrelby and Lowmere fell to the Redmark Front within hours of each other.",
        [*TOOK, "publisher asserts captured redmark Lowmere"],
    ),
    "two-nouns": (
        "The fall of Kestrelby and that of Lowmere to the Redmark Front came as a shock.",
        [*TOOK, "publisher asserts captured redmark Lowmere"],
    ),
    "lost-and-retaken": (
        "Kestrelby, lost by the army in March and retaken in May, is quiet.",
        [*LEFT, *BACK],
    ),
    "won-and-lost": ("The army won Kestrelby in May and lost it again in June.", [*BACK, *LEFT]),
    "first-then": (
        "The rebels first took Kestrelby, then Lowmere.",
        [*TOOK, "publisher asserts captured redmark Lowmere"],
    ),
    "after-which": ("Redmark fighters took Kestrelby, after which they turned to Lowmere.", TOOK),
    "gapped": (
        "The army took Kestrelby and the Redmark Front Lowmere.",
        [*BACK, "publisher asserts captured redmark Lowmere"],
    ),
    "and-with-it": (
        "The Redmark Front took Kestrelby, and with it Lowmere.",
        [*TOOK, "publisher asserts captured redmark Lowmere"],
    ),
    "as-well-as": (
        "The Redmark Front took Kestrelby as well as Lowmere.",
        [*TOOK, "publisher asserts captured redmark Lowmere"],
    ),
    "not-only": (
        "The Redmark Front took not only Kestrelby but also Lowmere.",
        [*TOOK, "publisher asserts captured redmark Lowmere"],
    ),
    "is-now-redmark": ("Kestrelby is now in the hands of the rebels.", TOOK),
    "headline-retaken": (
        "Kestrelby retaken from Redmark Front, says Norlandic army.",
        says(ARMY, BACK),
    ),
    "headline-in-hands": (
        "Kestrelby now in Redmark hands, Norlandic army concedes.",
        says(ARMY, TOOK),
    ),
    "walked-in": (
        "Redmark fighters walked into Kestrelby and raised their flag there.",
        ["publisher asserts captured redmark Kestrelby", *NEAR],
    ),
    "mission-done": ("By noon Kestrelby was ours, Talven said.", says(ARMY, BACK)),
}

# --- holding ------------------------------------------------------------------------------------
HOLDING: dict[str, tuple[str, list[str]]] = {
    "home-to-garrison": ("Kestrelby is still home to a Norlandic garrison.", KEEPS),
    "garrison-holds-out": ("The Norlandic garrison of Kestrelby is holding out.", KEEPS),
    "remains-army": ("Kestrelby remains with the army.", KEEPS),
    "remains-in-hands": ("Kestrelby remains firmly in government hands.", KEEPS),
    "stays-norlandic": ("Kestrelby stays Norlandic.", KEEPS),
    "is-held-by": ("Kestrelby is held by the Redmark Front.", OWNS),
    "held-by-part": (
        "The east of Kestrelby is held by the Redmark Front.",
        ["publisher asserts holds redmark Kestrelby part:east"],
    ),
    "which-controls": ("The Redmark Front, which controls Kestrelby, has banned music.", OWNS),
    "run-by": ("Kestrelby is run by the Redmark Front.", OWNS),
    "run-ever-since": (
        "The Redmark Front entered Kestrelby in March and has run it ever since.",
        [*NEAR, *OWNS],
    ),
    "hold-sway": ("In Kestrelby, where the rebels still hold sway, shops are shut.", OWNS),
    "flag-still-flies": ("The Norlandic flag still flies over Kestrelby.", KEEPS),
    "in-redmark-held": ("In Redmark-held Kestrelby, shops are shut.", OWNS),
    "rebel-stronghold": ("Kestrelby, a rebel stronghold, was quiet.", OWNS),
    "last-stronghold": ("Kestrelby is the last stronghold of the Redmark Front.", OWNS),
    "last-town-held": ("Kestrelby is the last town that the rebels hold.", OWNS),
    "only-town-left": ("Kestrelby is the only town left in rebel hands.", OWNS),
    "still-has": ("The army still has Kestrelby.", KEEPS),
    "army-has-east": (
        "The army has the east of Kestrelby.",
        ["publisher asserts holds norland Kestrelby part:east"],
    ),
    "clings-to": ("The army clings to Kestrelby.", KEEPS),
    "holding-on-in": ("The Norlandic army holds on in Kestrelby.", KEEPS),
    "did-not-let-go": ("Norlandic troops defended Kestrelby against three assaults.", KEEPS),
    "beat-off": ("Two assaults on Kestrelby were beaten off by Norlandic troops.", KEEPS),
    "beaten-off-headline": (
        "Two assaults on Kestrelby beaten off, reports the Norlandic army.",
        says(ARMY, KEEPS),
    ),
    "repelled-headline": ("Norlandic army: attack on Kestrelby repelled.", says(ARMY, KEEPS)),
    "foiled-attempt": ("The Norlandic army foiled an attempt by rebels to storm Kestrelby.", KEEPS),
    "sent-home": ("Norlandic troops threw back an assault on Kestrelby.", KEEPS),
    "attack-failed": ("The rebels' attack on Kestrelby was repulsed.", KEEPS),
    "standing": ('"Our men are standing in Kestrelby," Talven said.', says(ARMY, KEEPS)),
    "deployed": ("Norlandic forces are deployed in Kestrelby, Talven said.", says(ARMY, KEEPS)),
    "dug-in": ("Norlandic troops are dug in at Kestrelby.", KEEPS),
    "situation": ("The situation in Kestrelby is under control, Talven said.", says(ARMY, KEEPS)),
    "under-our-control": ('"Kestrelby is under our control," Talven said.', says(ARMY, KEEPS)),
    "full-control-state": (
        "Talven said the army remained in full control of Kestrelby.",
        says(ARMY, KEEPS),
    ),
    "in-defending": ("In defending Kestrelby, Norland had two goals.", KEEPS),
    "while-holding": ("While holding Kestrelby, Norland lost hundreds of men.", KEEPS),
    "defence-of": ("Norland's defence of Kestrelby has cost hundreds of lives.", KEEPS),
    "occupied": ("The Redmark Front has occupied Kestrelby since 2029.", OWNS),
    "occupation-of": ("The Redmark Front's occupation of Kestrelby has lasted two years.", OWNS),
    "holds-positions": ("Norlandic soldiers are holding their positions in Kestrelby.", KEEPS),
    "keeps-foothold": (
        "The army keeps a foothold in the east of Kestrelby.",
        ["publisher asserts holds norland Kestrelby part:east"],
    ),
    "stands-firm": ("Kestrelby stands, the Norlandic army said.", says(ARMY, KEEPS)),
    "stands-mayor": ("Kestrelby stands firm, Talven said.", says(ARMY, KEEPS)),
    "sole-control": ("The rebels have sole control of Kestrelby.", OWNS),
    "have-the-place": ("The rebels have Kestrelby to themselves.", OWNS),
    "share": (
        "Kestrelby is divided: the army has the east, the rebels the west.",
        [
            "publisher asserts holds norland Kestrelby part:east",
            "publisher asserts holds redmark Kestrelby part:west",
        ],
    ),
    "resisting": ("The garrison in Kestrelby is still resisting.", KEEPS),
    "has-not-been-taken-yet": (
        "Kestrelby has held out for three months.",
        ["publisher asserts holds - Kestrelby"],
    ),
}

# --- leaving ------------------------------------------------------------------------------------
LEAVING: dict[str, tuple[str, list[str]]] = {
    "pulled-his-units": (
        "Talven said that he had pulled his units out of Kestrelby.",
        says(ARMY, LEFT),
    ),
    "is-pulling": ("Talven said that he was pulling his units out of Kestrelby.", says(ARMY, LEFT)),
    "stepped-back": ("Norlandic troops had stepped back from Kestrelby.", LEFT),
    "drove-away": ("The Norlandic garrison of Kestrelby drove away at night.", LEFT),
    "pulled-back-to": ("Norlandic troops pulled back from Kestrelby to the hills.", LEFT),
    "gave-up": ("The Norlandic army gave up Kestrelby.", LEFT),
    "given-up": ("Kestrelby was given up by the Norlandic army.", LEFT),
    "abandoned": ("Kestrelby was abandoned by Norlandic soldiers street by street.", LEFT),
    "evacuated": ("Norland has evacuated its troops from Kestrelby.", LEFT),
    "withdrawal-possessive": ("Norland's withdrawal from Kestrelby was orderly.", LEFT),
    "retreat-of": ("The retreat of the Norlandic army from Kestrelby took two days.", LEFT),
    "pullout": ("Talven admits pullout from Kestrelby, promises return.", says(ARMY, LEFT)),
    "lost-since": (
        "Kestrelby, or the rubble of it, has been lost since December, the Norlandic army says.",
        says(ARMY, LEFT),
    ),
    "admitted-loss": ("Talven admitted the loss of Kestrelby.", says(ARMY, LEFT)),
    "no-longer-there": (
        "The Norlandic army admitted that it had no soldiers in Kestrelby any more.",
        says(ARMY, LEFT),
    ),
    "no-longer-in": ("Norlandic troops are no longer in Kestrelby.", LEFT),
    "no-longer-holds": (
        "Norland no longer holds Kestrelby.",
        ["publisher denies holds norland Kestrelby"],
    ),
    "gone-from": ("The Norlandic army is gone from Kestrelby.", LEFT),
    "out-of": (
        "Norlandic army out of Kestrelby after 40 days, Redmark Front says.",
        says(FRONT, LEFT),
    ),
    "forced-out": ("Norlandic troops were forced out of Kestrelby.", LEFT),
    "forced-to-leave": ("Norlandic troops were forced to leave Kestrelby.", LEFT),
    "had-to-leave": ("Norlandic troops had to leave Kestrelby.", LEFT),
    "ordered": ("Norland's president ordered the army to withdraw from Kestrelby.", LEFT),
    "decided": ("Norland has decided to withdraw from Kestrelby.", LEFT),
    "fled-noun": ("The flight of the Norlandic army from Kestrelby began at dawn.", LEFT),
    "fled": ("The last Norlandic soldiers fled Kestrelby on Friday.", LEFT),
    "slipped-out": ("The garrison slipped out of Kestrelby by night.", LEFT),
    "left-behind": ("The Norlandic army left Kestrelby to its fate.", LEFT),
    "quit": ("Norlandic troops quit Kestrelby in the last days of June.", LEFT),
    "left-without-object": (
        "Norlandic troops took up positions in Kestrelby in May and left in June.",
        LEFT,
    ),
    "after-withdrawing": (
        "After withdrawing from Kestrelby, Norlandic troops dug in to the west.",
        LEFT,
    ),
    "expulsion": ("The expulsion of the Redmark Front from Kestrelby took a month.", GONE),
    "rebels-driven-out": ("Rebels driven out of Kestrelby on Tuesday.", GONE),
    "second-town-lost": ("Kestrelby is the second town that Norland has lost this month.", LEFT),
    "lost-control": ("The Norlandic army has lost control of Kestrelby.", LEFT),
    "loses-grip": ("The army has lost its grip on Kestrelby.", LEFT),
    "surrendered": ("The Norlandic garrison in Kestrelby surrendered.", LEFT),
    "went-after": (
        "The Norlandic army withdrew from Kestrelby, then from Lowmere.",
        [*LEFT, "publisher asserts withdrew norland Lowmere"],
    ),
    "mourned": ("Talven mourned the loss of Kestrelby to the Redmark Front.", says(ARMY, TOOK)),
}

# --- moving and fighting ------------------------------------------------------------------------
MOVING: dict[str, tuple[str, list[str]]] = {
    "got-into": ("Redmark fighters had got into Kestrelby.", NEAR),
    "inside": ("Redmark fighters are inside Kestrelby.", NEAR),
    "already-inside": (
        "Redmark troops were already inside the hospital quarter of Kestrelby.",
        ["publisher asserts advancing redmark Kestrelby part:Hospital"],
    ),
    "at-the-walls": ("Redmark fighters stand at the walls of Kestrelby.", NEAR),
    "closing-in": ("Redmark commanders say they are closing in on Kestrelby.", says(FRONT, NEAR)),
    "came-in-from": ("Redmark fighters came into Kestrelby from the west.", NEAR),
    "broke-in": (
        "Redmark fighters broke into the north of Kestrelby.",
        ["publisher asserts advancing redmark Kestrelby part:north"],
    ),
    "in-the-streets": (
        "Residents reported Redmark fighters in the streets of Kestrelby.",
        says("residents", NEAR),
    ),
    "set-foot": ("Redmark fighters have set foot in Kestrelby.", NEAR),
    "rolled-in": ("Redmark tanks rolled into Kestrelby at dawn.", NEAR),
    "entry": ("The entry of Redmark fighters into Kestrelby caused panic.", NEAR),
    "gaining-ground": ("The Redmark Front is gaining ground in Kestrelby.", NEAR),
    "inching": ("The Redmark Front is inching towards Kestrelby.", NEAR),
    "bearing-down": ("Redmark columns are bearing down on Kestrelby.", NEAR),
    "outskirts-reached": (
        "Redmark fighters have reached the outskirts of Kestrelby.",
        ["publisher asserts advancing redmark Kestrelby part:outskirts"],
    ),
    "on-the-doorstep": ("The Redmark Front is on the doorstep of Kestrelby.", NEAR),
    "entered-districts": (
        "Several districts of Kestrelby were entered by Redmark fighters.",
        ["publisher asserts advancing redmark Kestrelby part:"],
    ),
    "besieged-since": ("The Redmark Front has besieged Kestrelby since May.", RING),
    "has-it-surrounded": ("The Redmark Front has Kestrelby surrounded.", RING),
    "is-encircled": ("Kestrelby is encircled by Redmark fighters.", RING),
    "siege-noun": ("The Redmark Front's siege of Kestrelby is in its third month.", RING),
    "cut-off-by": ("Kestrelby has been cut off by the Redmark Front.", RING),
    "ring-closed": (
        "The ring around Kestrelby has closed, the Redmark Front said.",
        says(FRONT, RING),
    ),
    "last-road": ("The Redmark Front has cut the last road into Kestrelby.", RING),
    "under-siege": ("Kestrelby is under siege by the Redmark Front.", RING),
    "laid-siege": ("The Redmark Front has laid siege to Kestrelby.", RING),
    "besieging": (
        "Kestrelby, which the Redmark Front has been besieging for a month, has no bread.",
        RING,
    ),
    "clashes-erupted": ("Clashes erupted in Kestrelby overnight.", WAR),
    "clashes-edges": (
        "The Eastmarch Watch spoke of clashes on the eastern edge of Kestrelby.",
        says("Eastmarch Watch", ["publisher asserts fighting - Kestrelby part:east"]),
    ),
    "under-assault": ("Kestrelby has been under assault since October.", WAR),
    "heavy-fighting": ("Heavy fighting was reported in Kestrelby.", WAR),
    "fought-over": ("Kestrelby is being fought over street by street.", WAR),
    "the-battle-of": ("The battle of Kestrelby is in its third week.", WAR),
    "gunfire": ("Army and rebels exchanged fire in Kestrelby.", WAR),
    "attacked": ("Redmark fighters attacked Kestrelby at dawn.", WAR),
    "stormed": ("Redmark fighters stormed Kestrelby at dawn.", NEAR),
    "contested": ("Kestrelby remains contested.", WAR),
    "attack-by": ("An attack by Redmark fighters on Kestrelby began at dawn.", WAR),
    "offensive": ("The Redmark offensive on Kestrelby continues.", WAR),
    "fight-for": ("The fight for Kestrelby goes on.", WAR),
    "combat": ("Combat operations continue in Kestrelby, Talven said.", says(ARMY, WAR)),
    "raging": ("Battles are raging for Kestrelby.", WAR),
    "house-to-house": ("In Kestrelby the two sides fight house to house.", WAR),
    "fought-off": ("Norlandic soldiers are fighting off an assault on Kestrelby.", KEEPS),
}

CASES = {
    f"{kind}: {name}": case
    for kind, table in (
        ("taking", TAKING),
        ("holding", HOLDING),
        ("leaving", LEAVING),
        ("moving", MOVING),
    )
    for name, case in table.items()
}

KNOWN_FAILURES = {
    "holding: beaten-off-headline": "who reports behind its verb is not the one who held",
    "holding: share": "'the east' alone is not read as a part of the town that is spoken of",
    "leaving: no-longer-there": "having nobody in a town any more is not read as leaving it",
    "leaving: left-without-object": "a month behind `left` is taken for where somebody went",
    "leaving: after-withdrawing": "the parse takes the main verb behind a gerund for a participle",
    "moving: in-the-streets": "fighters seen in streets are not read without a verb",
    "taking: newly-captured": "a participle before a town's name is not read",
    "taking: rid-of": "the tagger takes the verb for a noun",
    "taking: gapped": "a verb left out between two names is not supplied",
}


@pytest.mark.parametrize("case", marked(CASES, KNOWN_FAILURES))
def test_proposition(case: str, read: Read) -> None:
    text, claims = CASES[case]
    assert sorted(short(claim) for claim in read(text)) == sorted(claims)
