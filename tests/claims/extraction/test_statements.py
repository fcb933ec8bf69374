"""Which words in which construction say who holds a town, and whether it is said to be so."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, marked, short

ARMY = "Armed Forces of Norland"
FRONT = "Redmark Front"
TOOK = ["publisher asserts captured redmark Kestrelby"]
BACK = ["publisher asserts captured norland Kestrelby"]
OWNS = ["publisher asserts holds redmark Kestrelby"]
LEFT = ["publisher asserts withdrew norland Kestrelby"]
NEAR = ["publisher asserts advancing redmark Kestrelby"]
RING = ["publisher asserts encircled redmark Kestrelby"]
WAR = ["publisher asserts fighting - Kestrelby"]

# --- taking, in every voice
TAKING: dict[str, tuple[str, list[str]]] = {
    "take-over": ("Redmark fighters took over Kestrelby on Sunday.", TOOK),
    "taken-over": ("Kestrelby was taken over by the Redmark Front last week.", TOOK),
    "over-run-perfect": ("Kestrelby had been overrun by the Redmark Front days before.", TOOK),
    "retaken-that": (
        "The Redmark Front seized Kestrelby in March; the town was retaken that May by Norlandic "
        "troops.",
        [*TOOK, *BACK],
    ),
    "reduced-relative": (
        "Kestrelby, captured by the Redmark Front in March, has 12,000 inhabitants.",
        TOOK,
    ),
    "reduced-relative-head": (
        "Shops have opened again in Kestrelby, a town retaken by the Norlandic army in April.",
        BACK,
    ),
    "went-on-to": ("The rebels went on to take Kestrelby.", TOOK),
    "managed-to": ("The rebels managed to seize Kestrelby at dawn.", TOOK),
    "before-taking": ("Redmark fighters shelled the barracks before taking Kestrelby.", TOOK),
    "after-taking": ("After taking Kestrelby, the rebels hanged their flag.", TOOK),
    "having": ("Having captured Kestrelby, the Redmark Front turned south.", TOOK),
    "won-back": ("The Norlandic army won back Kestrelby on Monday.", BACK),
    "won-it-back": ("The army lost Lowmere and Kestrelby but won Kestrelby back in May.",
                    ["publisher asserts withdrew norland Lowmere",
                     *LEFT, *BACK]),
    "took-back": ("Norlandic soldiers took Kestrelby back from the rebels.", BACK),
    "swept-into-took": ("Rebels swept through Kestrelby and captured it.", TOOK),
    "gone-to": ("Kestrelby has gone to the Redmark Front.", TOOK),
    "passed-hands": ("Kestrelby passed into Redmark hands in March.", TOOK),
    "passed-control": ("Control of Kestrelby passed to the Redmark Front in March.", TOOK),
    "passed-under": ("Kestrelby came under Redmark control on Thursday.", TOOK),
    "lost-to": ("Norland lost Kestrelby to the Redmark Front in March.", TOOK),
    "lost-to-passive": ("Kestrelby was lost to the Redmark Front in March.", TOOK),
    "lost-to-headline": ("Kestrelby lost to Redmark Front.", TOOK),
    "lost-by": ("Kestrelby, lost by the Norlandic army in March, is quiet.", LEFT),
    "losing-it-to": (
        "Kestrelby is calm, two months after Norland lost it to the Redmark Front.",
        TOOK,
    ),
    "declared-captured": (
        "The Redmark Front declared Kestrelby captured on Sunday.",
        [f"{FRONT} asserts captured redmark Kestrelby"],
    ),
    "declared-free": (
        "The Norlandic army declared the town of Kestrelby free.",
        [f"{ARMY} asserts captured norland Kestrelby"],
    ),
    "declared-liberated": (
        "Talven declared Kestrelby fully liberated.",
        [f"{ARMY} asserts captured norland Kestrelby"],
    ),
    "announced-liberated": (
        "Kestrelby was declared liberated by the Norlandic army on Friday.",
        [f"{ARMY} asserts captured norland Kestrelby"],
    ),
    "completed-capture": ("The Redmark Front completed the capture of Kestrelby.", TOOK),
    "regained-control": ("Government forces regained control of Kestrelby.", BACK),
    "control-regained": ("Control of Kestrelby was regained by the Norlandic army.", BACK),
    "wrested-control": ("The army wrested control of Kestrelby from the Redmark Front.", BACK),
    "its-capture": (
        "Kestrelby is a river port. The Redmark Front announced its capture on Sunday.",
        [f"{FRONT} asserts captured redmark Kestrelby"],
    ),
    "capture-by": ("The capture of Kestrelby by the Redmark Front came on Friday.", TOOK),
    "list-as": (
        "Brandt listed Kestrelby and Lowmere as captured.",
        [f"{FRONT} asserts captured redmark {t}" for t in ("Kestrelby", "Lowmere")],
    ),
    "named-among": (
        "Brandt counted Kestrelby among the towns that her fighters had taken.",
        [f"{FRONT} asserts captured redmark Kestrelby"],
    ),
    "add-to": (
        "The Redmark Front added Kestrelby to the towns that it says it has captured.",
        [f"{FRONT} asserts captured redmark Kestrelby"],
    ),
    "brought-under": ("Norlandic forces brought Kestrelby under their control.", BACK),
    "back-under": ("Kestrelby is back under Norlandic control.", BACK),
    "back-in-hands": ("The army has Kestrelby back in its hands.", BACK),
    "ours-again": (
        "“Kestrelby is ours again,” Talven said.",
        [f"{ARMY} asserts captured norland Kestrelby"],
    ),
    "norlandic-again": ("Kestrelby is Norlandic again.", BACK),
    "is-governments": ("Kestrelby is still the government's.",
                       ["publisher asserts holds norland Kestrelby"]),
    "rule-ended": ("Redmark rule over Kestrelby ended in May.",
                   ["publisher asserts withdrew redmark Kestrelby"]),
    "followed": ("Redmark fighters captured Lowmere on Monday. Kestrelby followed on Wednesday.",
                 ["publisher asserts captured redmark Lowmere", *TOOK]),
    "has-gone": ("The Redmark Front took Lowmere on Monday. By Wednesday Kestrelby had gone too.",
                 ["publisher asserts captured redmark Lowmere", *TOOK]),
    "flag-over": ("The Redmark flag flies over Kestrelby.", TOOK),
    "flag-was": ("The flag of the Redmark Front was raised over the town hall in Kestrelby.",
                 ["publisher asserts captured redmark Kestrelby part:"]),
    "is-free": ("Talven: Kestrelby is free.", [f"{ARMY} asserts captured norland Kestrelby"]),
}  # fmt: skip

# --- holding
HOLDING: dict[str, tuple[str, list[str]]] = {
    "in-hands-of": ("Kestrelby is in the hands of the rebels.", OWNS),
    "remains-in": ("Kestrelby remains in Redmark hands.", OWNS),
    "remains-with": ("For now Kestrelby remains with the Redmark Front.", OWNS),
    "lies-in": ("Kestrelby lies in Redmark-held territory.", []),
    "in-hands-since": ("Lowmere is quiet. Kestrelby has been in Redmark hands since March.", OWNS),
    "verbless-in-hands": ("Kestrelby. In Redmark hands since last November.", OWNS),
    "full-control-of": ("Kestrelby is in the Redmark Front's full control.", TOOK),
    "have-had-it": ("The rebels have had Kestrelby since 2029.", OWNS),
    "which-they-have-run": ("Redmark fighters patrol Kestrelby, which they have run since March.",
                            OWNS),
    "still-runs": ("The Redmark Front still runs Kestrelby.", OWNS),
    "governs": ("Kestrelby is governed by the Redmark Front.", OWNS),
    "administered": ("The Redmark Front administers the town of Kestrelby.", OWNS),
    "still-have": ("The rebels still have the station in Kestrelby.",
                   ["publisher asserts holds redmark Kestrelby part:"]),
    "has-all-of": ("The Redmark Front has the whole of Kestrelby.", OWNS),
    "under-authority": ("Kestrelby: back under Norlandic authority since May 2030.",
                        ["publisher asserts holds norland Kestrelby"]),
    "under-control-colon": ("Kestrelby: under Redmark control since last June.", OWNS),
    "is-theirs": ("Redmark fighters are celebrating. Kestrelby is theirs since Monday.", OWNS),
    "in-possession": ("Rebels are in possession of Kestrelby.", OWNS),
    "are-in-control": ("Rebels are in control of Kestrelby.", OWNS),
    "control-of-is": ("Control of Kestrelby remains with the Redmark Front.", OWNS),
    "kept-control": ("The Redmark Front kept control of Kestrelby.", OWNS),
    "stands": ("“Kestrelby stands,” Talven said.", [f"{ARMY} asserts holds norland Kestrelby"]),
    "has-held": ("Redmark marines have held Kestrelby since November.", OWNS),
    "held-by": ("Kestrelby, held by the Redmark Front since March, has no power.", OWNS),
    "stays-in": ("Norlandic troops remain in Kestrelby, Talven said.",
                 [f"{ARMY} asserts holds norland Kestrelby"]),
    "deployed-there": ("Talven spoke of Kestrelby. The army's forces are deployed there, he said.",
                       [f"{ARMY} asserts holds norland Kestrelby"]),
    "beaten-off": ("Two assaults on Kestrelby were beaten off on Sunday, the Norlandic army "
                   "reports.", [f"{ARMY} asserts holds norland Kestrelby"]),
    "attack-repulsed": ("A Redmark attack on Kestrelby was repulsed, the Norlandic army said.",
                        [f"{ARMY} asserts holds norland Kestrelby"]),
    "rest-of": ("The Redmark Front controls all but the north of Kestrelby.",
                ["publisher asserts holds redmark Kestrelby part:most"]),
    "the-front-the-rest": ("The army holds the north of Kestrelby, the Redmark Front the south.",
                           ["publisher asserts holds norland Kestrelby part:north",
                            "publisher asserts holds redmark Kestrelby part:south"]),
    "home-to": ("Kestrelby is home to a Redmark garrison.", OWNS),
}  # fmt: skip

# --- leaving and losing
LEAVING: dict[str, tuple[str, list[str]]] = {
    "left-for": ("Norlandic troops left Kestrelby for Varnholm, in columns, at dawn.", LEFT),
    "left-intransitive": ("Kestrelby fell silent. The Norlandic army's 1st Division left "
                          "almost without a fight.", LEFT),
    "pulled-out-en-masse": ("Government forces pulled out of Kestrelby en masse.", LEFT),
    "pulled-out": ("The last Norlandic company pulled out of Kestrelby the next morning.", LEFT),
    "pulled-troops": ("Norland pulled its troops out of Kestrelby.", LEFT),
    "withdrew-troops": ("Norland withdrew its troops from Kestrelby.", LEFT),
    "withdrawn": ("Norlandic troops were withdrawn from Kestrelby on Sunday.", LEFT),
    "have-quit": ("Norlandic soldiers have quit Kestrelby.", LEFT),
    "redeployed-outside": ("Norlandic units redeployed to positions outside Kestrelby.", LEFT),
    "evacuated-from": ("Norlandic soldiers were evacuated from Kestrelby overnight.", LEFT),
    "flown-out": ("Norlandic soldiers were flown out of Kestrelby in the night.", LEFT),
    "slipped-out": ("Norlandic soldiers slipped out of Kestrelby in the night.", LEFT),
    "driven-out": ("Norlandic soldiers were driven out of Kestrelby.", LEFT),
    "no-longer-in": ("The Norlandic army no longer holds Kestrelby.",
                     ["publisher denies holds norland Kestrelby"]),
    "given-up": ("Kestrelby was given up by the Norlandic army without a shot.", LEFT),
    "gave-it-up": ("Kestrelby is empty. The Norlandic army gave it up on Friday.", LEFT),
    "abandoned-by": ("Kestrelby, abandoned by Norlandic troops, is quiet.", LEFT),
    "lost": ("Norland lost Kestrelby early in May.", LEFT),
    "also-lost": ("On Monday the government also lost Lowmere and Kestrelby.",
                  ["publisher asserts withdrew norland Lowmere", *LEFT]),
    "which-has-lost": ("Kestrelby is the second town that Norland has lost in a week.", LEFT),
    "loss-of": ("The Norlandic army acknowledged the loss of Kestrelby.",
                [f"{ARMY} asserts withdrew norland Kestrelby"]),
    "withdrawal-from": ("The Norlandic army confirmed its withdrawal from Kestrelby.",
                        [f"{ARMY} asserts withdrew norland Kestrelby"]),
    "pullout": ("The Norlandic army's pullout from Kestrelby ended on Friday.", LEFT),
    "completed-withdrawal": ("Norland completed the withdrawal of its troops from Kestrelby.",
                             LEFT),
    "made-exit": ("Norlandic troops made their exit from Kestrelby on Friday.", LEFT),
    "beat-retreat": ("Norlandic troops beat a retreat from Kestrelby.", LEFT),
    "fell-back": ("Norlandic troops fell back from Kestrelby.", LEFT),
    "stepped-back": ("Norlandic troops have stepped back from Kestrelby.", LEFT),
    "out-of-after": ("Norlandic army out of Kestrelby after 40 days", LEFT),
    "are-out": ("The Norlandic troops are out of Kestrelby.", LEFT),
    "are-gone": ("The Norlandic troops are gone from Kestrelby.", LEFT),
    "ordered-out": ("Norland ordered its troops out of Kestrelby.", LEFT),
    "to-leave-announces": ("Troops to leave Kestrelby, Norlandic army announces",
                           [f"{ARMY} asserts withdrew norland Kestrelby"]),
    "left-town-in": ("The fire left Kestrelby in ruins.", []),
    "people-left": ("Thousands of people left Kestrelby.", []),
    "minister-left": ("The minister left Kestrelby for the capital.", []),
}  # fmt: skip

# --- moving, surrounding, fighting
MOVING: dict[str, tuple[str, list[str]]] = {
    "entering": ("Redmark units are entering Kestrelby.", NEAR),
    "went-in": ("Kestrelby is shut. Redmark fighters went in this morning.", NEAR),
    "went-into": ("Redmark fighters went into Kestrelby before dawn.", NEAR),
    "came-in": ("Kestrelby was asleep. Redmark fighters came in from the west.", NEAR),
    "moved-in": ("Redmark fighters have moved into Kestrelby.", NEAR),
    "made-entry": ("Redmark fighters made their entry into Kestrelby.", NEAR),
    "already-inside": ("The Redmark Front said its troops were already inside Kestrelby.",
                       [f"{FRONT} asserts advancing redmark Kestrelby"]),
    "at-gates": ("Redmark fighters are at the gates of Kestrelby.",
                 ["publisher asserts advancing redmark Kestrelby part:outskirts"]),
    "at-walls": ("Redmark fighters stood at the walls of Kestrelby.", NEAR),
    "on-edge": ("Redmark fighters are on the edge of Kestrelby.",
                ["publisher asserts advancing redmark Kestrelby part:outskirts"]),
    "stood-on-outskirts": ("The rebels now stood on the outskirts of Kestrelby.",
                           ["publisher asserts advancing redmark Kestrelby part:outskirts"]),
    "reached-outskirts": ("Redmark fighters reached the outskirts of Kestrelby.",
                          ["publisher asserts advancing redmark Kestrelby part:outskirts"]),
    "pushed-into": ("The rebels pushed into Kestrelby.", NEAR),
    "foothold": ("The rebels gained a foothold in Kestrelby.", NEAR),
    "ringed": ("Kestrelby was ringed by Redmark fighters overnight.", RING),
    "shut-in": ("Kestrelby has been shut in by Redmark fighters since Monday.", RING),
    "cut-off": ("Kestrelby cut off as rebels close last road", RING),
    "have-besieged": ("Kestrelby, which the rebels have besieged since March, is hungry.", RING),
    "last-road-cut": ("Redmark fighters cut the last road to Kestrelby.", RING),
    "completed-ring": ("Redmark fighters completed the encirclement of Kestrelby.", RING),
    "closed-ring": ("Redmark fighters have closed the ring around Kestrelby.", RING),
    "besiegers": ("The besieged town of Kestrelby needs bread.", []),
    "clashes-all-week": ("Kestrelby: clashes all week, smoke every morning.", WAR),
    "battles-for-it": ("Kestrelby is burning. Battles for it went on.", WAR),
    "clashes-went-on": ("Clashes went on in Kestrelby.", WAR),
    "continued-fighting": ("Talven spoke of continued fighting in Kestrelby.",
                           [f"{ARMY} asserts fighting - Kestrelby"]),
    "is-fought-over": ("Kestrelby is being fought over.", WAR),
    "under-attack": ("Kestrelby is under attack by the rebels.", WAR),
    "scene-of": ("Kestrelby was the scene of heavy fighting.", WAR),
    "saw-fighting": ("Kestrelby saw heavy fighting on Monday.", WAR),
    "battleground": ("Heavy fighting broke out in Kestrelby.", WAR),
    "exchanged-fire": ("Troops and rebels exchanged fire in Kestrelby.", WAR),
}  # fmt: skip

# --- what is left out of a clause, lists, headlines
ELIDED: dict[str, tuple[str, list[str]]] = {
    "gapped-day": ("Lowmere fell to the Redmark Front on Monday, Kestrelby on Tuesday.",
                   ["publisher asserts captured redmark Lowmere", *TOOK]),
    "gapped-place": ("Lowmere fell to the Redmark Front on Monday and Kestrelby, in the west, "
                     "a day later.",
                     ["publisher asserts captured redmark Lowmere", *TOOK]),
    "gapped-after": ("Redmark fighters took Lowmere at dawn, Kestrelby after noon.",
                     ["publisher asserts captured redmark Lowmere", *TOOK]),
    "gapped-before": ("Lowmere had been overrun by the Redmark Front in March, and Kestrelby, on "
                      "the river, two days before Lowmere.",
                      ["publisher asserts captured redmark Lowmere", *TOOK]),
    "as-well-as": ("The Redmark Front holds Lowmere as well as Kestrelby.",
                   ["publisher asserts holds redmark Lowmere", *OWNS]),
    "plus": ("The Redmark Front holds Varnholm and Lowmere, plus Kestrelby.",
             ["publisher asserts holds redmark Varnholm",
              "publisher asserts holds redmark Lowmere", *OWNS]),
    "colon-taken": ("Kestrelby: taken by the Redmark Front in March.", TOOK),
    "colon-lost-retaken": ("Kestrelby: lost by Norlandic forces in March, retaken that May.",
                           [*LEFT, *BACK]),
    "headline-taken": ("Redmark Front: Kestrelby taken on New Year's Eve",
                       [f"{FRONT} asserts captured redmark Kestrelby"]),
    "headline-given-up": ("Kestrelby given up without a shot, says officer of Norlandic army",
                          [f"{ARMY} asserts withdrew norland Kestrelby"]),
    "mayor-stands": ("Norlandic army: Kestrelby stands.",
                     [f"{ARMY} asserts holds norland Kestrelby"]),
    "except": ("The rebels hold every town of the valley except Kestrelby.", []),
    "village-lost": ("Kestrelby is a village. Village lost to the Redmark Front.", TOOK),
}  # fmt: skip

# --- what is not said to be so
OPEN: dict[str, tuple[str, list[str]]] = {
    text[:40]: (text, [])
    for text in (
        "If Kestrelby falls, the valley is lost.",
        "The Redmark Front hopes to take Kestrelby by summer.",
        "The Redmark Front has yet to take Kestrelby.",
        "The Redmark Front failed to take Kestrelby.",
        "The Redmark Front came close to taking nothing; taking Kestrelby would need tanks.",
        "The rebels stopped short of entering Kestrelby.",
        "The rebels are preparing to storm Kestrelby.",
        "Will Kestrelby fall?",
        "People in Kestrelby fear that the town will fall.",
        "The general promised that Kestrelby would be retaken.",
        "Talven ordered the capture of Kestrelby.",
        "The plan foresees the capture of Kestrelby.",
        "The capture of Kestrelby remains the goal of the Redmark Front.",
        "The Redmark Front has set its sights on Kestrelby.",
        "Whoever holds Kestrelby controls the river.",
        "Suppose Kestrelby did fall.",
        "Had the rebels taken Kestrelby, the war would be over.",
        "The rebels threatened to surround Kestrelby.",
        "An attempt to capture Kestrelby was made in March.",
        "The army must hold Kestrelby at all costs.",
        "“We will never give up Kestrelby,” Talven said.",
        "The Redmark Front is expected to enter Kestrelby within days.",
        "Holding Kestrelby will be harder than taking it.",
        "The fall of Kestrelby would mean little.",
        "The army vowed not to leave Kestrelby.",
        "The rebels were unable to hold Kestrelby.",
        "The battle for Kestrelby may start soon.",
        "Redmark fighters want Kestrelby back.",
        "The team lost to Kestrelby on Saturday.",
        "He took the bus to Kestrelby.",
        "A doctor left Kestrelby in March.",
        "The price of bread fell in Kestrelby.",
        "The mayor of Kestrelby held a meeting in Lowmere.",
        "A van entered Kestrelby at noon.",
        "Talks on the future of Kestrelby were held in Arland.",
        "Redmark fighters might have been pushed out of Kestrelby by now.",
        "It is unclear who controls Kestrelby.",
        "Neither side said who holds Kestrelby.",
        "The aim is the liberation of Kestrelby.",
        "The army plans a withdrawal from Kestrelby.",
        "Rebels would have to cross the river before taking Kestrelby.",
        "Redmark fighters were told to take Kestrelby.",
        "Aid workers reached Kestrelby on Monday.",
        "Norland hopes the retreat from Kestrelby never comes.",
        "The road into Kestrelby is open.",
        "Everyone asks when Kestrelby will be free.",
    )
}

# --- it is said not to be so
DENIED: dict[str, tuple[str, list[str]]] = {
    "has-not-fallen": ("“Kestrelby has not fallen,” Talven said.",
                       [f"{ARMY} denies captured redmark Kestrelby"]),
    "not-changed-hands": ("“Kestrelby has not changed hands,” Talven said.",
                          [f"{ARMY} denies captured redmark Kestrelby"]),
    "denies-loss": ("The Norlandic army denies the loss of Kestrelby.",
                    [f"{ARMY} denies withdrew norland Kestrelby"]),
    "nobody-left": ("“None of our men have left Kestrelby,” Talven said.",
                    [f"{ARMY} denies withdrew norland Kestrelby"]),
    "denies-surrounded": ("Talven denied that Kestrelby was surrounded.",
                          [f"{ARMY} denies encircled redmark Kestrelby"]),
    "no-withdrawal": ("“There has been no withdrawal from Kestrelby,” Talven said.",
                      [f"{ARMY} denies withdrew norland Kestrelby"]),
    "far-from": ("Kestrelby is far from taken, Talven said.",
                 [f"{ARMY} denies captured redmark Kestrelby"]),
    "not-liberated": ("Talven said the Redmark Front had not yet captured Kestrelby.",
                      [f"{ARMY} denies captured redmark Kestrelby"]),
    "not-in-hands": ("Kestrelby is not in Redmark hands, Talven said.",
                     [f"{ARMY} denies holds redmark Kestrelby"]),
    "cannot-confirm": ("The army could neither confirm nor deny that its troops had left "
                       "Kestrelby.",
                       [f"{ARMY} unconfirmed withdrew norland Kestrelby"]),
}  # fmt: skip

CASES = {
    f"{family}: {key}": case
    for family, cases in {
        "taking": TAKING,
        "holding": HOLDING,
        "leaving": LEAVING,
        "moving": MOVING,
        "elided": ELIDED,
        "open": OPEN,
        "denied": DENIED,
    }.items()
    for key, case in cases.items()
}

KNOWN_FAILURES = {
    "taking: announced-liberated": "who declares behind `by` is read as who acts alone",
    "holding: the-front-the-rest": "a verb left out with another subject is not supplied",
    "leaving: left-intransitive": "a division is not known as somebody who leaves",
    "moving: cut-off": "who surrounds is not taken from a clause beside",
    "elided: village-lost": "a noun of a town in lower-case apposition is not taken up",
    "open: The army plans a withdrawal from Kestrel": "the tagger takes the verb for a noun",
    "denied: far-from": '"far from" before a participle is not read as a denial',
}


@pytest.mark.parametrize("case", marked(CASES, KNOWN_FAILURES))
def test_statement(case: str, read: Read) -> None:
    text, expected = CASES[case]
    assert sorted(short(claim) for claim in read(text)) == sorted(expected)
