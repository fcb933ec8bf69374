"""What is no claim, in many forms: conditions, forecasts, aims, fears, orders, offers, questions,
importance, history without a holder; and what is one though it looks like none."""

from __future__ import annotations

import pytest

from tests.claims.extraction.conftest import Read, short

ARMY = "Armed Forces of Norland"
FRONT = "Redmark Front"
TOOK = "publisher asserts captured redmark Kestrelby"
LEFT = "publisher asserts withdrew norland Kestrelby"

OPEN = (
    "If Kestrelby falls, the road to the coast lies open.",
    "Should Kestrelby fall, the road to the coast lies open.",
    "Were the rebels to take Kestrelby, the road to the coast would lie open.",
    "Had the rebels taken Kestrelby, the road to the coast would lie open.",
    "Unless help comes, Kestrelby will fall within days, Talven said.",
    "Once Kestrelby is taken, the rebels will turn to Lowmere, Talven said.",
    "Whoever takes Kestrelby controls the valley.",
    "The Redmark Front is expected to take Kestrelby within days.",
    "The Redmark Front is likely to take Kestrelby, analysts say.",
    "The fall of Kestrelby is only a matter of time, analysts say.",
    "The fall of Kestrelby seems inevitable.",
    "Kestrelby could fall within hours, the Norlandic army warned.",
    "The Norlandic army warned of the imminent fall of Kestrelby.",
    "Analysts predict that Kestrelby will be encircled by the end of the month.",
    "Losing Kestrelby would be a heavy blow to Norland.",
    "The loss of Kestrelby would be a heavy blow to Norland.",
    "Its fall would mean little, Talven said of Kestrelby.",
    "The capture of Kestrelby would give the rebels a bridge over the river.",
    "The Redmark Front wants to take Kestrelby before winter.",
    "The Redmark Front has vowed to take Kestrelby.",
    "The Redmark Front plans to capture Kestrelby.",
    "Redmark fighters are trying to capture Kestrelby.",
    "After weeks of attempts to take Kestrelby, the Redmark Front is tired.",
    "The Redmark Front's goal is the capture of Kestrelby.",
    "The Redmark Front has made capturing Kestrelby its main objective for the year.",
    "The Norlandic army declared the liberation of Kestrelby its first task.",
    "The Redmark Front aims at taking Kestrelby.",
    "The Redmark Front set its sights on Kestrelby.",
    "The Norlandic army is determined to hold Kestrelby.",
    "Norland will not give up Kestrelby, Talven said.",
    '"We will hold Kestrelby," Talven said.',
    '"We will take Kestrelby back," Talven said.',
    "Norland's president ordered the army to retake Kestrelby.",
    "Norland's president ordered the army to hold Kestrelby at all costs.",
    "Talven called on the rebels to leave Kestrelby.",
    "Norland demanded the withdrawal of the rebels from Kestrelby.",
    "Arland called for a withdrawal of all forces from Kestrelby.",
    "The Redmark Front offered to withdraw from Kestrelby.",
    "The Redmark Front threatened to storm Kestrelby.",
    "Residents fear that the rebels will take Kestrelby.",
    "Residents fear the capture of Kestrelby by the rebels.",
    "There are fears that Kestrelby might fall.",
    "Norland hopes to recapture Kestrelby by summer.",
    "Has Kestrelby fallen?",
    "Who controls Kestrelby? Nobody can say.",
    "It is unclear whether Kestrelby has fallen.",
    "It was not known who controlled Kestrelby on Friday.",
    "Nobody knows who holds Kestrelby.",
    "Talven did not say whether Kestrelby had fallen.",
    "Talven would not comment on the fall of Kestrelby.",
    "Asked whether Kestrelby had fallen, Talven was silent.",
    "The army might have to withdraw from Kestrelby, Talven said.",
    "Norland is considering a withdrawal from Kestrelby.",
    "Norland may withdraw from Kestrelby, Talven said.",
    "Talven ruled out a withdrawal from Kestrelby.",
    "The rebels failed to take Kestrelby.",
    "A ceasefire would oblige the rebels to leave Kestrelby.",
    "Under the plan, the rebels are to leave Kestrelby in May.",
    "The talks are about a withdrawal from Kestrelby.",
    "The rebels need Kestrelby to control the valley.",
    "Kestrelby is key to taking the valley, analysts say.",
    "Rockets hit Kestrelby, which lies on the road to Lowmere.",
    "Drones attacked Kestrelby overnight.",
    "Two civilians were killed in an attack on Kestrelby's market by a drone.",
    "The Redmark Front released a video to celebrate its founding in Kestrelby.",
    "Fishermen took Kestrelby's harbour master to court.",
    "The minister left Kestrelby after his visit.",
    "Thousands of residents have fled Kestrelby.",
    "Families are leaving Kestrelby in buses.",
    "The delegation entered Kestrelby at noon.",
    "The Norlandic football team lost in Kestrelby.",
    "Talven, who was born in Kestrelby, retired.",
    "The road to Kestrelby was taken by the rebels.",
    "The rebels took a village north of Kestrelby.",
    "The rebels hold the hills above Kestrelby.",
    "Conflicting reports have emerged over who controls Kestrelby.",
    "It would be wrong to give up Kestrelby, Talven said.",
    "Kestrelby must not fall, Talven said.",
    "The besieged town of Kestrelby has no bread.",
    "Imagine that Kestrelby falls.",
    "Until the rebels leave Kestrelby, there will be no talks, Talven said.",
    "The battle for Kestrelby will decide the war, Talven said.",
)  # fmt: skip

FACTS: dict[str, tuple[str, list[str]]] = {
    "managed": ("The rebels managed to take Kestrelby.", [TOOK]),
    "succeeded": ("The rebels succeeded in taking Kestrelby.", [TOOK]),
    "went-on": ("The rebels went on to capture Kestrelby.", [TOOK]),
    "did-take": ("The rebels did take Kestrelby.", [TOOK]),
    "finally": ("After weeks of attempts the rebels took Kestrelby.", [TOOK]),
    "before-they-could": ("The rebels took Kestrelby before the army could send help.", [TOOK]),
    "which-could": ("The rebels took Kestrelby, which could open the road to the coast.", [TOOK]),
    "if-elsewhere": ("The rebels took Kestrelby; if Lowmere falls, the road is open.", [TOOK]),
    "to-open": ("The rebels took Kestrelby to open the road to the coast.", [TOOK]),
    "hoping": ("Hoping to open the road, the rebels took Kestrelby.", [TOOK]),
    "vowed-after": ("The rebels, who took Kestrelby in March, vowed to go on.", [TOOK]),
    "capture-allows": (
        "The capture of Kestrelby by the Redmark Front allows the rebels to move on.",
        [TOOK],
    ),
    "forced": ("The rebels forced the army to withdraw from Kestrelby.", [LEFT]),
    "decided": ("The army has decided to withdraw from Kestrelby.", [LEFT]),
    "will-after": (
        "The rebels, who have taken Kestrelby, will move on Lowmere, Talven said.",
        [f"{ARMY} asserts captured redmark Kestrelby"],
    ),
    "would-hold-reported": (
        "Talven said he would not speak of the fall of Kestrelby to the rebels last week.",
        [],
    ),
    "while-waiting": ("Rebels took Kestrelby while the army was waiting for help.", [TOOK]),
    "tries-to-retake": (
        "The army is trying to retake Kestrelby, which the rebels captured in March.",
        [TOOK],
    ),
    "unless-else": ("Kestrelby fell to the rebels because nobody came to its help.", [TOOK]),
    "would-later": ("The rebels would take Kestrelby a week later.", []),
    "seems-to-have": ("The army seems to have left Kestrelby.", [LEFT]),
    "is-said-to-have": ("The army is said to have left Kestrelby.", [LEFT]),
    "appears": ("The rebels appear to have taken Kestrelby.", [TOOK]),
}


@pytest.mark.parametrize("text", OPEN)
def test_no_claim(text: str, read: Read) -> None:
    assert [short(claim) for claim in read(text)] == []


@pytest.mark.parametrize("name", FACTS)
def test_fact(name: str, read: Read) -> None:
    text, claims = FACTS[name]
    assert [short(claim) for claim in read(text)] == claims
